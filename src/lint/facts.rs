//! What the rules look at.

use std::collections::BTreeMap;

use crate::{
    diagnostic::Diagnostic,
    id::{Issuer, RepositoryName, Subject},
    issuer::github::{Instance, Prefix, Template},
    lint::Identity,
    text::Located,
    trust::{Credential, Draft, Field, Home, Matcher, Value, Violation},
    verdict::flexible::{Coverage, Told, cover_any},
    workflow::{
        project::Project,
        reach::{Entry, SignIn, Token, Unreachable},
    },
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
#[derive(Debug)]
pub struct Facts<'a> {
    /// The repository, if it is known.
    pub repository: Option<RepositoryName>,
    /// Every definition found, in the order of the files, as written.
    pub definitions: Vec<Definition<'a>>,
    /// The identities that sign-ins can mean.
    pub identities: Vec<Identity<'a>>,
    /// Everything that the jobs can present.
    pub entries: &'a [Entry],
    /// Sign-ins that no event ever reaches.
    pub unreachable: &'a [Unreachable],
    /// The files with workflows.
    pub project: Option<&'a Project>,
    /// How subjects name the repository, and whether anybody said so.
    pub prefix: Option<Prefix>,
    /// The template of the subject.
    pub template: Template,
    /// The default branch, if it is known.
    pub default_branch: Option<String>,
    /// Who signs the tokens.
    pub issuer: Issuer,
    /// Claims that every token of the repository carries, as far as they are known.
    pub claims: BTreeMap<String, String>,
}

impl<'a> Facts<'a> {
    /// The facts about credentials alone.
    #[must_use]
    pub fn of_credentials(drafts: &'a [Draft]) -> Self {
        let definition = |draft| Definition { draft, credential: Credential::try_from(draft) };
        Self {
            repository: None,
            definitions: drafts.iter().map(definition).collect(),
            identities: Vec::new(),
            entries: &[],
            unreachable: &[],
            project: None,
            prefix: None,
            template: Template::default(),
            default_branch: None,
            issuer: Instance::Cloud.issuer(),
            claims: BTreeMap::new(),
        }
    }

    /// True when some job can present this subject.
    #[must_use]
    pub fn may_be_presented(&self, subject: &str) -> bool {
        let exact = Matcher::Exact(Subject::new(subject));
        let told = || [Told::Whole(&exact)];
        self.entries.iter().any(|entry| cover_any(told(), &entry.shape, &BTreeMap::new()) != Coverage::None)
    }

    /// True when some sign-in of the repository asks for this audience by itself.
    #[must_use]
    pub fn presents_audience(&self, audience: &str) -> bool {
        let mut asked = self.entries.iter().flat_map(|entry| &entry.sign_ins);
        asked.any(|sign_in| sign_in.audience.as_deref() == Some(audience))
    }

    /// The identity that a sign-in means: by its client id, else the only one there is.
    #[must_use]
    pub fn identity(&self, entry: &Entry, sign_in: &SignIn) -> Option<&Identity<'a>> {
        let meant = self.identities.iter().find(|identity| identity.is_meant(entry, sign_in));
        meant.or(match self.identities.as_slice() {
            [only] => Some(only),
            _ => None,
        })
    }

    /// Every sign-in that gets a token, with its entry and the identity it means, where that can be judged.
    pub fn logins(&self) -> impl Iterator<Item = (&'a Entry, &'a SignIn, &Identity<'a>)> {
        let available = self.entries.iter().filter(|entry| entry.token == Token::Available);
        let pairs = available.flat_map(|entry| entry.sign_ins.iter().map(move |sign_in| (entry, sign_in)));
        pairs.filter_map(|(entry, sign_in)| {
            let identity = self.identity(entry, sign_in)?;
            identity.is_judged().then_some((entry, sign_in, identity))
        })
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
