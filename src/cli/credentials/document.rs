//! The document `fedcred.credentials.v1`, and how a reading becomes one.

use serde::Serialize;

use super::is_about;
use crate::{
    lint::Finding,
    text::{Located, Place},
    trust::{Draft, Field, TextPart, Value, read::Reading},
};

/// The whole document.
#[derive(Debug, Serialize)]
pub(super) struct Document {
    schema: &'static str,
    pub(super) credentials: Vec<Entry>,
    problems: Vec<Problem>,
    pub(super) skipped: Vec<Omission>,
}

/// One credential. A text that is not wholly known holds `{name}` for each hole.
#[derive(Debug, Serialize)]
pub(super) struct Entry {
    pub(super) name: Option<String>,
    pub(super) home: &'static str,
    pub(super) parent: Option<String>,
    pub(super) id: Option<String>,
    pub(super) issuer: Option<String>,
    pub(super) subject: Option<String>,
    pub(super) expression: Option<String>,
    pub(super) expression_version: Option<u32>,
    /// The first of `audiences`; Entra wants exactly one.
    pub(super) audience: Option<String>,
    pub(super) audiences: Vec<String>,
    pub(super) description: Option<String>,
    pub(super) source: String,
    pub(super) line: usize,
    pub(super) holes: Vec<Hole>,
    /// How many of the document's problems are this credential's; for the table alone.
    #[serde(skip)]
    pub(super) problems: usize,
}

/// A part of a value that the files do not tell.
#[derive(Debug, Serialize)]
pub(super) struct Hole {
    pub(super) field: &'static str,
    pub(super) reason: String,
    pub(super) line: usize,
}

/// What a rule says about a credential.
#[derive(Debug, Serialize)]
struct Problem {
    rule: &'static str,
    severity: &'static str,
    message: String,
    source: String,
    line: usize,
}

/// Something that was not read.
#[derive(Debug, Serialize)]
pub(super) struct Omission {
    pub(super) source: String,
    pub(super) reason: String,
}

impl Document {
    /// The document of everything that was read, and of what the rules say to it.
    pub(super) fn new(reading: &Reading, findings: &[Finding]) -> Self {
        let about = |draft| findings.iter().filter(|finding| is_about(&finding.diagnostic, draft)).count();
        let skipped = reading
            .skipped
            .iter()
            .map(|skipped| Omission { source: line_of(&skipped.place), reason: skipped.reason.clone() });
        Self {
            schema: "fedcred.credentials.v1",
            credentials: reading.drafts.iter().map(|draft| Entry::new(draft, about(draft))).collect(),
            problems: findings.iter().map(|finding| Problem::new(finding, reading)).collect(),
            skipped: skipped.collect(),
        }
    }
}

impl Document {
    pub(super) const fn has_problems(&self) -> bool {
        !self.problems.is_empty()
    }
}

impl Problem {
    /// What is said of the credentials as a whole stands at the first of them.
    fn new(finding: &Finding, reading: &Reading) -> Self {
        let label = finding.diagnostic.labels.first().map(|label| &label.place);
        let place = label.or_else(|| reading.drafts.first().map(|draft| &draft.place));
        Self {
            rule: finding.rule.id,
            severity: finding.diagnostic.severity.as_str(),
            message: finding.diagnostic.title.clone(),
            source: place.map_or_else(String::new, |place| place.source.path().to_owned()),
            line: place.map_or(0, |place| place.start().line),
        }
    }
}

impl Entry {
    fn new(draft: &Draft, problems: usize) -> Self {
        let text = |value: &Option<Located<Value>>| value.as_ref().map(|located| located.value.to_string());
        let audiences: Vec<String> = draft.audiences.iter().map(|one| one.value.to_string()).collect();
        Self {
            name: text(&draft.name),
            home: draft.home.as_str(),
            parent: text(&draft.parent),
            id: text(&draft.id),
            issuer: text(&draft.issuer),
            subject: text(&draft.subject),
            expression: text(&draft.expression),
            expression_version: text(&draft.expression_version).and_then(|version| version.parse().ok()),
            audience: audiences.first().cloned(),
            audiences,
            description: text(&draft.description),
            source: draft.place.source.path().to_owned(),
            line: draft.place.start().line,
            holes: holes(draft),
            problems,
        }
    }
}

fn holes(draft: &Draft) -> Vec<Hole> {
    let fields = fields(draft);
    let parts =
        fields.iter().flat_map(|(field, value)| value.value.parts.iter().map(move |part| (*field, part)));
    parts
        .filter_map(|(field, part)| match part {
            TextPart::Text(_) => None,
            TextPart::Hole { reason, place, .. } => {
                Some(Hole { field, reason: reason.clone(), line: place.start().line })
            }
        })
        .collect()
}

fn fields(draft: &Draft) -> Vec<(&'static str, &Located<Value>)> {
    let single = [
        (Field::Name.as_str(), &draft.name),
        ("parent", &draft.parent),
        (Field::Issuer.as_str(), &draft.issuer),
        (Field::Subject.as_str(), &draft.subject),
        (Field::Expression.as_str(), &draft.expression),
        (Field::Description.as_str(), &draft.description),
    ];
    let single = single.into_iter().filter_map(|(field, value)| Some((field, value.as_ref()?)));
    single.chain(draft.audiences.iter().map(|value| (Field::Audience.as_str(), value))).collect()
}

/// `path:line`, or the path alone where the whole file is meant.
fn line_of(place: &Place) -> String {
    let path = place.source.path();
    if place.source.text().is_empty() { path.to_owned() } else { format!("{path}:{}", place.start().line) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        diagnostic::{Diagnostic, Severity},
        lint,
        text::{Source, Span},
        trust::Home,
    };

    #[test]
    fn a_problem_always_has_a_place() {
        let source = Source::new("infra/main.tf", "\nresource");
        let draft = Draft::new(Place::new(&source, Span::new(1, 9)), Home::Unknown);
        let reading = Reading { drafts: vec![draft], skipped: Vec::new() };
        let [rule, ..] = lint::ALL else { panic!("no rule") };
        let unplaced = Finding::new(rule, Diagnostic::new("x", Severity::Warning, "said of all of them"));
        let document = serde_json::to_value(Document::new(&reading, &[unplaced])).unwrap();
        let problem = &document["problems"][0];
        assert_eq!((&problem["source"], &problem["line"]), (&"infra/main.tf".into(), &2.into()));
    }
}
