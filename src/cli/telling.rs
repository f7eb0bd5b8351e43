//! Tells how a sign-in went: to people, to the runner, or as JSON.

use super::{Context, args::Format, judged::Judged, login::Document, runner::Runner, sign_in::Prepared};
use crate::{diagnostic::Diagnostic, fetch::Granted, host::Stream, id::visible};

/// Where commands to the runner may be written: not among JSON that somebody reads.
pub(super) const fn commands(context: &Context<'_>) -> Stream {
    match context.global.format {
        Format::Json => Stream::Err,
        Format::Human | Format::Sarif | Format::Github => Stream::Out,
    }
}

/// Says before the exchange what the judge expects, where it is not a plain yes.
pub(super) fn warn(context: &Context<'_>, judged: Option<&Judged>) -> anyhow::Result<()> {
    let Some(told) = judged.and_then(|judged| judged.diagnostic.as_ref()) else { return Ok(()) };
    if context.global.quiet {
        return Ok(());
    }
    match runner(context) {
        Some(runner) => runner.annotate("warning", &told.title, &lines(told)),
        None => {
            context.host.console.err(&format!("warning: {}\n{}", told.title, lines(told)));
            Ok(())
        }
    }
}

/// Tells a success; the access token goes to the step's output and nowhere else.
pub(super) fn signed_in(
    context: &Context<'_>,
    prepared: &Prepared,
    document: &Document,
    granted: &Granted,
) -> anyhow::Result<()> {
    if let Some(runner) = runner(context) {
        document.outputs(&runner)?;
        runner.output("access-token", granted.access_token.reveal())?;
        runner.summary(&format!(
            "### Signed in to Microsoft Entra\n\n| | |\n|---|---|\n| client | `{}` |\n| tenant | `{}` |\n| subject | `{}` |\n| until | {} |\n\n",
            prepared.client,
            prepared.tenant,
            cell(prepared.presented.subject.as_str()),
            document.expires_on()
        ))?;
    }
    if context.global.format == Format::Json {
        return context.print_json(document);
    }
    if context.global.quiet {
        return Ok(());
    }
    context.print(&format!(
        "signed in as {} in tenant {} until {}\n  subject   `{}`\n  issuer    `{}`\n  audience  `{}`\n",
        prepared.client,
        prepared.tenant,
        document.expires_on(),
        visible(prepared.presented.subject.as_str()),
        visible(prepared.presented.issuer.as_str()),
        visible(prepared.presented.audience.as_str()),
    ))
}

/// Tells a refusal with what the judge knows about it.
pub(super) fn refused(
    context: &Context<'_>,
    document: &Document,
    told: &Diagnostic,
    judged: Option<&Judged>,
) -> anyhow::Result<()> {
    let judge = judged.and_then(|judged| judged.diagnostic.as_ref());
    let runner = runner(context);
    if let Some(runner) = &runner {
        document.outputs(runner)?;
        let short = judge.map_or_else(|| lines(told), |judge| format!("{}\n{}", judge.title, lines(judge)));
        runner.annotate("error", &told.title, &short)?;
        runner.summary(&markdown(told, judge))?;
    }
    if context.global.format == Format::Json {
        context.print_json(document)?;
    }
    say(context, told);
    judge.into_iter().for_each(|judge| say(context, judge));
    Ok(())
}

/// Tells a refusal where standard output belongs to a result.
pub(super) fn complain(context: &Context<'_>, told: &Diagnostic) -> anyhow::Result<()> {
    if let Some(runner) = Runner::of(context.host) {
        runner.speaking_to(Stream::Err).annotate("error", &told.title, &lines(told))?;
    }
    say(context, told);
    Ok(())
}

fn say(context: &Context<'_>, told: &Diagnostic) {
    context.host.console.err(&format!("error[{}]: {}\n{}", told.code, told.title, lines(told)));
}

fn runner<'a>(context: &Context<'a>) -> Option<Runner<'a>> {
    Some(Runner::of(context.host)?.speaking_to(commands(context)))
}

/// Everything below the title, one line each.
fn lines(told: &Diagnostic) -> String {
    let width = told.sides.iter().map(|side| side.name.len()).max().unwrap_or_default();
    let sides = told.sides.iter().map(|side| {
        let origin = if side.origin.is_empty() { String::new() } else { format!("  ({})", side.origin) };
        format!("  {:width$}  `{}`{origin}", side.name, visible(&side.value))
    });
    let help = told.help.iter().map(|help| format!("help: {help}"));
    let notes = told.notes.iter().map(|note| format!("note: {note}"));
    sides.chain(help).chain(notes).map(|line| line + "\n").collect()
}

fn markdown(told: &Diagnostic, judge: Option<&Diagnostic>) -> String {
    let mut out = format!("### {}\n\n", told.title);
    for one in [Some(told), judge].into_iter().flatten() {
        if judge.is_some_and(|judge| std::ptr::eq(judge, one)) {
            out.push_str(&format!("**{}**\n\n", one.title));
        }
        out.push_str("| | | |\n|---|---|---|\n");
        for side in &one.sides {
            out.push_str(&format!("| {} | `{}` | {} |\n", side.name, cell(&side.value), side.origin));
        }
        out.push('\n');
        one.help.iter().for_each(|help| out.push_str(&format!("- {help}\n")));
        one.notes.iter().for_each(|note| out.push_str(&format!("\n> {note}\n")));
        out.push('\n');
    }
    out
}

/// A value inside a cell of a Markdown table, inside backticks.
fn cell(value: &str) -> String {
    visible(value).replace('|', "\\|").replace('`', "'")
}
