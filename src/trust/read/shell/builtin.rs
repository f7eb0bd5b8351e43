//! What single commands do: functions, and the few programs whose output is known.

use std::collections::BTreeMap;

use super::{
    expand::Fields,
    jq,
    run::Runner,
    syntax::Simple,
    world::{Flow, Variable, World},
};
use crate::trust::read::script::Traced;

/// The first words of a command that name what it is, such as `az ad app list`.
const NAME_WORDS: usize = 4;

impl Runner<'_> {
    pub(super) fn command(
        &mut self,
        program: &str,
        words: &Fields,
        simple: &Simple,
        for_command: &BTreeMap<String, Traced>,
        mut world: World,
    ) -> Vec<World> {
        let arguments = words.items.get(1..).unwrap_or(&[]);
        if let Some(function) = world.functions.get(program).cloned() {
            return self.call(&function, words, simple, world);
        }
        if let Some(flow) = flow_of(program, arguments) {
            world.flow = flow;
            return vec![world];
        }
        match program {
            "eval" => self.evaluated(arguments, &mut world),
            "read" => self.read(arguments, simple, for_command, &mut world),
            "mapfile" | "readarray" => self.mapfile(arguments, simple, &mut world),
            "shift" => shift(arguments, &mut world),
            "set" => set(arguments, &mut world),
            "let" => {
                for word in arguments {
                    drop(self.number_of(word, simple.span, &mut world));
                }
            }
            "unset" => unset(arguments, &mut world),
            "printf" if arguments.first().and_then(Traced::text).as_deref() == Some("-v") => {
                let name = arguments.get(1).and_then(Traced::text).unwrap_or_default();
                let text = self.printf(arguments.get(2..).unwrap_or(&[]), simple);
                world.set(&name, text);
            }
            _ => {
                let out = self.output(program, arguments, simple, &mut world);
                if program == "tee" {
                    for path in arguments.iter().filter(|path| !path.marked().starts_with('-')) {
                        world.files.insert(path.to_string(), out.clone());
                    }
                }
                self.emit(out, &simple.redirects, &mut world);
            }
        }
        vec![world]
    }

    fn output(&mut self, program: &str, arguments: &[Traced], simple: &Simple, world: &mut World) -> Traced {
        match program {
            "echo" => self.echo(arguments, simple),
            "printf" => self.printf(arguments, simple),
            "cat" | "tee" => self.cat(program, arguments, simple, world),
            "jq" => jq::build(arguments, world)
                .or_else(|| jq::passed(arguments, world))
                .unwrap_or_else(|| self.unknown(simple)),
            "sed" => self.edited(arguments, simple, world),
            "envsubst" => self.substituted(arguments.first(), simple, world),
            "tr" => self.translated(arguments, simple, world),
            "cut" => self.columns(arguments, simple, world),
            "basename" => self.basename(arguments, simple),
            "seq" | "head" | "tail" | "sort" | "tac" | "wc" | "dirname" => {
                self.lined(program, arguments, simple, world)
            }
            "mktemp" => self.unknown(simple),
            ":" | "true" | "cd" | "mkdir" | "rm" | "sleep" | "trap" | "shopt" => Traced::default(),
            _ => self.unknown(simple),
        }
    }

    fn cat(&mut self, program: &str, arguments: &[Traced], simple: &Simple, world: &World) -> Traced {
        let paths: Vec<&Traced> =
            arguments.iter().filter(|path| !path.to_string().starts_with('-')).collect();
        if paths.is_empty() || program == "tee" {
            return world.stdin.clone().unwrap_or_else(|| self.unknown(simple));
        }
        let mut out = Traced::default();
        for path in paths {
            out.append(self.file(path, world).unwrap_or_else(|| self.unknown(simple)));
        }
        out
    }

    /// What a program prints that is not followed.
    pub(super) fn unknown(&self, simple: &Simple) -> Traced {
        let words = simple.words.iter().map(|word| self.source.slice(word.span));
        let named = words.take(NAME_WORDS).take_while(|word| !word.starts_with(['-', '"', '\'', '$', '@']));
        let name = named.collect::<Vec<_>>().join(" ");
        Traced::hole(name.as_str(), format!("the output of `{name}` is not known"), self.place(simple.span))
    }
}

/// How a run goes on behind a command that leaves.
fn flow_of(program: &str, arguments: &[Traced]) -> Option<Flow> {
    let count = arguments.first().and_then(Traced::text).and_then(|count| count.parse().ok()).unwrap_or(1);
    match program {
        "exit" | "die" | "fatal" => Some(Flow::Exit),
        "return" => Some(Flow::Return),
        "break" => Some(Flow::Break(count)),
        "continue" => Some(Flow::Continue(count)),
        _ => None,
    }
}

fn unset(arguments: &[Traced], world: &mut World) {
    for name in arguments.iter().filter_map(Traced::text) {
        let element = name.strip_suffix(']').and_then(|name| name.split_once('['));
        let Some((name, key)) = element else {
            world.variables.remove(&name);
            continue;
        };
        if let Some(Variable::Array { elements, .. }) = world.variables.get_mut(name) {
            let key = key.trim_matches(['"', '\'']);
            elements.retain(|(other, _)| other != key);
        }
    }
}

fn shift(arguments: &[Traced], world: &mut World) {
    let count = arguments.first().and_then(Traced::text).and_then(|text| text.parse().ok()).unwrap_or(1);
    if let Some(known) = &mut world.arguments {
        known.drain(..count.min(known.len()));
    }
}

/// `set -- a b`; the flags of `set` do not matter.
fn set(arguments: &[Traced], world: &mut World) {
    if let Some((dashes, rest)) = arguments.split_first()
        && dashes.text().as_deref() == Some("--")
    {
        world.arguments = Some(rest.to_vec());
    }
}
