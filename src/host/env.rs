//! Environment variables.

use std::collections::BTreeMap;

/// Where variables come from.
#[derive(Debug)]
pub enum Env {
    /// The process's own.
    Real,
    /// These.
    Fake(BTreeMap<String, String>),
}

impl Env {
    /// Exactly these variables.
    pub fn fake<'a>(variables: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let own = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        Self::Fake(variables.into_iter().map(own).collect())
    }

    /// The value of `name`. An empty value counts as unset, as an input left empty on a runner does.
    #[must_use]
    pub fn var(&self, name: &str) -> Option<String> {
        match self {
            Self::Real => std::env::var(name).ok(),
            Self::Fake(variables) => variables.get(name).cloned(),
        }
        .filter(|value| !value.is_empty())
    }
}
