//! Terraform's `format`: `%s`, `%d`, `%q`, `%v`, zero padding, `%%`, explicit positions.

use crate::trust::{
    Value,
    read::formula::{Arguments, Datum, LongText, Trouble},
};

/// `template` with its verbs replaced by `items`, unknown ones included.
pub(super) fn format(template: &str, items: &[Datum]) -> Result<Datum, Trouble> {
    let mut whole = LongText::default();
    let (mut rest, mut next) = (template, 0);
    while let Some((before, after)) = rest.split_once('%') {
        whole.push(Value::known(before))?;
        let end = after.find(|c: char| c.is_ascii_alphabetic() || c == '%').ok_or(Trouble::Wrong)?;
        let (flags, tail) = after.split_at_checked(end).ok_or(Trouble::Wrong)?;
        let mut characters = tail.chars();
        let verb = characters.next().ok_or(Trouble::Wrong)?;
        rest = characters.as_str();
        if verb == '%' {
            whole.push(Value::known("%"))?;
            continue;
        }
        let (at, width) = position(flags, next);
        next = at.saturating_add(1);
        whole.push(shown(items.get(at).ok_or(Trouble::Wrong)?, verb, width)?)?;
    }
    whole.push(Value::known(rest))?;
    Ok(whole.finish())
}

/// `[2]` picks an argument; what follows it is the width.
fn position(flags: &str, next: usize) -> (usize, &str) {
    let explicit = flags.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    match explicit.and_then(|(number, width)| Some((number.parse::<usize>().ok()?.checked_sub(1)?, width))) {
        Some(found) => found,
        None => (next, flags),
    }
}

fn shown(item: &Datum, verb: char, width: &str) -> Result<Value, Trouble> {
    let value = item.to_value().ok_or(Trouble::Wrong)?;
    let Some(text) = value.text().filter(|_| !width.is_empty() || verb == 'q') else { return Ok(value) };
    let padded = match (verb, width.strip_prefix('0').map(|width| width.parse::<usize>())) {
        ('q', _) => format!("\"{text}\""),
        (_, Some(Ok(width))) if width < 100 => format!("{text:0>width$}"),
        (_, None) => match (width.strip_prefix('-').map(str::parse::<usize>), width.parse::<usize>()) {
            (Some(Ok(width)), _) if width < 100 => format!("{text:<width$}"),
            (_, Ok(width)) if width < 100 => format!("{text:>width$}"),
            _ => return Err(Trouble::Unsupported),
        },
        _ => return Err(Trouble::Unsupported),
    };
    Ok(Value::known(padded))
}

/// `format` for every element of the lists among the arguments.
pub(super) fn format_list(arguments: &Arguments) -> Result<Datum, Trouble> {
    let template = arguments.text(0)?;
    let items = arguments.all().get(1..).unwrap_or_default();
    let mut length = None;
    for at in 1..arguments.len() {
        if let Datum::List(list) = arguments.get(at)? {
            length = Some(list.len());
        }
    }
    let rows = (0..length.unwrap_or(1)).map(|row| {
        let cells: Option<Vec<Datum>> = items
            .iter()
            .map(|item| match item {
                Datum::List(list) => list.get(row).cloned(),
                Datum::Null
                | Datum::Bool(_)
                | Datum::Number(_)
                | Datum::Text(_)
                | Datum::Map(_)
                | Datum::Hole(_) => Some(item.clone()),
            })
            .collect();
        format(&template, &cells.ok_or(Trouble::Wrong)?)
    });
    rows.collect::<Result<Vec<_>, _>>().map(Datum::List)
}
