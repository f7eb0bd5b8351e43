//! Follows the cmdlets that carry values: to JSON, into files, into requests.

use super::{
    command::Given,
    run::Runner,
    value::{Value, World},
};
use crate::{
    text::{Place, Span},
    trust::read::script::{Call, Effort, Traced, content, file_beside, read_call},
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
                written(given, input, &place, world);
                Value::Null
            }
            "invoke-restmethod" | "invoke-mggraphrequest" | "invoke-azrestmethod" | "invoke-webrequest" => {
                self.request(given, span);
                Value::Text(self.unknown(span, "the answer of a request is not known"))
            }
            "write-output" | "echo" => value().unwrap_or(Value::Null),
            "import-powershelldatafile" => self.data_file(given, span),
            "get-content" => self.file_content(given, span, world),
            "convertfrom-json" => self.parsed(value(), span),
            "join-path" => Value::Text(self.joined_path(given, &place)),
            "new-object" | "out-string" | "sort-object" | "select-object" | "where-object" => {
                input.unwrap_or(Value::Null)
            }
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

    /// What a JSON text says.
    fn parsed(&self, text: Option<Value>, span: Span) -> Value {
        let place = self.place(span);
        let text = text.and_then(|value| value.into_text(&place).text());
        match text.and_then(|text| serde_json::from_str(&text).ok()) {
            Some(json) => from_json(json, &place),
            None => Value::Text(self.unknown(span, "the text that it reads is not known")),
        }
    }

    /// The table in a data file of the repository.
    fn data_file(&mut self, given: &Given, span: Span) -> Value {
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

    /// The text of a file that the script wrote, or that the repository holds.
    fn file_content(&self, given: &Given, span: Span, world: &World) -> Value {
        let path = named_path(given, &self.place(span));
        let written = world.files.get(&path.to_string().replace('\\', "/")).cloned();
        let found = written.or_else(|| file_beside(self.tree, self.source, &path).map(content));
        let missing = || self.unknown(span, &format!("`{path}` is not among the files"));
        Value::Text(found.unwrap_or_else(missing))
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

fn named_path(given: &Given, place: &Place) -> Traced {
    // `-Raw` takes no value, but whether a switch does is not known here.
    let named = given.get(&["path", "literalpath"]).or_else(|| given.plain.first());
    let named = named.or_else(|| given.get(&["raw"]));
    named.map(|path| path.clone().into_text(place)).unwrap_or_default()
}

fn from_json(json: serde_json::Value, place: &Place) -> Value {
    use serde_json::Value as Json;
    match json {
        Json::Null => Value::Null,
        Json::Bool(known) => Value::Truth(known),
        Json::Number(number) => Value::Text(Traced::literal(number.to_string(), place.clone(), 0)),
        Json::String(text) => Value::Text(Traced::literal(text, place.clone(), 0)),
        Json::Array(items) => Value::List(items.into_iter().map(|item| from_json(item, place)).collect()),
        Json::Object(entries) => {
            Value::Table(entries.into_iter().map(|(name, value)| (name, from_json(value, place))).collect())
        }
    }
}

/// Puts a value into a file.
fn written(given: &Given, input: Option<Value>, place: &Place, world: &mut World) {
    let named = given.get(&["filepath", "path", "literalpath"]).or_else(|| given.plain.first());
    let path = named.map(|path| path.clone().into_text(place).to_string()).unwrap_or_default();
    let content = match (&input, given.get(&["value"])) {
        (Some(value), _) | (None, Some(value)) => value.clone(),
        (None, None) => given.plain.get(1).cloned().unwrap_or(Value::Null),
    };
    world.files.insert(path.replace('\\', "/"), content.into_text(place));
}
