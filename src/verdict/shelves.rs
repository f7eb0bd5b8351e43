//! Files expressions, so that for one token only those are looked at that could take it.

use std::collections::{BTreeMap, HashMap};

use super::{
    flexible::doubt,
    fragments::{Fragments, folded},
};
use crate::{
    issuer::Presented,
    trust::flexible::{Clause, Expression, Operator},
};

/// Expressions, each filed under a value that a claim must have, or else under what the subject must hold.
#[derive(Clone, Debug, Default)]
pub(super) struct Shelves {
    by_claim: BTreeMap<String, Shelf>,
    rest: Fragments,
}

/// Expressions that ask for one value of the same claim.
#[derive(Clone, Debug, Default)]
struct Shelf {
    by_value: HashMap<String, Vec<usize>>,
    fragments: Fragments,
}

impl Shelves {
    pub(super) fn new<'a>(expressions: impl Iterator<Item = (usize, &'a Expression)>) -> Self {
        let mut by_claim: BTreeMap<&str, Vec<(usize, &Expression, &str)>> = BTreeMap::new();
        let mut rest = Vec::new();
        for (at, expression) in expressions {
            let id = clear(expression).find(|one| one.operator == Operator::Eq && one.claim != "sub");
            match id {
                Some(id) => {
                    by_claim.entry(&id.claim).or_default().push((at, expression, &id.comparand.text));
                }
                None => rest.push((at, expression)),
            }
        }
        let shelf = |filed: Vec<(usize, &Expression, &str)>| {
            let mut by_value: HashMap<String, Vec<usize>> = HashMap::new();
            for (at, _, value) in &filed {
                by_value.entry((*value).to_owned()).or_default().push(*at);
            }
            Shelf {
                by_value,
                fragments: fragments(filed.iter().map(|(at, expression, _)| (*at, *expression))),
            }
        };
        Self {
            by_claim: by_claim.into_iter().map(|(claim, filed)| (claim.to_owned(), shelf(filed))).collect(),
            rest: fragments(rest.into_iter()),
        }
    }

    /// In order, every expression that may do other than refuse.
    pub(super) fn of(&self, presented: &Presented) -> Vec<usize> {
        let subject = folded(presented.subject.as_str());
        let mut found = Vec::new();
        self.rest.find(&subject, &mut found);
        for (claim, shelf) in &self.by_claim {
            match presented.claim(claim) {
                Some(value) => found.extend(shelf.by_value.get(value).into_iter().flatten()),
                None => shelf.fragments.find(&subject, &mut found),
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// The clauses that fail for certain where their claim does not fit.
fn clear(expression: &Expression) -> impl Iterator<Item = &Clause> {
    expression.clauses().iter().filter(|clause| doubt(expression, clause).is_none())
}

fn fragments<'a>(expressions: impl Iterator<Item = (usize, &'a Expression)>) -> Fragments {
    Fragments::new(expressions.map(|(at, expression)| {
        let subject = clear(expression).find(|clause| clause.claim == "sub");
        (at, subject.into_iter().flat_map(held))
    }))
}

/// What a subject must hold, letter case aside.
fn held(clause: &Clause) -> impl Iterator<Item = &str> {
    let wildcards: &[char] = match clause.operator {
        Operator::Matches => &['*', '?'],
        Operator::Eq | Operator::StartsWith | Operator::In | Operator::Has => &[],
    };
    clause.comparand.text.split(wildcards)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_is_found_by_an_id_where_the_token_tells_it_and_else_by_what_the_subject_holds() {
        let expressions = [
            "claims['sub'] matches 'repo:o*/a*:*' and claims['repository_id'] eq '1'",
            "claims['sub'] matches 'repo:o*/b*:*' and claims['repository_id'] eq '2'",
            "claims['sub'] matches 'repo:x/*'",
            "claims['sub'] matches 'repo:o''*'",
        ]
        .map(|text| text.parse::<Expression>().unwrap());
        let shelves = Shelves::new(expressions.iter().enumerate());
        let mut token = Presented::new("i", "Repo:O/A:pull_request", "a");
        assert_eq!(shelves.of(&token), [0, 3]);
        token.claims.insert("repository_id".into(), "2".into());
        assert_eq!(shelves.of(&token), [1, 3]);
    }
}
