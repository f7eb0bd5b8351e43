//! Works out arithmetic on known whole numbers.
//!
//! Source: <https://www.gnu.org/software/bash/manual/html_node/Shell-Arithmetic.html>

use super::{
    arithmetic::LONGEST,
    world::{Variable, World},
};
use crate::trust::read::script::Traced;

/// Parentheses, and variables that hold expressions, deeper than this are not followed.
const DEEPEST: usize = 16;
/// Operators between two operands, the longest first, each with how tight it binds.
const OPERATORS: [(&str, u8); 20] = [
    ("**", 12),
    ("<<", 9),
    (">>", 9),
    ("<=", 8),
    (">=", 8),
    ("==", 7),
    ("!=", 7),
    ("&&", 3),
    ("||", 2),
    ("*", 11),
    ("/", 11),
    ("%", 11),
    ("+", 10),
    ("-", 10),
    ("<", 8),
    (">", 8),
    ("&", 6),
    ("^", 5),
    ("|", 4),
    (",", 0),
];

/// Operators that assign, without their sign.
const ASSIGNING: [&str; 11] = ["<<", ">>", "*", "/", "%", "+", "-", "&", "^", "|", ""];

/// The number that an expression amounts to, or why it is not known; `shown` makes the text of a number that is assigned.
pub(super) fn evaluate(
    text: &str,
    world: &mut World,
    depth: usize,
    shown: &dyn Fn(i64) -> Traced,
) -> Result<i64, String> {
    let mut reader = Reader { rest: text, world, depth, shown };
    reader.skip();
    if reader.rest.is_empty() {
        return Ok(0);
    }
    let value = reader.climb(0, true)?;
    if reader.rest.is_empty() { Ok(value) } else { Err(unfollowed()) }
}

fn unfollowed() -> String {
    "this arithmetic is not followed".to_owned()
}

struct Reader<'a> {
    rest: &'a str,
    world: &'a mut World,
    depth: usize,
    shown: &'a dyn Fn(i64) -> Traced,
}

impl<'a> Reader<'a> {
    fn skip(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }

    fn eat(&mut self, sign: &str) -> bool {
        let Some(rest) = self.rest.strip_prefix(sign) else { return false };
        self.rest = rest;
        self.skip();
        true
    }

