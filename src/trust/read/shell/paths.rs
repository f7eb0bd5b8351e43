//! Patterns that stand for files: `for f in creds/*.json`.

use std::collections::BTreeSet;

use super::{
    run::Runner,
    syntax::{Part, Word},
    world::World,
};
use crate::trust::read::script::{Traced, glob};

impl Runner<'_> {
    /// The files that a word stands for, as it names them; none where it has no sign outside quotes, or no file fits: then bash leaves
    /// it as it is.
    pub(super) fn paths(&mut self, word: &Word, world: &mut World) -> Vec<Traced> {
        let is_open =
            |part: &Part| matches!(part, Part::Text { text, quoted: false, .. } if text.contains(['*', '?']));
        if !word.parts.iter().any(is_open) {
            return Vec::new();
        }
        let Some(pattern) = self.pattern(word, world).text() else { return Vec::new() };
        let (start, pattern) = pattern.strip_prefix("./").map_or(("", pattern.as_str()), |rest| ("./", rest));
        let folder = self.source.path().rsplit_once('/').map(|(folder, _)| format!("{folder}/"));
        let mut found = BTreeSet::new();
        let repository = self.tree.iter().map(|source| source.path());
        let written = world.files.keys().map(|path| path.trim_start_matches("./"));
        for path in repository.chain(written) {
            let beside = folder.as_ref().and_then(|folder| path.strip_prefix(folder.as_str()));
            let fitting = [Some(path), beside].into_iter().flatten().filter(|path| fits(pattern, path));
            found.extend(fitting.map(|path| format!("{start}{path}")));
        }
        let place = self.place(word.span);
        found.into_iter().map(|path| Traced::literal(path, place.clone(), word.span.start)).collect()
    }
}

/// Whether a path fits a pattern, folder by folder; names with a dot in front are left out.
fn fits(pattern: &str, path: &str) -> bool {
    let (signs, names): (Vec<&str>, Vec<&str>) = (pattern.split('/').collect(), path.split('/').collect());
    signs.len() == names.len()
        && signs.iter().zip(names).all(|(sign, name)| {
            (!name.starts_with('.') || sign.starts_with('.')) && glob::fits(sign, name) == Some(true)
        })
}
