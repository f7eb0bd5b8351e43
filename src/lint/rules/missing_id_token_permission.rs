//! A job that signs in without the permission to ask for a token.

use std::{collections::BTreeSet, ops::Range};

use crate::{
    diagnostic::Severity,
    lint::{Edit, Facts, Finding, Findings, Rule},
    text::{Place, Span},
    workflow::reach::{Entry, Token, WITHHELD},
};

pub(super) static RULE: Rule = Rule {
    id: "missing-id-token-permission",
    summary: "a job signs in without `id-token: write`",
    severity: Severity::Error,
    since: "0.1.0",
    page: include_str!("missing_id_token_permission.md"),
    check,
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    let mut told = BTreeSet::new();
    for entry in facts.entries.iter().filter(|entry| entry.token == Token::NoPermission) {
        let Some(sign_in) = entry.sign_ins.first() else { continue };
        if !told.insert((&entry.workflow, &entry.job.value)) {
            continue;
        }
        let mut diagnostic = RULE
            .says(format!(
                "job `{}` signs in by `{}` and may not ask for a token",
                entry.job.value, sign_in.via
            ))
            .at(entry.job.place.clone(), "`id-token: write` is not granted to this job");
        if sign_in.place.source == entry.job.place.source {
            diagnostic = diagnostic.at(sign_in.place.clone(), "asks for a token here");
        }
        for caller in &entry.called_from {
            diagnostic = diagnostic.at(caller.place.clone(), "called from here, which must grant it too");
        }
        let diagnostic = diagnostic
            .help("add `permissions: {id-token: write, contents: read}` to the job; a job's `permissions` replace those of the workflow")
            .note("the runner then offers no token, and the sign-in fails before Entra is asked");
        let mut finding = Finding::new(&RULE, diagnostic).job(entry.job.value.clone());
        finding.edits = edits(entry);
        findings.report(finding);
    }
}

/// Grants it in every mapping of permissions that withholds it. Where none is stated, or none can be extended, there is no edit.
fn edits(entry: &Entry) -> Vec<Edit> {
    let withheld = entry.why.iter().filter(|why| why.value == WITHHELD);
    withheld.filter_map(|why| grant(&why.place)).collect()
}

fn grant(permissions: &Place) -> Option<Edit> {
    let text = permissions.text();
    // Other jobs that use the same anchor would be granted it too.
    let before = permissions.source.text().get(..permissions.span.start)?;
    if before.split_whitespace().next_back().is_some_and(|word| word.starts_with('&')) {
        return None;
    }
    if text.contains("id-token") {
        return Some(edit(permissions, refused(text)?, "write".to_owned()));
    }
    let newline = if permissions.source.text().contains("\r\n") { "\r\n" } else { "\n" };
    let (offset, inserted) = match text.strip_prefix('{') {
        Some(rest) if rest.trim_start().starts_with('}') => (1, "id-token: write".to_owned()),
        Some(_) => (1, "id-token: write, ".to_owned()),
        None if text.contains(':') => {
            (0, format!("id-token: write{newline}{}", " ".repeat(permissions.start().column - 1)))
        }
        None => return None,
    };
    Some(edit(permissions, offset..offset, inserted))
}

/// Where the mapping says `none` to it in so many letters.
fn refused(text: &str) -> Option<Range<usize>> {
    let (before, rest) = text.split_once("id-token:")?;
    let start = text.len() - rest.trim_start().len();
    let line = before.rsplit('\n').next().unwrap_or(before).trim_end();
    let alone = line.is_empty() || line.ends_with(['{', ',']);
    (alone && !line.contains('#') && rest.trim_start().starts_with("none"))
        .then_some(start..start + "none".len())
}

fn edit(inside: &Place, range: Range<usize>, text: String) -> Edit {
    let start = inside.span.start;
    let span = Span::new(start + range.start, start + range.end);
    Edit { place: Place::new(&inside.source, span), text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Source;

    #[test]
    fn the_permission_joins_a_mapping_in_its_own_style() {
        let after = |text: &str, value: &str| {
            let source = Source::new("a.yml", text);
            let start = text.find(value).unwrap();
            let edit = grant(&Place::new(&source, Span::new(start, start + value.len())))?;
            let Span { start, end } = edit.place.span;
            Some(format!("{}{}{}", &text[..start], edit.text, &text[end..]))
        };
        assert_eq!(
            after("permissions:\n  contents: read\n", "contents: read").unwrap(),
            "permissions:\n  id-token: write\n  contents: read\n"
        );
        assert_eq!(after("permissions: {}", "{}").unwrap(), "permissions: {id-token: write}");
        assert_eq!(
            after("permissions: {contents: read}", "{contents: read}").unwrap(),
            "permissions: {id-token: write, contents: read}"
        );
        assert_eq!(
            after("permissions: {id-token: none, contents: read}", "{id-token: none, contents: read}")
                .unwrap(),
            "permissions: {id-token: write, contents: read}"
        );
        assert_eq!(after("permissions: read-all", "read-all"), None);
        assert_eq!(
            after(
                "permissions:\n  contents: read # not id-token: none\n",
                "contents: read # not id-token: none"
            ),
            None
        );
        assert_eq!(after("permissions: &p {contents: read}", "{contents: read}"), None);
    }
}
