//! Names for new credentials: what they are for, in the characters that Entra takes.

use crate::verdict::subject::context_words;

/// The longest name that Entra takes.
const LONGEST: usize = 120;

/// A valid name that tells what `subject` is for, such as `app-environment-prod`.
#[must_use]
pub fn name_for(subject: &str) -> String {
    let mut name = String::new();
    for c in context_words(subject).chars() {
        if c.is_ascii_alphanumeric() || c == '_' {
            name.push(c);
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
    }
    let name: String = name.trim_start_matches(['-', '_']).chars().take(LONGEST - 4).collect();
    let name = name.trim_end_matches('-');
    if name.len() < 3 { format!("fedcred-{name}").trim_end_matches('-').to_owned() } else { name.to_owned() }
}

/// `name`, or `name-2` and so on where it is taken.
pub(super) fn unique(name: &str, taken: impl Fn(&str) -> bool) -> String {
    let numbered = (2..=99).map(|number| format!("{name}-{number}"));
    std::iter::once(name.to_owned())
        .chain(numbered)
        .find(|name| !taken(name))
        .unwrap_or_else(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_what_for_and_is_always_valid() {
        assert_eq!(name_for("repo:octo/app:environment:prod"), "app-environment-prod");
        assert_eq!(name_for("repo:octo@1/app@2:ref:refs/heads/feat/x"), "app-branch-feat-x");
        assert_eq!(name_for("repo:octo/app:pull_request"), "app-pull-request");
        assert_eq!(name_for("system:serviceaccount:ns:sa"), "system-serviceaccount-ns-sa");
        assert_eq!(name_for("é"), "fedcred");
        assert!(name_for(&"x".repeat(700)).len() <= LONGEST);
        assert_eq!(unique("a", |name| name == "a" || name == "a-2"), "a-3");
    }
}
