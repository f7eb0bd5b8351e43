//! Finds credential definitions in files: one pure reader per format, chosen by the file's name and its content.

mod arm;
mod bicep;
mod body;
mod data;
mod formula;
mod json;
mod order;
mod placeholder;
mod powershell;
mod script;
mod shell;
mod template;
mod terraform;
mod yaml;

use std::collections::{HashMap, HashSet};

pub use json::listing;

use super::this_repository::fill_repository;
use crate::{
    id::RepositoryName,
    text::{Located, Place, Source, Tree},
    trust::{Draft, Home, Value},
};

/// What a reader found in one file and in those it led to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Every credential, in the order of the file.
    pub drafts: Vec<Draft>,
    /// What looked like a credential or should have been readable, and was not.
    pub skipped: Vec<Skipped>,
}

impl Reading {
    /// Appends what another file holds.
    pub fn append(&mut self, mut other: Self) {
        self.drafts.append(&mut other.drafts);
        self.skipped.append(&mut other.skipped);
    }

    /// The same reading where what definitions ask from outside and mean themselves by, the owner and the name of their
    /// repository, is `repository`; as it is for none.
    #[must_use]
    pub fn in_repository(mut self, repository: Option<&RepositoryName>) -> Self {
        let Some(repository) = repository else { return self };
        let fill = |draft| fill_repository(draft, repository);
        self.drafts = self.drafts.into_iter().map(fill).collect();
        // What a script may take from two places, an argument or the git remote, is one repository.
        self.without_repeats()
    }

    /// The same reading without repetitions: credentials that two files led to (a script and the body that it sends, a
    /// module and the file that calls it), and what was said before.
    #[must_use]
    pub fn without_repeats(mut self) -> Self {
        let mut seen: HashMap<(String, Option<String>), Vec<usize>> = HashMap::new();
        let mut kept: Vec<Draft> = Vec::new();
        for draft in self.drafts.drain(..) {
            let Some(key) = written(&draft) else {
                kept.push(draft);
                continue;
            };
            let name = shown(&draft.name);
            let same = |name: &Option<String>| seen.get(&(key.clone(), name.clone())).into_iter().flatten();
            // A command that changes a credential may not name it.
            let any = same(&name).chain(same(&None).filter(|_| name.is_some()));
            let mut any = any.chain(same(&Some(String::new())).filter(|_| name.is_none()));
            let earlier =
                any.find(|at| kept.get(**at).is_some_and(|kept| !another_parent(kept, &draft))).copied();
            match earlier.and_then(|at| kept.get_mut(at)) {
                Some(earlier) if earlier.home == Home::Unknown => *earlier = draft,
                Some(earlier) if earlier.name.is_none() => earlier.name = draft.name,
                Some(_) => {}
                None => {
                    // Under no name too: the first of them stands for all.
                    if name.is_some() {
                        let first = seen.entry((key.clone(), Some(String::new()))).or_default();
                        if first.is_empty() {
                            first.push(kept.len());
                        }
                    }
                    seen.entry((key, name)).or_default().push(kept.len());
                    kept.push(draft);
                }
            }
        }
        self.drafts = kept;
        let mut told: HashSet<(String, usize, String)> = HashSet::new();
        self.skipped.retain(|skipped| {
            let place = &skipped.place;
            told.insert((place.source.path().to_owned(), place.span.start, skipped.reason.clone()))
        });
        self
    }

    /// A reading that only says why nothing was read.
    #[must_use]
    pub fn skip(place: Place, reason: impl Into<String>) -> Self {
        Self { drafts: Vec::new(), skipped: vec![Skipped { place, reason: reason.into(), broken: false }] }
    }

    /// A reading of a file whose text is broken, so that nothing in it was read.
    #[must_use]
    pub fn broken(place: Place, reason: impl Into<String>) -> Self {
        Self { drafts: Vec::new(), skipped: vec![Skipped { place, reason: reason.into(), broken: true }] }
    }

    /// The broken file, where one is broken and there is no credential at all.
    #[must_use]
    pub fn nothing_but_broken(&self) -> Option<&Skipped> {
        self.skipped.iter().find(|skipped| skipped.broken && self.drafts.is_empty())
    }
}

/// What a draft says and where its subject or expression is written; drafts of one name for which this is equal are one.
fn written(draft: &Draft) -> Option<String> {
    let matched = draft.subject.as_ref().or(draft.expression.as_ref())?;
    Some(format!(
        "{} {:?} {} {:?}",
        matched.place.source.path(),
        matched.place.span,
        matched.value,
        shown(&draft.issuer)
    ))
}

fn shown(value: &Option<Located<Value>>) -> Option<String> {
    value.as_ref().map(|located| located.value.to_string())
}

/// Whether both say what owns them, and it is not the same identity.
fn another_parent(left: &Draft, right: &Draft) -> bool {
    shown(&left.parent).zip(shown(&right.parent)).is_some_and(|(left, right)| left != right)
}

/// Something that was not read, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Where the reader gave up.
    pub place: Place,
    /// Why, as a sentence without a full stop.
    pub reason: String,
    /// Whether the whole file is no text of its format, so that nothing in it was read.
    pub broken: bool,
}

/// A file format that can define credentials.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// The name shown to people.
    pub name: &'static str,
    /// Whether a part of what such a file says may lie in other files.
    pub refers: bool,
    /// Whether a file of this path, holding this text, is worth reading. Cheap: a suffix and a search for a word.
    pub accepts: fn(path: &str, text: &str) -> bool,
    /// Reads the file at `path`, following references inside `tree`.
    pub read: fn(tree: &Tree, source: &std::sync::Arc<Source>) -> Reading,
}

/// Every format, the most special first: the first one that accepts a file reads it.
pub static FORMATS: &[Format] = &[
    terraform::FORMAT,
    terraform::planned::FORMAT,
    bicep::FORMAT,
    arm::FORMAT,
    json::FORMAT,
    powershell::FORMAT,
    shell::FORMAT,
    yaml::FORMAT,
];

/// The format that reads this file.
#[must_use]
pub fn format_of(source: &Source) -> Option<&'static Format> {
    FORMATS.iter().find(|format| (format.accepts)(source.path(), source.text()))
}

/// Reads the file at `path`. A file of no known format, or one that is not in the tree, holds nothing.
#[must_use]
pub fn read(tree: &Tree, path: &str) -> Reading {
    tree.get(path).and_then(|source| Some((format_of(source)?.read)(tree, source))).unwrap_or_default()
}

/// Reads every file of the tree, in the order of their paths.
#[must_use]
pub fn read_all(tree: &Tree) -> Reading {
    let mut all = Reading::default();
    for source in tree.iter() {
        all.append(read(tree, source.path()));
    }
    all.drafts = data::without_data(tree, all.drafts);
    all.without_repeats()
}
