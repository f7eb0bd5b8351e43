//! The page that people read: claims, meaning, checks, and the judge's word.

use serde_json::Value;

use super::{Inspected, words};
use crate::{
    cli::judged::Judged,
    id::visible,
    issuer::Check,
    report::{Style, terminal},
};

/// The claims that say when, in seconds since 1970.
const MOMENTS: [&str; 3] = ["iat", "nbf", "exp"];

/// Everything about the token but the token.
pub(super) fn page(inspected: &Inspected, judged: Option<&Judged>, style: &Style) -> String {
    let header = inspected.claims.header();
    let of_header = |name: &str| header.get(name).and_then(Value::as_str).unwrap_or("none");
    let mut page = format!("source: {}\n\nheader\n", inspected.source.title);
    page += &lines(&[
        ("alg".to_owned(), of_header("alg").to_owned()),
        ("kid".to_owned(), of_header("kid").to_owned()),
    ]);
    page += "\nclaims\n";
    page += &lines(&claims(inspected));
    if let Some(reading) = &inspected.reading {
        page += "\nmeaning\n";
        page += &words::meaning(reading).iter().map(|line| format!("  {line}\n")).collect::<String>();
    }
    if !inspected.checks.is_empty() {
        page += "\nwhat Entra checks\n";
        page += &checks(inspected);
    }
    page + &judged.map(|judged| verdict(judged, style)).unwrap_or_default()
}

/// Every claim, the three that Entra compares first.
fn claims(inspected: &Inspected) -> Vec<(String, String)> {
    let payload = inspected.claims.payload();
    let first = ["iss", "sub", "aud"];
    let shown = |name: &str, value: &Value| match (value.as_i64(), value.as_str()) {
        (Some(at), _) if MOMENTS.contains(&name) => words::moment(at, inspected.now),
        (_, Some(text)) => text.to_owned(),
        (_, None) => value.to_string(),
    };
    let compared = first.iter().filter_map(|name| Some((*name, payload.get(*name)?)));
    let rest = payload.iter().map(|(name, value)| (name.as_str(), value));
    let rest = rest.filter(|(name, _)| !first.contains(name));
    compared.chain(rest).map(|(name, value)| (name.to_owned(), shown(name, value))).collect()
}

fn checks(inspected: &Inspected) -> String {
    let line = |(check, outcome): &(Check, _)| {
        let (word, found, code) = words::outcome(outcome);
        let code = code.map(|code| format!(" (AADSTS{code})")).unwrap_or_default();
        format!("  {word:7}  {:9}  {}{code}\n", check.as_str(), visible(found))
    };
    inspected.checks.iter().map(line).collect()
}

fn verdict(judged: &Judged, style: &Style) -> String {
    let name = judged.explanation.pointer("/credential/name").and_then(Value::as_str);
    let accepted = name.map(|name| format!("accepted: `{}` takes it\n", visible(name))).unwrap_or_default();
    let told: Vec<_> = judged.diagnostic.clone().into_iter().collect();
    format!("\n{accepted}{}", terminal::render(&told, style))
}

fn lines(pairs: &[(String, String)]) -> String {
    let longest = pairs.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    pairs.iter().map(|(name, value)| format!("  {:longest$}  {}\n", visible(name), visible(value))).collect()
}
