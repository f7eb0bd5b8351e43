//! What is known of every run at once, and facts that narrow it.

use super::{AbstractObject, AbstractValue, Case, Kind, Piece, Rest, text::text_case};
use crate::workflow::expression::{Status, Value};

/// The contexts as far as they are known, for all runs of one kind.
///
/// A context that is not set is not known. `github.ref_name` and `github.ref_type` follow `github.ref`: set the ref alone.
#[derive(Clone, Debug, PartialEq)]
pub struct AbstractContext {
    /// `github`, `inputs` and so on; each usually an [`AbstractObject`].
    pub values: AbstractObject,
    /// The states in which the run can be. `success()` is usually assumed to hold: only [`Status::Success`].
    pub status: Vec<Status>,
}

/// A path such as `github.ref`, and everything its value can still be.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// The path, name by name.
    pub path: Vec<String>,
    /// What it can be.
    pub value: AbstractValue,
}

const SHORT: [(&str, &str); 2] = [("refs/heads/", "branch"), ("refs/tags/", "tag")];

impl Default for AbstractContext {
    /// Nothing is known but that the run has not failed so far.
    fn default() -> Self {
        let mut values = AbstractObject::new("", Rest::Unknown(Kind::Any));
        for (name, kind) in [("github", Kind::Any), ("inputs", Kind::Any), ("vars", Kind::Text)] {
            values.set(name, AbstractObject::new(name, Rest::Unknown(kind)).into_value());
        }
        Self { values, status: vec![Status::Success] }
    }
}

impl AbstractContext {
    /// The context `name`.
    #[must_use]
    pub fn value(&self, name: &str) -> AbstractValue {
        let value = self.values.get(name);
        // The root has no name, so a context that is not set is called by its own name.
        if value == AbstractValue::unknown(format!(".{name}")) { AbstractValue::unknown(name) } else { value }
    }

    /// The value at a path.
    #[must_use]
    pub fn at(&self, path: &[&str]) -> AbstractValue {
        let Some((first, rest)) = path.split_first() else { return AbstractValue::default() };
        rest.iter().fold(self.value(first), |value, key| {
            super::evaluate::index(&value, &AbstractValue::exact(*key), &format!("[{key}]"))
        })
    }

    /// Sets the value at a path. Objects on the way are made where nothing stood; a path through anything else is not set.
    ///
    /// `github.ref` brings `github.ref_name` and `github.ref_type` with it.
    pub fn set(&mut self, path: &[&str], value: AbstractValue) {
        if let (["github", "ref"], Some(github)) = (path, self.object("github")) {
            github.set("ref_name", short_names(&value));
            github.set("ref_type", ref_types(&value));
        }
        set(&mut self.values, path, value);
    }

    fn object(&mut self, name: &str) -> Option<&mut AbstractObject> {
        self.values.known.iter_mut().find(|(key, _)| key == name).and_then(|(_, value)| only_object(value))
    }

    /// The same context where `facts` hold.
    #[must_use]
    pub fn assume(&self, facts: &[Fact]) -> Self {
        let mut narrowed = self.clone();
        for fact in facts {
            let path: Vec<&str> = fact.path.iter().map(String::as_str).collect();
            narrowed.set(&path, fact.value.clone());
        }
        narrowed
    }
}

fn only_object(value: &mut AbstractValue) -> Option<&mut AbstractObject> {
    match value.cases.as_mut_slice() {
        [Case::Object(object)] => Some(object),
        _ => None,
    }
}

fn set(object: &mut AbstractObject, path: &[&str], value: AbstractValue) {
    match path {
        [] => {}
        [key] => object.set(*key, value),
        [key, below @ ..] => {
            let mut inner = object.get(key);
            let name =
                if object.name.is_empty() { (*key).to_owned() } else { format!("{}.{key}", object.name) };
            if matches!(inner.cases.as_slice(), [Case::Unknown { kind: Kind::Any, .. }]) {
                inner = AbstractObject::new(name, Rest::Unknown(Kind::Any)).into_value();
            }
            if let Some(inner) = only_object(&mut inner) {
                set(inner, below, value);
            }
            object.set(*key, inner);
        }
    }
}

/// `github.ref_name` for each `github.ref`: the name behind `refs/heads/` or `refs/tags/`, and `N/merge` of a pull request.
///
/// Source: <https://docs.github.com/actions/reference/workflows-and-actions/contexts#github-context>.
fn short_names(refs: &AbstractValue) -> AbstractValue {
    AbstractValue::of(refs.cases.iter().map(|case| {
        let starts = SHORT.iter().map(|(start, _)| *start).chain(["refs/pull/"]);
        starts
            .into_iter()
            .find_map(|start| without_start(case, start))
            .unwrap_or_else(|| Case::Unknown { name: "github.ref_name".to_owned(), kind: Kind::Text })
    }))
}

fn ref_types(refs: &AbstractValue) -> AbstractValue {
    AbstractValue::of(refs.cases.iter().map(|case| {
        let found = SHORT.iter().find(|(start, _)| without_start(case, start).is_some());
        found.map_or_else(
            || Case::Unknown { name: "github.ref_type".to_owned(), kind: Kind::Text },
            |(_, kind)| Case::Exact(Value::from(*kind)),
        )
    }))
}

/// What stands behind `start`, where every text of the case begins so.
pub(super) fn without_start(case: &Case, start: &str) -> Option<Case> {
    match case {
        Case::Exact(Value::String(text)) => Some(Case::Exact(Value::from(text.strip_prefix(start)?))),
        Case::Text(pieces) => {
            let (first, rest) = pieces.split_first()?;
            let Piece::Literal(text) = first else { return None };
            let first = Piece::Literal(text.strip_prefix(start)?.to_owned());
            Some(text_case(std::iter::once(first).chain(rest.iter().cloned()).collect()))
        }
        Case::Exact(_) | Case::Object(_) | Case::Unknown { .. } => None,
    }
}
