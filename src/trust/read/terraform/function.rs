//! The functions of Terraform that occur where credentials are defined.

use std::collections::BTreeMap;

use regex::{Regex, RegexBuilder};

use super::{
    collection,
    files::{file, file_exists, file_set},
    format,
    instance::Instance,
    lists,
};
use crate::{
    text::Source,
    trust::read::formula::{
        Arguments, Datum, Environment, Formula, Kind, LongText, Trouble, between, change_case, decode_json,
        join, json, parse_csv, parse_yaml, percent_encoded, replace, split,
    },
};

/// What it costs to prepare a regular expression.
const PATTERN_COST: usize = 500;
/// Most bytes of a prepared regular expression.
const PATTERN_SIZE: usize = 256 * 1024;

/// Calls `name`; functions that look at lists and maps live beside those for texts.
pub(super) fn call(
    instance: &Instance<'_>,
    env: &Environment<'_>,
    name: &str,
    arguments: &Arguments,
) -> Result<Datum, Trouble> {
    if matches!(name, "regex" | "regexall" | "replace") && !env.fuel.burn(PATTERN_COST) {
        return Err(Trouble::TooLarge("working it out takes too long"));
    }
    match texts(name, arguments).and_then(LongText::bounded) {
        Err(Trouble::Unsupported) => {}
        answer => return answer,
    }
    for answer in [collection::call(name, arguments), lists::call(name, arguments)] {
        if answer != Err(Trouble::Unsupported) {
            return answer;
        }
    }
    match name {
        "file" => file(instance, arguments).map(|source| Datum::text(source.text())),
        "fileset" => file_set(instance, env, arguments),
        "templatefile" => template_file(instance, env, arguments),
        "templatestring" => template_string(env, arguments),
        "fileexists" => file_exists(instance, arguments),
        "uuid" | "timestamp" | "plantimestamp" | "bcrypt" => {
            Err(Trouble::AtRun(format!("{name}() is another value at every run")))
        }
        _ => Err(Trouble::Unsupported),
    }
}

fn texts(name: &str, arguments: &Arguments) -> Result<Datum, Trouble> {
    let text = |text: String| Ok(Datum::text(text));
    match name {
        "lower" => Ok(change_case(arguments.value(0)?, name, str::to_lowercase)),
        "upper" => Ok(change_case(arguments.value(0)?, name, str::to_uppercase)),
        "title" => text(title(&arguments.text(0)?)),
        "format" => format::format(&arguments.text(0)?, arguments.all().get(1..).unwrap_or_default()),
        "formatlist" => format::format_list(arguments),
        "join" => join(&arguments.text(0)?, &list_of(arguments, 1)?),
        "split" => Ok(split(&arguments.text(0)?, &arguments.text(1)?)),
        "replace" => substitute(arguments),
        "trimspace" => text(arguments.text(0)?.trim().to_owned()),
        "chomp" => text(arguments.text(0)?.trim_end_matches(['\r', '\n']).to_owned()),
        "trim" => with_marks(arguments, |text, marks| text.trim_matches(marks).to_owned()),
        "trimprefix" => {
            with_affix(arguments, |text, affix| text.strip_prefix(affix).unwrap_or(text).to_owned())
        }
        "trimsuffix" => {
            with_affix(arguments, |text, affix| text.strip_suffix(affix).unwrap_or(text).to_owned())
        }
        "startswith" => Ok(Datum::Bool(arguments.text(0)?.starts_with(&arguments.text(1)?))),
        "endswith" => Ok(Datum::Bool(arguments.text(0)?.ends_with(&arguments.text(1)?))),
        "strcontains" => Ok(Datum::Bool(arguments.text(0)?.contains(&arguments.text(1)?))),
        "substr" => text(part(arguments)?),
        "strrev" => text(arguments.text(0)?.chars().rev().collect()),
        "tostring" | "nonsensitive" | "sensitive" | "tonumber" | "tobool" => arguments.get(0).cloned(),
        "jsonencode" => text(json(arguments.get(0)?)?),
        "jsondecode" => decode_json(arguments),
        "yamldecode" => parse_yaml(&arguments.text(0)?),
        "csvdecode" => parse_csv(&arguments.text(0)?),
        "urlencode" => text(percent_encoded(&arguments.text(0)?).replace("%20", "+")),
        "regex" => matches_of(arguments)?.into_iter().next().ok_or(Trouble::Wrong),
        "regexall" => matches_of(arguments).map(Datum::List),
        _ => Err(Trouble::Unsupported),
    }
}

/// `substr`: a start below zero counts from the end, a length below zero is the rest.
fn part(arguments: &Arguments) -> Result<String, Trouble> {
    let (text, length) = (arguments.text(0)?, arguments.number(2)?);
    let length = if length < 0.0 { None } else { Some(arguments.count(2)?) };
    if arguments.number(1)? >= 0.0 {
        return Ok(between(&text, arguments.count(1)?, length));
    }
    let back = Arguments::new(vec![Datum::Number(-arguments.number(1)?)]).count(0)?;
    Ok(between(&text, text.chars().count().saturating_sub(back), length))
}

