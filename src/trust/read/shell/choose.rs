//! Follows `case`: the arms that fit a text.

use super::{
    run::Runner,
    syntax::{Arm, End, Node, Word},
    world::World,
};
use crate::trust::read::script::{Traced, glob};

impl Runner<'_> {
    pub(super) fn case(&mut self, word: &Word, arms: &[Arm], mut world: World) -> Vec<World> {
        let subject = self.text(word, &mut world);
        match subject.text() {
            Some(known) => self.known_case(&known, arms, world),
            None => self.unknown_case(&subject, arms, world),
        }
    }

    fn known_case(&mut self, known: &str, arms: &[Arm], mut world: World) -> Vec<World> {
        let mut after = Vec::new();
        for (at, arm) in arms.iter().enumerate() {
            let mut fit = Some(false);
            for pattern in &arm.patterns {
                let pattern = self.pattern(pattern, &mut world).text();
                match pattern.and_then(|pattern| glob::fits(&pattern, known)) {
                    Some(true) => fit = Some(true),
                    Some(false) => {}
                    None => fit = fit.filter(|fit| *fit),
                }
                if fit == Some(true) {
                    break;
                }
            }
            let rest = arms.get(at..).unwrap_or_default();
            match fit {
                Some(true) => {
                    after.extend(self.fallen(known, rest, world));
                    return self.distinct(after);
                }
                Some(false) => {}
                None => after.extend(self.fallen(known, rest, world.clone())),
            }
        }
        after.push(world);
        self.distinct(after)
    }

    /// The first arm, and those that run behind it.
    fn fallen(&mut self, known: &str, arms: &[Arm], world: World) -> Vec<World> {
        let mut worlds = vec![world];
        for (at, arm) in arms.iter().enumerate() {
            worlds = self.run_list(&arm.body, worlds);
            match arm.end {
                End::Leave => return worlds,
                End::Fall => {}
                End::Test => {
                    let rest = arms.get(at + 1..).unwrap_or_default();
                    return worlds
                        .into_iter()
                        .flat_map(|world| self.known_case(known, rest, world))
                        .collect();
                }
            }
        }
        worlds
    }

    fn unknown_case(&mut self, subject: &Traced, arms: &[Arm], mut world: World) -> Vec<World> {
        let mut after = Vec::new();
        let mut admits_all = false;
        for (at, arm) in arms.iter().enumerate() {
            let count = arms.iter().skip(at).take_while(|arm| arm.end == End::Fall).count() + 1;
            let bodies = arms.iter().skip(at).take(count).flat_map(|arm| &arm.body);
            let body: Vec<Node> = bodies.cloned().collect();
            for pattern in &arm.patterns {
                let literal = self.text(pattern, &mut world);
                let Some(text) = self.pattern(pattern, &mut world).text() else { continue };
                match subject.as_hole() {
                    Some((name, reason)) if glob::plain(&text).is_some() => {
                        let mut learned = world.clone();
                        learned.learn(reason, &literal);
                        if !name.contains(' ') {
                            learned.set(name, literal.clone());
                        }
                        after.extend(self.run_list(&body, vec![learned]));
                    }
                    _ => {
                        admits_all |= text == "*";
                        after.extend(self.run_list(&body, vec![world.clone()]));
                    }
                }
            }
        }
        if !admits_all {
            after.push(world);
        }
        self.distinct(after)
    }
}
