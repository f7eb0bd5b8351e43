//! Bicep's and ARM's functions for arrays and objects.

use std::collections::BTreeMap;

use super::lazy::bound;
use crate::trust::read::formula::{
    Arguments, Call, Datum, Environment, Formula, Kind, Trouble, flatten, join, key_set, merge, unique,
};

/// Longer ranges are not worked out.
const MOST_ELEMENTS: usize = 1000;

/// Calls `name`, given in small letters.
pub(super) fn call(name: &str, arguments: &Arguments) -> Result<Datum, Trouble> {
    match name {
        "concat" => match arguments.get(0) {
            Ok(Datum::List(_)) => lists(arguments).map(|lists| Datum::List(lists.concat())),
            _ => join("", arguments.all()),
        },
        "array" => arguments.get(0).map(array),
        "createarray" => Ok(Datum::List(arguments.all().to_vec())),
        "createobject" => object(arguments.all()),
        "union" if matches!(arguments.get(0)?, Datum::List(_)) => {
            lists(arguments).map(|lists| Datum::List(unique(&lists.concat())))
        }
        "union" => merge(arguments, true),
        "shallowmerge" => merged(arguments.list(0)?),
        "flatten" => flatten(arguments.list(0)?).map(Datum::List),
        "coalesce" => {
            Ok(arguments.all().iter().find(|datum| **datum != Datum::Null).cloned().unwrap_or(Datum::Null))
        }
        "empty" => arguments.get(0).and_then(empty),
        "length" => length(arguments.get(0)?),
        "range" => range(arguments),
        "objectkeys" => arguments.map(0).map(key_set),
        "items" => arguments
            .map(0)
            .map(|entries| Datum::List(entries.iter().map(|(key, value)| item(key, value)).collect())),
        "contains" => contains(arguments),
        "tryget" => Ok(arguments.map(0)?.get(&arguments.text(1)?).cloned().unwrap_or(Datum::Null)),
        "null" => Ok(Datum::Null),
        "true" => Ok(Datum::Bool(true)),
        "false" => Ok(Datum::Bool(false)),
        _ => Err(Trouble::Unsupported),
    }
}

/// A list as it is, anything else as a list of one.
fn array(one: &Datum) -> Datum {
    match one {
        Datum::List(items) => Datum::List(items.clone()),
        Datum::Null | Datum::Bool(_) | Datum::Number(_) | Datum::Text(_) | Datum::Map(_) | Datum::Hole(_) => {
            Datum::List(vec![one.clone()])
        }
    }
}

/// `map`, `mapValues`, `filter`, `groupBy`, `toObject`, `reduce` with their lambdas; others are not evaluated.
pub(super) fn with_lambda(env: &Environment<'_>, call: &Call) -> Option<Datum> {
    let (over, rest) = call.arguments.split_first()?;
    let pairs = match env.pairs(over) {
        Ok(pairs) => pairs,
        Err(unknown) => return Some(unknown),
    };
    let apply = |lambda: &Formula, values: &[Datum]| {
        let Kind::Lambda(names, body) = &lambda.kind else { return None };
        Some(bound(env, &mut names.iter().zip(values), body))
    };
    match (call.name.to_ascii_lowercase().as_str(), rest) {
        ("map", [lambda]) => {
            let items = pairs.into_iter().map(|(at, item)| apply(lambda, &[item, at]));
            items.collect::<Option<_>>().map(Datum::List)
        }
        ("filter", [lambda]) => {
            let mut kept = Vec::new();
            for (at, item) in pairs {
                if apply(lambda, &[item.clone(), at])?.truth()? {
                    kept.push(item);
                }
            }
            Some(Datum::List(kept))
        }
        ("toobject", [key, rest @ ..]) => {
            let entries = pairs.into_iter().map(|(_, item)| {
                let one = std::slice::from_ref(&item);
                let name = apply(key, one)?.to_key()?;
                Some((name, rest.first().map_or(Some(item.clone()), |value| apply(value, one))?))
            });
            entries.collect::<Option<BTreeMap<_, _>>>().map(Datum::Map)
        }
        ("mapvalues", [lambda]) => {
            let entries =
                pairs.into_iter().map(|(key, value)| Some((key.to_key()?, apply(lambda, &[value])?)));
            entries.collect::<Option<BTreeMap<_, _>>>().map(Datum::Map)
        }
        ("groupby", [lambda]) => {
            let keyed = pairs
                .into_iter()
                .map(|(_, item)| Some((apply(lambda, std::slice::from_ref(&item))?.to_key()?, item)));
            keyed.collect::<Option<Vec<_>>>().map(grouped)
        }
        ("reduce", [start, lambda]) => {
            pairs.into_iter().try_fold(env.evaluate(start), |sum, (at, item)| apply(lambda, &[sum, item, at]))
        }
        _ => None,
    }
}

