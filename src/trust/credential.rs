//! A federated identity credential that satisfies every limit: what Entra really holds, or would take.

use std::{collections::HashMap, fmt};

use super::{
    Draft, Home, TextPart, Value,
    flexible::Expression,
    limit::{self, CREDENTIALS_LIMIT, Field, SetViolation, Violation},
};
use crate::{
    id::{Audience, Issuer, Subject},
    text::{Located, Place},
};

/// What a credential compares the claims of a token with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Matcher {
    /// The subject, byte for byte; a star is a star.
    Exact(Subject),
    /// A flexible expression over several claims.
    Flexible(Expression),
}

impl Matcher {
    /// The exact subject, if the credential has one.
    #[must_use]
    pub const fn as_exact(&self) -> Option<&Subject> {
        match self {
            Self::Exact(subject) => Some(subject),
            Self::Flexible(_) => None,
        }
    }
}

impl fmt::Display for Matcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact(subject) => subject.fmt(f),
            Self::Flexible(expression) => expression.fmt(f),
        }
    }
}

/// A federated identity credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// Its name, unique in its parent.
    pub name: String,
    /// What owns it.
    pub home: Home,
    /// The identity as written: a name, an id, a reference. `None` where the file does not say or does not know.
    pub parent: Option<String>,
    /// The issuer, byte for byte.
    pub issuer: Issuer,
    /// The subject or the expression.
    pub matcher: Matcher,
    /// The one audience, byte for byte.
    pub audience: Audience,
    /// What people wrote about it; Entra never compares it.
    pub description: Option<String>,
    /// Where it is defined.
    pub place: Option<Place>,
}

impl Credential {
    /// A credential with an exact subject that no file defines.
    #[must_use]
    pub fn exact(
        name: impl Into<String>,
        issuer: impl Into<String>,
        subject: impl Into<String>,
        audience: impl Into<String>,
    ) -> Self {
        Self {
            name: name.into(),
            home: Home::Unknown,
            parent: None,
            issuer: Issuer::new(issuer),
            matcher: Matcher::Exact(Subject::new(subject)),
            audience: Audience::new(audience),
            description: None,
            place: None,
        }
    }
}

impl Credential {
    /// Checks every limit that one credential must keep. Blanks, wildcards and foreign audiences are accepted here, because
    /// Entra accepts them at creation; the judge meets them later.
    ///
    /// A credential comes back whenever all that Entra compares is sound, even where its name or description is not: such a one can
    /// be judged, though not be created.
    #[must_use]
    pub fn examine(draft: &Draft) -> (Option<Self>, Vec<Violation>) {
        let mut found = Vec::new();
        let name = required(Field::Name, draft.name.as_ref(), &mut found);
        if let Some(name) = &name {
            found.extend(limit::name_violations(name, draft.home));
        }
        let issuer = required(Field::Issuer, draft.issuer.as_ref(), &mut found);
        let matcher = matcher(draft, &mut found);
        let audience = audience(draft, &mut found);
        let description = known(Field::Description, draft.description.as_ref(), &mut Vec::new());
        let lengths =
            [(Field::Issuer, &issuer), (Field::Audience, &audience), (Field::Description, &description)];
        found.extend(
            lengths.iter().filter_map(|(field, text)| limit::length_violation(*field, text.as_deref()?)),
        );
        let sound = found.iter().all(|violation| !violation.field().is_compared());
        let credential = match (issuer, matcher, audience) {
            (Some(issuer), Some(matcher), Some(audience)) if sound => Some(Self {
                name: shown_name(draft),
                home: draft.home,
                parent: draft.parent.as_ref().and_then(|parent| parent.value.text()).map(str::to_owned),
                issuer: Issuer::new(issuer),
                matcher,
                audience: Audience::new(audience),
                description,
                place: Some(draft.place.clone()),
            }),
            _ => None,
        };
        (credential, found)
    }
}

impl TryFrom<&Draft> for Credential {
    type Error = Vec<Violation>;

    /// Every limit is kept, or all those that are not come back.
    fn try_from(draft: &Draft) -> Result<Self, Self::Error> {
        match Self::examine(draft) {
            (Some(credential), found) if found.is_empty() => Ok(credential),
            (_, found) => Err(found),
        }
    }
}

fn shown_name(draft: &Draft) -> String {
    draft
        .name
        .as_ref()
        .map(|name| name.value.to_string())
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "unnamed".into())
}

fn matcher(draft: &Draft, found: &mut Vec<Violation>) -> Option<Matcher> {
    let Some(expression) = &draft.expression else {
        let subject = required(Field::Subject, draft.subject.as_ref(), found)?;
        found.extend(limit::length_violation(Field::Subject, &subject));
        return Some(Matcher::Exact(Subject::new(subject)));
    };
    if draft.subject.as_ref().is_some_and(|subject| !subject.value.parts.is_empty()) {
        found.push(Violation::SubjectAndExpression);
    }
    let text = required(Field::Expression, Some(expression), found)?;
    match text.parse() {
        Ok(expression) => Some(Matcher::Flexible(expression)),
        Err(error) => {
            found.push(Violation::Expression(error));
            None
        }
    }
}

