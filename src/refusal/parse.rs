//! Reads a refusal out of Entra's JSON answer or out of any text that quotes one, such as a log.

use std::{fmt, sync::LazyLock};

use regex::Regex;
use serde_json::Value;

use super::{Claim, Explanation, explain};

/// Entra's answer when it says no.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refusal {
    /// The number behind `AADSTS`: the first of `error_codes`, else the first in the text.
    pub code: Option<u32>,
    /// Every code of the answer, the main one first.
    pub codes: Vec<u32>,
    /// The text, without the ids and the time behind it.
    pub text: String,
    /// The OAuth error, such as `invalid_client`.
    pub error: Option<String>,
    /// A finer error, where Entra names one.
    pub suberror: Option<String>,
    /// Claims that Entra asks for, as JSON text.
    pub claims: Option<String>,
    /// The id under which Microsoft finds this request.
    pub trace_id: Option<String>,
    /// The id that the client may have sent along.
    pub correlation_id: Option<String>,
    /// When Entra answered, as written.
    pub timestamp: Option<String>,
    /// The issuer printed in the text.
    pub issuer: Option<Quoted>,
    /// The subject printed in the text.
    pub subject: Option<Quoted>,
    /// The audience printed in the text.
    pub audience: Option<Quoted>,
}

/// A value that a text prints. GitHub writes `***` over whatever equals a secret, so it may not be the true value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quoted(String);

impl Quoted {
    /// The value as printed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a part of it was masked: such a value must never be compared.
    #[must_use]
    pub fn is_masked(&self) -> bool {
        self.0.contains("***")
    }
}

static CODE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"AADSTS(\d{4,10})").ok());
static TAIL: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\s*(?:Trace ID|Correlation ID|Timestamp):\s.*").ok());
static TRACE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"Trace ID:\s*([0-9A-Za-z-]+)").ok());
static CORRELATION: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"Correlation ID:\s*([0-9A-Za-z-]+)").ok());
static TIMESTAMP: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"Timestamp:\s*(\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\dZ?)").ok());

impl Refusal {
    /// Reads an answer of the token endpoint: a JSON object with `error` or `error_codes`.
    ///
    /// Anything else is no refusal.
    #[must_use]
    pub fn from_json(body: &str) -> Option<Self> {
        let Value::Object(fields) = serde_json::from_str(body).ok()? else { return None };
        let text = |name: &str| fields.get(name).and_then(Value::as_str).map(str::to_owned);
        let listed = fields.get("error_codes").and_then(Value::as_array);
        let codes: Vec<u32> = listed
            .into_iter()
            .flatten()
            .filter_map(Value::as_u64)
            .filter_map(|code| code.try_into().ok())
            .collect();
        let (error, description) = (text("error"), text("error_description"));
        if error.is_none() && codes.is_empty() {
            return None;
        }
        let mut refusal = Self::described(description.as_deref().or(error.as_deref()).unwrap_or_default());
        if let Some(main) = codes.first() {
            refusal.code = Some(*main);
            refusal.codes = codes;
        }
        Some(Self {
            error,
            suberror: text("suberror"),
            claims: text("claims"),
            trace_id: text("trace_id").or(refusal.trace_id),
            correlation_id: text("correlation_id").or(refusal.correlation_id),
            timestamp: text("timestamp").or(refusal.timestamp),
            ..refusal
        })
    }

    /// Reads the first refusal out of `text`: an answer as JSON, a message, or a log that quotes one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::from_json(text).or_else(|| Self::parse_all(text).into_iter().next())
    }

    /// Reads every refusal out of `text`, each code and text once, in order.
    #[must_use]
    pub fn parse_all(text: &str) -> Vec<Self> {
        let Some(code) = CODE.as_ref() else { return Vec::new() };
        let starts: Vec<usize> = code.find_iter(text).map(|found| found.start()).collect();
        let ends = starts.iter().skip(1).copied().chain([text.len()]);
        let mut all: Vec<Self> = Vec::new();
        for (start, end) in starts.iter().zip(ends) {
            let refusal = Self::described(text.get(*start..end).unwrap_or_default());
            if !all.iter().any(|other| other.code == refusal.code && other.subject == refusal.subject) {
                all.push(refusal);
            }
        }
        all
    }

    fn described(description: &str) -> Self {
        let codes = CODE.as_ref().into_iter().flat_map(|code| code.captures_iter(description));
        let codes: Vec<u32> = codes.filter_map(|found| found.get(1)?.as_str().parse().ok()).collect();
        let message = message_of(description);
        Self {
            code: codes.first().copied(),
            codes,
            trace_id: first(TRACE.as_ref(), description),
            correlation_id: first(CORRELATION.as_ref(), description),
            timestamp: first(TIMESTAMP.as_ref(), description),
            issuer: quoted(
                &message,
                &["assertion issuer", "assertion issuer:", "issued by issuer", "issuer"],
            ),
            subject: quoted(&message, &["assertion subject", "assertion subject:"]),
            audience: quoted(&message, &["assertion audience", "assertion audience:"]),
            text: message,
            ..Self::default()
        }
    }

    /// What the catalogue knows about the main code.
    #[must_use]
    pub fn explanation(&self) -> Option<&'static Explanation> {
        self.code.and_then(explain)
    }

    /// The claim the refusal speaks about: the catalogue's, else, for a refinement of 700211, 700212 or 700213 that
    /// nobody has described, the one its own text names.
    #[must_use]
    pub fn claim(&self) -> Option<Claim> {
        if let Some(known) = self.explanation() {
            return known.claim;
        }
        let code = self.code?.to_string();
        let named = [
            ("700211", "presented assertion issuer", Claim::Issuer),
            ("700212", "presented assertion audience", Claim::Audience),
            ("700213", "presented assertion subject", Claim::Subject),
        ];
        let found =
            named.iter().find(|(family, words, _)| code.starts_with(family) && self.text.contains(words));
        found.map(|(_, _, claim)| *claim)
    }
}