fn grouped(keyed: Vec<(String, Datum)>) -> Datum {
    let mut groups: BTreeMap<String, Vec<Datum>> = BTreeMap::new();
    for (key, item) in keyed {
        groups.entry(key).or_default().push(item);
    }
    Datum::Map(groups.into_iter().map(|(key, items)| (key, Datum::List(items))).collect())
}

fn lists(arguments: &Arguments) -> Result<Vec<&[Datum]>, Trouble> {
    (0..arguments.len()).map(|at| arguments.list(at)).collect()
}

fn object(pairs: &[Datum]) -> Result<Datum, Trouble> {
    let mut entries = BTreeMap::new();
    for pair in pairs.chunks(2) {
        let [key, value] = pair else { return Err(Trouble::Wrong) };
        entries.insert(key.to_key().ok_or(Trouble::Wrong)?, value.clone());
    }
    Ok(Datum::Map(entries))
}

fn merged(items: &[Datum]) -> Result<Datum, Trouble> {
    merge(&Arguments::new(items.to_vec()), false)
}

fn empty(datum: &Datum) -> Result<Datum, Trouble> {
    Ok(Datum::Bool(match datum {
        Datum::Null => true,
        Datum::List(items) => items.is_empty(),
        Datum::Map(entries) => entries.is_empty(),
        Datum::Text(value) => match (value.text(), datum.first_hole()) {
            (Some(text), _) => text.is_empty(),
            (None, Some(hole)) => return Err(Trouble::Unknown(hole)),
            (None, None) => false,
        },
        Datum::Bool(_) | Datum::Number(_) | Datum::Hole(_) => return Err(Trouble::Wrong),
    }))
}

#[expect(clippy::cast_precision_loss, reason = "lengths in files are small")]
fn length(datum: &Datum) -> Result<Datum, Trouble> {
    let length = match datum {
        Datum::List(items) => items.len(),
        Datum::Map(entries) => entries.len(),
        Datum::Text(value) => value.text().map(|text| text.chars().count()).ok_or(Trouble::Wrong)?,
        Datum::Null | Datum::Bool(_) | Datum::Number(_) | Datum::Hole(_) => return Err(Trouble::Wrong),
    };
    Ok(Datum::Number(length as f64))
}

fn range(arguments: &Arguments) -> Result<Datum, Trouble> {
    let (start, count) = (arguments.number(0)?, arguments.count(1)?);
    if count > MOST_ELEMENTS {
        return Err(Trouble::TooLarge("the list is too long"));
    }
    let numbers = std::iter::successors(Some(start), |number| Some(number + 1.0)).take(count);
    Ok(Datum::List(numbers.map(Datum::Number).collect()))
}

fn item(key: &str, value: &Datum) -> Datum {
    Datum::Map(BTreeMap::from([("key".to_owned(), Datum::text(key)), ("value".to_owned(), value.clone())]))
}

fn contains(arguments: &Arguments) -> Result<Datum, Trouble> {
    let container = arguments.get(0)?;
    if let Datum::Map(entries) = container {
        let wanted = arguments.text(1)?;
        return Ok(Datum::Bool(entries.keys().any(|key| key.eq_ignore_ascii_case(&wanted))));
    }
    if let Datum::List(items) = container {
        let wanted = arguments.get(1)?;
        let answers: Vec<Option<bool>> = items.iter().map(|item| item.same(wanted)).collect();
        return match (answers.contains(&Some(true)), container.first_hole().or_else(|| wanted.first_hole())) {
            (true, _) => Ok(Datum::Bool(true)),
            (false, Some(hole)) => Err(Trouble::Unknown(hole)),
            (false, None) => Ok(Datum::Bool(false)),
        };
    }
    Ok(Datum::Bool(arguments.text(0)?.contains(&arguments.text(1)?)))
}
