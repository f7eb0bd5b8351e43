//! An audience that no cloud expects.

use crate::{
    diagnostic::Severity,
    id::{CLOUDS, Cloud},
    lint::{Edit, Facts, Finding, Findings, Rule},
    trust::Field,
};

pub(super) static RULE: Rule = Rule {
    id: "wrong-audience",
    summary: "the audience of a credential is that of no cloud",
    severity: Severity::Warning,
    since: "0.1.0",
    page: include_str!("wrong_audience.md"),
    check,
};

/// Issuers whose tokens carry an audience of their own.
///
/// Source: <https://docs.aws.amazon.com/cognito/latest/developerguide/open-id.html>, `aud` is the identity pool.
const OWN_AUDIENCE: [&str; 1] = ["https://cognito-identity.amazonaws.com"];

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for definition in &facts.definitions {
        let own = definition.texts(Field::Issuer).any(|(issuer, _)| OWN_AUDIENCE.contains(&issuer));
        for (text, written) in definition.texts(Field::Audience) {
            if own || text.is_empty() || Cloud::of_audience(text).is_some() || facts.presents_audience(text) {
                continue;
            }
            let wanted = nearest(text);
            let diagnostic = RULE
                .says(format!("credential {} expects an audience that no cloud uses", definition.name()))
                .at(written.place.clone(), "compared with `aud`, byte for byte")
                .side("expected", wanted, "what sign-in tools ask for")
                .side("configured", text, "")
                .help(format!("set the audience to `{wanted}`"))
                .note("a token for another audience is refused with AADSTS700212");
            // The right words in other letters cannot be meant.
            let slip = text.to_ascii_lowercase().contains("azureadtokenexchange");
            let severity = if slip { Severity::Error } else { RULE.severity };
            let edit = Edit::literal(&written.place, text, wanted).filter(|_| slip);
            findings.report(Finding::new(&RULE, diagnostic).severity(severity).edit(edit));
        }
    }
}

/// The cloud's audience that differs from `text` by letter case alone, else the public cloud's.
fn nearest(text: &str) -> &'static str {
    let audiences = CLOUDS.iter().filter_map(|cloud| cloud.audience);
    let trimmed = text.trim().trim_end_matches('/');
    audiences
        .clone()
        .find(|audience| audience.eq_ignore_ascii_case(trimmed))
        .or_else(|| audiences.clone().next())
        .unwrap_or_default()
}
