//! Compares values that are known in part, and asks where a comparison would settle it.

use super::{
    evaluate::{Asked, Evaluator},
    facts::Facts,
    name::Answer,
    partial::{Partial, Truth},
    world::{Split, input_key},
};
use crate::{
    id::Part,
    workflow::expression::{Comparison, Value},
};

impl Evaluator<'_> {
    pub(super) fn compare(&self, operator: Comparison, left: &Partial, right: &Partial) -> Asked<Truth> {
        if let (Some(left), Some(right)) = (left.known(), right.known()) {
            return Ok(Truth::of(operator.holds(left, right)));
        }
        match operator {
            Comparison::Equal => self.equal(left, right),
            Comparison::NotEqual => Ok(self.equal(left, right)?.not()),
            Comparison::Less | Comparison::LessOrEqual | Comparison::Greater | Comparison::GreaterOrEqual => {
                Ok(Truth::Unknown)
            }
        }
    }

    fn equal(&self, left: &Partial, right: &Partial) -> Asked<Truth> {
        match (left, right) {
            // Source: actions/runner `EvaluationResult.cs`: an object is a number to no scalar, and equal to none.
            (object, Partial::Known(scalar)) | (Partial::Known(scalar), object)
                if object.is_object() && !matches!(scalar, Value::Array(_) | Value::Object(_)) =>
            {
                Ok(Truth::No)
            }
            (hole, Partial::Known(value)) | (Partial::Known(value), hole) => match value {
                Value::String(wanted) if wanted.is_empty() && matches!(hole, Partial::Text(_)) => {
                    Ok(if hole.truth() == Truth::Yes { Truth::No } else { Truth::Unknown })
                }
                Value::String(wanted) => self.text_is(&hole.parts(), wanted, hole),
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                    Ok(Truth::Unknown)
                }
            },
            (Partial::Text(one), Partial::Text(other)) if one == other => Ok(Truth::Yes),
            _ => Ok(Truth::Unknown),
        }
    }

    /// Whether a text with holes is `wanted`.
    fn text_is(&self, parts: &[Part], wanted: &str, value: &Partial) -> Asked<Truth> {
        if let [Part::Hole(hole)] = parts
            && let Some(name) = hole.strip_prefix("inputs.").filter(|_| matches!(value, Partial::Unknown(_)))
            && self.world.dispatch_input(name).is_some()
        {
            if self.world.truths.get(&input_key(name, wanted)) == Some(&false) {
                return Ok(Truth::No);
            }
            self.ask(Split::InputIs(name.to_owned(), wanted.to_owned()))?;
            return Ok(Truth::Unknown);
        }
        if let [Part::Hole(hole)] = parts
            && self.is_no_result(hole, wanted)?
        {
            return Ok(Truth::No);
        }
        let Some((hole, inner)) = around_one_hole(parts, wanted) else {
            return Ok(outer_fits(parts, wanted));
        };
        match hole {
            Part::RefName => self.answer(self.world.name.is(inner), Split::NameIs(inner.to_owned())),
            Part::Hole(name) if name == Facts::DEFAULT_BRANCH => {
                if self.world.not_default.contains(&inner.to_lowercase()) {
                    return Ok(Truth::No);
                }
                self.answer(Answer::Both, Split::DefaultIs(inner.to_owned()))
            }
            Part::Hole(_) | Part::Text(_) => Ok(Truth::Unknown),
        }
    }

    pub(super) fn answer(&self, answer: Answer, split: Split) -> Asked<Truth> {
        match answer {
            Answer::Yes => Ok(Truth::Yes),
            Answer::No => Ok(Truth::No),
            Answer::Unknown => Ok(Truth::Unknown),
            Answer::Both => self.ask(split).map(|()| Truth::Unknown),
        }
    }
}

pub(super) fn begins_with(text: &str, start: &str) -> bool {
    text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
}

pub(super) fn ends_with(text: &str, end: &str) -> bool {
    let start = text.len().checked_sub(end.len());
    start.and_then(|start| text.get(start..)).is_some_and(|tail| tail.eq_ignore_ascii_case(end))
}

/// The only hole of a text, and what must stand there for the text to be `wanted`; `None` where there is none or more than one,
/// or the texts around it do not fit.
fn around_one_hole<'p, 'w>(parts: &'p [Part], wanted: &'w str) -> Option<(&'p Part, &'w str)> {
    let (before, hole, after) = match parts {
        [hole] => ("", hole, ""),
        [Part::Text(before), hole] => (before.as_str(), hole, ""),
        [hole, Part::Text(after)] => ("", hole, after.as_str()),
        [Part::Text(before), hole, Part::Text(after)] => (before.as_str(), hole, after.as_str()),
        _ => return None,
    };
    let inner = wanted.len().checked_sub(before.len() + after.len())?;
    let fits = begins_with(wanted, before) && ends_with(wanted, after);
    fits.then(|| wanted.get(before.len()..before.len() + inner)).flatten().map(|inner| (hole, inner))
}

/// Whether the known ends of a text with holes rule `wanted` out.
fn outer_fits(parts: &[Part], wanted: &str) -> Truth {
    let fits = |part: Option<&Part>, fits: fn(&str, &str) -> bool| match part {
        Some(Part::Text(text)) => fits(wanted, text),
        Some(Part::RefName | Part::Hole(_)) | None => true,
    };
    if fits(parts.first(), begins_with) && fits(parts.last(), ends_with) { Truth::Unknown } else { Truth::No }
}
