//! Follows `printf` and `echo`: formats, and what a backslash means in them.

use super::{run::Runner, syntax::Simple};
use crate::trust::read::script::Traced;

/// The widest field that is filled up.
const MOST_WIDE: usize = 200;

/// Where a backslash stands: some mean something else in a format.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Format,
    Argument,
}

/// `%-20.8s`: what stands between the percent sign and the letter, and the letter.
struct Conversion<'t> {
    flags: &'t str,
    width: &'t str,
    precision: &'t str,
    letter: char,
    length: usize,
}

impl Runner<'_> {
    /// `echo [-neE] WORD...`.
    pub(super) fn echo(&self, words: &[Traced], simple: &Simple) -> Traced {
        let flags = |word: &&Traced| {
            let text = word.text().unwrap_or_default();
            text.strip_prefix('-').is_some_and(|letters| {
                !letters.is_empty() && letters.chars().all(|letter| "neE".contains(letter))
            })
        };
        let count = words.iter().take_while(flags).count();
        let (flags, words) = words.split_at(count);
        let flags: String = flags.iter().map(Traced::marked).collect();
        let mut out = Traced::default();
        for (at, word) in words.iter().enumerate() {
            if at > 0 {
                out.append(self.said(" ", simple));
            }
            out.append(word.clone());
        }
        if flags.rfind('e') > flags.rfind('E') {
            out = unescaped(&out, Within::Argument).unwrap_or_else(|| self.unknown(simple));
        }
        if !flags.contains('n') {
            out.append(self.said("\n", simple));
        }
        out
    }

    fn said(&self, text: &str, simple: &Simple) -> Traced {
        Traced::literal(text, self.place(simple.span), simple.span.start)
    }

    /// `printf FORMAT ARGUMENT...`: the format is used again while arguments are left.
    pub(super) fn printf(&self, arguments: &[Traced], simple: &Simple) -> Traced {
        let arguments = match arguments.split_first() {
            Some((dashes, rest)) if dashes.text().as_deref() == Some("--") => rest,
            _ => arguments,
        };
        let Some((format, mut arguments)) = arguments.split_first() else { return Traced::default() };
        let mut out = Traced::default();
        loop {
            let left = arguments.len();
            self.format(format, &mut arguments, &mut out, simple);
            if arguments.is_empty() || arguments.len() == left {
                return out;
            }
        }
    }

    fn format(&self, format: &Traced, arguments: &mut &[Traced], out: &mut Traced, simple: &Simple) {
        let text = format.marked();
        let mut plain = 0;
        while let Some(found) = text.get(plain..).and_then(|rest| rest.find('%')) {
            let at = plain + found;
            self.unescape(&format.cut(plain, at), out, simple);
            let rest = text.get(at + 1..).unwrap_or_default();
            let Some(conversion) = Conversion::parse(rest) else {
                plain = at;
                break;
            };
            plain = at + 1 + conversion.length;
            if conversion.letter == '%' {
                out.append(format.cut(at, plain).decoded("%"));
                continue;
            }
            let argument = arguments.split_first().map(|(first, rest)| {
                *arguments = rest;
                first
            });
            let none = self.said(if conversion.is_number() { "0" } else { "" }, simple);
            let value = conversion.of(argument.unwrap_or(&none));
            out.append(value.unwrap_or_else(|| self.unknown(simple)));
        }
        self.unescape(&format.cut(plain, text.len()), out, simple);
    }

    fn unescape(&self, text: &Traced, out: &mut Traced, simple: &Simple) {
        out.append(unescaped(text, Within::Format).unwrap_or_else(|| self.unknown(simple)));
    }
}

