//! What functions do with texts, unknown pieces included where that is safe.

use std::collections::BTreeMap;

use crate::{
    text::Source,
    trust::{TextPart, Value},
    yaml,
};

use super::{Datum, LongText, Trouble, arguments::known_text};

/// `change` applied to every known piece; an unknown piece keeps its place and shows the function around its name.
pub(crate) fn change_case(value: Value, function: &str, change: impl Fn(&str) -> String) -> Datum {
    let parts = value.parts.into_iter().map(|part| match part {
        TextPart::Text(text) => TextPart::Text(change(&text)),
        TextPart::Hole { name, reason, place } => {
            TextPart::Hole { name: format!("{function}({name})"), reason, place }
        }
    });
    Datum::Text(Value { parts: parts.collect() })
}

/// The elements with `separator` between them.
pub(crate) fn join<'a>(
    separator: &str,
    items: impl IntoIterator<Item = &'a Datum>,
) -> Result<Datum, Trouble> {
    let mut whole = LongText::default();
    for (at, item) in items.into_iter().enumerate() {
        if at > 0 {
            whole.push(Value::known(separator))?;
        }
        whole.push(item.to_value().ok_or(Trouble::Wrong)?)?;
    }
    Ok(whole.finish())
}

/// The pieces of `text` between `separator`s.
pub(crate) fn split(separator: &str, text: &str) -> Datum {
    if separator.is_empty() {
        return Datum::List(text.chars().map(Datum::text).collect());
    }
    Datum::List(text.split(separator).map(Datum::text).collect())
}

/// Every `from` in the known pieces replaced. An unknown piece may hold `from` itself, so its name says what is done to it.
pub(crate) fn replace(value: Value, from: &str, to: &str) -> Result<Datum, Trouble> {
    for part in &value.parts {
        if let TextPart::Text(text) = part {
            LongText::check(text.len() + text.matches(from).count() * to.len())?;
        }
    }
    Ok(change_case(value, "replace", |text| text.replace(from, to)))
}

/// Every byte but letters, digits and `-_.~` as `%XX`.
pub(crate) fn percent_encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// `length` characters from `start`; none for up to the end.
pub(crate) fn between(text: &str, start: usize, length: Option<usize>) -> String {
    text.chars().skip(start).take(length.unwrap_or(usize::MAX)).collect()
}

/// JSON text as a value.
pub(crate) fn parse_json(text: &str) -> Result<Datum, Trouble> {
    from_json(serde_json::from_str::<serde_json::Value>(text).map_err(|_| Trouble::Wrong)?)
}

/// What plain words that only YAML 1.1 takes for truth are: `yes`, `off`.
type Word = fn(&str, bool) -> Result<Datum, Trouble>;

/// YAML text as a value, as Terraform decodes it: more words are true or false than in YAML 1.2, numbers are those of YAML 1.2
/// without the infinite ones; merge keys are not followed.
///
/// Source: <https://github.com/zclconf/go-cty-yaml/blob/master/resolve.go>, and the answers of Terraform 1.11.4.
pub(crate) fn parse_yaml(text: &str) -> Result<Datum, Trouble> {
    decode(text, |_, yes| Ok(Datum::Bool(yes)))
}

/// The same where it is not known what those words are.
pub(crate) fn parse_plain_yaml(text: &str) -> Result<Datum, Trouble> {
    decode(text, |word, _| Err(Trouble::AtRun(format!("`{word}` in the YAML may be a truth value"))))
}

fn decode(text: &str, word: Word) -> Result<Datum, Trouble> {
    let root = yaml::parse(&Source::new("", text)).map_err(|_| Trouble::Wrong)?;
    if root.merge_keys().is_empty() { from_yaml(&root, word) } else { Err(Trouble::Unsupported) }
}

fn from_yaml(node: &yaml::Node, word: Word) -> Result<Datum, Trouble> {
    match &node.kind {
        yaml::Kind::Sequence(items) => {
            items.iter().map(|item| from_yaml(item, word)).collect::<Result<_, _>>().map(Datum::List)
        }
        yaml::Kind::Mapping(entries) => {
            let entries = entries.iter().map(|entry| {
                let name = from_yaml(&entry.key, word)?.to_key().ok_or(Trouble::Wrong)?;
                Ok((name, from_yaml(&entry.value, word)?))
            });
            entries.collect::<Result<_, _>>().map(Datum::Map)
        }
        yaml::Kind::Scalar(scalar) => from_scalar(scalar, word),
    }
}

