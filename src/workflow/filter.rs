//! `branches`, `branches-ignore`, `tags` and `tags-ignore`: an ordered list of patterns and where it was written.

use super::{Error, Problem};
use crate::{id::pattern::PatternList, text::Place, yaml::Node};

/// A filter of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// The patterns; those of an `-ignore` key are turned round.
    pub list: PatternList,
    /// Where the patterns were written.
    pub place: Place,
}

impl Filter {
    /// Reads `names[0]` or `names[1]`, the latter the `-ignore` form, of the event `node`.
    pub(super) fn read(node: &Node, names: [&'static str; 2]) -> Result<Option<Self>, Error> {
        let [wanted, ignored] = names;
        let (patterns, parse): (_, fn(Vec<&str>) -> _) = match (node.get(wanted), node.entry(ignored)) {
            (None, None) => return Ok(None),
            (Some(_), Some(other)) => {
                let problem = Problem::Both { one: wanted, other: ignored };
                return Err(Error::new(problem, other.key.place()));
            }
            (Some(patterns), None) => (patterns, |texts| PatternList::parse(texts)),
            (None, Some(entry)) => (&entry.value, |texts| PatternList::parse_ignored(texts)),
        };
        let items = patterns.one_or_many();
        let list = parse(items.iter().map(|item| item.text().unwrap_or("")).collect())
            .map_err(|(at, error)| Error::new(error.into(), items.get(at).unwrap_or(patterns).place()))?;
        Ok(Some(Self { list, place: patterns.place() }))
    }
}
