//! What may stand at a place of a file, and the walk that holds a file against it.
//!
//! Source: actions/runner `src/Sdk/WorkflowParser/ObjectTemplating/TemplateReader.cs`.

use super::{kind, missing, unexpected};
use crate::{
    workflow::{
        Error, Problem,
        expression::{Scope, SyntaxError, Template, condition, template},
    },
    yaml::{Entry, Kind, Node, Value},
};

/// What GitHub takes at a place. Where a scope is given, an expression may stand instead.
pub(super) enum Rule {
    /// Anything.
    Any,
    /// Nothing.
    Null,
    /// True or false, without quotes.
    Boolean,
    /// A number, without quotes.
    Number,
    /// Any scalar; it is taken as text.
    Text,
    /// The same, but not empty.
    Filled,
    /// One of these.
    Word(&'static [&'static str]),
    /// An expression, with or without `${{ }}`.
    Condition,
    /// A list of it.
    List(&'static Self),
    /// A mapping.
    Mapping {
        /// The keys that must be there.
        needed: &'static [&'static str],
        /// The keys and what they hold.
        known: &'static [(&'static str, Self)],
        /// What other keys hold, if there may be any.
        rest: Option<&'static Self>,
    },
    /// One of these: the first mapping that knows the keys, or whatever takes the value.
    Either(&'static [Self]),
    /// Here and below, expressions may use this.
    In(Scope<'static>, &'static Self),
}

impl Rule {
    /// A mapping of these keys alone.
    pub(super) const fn keys(known: &'static [(&'static str, Self)]) -> Self {
        Self::Mapping { needed: &[], known, rest: None }
    }

    /// A mapping of any keys.
    pub(super) const fn open(rest: &'static Self) -> Self {
        Self::Mapping { needed: &[], known: &[], rest: Some(rest) }
    }

    /// Holds `node`, the value of the key `name`, against the rule.
    ///
    /// # Errors
    /// The first thing in the order of the file that GitHub would refuse.
    pub(super) fn check(&self, node: &Node, name: &str, scope: &Scope<'_>) -> Result<(), Error> {
        if let Self::In(scope, rule) = self {
            return rule.check(node, name, scope);
        }
        let rules = if let Self::Either(rules) = self { rules } else { std::slice::from_ref(self) };
        match &node.kind {
            Kind::Scalar(_) => scalar(node, name, rules, scope),
            Kind::Sequence(items) => {
                let of = rules.iter().find_map(|rule| {
                    if let Self::List(of) = rule {
                        Some(*of)
                    } else {
                        matches!(rule, Self::Any).then_some(rule)
                    }
                });
                let of = of.ok_or_else(|| kind(node, name, wanted(rules)))?;
                items.iter().try_for_each(|item| of.check(item, name, scope))
            }
            Kind::Mapping(entries) => mapping(node, entries, name, rules, scope),
        }
    }
}

/// Which of the mappings it is, told by its keys in their order: where several fit, the first. A key that rules the last of them out
/// is refused.
fn mapping(
    node: &Node,
    entries: &[Entry],
    name: &str,
    rules: &[Rule],
    scope: &Scope<'_>,
) -> Result<(), Error> {
    let mut left: Vec<_> = rules.iter().filter_map(keyed).collect();
    if left.is_empty() {
        return Err(kind(node, name, wanted(rules)));
    }
    // Source: `${{ insert }}` may stand wherever expressions may.
    let inserts = |entry: &&Entry| entry.name().starts_with("${{") && !scope.is_empty();
    for entry in entries.iter().filter(|entry| !inserts(entry)) {
        left.retain(|(_, known, rest)| rest.is_some() || known.iter().any(|(key, _)| *key == entry.name()));
        if left.is_empty() {
            return Err(unexpected(&entry.key));
        }
    }
    let (needed, known, rest) = left.first().copied().unwrap_or_default();
    for entry in entries {
        let rule = known.iter().find_map(|(key, rule)| (*key == entry.name()).then_some(rule)).or(rest);
        rule.unwrap_or(&Rule::Any).check(&entry.value, entry.name(), scope)?;
    }
    match needed.iter().find(|key| node.get(key).is_none()) {
        None => Ok(()),
        Some(key) => Err(missing(key, node)),
    }
}

type Keyed = (&'static [&'static str], &'static [(&'static str, Rule)], Option<&'static Rule>);

const fn keyed(rule: &Rule) -> Option<Keyed> {
    if let Rule::Mapping { needed, known, rest } = rule {
        Some((needed, known, *rest))
    } else if matches!(rule, Rule::Any) {
        Some((&[], &[], Some(&Rule::Any)))
    } else {
        None
    }
}

fn scalar(node: &Node, name: &str, rules: &[Rule], scope: &Scope<'_>) -> Result<(), Error> {
    let written = node.text().unwrap_or("");
    if rules.iter().any(|rule| matches!(rule, Rule::Condition)) {
        return condition(written, scope).map(drop).map_err(|error| misread(node, &error));
    }
    let (text, value) = match template(written, scope).map_err(|error| misread(node, &error))? {
        Template::Expression(_) => return Ok(()),
        Template::Literal(text) if text != written => (text, None),
        Template::Literal(text) => (text, node.value()),
    };
    let empty = text.is_empty() || value == Some(Value::Null);
    let takes = |rule: &Rule| match rule {
        Rule::Any | Rule::Text => true,
        Rule::Null => value == Some(Value::Null),
        Rule::Boolean => matches!(value, Some(Value::Bool(_))),
        Rule::Number => matches!(value, Some(Value::Number(_))),
        Rule::Filled => !empty,
        Rule::Word(words) => words.contains(&text.as_str()),
        Rule::Condition | Rule::List(_) | Rule::Mapping { .. } | Rule::Either(_) | Rule::In(..) => false,
    };
    if rules.iter().any(takes) {
        Ok(())
    } else if text.is_empty() && value != Some(Value::Null) {
        let (key, wanted) = (name.to_owned(), wanted(rules));
        Err(Error::new(Problem::Kind { key, wanted, found: "empty text" }, node.used_at()))
    } else if empty || !rules.iter().any(|rule| matches!(rule, Rule::Word(_))) {
        Err(kind(node, name, wanted(rules)))
    } else {
        Err(unexpected(node))
    }
}

/// GitHub points at the whole value; the exact spot belongs to it.
fn misread(node: &Node, error: &SyntaxError) -> Error {
    Error {
        related: Some(node.place_within(error.span)),
        ..Error::new(Problem::Expression(error.to_string()), node.place())
    }
}

/// What should stand there, in words.
fn wanted(rules: &[Rule]) -> &'static str {
    let any = |test: fn(&Rule) -> bool| rules.iter().any(test);
    let text = any(|rule| matches!(rule, Rule::Text | Rule::Filled | Rule::Word(_) | Rule::Condition));
    let list = any(|rule| matches!(rule, Rule::List(_)));
    let mapping = any(|rule| matches!(rule, Rule::Mapping { .. }));
    match (text, list, mapping) {
        (true, true, true) => "text, a list or a mapping",
        (true, true, false) => "text or a list",
        (true, false, true) => "a mapping or text",
        (true, false, false) => "text",
        (false, _, true) => "a mapping",
        (false, true, false) => "a list",
        (false, false, false) if any(|rule| matches!(rule, Rule::Number)) => "a number",
        (false, false, false) => "true or false",
    }
}
