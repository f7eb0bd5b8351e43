//! Works out operators.

use super::{run::Runner, value::Value};
use crate::{
    text::{Place, Span},
    trust::read::script::{Traced, glob},
};

/// Numbers of a range, and texts in a row: more are not followed.
const LONGEST_RANGE: i64 = 1000;
/// The longest text that is put in a row.
const LONGEST_TEXT: usize = 64 * 1024;

impl Runner<'_> {
    /// What an operator makes of two values; what it makes of something unknown is not known for the same reason.
    pub(super) fn binary(&mut self, operator: &str, left: Value, right: Value, span: Span) -> Value {
        let place = self.place(span);
        let reason = [&left, &right].into_iter().find_map(reason_of);
        let reason = reason.as_deref().unwrap_or("this expression is not followed");
        let unknown = Value::Text(self.unknown(span, reason));
        match operator {
            "+" => self.added(left, right, span),
            "-" | "*" | "/" | "%" | ".." => calculated(operator, &left, &right, &place).unwrap_or(unknown),
            "f" => Value::Text(self.formatted(&left.into_text(&place), &right.into_items(), span)),
            "join" => Value::Text(joined(left, &right.into_text(&place), &place)),
            "??" => {
                if left == Value::Null {
                    right
                } else {
                    left
                }
            }
            "as" | "is" if reason_of(&left).is_some() => left,
            "and" | "or" => either(operator == "or", &left, &right).map_or(unknown, Value::Truth),
            "in" | "notin" | "contains" | "notcontains" => {
                let (list, item) = if operator.ends_with("in") { (&right, &left) } else { (&left, &right) };
                let found = is_among(item, &list.clone().into_items(), &place);
                found.map_or(unknown, |found| Value::Truth(found != operator.starts_with("not")))
            }
            "split" => self.split_at(&left, right.clone(), span).unwrap_or(unknown),
            "replace" | "ireplace" | "creplace" => {
                let texts = left.into_items().into_iter();
                let replaced: Option<Vec<Value>> =
                    texts.map(|text| self.replaced(operator, &text, &right, span)).collect();
                replaced.map_or(unknown, Value::of)
            }
            _ => {
                let Value::List(items) = left else {
                    return self.compared(operator, &left, &right, &place).map_or(unknown, Value::Truth);
                };
                let mut kept = Vec::new();
                for item in items {
                    match self.compared(operator, &item, &right, &place) {
                        Some(true) => kept.push(item),
                        Some(false) => {}
                        None => return unknown,
                    }
                }
                Value::List(kept)
            }
        }
    }

    fn added(&mut self, left: Value, right: Value, span: Span) -> Value {
        let place = self.place(span);
        let is_number = |value: &Value| matches!(value, Value::Number(_));
        match (left, right) {
            (Value::List(mut items), more) => {
                items.extend(more.into_items());
                Value::List(items)
            }
            (Value::Table(left), Value::Table(right)) => Value::joined(left, right),
            (Value::Null, right) => right,
            (left, right) if is_number(&left) => {
                let reason = reason_of(&right);
                calculated("+", &left, &right, &place).unwrap_or_else(|| {
                    let reason = reason.as_deref().unwrap_or("this sum is not followed");
                    Value::Text(self.unknown(span, reason))
                })
            }
            // It may be a number.
            (Value::Text(text), right) if text.as_hole().is_some() && is_number(&right) => {
                Value::Text(self.unknown(span, &reason_of(&Value::Text(text)).unwrap_or_default()))
            }
            (left, right) => {
                let mut text = left.into_text(&place);
                text.append(right.into_text(&place));
                Value::Text(text)
            }
        }
    }

    /// Whether two single values compare; `None` where that is not known.
    pub(super) fn compared(
        &mut self,
        operator: &str,
        left: &Value,
        right: &Value,
        place: &Place,
    ) -> Option<bool> {
        let exact = operator.strip_prefix('c').filter(|rest| COMPARISONS.contains(rest));
        let bare = exact.or_else(|| operator.strip_prefix('i').filter(|rest| COMPARISONS.contains(rest)));
        let bare = bare.unwrap_or(operator);
        match bare {
            "eq" => equal(left, right, exact.is_some(), place),
            "ne" => equal(left, right, exact.is_some(), place).map(|same| !same),
            "lt" | "le" | "gt" | "ge" => {
                let (left, right) = (number(left)?, number(right)?);
                Some(match bare {
                    "lt" => left < right,
                    "le" => left <= right,
                    "gt" => left > right,
                    _ => left >= right,
                })
            }
            "like" | "notlike" => {
                let text = left.clone().into_text(place).text()?;
                let pattern = right.clone().into_text(place).text()?;
                if pattern.contains(['[', '`']) {
                    return None;
                }
                let fold = |text: String| if exact.is_some() { text } else { text.to_lowercase() };
                let fits = glob::fits(&fold(pattern).replace('\\', "\\\\"), &fold(text))?;
                Some(fits == (bare == "like"))
            }
            "match" | "notmatch" => {
                let fits = self.matches(left, right, exact.is_some(), place)?;
                Some(fits == (bare == "match"))
            }
            _ => None,
        }
    }
}

