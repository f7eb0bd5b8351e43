//! The functions of the expression language over values that are known in part.

use super::{
    compare::{begins_with, ends_with},
    evaluate::{Asked, Evaluator, key_of},
    name::Name,
    partial::{Partial, Truth, join},
    world::Split,
};
use crate::{
    id::Part,
    workflow::expression::{self, Comparison, Expr, Function, Value},
};

/// Longer texts are not followed.
const LONGEST: usize = 64 * 1024;
/// Nor are texts of more parts, every second of which is a hole.
const MOST_PARTS: usize = 200;

impl Evaluator<'_> {
    pub(super) fn call(
        &self,
        function: Function,
        arguments: &[Expr],
        text: &str,
        written: &str,
    ) -> Asked<Partial> {
        if function == Function::Case {
            return self.case(arguments, text, written);
        }
        let values =
            arguments.iter().map(|argument| self.value(argument, text)).collect::<Asked<Vec<_>>>()?;
        let known: Option<Vec<Value>> = values.iter().map(|value| value.known().cloned()).collect();
        let unknown = Partial::Unknown(written.to_owned());
        let bool =
            |truth: Truth| truth.known().map_or_else(|| Partial::Unknown(written.to_owned()), Partial::Known);
        let (first, second) = (values.first(), values.get(1));
        Ok(match (function, known) {
            (Function::Success, _) if self.may_fail_before() => unknown,
            (Function::Success, _) => Partial::Known(Value::Bool(true)),
            (Function::Failure | Function::Cancelled | Function::HashFiles, _) => unknown,
            (function, Some(known)) => match expression::call(function, &known) {
                Ok(Value::String(text)) if text.len() > LONGEST => unknown,
                Ok(value) => Partial::Known(value),
                Err(_) => unknown,
            },
            (Function::Format, None) => formatted(&values).unwrap_or(unknown),
            (Function::StartsWith, None) => bool(self.begins(first, second)?),
            (Function::EndsWith, None) => bool(self.ends(first, second)),
            (Function::Contains, None) => bool(self.contains(first, second)?),
            (
                Function::Join | Function::ToJson | Function::FromJson | Function::Case | Function::Always,
                None,
            ) => unknown,
        })
    }

    fn case(&self, arguments: &[Expr], text: &str, written: &str) -> Asked<Partial> {
        for pair in arguments.chunks(2) {
            match pair {
                [condition, value] => {
                    let condition = self.value(condition, text)?;
                    match self.decided(&condition, &key_of(&condition))? {
                        Truth::Yes => return self.value(value, text),
                        Truth::No => {}
                        Truth::Unknown => break,
                    }
                }
                [default] => return self.value(default, text),
                _ => {}
            }
        }
        Ok(Partial::Unknown(written.to_owned()))
    }

    fn begins(&self, text: Option<&Partial>, start: Option<&Partial>) -> Asked<Truth> {
        let (Some(text), Some(start)) = (text, start.and_then(Partial::known)) else {
            return Ok(Truth::Unknown);
        };
        let (parts, start) = (text.parts(), start.to_text());
        let (head, rest) = match parts.split_first() {
            Some((Part::Text(head), rest)) => (head.as_str(), rest),
            _ => ("", parts.as_slice()),
        };
        if head.len() >= start.len() || !begins_with(&start, head) {
            return Ok(Truth::of(begins_with(head, &start)));
        }
        let inner = start.get(head.len()..).unwrap_or("");
        match rest {
            [Part::RefName, ..] => {
                self.answer(self.world.name.begins(inner), Split::NameBegins(inner.to_owned()))
            }
            _ => Ok(Truth::Unknown),
        }
    }

    fn contains(&self, search: Option<&Partial>, item: Option<&Partial>) -> Asked<Truth> {
        let (Some(search), Some(item)) = (search, item) else { return Ok(Truth::Unknown) };
        if let Some(items) = search.items() {
            let mut any = Truth::No;
            for member in &items {
                any = any.or(self.compare(Comparison::Equal, member, item)?);
                if any == Truth::Yes {
                    break;
                }
            }
            return Ok(any);
        }
        let (Partial::Text(parts), Some(Value::String(item))) = (search, item.known()) else {
            return Ok(Truth::Unknown);
        };
        // Assumed: no branch or tag has `refs/` in its name, so that such a part can only be the beginning.
        if item.starts_with("refs/") {
            return self.begins(Some(search), Some(&Partial::text(&**item)));
        }
        let inside = |part: &Part| match part {
            Part::Text(text) => text.to_lowercase().contains(&item.to_lowercase()),
            Part::RefName | Part::Hole(_) => false,
        };
        Ok(if self.spelled(parts).iter().any(inside) { Truth::Yes } else { Truth::Unknown })
    }

    fn ends(&self, text: Option<&Partial>, end: Option<&Partial>) -> Truth {
        let (Some(Partial::Text(parts)), Some(Partial::Known(end))) = (text, end) else {
            return Truth::Unknown;
        };
        match (self.spelled(parts).last(), end.to_text()) {
            (Some(Part::Text(tail)), end) if tail.len() >= end.len() => Truth::of(ends_with(tail, &end)),
            (Some(Part::Text(tail)), end) if !ends_with(&end, tail) => Truth::No,
            _ => Truth::Unknown,
        }
    }

    /// The same text with what the pattern of a family tells about its name.
    fn spelled(&self, parts: &[Part]) -> Vec<Part> {
        let Name::Family { pattern, .. } = &self.world.name else { return parts.to_vec() };
        let spelled = parts.iter().flat_map(|part| match part {
            Part::RefName => vec![Part::Text(pattern.start()), Part::RefName, Part::Text(pattern.end())],
            Part::Text(_) | Part::Hole(_) => vec![part.clone()],
        });
        join(spelled.collect())
    }
}

/// `format` with arguments that have holes.
fn formatted(values: &[Partial]) -> Option<Partial> {
    let Some(Value::String(pattern)) = values.first()?.known() else { return None };
    // Every argument is replaced by a mark that no text holds, so that the language's own `format` does the work.
    let marks: Vec<Value> = (0..values.len()).map(|at| Value::from(format!("\u{0}{at}\u{0}"))).collect();
    let mut arguments = vec![Value::String(pattern.clone())];
    arguments.extend(marks.into_iter().skip(1));
    let Ok(Value::String(text)) = expression::call(Function::Format, &arguments) else { return None };
    let mut parts = Vec::new();
    for (at, piece) in text.split('\u{0}').enumerate() {
        if at % 2 == 0 {
            parts.push(Part::Text(piece.to_owned()));
        } else {
            parts.extend(values.get(piece.parse::<usize>().ok()?)?.parts());
        }
        let size = |part: &Part| match part {
            Part::Text(text) | Part::Hole(text) => text.len(),
            Part::RefName => 1,
        };
        if parts.len() > MOST_PARTS || parts.iter().map(size).sum::<usize>() > LONGEST {
            return None;
        }
    }
    Some(Partial::from_parts(parts))
}