impl<'t> Conversion<'t> {
    fn parse(text: &'t str) -> Option<Self> {
        let taken = |text: &'t str, of: &str| {
            let rest = text.trim_start_matches(|c| of.contains(c));
            (text.strip_suffix(rest).unwrap_or_default(), rest)
        };
        let (flags, rest) = taken(text, "-+ 0#'");
        let (width, rest) = taken(rest, "0123456789*");
        let (precision, rest) = taken(rest, ".0123456789*");
        let letter = rest.chars().next()?;
        let length = text.len() - rest.len() + letter.len_utf8();
        Some(Self { flags, width, precision, letter, length })
    }

    const fn is_number(&self) -> bool {
        matches!(self.letter, 'd' | 'i' | 'u')
    }

    /// What becomes of an argument; `None` where that is not known.
    fn of(&self, argument: &Traced) -> Option<Traced> {
        let is_plain = self.flags.is_empty() && self.width.is_empty() && self.precision.is_empty();
        let is_open = argument.as_hole().is_some() || is_plain && argument.text().is_none();
        if (is_plain && self.letter == 's') || (is_open && (self.letter == 's' || self.is_number())) {
            return Some(argument.clone());
        }
        let text = argument.text()?;
        match self.letter {
            'b' if is_plain => unescaped(argument, Within::Argument),
            'q' if is_plain => is_bare(&text).then(|| argument.clone()),
            's' if text.is_ascii() && !self.flags.contains('0') => {
                let most = match self.precision.strip_prefix('.') {
                    None => text.len(),
                    Some("") => 0,
                    Some(digits) => digits.parse().ok()?,
                };
                self.filled(argument.cut(0, most), ' ')
            }
            _ if self.is_number() && self.precision.is_empty() => {
                let is_exact = text.parse::<i64>().is_ok_and(|number| number.to_string() == text);
                let is_signed = text.starts_with('-');
                let fill = if self.flags.contains('0') { '0' } else { ' ' };
                (is_exact && (fill == ' ' || !is_signed)).then(|| self.filled(argument.clone(), fill))?
            }
            _ => None,
        }
    }

    fn filled(&self, value: Traced, fill: char) -> Option<Traced> {
        let text = value.marked();
        let width = if self.width.is_empty() { 0 } else { self.width.parse().ok()? };
        let is_left = self.flags.contains('-');
        let is_sure = (width == 0 || !text.is_empty()) && self.flags.chars().all(|flag| "-0".contains(flag));
        if !is_sure || width > MOST_WIDE || (is_left && fill == '0') {
            return None;
        }
        if width <= text.len() {
            return Some(value);
        }
        let blank = fill.to_string().repeat(width - text.len());
        Some(value.decoded(&if is_left { text + &blank } else { blank + &text }))
    }
}

/// Whether `%q` leaves a word as it is.
fn is_bare(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || "-_./:@%+=".contains(c))
}

/// A text with its backslashes followed; `None` where one is not.
fn unescaped(text: &Traced, within: Within) -> Option<Traced> {
    let marked = text.marked();
    let mut out = String::new();
    let mut rest = marked.as_str();
    while let Some((before, behind)) = rest.split_once('\\') {
        out.push_str(before);
        rest = escape(behind, within, &mut out)?;
    }
    out.push_str(rest);
    Some(text.decoded(&out))
}

/// Takes what stands behind a backslash, and gives the rest.
fn escape<'t>(behind: &'t str, within: Within, out: &mut String) -> Option<&'t str> {
    let Some(first) = behind.chars().next() else {
        out.push('\\');
        return Some(behind);
    };
    let rest = behind.get(first.len_utf8()..)?;
    let digits = |text: &'t str, radix: u32, most: usize| {
        let count = text.chars().take(most).take_while(|c| c.is_digit(radix)).count();
        let code = u8::from_str_radix(text.get(..count)?, radix).ok()?;
        Some((code.is_ascii().then(|| char::from(code))?, text.get(count..)?))
    };
    let (c, rest) = match first {
        'n' => ('\n', rest),
        't' => ('\t', rest),
        'r' => ('\r', rest),
        'e' | 'E' => ('\u{1b}', rest),
        'a' => ('\u{7}', rest),
        'b' => ('\u{8}', rest),
        'f' => ('\u{c}', rest),
        'v' => ('\u{b}', rest),
        '\\' => ('\\', rest),
        '"' | '\'' | '?' if within == Within::Format => (first, rest),
        '0' if within == Within::Argument => digits(rest, 8, 3)?,
        '0'..='7' if within == Within::Format => digits(behind, 8, 3)?,
        'x' => digits(rest, 16, 2)?,
        '0'..='7' | 'c' | 'u' | 'U' => return None,
        _ => {
            out.push('\\');
            (first, rest)
        }
    };
    out.push(c);
    Some(rest)
}
