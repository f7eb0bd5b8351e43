//! The rules that hold a repository and its credentials against what GitHub and Entra do.
//!
//! A rule is one `static RULE` and the page beside it; the page is the documentation, the text of `fedcred explain RULE`, and a
//! test that is run.

mod edit;
mod empty_environment;
mod facts;
mod family;
mod findings;
mod identity;
mod ignore;
mod outcome;
mod own;
mod rule;
mod rules;
mod sample;

pub use edit::Edit;
pub use facts::{Definition, Facts, Parent};
pub use family::{is_unfiltered, witness};
pub use findings::{Finding, Findings};
pub use identity::{Identity, without_ids};
pub use ignore::{Ignore, comment, is_ignored, why_not};
pub use outcome::Outcome;
pub use own::own_context;
pub use rule::Rule;
pub use rules::{ALL, named};

/// Runs `rules` over `facts`; findings come in the order of the rules, and inside a rule in the order of the files.
#[must_use]
pub fn run(rules: &[&'static Rule], facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Findings::default();
    for rule in rules {
        (rule.check)(facts, &mut findings);
    }
    findings.into_vec()
}