fn title(text: &str) -> String {
    let mut start = true;
    text.chars()
        .map(|c| {
            let changed = if start { c.to_uppercase().next().unwrap_or(c) } else { c };
            start = c.is_whitespace();
            changed
        })
        .collect()
}

fn with_affix(arguments: &Arguments, change: impl Fn(&str, &str) -> String) -> Result<Datum, Trouble> {
    Ok(Datum::text(change(&arguments.text(0)?, &arguments.text(1)?)))
}

fn with_marks(arguments: &Arguments, change: impl Fn(&str, &[char]) -> String) -> Result<Datum, Trouble> {
    let marks: Vec<char> = arguments.text(1)?.chars().collect();
    Ok(Datum::text(change(&arguments.text(0)?, &marks)))
}

/// A list, or the values of further arguments as one.
fn list_of(arguments: &Arguments, from: usize) -> Result<Vec<Datum>, Trouble> {
    let lists: Result<Vec<&[Datum]>, Trouble> =
        (from..arguments.len()).map(|at| arguments.list(at)).collect();
    Ok(lists?.concat())
}

/// `replace` takes a pattern between slashes as a regular expression.
fn substitute(arguments: &Arguments) -> Result<Datum, Trouble> {
    let (from, to) = (arguments.text(1)?, arguments.text(2)?);
    let pattern = from.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')).filter(|_| from.len() > 1);
    let Some(pattern) = pattern else { return replace(arguments.value(0)?, &from, &to) };
    let (regex, text) = (compiled(pattern)?, arguments.text(0)?);
    // Each `$` may stand for the whole text, and each character may be a match.
    LongText::check(to.matches('$').count() * text.len())?;
    let (mut out, mut at) = (String::new(), 0);
    for found in regex.captures_iter(&text) {
        let Some(whole) = found.get(0) else { continue };
        out.push_str(text.get(at..whole.start()).unwrap_or_default());
        found.expand(&to, &mut out);
        LongText::check(out.len())?;
        at = whole.end();
    }
    out.push_str(text.get(at..).unwrap_or_default());
    Ok(Datum::text(out))
}

fn compiled(pattern: &str) -> Result<Regex, Trouble> {
    RegexBuilder::new(pattern).size_limit(PATTERN_SIZE).build().map_err(|_| Trouble::Wrong)
}

/// What each match of a pattern in a text is: the text, its groups, or its groups by their names.
fn matches_of(arguments: &Arguments) -> Result<Vec<Datum>, Trouble> {
    let (regex, text) = (compiled(&arguments.text(0)?)?, arguments.text(1)?);
    let group =
        |found: Option<regex::Match<'_>>| found.map_or(Datum::Null, |part| Datum::text(part.as_str()));
    let matches = regex.captures_iter(&text).map(|found| {
        let named = regex.capture_names().flatten();
        let names: BTreeMap<String, Datum> =
            named.map(|name| (name.to_owned(), group(found.name(name)))).collect();
        match (names.is_empty(), found.len()) {
            (false, _) => Datum::Map(names),
            (true, 1) => group(found.get(0)),
            (true, _) => Datum::List(found.iter().skip(1).map(group).collect()),
        }
    });
    Ok(matches.collect())
}

fn template_file(
    instance: &Instance<'_>,
    env: &Environment<'_>,
    arguments: &Arguments,
) -> Result<Datum, Trouble> {
    let source = file(instance, arguments)?;
    let variables = if arguments.len() > 1 { arguments.map(1)?.clone() } else { BTreeMap::new() };
    rendered(env, source, &variables)
}

/// What a template in a text does not tell is not told by the whole: it has no place in the files.
fn template_string(env: &Environment<'_>, arguments: &Arguments) -> Result<Datum, Trouble> {
    let source = Source::new(env.source.path(), arguments.text(0)?);
    let datum = rendered(env, &source, arguments.map(1)?)?;
    match datum.first_hole() {
        Some(hole) => Err(Trouble::AtRun(format!("`{}` in its template: {}", hole.name, hole.reason))),
        None => Ok(datum),
    }
}

fn rendered(
    env: &Environment<'_>,
    source: &std::sync::Arc<Source>,
    variables: &BTreeMap<String, Datum>,
) -> Result<Datum, Trouble> {
    let template: hcl_edit::template::Template =
        source.text().parse().map_err(|_| Trouble::AtRun(format!("{} is no template", source.path())))?;
    let span = crate::text::Span::new(0, source.text().len());
    let pieces = Formula::new(span, Kind::Template(super::directive::pieces(&template, span)));
    Ok(bind(&Environment::new(env.scope, source, env.fuel, env.depth + 1), &mut variables.iter(), &pieces))
}

fn bind<'v>(
    env: &Environment<'_>,
    left: &mut impl Iterator<Item = (&'v String, &'v Datum)>,
    formula: &Formula,
) -> Datum {
    match left.next() {
        Some((name, datum)) => bind(&env.with(name, datum), left, formula),
        None => env.evaluate(formula),
    }
}
