//! Abstract evaluation covers every concrete run: random expressions in random contexts.

use fedcred::{
    id::pattern::PatternList,
    workflow::expression::{
        Context, Object, Scope, Status, Value,
        abstraction::{
            AbstractContext, AbstractObject, AbstractValue, Case, Kind, Piece, Rest, Truth, condition,
            evaluate,
        },
        evaluate as run, parse,
    },
};
use proptest::prelude::*;

fn list(texts: &[&str]) -> PatternList {
    PatternList::parse(texts.iter().copied()).unwrap()
}

fn heads(texts: &[&str]) -> AbstractValue {
    AbstractValue::family("refs/heads/", "github.ref_name", list(texts))
}

fn tags(texts: &[&str]) -> AbstractValue {
    AbstractValue::family("refs/tags/", "github.ref_name", list(texts))
}

fn contexts() -> impl Strategy<Value = AbstractContext> {
    let refs = prop_oneof![
        Just(heads(&["**"])),
        Just(heads(&["**"]).or(tags(&["v*", "!v1"]))),
        Just(heads(&["main", "release/**", "!release/a"])),
        Just(AbstractValue::one_of(["refs/heads/main", "refs/heads/dev"])),
        Just(AbstractValue::family("refs/pull/", "github.ref_name", list(&["*/merge"]))),
    ];
    let input = prop_oneof![
        Just(AbstractValue::one_of(["dev", "prod", ""])),
        Just(AbstractValue::unknown("inputs.env")),
        Just(AbstractValue::unknown_text("inputs.env")),
        Just(AbstractValue::exact(Value::Null)),
        Just(AbstractValue::one_of([1.0, 0.0])),
        Just(AbstractValue::any_bool()),
    ];
    let status = prop_oneof![Just(vec![Status::Success]), Just(vec![Status::Success, Status::Failure])];
    (refs, input, status).prop_map(|(refs, input, status)| {
        let mut context = AbstractContext { status, ..AbstractContext::default() };
        context.set(&["github", "ref"], refs);
        context.set(&["github", "event_name"], AbstractValue::one_of(["push", "schedule"]));
        context
            .set(&["inputs"], AbstractObject::new("inputs", Rest::Missing).with("env", input).into_value());
        context
    })
}

fn paths() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "github.ref",
        "github.ref_name",
        "github.ref_type",
        "github.event_name",
        "github.event.x",
        "inputs.env",
        "inputs['none']",
        "vars.A",
        "vars[inputs.env]",
        "needs.a.result",
        "inputs",
        "inputs.*",
        "needs.*.a",
    ])
    .prop_map(str::to_owned)
}

fn literals() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "'refs/heads/main'",
        "'refs/tags/v'",
        "'refs/heads/'",
        "'main'",
        "'release/b'",
        "'dev'",
        "'prod'",
        "''",
        "'push'",
        "'branch'",
        "'1'",
        "'{0}-{1}'",
        "'x{0}'",
        "true",
        "false",
        "null",
        "0",
        "1",
        "NaN",
        "fromJSON('[\"main\",\"dev\",1]')",
        "fromJSON('{\"dev\":\"d\"}')",
    ])
    .prop_map(str::to_owned)
}

fn expressions() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![3 => paths(), 2 => literals(), 1 => Just("success()".to_owned())];
    leaf.prop_recursive(5, 24, 3, |inner| {
        let operator = prop::sample::select(vec!["==", "!=", "&&", "||", "<", ">=", "==", "&&", "||"]);
        prop_oneof![
            6 => (inner.clone(), operator, inner.clone()).prop_map(|(a, o, b)| format!("({a} {o} {b})")),
            2 => inner.clone().prop_map(|a| format!("!{a}")),
            2 => (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("startsWith({a}, {b})")),
            1 => (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("endsWith({a}, {b})")),
            1 => (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("contains({a}, {b})")),
            1 => (inner.clone(), inner.clone(), inner.clone()).prop_map(|(a, b, c)| format!("format({a}, {b}, {c})")),
            1 => (inner.clone(), inner.clone(), inner.clone()).prop_map(|(a, b, c)| format!("case({a}, {b}, {c})")),
            1 => inner.clone().prop_map(|a| format!("toJSON({a})")),
            1 => inner.clone().prop_map(|a| format!("join({a})")),
            1 => (paths(), inner).prop_map(|(a, b)| format!("{a}[{b}]")),
        ]
    })
}

/// Draws values that an abstract one covers.
struct Draw<'a> {
    numbers: &'a [usize],
    at: usize,
}

