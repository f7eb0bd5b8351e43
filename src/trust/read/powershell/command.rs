//! Follows commands: the cmdlets that create credentials, az, functions of the script, and the few cmdlets that carry values.

use super::{run::Runner, syntax::Argument, value::Value, world::World};
use crate::{
    text::Span,
    trust::{
        Draft, Home,
        read::{
            Reading,
            script::{Call, DEFAULT_AUDIENCE, Owner, Traced, drafts_of_body, read_call},
        },
    },
};

/// The cmdlets that create or change a credential.
///
/// Source: <https://learn.microsoft.com/powershell/module/az.resources/new-azadappfederatedcredential>,
/// <https://learn.microsoft.com/powershell/module/az.managedserviceidentity/new-azfederatedidentitycredential>,
/// <https://learn.microsoft.com/powershell/module/microsoft.graph.applications/new-mgapplicationfederatedidentitycredential>.
const CMDLETS: [(&str, Home); 5] = [
    ("azadappfederatedcredential", Home::Application),
    ("azfederatedidentitycredential", Home::ManagedIdentity),
    ("azfederatedidentitycredentials", Home::ManagedIdentity),
    ("mgapplicationfederatedidentitycredential", Home::Application),
    ("mgbetaapplicationfederatedidentitycredential", Home::Application),
];

/// The home of what a cmdlet creates.
pub(super) fn creates(program: &str) -> Option<Home> {
    let lower = program.to_ascii_lowercase();
    let noun = ["new-", "update-", "set-"].iter().find_map(|verb| lower.strip_prefix(verb))?;
    CMDLETS.iter().find(|(name, _)| *name == noun).map(|(_, home)| *home)
}

/// The words of a command, worked out.
pub(super) struct Given {
    pub(super) named: Vec<(String, Value)>,
    pub(super) plain: Vec<Value>,
    pub(super) output: Option<Traced>,
}

impl Given {
    pub(super) fn get(&self, names: &[&str]) -> Option<&Value> {
        names
            .iter()
            .find_map(|name| self.named.iter().find(|(other, _)| other == name))
            .map(|(_, value)| value)
    }
}

