//! Diagnostics for people: the source with what each place contributes, both values aligned, help, notes and the link.

use std::{borrow::Cow, ops::Range, sync::Arc};

use annotate_snippets::{AnnotationKind, Element, Group, Level, Renderer, Snippet};

use super::{Style, sides};
use crate::{
    diagnostic::{Diagnostic, Label, Severity},
    id::visible,
    text::{Place, Source},
};

/// The diagnostics in the order given, a blank line between them, a line end behind each. Empty for none.
#[must_use]
pub fn render(diagnostics: &[Diagnostic], style: &Style) -> String {
    let renderer = if style.color { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.term_width(style.width);
    let blocks: Vec<String> =
        diagnostics.iter().map(|one| format!("{}\n", renderer.render(&[group(one)]))).collect();
    blocks.join("\n")
}

/// How many there are of each severity, in words: `2 errors, 1 warning`; `nothing found` for none.
#[must_use]
pub fn tally(diagnostics: &[Diagnostic]) -> String {
    let counted: Vec<String> = [Severity::Error, Severity::Warning, Severity::Note]
        .into_iter()
        .filter_map(|severity| {
            let count = diagnostics.iter().filter(|one| one.severity == severity).count();
            let plural = if count == 1 { "" } else { "s" };
            (count > 0).then(|| format!("{count} {}{plural}", severity.as_str()))
        })
        .collect();
    if counted.is_empty() { "nothing found".to_owned() } else { counted.join(", ") }
}

fn group(diagnostic: &Diagnostic) -> Group<'_> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let mut title = level.primary_title(lines(&diagnostic.title));
    if !diagnostic.code.is_empty() {
        title = title.id(diagnostic.code.as_ref());
    }
    if let Some(link) = &diagnostic.link {
        title = title.id_url(link.as_str());
    }
    title.elements(snippets(&diagnostic.labels)).elements(messages(diagnostic))
}

fn messages(diagnostic: &Diagnostic) -> Vec<Element<'_>> {
    let sides = sides::aligned(&diagnostic.sides).into_iter();
    let sides = sides.map(|line| Level::INFO.with_name(line.name).message(line.text));
    let help = diagnostic.help.iter().map(|text| Level::HELP.message(lines(text)));
    let notes = diagnostic.notes.iter().map(|text| Level::NOTE.message(lines(text)));
    let link = diagnostic.link.iter().map(|link| Level::INFO.with_name("link").message(lines(link)));
    sides.chain(help).chain(notes).chain(link).map(Element::from).collect()
}

/// One snippet for each file, the first label's file first; the first label is the primary one.
fn snippets(labels: &[Label]) -> Vec<Element<'_>> {
    let mut sources: Vec<&Arc<Source>> = Vec::new();
    for label in labels {
        if !sources.contains(&&label.place.source) {
            sources.push(&label.place.source);
        }
    }
    sources.into_iter().map(|source| snippet(source, labels)).collect()
}

fn snippet<'a>(source: &'a Source, labels: &'a [Label]) -> Element<'a> {
    let here = labels.iter().enumerate().filter(|(_, label)| *label.place.source == *source);
    let annotations = here.map(|(at, label)| {
        let kind = if at == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
        let text = (!label.text.is_empty()).then(|| lines(&label.text));
        kind.span(range(&label.place)).label(text)
    });
    Snippet::source(seen(source.text())).path(visible(source.path())).annotations(annotations).into()
}

/// The span inside its source, at the starts of characters.
fn range(place: &Place) -> Range<usize> {
    let text = place.source.text();
    let inside = |offset: usize| {
        let mut at = offset.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = inside(place.span.start);
    start..inside(place.span.end).max(start)
}

/// `text` with a mark in place of every invisible character, in as many bytes, so that spans stay right. The renderer itself
/// marks the control characters of ASCII.
fn seen(text: &str) -> Cow<'_, str> {
    let hidden =
        |c: char| !c.is_ascii() && visible(c.encode_utf8(&mut [0; 4])) != *c.encode_utf8(&mut [0; 4]);
    if !text.chars().any(hidden) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        match c.len_utf8() {
            2 if hidden(c) => out.push('·'),
            3 if hidden(c) => out.push('\u{fffd}'),
            4 if hidden(c) => out.push_str("··"),
            _ => out.push(c),
        }
        out
    }))
}

