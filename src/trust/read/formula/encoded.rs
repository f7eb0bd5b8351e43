//! JSON in a text of which pieces are not known.

use crate::trust::{TextPart, Value};

use super::{Arguments, Datum, Hole, Trouble, parse_json};

/// What stands for an unknown piece while the text is parsed: a character that nobody writes, around its number.
const MARK: char = '\u{10fffd}';

/// The first argument as a value, where it is JSON; unknown pieces stay where they stand inside its texts.
pub(crate) fn decode_json(arguments: &Arguments) -> Result<Datum, Trouble> {
    if let Datum::Text(value) = arguments.get(0)? { json_of(value) } else { parse_json(&arguments.text(0)?) }
}

/// A text as a value.
pub(crate) fn json_of(value: &Value) -> Result<Datum, Trouble> {
    let (mut text, mut holes) = (String::new(), Vec::new());
    for part in &value.parts {
        match part {
            TextPart::Text(known) if known.contains(MARK) => return Err(Trouble::Unsupported),
            TextPart::Text(known) => text.push_str(known),
            TextPart::Hole { name, reason, place } => {
                text.push_str(&format!("{MARK}{}{MARK}", holes.len()));
                holes.push(Hole::new(name, reason, place.clone()));
            }
        }
    }
    let unknown = |trouble| holes.first().map_or(trouble, |hole| Trouble::Unknown(hole.clone()));
    let datum = parse_json(&text).map_err(unknown)?;
    if holes.is_empty() { Ok(datum) } else { restored(datum, &holes) }
}

fn restored(datum: Datum, holes: &[Hole]) -> Result<Datum, Trouble> {
    Ok(match datum {
        Datum::Text(value) => Datum::Text(with_holes(value, holes)),
        Datum::List(items) => {
            Datum::List(items.into_iter().map(|item| restored(item, holes)).collect::<Result<_, _>>()?)
        }
        Datum::Map(entries) => {
            let entries = entries.into_iter().map(|(key, value)| match (key.contains(MARK), holes.first()) {
                (true, Some(hole)) => Err(Trouble::Unknown(hole.clone())),
                _ => Ok((key, restored(value, holes)?)),
            });
            Datum::Map(entries.collect::<Result<_, _>>()?)
        }
        other @ (Datum::Null | Datum::Bool(_) | Datum::Number(_) | Datum::Hole(_)) => other,
    })
}

fn with_holes(value: Value, holes: &[Hole]) -> Value {
    let Some(text) = value.text().filter(|text| text.contains(MARK)) else { return value };
    let mut whole = Value::default();
    for (at, piece) in text.split(MARK).enumerate() {
        match piece.parse::<usize>().ok().filter(|_| at % 2 == 1).and_then(|number| holes.get(number)) {
            Some(hole) => whole.append(Value::hole(&hole.name, &hole.reason, hole.place.clone())),
            None => whole.append(Value::known(piece)),
        }
    }
    whole
}
