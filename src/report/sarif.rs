//! SARIF 2.1.0, for code scanning.
//!
//! Source: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html> and what GitHub reads of it,
//! <https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning>.

use std::collections::BTreeMap;

use ring::digest::{SHA256, digest};
use serde_json::json;
use serde_sarif::sarif::{
    ArtifactLocation, Location, Message, MultiformatMessageString, PhysicalLocation, PropertyBag, Region,
    ReportingConfiguration, ReportingDescriptor, Result as SarifResult, ResultLevel, Run, Sarif, Tool,
    ToolComponent,
};

use crate::{
    diagnostic::{Diagnostic, Label, Severity},
    text::Place,
};

/// A rule as code scanning shows it.
#[derive(Clone, Copy, Debug)]
pub struct RuleText<'a> {
    /// The id.
    pub id: &'a str,
    /// The bad pattern in one line.
    pub summary: &'a str,
    /// The page, Markdown.
    pub page: &'a str,
    /// How bad it is by default.
    pub severity: Severity,
    /// Where to read on.
    pub link: &'a str,
}

/// A diagnostic and what tells it from others even when lines move.
#[derive(Clone, Debug)]
pub struct Problem<'a> {
    /// What to say; its code is the id of one of the rules.
    pub diagnostic: &'a Diagnostic,
    /// The job, the subject and the like; no line numbers.
    pub identity: String,
}

/// The whole document. Problems without a place are left out, since code scanning cannot show them.
#[must_use]
pub fn document(version: &str, rules: &[RuleText<'_>], problems: &[Problem<'_>]) -> Sarif {
    let driver = ToolComponent::builder()
        .name("fedcred")
        .version(version)
        .semantic_version(version)
        .information_uri(env!("CARGO_PKG_REPOSITORY"))
        .rules(rules.iter().map(descriptor).collect::<Vec<_>>())
        .build();
    let mut seen = BTreeMap::new();
    let results: Vec<_> = problems.iter().filter_map(|problem| result(rules, problem, &mut seen)).collect();
    let run = Run::builder()
        .tool(Tool::builder().driver(driver).build())
        .results(results)
        .column_kind(json!("unicodeCodePoints"))
        .build();
    Sarif::builder().schema(serde_sarif::sarif::SCHEMA_URL).version(json!("2.1.0")).runs(vec![run]).build()
}

fn descriptor(rule: &RuleText<'_>) -> ReportingDescriptor {
    let sentence = format!("{}.", capitalised(rule.summary));
    let text = |text: &str| MultiformatMessageString::builder().text(text).build();
    let tags = vec!["security".to_owned(), "azure".to_owned(), "oidc".to_owned()];
    let properties = BTreeMap::from([
        ("precision".to_owned(), json!("high")),
        ("problem.severity".to_owned(), json!(level(rule.severity, "recommendation"))),
    ]);
    ReportingDescriptor::builder()
        .id(rule.id)
        .name(pascal(rule.id))
        .short_description(text(&sentence))
        .full_description(text(&sentence))
        .help(MultiformatMessageString::builder().text(rule.page).markdown(rule.page).build())
        .help_uri(rule.link)
        .default_configuration(
            ReportingConfiguration::builder().level(json!(level(rule.severity, "note"))).build(),
        )
        .properties(PropertyBag::builder().tags(tags).additional_properties(properties).build())
        .build()
}

