//! Ids joined to names by hyphens: a form that GitHub withdrew within a day, and that others can imitate.

use crate::{
    diagnostic::Severity,
    id::RepositoryName,
    lint::{Facts, Finding, Findings, Rule},
    trust::Field,
};

pub(super) static RULE: Rule = Rule {
    id: "withdrawn-id-form",
    summary: "the subject of a credential joins ids by hyphens, a form GitHub withdrew",
    severity: Severity::Error,
    since: "0.1.0",
    page: include_str!("withdrawn_id_form.md"),
    check,
};

/// The fewest digits that make a number at the end of a name an id, where the repository's own name is not known.
///
/// Assumed: people number repositories with fewer digits than GitHub does.
const ID_DIGITS: usize = 6;

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for definition in &facts.definitions {
        for (text, written) in definition.texts(Field::Subject) {
            let Some(mended) = mended(text, facts.repository.as_ref()) else { continue };
            let diagnostic = RULE
                .says(format!("the subject of credential {} joins ids by hyphens", definition.name()))
                .at(written.place.clone(), "GitHub joins ids by `@`")
                .side("presented", &mended, "by a repository with immutable subjects")
                .side("configured", text, "")
                .help(format!("set the subject to `{mended}`"))
                .note("Entra answers AADSTS700213; and whoever owns a repository of exactly this hyphenated name could present this subject");
            findings.report(Finding::new(&RULE, diagnostic).subject(text));
        }
    }
}

/// The same subject in today's form, if `subject` is in the withdrawn one.
fn mended(subject: &str, repository: Option<&RepositoryName>) -> Option<String> {
    let rest = subject.strip_prefix("repo:")?;
    let (path, context) = rest.split_once(':').map_or((rest, ""), |(path, context)| (path, context));
    let (owner, name) = path.split_once('/')?;
    let ((owner, owner_id), (name, id)) = (numbered(owner)?, numbered(name)?);
    let sure = match repository {
        Some(known) => known.owner() == owner && known.name() == name,
        None => owner_id.len() >= ID_DIGITS && id.len() >= ID_DIGITS,
    };
    let colon = if rest.contains(':') { ":" } else { "" };
    sure.then(|| format!("repo:{owner}@{owner_id}/{name}@{id}{colon}{context}"))
}

/// Splits `name-123`.
fn numbered(text: &str) -> Option<(&str, &str)> {
    let (name, digits) = text.rsplit_once('-')?;
    let good = !name.is_empty() && !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    good.then_some((name, digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repository_whose_name_ends_in_a_number_is_left_alone() {
        let own: RepositoryName = "team-1/app-2".parse().unwrap();
        assert_eq!(mended("repo:team-1/app-2:pull_request", Some(&own)), None);
        assert_eq!(mended("repo:team-1/app-2:pull_request", None), None);
        let own: RepositoryName = "octo/app".parse().unwrap();
        assert_eq!(
            mended("repo:octo-12/app-34:pull_request", Some(&own)).as_deref(),
            Some("repo:octo@12/app@34:pull_request")
        );
    }
}