fn from_scalar(scalar: &yaml::Scalar, word: Word) -> Result<Datum, Trouble> {
    if scalar.style == yaml::Style::Plain && scalar.tag.is_none() {
        match &*scalar.text {
            "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => return word(&scalar.text, true),
            "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => return word(&scalar.text, false),
            text if is_like_date(text) => {
                return Err(Trouble::AtRun(format!("`{text}` in the YAML may be taken as a time")));
            }
            _ => {}
        }
    }
    Ok(match scalar.value() {
        yaml::Value::Null => Datum::Null,
        yaml::Value::Bool(yes) => Datum::Bool(yes),
        yaml::Value::Number(number) if !number.is_finite() => return Err(Trouble::Wrong),
        yaml::Value::Number(number) if number.abs() >= LARGEST => large(&scalar.text)?,
        yaml::Value::Number(number) => Datum::Number(number),
        yaml::Value::Str(text) => Datum::text(text),
    })
}

/// From here on a number is held as the text of its digits: a floating-point number would change them.
const LARGEST: f64 = 9_007_199_254_740_992.0;

/// A large integer; it is used in texts alone, such as the subject of a Google service account.
fn large(digits: &str) -> Result<Datum, Trouble> {
    let (sign, digits) = match digits.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", digits.strip_prefix('+').unwrap_or(digits)),
    };
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Trouble::AtRun(format!("`{digits}` is a larger number than is worked out")));
    }
    Ok(Datum::text(format!("{sign}{}", digits.trim_start_matches('0'))))
}

/// Whether a text begins like `2024-1`.
fn is_like_date(text: &str) -> bool {
    let Some((year, rest)) = text.split_once('-') else { return false };
    year.len() == 4
        && year.bytes().all(|byte| byte.is_ascii_digit())
        && rest.starts_with(|c: char| c.is_ascii_digit())
}

/// CSV text with a line of names as a list of objects.
pub(crate) fn parse_csv(text: &str) -> Result<Datum, Trouble> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows = reader.deserialize::<BTreeMap<String, String>>().map(|row| {
        let row = row.map_err(|_| Trouble::Wrong)?;
        Ok(Datum::Map(row.into_iter().map(|(name, text)| (name, Datum::text(text))).collect()))
    });
    rows.collect::<Result<_, _>>().map(Datum::List)
}

fn from_json(value: serde_json::Value) -> Result<Datum, Trouble> {
    use serde_json::Value as Json;
    Ok(match value {
        Json::Null => Datum::Null,
        Json::Bool(yes) => Datum::Bool(yes),
        Json::Number(number) => match number.as_f64() {
            Some(small) if small.abs() < LARGEST => Datum::Number(small),
            _ => large(&number.to_string())?,
        },
        Json::String(text) => Datum::text(text),
        Json::Array(items) => Datum::List(items.into_iter().map(from_json).collect::<Result<_, _>>()?),
        Json::Object(entries) => {
            let entries = entries.into_iter().map(|(key, value)| Ok((key, from_json(value)?)));
            Datum::Map(entries.collect::<Result<_, Trouble>>()?)
        }
    })
}

/// A value as JSON text, where it is wholly known.
pub(crate) fn json(datum: &Datum) -> Result<String, Trouble> {
    to_json(datum).map(|value| value.to_string())
}

fn to_json(datum: &Datum) -> Result<serde_json::Value, Trouble> {
    use serde_json::Value as Json;
    Ok(match datum {
        Datum::Null => Json::Null,
        Datum::Bool(yes) => Json::Bool(*yes),
        Datum::Number(number) => format!("{number}").parse().map_or(Json::Null, Json::Number),
        Datum::Text(_) => Json::String(known_text(datum)?),
        Datum::List(items) => Json::Array(items.iter().map(to_json).collect::<Result<_, _>>()?),
        Datum::Map(entries) => Json::Object(
            entries
                .iter()
                .map(|(key, value)| Ok((key.clone(), to_json(value)?)))
                .collect::<Result<_, Trouble>>()?,
        ),
        Datum::Hole(hole) => return Err(Trouble::Unknown(hole.clone())),
    })
}
