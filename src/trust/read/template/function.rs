//! The functions of Bicep and ARM templates that occur where credentials are defined. Their names ignore case.

use super::{collection, deployment::Deployment, part};
use crate::{
    text::Source,
    trust::{
        Value,
        read::formula::{
            Arguments, Datum, Environment, LongText, Trouble, between, change_case, decode_json, join, json,
            parse_json, parse_plain_yaml, percent_encoded, replace, split,
        },
    },
};

/// The widest text that `padLeft` makes here.
const WIDEST: usize = 200;
/// The functions that write their arguments into a text.
const WRITERS: [&str; 4] = ["concat", "format", "join", "string"];

/// Why it is not known how `piece` is written within a text. No source says whether Azure writes `true` or `True`.
pub(super) fn unwritten(piece: &Datum) -> Option<&'static str> {
    matches!(piece, Datum::Bool(_)).then_some("how Azure writes true and false within a text is not known")
}

/// An argument by itself, or the elements of a list.
fn pieces(argument: &Datum) -> &[Datum] {
    if let Datum::List(items) = argument { items } else { std::slice::from_ref(argument) }
}

/// Calls `name` with known arguments.
pub(super) fn call(
    deployment: &Deployment<'_>,
    env: &Environment<'_>,
    name: &str,
    arguments: &Arguments,
) -> Result<Datum, Trouble> {
    let lower = name.to_ascii_lowercase();
    let lower = lower.trim_start_matches("sys.").trim_start_matches("az.");
    if WRITERS.contains(&lower)
        && let Some(reason) = arguments.all().iter().flat_map(pieces).find_map(unwritten)
    {
        return Err(Trouble::AtRun(reason.to_owned()));
    }
    let text = texts(lower, arguments).and_then(LongText::bounded);
    let list = collection::call(lower, arguments);
    for answer in [text, list, part::call(lower, arguments), files(deployment, lower, arguments)] {
        if answer != Err(Trouble::Unsupported) {
            return answer;
        }
    }
    match lower {
        "resourceid" | "subscriptionresourceid" | "tenantresourceid" | "extensionresourceid" => {
            resource_id(arguments)
        }
        "resourcegroup" | "subscription" | "tenant" | "deployment" | "managementgroup" | "environment"
        | "deployer" | "reference" | "getsecret" | "newguid" | "utcnow" | "uniquestring" | "guid"
        | "pickzones" => {
            let hole = env.deployment_hole(name);
            Err(hole)
        }
        "readenvironmentvariable" => match arguments.all().get(1) {
            Some(default) => Ok(default.clone()),
            None => Err(Trouble::AtRun("it is an environment variable".into())),
        },
        _ => Err(Trouble::Unsupported),
    }
}

impl Environment<'_> {
    fn deployment_hole(&self, name: &str) -> Trouble {
        Trouble::AtRun(format!("{name}() is known only at deployment"))
    }
}

fn texts(name: &str, arguments: &Arguments) -> Result<Datum, Trouble> {
    let text = |text: String| Ok(Datum::text(text));
    match name {
        "tolower" => Ok(change_case(arguments.value(0)?, "toLower", str::to_lowercase)),
        "toupper" => Ok(change_case(arguments.value(0)?, "toUpper", str::to_uppercase)),
        "format" => format(arguments),
        "replace" => replace(arguments.value(0)?, &arguments.text(1)?, &arguments.text(2)?),
        "join" => join(&arguments.text(1)?, arguments.list(0)?),
        "split" => split_any(arguments),
        "trim" => text(arguments.text(0)?.trim().to_owned()),
        "substring" => {
            let length = if arguments.len() > 2 { Some(arguments.count(2)?) } else { None };
            text(between(&arguments.text(0)?, arguments.count(1)?, length))
        }
        "startswith" => Ok(Datum::Bool(lower(arguments, 0)?.starts_with(&lower(arguments, 1)?))),
        "endswith" => Ok(Datum::Bool(lower(arguments, 0)?.ends_with(&lower(arguments, 1)?))),
        "padleft" => {
            let (value, width) = (arguments.text(0)?, arguments.count(1)?);
            if width > WIDEST {
                return Err(unknown(arguments));
            }
            let fill = if arguments.len() > 2 { arguments.text(2)? } else { " ".into() };
            text(format!("{}{value}", fill.repeat(width.saturating_sub(value.chars().count()))))
        }
        "string" => match arguments.get(0)? {
            whole if matches!(whole, Datum::List(_) | Datum::Map(_)) => text(json(whole)?),
            scalar => Ok(scalar.clone()),
        },
        "int" | "bool" | "any" => arguments.get(0).cloned(),
        "json" => decode_json(arguments),
        "uri" => text(format!(
            "{}/{}",
            arguments.text(0)?.trim_end_matches('/'),
            arguments.text(1)?.trim_start_matches('/')
        )),
        "uricomponent" => text(percent_encoded(&arguments.text(0)?)),
        "equals" => {
            arguments.get(0)?.same(arguments.get(1)?).map(Datum::Bool).ok_or_else(|| unknown(arguments))
        }
        "not" => arguments.get(0)?.truth().map(|yes| Datum::Bool(!yes)).ok_or_else(|| unknown(arguments)),
        "and" => logic(arguments, false),
        "or" => logic(arguments, true),
        "add" | "sub" | "mul" | "div" | "mod" => arithmetic(name, arguments.number(0)?, arguments.number(1)?),
        _ => Err(Trouble::Unsupported),
    }
}

fn arithmetic(name: &str, left: f64, right: f64) -> Result<Datum, Trouble> {
    Ok(Datum::Number(match name {
        "add" => left + right,
        "sub" => left - right,
        "mul" => left * right,
        "div" => (left / right).trunc(),
        _ => left % right,
    }))
}

