//! Files what asks something of a subject, so that for one token only what could take it is looked at.

use std::collections::{BTreeMap, HashMap};

use super::flexible::doubt;
use crate::{
    issuer::Presented,
    trust::flexible::{Clause, Expression, Operator},
};

/// Numbers filed under how a subject must begin, whatever its letter case.
#[derive(Clone, Debug, Default)]
pub(super) struct Openings(BTreeMap<usize, HashMap<String, Vec<usize>>>);

/// Expressions, each filed under a value that a claim must have, or else under how the subject must begin.
#[derive(Clone, Debug, Default)]
pub(super) struct Shelves {
    by_claim: BTreeMap<String, Shelf>,
    rest: Openings,
}

/// Expressions that ask for one value of the same claim.
#[derive(Clone, Debug, Default)]
struct Shelf {
    by_value: HashMap<String, Vec<usize>>,
    openings: Openings,
}

/// `text` without letter case, character by character, so that the beginning of a text folds into the beginning of its fold.
pub(super) fn folded(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

impl Openings {
    /// Files `at` under `opening`, which is any text.
    pub(super) fn file(&mut self, opening: &str, at: usize) {
        let opening = folded(opening);
        self.0.entry(opening.len()).or_default().entry(opening).or_default().push(at);
    }

    /// Everything filed under a beginning of `subject`, which is folded.
    pub(super) fn of<'a>(&'a self, subject: &'a str) -> impl Iterator<Item = usize> + 'a {
        let fitting = self.0.range(..=subject.len());
        fitting.filter_map(|(length, filed)| filed.get(subject.get(..*length)?)).flatten().copied()
    }
}

impl Shelves {
    pub(super) fn file(&mut self, expression: &Expression, at: usize) {
        let clear = || expression.clauses().iter().filter(|clause| doubt(expression, clause).is_none());
        let opening = clear().find(|clause| clause.claim == "sub").map_or("", opening);
        let id = clear().find(|clause| clause.operator == Operator::Eq && clause.claim != "sub");
        let Some(id) = id else { return self.rest.file(opening, at) };
        let shelf = self.by_claim.entry(id.claim.clone()).or_default();
        shelf.by_value.entry(id.comparand.text.clone()).or_default().push(at);
        shelf.openings.file(opening, at);
    }

    /// In order, every expression that may do other than refuse.
    pub(super) fn of(&self, presented: &Presented) -> Vec<usize> {
        let subject = folded(presented.subject.as_str());
        let mut found: Vec<usize> = self.rest.of(&subject).collect();
        for (claim, shelf) in &self.by_claim {
            match presented.claim(claim) {
                Some(value) => found.extend(shelf.by_value.get(value).into_iter().flatten()),
                None => found.extend(shelf.openings.of(&subject)),
            }
        }
        found.sort_unstable();
        found
    }
}

/// What stands before the first wildcard.
fn opening(clause: &Clause) -> &str {
    let text = clause.comparand.text.as_str();
    match clause.operator {
        Operator::Matches => text.split(['*', '?']).next().unwrap_or(""),
        Operator::Eq | Operator::StartsWith | Operator::In | Operator::Has => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_is_found_by_an_id_where_the_token_tells_it_and_else_by_how_the_subject_begins() {
        let mut shelves = Shelves::default();
        for (at, text) in [
            "claims['sub'] matches 'repo:o*/a*:*' and claims['repository_id'] eq '1'",
            "claims['sub'] matches 'repo:o*/b*:*' and claims['repository_id'] eq '2'",
            "claims['sub'] matches 'repo:x/*'",
            "claims['sub'] matches 'repo:o''*'",
        ]
        .into_iter()
        .enumerate()
        {
            shelves.file(&text.parse().unwrap(), at);
        }
        let mut token = Presented::new("i", "Repo:O/a:pull_request", "a");
        assert_eq!(shelves.of(&token), [0, 1, 3]);
        token.claims.insert("repository_id".into(), "2".into());
        assert_eq!(shelves.of(&token), [1, 3]);
    }
}
