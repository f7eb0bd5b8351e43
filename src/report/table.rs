//! A table of text cells: aligned for a terminal, one record after the other where it does not fit, or as Markdown.

use comfy_table::{ContentArrangement, presets};

use super::{Style, summary};
use crate::id::visible;

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// A literal value.
    Code(String),
}

impl Cell {
    fn plain(&self) -> String {
        match self {
            Self::Text(text) | Self::Code(text) => visible(text).into_owned(),
        }
    }

    fn markdown(&self) -> String {
        summary::in_cell(&match self {
            Self::Text(text) => summary::text(text),
            Self::Code(text) if text.is_empty() => String::new(),
            Self::Code(text) => summary::code(text),
        })
    }
}

/// Rows of cells under a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    header: Vec<String>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    /// A table without rows.
    #[must_use]
    pub fn new(header: impl IntoIterator<Item: Into<String>>) -> Self {
        Self { header: header.into_iter().map(Into::into).collect(), rows: Vec::new() }
    }

    /// Adds a row; what it lacks is empty, what it has too many is dropped.
    pub fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        let mut cells: Vec<Cell> = cells.into_iter().collect();
        cells.resize(self.header.len(), Cell::Text(String::new()));
        self.rows.push(cells);
    }

    /// Whether there is no row.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The table for a terminal. A value is never broken over two lines, so that it can be copied: where a row is wider than
    /// the screen, every row becomes a block of lines.
    #[must_use]
    pub fn render(&self, style: &Style) -> String {
        let aligned = self.aligned();
        let fits =
            aligned.column_max_content_widths().iter().map(|width| usize::from(*width) + 2).sum::<usize>()
                <= style.width + 2;
        if !fits {
            return self.records();
        }
        aligned.lines().map(|line| format!("{}\n", line.trim_end())).collect()
    }

    /// The table as GitHub's Markdown.
    #[must_use]
    pub fn markdown(&self) -> String {
        let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        let header = line(self.header.iter().map(|title| summary::in_cell(&summary::text(title))).collect());
        let rule = line(vec!["---".to_owned(); self.header.len()]);
        let rows = self.rows.iter().map(|row| line(row.iter().map(Cell::markdown).collect()));
        [header, rule].into_iter().chain(rows).collect()
    }

    fn aligned(&self) -> comfy_table::Table {
        let mut table = comfy_table::Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
        table.set_header(self.header.iter().map(|title| title.to_uppercase()));
        table.add_rows(self.rows.iter().map(|row| row.iter().map(Cell::plain)));
        for column in table.column_iter_mut() {
            column.set_padding((0, 2));
        }
        table
    }

    fn records(&self) -> String {
        let longest = self.header.iter().map(|title| title.len()).max().unwrap_or_default();
        let record = |row: &Vec<Cell>| -> String {
            let cells = self.header.iter().zip(row).map(|(title, cell)| (title, cell.plain()));
            let lines = cells.filter(|(_, value)| !value.is_empty());
            lines.map(|(title, value)| format!("{title:longest$}  {value}\n")).collect()
        };
        let records: Vec<String> = self.rows.iter().map(record).collect();
        records.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new(["job", "subject"]);
        table.row([Cell::Text("deploy".into()), Cell::Code("repo:o/r:environment:a|b".into())]);
        table.row([Cell::Text("größe".into()), Cell::Code("repo:o/r:pull_request".into())]);
        table
    }

    #[test]
    fn columns_are_aligned() {
        insta::assert_snapshot!(table().render(&Style::plain()), @"
        JOB     SUBJECT
        deploy  repo:o/r:environment:a|b
        größe   repo:o/r:pull_request
        ");
    }

    #[test]
    fn a_row_too_wide_becomes_a_block_and_no_value_is_broken() {
        insta::assert_snapshot!(table().render(&Style { color: false, width: 20 }), @"
        job      deploy
        subject  repo:o/r:environment:a|b

        job      größe
        subject  repo:o/r:pull_request
        ");
    }

    #[test]
    fn a_bar_in_a_value_ends_no_cell() {
        insta::assert_snapshot!(table().markdown(), @r"
        | job | subject |
        | --- | --- |
        | deploy | `repo:o/r:environment:a\|b` |
        | größe | `repo:o/r:pull_request` |
        ");
    }
}
