//! Functions of Bicep and ARM templates that take lists and texts alike, and those of numbers and of base64.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::trust::read::formula::{Arguments, Datum, Trouble, between, parse_json, without};

/// Calls `name`, given in small letters.
pub(super) fn call(name: &str, arguments: &Arguments) -> Result<Datum, Trouble> {
    match name {
        "first" => ends(arguments, |length| (length > 0).then_some(0)),
        "last" => ends(arguments, |length| length.checked_sub(1)),
        "skip" => {
            let count = arguments.count(1)?;
            cut(arguments, count, usize::MAX)
        }
        "take" => {
            let count = arguments.count(1)?;
            cut(arguments, 0, count)
        }
        "indexof" => position(arguments, |text, part| text.find(part)),
        "lastindexof" => position(arguments, |text, part| text.rfind(part)),
        "min" | "max" => extreme(name, arguments),
        "intersection" => intersection(arguments),
        "base64" => Ok(Datum::text(STANDARD.encode(arguments.text(0)?))),
        "base64tostring" => decoded(arguments).map(Datum::text),
        "base64tojson" => parse_json(&decoded(arguments)?),
        _ => Err(Trouble::Unsupported),
    }
}

fn decoded(arguments: &Arguments) -> Result<String, Trouble> {
    let bytes = STANDARD.decode(arguments.text(0)?).map_err(|_| Trouble::Wrong)?;
    String::from_utf8(bytes).map_err(|_| Trouble::Wrong)
}

/// One element or character; of nothing null, or no text.
fn ends(arguments: &Arguments, at: impl Fn(usize) -> Option<usize>) -> Result<Datum, Trouble> {
    if let Datum::List(items) = arguments.get(0)? {
        return Ok(at(items.len()).and_then(|at| items.get(at)).cloned().unwrap_or(Datum::Null));
    }
    let text = arguments.text(0)?;
    Ok(Datum::text(at(text.chars().count()).map_or_else(String::new, |at| between(&text, at, Some(1)))))
}

fn cut(arguments: &Arguments, from: usize, length: usize) -> Result<Datum, Trouble> {
    match arguments.get(0)? {
        Datum::List(items) => Ok(Datum::List(items.iter().skip(from).take(length).cloned().collect())),
        Datum::Map(_) => Err(Trouble::Unsupported),
        Datum::Null | Datum::Bool(_) | Datum::Number(_) | Datum::Text(_) | Datum::Hole(_) => {
            Ok(Datum::text(between(&arguments.text(0)?, from, Some(length))))
        }
    }
}

/// The position of an element, or of a text in a text, in which case does not matter; -1 where there is none.
///
/// Source: <https://learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-functions-string#indexof>.
#[expect(clippy::cast_precision_loss, reason = "positions in a file are small")]
fn position(arguments: &Arguments, find: impl Fn(&str, &str) -> Option<usize>) -> Result<Datum, Trouble> {
    if matches!(arguments.get(0)?, Datum::List(_)) {
        return Err(Trouble::Unsupported);
    }
    let (text, part) = (arguments.text(0)?, arguments.text(1)?);
    if !text.is_ascii() || !part.is_ascii() {
        return Err(Trouble::Unsupported);
    }
    let found = find(&text.to_ascii_lowercase(), &part.to_ascii_lowercase());
    Ok(Datum::Number(found.map_or(-1.0, |at| at as f64)))
}

fn extreme(name: &str, arguments: &Arguments) -> Result<Datum, Trouble> {
    let listed = arguments.list(0).map(|items| Arguments::new(items.to_vec()));
    let numbers = listed.as_ref().unwrap_or(arguments);
    let numbers: Result<Vec<f64>, Trouble> = (0..numbers.len()).map(|at| numbers.number(at)).collect();
    let best = numbers?.into_iter().reduce(if name == "min" { f64::min } else { f64::max });
    best.map(Datum::Number).ok_or(Trouble::Wrong)
}

/// The elements of the first list that all others have.
fn intersection(arguments: &Arguments) -> Result<Datum, Trouble> {
    if matches!(arguments.get(0)?, Datum::Map(_)) {
        return Err(Trouble::Unsupported);
    }
    let mut kept = arguments.list(0)?.to_vec();
    for at in 0..arguments.len() {
        let items = arguments.list(at)?;
        if let Some(hole) = arguments.get(at)?.first_hole() {
            return Err(Trouble::Unknown(hole));
        }
        let outside = without(&kept, items);
        kept = without(&kept, &outside);
    }
    Ok(Datum::List(kept))
}
