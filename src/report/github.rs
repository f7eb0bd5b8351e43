//! What a step says to GitHub's runner: annotations, masks, and the files that carry values to later steps.
//!
//! Source: the escaping of `packages/core/src/command.ts` and the delimiter of `packages/core/src/file-command.ts` in
//! actions/toolkit; <https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands>.

use std::borrow::Cow;

use crate::{
    diagnostic::{Diagnostic, Severity},
    id::visible,
};

/// One annotation for each diagnostic, a line each.
#[must_use]
pub fn annotations(diagnostics: &[Diagnostic]) -> String {
    diagnostics.iter().map(annotation).collect()
}

fn annotation(diagnostic: &Diagnostic) -> String {
    let command = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let mut properties: Vec<String> = Vec::new();
    if let Some(label) = diagnostic.labels.first() {
        let (start, end) = (label.place.start(), label.place.end());
        properties.push(format!("file={}", property(label.place.source.path())));
        properties.push(format!("line={},endLine={}", start.line, end.line));
        properties.push(format!("col={}", start.column));
        // The page refuses an end column on another line.
        if start.line == end.line {
            properties.push(format!("endColumn={}", end.column));
        }
    }
    if !diagnostic.code.is_empty() {
        properties.push(format!("title={}", property(&diagnostic.code)));
    }
    format!("::{command} {}::{}\n", properties.join(","), data(&message(diagnostic)))
}

fn message(diagnostic: &Diagnostic) -> String {
    let sides = super::sides::aligned(&diagnostic.sides);
    let sides = sides.iter().map(|line| {
        // The pointer needs a fixed width, which an annotation does not have.
        let value = line.text.lines().next().unwrap_or_default();
        format!("{}: {}", line.name, value.trim_start())
    });
    let help = diagnostic.help.iter().map(|text| format!("help: {text}"));
    let notes = diagnostic.notes.iter().map(|text| format!("note: {text}"));
    let link = diagnostic.link.iter().cloned();
    let rest: Vec<String> = sides.chain(help).chain(notes).chain(link).collect();
    let shown = std::iter::once(diagnostic.title.clone()).chain(rest);
    let lines: Vec<String> = shown.map(|text| escaped_lines(&text)).collect();
    lines.join("\n")
}

fn escaped_lines(text: &str) -> String {
    let lines: Vec<Cow<'_, str>> = text.split('\n').map(visible).collect();
    lines.join("\n")
}

/// The command that makes the runner print `***` for `secret` from now on.
///
/// The runner masks each line of a value by itself; so a value of several lines is announced whole and line by line.
#[must_use]
pub fn mask(secret: &str) -> String {
    let whole = std::iter::once(secret);
    let lines = secret.lines().filter(|line| *line != secret && !line.trim().is_empty());
    whole.chain(lines).map(|value| format!("::add-mask::{}\n", data(value))).collect()
}

/// `text` between two commands that keep the runner from reading commands in it.
///
/// `token` must not be guessable by whoever wrote the text.
#[must_use]
pub fn quoted(text: &str, token: &str) -> String {
    let end = if text.ends_with('\n') { "" } else { "\n" };
    format!("::stop-commands::{token}\n{text}{end}::{token}::\n")
}

/// The lines to append to `GITHUB_OUTPUT`, `GITHUB_ENV` or `GITHUB_STATE` that give `name` the value.
///
/// `seed` makes the delimiter hard to guess. It is lengthened until it occurs neither in the name nor in the value, so
/// that no value can end early and set another name.
#[must_use]
pub fn assignment(name: &str, value: &str, seed: &str) -> String {
    let mut delimiter = format!("fedcred_{seed}");
    while value.contains(&delimiter) || name.contains(&delimiter) {
        delimiter.push('_');
    }
    format!("{name}<<{delimiter}\n{value}\n{delimiter}\n")
}

/// `text` as the data of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// `text` as a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Place, Source, Span};

    #[test]
    fn an_annotation_stands_at_its_place_and_cannot_be_broken_out_of() {
        let source = Source::new("a,b:c.yml", "x\nenvironment: Prod\n");
        let diagnostic = Diagnostic::new("unmatched-subject", Severity::Error, "100% wrong\n::add-mask::x")
            .at(Place::new(&source, Span::new(15, 19)), "")
            .side("presented", "repo:o/r:environment:Prod", "")
            .help("write `prod`");
        insta::assert_snapshot!(annotations(&[diagnostic]), @"::error file=a%2Cb%3Ac.yml,line=2,endLine=2,col=14,endColumn=18,title=unmatched-subject::100%25 wrong%0A::add-mask::x%0Apresented: `repo:o/r:environment:Prod`%0Ahelp: write `prod`");
    }

    #[test]
    fn every_line_of_a_secret_is_masked() {
        assert_eq!(mask("one"), "::add-mask::one\n");
        assert_eq!(mask("a%\nb\n"), "::add-mask::a%25%0Ab%0A\n::add-mask::a%25\n::add-mask::b\n");
    }

    #[test]
    fn a_value_cannot_set_another_name() {
        let evil = "x\nfedcred_7\nPATH<<fedcred_7_\n/evil\nfedcred_7_";
        let written = assignment("subject", evil, "7");
        let (first, rest) = written.split_once('\n').unwrap();
        let delimiter = first.strip_prefix("subject<<").unwrap();
        assert_eq!(rest, format!("{evil}\n{delimiter}\n"));
        assert_eq!(rest.matches(delimiter).count(), 1);
    }

    #[test]
    fn a_quoted_text_gives_no_commands() {
        assert_eq!(quoted("::error::x", "t"), "::stop-commands::t\n::error::x\n::t::\n");
    }

    proptest::proptest! {
        #[test]
        fn one_diagnostic_is_one_line_whatever_it_says(path in "\\PC{0,20}", title in "[ -~\\r\\n]{0,40}", value in "[ -~\\n]{0,40}") {
            let source = Source::new(path, "x");
            let diagnostic = Diagnostic::new("c", Severity::Warning, title)
                .at(Place::new(&source, Span::new(0, 1)), "")
                .side("presented", value.clone(), value.clone())
                .help(value);
            let line = annotations(&[diagnostic]);
            proptest::prop_assert_eq!(line.matches(['\n', '\r']).count(), 1);
            proptest::prop_assert!(line.starts_with("::warning file=") && line.ends_with('\n'));
        }

        #[test]
        fn a_value_is_read_back_whole(value in "[a-z_\\n<]{0,60}", name in "[a-z]{1,5}") {
            let written = assignment(&name, &value, "");
            let (first, rest) = written.split_once('\n').unwrap();
            let delimiter = first.strip_prefix(&format!("{name}<<")).unwrap();
            let end = format!("\n{delimiter}\n");
            proptest::prop_assert_eq!(rest.strip_suffix(&end).unwrap(), value);
        }
    }
}
