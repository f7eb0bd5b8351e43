//! Values that are known in part: a text with holes, a collection some of whose members are unknown.

use crate::{
    id::Part,
    workflow::expression::{Object, Value},
};

/// A value as far as it is known.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Partial {
    /// The very value.
    Known(Value),
    /// Text with at least one hole or the name of the ref in it.
    Text(Vec<Part>),
    /// A value of any kind; what it is called in the file.
    Unknown(String),
    /// A mapping with members that are not wholly known. The flag says that more members may exist.
    Fields(Vec<(String, Partial)>, bool),
    /// A list with members that are not wholly known.
    List(Vec<Partial>),
    /// A context or a part of one that is no value by itself, such as `github.event`.
    Path(Vec<String>),
}

/// True, false, or nobody knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Truth {
    No,
    Unknown,
    Yes,
}

impl Truth {
    pub(super) const fn of(value: bool) -> Self {
        if value { Self::Yes } else { Self::No }
    }

    /// Both hold.
    pub(super) fn and(self, other: Self) -> Self {
        self.min(other)
    }

    pub(super) fn or(self, other: Self) -> Self {
        self.max(other)
    }

    /// The boolean, unless nobody knows.
    pub(super) const fn known(self) -> Option<Value> {
        match self {
            Self::No => Some(Value::Bool(false)),
            Self::Unknown => None,
            Self::Yes => Some(Value::Bool(true)),
        }
    }

    pub(super) const fn not(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
            Self::Yes => Self::No,
        }
    }
}

impl Partial {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Known(Value::from(text.into()))
    }

    pub(super) const fn null() -> Self {
        Self::Known(Value::Null)
    }

    /// The text of these parts, known where every part is.
    pub(super) fn from_parts(parts: Vec<Part>) -> Self {
        let joined = join(parts);
        match joined.as_slice() {
            [] => Self::text(""),
            [Part::Text(text)] => Self::text(text.as_str()),
            _ => Self::Text(joined),
        }
    }

    /// The value as pieces of a text.
    pub(super) fn parts(&self) -> Vec<Part> {
        match self {
            Self::Known(value) => vec![Part::Text(value.to_text().into_owned())],
            Self::Text(parts) => parts.clone(),
            Self::Unknown(name) => vec![Part::Hole(name.clone())],
            Self::Path(path) => vec![Part::Hole(path.join("."))],
            Self::Fields(..) => vec![Part::Text("Object".to_owned())],
            Self::List(_) => vec![Part::Text("Array".to_owned())],
        }
    }

    pub(super) fn truth(&self) -> Truth {
        match self {
            Self::Known(value) => Truth::of(value.is_truthy()),
            Self::Text(parts) => {
                let filled = |part: &Part| match part {
                    Part::Text(text) => !text.is_empty(),
                    Part::RefName => true,
                    Part::Hole(name) => matches!(name.as_str(), "default branch" | "github.head_ref"),
                };
                if parts.iter().any(filled) { Truth::Yes } else { Truth::Unknown }
            }
            Self::Unknown(_) => Truth::Unknown,
            Self::Fields(..) | Self::List(_) | Self::Path(_) => Truth::Yes,
        }
    }

    /// Whether it is a list or a mapping for certain. A part of the payload may be missing, all but what the event is about.
    pub(super) fn is_object(&self) -> bool {
        match self {
            Self::Fields(..) | Self::List(_) => true,
            Self::Path(path) => {
                matches!(path.as_slice(), [_, _, part] if part.eq_ignore_ascii_case("pull_request"))
            }
            Self::Known(_) | Self::Text(_) | Self::Unknown(_) => false,
        }
    }

    /// The exact value, if it is known.
    pub(super) const fn known(&self) -> Option<&Value> {
        match self {
            Self::Known(value) => Some(value),
            Self::Text(_) | Self::Unknown(_) | Self::Fields(..) | Self::List(_) | Self::Path(_) => None,
        }
    }

    /// The members of a list, if they can be told apart.
    pub(super) fn items(&self) -> Option<Vec<Self>> {
        match self {
            Self::Known(Value::Array(array)) => Some(array.items.iter().cloned().map(Self::Known).collect()),
            Self::List(items) => Some(items.clone()),
            Self::Known(_) | Self::Text(_) | Self::Unknown(_) | Self::Fields(..) | Self::Path(_) => None,
        }
    }

    /// The members of a mapping, if they can be told apart.
    pub(super) fn fields(&self) -> Option<Vec<(String, Self)>> {
        match self {
            Self::Known(Value::Object(object)) => Some(
                object.iter().map(|(name, value)| (name.to_owned(), Self::Known(value.clone()))).collect(),
            ),
            Self::Fields(fields, _) => Some(fields.clone()),
            Self::Known(_) | Self::Text(_) | Self::Unknown(_) | Self::List(_) | Self::Path(_) => None,
        }
    }

    /// A list; known where every member is.
    pub(super) fn list(items: Vec<Self>) -> Self {
        let known: Option<Vec<Value>> = items.iter().map(|item| item.known().cloned()).collect();
        known.map_or(Self::List(items), |values| Self::Known(Value::array(values)))
    }

    /// A mapping; known where every member is.
    pub(super) fn mapping(fields: Vec<(String, Self)>) -> Self {
        let known: Option<Object> =
            fields.iter().map(|(name, value)| Some((name.clone(), value.known()?.clone()))).collect();
        known.map_or(Self::Fields(fields, false), |object| Self::Known(object.into()))
    }
}

/// The same parts with neighbouring texts joined and empty ones left out.
pub(super) fn join(parts: Vec<Part>) -> Vec<Part> {
    let mut joined: Vec<Part> = Vec::new();
    for part in parts {
        match (joined.last_mut(), part) {
            (_, Part::Text(more)) if more.is_empty() => {}
            (Some(Part::Text(end)), Part::Text(more)) => end.push_str(&more),
            (_, part) => joined.push(part),
        }
    }
    joined
}
