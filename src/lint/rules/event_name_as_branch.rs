//! The name of an event among the names of branches.

use crate::{
    diagnostic::Severity,
    issuer::github::Event,
    lint::{Facts, Finding, Findings, Rule},
    workflow::model::Trigger,
};

pub(super) static RULE: Rule = Rule {
    id: "event-name-as-branch",
    summary: "a branch filter names an event, which was probably meant to start the workflow",
    severity: Severity::Warning,
    since: "0.1.0",
    page: include_str!("event_name_as_branch.md"),
    check,
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    let workflows = facts.project.iter().flat_map(|project| project.workflows());
    for workflow in workflows.filter_map(|(_, read)| read.as_ref().ok()) {
        for trigger in &workflow.triggers {
            report(trigger, findings);
        }
    }
}

fn report(trigger: &Trigger, findings: &mut Findings) {
    let Some(filter) = &trigger.branches else { return };
    for name in filter.list.texts() {
        // `push`, `create` and the like are words that branches can have; those with an underscore are events.
        if !name.contains('_') || Event::named(&name).is_none() {
            continue;
        }
        let diagnostic = RULE
            .says(format!("`{name}` is an event, and stands here as the name of a branch"))
            .at(filter.place.clone(), format!("starts the workflow for the branch `{name}`"))
            .help(format!("move `{name}:` one level up, beside `{}:`", trigger.event.name))
            .note("as written the workflow does not start on that event");
        findings.report(Finding::new(&RULE, diagnostic));
    }
}