/// Source: <https://learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-functions-string>, `startsWith` and
/// `endsWith` ignore case.
fn lower(arguments: &Arguments, at: usize) -> Result<String, Trouble> {
    Ok(arguments.text(at)?.to_lowercase())
}

fn unknown(arguments: &Arguments) -> Trouble {
    arguments.all().iter().find_map(Datum::first_hole).map_or(Trouble::Wrong, Trouble::Unknown)
}

/// `decisive` settles the answer as soon as one argument has it.
fn logic(arguments: &Arguments, decisive: bool) -> Result<Datum, Trouble> {
    let truths: Vec<Option<bool>> = arguments.all().iter().map(Datum::truth).collect();
    if truths.contains(&Some(decisive)) {
        return Ok(Datum::Bool(decisive));
    }
    if truths.contains(&None) { Err(unknown(arguments)) } else { Ok(Datum::Bool(!decisive)) }
}

/// `{0}` and `{0:D2}` stand for arguments, `{{` for a brace.
fn format(arguments: &Arguments) -> Result<Datum, Trouble> {
    let template = arguments.text(0)?;
    let mut whole = LongText::default();
    let mut rest = template.as_str();
    while let Some(at) = rest.find(['{', '}']) {
        let (before, from) = rest.split_at_checked(at).ok_or(Trouble::Wrong)?;
        whole.push(Value::known(before))?;
        if let Some(after) = from.strip_prefix("{{").or_else(|| from.strip_prefix("}}")) {
            whole.push(Value::known(from.get(..1).unwrap_or_default()))?;
            rest = after;
            continue;
        }
        let (inside, after) =
            from.strip_prefix('{').and_then(|from| from.split_once('}')).ok_or(Trouble::Wrong)?;
        let (index, style) = inside.split_once(':').unwrap_or((inside, ""));
        let index: usize = index.trim().parse().map_err(|_| Trouble::Wrong)?;
        let value = arguments.value(index.saturating_add(1))?;
        let width = style.strip_prefix(['D', 'd', '0']).map(|_| style.trim_start_matches(['D', 'd']));
        whole.push(match (value.text(), width) {
            (Some(text), Some(digits)) if style.starts_with(['D', 'd']) => {
                let width = digits.parse::<usize>().unwrap_or(0).min(20);
                Value::known(format!("{text:0>width$}"))
            }
            (Some(text), Some(zeros)) => {
                Value::known(format!("{text:0>width$}", width = zeros.len().min(20)))
            }
            _ => value,
        })?;
        rest = after;
    }
    whole.push(Value::known(rest))?;
    Ok(whole.finish())
}

fn split_any(arguments: &Arguments) -> Result<Datum, Trouble> {
    let text = arguments.text(0)?;
    let Ok(separators) = arguments.list(1) else { return Ok(split(&arguments.text(1)?, &text)) };
    let separators: Vec<String> =
        separators.iter().filter_map(Datum::to_key).filter(|one| !one.is_empty()).collect();
    let Some(first) = separators.first() else { return Err(Trouble::Wrong) };
    let mut unified = text;
    for other in separators.iter().skip(1) {
        LongText::check(unified.len() + unified.matches(other.as_str()).count() * first.len())?;
        unified = unified.replace(other, first);
    }
    Ok(split(first, &unified))
}

/// The type and the names, as one path; what stands before the type is left out.
fn resource_id(arguments: &Arguments) -> Result<Datum, Trouble> {
    let values: Option<Vec<Value>> = arguments.all().iter().map(Datum::to_value).collect();
    let values = values.ok_or(Trouble::Wrong)?;
    let kind = values.iter().position(|value| value.text().is_some_and(|text| text.contains('/')));
    let mut whole = Value::default();
    for (at, value) in values.into_iter().skip(kind.unwrap_or(0)).enumerate() {
        if at > 0 {
            whole.append(Value::known("/"));
        }
        whole.append(value);
    }
    Ok(Datum::Text(whole))
}

fn files(deployment: &Deployment<'_>, name: &str, arguments: &Arguments) -> Result<Datum, Trouble> {
    let file = || -> Result<&std::sync::Arc<Source>, Trouble> {
        let path = arguments.text(0)?;
        deployment.beside(&path).ok_or_else(|| Trouble::AtRun(format!("{path} is not among the files")))
    };
    match name {
        "loadtextcontent" => Ok(Datum::text(file()?.text())),
        "loadjsoncontent" => {
            let whole = parse_json(file()?.text().trim_start_matches('\u{feff}'))?;
            if arguments.len() > 1 { picked(whole, &arguments.text(1)?) } else { Ok(whole) }
        }
        "loadyamlcontent" if arguments.len() == 1 => parse_plain_yaml(file()?.text()),
        _ => Err(Trouble::Unsupported),
    }
}

/// What a path of plain names, `$.a.b`, picks from a JSON file.
fn picked(whole: Datum, path: &str) -> Result<Datum, Trouble> {
    let names = path.strip_prefix('$').unwrap_or(path).trim_start_matches('.');
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    if names.is_empty() || names.contains("..") || !names.chars().all(plain) {
        return Err(Trouble::Unsupported);
    }
    names.split('.').try_fold(whole, |datum, name| match datum {
        Datum::Map(mut entries) => entries.remove(name).ok_or(Trouble::Wrong),
        Datum::Null
        | Datum::Bool(_)
        | Datum::Number(_)
        | Datum::Text(_)
        | Datum::List(_)
        | Datum::Hole(_) => Err(Trouble::Wrong),
    })
}
