//! What the rules look at.

use std::collections::BTreeMap;

use crate::{
    diagnostic::Diagnostic,
    id::RepositoryName,
    text::Located,
    trust::{Credential, Draft, Field, Home, Value, Violation},
};

/// A definition of a credential, and what it amounts to.
#[derive(Clone, Debug)]
pub struct Definition<'a> {
    /// As written.
    pub draft: &'a Draft,
    /// As Entra would hold it, or every limit it breaks.
    pub credential: Result<Credential, Vec<Violation>>,
}

/// The definitions below one identity that the files name.
#[derive(Clone, Debug)]
pub struct Parent<'a> {
    /// The identity as written.
    pub name: &'a str,
    /// Its home.
    pub home: Home,
    /// Its definitions, in the order of the files.
    pub definitions: Vec<&'a Definition<'a>>,
}

/// Everything the rules may ask.
#[derive(Debug, Default)]
pub struct Facts<'a> {
    /// The repository, if it is known.
    pub repository: Option<RepositoryName>,
    /// The audiences that sign-ins of the repository ask for.
    pub audiences: Vec<String>,
    /// Every definition found, in the order of the files.
    pub definitions: Vec<Definition<'a>>,
}

impl<'a> Facts<'a> {
    /// The facts about credentials alone.
    #[must_use]
    pub fn of_credentials(drafts: &'a [Draft]) -> Self {
        let definition = |draft| Definition { draft, credential: Credential::try_from(draft) };
        Self { definitions: drafts.iter().map(definition).collect(), ..Self::default() }
    }

    /// True when some sign-in of the repository asks for this audience by itself.
    #[must_use]
    pub fn presents_audience(&self, audience: &str) -> bool {
        self.audiences.iter().any(|asked| asked == audience)
    }

    /// The definitions grouped by identity. Limits across credentials hold per identity; one whose identity is not known
    /// is in no group.
    #[must_use]
    pub fn parents(&'a self) -> Vec<Parent<'a>> {
        let mut groups: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for definition in &self.definitions {
            if let Some(name) = definition.parent() {
                let folder = definition.draft.place.source.path();
                groups.entry((folder, name)).or_default().push(definition);
            }
        }
        let parent = |((_, name), definitions): (_, Vec<&'a Definition<'a>>)| {
            let home = definitions.first().map_or(Home::Unknown, |first| first.draft.home);
            Parent { name, home, definitions }
        };
        groups.into_iter().map(parent).collect()
    }
}

impl Parent<'_> {
    /// The name for messages: of a resource id, its last segment.
    #[must_use]
    pub fn short(&self) -> &str {
        self.name.rsplit('/').next().unwrap_or(self.name)
    }
}

impl<'a> Definition<'a> {
    /// The identity as written, if the file tells it.
    #[must_use]
    pub fn parent(&self) -> Option<&'a str> {
        self.draft.parent.as_ref()?.value.text()
    }

    /// The name of the credential as far as it is known, for messages.
    #[must_use]
    pub fn name(&self) -> String {
        self.draft
            .name
            .as_ref()
            .map_or_else(|| "without a name".to_owned(), |name| format!("`{}`", name.value))
    }

    /// The values of a property as written; several only for the audience.
    pub fn values(&self, field: Field) -> impl Iterator<Item = &'a Located<Value>> {
        let draft = self.draft;
        let (one, many) = match field {
            Field::Name => (draft.name.as_ref(), [].as_slice()),
            Field::Issuer => (draft.issuer.as_ref(), [].as_slice()),
            Field::Subject => (draft.subject.as_ref(), [].as_slice()),
            Field::Expression => (draft.expression.as_ref(), [].as_slice()),
            Field::Description => (draft.description.as_ref(), [].as_slice()),
            Field::Audience => (None, draft.audiences.as_slice()),
        };
        one.into_iter().chain(many)
    }

    /// The property's text and where it is written, where all of it is known.
    pub fn texts(&self, field: Field) -> impl Iterator<Item = (&'a str, &'a Located<Value>)> {
        self.values(field).filter_map(|value| Some((value.value.text()?, value)))
    }

    /// Every limit the definition breaks; values that the file does not tell are no breach.
    pub fn violations(&self) -> impl Iterator<Item = &Violation> {
        let found = self.credential.as_ref().err().map_or([].as_slice(), Vec::as_slice);
        found.iter().filter(|violation| !matches!(violation, Violation::NotKnown { .. }))
    }

    /// `diagnostic` with its primary place at the property, or at the whole definition where the property is absent.
    #[must_use]
    pub fn point(&self, diagnostic: Diagnostic, field: Field, text: impl Into<String>) -> Diagnostic {
        let place = self.values(field).next().map_or(&self.draft.place, |value| &value.place);
        diagnostic.at(place.clone(), text)
    }
}
