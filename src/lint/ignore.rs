//! Comments in the files that say why a finding is meant: `fedcred: ignore[RULE] reason`, on the line of the finding or above it.

use super::{Finding, named};
use crate::text::Source;

/// What stands in such a comment.
const MARK: &str = "fedcred: ignore[";

/// A comment that asks to ignore some rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignore<'a> {
    /// The rules, as written between the brackets.
    pub rules: Vec<&'a str>,
    /// Why; empty where nobody said so, and then nothing is ignored.
    pub reason: &'a str,
}

/// True when a comment with a reason on the finding's line, or alone on the line above, names its rule.
#[must_use]
pub fn is_ignored(finding: &Finding) -> bool {
    comments(finding)
        .iter()
        .any(|ignore| !ignore.reason.is_empty() && ignore.rules.contains(&finding.rule.id))
}

/// Why a comment at the finding does not ignore it, where that was probably meant.
#[must_use]
pub fn why_not(finding: &Finding) -> Option<String> {
    let comments = comments(finding);
    let own = comments.iter().find(|ignore| ignore.rules.contains(&finding.rule.id));
    let unknown = comments.iter().flat_map(|ignore| &ignore.rules).find(|rule| named(rule).is_none());
    match (own, unknown) {
        (Some(ignore), _) if ignore.reason.is_empty() => {
            Some("the comment that should ignore this gives no reason, so it ignores nothing".to_owned())
        }
        (_, Some(rule)) => Some(format!("the comment here names `{rule}`, and there is no such rule")),
        _ => None,
    }
}

/// The comments on the finding's line, or alone on the line above.
fn comments(finding: &Finding) -> Vec<Ignore<'_>> {
    let Some(label) = finding.diagnostic.labels.first() else { return Vec::new() };
    let mut lines = lines_up_to(&label.place.source, label.place.span.start);
    let here = lines.next().unwrap_or_default();
    let above = lines.next().filter(|line| is_comment(line)).unwrap_or_default();
    [here, above].into_iter().filter_map(comment).collect()
}

/// The comment that a line holds.
#[must_use]
pub fn comment(line: &str) -> Option<Ignore<'_>> {
    let (_, rest) = line.split_once(MARK)?;
    let (rules, reason) = rest.split_once(']')?;
    let reason = reason.trim().trim_end_matches("*/").trim_end_matches("-->").trim();
    Some(Ignore { rules: rules.split(',').map(str::trim).collect(), reason })
}

/// The line of `offset` and those above it, nearest first.
fn lines_up_to(source: &Source, offset: usize) -> impl Iterator<Item = &str> {
    let text = source.text();
    let end = text.get(offset..).and_then(|rest| rest.find('\n')).map_or(text.len(), |end| offset + end);
    text.get(..end).unwrap_or_default().rsplit('\n')
}

fn is_comment(line: &str) -> bool {
    ["#", "//", "/*", "<!--"].iter().any(|start| line.trim_start().starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        lint,
        text::{Place, Span},
    };

    fn finding(text: &str) -> Finding {
        let rule = lint::named("wildcard-subject").unwrap();
        let at = text.find("VALUE").unwrap();
        let place = Place::new(&Source::new("main.tf", text), Span::new(at, at + 5));
        Finding::new(rule, rule.says("x").at(place, ""))
    }

    fn ignored(text: &str) -> bool {
        is_ignored(&finding(text))
    }

    #[test]
    fn a_comment_that_ignores_nothing_is_told_why() {
        let said = |comment: &str| why_not(&finding(&format!("subject = VALUE # fedcred: {comment}")));
        assert!(said("ignore[wildcard-subject]").unwrap().contains("no reason"));
        assert!(said("ignore[wildcard-subjects] because").unwrap().contains("`wildcard-subjects`"));
        assert_eq!(said("ignore[wrong-audience] because"), None);
    }

    #[test]
    fn a_comment_with_a_reason_on_the_line_or_above_it_counts() {
        assert!(ignored("subject = VALUE # fedcred: ignore[wildcard-subject] replaced at deployment"));
        assert!(ignored("# fedcred: ignore[wrong-audience, wildcard-subject] see 42\nsubject = VALUE"));
        assert!(ignored("/* fedcred: ignore[wildcard-subject] see 42 */\nsubject = VALUE"));
    }

    #[test]
    fn without_a_reason_or_elsewhere_it_does_not() {
        assert!(!ignored("subject = VALUE # fedcred: ignore[wildcard-subject]"));
        assert!(!ignored("subject = VALUE # fedcred: ignore[wrong-audience] because"));
        assert!(!ignored("a = 1 # fedcred: ignore[wildcard-subject] because\nsubject = VALUE"));
        assert!(!ignored("# fedcred: ignore[wildcard-subject] because\n\nsubject = VALUE"));
    }
}
