//! Evaluates a flexible expression against the claims of one token, with three answers: yes, no, and not known.

use super::glob::{self, Glob};
use crate::{
    issuer::Presented,
    trust::flexible::{Clause, Expression, Operator},
};

/// Whether an expression takes a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Every clause holds.
    Accepts,
    /// At least these clauses do not hold, given by their place in the expression, from 0.
    Refuses(Vec<usize>),
    /// No clause fails for certain, and these are in doubt.
    Depends(Vec<Doubt>),
}

/// Why a clause has no answer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doubt {
    /// The claim's value is not known.
    Claim(String),
    /// Two clauses are about this claim; what Entra makes of that is not documented.
    Repeated(String),
    /// A doubled quote stands in the comparand of this claim; what Entra makes of it is not documented.
    DoubledQuote(String),
    /// The value fits but for letter case; whether `matches` minds it is not documented.
    LetterCase(String),
    /// The operator is not documented.
    Operator(Operator),
    /// The credential's file does not tell this part of its subject.
    Hole(String),
}

impl Doubt {
    /// The unknown in a few words, for the list `unknowns` of a verdict.
    #[must_use]
    pub fn describe(&self) -> String {
        match self {
            Self::Claim(claim) => format!("the claim `{claim}`"),
            Self::Repeated(claim) => format!("what Entra makes of two clauses about `{claim}`"),
            Self::DoubledQuote(claim) => format!("what Entra makes of a doubled quote in `{claim}`"),
            Self::LetterCase(claim) => format!("whether `matches` minds letter case in `{claim}`"),
            Self::Operator(operator) => format!("what the operator `{}` does", operator.as_str()),
            Self::Hole(name) => format!("`{name}` in the credential"),
        }
    }
}

/// Evaluates `expression` against what is `presented`. All clauses must hold.
#[must_use]
pub fn evaluate(expression: &Expression, presented: &Presented) -> Answer {
    combine(expression, |clause| match presented.claim(&clause.claim) {
        None => Holds::Doubtful(Doubt::Claim(clause.claim.clone())),
        Some(value) => holds(clause, value),
    })
}

/// Whether one clause holds.
pub(super) enum Holds {
    Yes,
    No,
    Doubtful(Doubt),
}

/// The answer of all clauses together; a clause whose claim is repeated is in doubt whatever it says.
pub(super) fn combine(expression: &Expression, holds: impl Fn(&Clause) -> Holds) -> Answer {
    let (mut failed, mut doubts) = (Vec::new(), Vec::new());
    for (at, clause) in expression.clauses().iter().enumerate() {
        match doubt(expression, clause).map_or_else(|| holds(clause), Holds::Doubtful) {
            Holds::Yes => {}
            Holds::No => failed.push(at),
            Holds::Doubtful(doubt) => doubts.push(doubt),
        }
    }
    doubts.sort();
    doubts.dedup();
    match (failed.is_empty(), doubts.is_empty()) {
        (false, _) => Answer::Refuses(failed),
        (true, false) => Answer::Depends(doubts),
        (true, true) => Answer::Accepts,
    }
}

/// What makes a clause doubtful whatever the claim's value is.
pub(in crate::verdict) fn doubt(expression: &Expression, clause: &Clause) -> Option<Doubt> {
    let claim = || clause.claim.clone();
    match clause.operator {
        Operator::StartsWith | Operator::In | Operator::Has => Some(Doubt::Operator(clause.operator)),
        Operator::Eq | Operator::Matches if expression.repeats(&clause.claim) => {
            Some(Doubt::Repeated(claim()))
        }
        Operator::Eq | Operator::Matches => {
            clause.comparand.has_doubled_quote.then(|| Doubt::DoubledQuote(claim()))
        }
    }
}

fn holds(clause: &Clause, value: &str) -> Holds {
    let wanted = clause.comparand.text.as_str();
    let ignoring_case = |one: char, other: char| one.to_lowercase().eq(other.to_lowercase());
    match clause.operator {
        Operator::Matches if glob::matches(wanted, value, |one, other| one == other) => Holds::Yes,
        Operator::Matches if glob::matches(wanted, value, ignoring_case) => {
            Holds::Doubtful(Doubt::LetterCase(clause.claim.clone()))
        }
        Operator::Eq if wanted == value => Holds::Yes,
        Operator::Matches | Operator::Eq | Operator::StartsWith | Operator::In | Operator::Has => Holds::No,
    }
}

/// Every value that lets a documented operator hold; nothing for the others, which [`doubt`] keeps away.
pub(super) fn language(clause: &Clause) -> Glob {
    let text = &clause.comparand.text;
    match clause.operator {
        Operator::Matches => Glob::wildcard(text),
        Operator::Eq | Operator::StartsWith | Operator::In | Operator::Has => Glob::exactly(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(text: &str, claims: &[(&str, &str)]) -> Answer {
        let mut presented = Presented::new("i", "repo:o/r:pull_request", "a");
        presented.claims = claims.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        evaluate(&text.parse().unwrap(), &presented)
    }

    const PINNED: &str = "claims['sub'] matches 'repo:o/*' and claims['repository_id'] eq '42'";

    #[test]
    fn all_clauses_must_hold() {
        assert_eq!(answer(PINNED, &[("repository_id", "42")]), Answer::Accepts);
        assert_eq!(answer(PINNED, &[("repository_id", "43")]), Answer::Refuses(vec![1]));
    }

    #[test]
    fn a_claim_that_is_not_known_gives_no_answer_but_a_failed_clause_does() {
        assert_eq!(answer(PINNED, &[]), Answer::Depends(vec![Doubt::Claim("repository_id".into())]));
        let other = "claims['sub'] matches 'repo:x/*' and claims['repository_id'] eq '42'";
        assert_eq!(answer(other, &[]), Answer::Refuses(vec![0]));
    }

    #[test]
    fn what_is_not_documented_is_not_answered() {
        let twice = "claims['sub'] matches 'repo:*' and claims['sub'] matches 'x*'";
        assert_eq!(answer(twice, &[]), Answer::Depends(vec![Doubt::Repeated("sub".into())]));
        let quote = "claims['sub'] matches 'repo:o''*'";
        assert_eq!(answer(quote, &[]), Answer::Depends(vec![Doubt::DoubledQuote("sub".into())]));
        let case = "claims['sub'] matches 'repo:O/*'";
        assert_eq!(answer(case, &[]), Answer::Depends(vec![Doubt::LetterCase("sub".into())]));
        let start = "claims['sub'] startswith 'repo:'";
        assert_eq!(answer(start, &[]), Answer::Depends(vec![Doubt::Operator(Operator::StartsWith)]));
    }

    #[test]
    fn eq_knows_no_wildcard_and_minds_case() {
        assert_eq!(answer("claims['sub'] eq 'repo:o/*'", &[]), Answer::Refuses(vec![0]));
        assert_eq!(answer("claims['sub'] eq 'repo:O/r:pull_request'", &[]), Answer::Refuses(vec![0]));
        assert_eq!(answer("claims['sub'] eq 'repo:o/r:pull_request'", &[]), Answer::Accepts);
    }
}