impl fmt::Display for Refusal {
    /// Entra's own text; where there is none, its code.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code {
            Some(code) if !self.text.contains("AADSTS") => write!(f, "AADSTS{code} {}", self.text),
            Some(_) | None => f.write_str(&self.text),
        }
    }
}

/// The message alone: up to the ids and the time, or to the end of the line.
fn message_of(description: &str) -> String {
    let cut = TAIL
        .as_ref()
        .and_then(|tail| tail.find(description))
        .map_or(description.len(), |found| found.start());
    let message = description.get(..cut).unwrap_or_default();
    message.lines().next().unwrap_or_default().trim_end().to_owned()
}

fn first(pattern: Option<&Regex>, text: &str) -> Option<String> {
    Some(pattern?.captures(text)?.get(1)?.as_str().to_owned())
}

/// The value in single quotes behind one of `words`, whatever their letter case.
fn quoted(message: &str, words: &[&str]) -> Option<Quoted> {
    let lower = message.to_ascii_lowercase();
    words.iter().find_map(|word| {
        let opening = format!("{word} '");
        let start = lower.find(&opening)? + opening.len();
        let rest = message.get(start..)?;
        Some(Quoted(rest.get(..closing(rest)?)?.to_owned()))
    })
}

/// Where the closing quote stands. A value may hold quotes itself: it ends before a full stop, a space or the end.
fn closing(rest: &str) -> Option<usize> {
    let ends =
        |at: usize| matches!(rest.as_bytes().get(at + 1), None | Some(b'.' | b' ' | b',' | b'"' | b'\\'));
    rest.match_indices('\'').map(|(at, _)| at).find(|at| ends(*at))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = r#"{"error":"invalid_client","error_description":"AADSTS700213: No matching federated identity record found for presented assertion subject 'repo:octo/app:environment:Prod'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion. Trace ID: 1-t Correlation ID: 2-c Timestamp: 2026-11-21 10:00:00Z","error_codes":[700213],"timestamp":"2026-11-21 10:00:00Z","trace_id":"1-t","correlation_id":"2-c"}"#;

    #[test]
    fn a_json_answer_gives_code_text_ids_and_the_presented_subject() {
        let refusal = Refusal::from_json(BODY).unwrap();
        assert_eq!(refusal.code, Some(700213));
        assert!(refusal.text.ends_with("against the presented assertion."));
        assert_eq!(refusal.trace_id.as_deref(), Some("1-t"));
        assert_eq!(refusal.correlation_id.as_deref(), Some("2-c"));
        assert_eq!(refusal.timestamp.as_deref(), Some("2026-11-21 10:00:00Z"));
        assert_eq!(refusal.subject.unwrap().as_str(), "repo:octo/app:environment:Prod");
    }

    #[test]
    fn the_listed_code_wins_over_the_one_in_the_text() {
        let refusal = Refusal::from_json(
            r#"{"error":"x","error_description":"AADSTS70021: y","error_codes":[7002138]}"#,
        );
        assert_eq!(refusal.unwrap().code, Some(7_002_138));
    }

    #[test]
    fn a_log_gives_every_refusal_once() {
        let log = "2026 Error: AADSTS70025: The client 'x'(y) has no configured federated identity credentials.\r\nTrace ID: abc\r\nCorrelation ID: def\r\nTimestamp: 2026-11-21 10:00:00Z\nERROR: AADSTS70025: again\nERROR: AADSTS700016: other";
        let all = Refusal::parse_all(log);
        assert_eq!(all.iter().map(|refusal| refusal.code.unwrap()).collect::<Vec<_>>(), [70025, 700016]);
        assert_eq!(
            all[0].text,
            "AADSTS70025: The client 'x'(y) has no configured federated identity credentials."
        );
        assert_eq!(all[0].correlation_id.as_deref(), Some("def"));
    }

    #[test]
    fn the_old_catch_all_prints_all_three_values() {
        let refusal = Refusal::parse("AADSTS70021: No matching federated identity record found for presented assertion. Assertion Issuer: 'https://i/'. Assertion Subject: 'repo:o/r:pull_request'. Assertion Audience: 'api://x'. Trace ID: 1").unwrap();
        assert_eq!(refusal.issuer.unwrap().as_str(), "https://i/");
        assert_eq!(refusal.subject.unwrap().as_str(), "repo:o/r:pull_request");
        assert_eq!(refusal.audience.unwrap().as_str(), "api://x");
    }

    #[test]
    fn a_masked_value_says_so_and_a_quote_inside_does_not_end_it() {
        let refusal = Refusal::parse("AADSTS700213: No matching federated identity record found for presented assertion subject 'repo:***/it's:ref:refs/heads/main'. Check").unwrap();
        let subject = refusal.subject.unwrap();
        assert_eq!(subject.as_str(), "repo:***/it's:ref:refs/heads/main");
        assert!(subject.is_masked());
    }

    #[test]
    fn an_unknown_code_is_not_explained_but_its_own_words_name_the_claim() {
        let refusal =
            Refusal::parse("AADSTS7002135: No matching record for presented assertion subject 's'.").unwrap();
        assert_eq!(refusal.explanation(), None);
        assert_eq!(refusal.claim(), Some(Claim::Subject));
        assert_eq!(Refusal::parse("AADSTS7002135: something").unwrap().claim(), None);
        assert_eq!(Refusal::parse("all is well"), None);
        assert_eq!(Refusal::from_json("{\"access_token\":\"x\"}"), None);
    }
}
