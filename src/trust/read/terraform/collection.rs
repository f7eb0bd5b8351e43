//! Terraform's functions for lists, sets and maps.

use crate::trust::read::formula::{Arguments, Datum, Trouble, flatten, key_set, merge, set, unique, without};

/// Longer ranges are not worked out.
const MOST_ELEMENTS: usize = 1000;
/// Larger products are not worked out.
const MOST_ROWS: usize = 5000;

/// Calls a function of lists and maps.
pub(super) fn call(name: &str, arguments: &Arguments) -> Result<Datum, Trouble> {
    match name {
        "concat" => {
            let lists: Result<Vec<&[Datum]>, Trouble> =
                (0..arguments.len()).map(|at| arguments.list(at)).collect();
            Ok(Datum::List(lists?.concat()))
        }
        "merge" => merge(arguments, false),
        "flatten" => flatten(arguments.list(0)?).map(Datum::List),
        "toset" => Ok(set(arguments.list(0)?)),
        "tolist" | "tomap" => arguments.get(0).cloned(),
        "distinct" => Ok(Datum::List(unique(arguments.list(0)?))),
        "compact" => {
            Ok(Datum::List(arguments.list(0)?.iter().filter(|item| !is_blank(item)).cloned().collect()))
        }
        "sort" => Ok(set_like(arguments.list(0)?)),
        "reverse" => Ok(Datum::List(arguments.list(0)?.iter().rev().cloned().collect())),
        "keys" => arguments.map(0).map(key_set),
        "values" => arguments.map(0).map(|entries| Datum::List(entries.values().cloned().collect())),
        "lookup" => lookup(arguments),
        "element" => element(arguments.list(0)?, arguments.count(1)?),
        "length" => length(arguments),
        "contains" => contains(arguments),
        _ => sets(name, arguments),
    }
}

fn sets(name: &str, arguments: &Arguments) -> Result<Datum, Trouble> {
    match name {
        "coalesce" => coalesce(arguments),
        "coalescelist" => (0..arguments.len())
            .map(|at| arguments.list(at))
            .find(|list| !matches!(list, Ok([])))
            .unwrap_or(Err(Trouble::Wrong))
            .map(|list| Datum::List(list.to_vec())),
        "one" => match arguments.list(0)? {
            [] => Ok(Datum::Null),
            [one] => Ok(one.clone()),
            _ => Err(Trouble::Wrong),
        },
        "range" => range(arguments),
        "setproduct" => set_product(arguments),
        "setunion" => {
            let lists: Result<Vec<&[Datum]>, Trouble> =
                (0..arguments.len()).map(|at| arguments.list(at)).collect();
            Ok(set(&lists?.concat()))
        }
        "setsubtract" => subtracted(arguments),
        "zipmap" => zip_map(arguments),
        "slice" => {
            let (start, end) = (arguments.count(1)?, arguments.count(2)?);
            arguments.list(0)?.get(start..end).map(|part| Datum::List(part.to_vec())).ok_or(Trouble::Wrong)
        }
        "min" | "max" => extreme(name, arguments),
        _ => Err(Trouble::Unsupported),
    }
}

fn extreme(name: &str, arguments: &Arguments) -> Result<Datum, Trouble> {
    let numbers: Result<Vec<f64>, Trouble> = (0..arguments.len()).map(|at| arguments.number(at)).collect();
    let best = numbers?.into_iter().reduce(if name == "min" { f64::min } else { f64::max });
    best.map(Datum::Number).ok_or(Trouble::Wrong)
}

#[expect(clippy::cast_precision_loss, reason = "lengths in files are small")]
fn length(arguments: &Arguments) -> Result<Datum, Trouble> {
    let datum = arguments.get(0)?;
    let length = if let Datum::List(items) = datum {
        items.len()
    } else if let Datum::Map(entries) = datum {
        entries.len()
    } else {
        arguments.text(0)?.chars().count()
    };
    Ok(Datum::Number(length as f64))
}

fn is_blank(datum: &Datum) -> bool {
    *datum == Datum::Null || datum.to_key().as_deref() == Some("")
}

fn lookup(arguments: &Arguments) -> Result<Datum, Trouble> {
    let key = arguments.text(1)?;
    match (arguments.map(0)?.get(&key), arguments.all().get(2)) {
        (Some(found), _) | (None, Some(found)) => Ok(found.clone()),
        (None, None) => Err(Trouble::Wrong),
    }
}

fn element(items: &[Datum], at: usize) -> Result<Datum, Trouble> {
    at.checked_rem(items.len()).and_then(|at| items.get(at)).cloned().ok_or(Trouble::Wrong)
}

fn set_like(items: &[Datum]) -> Datum {
    let mut items = items.to_vec();
    items.sort_by_key(Datum::to_key);
    Datum::List(items)
}

fn contains(arguments: &Arguments) -> Result<Datum, Trouble> {
    let wanted = arguments.get(1)?;
    let answers: Vec<Option<bool>> = arguments.list(0)?.iter().map(|item| item.same(wanted)).collect();
    if answers.contains(&Some(true)) {
        return Ok(Datum::Bool(true));
    }
    let unknown = arguments.get(0)?.first_hole().or_else(|| wanted.first_hole());
    match unknown.filter(|_| answers.contains(&None)) {
        Some(hole) => Err(Trouble::Unknown(hole)),
        None => Ok(Datum::Bool(false)),
    }
}

fn coalesce(arguments: &Arguments) -> Result<Datum, Trouble> {
    for at in 0..arguments.len() {
        let datum = arguments.get(at)?;
        if !is_blank(datum) {
            return Ok(datum.clone());
        }
    }
    Err(Trouble::Wrong)
}

fn range(arguments: &Arguments) -> Result<Datum, Trouble> {
    let (start, end) = if arguments.len() == 1 {
        (0.0, arguments.number(0)?)
    } else {
        (arguments.number(0)?, arguments.number(1)?)
    };
    let step = if arguments.len() > 2 { arguments.number(2)? } else { 1.0 };
    let mut numbers = Vec::new();
    let mut at = start;
    while step > 0.0 && at < end {
        numbers.push(Datum::Number(at));
        at += step;
        if numbers.len() > MOST_ELEMENTS {
            return Err(Trouble::TooLarge("the list is too long"));
        }
    }
    Ok(Datum::List(numbers))
}

fn set_product(arguments: &Arguments) -> Result<Datum, Trouble> {
    let mut rows: Vec<Vec<Datum>> = vec![Vec::new()];
    for at in 0..arguments.len() {
        let items = arguments.list(at)?;
        if rows.len() * items.len() > MOST_ROWS {
            return Err(Trouble::TooLarge("the product is too large"));
        }
        rows = rows
            .iter()
            .flat_map(|row| items.iter().map(move |item| row.iter().cloned().chain([item.clone()]).collect()))
            .collect();
    }
    Ok(Datum::List(rows.into_iter().map(Datum::List).collect()))
}

fn subtracted(arguments: &Arguments) -> Result<Datum, Trouble> {
    let taken = arguments.list(1)?;
    if let Some(hole) = arguments.get(1)?.first_hole() {
        return Err(Trouble::Unknown(hole));
    }
    Ok(Datum::List(without(arguments.list(0)?, taken)))
}

fn zip_map(arguments: &Arguments) -> Result<Datum, Trouble> {
    let keys: Option<Vec<String>> = arguments.list(0)?.iter().map(Datum::to_key).collect();
    let keys = keys.ok_or(Trouble::Wrong)?;
    Ok(Datum::Map(keys.into_iter().zip(arguments.list(1)?.iter().cloned()).collect()))
}
