//! Follows the cmdlets that carry values: to JSON, into files, into requests.

use super::{
    command::Given,
    file::{line_break, written},
    operator::joined,
    run::Runner,
    value::Value,
    world::World,
};
use crate::{
    text::{Place, Span},
    trust::read::script::{Call, Traced, read_call},
};

impl Runner<'_> {
    /// Cmdlets that only carry or change a value.
    pub(super) fn carrier(
        &mut self,
        program: &str,
        given: &Given,
        span: Span,
        input: Option<Value>,
        world: &mut World,
    ) -> Value {
        let place = self.place(span);
        let value = || {
            input
                .clone()
                .or_else(|| given.get(&["value", "inputobject"]).cloned())
                .or_else(|| given.plain.first().cloned())
        };
        match program {
            "convertto-json" => value().map_or(Value::Null, |value| Value::Text(value.into_json(&place))),
            "out-file" | "set-content" | "add-content" | "tee-object" => {
                written(program, given, input, &place, world);
                Value::Null
            }
            "invoke-restmethod" | "invoke-mggraphrequest" | "invoke-azrestmethod" | "invoke-webrequest" => {
                self.request(given, span);
                Value::Text(self.unknown(span, "the answer of a request is not known"))
            }
            "write-output" | "echo" => value().unwrap_or(Value::Null),
            "import-powershelldatafile" => self.data_file(given, span),
            "get-content" | "gc" | "cat" | "type" => self.file_content(given, span, world),
            "import-csv" | "convertfrom-csv" => self.csv(program, given, value(), span, world),
            "convertfrom-json" => self.parsed(value(), span),
            "join-path" => Value::Text(self.joined_path(given, &place)),
            "sort-object" | "sort" => self.sorted(given, input, span).unrolled(),
            "select-object" | "select" => self.selected(given, input, span).unrolled(),
            "new-object" => self.created(given, span),
            "write-host" | "write-verbose" | "write-warning" | "out-null" | "start-sleep"
            | "import-module" => Value::Null,
            "read-host" => {
                let name = self.place(span).text().to_owned();
                Value::Text(Traced::hole(name, "`Read-Host` asks for it", place))
            }
            _ => {
                let name = program.to_owned();
                let out = Traced::hole(name.as_str(), format!("the output of `{name}` is not known"), place);
                if let Some(file) = &given.output {
                    world.files.insert(file.to_string(), out.clone());
                }
                Value::Text(out)
            }
        }
    }

    /// `New-Object PSObject -Property @{...}`, and lists, which begin empty.
    fn created(&self, given: &Given, span: Span) -> Value {
        let place = self.place(span);
        let kind = given.get(&["typename"]).or_else(|| given.plain.first());
        let kind = kind.and_then(|kind| kind.clone().into_text(&place).text()).unwrap_or_default();
        match (given.get(&["property"]), kind.to_ascii_lowercase()) {
            (Some(table @ Value::Table(_)), _) => table.clone(),
            (None, kind) if kind.contains("list") => Value::List(Vec::new()),
            _ => Value::Text(self.unknown(span, "this object is not followed")),
        }
    }

    /// What a JSON text says.
    fn parsed(&self, text: Option<Value>, span: Span) -> Value {
        let place = self.place(span);
        let text = text.and_then(|value| joined(value, &line_break(&place), &place).text());
        match text.and_then(|text| serde_json::from_str(&text).ok()) {
            Some(json) => from_json(json, &place),
            None => Value::Text(self.unknown(span, "the text that it reads is not known")),
        }
    }

    fn joined_path(&self, given: &Given, place: &Place) -> Traced {
        let parts = given.get(&["path"]).into_iter().chain(given.get(&["childpath"])).chain(&given.plain);
        let mut out = Traced::default();
        for (at, part) in parts.enumerate() {
            if at > 0 {
                out.append(Traced::literal("/", place.clone(), place.span.start));
            }
            out.append(part.clone().into_text(place));
        }
        out
    }

    fn request(&mut self, given: &Given, span: Span) {
        let place = self.place(span);
        let text = |names: &[&str]| given.get(names).map(|value| value.clone().into_text(&place));
        let body = given.get(&["body", "payload"]).map(|body| body.clone().into_body(&place));
        let word = |text: &str| Traced::literal(text, place.clone(), span.start);
        let mut words = vec![word("az"), word("rest")];
        let url =
            text(&["uri", "path"]).or_else(|| given.plain.first().map(|url| url.clone().into_text(&place)));
        for (name, value) in [("--url", url), ("--method", text(&["method"])), ("--body", body)] {
            if let Some(value) = value {
                words.push(word(name));
                words.push(value);
            }
        }
        let files = std::collections::BTreeMap::new();
        let call = Call {
            words: &words,
            place: place.clone(),
            stdin: None,
            files: &files,
            tree: self.tree,
            script: self.source,
        };
        if let Some(found) = read_call(&call) {
            self.reached.insert(span.start);
            self.keep(found);
        }
    }
}

fn from_json(json: serde_json::Value, place: &Place) -> Value {
    use serde_json::Value as Json;
    match json {
        Json::Null => Value::Null,
        Json::Bool(known) => Value::Truth(known),
        Json::Number(number) => match number.as_i64() {
            Some(number) => Value::Number(number),
            None => Value::Text(Traced::literal(number.to_string(), place.clone(), 0)),
        },
        Json::String(text) => Value::Text(Traced::literal(text, place.clone(), 0)),
        Json::Array(items) => Value::List(items.into_iter().map(|item| from_json(item, place)).collect()),
        Json::Object(entries) => {
            Value::Table(entries.into_iter().map(|(name, value)| (name, from_json(value, place))).collect())
        }
    }
}
