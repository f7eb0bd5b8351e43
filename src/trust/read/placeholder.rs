//! Places in a file that a tool fills in before the file is used: `envsubst`, Jinja and mustache, Octopus, replace-tokens, pipeline macros.

use std::sync::LazyLock;

use regex::Regex;

use crate::{text::Place, trust::Value};

/// One alternative for each way to write it. `<name>` is not among them: that is written for people, and stays when nobody looks.
static FILLED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let ways = [
        r"\$\{[A-Za-z_][A-Za-z0-9_.\-]*\}",
        r"\$\([A-Za-z_][A-Za-z0-9_.]*\)",
        r"\{\{[^{}]+\}\}",
        r"#\{[^{}]+\}#?",
        r"__[A-Za-z0-9]+(?:_[A-Za-z0-9]+)*__",
    ];
    Regex::new(&ways.join("|")).ok()
});

/// The value that `text`, written at `place`, amounts to: with a hole for everything that is filled in.
pub(super) fn value(text: &str, place: &Place) -> Value {
    let mut value = Value::default();
    let mut done = 0;
    for found in FILLED.iter().flat_map(|filled| filled.find_iter(text)) {
        let name = found.as_str().trim_matches(|c: char| "${}()#_".contains(c)).trim();
        let reason = format!("`{}` is filled in before the file is used", found.as_str());
        append(&mut value, text.get(done..found.start()));
        value.append(Value::hole(name, reason, place.clone()));
        done = found.end();
    }
    append(&mut value, text.get(done..));
    value
}

/// Whether something in `text` is filled in.
pub(super) fn is_in(text: &str) -> bool {
    FILLED.iter().any(|filled| filled.is_match(text))
}

fn append(value: &mut Value, text: Option<&str>) {
    if let Some(text) = text.filter(|text| !text.is_empty()) {
        value.append(Value::known(text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Source, Span};

    fn seen(text: &str) -> String {
        let source = Source::new("a.json", text);
        value(text, &Place::new(&source, Span::new(0, text.len()))).to_string()
    }

    #[test]
    fn what_a_tool_fills_in_is_a_hole_and_what_a_person_should_have_is_text() {
        for text in [
            "repo:${ORG}/app",
            "repo:$(ORG)/app",
            "repo:{{ ORG }}/app",
            "repo:#{ORG}#/app",
            "repo:__ORG__/app",
        ] {
            assert_eq!(seen(text), "repo:{ORG}/app", "{text}");
        }
        for text in
            ["repo:<org>/app", "repo:$ORG/app", "repo:o/my__app", "repo:o/__app", "claims['sub'] eq 'a'", ""]
        {
            assert_eq!(seen(text), text);
        }
    }
}
