//! `fedcred explain`: what an AADSTS code, a refusal, a log or a rule means, and what to do.

mod cause;
mod describe;
mod symptom;
mod topic;

use anyhow::{Context as _, bail};
use serde::Serialize;

use super::{Context, Exit, args::Format};
use crate::{host::Stream, text::Source};
use topic::Topic;

/// The longest log that is read, in bytes.
const LIMIT: u64 = 64 << 20;

/// Arguments of `fedcred explain`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  fedcred explain AADSTS700213
  fedcred explain 7002138
  fedcred explain wildcard-subject
  fedcred explain subject-case
  fedcred explain \"AADSTS70025: The client 'x'(app) has no configured federated identity credentials.\"
  gh run view --log-failed | fedcred explain -

Exit codes: 0 explained; 1 nothing known about it; 2 asked wrongly.")]
pub(super) struct Args {
    /// An AADSTS code, the text of a refusal, `-` for a log on standard input, the id of a lint rule, or a cause that `check` names.
    #[arg(value_name = "WHAT", required = true, num_args = 1..)]
    what: Vec<String>,
}

#[derive(Serialize)]
struct Document {
    schema: &'static str,
    explanations: Vec<describe::Entry>,
}

pub(super) fn run(args: &Args, context: &Context<'_>) -> anyhow::Result<Exit> {
    context.allow_formats(&[Format::Human, Format::Json])?;
    let topics = topics(args, context)?;
    if context.global.format == Format::Json {
        let explanations = topics.iter().map(describe::entry).collect();
        context.print_json(&Document { schema: "fedcred.explain.v1", explanations })?;
    } else {
        let style = context.style(Stream::Out);
        let blocks: Vec<String> = topics.iter().map(|topic| describe::human(topic, &style)).collect();
        context.print(&blocks.join("\n"))?;
    }
    if topics.is_empty() {
        context.host.console.err("note: the text shows no AADSTS code and no failure known here\n");
    }
    Ok(if topics.iter().any(is_known) { Exit::Yes } else { Exit::No })
}

fn topics(args: &Args, context: &Context<'_>) -> anyhow::Result<Vec<Topic>> {
    let text = args.what.join(" ");
    if text == "-" {
        let input = context.host.console.read_bytes(LIMIT).context("cannot read standard input")?;
        return Ok(topic::shown(&Source::new("standard input", decoded(&input))));
    }
    if let Some(named) = topic::named(&text) {
        return Ok(vec![named]);
    }
    let shown = topic::shown(&Source::new("the given text", text.as_str()));
    if shown.is_empty() && !text.contains(' ') {
        match topic::nearest(&text) {
            Some(near) => bail!("nothing is called `{text}`; did you mean `{near}`?"),
            None => bail!(
                "`{text}` is no AADSTS code, no rule and no cause; {} codes are known, such as AADSTS700213",
                topic::codes().count()
            ),
        }
    }
    Ok(shown)
}

/// A log as text: UTF-16 with its mark, as PowerShell writes files, else UTF-8 with a replacement for what is none.
fn decoded(bytes: &[u8]) -> String {
    let units = |read: fn([u8; 2]) -> u16| -> String {
        let pairs = bytes.chunks_exact(2).skip(1).filter_map(|pair| Some(read(pair.try_into().ok()?)));
        char::decode_utf16(pairs).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    };
    match bytes {
        [0xff, 0xfe, ..] => units(u16::from_le_bytes),
        [0xfe, 0xff, ..] => units(u16::from_be_bytes),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

fn is_known(topic: &Topic) -> bool {
    match topic {
        Topic::Code(_, known) => known.is_some(),
        Topic::Refusal(refusal, _) => refusal.explanation().is_some(),
        Topic::Symptom(..) | Topic::Rule(_) | Topic::Cause(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use crate::{
        cli::{self, Exit},
        host::{Console, Host, Stream},
    };

    fn said(input: &str, words: &[&str]) -> (Exit, String, String) {
        let host = Host { console: Console::fake(input), ..Host::fake() };
        let words = ["fedcred", "explain"].iter().chain(words).map(OsString::from);
        let exit = cli::run(words, &host);
        (exit, host.console.written(Stream::Out), host.console.written(Stream::Err))
    }

    #[test]
    fn a_code_gives_its_page() {
        let (exit, out, _) = said("", &["700213"]);
        assert_eq!(exit, Exit::Yes);
        assert!(out.starts_with("AADSTS700213: ") && out.contains("\nHow to fix\n"), "{out}");
    }

    #[test]
    fn a_log_is_explained_where_it_failed_and_masks_are_pointed_out() {
        let log = "Run azure/login@v3\nError: AADSTS700213: No matching federated identity record found for presented assertion subject 'repo:***/app:pull_request'. Check your credential. Trace ID: 1\n";
        let (exit, out, _) = said(log, &["-"]);
        assert_eq!(exit, Exit::Yes);
        assert!(out.contains("--> standard input:2:8"), "{out}");
        assert!(out.contains("`repo:***/app:pull_request`, where `***` was masked by GitHub"), "{out}");
    }

    #[test]
    fn the_document_has_the_values_of_the_refusal() {
        let log = "AADSTS7002138: No matching federated identity record found for presented assertion subject 'repo:o/r:environment:Prod'. The subject matches";
        let (_, out, _) = said(log, &["-", "--format", "json"]);
        let document: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!(document["schema"], "fedcred.explain.v1");
        let first = &document["explanations"][0];
        assert_eq!((&first["code"], &first["line"]), (&7_002_138.into(), &1.into()));
        assert_eq!(first["presented"]["subject"], "repo:o/r:environment:Prod");
        assert_eq!(first["claim"], "subject");
    }

    #[test]
    fn what_is_not_known_is_a_no_and_never_guessed() {
        let (exit, out, _) = said("", &["AADSTS1234567"]);
        assert_eq!(exit, Exit::No);
        assert!(out.contains("not in the catalogue"));
        assert_eq!(said("all is well\n", &["-"]).0, Exit::No);
        assert_eq!(said("", &["wildcard-subjekt"]).0, Exit::AskedWrongly);
    }

    #[test]
    fn a_cause_has_its_reason_and_the_code_that_entra_will_answer() {
        let (exit, out, _) = said("", &["subject-case"]);
        assert_eq!(exit, Exit::Yes);
        assert!(out.starts_with("subject-case: the subjects differ by letter case alone\n"), "{out}");
        assert!(out.contains("AADSTS7002138"), "{out}");
    }

    #[test]
    fn a_log_in_another_encoding_is_still_read() {
        let utf_16: Vec<u8> = "\u{feff}AADSTS1: é".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(super::decoded(&utf_16), "AADSTS1: é");
        assert_eq!(super::decoded(b"a\xffb"), "a\u{fffd}b");
    }

    #[test]
    fn an_unquoted_text_is_read_as_one() {
        let (_, out, _) = said("", &["AADSTS70025:", "The", "client", "has", "none."]);
        assert!(out.starts_with("error[AADSTS70025]: "), "{out}");
    }
}