    fn take(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let length = self.rest.find(|c| !wanted(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }

    /// Operands joined by operators that bind at least so tight. What is not live is read, not done.
    fn climb(&mut self, least: u8, live: bool) -> Result<i64, String> {
        let mut left = self.unary(live)?;
        loop {
            if least <= 1 && self.eat("?") {
                let yes = self.climb(1, live && left != 0)?;
                if !self.eat(":") {
                    return Err(unfollowed());
                }
                let no = self.climb(1, live && left == 0)?;
                left = if left == 0 { no } else { yes };
                continue;
            }
            let found = OPERATORS.iter().find(|(sign, _)| self.rest.starts_with(sign));
            let Some((sign, tightness)) = found.filter(|(_, tightness)| *tightness >= least) else {
                return Ok(left);
            };
            self.eat(sign);
            let asks = match *sign {
                "&&" => left != 0,
                "||" => left == 0,
                _ => true,
            };
            // `**` takes the right one first.
            let right = self.climb(if *sign == "**" { *tightness } else { tightness + 1 }, live && asks)?;
            left = if live { joined(sign, left, right)? } else { 0 };
        }
    }

    fn unary(&mut self, live: bool) -> Result<i64, String> {
        for step in ["++", "--"] {
            if self.rest.strip_prefix(step).is_some_and(|rest| rest.trim_start().starts_with(is_first)) {
                self.eat(step);
                let name = self.take(is_name);
                self.skip();
                return self.step(name, step, live).map(|(_, after)| after);
            }
        }
        let Some(sign) = ["!", "~", "-", "+"].into_iter().find(|sign| self.rest.starts_with(sign)) else {
            return self.operand(live);
        };
        self.deeper()?;
        self.eat(sign);
        let value = self.unary(live)?;
        self.depth -= 1;
        Ok(match sign {
            "!" => i64::from(value == 0),
            "~" => !value,
            "-" => value.wrapping_neg(),
            _ => value,
        })
    }

    fn deeper(&mut self) -> Result<(), String> {
        self.depth += 1;
        if self.depth > DEEPEST { Err(unfollowed()) } else { Ok(()) }
    }

    fn operand(&mut self, live: bool) -> Result<i64, String> {
        if self.eat("(") {
            self.deeper()?;
            let value = self.climb(0, live)?;
            self.depth -= 1;
            return if self.eat(")") { Ok(value) } else { Err(unfollowed()) };
        }
        if self.rest.starts_with(|c: char| c.is_ascii_digit()) {
            let word = self.take(|c| c.is_ascii_alphanumeric() || c == '#' || c == '_' || c == '@');
            self.skip();
            return constant(word).ok_or_else(unfollowed);
        }
        if !self.rest.starts_with(is_first) {
            return Err(unfollowed());
        }
        let name = self.take(is_name);
        self.skip();
        if self.eat("[") {
            self.deeper()?;
            let at = self.climb(0, live)?;
            self.depth -= 1;
            return if self.eat("]") && !self.assigns() {
                self.element(name, at, live)
            } else {
                Err(unfollowed())
            };
        }
        for step in ["++", "--"] {
            if self.eat(step) {
                return self.step(name, step, live).map(|(before, _)| before);
            }
        }
        for operator in ASSIGNING {
            let behind = self.rest.strip_prefix(operator).and_then(|rest| rest.strip_prefix('='));
            if let Some(behind) = behind.filter(|behind| !behind.starts_with('=')) {
                self.rest = behind;
                self.skip();
                let right = self.climb(1, live)?;
                if !live {
                    return Ok(0);
                }
                let value =
                    if operator.is_empty() { right } else { joined(operator, self.variable(name)?, right)? };
                self.world.set(name, (self.shown)(value));
                return Ok(value);
            }
        }
        if live { self.variable(name) } else { Ok(0) }
    }

    /// Whether an operator that assigns comes next.
    fn assigns(&self) -> bool {
        let behind = |operator: &str| {
            self.rest
                .strip_prefix(operator)
                .is_some_and(|rest| rest.starts_with('=') && !rest.starts_with("=="))
        };
        self.rest.starts_with("++")
            || self.rest.starts_with("--")
            || ASSIGNING.iter().any(|operator| behind(operator))
    }

    /// The number before and behind `name++`.
    fn step(&mut self, name: &str, step: &str, live: bool) -> Result<(i64, i64), String> {
        if !live {
            return Ok((0, 0));
        }
        let before = self.variable(name)?;
        let after = if step == "++" { before.wrapping_add(1) } else { before.wrapping_sub(1) };
        self.world.set(name, (self.shown)(after));
        Ok((before, after))
    }

    /// The value of a variable, which may itself be an expression.
    fn variable(&mut self, name: &str) -> Result<i64, String> {
        match self.world.variables.get(name).cloned() {
            Some(Variable::Text(text)) => self.value(&text),
            Some(Variable::Array { .. }) => self.element(name, 0, true),
            None => Err(format!("`{name}` is not set in this script")),
        }
    }

    fn element(&mut self, name: &str, at: i64, live: bool) -> Result<i64, String> {
        if !live {
            return Ok(0);
        }
        let key = at.to_string();
        match self.world.variables.get(name).cloned() {
            Some(Variable::Array { elements, open: false })
                if elements.iter().all(|(key, _)| key.bytes().all(|c| c.is_ascii_digit())) =>
            {
                let found = elements.iter().find(|(other, _)| *other == key);
                found.map_or(Err(unfollowed()), |(_, text)| self.value(text))
            }
            _ => Err(unfollowed()),
        }
    }

    fn value(&mut self, text: &Traced) -> Result<i64, String> {
        let Some(known) = text.text().filter(|text| text.len() <= LONGEST) else {
            return Err(text.reason().map_or_else(unfollowed, str::to_owned));
        };
        if self.depth >= DEEPEST {
            return Err(unfollowed());
        }
        evaluate(&known, self.world, self.depth + 1, self.shown)
    }
}

const fn is_first(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_'
}

const fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// `12`, `014`, `0xc`, `2#1100`.
fn constant(word: &str) -> Option<i64> {
    let (radix, digits) = match word.split_once('#') {
        Some((radix, digits)) => (radix.parse().ok().filter(|radix| (2..=36).contains(radix))?, digits),
        None if word.len() > 1 && word.starts_with('0') => word
            .strip_prefix("0x")
            .or_else(|| word.strip_prefix("0X"))
            .map_or((8, word), |digits| (16, digits)),
        None => (10, word),
    };
    let is_plain = digits.bytes().all(|c| c.is_ascii_alphanumeric());
    i64::from_str_radix(digits, radix).ok().filter(|_| is_plain)
}

/// What an operator makes of two numbers: they wrap at 64 bits.
fn joined(sign: &str, left: i64, right: i64) -> Result<i64, String> {
    let shift = || u32::try_from(right).ok().filter(|right| *right < 64).ok_or_else(unfollowed);
    Ok(match sign {
        "*" => left.wrapping_mul(right),
        "/" => left.checked_div(right).ok_or_else(unfollowed)?,
        "%" => left.checked_rem(right).ok_or_else(unfollowed)?,
        "+" => left.wrapping_add(right),
        "-" => left.wrapping_sub(right),
        "**" => left.wrapping_pow(u32::try_from(right).map_err(|_| unfollowed())?),
        "<<" => left.wrapping_shl(shift()?),
        ">>" => left.wrapping_shr(shift()?),
        "<=" => (left <= right).into(),
        ">=" => (left >= right).into(),
        "<" => (left < right).into(),
        ">" => (left > right).into(),
        "==" => (left == right).into(),
        "!=" => (left != right).into(),
        "&" => left & right,
        "^" => left ^ right,
        "|" => left | right,
        "&&" => (left != 0 && right != 0).into(),
        "||" => (left != 0 || right != 0).into(),
        _ => right,
    })
}
