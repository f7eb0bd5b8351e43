//! Our own Markdown pages for a terminal: headings, paragraphs, lists, quotes and code, wrapped to the width of the screen.

use anstyle::{Effects, Style as Ansi};

use super::Style;

const HEADING: Ansi = Ansi::new().effects(Effects::BOLD);
/// Beyond this, lines are hard to read.
const WIDEST: usize = 100;

/// `markdown` as indented plain text under its headings. Only the Markdown that our pages use is known.
#[must_use]
pub fn page(markdown: &str, style: &Style) -> String {
    let mut out = String::new();
    let mut fenced = false;
    for line in markdown.lines() {
        if line.starts_with("```") {
            fenced = !fenced;
            continue;
        }
        let width = style.width.min(WIDEST);
        let shown = match block(line) {
            _ if fenced => format!("    {line}\n"),
            Block::Heading(text) if style.color => format!("{HEADING}{text}{HEADING:#}\n"),
            Block::Heading(text) => format!("{text}\n"),
            Block::Item(text) => wrapped(text, width, "  - ", "    "),
            Block::Quote(text) => wrapped(text, width, "    ", "    "),
            Block::Verbatim => format!("  {line}\n"),
            Block::Paragraph => wrapped(line, width, "  ", "  "),
        };
        out.push_str(&shown);
    }
    out
}

enum Block<'a> {
    Heading(&'a str),
    Item(&'a str),
    Quote(&'a str),
    Verbatim,
    Paragraph,
}

fn block(line: &str) -> Block<'_> {
    let heading = line.trim_start_matches('#').strip_prefix(' ').filter(|_| line.starts_with('#'));
    match (heading, line.strip_prefix("- "), line.strip_prefix("> ")) {
        (Some(text), ..) => Block::Heading(text),
        (_, Some(text), _) => Block::Item(text),
        (.., Some(text)) => Block::Quote(text),
        _ if line.starts_with('|') => Block::Verbatim,
        _ => Block::Paragraph,
    }
}

/// `text` in lines of at most `width` columns; a longer word stands alone. Every line ends with a line end.
#[must_use]
pub fn wrapped(text: &str, width: usize, first: &str, next: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => {
                let indent = if lines.is_empty() { first } else { next };
                lines.push(format!("{indent}{word}"));
            }
        }
    }
    if lines.is_empty() {
        lines.push(String::new());
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_keeps_its_shape_without_its_marks() {
        let markdown = "# AADSTS1: title\n\n## How to fix\n\n- Write `a` and then a great many other words.\n\n```yaml\na: b\n```\n> says";
        let style = Style { color: false, width: 30 };
        insta::assert_snapshot!(page(markdown, &style), @"
        AADSTS1: title

        How to fix

          - Write `a` and then a great
            many other words.

            a: b
            says
        ");
    }
}
