//! Tells how a sign-in went: to people, to the runner, or as JSON.

use super::{Context, args::Format, judged::Judged, login::Document, runner::Runner, sign_in::Prepared};
use crate::{
    diagnostic::{Diagnostic, Severity},
    fetch::Granted,
    host::Stream,
    id::visible,
    report::{summary, terminal},
};

/// Where commands to the runner may be written: not among JSON that somebody reads.
pub(super) const fn commands(context: &Context<'_>) -> Stream {
    match context.global.format {
        Format::Json => Stream::Err,
        Format::Human | Format::Sarif | Format::Github => Stream::Out,
    }
}

/// Has the runner, if there is one, hide `secret` from now on.
pub(super) fn mask(context: &Context<'_>, secret: &str) -> anyhow::Result<()> {
    runner(context).map_or(Ok(()), |runner| runner.mask(secret))
}

/// Says in two lines before the exchange what the judge expects, where it is not a plain yes. Inside a job an annotation
/// cannot be taken back, so there it waits for Entra's answer.
pub(super) fn expect(context: &Context<'_>, judged: Option<&Judged>) {
    let told = judged.and_then(|judged| judged.diagnostic.as_ref());
    if let Some(told) = told.filter(|_| !context.global.quiet && runner(context).is_none()) {
        let brief = Diagnostic::new(told.code.clone(), Severity::Warning, told.title.clone());
        let brief = brief.note("Entra is asked all the same");
        context.host.console.err(&terminal::render(&[brief], &context.style(Stream::Err)));
    }
}

/// Inside a job: the judge's word as a warning, where Entra's answer did not confirm it.
pub(super) fn unconfirmed(context: &Context<'_>, judged: Option<&Judged>) -> anyhow::Result<()> {
    let told = judged.and_then(|judged| judged.diagnostic.clone());
    match (runner(context), told.filter(|_| !context.global.quiet)) {
        (Some(runner), Some(told)) => runner.annotate(&[Diagnostic { severity: Severity::Warning, ..told }]),
        (Some(_) | None, _) => Ok(()),
    }
}

/// What the later steps may still want to know where nobody answered.
pub(super) fn unanswered(
    context: &Context<'_>,
    document: &Document,
    judged: Option<&Judged>,
) -> anyhow::Result<()> {
    unconfirmed(context, judged)?;
    runner(context).map_or(Ok(()), |runner| document.outputs(&runner))
}

/// Says why nobody judges the token beforehand.
pub(super) fn unjudged(context: &Context<'_>, error: &anyhow::Error) -> anyhow::Result<()> {
    let title = "the token is not judged before the sign-in";
    let told = Diagnostic::new("fedcred", Severity::Warning, title).note(Context::words(error));
    tell(context, commands(context), &[told])
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
        runner.summary(&page(prepared, document))?;
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

/// Tells a refusal, and before it what the judge knows about it.
pub(super) fn refused(
    context: &Context<'_>,
    document: &Document,
    told: Diagnostic,
    judged: Option<&Judged>,
) -> anyhow::Result<()> {
    let judge = judged.and_then(|judged| judged.diagnostic.clone());
    let all: Vec<Diagnostic> = judge.into_iter().chain([told]).collect();
    if let Some(runner) = runner(context) {
        document.outputs(&runner)?;
        runner.summary(&summary::page("Microsoft Entra refused the sign-in", &all))?;
    }
    if context.global.format == Format::Json {
        context.print_json(document)?;
    }
    tell(context, commands(context), &all)
}

/// Diagnostics as annotations for the runner, or as talk for people.
pub(super) fn tell(context: &Context<'_>, commands: Stream, told: &[Diagnostic]) -> anyhow::Result<()> {
    if let Some(runner) = Runner::of(context.host) {
        return runner.speaking_to(commands).annotate(told);
    }
    context.host.console.err(&terminal::render(told, &context.style(Stream::Err)));
    Ok(())
}

fn runner<'a>(context: &Context<'a>) -> Option<Runner<'a>> {
    Some(Runner::of(context.host)?.speaking_to(commands(context)))
}

fn page(prepared: &Prepared, document: &Document) -> String {
    let rows = [
        ("client", prepared.client.as_str()),
        ("tenant", prepared.tenant.as_str()),
        ("issuer", prepared.presented.issuer.as_str()),
        ("subject", prepared.presented.subject.as_str()),
        ("audience", prepared.presented.audience.as_str()),
        ("until", document.expires_on()),
    ];
    summary::list("Signed in to Microsoft Entra", &rows)
}
