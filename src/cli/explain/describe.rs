//! What a topic looks like: a diagnostic where a text shows it, a page where its name was asked for, and the document of both.

use serde::Serialize;

use super::{cause::Meaning, symptom::Symptom, topic::Topic};
use crate::{
    diagnostic::{Diagnostic, Severity},
    refusal::{Claim, Quoted, Refusal, Retry},
    report::{Style, page, terminal, wrapped},
    text::Place,
};

/// One entry of the JSON document. Fields that the kind does not have are null or empty.
#[derive(Debug, Serialize)]
pub(super) struct Entry {
    kind: &'static str,
    id: String,
    code: Option<u32>,
    known: bool,
    title: String,
    claim: Option<&'static str>,
    retry: Option<&'static str>,
    meaning: String,
    fixes: Vec<String>,
    sources: Vec<String>,
    text: Option<String>,
    presented: Option<Values>,
    masked: bool,
    trace_id: Option<String>,
    correlation_id: Option<String>,
    line: Option<usize>,
}

#[derive(Debug, Serialize)]
struct Values {
    issuer: Option<String>,
    subject: Option<String>,
    audience: Option<String>,
}

/// The topic for people.
pub(super) fn human(topic: &Topic, style: &Style) -> String {
    match topic {
        Topic::Code(_, Some(known)) => page(known.page, style),
        Topic::Rule(rule) => page(rule.page, style),
        Topic::Code(code, None) => unknown(*code),
        Topic::Cause(cause) => page(&cause_page(cause), style),
        Topic::Refusal(refusal, place) => {
            terminal::render(&[refused(refusal, place.as_ref(), style.width)], style)
        }
        Topic::Symptom(symptom, place) => {
            terminal::render(&[failed(symptom, place.as_ref(), style.width)], style)
        }
    }
}

fn cause_page(meaning: &Meaning) -> String {
    let Meaning { cause, why, fix } = meaning;
    format!(
        "# {}: {}\n\n## What it means\n\n{why}\n\n## How to fix\n\n- {fix}\n\n## What Entra answers\n\nUsually AADSTS{}; \
         `fedcred explain AADSTS{}` says more.\n",
        cause.as_str(),
        cause.title(),
        meaning.code(),
        meaning.code()
    )
}

fn unknown(code: u32) -> String {
    format!(
        "AADSTS{code}: not in the catalogue\n  \
         Microsoft adds and changes codes at any time, so nothing is guessed here.\n  \
         Its own page: {}\n  \
         If a sign-in without a secret gave you this code, please report its text.\n",
        error_page(code)
    )
}

/// Source: `error_uri` in the answers of the token endpoint.
fn error_page(code: u32) -> String {
    format!("https://login.microsoftonline.com/error?code={code}")
}

fn refused(refusal: &Refusal, place: Option<&Place>, width: usize) -> Diagnostic {
    let name = refusal.code.map_or_else(String::new, |code| format!("AADSTS{code}"));
    let known = refusal.explanation();
    let title = known.map_or("a code that is not in the catalogue", |known| known.title);
    let mut diagnostic = Diagnostic::new(name, Severity::Error, title);
    if let Some(place) = place {
        diagnostic = diagnostic.at(place.clone(), "");
    }
    let masked = is_masked(refusal);
    // What a page says about masked texts is noise where nothing is masked.
    let fixes =
        known.into_iter().flat_map(|known| known.fixes()).filter(|fix| masked || !fix.contains("***"));
    for fix in fixes {
        diagnostic = diagnostic.help(folded(fix, width));
    }
    diagnostic = diagnostic.note(folded(&format!("Entra says: {}", refusal.text), width));
    for (name, value) in values(refusal) {
        let masked =
            if value.is_masked() { ", where `***` was masked by GitHub: not the true value" } else { "" };
        diagnostic = diagnostic.note(format!("the presented {name} is `{}`{masked}", value.as_str()));
    }
    if let Some(known) = known {
        diagnostic = diagnostic.note(folded(known.section("What it means"), width));
    }
    diagnostic.link = refusal.code.map(error_page);
    diagnostic
}

/// `text` in lines that fit behind `= note: `.
fn folded(text: &str, width: usize) -> String {
    wrapped(text, width.clamp(40, 110) - 10, "", "").trim_end().to_owned()
}

