//! The arguments of a function that was called, and what can be wrong with them.

use std::collections::BTreeMap;

use crate::trust::Value;

use super::{Datum, Hole};

/// Why a call has no known result.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Trouble {
    /// An argument is not known.
    Unknown(Hole),
    /// The function is not evaluated here.
    Unsupported,
    /// Only a deployment can tell, for this reason.
    AtRun(String),
    /// The result would be larger than what is worked out, for this reason.
    TooLarge(&'static str),
    /// The arguments are of another kind or number than the function takes.
    Wrong,
}

/// Arguments by their position.
#[derive(Debug)]
pub(crate) struct Arguments(Vec<Datum>);

impl Arguments {
    pub(crate) const fn new(arguments: Vec<Datum>) -> Self {
        Self(arguments)
    }

    pub(crate) const fn len(&self) -> usize {
        self.0.len()
    }

    /// All of them.
    pub(crate) fn all(&self) -> &[Datum] {
        &self.0
    }

    /// The argument at `at`, which may hold unknowns inside but is not unknown as a whole.
    pub(crate) fn get(&self, at: usize) -> Result<&Datum, Trouble> {
        match self.0.get(at) {
            None => Err(Trouble::Wrong),
            Some(Datum::Hole(hole)) => Err(Trouble::Unknown(hole.clone())),
            Some(known) => Ok(known),
        }
    }

    /// A text that may hold unknowns.
    pub(crate) fn value(&self, at: usize) -> Result<Value, Trouble> {
        self.0.get(at).and_then(Datum::to_value).ok_or(Trouble::Wrong)
    }

    /// A text that is wholly known.
    pub(crate) fn text(&self, at: usize) -> Result<String, Trouble> {
        let datum = self.get(at)?;
        known_text(datum)
    }

    /// A number.
    pub(crate) fn number(&self, at: usize) -> Result<f64, Trouble> {
        let datum = self.get(at)?;
        match datum.first_hole() {
            Some(hole) => Err(Trouble::Unknown(hole)),
            None => datum.number().ok_or(Trouble::Wrong),
        }
    }

    /// A position or a length: a whole number from zero.
    pub(crate) fn count(&self, at: usize) -> Result<usize, Trouble> {
        format!("{}", self.number(at)?).parse().map_err(|_| Trouble::Wrong)
    }

    /// A list, whose elements may be unknown.
    pub(crate) fn list(&self, at: usize) -> Result<&[Datum], Trouble> {
        match self.get(at)? {
            Datum::List(items) => Ok(items),
            Datum::Null
            | Datum::Bool(_)
            | Datum::Number(_)
            | Datum::Text(_)
            | Datum::Map(_)
            | Datum::Hole(_) => Err(Trouble::Wrong),
        }
    }

    /// An object or a map, whose values may be unknown.
    pub(crate) fn map(&self, at: usize) -> Result<&BTreeMap<String, Datum>, Trouble> {
        match self.get(at)? {
            Datum::Map(entries) => Ok(entries),
            Datum::Null
            | Datum::Bool(_)
            | Datum::Number(_)
            | Datum::Text(_)
            | Datum::List(_)
            | Datum::Hole(_) => Err(Trouble::Wrong),
        }
    }
}

/// The text of a scalar that is wholly known.
pub(super) fn known_text(datum: &Datum) -> Result<String, Trouble> {
    match (datum.first_hole(), datum) {
        (Some(hole), _) => Err(Trouble::Unknown(hole)),
        (None, Datum::Null) => Err(Trouble::Wrong),
        (None, _) => datum.to_key().ok_or(Trouble::Wrong),
    }
}
