//! `-match`, `-replace` and `-split`: regular expressions on known text.
//!
//! .NET and the regex crate agree on the patterns that are taken here; any other pattern is not followed.

use regex::bytes::{Captures, Regex, RegexBuilder};

use super::{element::named, run::Runner, value::Value, world::World};
use crate::{
    text::{Place, Span},
    trust::read::script::Traced,
};

/// Most bytes of a prepared pattern.
const PATTERN_SIZE: usize = 256 * 1024;
/// What it costs to prepare one.
const PATTERN_COST: usize = 8 * 1024;

impl Runner<'_> {
    /// Whether a text matches; what it matched is `$Matches` from then on.
    pub(super) fn matches(
        &mut self,
        text: &Value,
        pattern: &Value,
        exact: bool,
        place: &Place,
    ) -> Option<bool> {
        self.matched =
            Some(Value::Text(Traced::hole("Matches", "what `-match` found is not known", place.clone())));
        let text = text.clone().into_text(place).text().filter(|text| text.is_ascii())?;
        let pattern = self.compiled(&pattern.clone().into_text(place).text()?, exact)?;
        if text.contains('\n') {
            return None;
        }
        let Some(found) = pattern.captures(text.as_bytes()) else {
            self.matched = None;
            return Some(false);
        };
        // The groups without a name are counted first.
        let mut count = 0;
        let mut groups = Vec::new();
        for (group, name) in found.iter().zip(pattern.capture_names()) {
            let key = name.map_or_else(|| count.to_string(), str::to_owned);
            count += usize::from(name.is_none());
            let text = group.and_then(|group| std::str::from_utf8(group.as_bytes()).ok());
            groups.extend(text.map(|text| (key, named(text, place))));
        }
        self.matched = Some(Value::Table(groups));
        Some(true)
    }

    /// What `-match` has found is set in the run.
    pub(super) fn set_matches(&mut self, world: &mut World) {
        if let Some(found) = self.matched.take() {
            world.set("matches", found);
        }
    }

    /// `text -replace pattern, with`.
    pub(super) fn replaced(
        &mut self,
        operator: &str,
        text: &Value,
        right: &Value,
        span: Span,
    ) -> Option<Value> {
        let place = self.place(span);
        let mut pair = right.clone().into_items().into_iter().map(|item| item.into_text(&place));
        let pattern = pair.next()?.text()?;
        let with = pair.next().unwrap_or_default();
        let text = text.clone().into_text(&place);
        // Quotes are escaped for the way to az and unescaped on it.
        if pattern == "\"" {
            return Some(Value::Text(text));
        }
        let known = text.text().filter(|text| text.is_ascii())?;
        let pattern = self.compiled(&pattern, operator == "creplace")?;
        if known.contains('\n') && pattern.as_str().contains(['$', '^']) {
            return None;
        }
        let is_named = pattern.capture_names().any(|name| name.is_some());
        let mut out = Traced::default();
        let mut plain = 0;
        for found in pattern.captures_iter(known.as_bytes()) {
            let whole = found.get(0)?;
            out.append(text.cut(plain, whole.start()));
            out.append(filled(&with, &text, &found, is_named)?);
            plain = whole.end();
            if !self.effort.spend(out.cost()) {
                return None;
            }
        }
        out.append(text.cut(plain, known.len()));
        Some(Value::Text(out))
    }

    /// `text -split pattern` and `text -split pattern, most`.
    pub(super) fn split_at(&mut self, text: &Value, right: Value, span: Span) -> Option<Value> {
        let place = self.place(span);
        let mut given = right.into_items().into_iter();
        let pattern = given.next()?.into_text(&place).text()?;
        let most = match given.next() {
            None => usize::MAX,
            Some(Value::Number(most)) => usize::try_from(most).ok().filter(|most| *most > 0)?,
            Some(_) => return None,
        };
        let pattern = self.compiled(&pattern, false).filter(|pattern| pattern.captures_len() == 1)?;
        let Value::Text(text) = text else { return None };
        let known = text.text().filter(|text| text.is_ascii() && !text.contains('\n'))?;
        let mut items = Vec::new();
        let mut plain = 0;
        for found in pattern.find_iter(known.as_bytes()).take(most - 1) {
            if found.is_empty() {
                return None;
            }
            items.push(Value::Text(text.cut(plain, found.start())));
            plain = found.end();
        }
        items.push(Value::Text(text.cut(plain, known.len())));
        Some(Value::of(items))
    }

    fn compiled(&mut self, pattern: &str, exact: bool) -> Option<Regex> {
        // What means something else in .NET: sets inside sets, and classes that reach beyond ASCII.
        let is_odd = ["-[", "&&", "--", "~~", "[[", "\\p", "\\P", "(?#", "(?<-"]
            .iter()
            .any(|odd| pattern.contains(odd));
        if is_odd || !pattern.is_ascii() || !self.effort.spend(PATTERN_COST) {
            return None;
        }
        RegexBuilder::new(pattern)
            .unicode(false)
            .case_insensitive(!exact)
            .size_limit(PATTERN_SIZE)
            .build()
            .ok()
    }
}

/// The replacement with its groups put in: `$1`, `${name}`. Where groups have names the numbers are not followed.
fn filled(with: &Traced, text: &Traced, found: &Captures<'_>, is_named: bool) -> Option<Traced> {
    let marked = with.marked();
    let mut out = Traced::default();
    let mut plain = 0;
    while let Some(at) = marked.get(plain..)?.find('$').map(|at| plain + at) {
        out.append(with.cut(plain, at));
        let rest = marked.get(at + 1..)?;
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let braced = rest.strip_prefix('{').and_then(|rest| rest.split_once('}'));
        let (group, length) = match braced {
            Some((name, _)) => {
                let number = name.parse::<usize>().ok();
                (
                    number.map_or_else(|| found.name(name), |number| found.get(number).filter(|_| !is_named)),
                    name.len() + 2,
                )
            }
            None if digits > 0 => {
                let number: usize = rest.get(..digits)?.parse().ok()?;
                if number >= found.len() || is_named {
                    return None;
                }
                (found.get(number), digits)
            }
            None => return None,
        };
        if let Some(group) = group {
            out.append(text.cut(group.start(), group.end()));
        }
        plain = at + 1 + length;
    }
    out.append(with.cut(plain, marked.len()));
    Some(out)
}
