//! A placeholder from an example that nobody replaced.

use crate::{
    diagnostic::Severity,
    id::RepositoryName,
    lint::{Facts, Finding, Findings, Rule, sample::is_sample},
    trust::Field,
};

pub(super) static RULE: Rule = Rule {
    id: "placeholder-in-credential",
    summary: "a value of a credential still holds a placeholder",
    severity: Severity::Error,
    since: "0.1.0",
    page: include_str!("placeholder_in_credential.md"),
    check,
};

/// Words that stand for a name in examples, compared without regard to letter case, `-` and `_`.
const WORDS: [&str; 16] = [
    "changeme",
    "fixme",
    "githuborg",
    "githubowner",
    "githubrepo",
    "organization",
    "orgname",
    "replaceme",
    "reponame",
    "repositoryname",
    "yourgithuborg",
    "yourgithubrepo",
    "yourorg",
    "yourorganization",
    "yourrepo",
    "yourrepository",
];

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for definition in &facts.definitions {
        for field in [Field::Issuer, Field::Subject, Field::Audience] {
            for (text, written) in definition.texts(field) {
                let Some(placeholder) = placeholder(text, facts.repository.as_ref()) else { continue };
                let diagnostic = RULE
                    .says(format!(
                        "the {field} of credential {} still holds the placeholder `{placeholder}`",
                        definition.name()
                    ))
                    .at(written.place.clone(), "no token carries this text")
                    .help(format!("replace `{placeholder}` by the real value"))
                    .note("Entra creates the credential without complaint and refuses every token");
                let sample = is_sample(written.place.source.path());
                let severity = if sample { Severity::Note } else { RULE.severity };
                findings.report(Finding::new(&RULE, diagnostic).severity(severity));
            }
        }
    }
}

fn placeholder<'a>(text: &'a str, own: Option<&RepositoryName>) -> Option<&'a str> {
    bracketed(text, '<', '>').or_else(|| bracketed(text, '{', '}')).or_else(|| {
        let own: Vec<&str> = own.map_or(Vec::new(), |name| vec![name.owner(), name.name()]);
        let (path, _) = text.strip_prefix("repo:").map(|rest| rest.split_once(':').unwrap_or((rest, "")))?;
        let (owner, name) = path.split_once('/').filter(|(_, name)| !name.contains('/'))?;
        [owner, name].into_iter().find(|segment| {
            let plain: String = segment.chars().filter(|c| !"-_".contains(*c)).collect();
            let plain = plain.to_ascii_lowercase();
            let addressed = plain.starts_with("your") && segment.contains(['-', '_']);
            (addressed || WORDS.contains(&plain.as_str())) && !own.contains(segment)
        })
    })
}

/// The first `<...>` or `{...}`, with its brackets; none of these characters can stand in a GitHub name or ref of an example.
fn bracketed(text: &str, open: char, close: char) -> Option<&str> {
    let start = text.find(open)?;
    let rest = text.get(start..)?;
    rest.get(..=rest.find(close)?).filter(|found| found.len() > 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_from_examples_are_found_and_real_names_are_not() {
        assert_eq!(placeholder("repo:<org>/app:pull_request", None), Some("<org>"));
        assert_eq!(placeholder("repo:YOUR_ORG/app:pull_request", None), Some("YOUR_ORG"));
        assert_eq!(
            placeholder("repo:YOUR_GITHUB_USERNAME/app:pull_request", None),
            Some("YOUR_GITHUB_USERNAME")
        );
        assert_eq!(placeholder("repo:yourself/app:pull_request", None), None);
        assert_eq!(placeholder("repo:your-org/app", Some(&"your-org/app".parse().unwrap())), None);
        assert_eq!(placeholder("repo:octo/app:ref:refs/heads/main", None), None);
    }
}