fn failed(symptom: &Symptom, place: Option<&Place>, width: usize) -> Diagnostic {
    let mut diagnostic = Diagnostic::new(symptom.id, Severity::Error, symptom.title);
    if let Some(place) = place {
        diagnostic = diagnostic.at(place.clone(), "");
    }
    let diagnostic =
        symptom.fixes.iter().fold(diagnostic, |diagnostic, fix| diagnostic.help(folded(fix, width)));
    diagnostic.note(folded(symptom.meaning, width))
}

fn values(refusal: &Refusal) -> impl Iterator<Item = (&'static str, &Quoted)> {
    let all = [
        (Claim::Issuer, &refusal.issuer),
        (Claim::Subject, &refusal.subject),
        (Claim::Audience, &refusal.audience),
    ];
    all.into_iter().filter_map(|(claim, value)| Some((claim.as_str(), value.as_ref()?)))
}

/// A text with `***` in it was masked, whether in a value or elsewhere.
fn is_masked(refusal: &Refusal) -> bool {
    refusal.text.contains("***") || values(refusal).any(|(_, value)| value.is_masked())
}

const fn word(retry: Retry) -> &'static str {
    match retry {
        Retry::Never => "never",
        Retry::Transient => "transient",
        Retry::Bounded => "bounded",
        Retry::JustCreated => "just-created",
    }
}

/// The topic for programs.
pub(super) fn entry(topic: &Topic) -> Entry {
    match topic {
        Topic::Code(code, _) => of_code(*code),
        Topic::Refusal(refusal, place) => Entry {
            text: Some(refusal.text.clone()),
            presented: Some(Values {
                issuer: refusal.issuer.as_ref().map(|value| value.as_str().to_owned()),
                subject: refusal.subject.as_ref().map(|value| value.as_str().to_owned()),
                audience: refusal.audience.as_ref().map(|value| value.as_str().to_owned()),
            }),
            claim: refusal.claim().map(Claim::as_str),
            masked: is_masked(refusal),
            trace_id: refusal.trace_id.clone(),
            correlation_id: refusal.correlation_id.clone(),
            line: place.as_ref().map(|place| place.start().line),
            ..of_code(refusal.code.unwrap_or_default())
        },
        Topic::Symptom(symptom, place) => Entry {
            meaning: symptom.meaning.to_owned(),
            fixes: symptom.fixes.iter().map(|fix| (*fix).to_owned()).collect(),
            sources: symptom.sources.iter().map(|source| (*source).to_owned()).collect(),
            line: place.as_ref().map(|place| place.start().line),
            ..bare("symptom", symptom.id, symptom.title)
        },
        Topic::Cause(meaning) => Entry {
            code: Some(meaning.code()),
            claim: meaning.cause.claim().map(Claim::as_str),
            meaning: meaning.why.to_owned(),
            fixes: vec![meaning.fix.to_owned()],
            ..bare("cause", meaning.cause.as_str(), meaning.cause.title())
        },
        Topic::Rule(rule) => Entry { meaning: rule.page.to_owned(), ..bare("rule", rule.id, rule.summary) },
    }
}

fn of_code(code: u32) -> Entry {
    let known = crate::refusal::explain(code);
    let section = |heading: &str| known.map_or("", |known| known.section(heading));
    let items = |heading: &str| {
        section(heading).lines().filter_map(|line| line.strip_prefix("- ")).map(str::to_owned).collect()
    };
    Entry {
        code: Some(code),
        known: known.is_some(),
        claim: known.and_then(|known| known.claim).map(Claim::as_str),
        retry: known.map(|known| word(known.retry)),
        meaning: section("What it means").to_owned(),
        fixes: items("How to fix"),
        sources: items("Sources"),
        ..bare("refusal", &format!("AADSTS{code}"), known.map_or("", |known| known.title))
    }
}

fn bare(kind: &'static str, id: &str, title: &str) -> Entry {
    Entry {
        kind,
        id: id.to_owned(),
        code: None,
        known: true,
        title: title.to_owned(),
        claim: None,
        retry: None,
        meaning: String::new(),
        fixes: Vec::new(),
        sources: Vec::new(),
        text: None,
        presented: None,
        masked: false,
        trace_id: None,
        correlation_id: None,
        line: None,
    }
}