/// `text` with everything escaped that cannot be seen, but for the ends of its lines.
fn lines(text: &str) -> String {
    let escaped: Vec<_> = text.split('\n').map(visible).collect();
    escaped.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;

    fn place(source: &Arc<Source>, text: &str) -> Place {
        let start = source.text().find(text).unwrap();
        Place::new(source, Span::new(start, start + text.len()))
    }

    fn mismatch() -> Diagnostic {
        let workflow =
            Source::new(".github/workflows/deploy.yml", "jobs:\n  deploy:\n    environment: Production\n");
        let infra = Source::new("infra/main.tf", "subject = \"repo:octo/app:environment:production\"\n");
        let mut diagnostic = Diagnostic::new(
            "unmatched-subject",
            Severity::Error,
            "no credential trusts the subject of this job",
        )
        .at(place(&workflow, "Production"), "this names the environment")
        .at(place(&infra, "repo:octo/app:environment:production"), "this is trusted")
        .side("presented", "repo:octo/app:environment:Production", "")
        .side("configured", "repo:octo/app:environment:production", "credential deploy-prod")
        .help("set the subject to `repo:octo/app:environment:Production`")
        .note("Entra compares letter case and answers AADSTS7002138");
        diagnostic.link = Some("https://example.org/unmatched-subject".into());
        diagnostic
    }

    #[test]
    fn a_mismatch_shows_both_places_and_both_values() {
        insta::assert_snapshot!(render(&[mismatch()], &Style::plain()), @r#"
        error[unmatched-subject]: no credential trusts the subject of this job
         --> .github/workflows/deploy.yml:3:18
          |
        3 |     environment: Production
          |                  ^^^^^^^^^^ this names the environment
          |
         ::: infra/main.tf:1:12
          |
        1 | subject = "repo:octo/app:environment:production"
          |            ------------------------------------ this is trusted
          |
          = presented:  `repo:octo/app:environment:Production`
          = configured: `repo:octo/app:environment:production`  (credential deploy-prod)
                                                   ^
          = help: set the subject to `repo:octo/app:environment:Production`
          = note: Entra compares letter case and answers AADSTS7002138
          = link: https://example.org/unmatched-subject
        "#);
    }

    #[test]
    fn without_a_place_there_is_still_everything_else() {
        let bare =
            Diagnostic::new("", Severity::Note, "nothing to sign in\u{1b}[31m").help("line one\nline two");
        insta::assert_snapshot!(render(&[bare], &Style::plain()), @r"
        note: nothing to sign in\u{1b}[31m
         |
         = help: line one
                 line two
        ");
    }

    #[test]
    fn colour_adds_no_words() {
        let coloured = render(&[mismatch()], &Style::plain().with_color(true));
        assert!(coloured.contains('\u{1b}'));
        let stripped = anstream::adapter::strip_str(&coloured).to_string();
        assert_eq!(stripped, render(&[mismatch()], &Style::plain()));
    }

    #[test]
    fn a_span_outside_its_source_is_moved_inside() {
        let source = Source::new("a.yml", "é");
        let diagnostic =
            Diagnostic::new("x", Severity::Warning, "t").at(Place::new(&source, Span::new(1, 99)), "");
        assert!(render(&[diagnostic], &Style::plain()).contains("a.yml"));
    }

    #[test]
    fn the_tally_counts_in_words() {
        let note = Diagnostic::new("", Severity::Note, "t");
        assert_eq!(tally(&[mismatch(), note.clone(), note]), "1 error, 2 notes");
        assert_eq!(tally(&[]), "nothing found");
    }

    proptest::proptest! {
        #[test]
        fn no_text_and_no_span_breaks_the_report(
            text in "[a-z \\t\\r\\n\u{1b}\u{202e}\u{200b}\u{301}é漢🦀:#]{0,60}",
            spans in proptest::collection::vec((0_usize..80, 0_usize..80), 0..4),
            value in "[ -~\u{0}-\u{1f}\u{7f}\u{9b}\u{202e}漢]{0,30}",
        ) {
            let source = Source::new("a.yml", text);
            let other = Source::new("b.yml", value.clone());
            let mut diagnostic = Diagnostic::new("x", Severity::Error, value.clone());
            for (at, (start, end)) in spans.into_iter().enumerate() {
                let source = if at % 3 == 2 { &other } else { &source };
                diagnostic = diagnostic.at(Place::new(source, Span::new(start, end)), value.clone());
            }
            let diagnostic = diagnostic.side("presented", value.clone(), "").side("configured", "x", value.clone());
            let diagnostic = diagnostic.help(value.clone()).note(value);
            let shown = render(&[diagnostic], &Style::plain());
            let hidden = shown.chars().find(|c| *c != '\n' && visible(c.encode_utf8(&mut [0; 4])) != c.to_string());
            proptest::prop_assert_eq!(hidden, None, "{:?}", shown);
        }
    }
}