fn audience(draft: &Draft, found: &mut Vec<Violation>) -> Option<String> {
    match draft.audiences.as_slice() {
        [] => {
            found.push(Violation::Missing(Field::Audience));
            None
        }
        [one] => required(Field::Audience, Some(one), found),
        many => {
            found.push(Violation::Audiences { count: many.len() });
            None
        }
    }
}

fn required(field: Field, value: Option<&Located<Value>>, found: &mut Vec<Violation>) -> Option<String> {
    let before = found.len();
    let text = known(field, value, found).filter(|text| !text.is_empty());
    if text.is_none() && found.len() == before {
        found.push(Violation::Missing(field));
    }
    text
}

fn known(field: Field, value: Option<&Located<Value>>, found: &mut Vec<Violation>) -> Option<String> {
    let value = &value?.value;
    for part in &value.parts {
        match part {
            TextPart::Text(_) => {}
            TextPart::Hole { name, reason, .. } => {
                found.push(Violation::NotKnown { field, name: name.clone(), reason: reason.clone() });
            }
        }
    }
    value.text().map(str::to_owned)
}

/// The limits that the credentials of one identity break together.
#[must_use]
pub fn violations_of_one_identity(credentials: &[Credential]) -> Vec<SetViolation> {
    let mut found = Vec::new();
    if credentials.len() > CREDENTIALS_LIMIT {
        found.push(SetViolation::TooMany { count: credentials.len() });
    }
    let mut trusts: HashMap<_, &str> = HashMap::new();
    let mut names: HashMap<&str, ()> = HashMap::new();
    for credential in credentials {
        if names.insert(&credential.name, ()).is_some() {
            found.push(SetViolation::SameName { name: credential.name.clone() });
        }
        if let Some(first) = trusts.insert(key(credential), &credential.name) {
            found.push(SetViolation::SameTrust { first: first.to_owned(), second: credential.name.clone() });
        }
    }
    found
}

fn key(credential: &Credential) -> (&str, &str) {
    let matcher = match &credential.matcher {
        Matcher::Exact(subject) => subject.as_str(),
        Matcher::Flexible(expression) => expression.as_str(),
    };
    (credential.issuer.as_str(), matcher)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Source, Span};

    fn place() -> Place {
        Place::new(&Source::new("a.json", "{}"), Span::new(0, 2))
    }

    fn value(text: &str) -> Option<Located<Value>> {
        Some(Located::new(Value::known(text), place()))
    }

    fn draft() -> Draft {
        Draft {
            name: value("deploy"),
            issuer: value(" https://token.actions.githubusercontent.com/ "),
            subject: value("repo:o/r:ref:refs/heads/*"),
            audiences: value("api://other").into_iter().collect(),
            ..Draft::new(place(), Home::Application)
        }
    }

    #[test]
    fn what_entra_takes_at_creation_is_taken_unchanged() {
        let credential = Credential::try_from(&draft()).unwrap();
        assert_eq!(credential.issuer.as_str(), " https://token.actions.githubusercontent.com/ ");
        assert_eq!(credential.matcher.to_string(), "repo:o/r:ref:refs/heads/*");
    }

    #[test]
    fn every_broken_limit_is_told_at_once() {
        let long = "x".repeat(601);
        let broken = Draft {
            name: value("a b"),
            issuer: None,
            subject: value(&long),
            audiences: [value("a"), value("b")].into_iter().flatten().collect(),
            description: value(&long),
            ..draft()
        };
        let fields: Vec<_> =
            Credential::try_from(&broken).unwrap_err().iter().map(|found| found.field().as_str()).collect();
        assert_eq!(fields, ["name", "issuer", "subject", "audience", "description"]);
    }

    #[test]
    fn a_hole_is_not_a_missing_value() {
        let hole = Value::hole("var.env", "var.env has no default", place());
        let unknown = Draft { subject: Some(Located::new(hole, place())), ..draft() };
        assert_eq!(
            Credential::try_from(&unknown).unwrap_err(),
            [Violation::NotKnown {
                field: Field::Subject,
                name: "var.env".into(),
                reason: "var.env has no default".into()
            }]
        );
    }

    #[test]
    fn the_audience_is_no_part_of_the_key() {
        let one = Credential::exact("a", "i", "s", "x");
        let two = Credential::exact("b", "i", "s", "y");
        assert_eq!(
            violations_of_one_identity(&[one, two]),
            [SetViolation::SameTrust { first: "a".into(), second: "b".into() }]
        );
    }
}
