//! Follows `switch`: the arms that fit a value.

use super::{
    run::Runner,
    syntax::{Block, Expression, Switch},
    value::Value,
    world::{Flow, World},
};
use crate::text::Span;

impl Runner<'_> {
    pub(super) fn switch(&mut self, switch: &Switch, mut world: World) -> Vec<World> {
        let outer = world.variables.get("_").cloned();
        let items = self.pipeline(&switch.value, &mut world).into_items();
        let mut worlds = vec![world];
        for item in items {
            let mut next = Vec::new();
            for mut world in worlds {
                if world.flow != Flow::On {
                    next.push(world);
                    continue;
                }
                world.set("_", item.clone());
                next.extend(self.choose(&item, switch, world).into_iter().map(|mut world| {
                    world.flow = if world.flow == Flow::Continue { Flow::On } else { world.flow };
                    world
                }));
            }
            worlds = self.distinct(next);
        }
        for world in &mut worlds {
            world.flow = if world.flow == Flow::Break { Flow::On } else { world.flow };
            match &outer {
                Some(outer) => drop(world.variables.insert("_".to_owned(), outer.clone())),
                None => drop(world.variables.remove("_")),
            }
        }
        worlds
    }

    /// The arms that fit `item`, else `default`; where that is not known, each arm by itself.
    fn choose(&mut self, item: &Value, switch: &Switch, mut world: World) -> Vec<World> {
        let place = self.place(Span::default());
        let mut fits = Vec::new();
        let mut default = None;
        for (pattern, body) in &switch.arms {
            let fit = match pattern {
                None => {
                    default = Some(body);
                    continue;
                }
                Some(Expression::Block(block)) => Value::of(self.inside(block, &mut world)).truth(),
                Some(pattern) => {
                    let pattern = self.value(pattern, &mut world);
                    self.compared(switch.operator, item, &pattern, &place)
                }
            };
            self.set_matches(&mut world);
            fits.push((fit, body));
        }
        if fits.iter().all(|(fit, _)| fit.is_some()) {
            let chosen: Vec<&Block> =
                fits.iter().filter(|(fit, _)| *fit == Some(true)).map(|(_, body)| *body).collect();
            let chosen = if chosen.is_empty() { default.into_iter().collect() } else { chosen };
            return chosen.into_iter().fold(vec![world], |worlds, body| self.run_block(body, worlds));
        }
        let possible = fits.iter().filter(|(fit, _)| *fit != Some(false)).map(|(_, body)| *body);
        let mut after = Vec::new();
        for body in possible.chain(default) {
            after.extend(self.run_block(body, vec![world.clone()]));
        }
        if default.is_none() {
            after.push(world);
        }
        self.distinct(after)
    }
}