const COMPARISONS: [&str; 10] = ["eq", "ne", "lt", "le", "gt", "ge", "like", "notlike", "match", "notmatch"];

/// Whether two values are equal. The right one becomes what the left one is.
///
/// Source: <https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_comparison_operators>
pub(super) fn equal(left: &Value, right: &Value, exact: bool, place: &Place) -> Option<bool> {
    match (left, right) {
        (Value::Null, Value::Null) => Some(true),
        (Value::Null, other) | (other, Value::Null) => reason_of(other).is_none().then_some(false),
        (Value::Truth(known), other) => other.truth().map(|truth| truth == *known),
        (Value::Number(left), right) => Some(number(right)? == *left),
        (Value::Text(_), Value::Text(_) | Value::Number(_) | Value::Truth(_)) => {
            let (left, right) =
                (left.clone().into_text(place).text()?, right.clone().into_text(place).text()?);
            if left == right {
                return Some(true);
            }
            if exact {
                return Some(false);
            }
            (left.is_ascii() && right.is_ascii()).then(|| left.eq_ignore_ascii_case(&right))
        }
        (Value::Text(_) | Value::Table(_) | Value::List(_), _) => None,
    }
}

/// `-or` where `decides` is true, else `-and`; `None` where the truths that are known do not tell.
fn either(decides: bool, left: &Value, right: &Value) -> Option<bool> {
    let truths = [left.truth(), right.truth()];
    if truths.contains(&Some(decides)) {
        return Some(decides);
    }
    (!truths.contains(&None)).then_some(!decides)
}

/// Whether an item is among a list; `None` where that is not known.
pub(super) fn is_among(item: &Value, list: &[Value], place: &Place) -> Option<bool> {
    let mut is_known = true;
    for other in list {
        match equal(item, other, false, place) {
            Some(true) => return Some(true),
            Some(false) => {}
            None => is_known = false,
        }
    }
    is_known.then_some(false)
}

/// Why a value is not known, where it is not.
pub(super) fn reason_of(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => text.reason().map(str::to_owned),
        Value::List(items) => items.iter().find_map(reason_of),
        Value::Null | Value::Truth(_) | Value::Number(_) | Value::Table(_) => None,
    }
}

pub(super) fn number(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => Some(*number),
        Value::Text(text) => text.text()?.trim().parse().ok(),
        Value::Null => Some(0),
        Value::Truth(_) | Value::List(_) | Value::Table(_) => None,
    }
}

/// Whole numbers; `None` for what gives a fraction, is too large, or no number.
fn calculated(operator: &str, left: &Value, right: &Value, place: &Place) -> Option<Value> {
    if let ("*", Value::Text(text)) = (operator, left) {
        let count = usize::try_from(number(right)?).ok()?;
        let text = text.text().filter(|text| text.len().saturating_mul(count) <= LONGEST_TEXT)?;
        return Some(Value::Text(Traced::literal(text.repeat(count), place.clone(), place.span.start)));
    }
    let (left, right) = (number(left)?, number(right)?);
    if operator == ".." {
        if left.abs_diff(right) > LONGEST_RANGE.unsigned_abs() {
            return None;
        }
        let up = (left.min(right)..=left.max(right)).map(Value::Number);
        return Some(Value::List(if left > right { up.rev().collect() } else { up.collect() }));
    }
    let result = match operator {
        "+" => left.checked_add(right),
        "-" => left.checked_sub(right),
        "*" => left.checked_mul(right),
        "%" => left.checked_rem(right),
        _ => left.checked_rem(right).filter(|rest| *rest == 0).and_then(|_| left.checked_div(right)),
    };
    result.map(Value::Number)
}

/// `list -join separator`.
pub(super) fn joined(list: Value, separator: &Traced, place: &Place) -> Traced {
    let mut text = Traced::default();
    for (at, item) in list.into_items().into_iter().enumerate() {
        if at > 0 {
            text.append(separator.clone());
        }
        text.append(item.into_text(place));
    }
    text
}
