//! The branches of a merge queue.

use crate::id::pattern::{Pattern, PatternList};

/// The branches of a merge queue: `gh-readonly-queue/BASE/pr-N-SHA` for every base that the filter admits.
pub(super) fn queues(bases: Option<&PatternList>) -> PatternList {
    let everything = PatternList::everything();
    let texts = bases.unwrap_or(&everything).texts().into_iter().map(|base| match base.strip_prefix('!') {
        Some(base) => format!("!gh-readonly-queue/{base}/**"),
        None if base == "**" => "gh-readonly-queue/**".to_owned(),
        None => format!("gh-readonly-queue/{base}/**"),
    });
    let texts: Vec<String> = texts.collect();
    PatternList::parse(texts.iter().map(String::as_str))
        .unwrap_or(PatternList::of(vec![Pattern::starting_with("gh-readonly-queue/")]))
}
