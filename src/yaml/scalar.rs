//! Scalars: their text, how they were written, and what YAML 1.2 core makes of them.

use std::sync::Arc;

/// How a scalar was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes; the only style that can be anything but text.
    Plain,
    /// `'...'`
    SingleQuoted,
    /// `"..."`
    DoubleQuoted,
    /// `|`
    Literal,
    /// `>`
    Folded,
}

/// The tags a scalar may carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    /// `!!str`
    Str,
    /// `!!bool`
    Bool,
    /// `!!int`
    Int,
    /// `!!float`
    Float,
    /// `!!null`
    Null,
}

impl Tag {
    /// The name after `!!`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Str => "str",
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Float => "float",
            Self::Null => "null",
        }
    }
}

/// A scalar: its text after unquoting, its style and its tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scalar {
    /// The text, with quotes and escapes resolved.
    pub text: Arc<str>,
    /// How it was written.
    pub style: Style,
    /// The explicit tag, if any.
    pub tag: Option<Tag>,
}

/// What a scalar means under the YAML 1.2 core schema.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// An integer or a float.
    Number(f64),
    /// Text.
    Str(&'a str),
}

impl Scalar {
    /// What the scalar means. Only a plain scalar, or one with a tag, can be anything but text.
    ///
    /// Source: <https://yaml.org/spec/1.2.2/#1032-tag-resolution>, actions/runner `YamlObjectReader.cs`.
    #[must_use]
    pub fn value(&self) -> Value<'_> {
        let text: &str = &self.text;
        let untyped = || Value::Str(text);
        match (self.tag, self.style) {
            (Some(Tag::Str), _) => untyped(),
            (Some(Tag::Null), _) => Value::Null,
            (Some(Tag::Bool), _) => boolean(text).map_or_else(untyped, Value::Bool),
            (Some(Tag::Int | Tag::Float), _) => number(text).map_or_else(untyped, Value::Number),
            (None, Style::Plain) => core(text),
            (None, Style::SingleQuoted | Style::DoubleQuoted | Style::Literal | Style::Folded) => untyped(),
        }
    }

    /// Whether the text is one the tag allows.
    pub(super) fn fits(&self, tag: Tag) -> bool {
        match tag {
            Tag::Str => true,
            Tag::Null => null(&self.text),
            Tag::Bool => boolean(&self.text).is_some(),
            Tag::Int => integer(&self.text).is_some(),
            Tag::Float => number(&self.text).is_some(),
        }
    }
}

fn core(text: &str) -> Value<'_> {
    if null(text) {
        return Value::Null;
    }
    boolean(text).map(Value::Bool).or_else(|| number(text).map(Value::Number)).unwrap_or(Value::Str(text))
}

fn null(text: &str) -> bool {
    matches!(text, "" | "null" | "Null" | "NULL" | "~")
}

fn boolean(text: &str) -> Option<bool> {
    match text {
        "true" | "True" | "TRUE" => Some(true),
        "false" | "False" | "FALSE" => Some(false),
        _ => None,
    }
}

fn number(text: &str) -> Option<f64> {
    integer(text).or_else(|| float(text))
}

fn integer(text: &str) -> Option<f64> {
    if let Some(digits) = text.strip_prefix("0x") {
        return radix(digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return radix(digits, 8);
    }
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let decimal = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    decimal.then(|| text.parse().ok()).flatten()
}

fn radix(digits: &str, radix: u32) -> Option<f64> {
    if digits.is_empty() {
        return None;
    }
    digits
        .chars()
        .try_fold(0.0, |sum, digit| Some(sum * f64::from(radix) + f64::from(digit.to_digit(radix)?)))
}

fn float(text: &str) -> Option<f64> {
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    match unsigned {
        ".inf" | ".Inf" | ".INF" if negative => Some(f64::NEG_INFINITY),
        ".inf" | ".Inf" | ".INF" => Some(f64::INFINITY),
        ".nan" | ".NaN" | ".NAN" if unsigned == text => Some(f64::NAN),
        _ if decimal(unsigned) => text.parse().ok(),
        _ => None,
    }
}

/// `( \.[0-9]+ | [0-9]+(\.[0-9]*)? ) ([eE][-+]?[0-9]+)?`
fn decimal(unsigned: &str) -> bool {
    let (mantissa, exponent) =
        unsigned.split_once(['e', 'E']).map_or((unsigned, None), |(before, after)| (before, Some(after)));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let exponent_fits = exponent.is_none_or(|text| {
        let text = text.strip_prefix(['-', '+']).unwrap_or(text);
        !text.is_empty() && digits(text)
    });
    digits(whole) && digits(fraction) && !(whole.is_empty() && fraction.is_empty()) && exponent_fits
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Value<'_> {
        core(text)
    }

    #[test]
    fn words_of_yaml_1_1_are_text() {
        for word in
            ["on", "off", "yes", "no", "Yes", "y", "NaN", "Infinity", "12_345", ".", "-", "0b1", "1e", "tRUE"]
        {
            assert_eq!(plain(word), Value::Str(word), "{word}");
        }
    }

    #[test]
    fn numbers_follow_the_core_schema() {
        for (text, value) in [
            ("0xCB2431", 13_313_073.0),
            ("0o17", 15.0),
            ("-.5", -0.5),
            ("+1.2E+2", 120.0),
            ("3.10", 3.1),
            ("007", 7.0),
        ] {
            assert_eq!(plain(text), Value::Number(value), "{text}");
        }
        assert_eq!(plain("-.inf"), Value::Number(f64::NEG_INFINITY));
        assert!(matches!(plain(".nan"), Value::Number(number) if number.is_nan()));
        assert_eq!(plain("-.nan"), Value::Str("-.nan"));
    }

    #[test]
    fn quotes_keep_text_and_tags_override_them() {
        let scalar = |style, tag| Scalar { text: "true".into(), style, tag };
        assert_eq!(scalar(Style::DoubleQuoted, None).value(), Value::Str("true"));
        assert_eq!(scalar(Style::Plain, Some(Tag::Str)).value(), Value::Str("true"));
        assert_eq!(scalar(Style::Plain, Some(Tag::Bool)).value(), Value::Bool(true));
    }
}
