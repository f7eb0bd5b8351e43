//! Diagnostics and values as Markdown for the summary page of a run, `GITHUB_STEP_SUMMARY`.
//!
//! Source: <https://github.github.com/gfm/> for code spans, tables and escapes.

use super::terminal::tally;
use crate::{diagnostic::Diagnostic, id::visible};

/// The most that one step may write, in bytes.
///
/// Source: <https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands>, step isolation and limits.
pub const LIMIT: usize = 1 << 20;

/// A heading, the tally, and one section for each diagnostic.
#[must_use]
pub fn page(heading: &str, diagnostics: &[Diagnostic]) -> String {
    let head = format!("### {}\n\n{}\n", text(heading), tally(diagnostics));
    limited(std::iter::once(head).chain(diagnostics.iter().map(section)))
}

/// A heading and names with their values, which are shown literally.
#[must_use]
pub fn list(heading: &str, rows: &[(&str, &str)]) -> String {
    let rows: String =
        rows.iter().map(|(name, value)| format!("- {}: {}\n", text(name), code(value))).collect();
    sheet(heading, &rows)
}

/// A heading and Markdown, such as a table, of which lines are left out at the end where it is too long.
#[must_use]
pub fn sheet(heading: &str, markdown: &str) -> String {
    let head = format!("### {}\n\n", text(heading));
    let lines = markdown.split_inclusive('\n').map(str::to_owned);
    limited(std::iter::once(head).chain(lines).chain(["\n".to_owned()]))
}

fn section(diagnostic: &Diagnostic) -> String {
    let code =
        if diagnostic.code.is_empty() { String::new() } else { format!(" {}", self::code(&diagnostic.code)) };
    let mut out = format!("\n**{}**{code}: {}\n\n", diagnostic.severity.as_str(), text(&diagnostic.title));
    let mut item = |name: &str, value: String| out.push_str(&format!("- {name}: {value}\n"));
    for label in &diagnostic.labels {
        let what = if label.text.is_empty() { String::new() } else { format!(" ({})", text(&label.text)) };
        item("at", format!("{}{what}", self::code(&label.place.to_string())));
    }
    for side in &diagnostic.sides {
        let origin =
            if side.origin.is_empty() { String::new() } else { format!(" ({})", text(&side.origin)) };
        item(side.name, format!("{}{origin}", self::code(&side.value)));
    }
    diagnostic.help.iter().for_each(|help| item("help", prose(help)));
    diagnostic.notes.iter().for_each(|note| item("note", prose(note)));
    diagnostic.link.iter().for_each(|link| item("link", text(link)));
    out
}

/// As many blocks as fit, and a word about the rest.
fn limited(blocks: impl Iterator<Item = String>) -> String {
    const CUT: &str = "\nThe rest does not fit on this page; see the log.\n";
    let mut out = String::new();
    for block in blocks {
        if out.len() + block.len() + CUT.len() > LIMIT {
            out.push_str(CUT);
            break;
        }
        out.push_str(&block);
    }
    out
}

/// `value` as a code span that shows it literally, whatever it holds.
#[must_use]
pub fn code(value: &str) -> String {
    let value = visible(value);
    let longest = value.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    // One blank on each side is taken away again; it keeps backticks and blanks at the ends what they are.
    let edge = |c: char| c == '`' || c == ' ';
    let pad = if value.is_empty() || value.starts_with(edge) || value.ends_with(edge) { " " } else { "" };
    format!("{fence}{pad}{value}{pad}{fence}")
}

/// `value` as words: nothing in it is Markdown or HTML, a line end becomes a line break.
#[must_use]
pub fn text(value: &str) -> String {
    let lines: Vec<String> = value.split('\n').map(|line| escaped(&visible(line))).collect();
    lines.join("<br>")
}

/// Our own sentences: like [`text`], but what stands between backticks stays a code span.
fn prose(value: &str) -> String {
    let pieces = value.split('`').enumerate();
    if value.matches('`').count() % 2 == 1 {
        return text(value);
    }
    pieces.map(|(at, piece)| if at % 2 == 1 { code(piece) } else { text(piece) }).collect()
}

fn escaped(line: &str) -> String {
    line.chars().fold(String::new(), |mut out, c| {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '#' | '!' | '|' | '~' => out.extend(['\\', c]),
            other => out.push(other),
        }
        out
    })
}

/// Makes a rendered span fit into a table cell.
pub(super) fn in_cell(span: &str) -> String {
    // An escaped bar is a bar in a cell, in a code span too.
    span.replace("\\|", "|").replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Severity;

    #[test]
    fn a_code_span_shows_any_value_literally() {
        assert_eq!(code("repo:o/r"), "`repo:o/r`");
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("`a``"), "``` `a`` ```");
        assert_eq!(code("a\nb"), "`a\\nb`");
    }

    #[test]
    fn words_are_neither_markdown_nor_html() {
        assert_eq!(text("<b>*x*</b>|`y`"), "&lt;b&gt;\\*x\\*&lt;/b&gt;\\|\\`y\\`");
        assert_eq!(text("a\nb"), "a<br>b");
    }

    #[test]
    fn a_page_holds_the_values_and_what_to_do() {
        let diagnostic = Diagnostic::new("subject-case", Severity::Error, "the letter case differs")
            .side("presented", "repo:o/r:environment:Prod", "")
            .side("configured", "repo:o/r:environment:prod", "main.tf:3:5")
            .help("set the subject to `repo:o/r:environment:Prod`");
        insta::assert_snapshot!(page("fedcred check", &[diagnostic]), @"
        ### fedcred check

        1 error

        **error** `subject-case`: the letter case differs

        - presented: `repo:o/r:environment:Prod`
        - configured: `repo:o/r:environment:prod` (main.tf:3:5)
        - help: set the subject to `repo:o/r:environment:Prod`
        ");
    }

    #[test]
    fn a_page_ends_before_it_is_too_long() {
        let long = Diagnostic::new("", Severity::Note, "x".repeat(LIMIT / 2));
        let page = page("t", &[long.clone(), long.clone(), long]);
        assert!(page.len() <= LIMIT && page.ends_with("see the log.\n"));
    }

    proptest::proptest! {
        #[test]
        fn no_value_leaves_its_code_span(value in "[a-z` |\\\\]{0,20}") {
            let span = code(&value);
            let fence: String = span.chars().take_while(|c| *c == '`').collect();
            let inner = span.strip_prefix(&fence).unwrap().strip_suffix(&fence).unwrap();
            let runs = inner.split(|c| c != '`').map(str::len);
            proptest::prop_assert!(runs.max().unwrap_or_default() < fence.len());
        }
    }
}
