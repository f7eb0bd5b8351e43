//! The matrix of the summary page: what every job presents against the credentials that accept it.

use crate::{
    lint::{Facts, Outcome},
    report::{Cell, Table},
};

/// One row for each job and subject: who accepts it, or why nobody does.
pub(super) fn of(facts: &Facts<'_>) -> Table {
    let mut table = Table::new(["Job", "Event", "Subject", "Accepted by"]);
    for (entry, sign_in, identity) in facts.logins() {
        let accepted = match facts.outcome(entry, sign_in, identity) {
            Outcome::Covered => Cell::Code(facts.accepting(entry, sign_in, identity).join(", ")),
            Outcome::Partly { refused, .. } => Cell::Text(format!("some: {refused} is refused")),
            Outcome::Refused(refused) => Cell::Text(format!("nobody: {}", refused.cause.as_str())),
            Outcome::Open => Cell::Text("depends on what is not known".to_owned()),
        };
        table.row([
            Cell::Code(entry.job.value.clone()),
            Cell::Text(entry.trigger.to_owned()),
            Cell::Code(entry.shape.to_string()),
            accepted,
        ]);
    }
    table
}
