//! What files hold: text, lines, rows, and the tables of data files.

use super::{command::Given, element::named, operator::joined, run::Runner, value::Value, world::World};
use crate::{
    text::{Place, Span},
    trust::read::script::{Effort, Traced, content, file_beside},
};

impl Runner<'_> {
    /// The table in a data file of the repository.
    pub(super) fn data_file(&mut self, given: &Given, span: Span) -> Value {
        let path = named_path(given, &self.place(span));
        let Some(source) = file_beside(self.tree, self.source, &path) else {
            return Value::Text(self.unknown(span, &format!("`{path}` is not among the files")));
        };
        if !self.effort.spend(source.text().len()) {
            return Value::Text(Traced::too_long(self.place(span)));
        }
        let (block, too_deep) = super::parser::parse(source.text());
        if too_deep.is_some() {
            return Value::Text(self.unknown(span, &format!("`{path}` is nested too deeply")));
        }
        let mut inner = Runner::new(self.tree, source);
        inner.is_data = true;
        inner.effort = std::mem::replace(&mut self.effort, Effort::full());
        let ends = inner.run_block(&block, vec![World::default()]);
        self.effort = std::mem::replace(&mut inner.effort, Effort::full());
        self.keep(inner.reading);
        ends.into_iter().next().and_then(|world| world.out.into_iter().next()).unwrap_or(Value::Null)
    }

    /// The text of a file, or its lines.
    pub(super) fn file_content(&self, given: &Given, span: Span, world: &World) -> Value {
        let path = named_path(given, &self.place(span));
        match self.file_text(&path, world) {
            None => Value::Text(self.unknown(span, &format!("`{path}` is not among the files"))),
            Some(text) if given.get(&["raw"]).is_some() || text.text().is_none() => Value::Text(text),
            Some(text) => Value::of(lines(&text)),
        }
    }

    /// The text of a file that the script wrote, or that the repository holds.
    pub(super) fn file_text(&self, path: &Traced, world: &World) -> Option<Traced> {
        let written = world.files.get(&path.to_string().replace('\\', "/")).cloned();
        written.or_else(|| file_beside(self.tree, self.source, path).map(content))
    }

    /// `Import-Csv FILE` and `ConvertFrom-Csv`.
    pub(super) fn csv(
        &mut self,
        program: &str,
        given: &Given,
        input: Option<Value>,
        span: Span,
        world: &World,
    ) -> Value {
        let place = self.place(span);
        let text = match program {
            "import-csv" => self.file_text(&named_path(given, &place), world),
            _ => input.map(|value| joined(value, &line_break(&place), &place)),
        };
        self.rows(text.as_ref(), given, span)
    }

    /// The rows of a CSV text as tables.
    fn rows(&mut self, text: Option<&Traced>, given: &Given, span: Span) -> Value {
        const FOLLOWED: [&str; 6] =
            ["path", "literalpath", "delimiter", "encoding", "inputobject", "erroraction"];
        let place = self.place(span);
        let mark = given.get(&["delimiter"]).map(|mark| mark.clone().into_text(&place).text());
        let mark = mark.map_or(Some(b','), |mark| {
            mark.and_then(|mark| <[u8; 1]>::try_from(mark.as_bytes()).ok()).map(|[mark]| mark)
        });
        let is_followed = given.named.iter().all(|(name, _)| FOLLOWED.contains(&name.as_str()));
        let text = text.and_then(Traced::text).filter(|text| is_followed && self.effort.spend(text.len()));
        let (Some(text), Some(mark)) = (text, mark) else {
            return Value::Text(self.unknown(span, "the table that it reads is not known"));
        };
        let text = text.trim_start_matches('\u{feff}').trim_end_matches(['\r', '\n']);
        let mut reader =
            csv::ReaderBuilder::new().delimiter(mark).flexible(true).from_reader(text.as_bytes());
        let names = reader.headers().cloned().unwrap_or_default();
        let mut rows = Vec::new();
        for record in reader.records() {
            let Ok(record) = record else {
                return Value::Text(self.unknown(span, "the table that it reads cannot be read"));
            };
            let cells = names.iter().zip(record.iter());
            rows.push(Value::Table(
                cells.map(|(name, cell)| (name.to_owned(), named(cell, &place))).collect(),
            ));
        }
        Value::List(rows)
    }
}

fn named_path(given: &Given, place: &Place) -> Traced {
    // `-Raw` takes no value, but whether a switch does is not known here.
    let named = given.get(&["path", "literalpath"]).or_else(|| given.plain.first());
    let named = named.or_else(|| given.get(&["raw"]));
    named.map(|path| path.clone().into_text(place)).unwrap_or_default()
}

/// What stands between the lines of a list that is written or read as one text.
pub(super) fn line_break(place: &Place) -> Traced {
    Traced::literal("\n", place.clone(), place.span.start)
}

fn lines(text: &Traced) -> Vec<Value> {
    let marked = text.marked();
    let mut at = 0;
    let line = |line: &str| {
        let start = at;
        at += line.len();
        Value::Text(text.cut(start, start + line.trim_end_matches('\n').trim_end_matches('\r').len()))
    };
    marked.split_inclusive('\n').map(line).collect()
}

/// Puts a value into a file.
pub(super) fn written(program: &str, given: &Given, input: Option<Value>, place: &Place, world: &mut World) {
    let named = given.get(&["filepath", "path", "literalpath"]).or_else(|| given.plain.first());
    let path = named.map(|path| path.clone().into_text(place).to_string()).unwrap_or_default();
    let content = match (&input, given.get(&["value"])) {
        (Some(value), _) | (None, Some(value)) => value.clone(),
        (None, None) => given.plain.get(1).cloned().unwrap_or(Value::Null),
    };
    let file = world.files.entry(path.replace('\\', "/")).or_default();
    if program != "add-content" && given.get(&["append"]).is_none() {
        *file = Traced::default();
    }
    file.append(joined(content, &line_break(place), place));
    file.append(line_break(place));
}
