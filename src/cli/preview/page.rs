//! The preview for people: by workflow and job, the subjects aligned, then what was assumed.

use std::fmt::Write as _;

use super::document;
use crate::{
    diagnostic::{Diagnostic, Severity},
    id::{SubjectShape, visible},
    report::{Cell, Style, Table, terminal},
    workflow::reach::{Certainty, Entry, Token},
};

/// Said where there is nothing to show.
const NOTHING: &str = "no job asks for an Azure token";

/// Everything as one table, for the summary page of a run.
pub(super) fn markdown(entries: &[Entry]) -> String {
    if entries.is_empty() {
        return format!("{NOTHING}\n");
    }
    let mut table = Table::new(["Workflow", "Job", "Event", "Subject", "Remarks"]);
    for entry in entries {
        table.row([
            Cell::Code(entry.workflow.clone()),
            Cell::Code(entry.job.value.clone()),
            Cell::Text(entry.trigger.to_owned()),
            Cell::Code(entry.shape.to_string()),
            Cell::Text(remarks(entry)),
        ]);
    }
    table.markdown()
}

/// Everything, grouped.
pub(super) fn page(entries: &[Entry], all: bool) -> String {
    if entries.is_empty() {
        let hint = if all { "" } else { "; --all shows the others" };
        return format!("{NOTHING}{hint}\n");
    }
    let trigger = width(entries.iter().map(|entry| entry.trigger.len()));
    let subject =
        width(entries.iter().map(|entry| entry.shape.to_string().chars().count()).filter(|n| *n <= 100));
    let mut out = String::new();
    let mut workflow = "";
    for job in entries.chunk_by(is_same_job) {
        for (at, entry) in job.iter().enumerate() {
            if workflow != entry.workflow {
                let gap = if workflow.is_empty() { "" } else { "\n" };
                // Writing to a string cannot fail.
                let _ = writeln!(out, "{gap}{}", visible(&entry.workflow));
                workflow = &entry.workflow;
            }
            if at == 0 {
                let _ = writeln!(out, "  {}{}", visible(&entry.job.value), logins(job));
            }
            let shape = entry.shape.to_string();
            let line =
                format!("    {:trigger$}  {:subject$}  {}", entry.trigger, visible(&shape), remarks(entry));
            let _ = writeln!(out, "{}", line.trim_end());
        }
    }
    out.push_str(&footer(entries));
    out
}

fn width(lengths: impl Iterator<Item = usize>) -> usize {
    lengths.max().unwrap_or(0)
}

fn is_same_job(one: &Entry, other: &Entry) -> bool {
    one.workflow == other.workflow && one.job.place.span.start == other.job.place.span.start
}

/// How the job signs in and who calls it, in the line of its name.
fn logins(job: &[Entry]) -> String {
    let mut names: Vec<String> = Vec::new();
    for sign_in in job.iter().flat_map(|entry| &entry.sign_ins) {
        let client =
            sign_in.client_id.as_deref().map_or_else(String::new, |id| format!(" as {}", visible(id)));
        let name = format!("{}{client}", sign_in.via);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let mut chains: Vec<String> = Vec::new();
    for calls in job.iter().flat_map(Entry::calls) {
        let callers: Vec<_> = calls.iter().map(|caller| visible(&caller.value)).collect();
        let chain = callers.join(" > ");
        if !chains.contains(&chain) {
            chains.push(chain);
        }
    }
    let called =
        if chains.is_empty() { String::new() } else { format!(", called from {}", chains.join(" and ")) };
    if names.is_empty() { called } else { format!(": {}{called}", names.join(", ")) }
}

/// What it depends on.
fn remarks(entry: &Entry) -> String {
    let mut remarks: Vec<String> = Vec::new();
    match entry.token {
        Token::Available => {}
        Token::NoPermission => remarks.push("no token: id-token: write is not granted".to_owned()),
        Token::NoStart => {
            remarks.push("no token: no run starts, since a called job may not ask for one".to_owned());
        }
        Token::Template => remarks.push("no token: the template cannot be filled".to_owned()),
    }
    match &entry.shape {
        SubjectShape::Exact(_) if entry.certainty == Certainty::May => remarks.push("may".to_owned()),
        SubjectShape::Exact(_) => {}
        SubjectShape::Family(family) if family.patterns.len() > 1 => {
            remarks.push(format!("any ref that {} admits", visible(&family.patterns.join(", "))));
        }
        SubjectShape::Family(_) => remarks.push("any such ref".to_owned()),
        SubjectShape::Unknown(_) => {
            remarks.push(format!("depends on {}", visible(&entry.unknowns.join(", "))))
        }
    }
    remarks.join("; ")
}

fn footer(entries: &[Entry]) -> String {
    let mut assumed: Vec<&str> = Vec::new();
    for text in entries.iter().flat_map(|entry| &entry.assumed) {
        if !assumed.contains(&text.as_ref()) {
            assumed.push(text);
        }
    }
    if assumed.is_empty() {
        return String::new();
    }
    let lines: String = assumed.iter().map(|text| format!("  {text}\n")).collect();
    format!("\nAssumed:\n{lines}")
}

/// The lines that produce one subject.
pub(super) fn why(entries: &[Entry], subject: &str, style: &Style) -> String {
    let told: Vec<Diagnostic> =
        entries.iter().filter(|entry| entry.shape.to_string() == subject).map(explained).collect();
    if told.is_empty() {
        return format!("no job presents {}\n", visible(subject));
    }
    terminal::render(&told, style)
}

fn explained(entry: &Entry) -> Diagnostic {
    let title = format!(
        "{} {} present `{}` on {}",
        entry.job.value,
        document::certainty(entry.certainty),
        entry.shape,
        entry.trigger
    );
    let mut told = Diagnostic::new("", Severity::Note, title);
    for sign_in in &entry.sign_ins {
        told = told.at(sign_in.place.clone(), format!("{} asks for the token", sign_in.via));
    }
    for reason in &entry.why {
        told = told.at(reason.place.clone(), reason.value.clone());
    }
    entry.assumed.iter().fold(told, |told, text| told.note(text.clone()))
}
