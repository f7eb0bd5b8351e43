//! Entra's refusal as a diagnostic: its code and text, what was presented, what helps, and the ids that Microsoft asks for.

use crate::{
    diagnostic::{Diagnostic, Severity},
    id::visible,
    issuer::Presented,
    refusal::Refusal,
};

/// The refusal of a token that presents `presented`.
pub(super) fn diagnostic(refusal: &Refusal, presented: &Presented, tried: &str) -> Diagnostic {
    let code = refusal.code.map_or_else(|| "refused".to_owned(), |code| format!("AADSTS{code}"));
    let known = refusal.explanation();
    let title = known.map_or("for a reason that is not in the catalogue", |known| known.title);
    let told = Diagnostic::new(code, Severity::Error, format!("Microsoft Entra refused: {title}"))
        .side("issuer", presented.issuer.as_str(), "presented")
        .side("subject", presented.subject.as_str(), "presented")
        .side("audience", presented.audience.as_str(), "presented");
    let fixes = known.into_iter().flat_map(|known| known.fixes());
    let told = fixes
        .fold(told, Diagnostic::help)
        .note(format!("Entra says: {}", visible(&tried_text(refusal, tried))));
    let ids = [
        ("trace id", &refusal.trace_id),
        ("correlation id", &refusal.correlation_id),
        ("at", &refusal.timestamp),
    ];
    let ids: Vec<String> =
        ids.iter().filter_map(|(name, id)| Some(format!("{name} {}", visible(id.as_deref()?)))).collect();
    if ids.is_empty() { told } else { told.note(ids.join(", ")) }
}

fn tried_text(refusal: &Refusal, tried: &str) -> String {
    if tried.is_empty() { refusal.to_string() } else { tried.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_code_brings_its_fixes_and_the_ids_stay_at_hand() {
        let refusal = Refusal::parse("AADSTS70025: The client 'x'() has no configured federated identity credentials. Trace ID: t-1 Correlation ID: c-1 Timestamp: 2026-11-21 10:00:00Z").unwrap();
        let told = diagnostic(&refusal, &Presented::new("i", "s", "a"), "");
        assert_eq!(told.code, "AADSTS70025");
        assert!(told.title.contains("no federated credential at all"));
        assert!(!told.help.is_empty());
        assert_eq!(told.notes[1], "trace id t-1, correlation id c-1, at 2026-11-21 10:00:00Z");
    }

    #[test]
    fn an_unknown_code_is_shown_and_not_guessed() {
        let refusal = Refusal::parse("AADSTS999999: new").unwrap();
        let told = diagnostic(&refusal, &Presented::new("i", "s", "a"), "");
        assert_eq!((told.code.as_ref(), told.help.len()), ("AADSTS999999", 0));
        assert!(told.notes[0].contains("AADSTS999999: new"));
    }
}
