//! Elements of lists and tables: taken out by a key, put in.

use super::value::Value;
use crate::{text::Place, trust::read::script::Traced};

impl Value {
    /// The element at `key`; `None` where there is none, or none is known.
    pub(super) fn at(&self, key: &Self, place: &Place) -> Option<Self> {
        match (self, key) {
            (Self::List(_) | Self::Text(_), Self::List(keys)) => {
                keys.iter().map(|key| self.at(key, place)).collect::<Option<Vec<_>>>().map(Self::List)
            }
            (Self::Table(_), key) => self.get(&key.clone().into_text(place).text()?).cloned(),
            (Self::List(items), key) => items.get(position(key, items.len(), place)?).cloned(),
            (Self::Text(text), key) => {
                let known = text.text().filter(|known| known.is_ascii())?;
                let at = position(key, known.len(), place)?;
                (at < known.len()).then(|| Self::Text(text.cut(at, at + 1)))
            }
            (Self::Null | Self::Truth(_) | Self::Number(_), _) => None,
        }
    }

    /// Puts a value where the path leads; false where that is not known.
    pub(super) fn put(&mut self, path: &[Self], value: Self, place: &Place) -> bool {
        let Some((key, rest)) = path.split_first() else {
            *self = value;
            return true;
        };
        match self {
            Self::Table(entries) => {
                let Some(key) = key.clone().into_text(place).text() else { return false };
                let old = entries.iter_mut().find(|(name, _)| name.eq_ignore_ascii_case(&key));
                match old {
                    Some((_, old)) => old.put(rest, value, place),
                    None => {
                        let is_last = rest.is_empty();
                        if is_last {
                            entries.push((key, value));
                        }
                        is_last
                    }
                }
            }
            Self::List(items) => {
                let at = position(key, items.len(), place);
                at.and_then(|at| items.get_mut(at)).is_some_and(|item| item.put(rest, value, place))
            }
            Self::Null | Self::Truth(_) | Self::Number(_) | Self::Text(_) => false,
        }
    }

    /// The first element that `key` counts to, from the end where it is below zero.
    pub(super) fn has(&self, key: &Self, place: &Place) -> Option<bool> {
        let Self::Table(entries) = self else { return None };
        let key = key.clone().into_text(place).text()?;
        Some(entries.iter().any(|(name, _)| name.eq_ignore_ascii_case(&key)))
    }
}

/// The place that a number means in a list of so many, counted from its end where it is below zero.
fn position(key: &Value, length: usize, place: &Place) -> Option<usize> {
    let number = match key {
        Value::Number(number) => *number,
        Value::Text(_) => key.clone().into_text(place).text()?.parse().ok()?,
        Value::Null | Value::Truth(_) | Value::List(_) | Value::Table(_) => return None,
    };
    let counted = if number < 0 { i64::try_from(length).ok()?.checked_add(number)? } else { number };
    usize::try_from(counted).ok()
}

/// A name as a value.
pub(super) fn named(name: &str, place: &Place) -> Value {
    Value::Text(Traced::literal(name, place.clone(), place.span.start))
}
