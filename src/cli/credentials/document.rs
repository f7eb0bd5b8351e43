//! The document `fedcred.credentials.v1`, and how a reading becomes one.

use serde::Serialize;

use crate::{
    text::{Located, Place},
    trust::{Credential, Draft, Field, TextPart, Value, Violation, read::Reading},
};

/// The whole document.
#[derive(Debug, Serialize)]
pub(super) struct Document {
    schema: &'static str,
    pub(super) credentials: Vec<Entry>,
    pub(super) problems: Vec<Problem>,
    pub(super) skipped: Vec<Omission>,
}

/// One credential. A text that is not wholly known holds `{name}` for each hole.
#[derive(Debug, Serialize)]
pub(super) struct Entry {
    pub(super) name: Option<String>,
    pub(super) home: &'static str,
    pub(super) parent: Option<String>,
    pub(super) issuer: Option<String>,
    pub(super) subject: Option<String>,
    pub(super) expression: Option<String>,
    pub(super) audience: Option<String>,
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

/// A limit that a credential breaks.
#[derive(Debug, Serialize)]
pub(super) struct Problem {
    pub(super) rule: &'static str,
    pub(super) severity: &'static str,
    pub(super) message: String,
    pub(super) source: String,
    pub(super) line: usize,
}

/// Something that was not read.
#[derive(Debug, Serialize)]
pub(super) struct Omission {
    pub(super) source: String,
    pub(super) reason: String,
}

impl Document {
    /// The document of everything that was read.
    pub(super) fn new(reading: &Reading) -> Self {
        let problems: Vec<Vec<Problem>> = reading.drafts.iter().map(problems).collect();
        let counts = problems.iter().map(Vec::len);
        let credentials = reading.drafts.iter().zip(counts).map(|(draft, count)| Entry::new(draft, count));
        let skipped = reading
            .skipped
            .iter()
            .map(|skipped| Omission { source: line_of(&skipped.place), reason: skipped.reason.clone() });
        Self {
            schema: "fedcred.credentials.v1",
            credentials: credentials.collect(),
            problems: problems.into_iter().flatten().collect(),
            skipped: skipped.collect(),
        }
    }
}

impl Entry {
    fn new(draft: &Draft, problems: usize) -> Self {
        let text = |value: &Option<Located<Value>>| value.as_ref().map(|located| located.value.to_string());
        Self {
            name: text(&draft.name),
            home: draft.home.as_str(),
            parent: text(&draft.parent),
            issuer: text(&draft.issuer),
            subject: text(&draft.subject),
            expression: text(&draft.expression),
            audience: draft.audiences.first().map(|audience| audience.value.to_string()),
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

/// What a credential can never be created with; a hole is no problem.
fn problems(draft: &Draft) -> Vec<Problem> {
    let violations = Credential::try_from(draft).err().unwrap_or_default();
    let told = violations.iter().filter_map(|violation| Some((rule(violation)?, violation)));
    told.map(|(rule, violation)| {
        let place = place(draft, violation.field());
        Problem {
            rule,
            severity: "error",
            message: violation.to_string(),
            source: place.source.path().to_owned(),
            line: place.start().line,
        }
    })
    .collect()
}

fn place(draft: &Draft, field: Field) -> &Place {
    let value = match field {
        Field::Name => draft.name.as_ref(),
        Field::Issuer => draft.issuer.as_ref(),
        Field::Subject => draft.subject.as_ref(),
        Field::Expression => draft.expression.as_ref(),
        Field::Audience => draft.audiences.first(),
        Field::Description => draft.description.as_ref(),
    };
    value.map_or(&draft.place, |located| &located.place)
}

/// The rule that a violation belongs to; `None` for a value that is only unknown.
const fn rule(violation: &Violation) -> Option<&'static str> {
    match violation {
        Violation::NotKnown { .. } => None,
        Violation::Missing(_) | Violation::SubjectAndExpression => Some("incomplete-credential"),
        Violation::TooLong { field: Field::Name, .. }
        | Violation::NameTooShort { .. }
        | Violation::NameCharacter { .. } => Some("invalid-credential-name"),
        Violation::TooLong { .. } => Some("overlong-value"),
        Violation::Audiences { .. } => Some("wrong-audience"),
        Violation::Expression(_) => Some("malformed-expression"),
    }
}

/// `path:line`, or the path alone where the whole file is meant.
fn line_of(place: &Place) -> String {
    let path = place.source.path();
    if place.source.text().is_empty() { path.to_owned() } else { format!("{path}:{}", place.start().line) }
}
