//! What is known about the name of a ref.

use super::one;

#[test]
fn a_family_begins_ends_and_goes_on_as_its_pattern_does() {
    let with = |push: &str, test: &str| {
        one(&format!(
            "on: {{push: {{{push}}}}}\njobs: {{a: {{runs-on: x, environment: \"${{{{ {test} && 'yes' || 'no' }}}}\", LOGIN}}}}\n"
        ))
    };
    let (yes, no) = (["a push environment:yes"], ["a push environment:no"]);
    assert_eq!(with("tags: ['v*-rc']", "endsWith(github.ref_name, '-rc')"), yes);
    assert_eq!(with("tags: ['v*-rc']", "endsWith(github.ref, '-beta')"), no);
    assert_eq!(with("tags: ['v*-rc']", "endsWith(github.ref, '-ga-rc')").len(), 2);
    assert_eq!(with("branches: ['release/**']", "contains(github.ref, 'ads/Rel')"), yes);
    assert_eq!(with("branches: ['release/**']", "contains(github.ref, 'hot')").len(), 2);
}

#[test]
fn what_was_created_or_released_is_named_in_the_payload() {
    let with = |event: &str, condition: &str| {
        one(&format!("on: {event}\njobs: {{a: {{if: \"{condition}\", runs-on: x, LOGIN}}}}\n"))
    };
    let env = ["a create ref:refs/heads/env/** may", "a create ref:refs/tags/env/** may"];
    assert_eq!(with("create", "startsWith(github.event.ref, 'env/')"), env);
    assert_eq!(with("create", "github.event.ref_type == 'tag'"), ["a create ref:refs/tags/** may"]);
    assert_eq!(with("create", "github.event.master_branch == 'dev'"), [""; 0]);
    assert_eq!(
        with("release", "startsWith(github.event.release.tag_name, 'v')"),
        ["a release ref:refs/tags/v** may"]
    );
}