impl Draw<'_> {
    fn number(&mut self, below: usize) -> usize {
        self.at += 1;
        self.numbers[self.at % self.numbers.len()] % below
    }

    fn text(&mut self) -> &'static str {
        let texts = ["", "dev", "prod", "main", "1", "refs/heads/main", "a b", "0", "true"];
        texts[self.number(texts.len())]
    }

    fn any(&mut self) -> Value {
        match self.number(6) {
            0 => Value::Null,
            1 => Value::Bool(true),
            2 => Value::Number(0.0),
            3 => Value::array(vec![Value::from("main"), Value::Null]),
            4 => [("a", Value::from("dev")), ("x", Value::from(true))].into_iter().collect::<Object>().into(),
            _ => Value::from(self.text()),
        }
    }

    fn piece(&mut self, piece: &Piece) -> String {
        match piece {
            Piece::Literal(text) => text.clone(),
            Piece::Hole(_) => self.text().to_owned(),
            Piece::Filtered { list, .. } => {
                let names = ["main", "dev", "release/b", "v2", "7/merge", "x", "release/a", "prod"];
                let admitted: Vec<_> = names.into_iter().filter(|name| list.admits(name)).collect();
                admitted[self.number(admitted.len())].to_owned()
            }
        }
    }

    fn value(&mut self, value: &AbstractValue) -> Value {
        match &value.cases[self.number(value.cases.len())] {
            Case::Exact(value) => value.clone(),
            Case::Text(pieces) => {
                Value::from(pieces.iter().map(|piece| self.piece(piece)).collect::<String>())
            }
            Case::Object(object) => self.object(object).into(),
            Case::Unknown { kind: Kind::Any, .. } => self.any(),
            Case::Unknown { kind: Kind::Text, .. } => {
                if self.number(4) == 0 {
                    Value::Null
                } else {
                    Value::from(self.text())
                }
            }
        }
    }

    fn object(&mut self, object: &AbstractObject) -> Object {
        let mut drawn = Object::default();
        for (name, value) in &object.known {
            drawn.insert(name.as_str(), self.value(value));
        }
        if object.name == "vars" {
            drawn.insert("A", self.text());
            drawn.insert("dev", "from-dev");
        }
        drawn
    }

    fn context(&mut self, context: &AbstractContext) -> Context {
        let mut values = self.object(&context.values);
        let Some(Value::Object(github)) = values.get("github").cloned() else { panic!() };
        let mut github = (*github).clone();
        let Some(Value::String(name)) = github.get("ref").cloned() else { panic!() };
        let (kind, short) = match name.strip_prefix("refs/tags/") {
            Some(short) => (Value::from("tag"), short),
            None if name.starts_with("refs/pull/") => (Value::Null, &name["refs/pull/".len()..]),
            None => (Value::from("branch"), name.strip_prefix("refs/heads/").unwrap()),
        };
        github.insert("ref_type", kind);
        github.insert("ref_name", short);
        github.insert("event", self.any());
        values.insert("github", github);
        values.insert("needs", self.any());
        let status = context.status[self.number(context.status.len())];
        Context { values, status: Some(status) }
    }
}

fn bare(value: &Value) -> Value {
    match value {
        Value::Array(array) => Value::array(array.items.iter().map(bare).collect()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
            value.clone()
        }
    }
}

fn value_at(context: &Context, path: &[String]) -> Value {
    let (first, rest) = path.split_first().unwrap();
    rest.iter().fold(context.value(first), |value, key| value.index(&Value::from(key.as_str())))
}

proptest! {
    // PROPTEST_CASES asks for more.

    #[test]
    fn every_concrete_run_is_covered(
        context in contexts(),
        text in expressions(),
        numbers in prop::collection::vec(0_usize..1000, 16),
    ) {
        let Ok(expr) = parse(&text, &Scope::ANY) else { return Ok(()) };
        let concrete = Draw { numbers: &numbers, at: 0 }.context(&context);
        let Ok(value) = run(&expr, &concrete) else { return Ok(()) };
        let covering = evaluate(&expr, &context);
        prop_assert!(covering.covers(&bare(&value)), "{text}: {value:?} is not in {covering:?}; {concrete:?}");
        let condition = condition(&expr, &context);
        if value.is_truthy() {
            prop_assert!(condition.truth != Truth::False, "{text} with {concrete:?}");
            for fact in &condition.facts {
                let actual = value_at(&concrete, &fact.path);
                prop_assert!(fact.value.covers(&actual), "{text}: {actual:?} against {fact:?}");
            }
            let covering = evaluate(&expr, &context.assume(&condition.facts));
            prop_assert!(covering.covers(&bare(&value)), "{text}: {value:?} once narrowed");
        } else {
            prop_assert!(condition.truth != Truth::True, "{text} with {concrete:?}");
        }
    }
}
