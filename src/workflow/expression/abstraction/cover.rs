//! Whether a value is one that is possible.

use super::{AbstractObject, AbstractValue, Case, Kind, Rest, text};
use crate::workflow::expression::{Object, Value};

impl AbstractValue {
    /// Whether `value` is among the possible ones. Text is compared as it is spelled.
    #[must_use]
    pub fn covers(&self, value: &Value) -> bool {
        self.cases.iter().any(|case| case.covers(value))
    }
}

impl Case {
    fn covers(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Exact(exact), _) => exact == value,
            (Self::Text(pieces), Value::String(text)) => text::can_be_exactly(pieces, text),
            (Self::Object(object), Value::Object(value)) => object.covers(value),
            (Self::Unknown { kind: Kind::Any, .. }, _)
            | (Self::Unknown { kind: Kind::Text, .. }, Value::Null | Value::String(_)) => true,
            (Self::Text(_) | Self::Object(_) | Self::Unknown { kind: Kind::Text, .. }, _) => false,
        }
    }
}

impl AbstractObject {
    fn covers(&self, object: &Object) -> bool {
        let known =
            self.known.iter().all(|(name, value)| value.covers(object.get(name).unwrap_or(&Value::Null)));
        known
            && object.iter().all(|(name, value)| match self.rest {
                Rest::Missing => self.known.iter().any(|(known, _)| known.eq_ignore_ascii_case(name)),
                Rest::Unknown(Kind::Any) => true,
                Rest::Unknown(Kind::Text) => {
                    self.known.iter().any(|(known, _)| known.eq_ignore_ascii_case(name))
                        || matches!(value, Value::Null | Value::String(_))
                }
            })
    }
}
