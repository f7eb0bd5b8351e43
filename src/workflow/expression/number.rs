//! Numbers from text and to text, as the runner converts them.

/// The number a text stands for: blank is 0, anything that is not a number is NaN.
///
/// Source: actions/runner `src/Sdk/Expressions/Sdk/ExpressionUtility.cs` (`ParseNumber`).
#[must_use]
pub fn parse_number(text: &str) -> f64 {
    let text = text.trim();
    match text {
        "" => return 0.0,
        "Infinity" | "+Infinity" => return f64::INFINITY,
        "-Infinity" => return f64::NEG_INFINITY,
        _ => {}
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return radix(digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return radix(digits, 8);
    }
    // Rust also reads words such as `inf` and `nan`; those are not numbers here.
    let decimal =
        text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E'));
    if decimal { text.parse().unwrap_or(f64::NAN) } else { f64::NAN }
}

fn radix(digits: &str, radix: u32) -> f64 {
    let sum = digits
        .chars()
        .try_fold(0.0, |sum, digit| Some(sum * f64::from(radix) + f64::from(digit.to_digit(radix)?)));
    sum.filter(|_| !digits.is_empty()).unwrap_or(f64::NAN)
}

/// The text of a number: 15 significant digits, with an exponent only from 1E-05 down and from 1E+15 up.
///
/// Source: actions/runner `ExpressionConstants.cs` (`NumberFormat` is .NET's `G15`).
#[must_use]
pub fn format_number(number: f64) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    if number == 0.0 {
        return "0".to_owned();
    }
    let scientific = format!("{number:.14e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let mantissa = strip_zeros(mantissa);
    if (-4..15).contains(&exponent) {
        let decimals = usize::try_from(14 - exponent).unwrap_or(0);
        return strip_zeros(&format!("{number:.decimals$}")).to_owned();
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}E{sign}{:02}", exponent.unsigned_abs())
}

fn strip_zeros(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fifteen_digits_are_kept() {
        for (number, text) in [
            (0.1 + 0.2, "0.3"),
            (-0.0, "0"),
            (3.10, "3.1"),
            (123_456_789_012_345.0, "123456789012345"),
            (1e15, "1E+15"),
            (0.000_01, "1E-05"),
            (0.000_123, "0.000123"),
            (-1.5e-7, "-1.5E-07"),
            (13_313_073.0, "13313073"),
            (0.845_512_408_225_570_1, "0.84551240822557"),
        ] {
            assert_eq!(format_number(number), text);
        }
    }

    #[test]
    fn words_are_not_numbers() {
        for word in ["inf", "nan", "NaN", "1_000", "0x", "0xg", "--1", "1 2", "-0xFF"] {
            assert!(parse_number(word).is_nan(), "{word}");
        }
        assert_eq!(parse_number(" \t"), 0.0);
        assert_eq!(parse_number(" 0x1F "), 31.0);
    }
}