fn result(
    rules: &[RuleText<'_>],
    problem: &Problem<'_>,
    seen: &mut BTreeMap<String, usize>,
) -> Option<SarifResult> {
    let Diagnostic { code, severity, labels, .. } = problem.diagnostic;
    let (primary, related) = labels.split_first()?;
    let index = rules.iter().position(|rule| rule.id == code)?;
    let related: Vec<_> = related.iter().zip(1..).map(|(label, id)| location(label, Some(id))).collect();
    Some(
        SarifResult::builder()
            .rule_id(code.as_ref())
            .rule_index(i64::try_from(index).ok()?)
            .level(match severity {
                Severity::Note => ResultLevel::Note,
                Severity::Warning => ResultLevel::Warning,
                Severity::Error => ResultLevel::Error,
            })
            .message(Message::builder().text(message(problem.diagnostic)).build())
            .locations(vec![location(primary, None)])
            .related_locations(related)
            .partial_fingerprints(BTreeMap::from([(
                "fedcredIdentity/v1".to_owned(),
                fingerprint(problem, primary, seen),
            )]))
            .build(),
    )
}

/// The message as one text: code scanning shows nothing else beside the place.
fn message(diagnostic: &Diagnostic) -> String {
    let mut lines = vec![format!("{}.", capitalised(&diagnostic.title))];
    lines.extend(diagnostic.sides.iter().map(|side| format!("{}: `{}`", capitalised(side.name), side.value)));
    lines.extend(diagnostic.help.iter().map(|help| format!("Help: {help}")));
    lines.extend(diagnostic.notes.iter().map(|note| format!("Note: {note}")));
    lines.join("\n")
}

fn location(label: &Label, id: Option<i64>) -> Location {
    let physical = PhysicalLocation::builder()
        .artifact_location(ArtifactLocation::builder().uri(uri(label.place.source.path())).build())
        .region(region(&label.place))
        .build();
    let mut location = Location::builder().physical_location(physical).build();
    location.id = id;
    location.message = (!label.text.is_empty()).then(|| Message::builder().text(label.text.as_str()).build());
    location
}

fn region(place: &Place) -> Region {
    let number = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let (start, end) = (place.start(), place.end());
    Region::builder()
        .start_line(number(start.line))
        .start_column(number(start.column))
        .end_line(number(end.line))
        .end_column(number(end.column))
        .build()
}

/// A path as a relative URI reference: what may not stand in one is percent-encoded.
fn uri(path: &str) -> String {
    path.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        out
    })
}

/// Equal problems of one file are numbered in their order.
fn fingerprint(problem: &Problem<'_>, primary: &Label, seen: &mut BTreeMap<String, usize>) -> String {
    let parts = [problem.diagnostic.code.as_ref(), primary.place.source.path(), &problem.identity];
    let hash = digest(&SHA256, parts.join("\0").as_bytes());
    let text: String = hash.as_ref().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let count = seen.entry(text.clone()).or_default();
    *count += 1;
    format!("{text}:{count}")
}

const fn level(severity: Severity, note: &'static str) -> &'static str {
    match severity {
        Severity::Note => note,
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn pascal(id: &str) -> String {
    id.split('-').map(capitalised).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Source, Span};

    #[test]
    fn a_finding_keeps_its_fingerprint_when_lines_move_and_equal_ones_are_numbered() {
        let rule = RuleText {
            id: "wildcard-subject",
            summary: "a star",
            page: "# page",
            severity: Severity::Error,
            link: "https://x",
        };
        let at = |text: &str, offset| {
            let place = Place::new(&Source::new("a b.json", text), Span::new(offset, offset + 1));
            Diagnostic::new("wildcard-subject", Severity::Warning, "it is a star").at(place, "")
        };
        let (one, moved) = (at("*", 0), at("\n\n*", 2));
        let of = |diagnostics: &[&Diagnostic]| -> Vec<(String, i64)> {
            let problems: Vec<_> = diagnostics
                .iter()
                .map(|diagnostic| Problem { diagnostic, identity: "deploy".to_owned() })
                .collect();
            let document = serde_json::to_value(document("1.0.0", &[rule], &problems)).unwrap();
            let results = document["runs"][0]["results"].as_array().unwrap().clone();
            results
                .iter()
                .map(|result| {
                    let location = &result["locations"][0]["physicalLocation"];
                    assert_eq!(location["artifactLocation"]["uri"], "a%20b.json");
                    let print = result["partialFingerprints"]["fedcredIdentity/v1"].as_str().unwrap();
                    (print.to_owned(), location["region"]["startLine"].as_i64().unwrap())
                })
                .collect()
        };
        let (first, second) = (of(&[&one]), of(&[&moved, &one]));
        assert_eq!(first[0].0, second[0].0);
        assert_eq!(second[0].1, 3);
        assert_ne!(second[0].0, second[1].0);
    }
}