impl Runner<'_> {
    pub(super) fn command(
        &mut self,
        words: &[Argument],
        span: Span,
        input: Option<Value>,
        world: &mut World,
    ) -> Value {
        if self.is_data {
            let reason = "a data file runs no commands";
            self.skip(span, reason);
            return Value::Text(self.unknown(span, reason));
        }
        let program = match words.first() {
            Some(Argument::Value(first)) => self.value(first, world).into_text(&self.place(span)).text(),
            _ => None,
        };
        let program = program.unwrap_or_default();
        let bare = program.rsplit(['/', '\\']).next().unwrap_or("").to_ascii_lowercase();
        let rest = words.get(1..).unwrap_or(&[]);
        if ["az", "az.cmd", "curl", "curl.exe"].contains(&bare.as_str()) {
            return self.az(words, span, input, world);
        }
        if ["foreach-object", "foreach", "%"].contains(&bare.as_str()) {
            return self.for_each_object(rest, input, span, world).unrolled();
        }
        if ["where-object", "where", "?"].contains(&bare.as_str()) {
            return self.where_object(rest, input, span, world).unrolled();
        }
        let given = self.given(rest, world);
        if let Some(home) = creates(&program) {
            self.reached.insert(span.start);
            self.cmdlet(home, &given, span);
            return Value::Text(self.unknown(span, "what a cmdlet gives back is not known"));
        }
        if let Some(body) = world.functions.get(&bare).cloned() {
            let arguments = self.texts(rest, span, world);
            let known = self.reached.len();
            let value = self.call(&body, given, arguments, span, world);
            if self.reached.len() > known {
                self.reached.insert(span.start);
            }
            return value;
        }
        self.carrier(&bare, &given, span, input, world)
    }

    pub(super) fn given(&mut self, words: &[Argument], world: &mut World) -> Given {
        let mut given = Given { named: Vec::new(), plain: Vec::new(), output: None };
        let mut words = words.iter().peekable();
        while let Some(word) = words.next() {
            match word {
                Argument::Parameter { name, value: Some(value) } => {
                    let value = self.value(value, world);
                    given.named.push((name.clone(), value));
                }
                Argument::Parameter { name, value: None } => {
                    let value = match words.next_if(|next| matches!(next, Argument::Value(_))) {
                        Some(Argument::Value(value)) => self.value(value, world),
                        _ => Value::Truth(true),
                    };
                    given.named.push((name.clone(), value));
                }
                Argument::Splat { name, text } => match world.variables.get(name) {
                    Some(Value::Table(entries)) => given.named.extend(
                        entries.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.clone())),
                    ),
                    Some(Value::List(items)) => given.plain.extend(items.iter().cloned()),
                    Some(Value::Text(_) | Value::Null | Value::Truth(_) | Value::Number(_)) | None => {
                        let value = self.value(text, world);
                        given.plain.push(value);
                    }
                },
                Argument::Value(value) => {
                    let value = self.value(value, world);
                    given.plain.push(value);
                }
                Argument::Redirect(file) => {
                    given.output = Some(self.value(file, world).into_text(&self.place(Span::default())));
                }
            }
        }
        given
    }

    fn cmdlet(&mut self, home: Home, given: &Given, span: Span) {
        let place = self.place(span);
        let text = |value: &Value| value.clone().into_text(&place);
        let parents = ["identityname", "applicationobjectid", "applicationid", "objectid"];
        let owner = Owner {
            home,
            parent: given.get(&parents).map(text),
            name: given.get(&["name"]).map(text),
            place: place.clone(),
        };
        let body = given.get(&["bodyparameter", "jsonstring", "body"]);
        if let Some(body) = body {
            self.keep(drafts_of_body(&body.clone().into_body(&place), &owner));
            return;
        }
        let located = |names: &[&str]| given.get(names).map(|value| text(value).located(&place));
        let mut draft = Draft::new(place.clone(), home);
        draft.parent = owner.parent.as_ref().map(|parent| parent.located(&place));
        draft.name = located(&["name"]);
        draft.issuer = located(&["issuer"]);
        draft.subject = located(&["subject"]);
        draft.description = located(&["description"]);
        draft.expression = given
            .get(&["claimsmatchingexpression"])
            .and_then(|value| value.get("value"))
            .map(|value| text(value).located(&place));
        let audiences = given.get(&["audience", "audiences"]).cloned().map(Value::into_items);
        draft.audiences = audiences
            .unwrap_or_default()
            .into_iter()
            .map(|value| value.into_text(&place).located(&place))
            .collect();
        if draft.audiences.is_empty() && home == Home::ManagedIdentity {
            draft.audiences.push(Traced::literal(DEFAULT_AUDIENCE, place.clone(), 0).located(&place));
        }
        self.keep(Reading { drafts: vec![draft], skipped: Vec::new() });
    }

    /// The words of a command as az takes them, in their order.
    fn texts(&mut self, words: &[Argument], span: Span, world: &mut World) -> Vec<Traced> {
        let place = self.place(span);
        let mut texts = Vec::new();
        for word in words {
            match word {
                Argument::Value(value) | Argument::Splat { text: value, .. } => {
                    let splat = match word {
                        Argument::Splat { name, .. } => world.variables.get(name).cloned(),
                        Argument::Value(_) | Argument::Parameter { .. } | Argument::Redirect(_) => None,
                    };
                    let value = match splat {
                        Some(list @ Value::List(_)) => list,
                        _ => self.value(value, world),
                    };
                    texts.extend(
                        value.into_items().into_iter().map(|value| unescaped(value.into_text(&place))),
                    );
                }
                Argument::Parameter { name, value } => {
                    texts.push(Traced::literal(format!("-{name}"), place.clone(), span.start));
                    if let Some(value) = value {
                        texts.push(self.value(value, world).into_text(&place));
                    }
                }
                Argument::Redirect(_) => {}
            }
        }
        texts
    }

    fn az(&mut self, words: &[Argument], span: Span, input: Option<Value>, world: &mut World) -> Value {
        let place = self.place(span);
        let texts = self.texts(words, span, world);
        let stdin = input.map(|input| input.into_text(&place));
        let call = Call {
            words: &texts,
            place: place.clone(),
            stdin: stdin.as_ref(),
            files: &world.files,
            tree: self.tree,
            script: self.source,
        };
        if let Some(found) = read_call(&call) {
            self.reached.insert(span.start);
            self.keep(found);
        }
        let name = texts.iter().take(4).map_while(Traced::text).take_while(|text| !text.starts_with('-'));
        let name = name.collect::<Vec<_>>().join(" ");
        Value::Text(Traced::hole(name.as_str(), format!("the output of `{name}` is not known"), place))
    }
}

/// Older PowerShell needs `\"` where az shall see a quote.
fn unescaped(text: Traced) -> Traced {
    let marked = text.marked();
    if !marked.contains("\\\"") {
        return text;
    }
    let mut out = Traced::default();
    let mut plain = 0;
    for (at, _) in marked.match_indices("\\\"") {
        out.append(text.cut(plain, at));
        plain = at + 1;
    }
    out.append(text.cut(plain, marked.len()));
    out
}
