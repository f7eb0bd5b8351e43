//! Follows calls of functions, in whichever file they are defined.

use std::{collections::BTreeMap, rc::Rc};

use super::{
    expand::Fields,
    run::{FUNCTIONS_LIMIT, Runner, goes_to_a_file},
    syntax::Simple,
    world::{Flow, Function, World},
};

impl Runner<'_> {
    pub(super) fn call(
        &mut self,
        function: &Function,
        words: &Fields,
        simple: &Simple,
        mut world: World,
    ) -> Vec<World> {
        if self.depth >= FUNCTIONS_LIMIT {
            self.skip(simple.span, "the functions call each other too deeply to be followed".to_owned());
            return vec![world];
        }
        self.depth += 1;
        let outer = std::mem::take(&mut world.out);
        let arguments = words.items.get(1..).unwrap_or(&[]).to_vec();
        // With an unknown number of words nothing is known of any argument.
        let arguments = (!words.open).then_some(arguments);
        let before = std::mem::replace(&mut world.arguments, arguments);
        world.hidden.push(BTreeMap::new());
        let mut worlds = self.run_function(function, goes_to_a_file(&simple.redirects), world);
        for world in &mut worlds {
            world.unhide();
            world.arguments.clone_from(&before);
            if world.flow == Flow::Return {
                world.flow = Flow::On;
            }
            let out = std::mem::replace(&mut world.out, outer.clone());
            self.emit(out, &simple.redirects, world);
        }
        self.depth -= 1;
        worlds
    }

    /// Runs the body among the places of its own file.
    fn run_function(&mut self, function: &Function, is_taken: bool, world: World) -> Vec<World> {
        if function.path == self.source.path() {
            return self.heard(is_taken, &function.body, vec![world]);
        }
        let Some(source) = self.tree.get(&function.path) else { return vec![world] };
        let outer = std::mem::replace(&mut self.source, source);
        let script = std::mem::replace(&mut self.script, Rc::clone(&function.script));
        let reached = std::mem::take(&mut self.reached);
        let worlds = self.heard(is_taken, &function.body, vec![world]);
        self.source = outer;
        self.script = script;
        self.reached = reached;
        worlds
    }
}
