//! The document `fedcred.check.v1`.

use serde::Serialize;

use super::judged::Judgement;
use crate::{
    diagnostic::Diagnostic,
    issuer::Presented,
    trust::{Credential, Matcher},
    verdict::{self, Verdict},
};

/// The whole document.
#[derive(Debug, Serialize)]
pub(super) struct Document<'a> {
    schema: &'static str,
    verdict: &'static str,
    cause: Option<&'static str>,
    claim: Option<&'static str>,
    presented: Claims<'a>,
    credential: Option<Trust<'a>>,
    nearest: Option<Trust<'a>>,
    differences: Vec<Difference<'a>>,
    unknowns: &'a [String],
    entra_code: Option<u32>,
    fix: Option<Fix<'a>>,
    problems: Vec<Problem<'a>>,
}

#[derive(Clone, Copy, Debug, Serialize)]
struct Claims<'a> {
    issuer: &'a str,
    subject: &'a str,
    audience: &'a str,
}

#[derive(Debug, Serialize)]
struct Trust<'a> {
    name: &'a str,
    issuer: &'a str,
    subject: Option<&'a str>,
    audience: &'a str,
    expression: Option<&'a str>,
    source: Option<String>,
}

#[derive(Debug, Serialize)]
struct Difference<'a> {
    claim: &'static str,
    segment: &'a str,
    presented: &'a str,
    configured: &'a str,
    cause: &'static str,
}

#[derive(Debug, Serialize)]
struct Fix<'a> {
    change: &'static str,
    text: &'a str,
    credential: Option<Body<'a>>,
    commands: Option<Commands>,
}

#[derive(Debug, Serialize)]
struct Body<'a> {
    name: &'a str,
    issuer: &'a str,
    subject: &'a str,
    audiences: [&'a str; 1],
}

#[derive(Debug, Serialize)]
struct Commands {
    az: String,
    graph: String,
    powershell: String,
    terraform: String,
    bicep: String,
}

#[derive(Debug, Serialize)]
struct Problem<'a> {
    rule: &'a str,
    severity: &'static str,
    message: &'a str,
    source: Option<String>,
    line: Option<usize>,
}

impl<'a> Document<'a> {
    /// The document of one judgement; `remarks` are about the sources.
    pub(super) fn new(presented: &'a Presented, judgement: &'a Judgement, remarks: &'a [Diagnostic]) -> Self {
        let refused = judgement.refused();
        let (credential, unknowns) = match &judgement.verdict {
            Verdict::Accepted(credential) => (Some(Trust::new(credential)), Default::default()),
            Verdict::Depends(unknowns) => (None, unknowns.as_slice()),
            Verdict::Refused(_) => (None, Default::default()),
        };
        let differences = refused.iter().flat_map(|(refused, _)| &refused.differences);
        Self {
            schema: "fedcred.check.v1",
            verdict: judgement.verdict.as_str(),
            cause: refused.map(|(refused, _)| refused.cause.as_str()),
            claim: refused.and_then(|(refused, _)| Some(refused.cause.claim()?.as_str())),
            presented: Claims {
                issuer: presented.issuer.as_str(),
                subject: presented.subject.as_str(),
                audience: presented.audience.as_str(),
            },
            credential,
            nearest: refused.and_then(|(refused, _)| refused.nearest.as_ref()).map(Trust::new),
            differences: differences.map(Difference::new).collect(),
            unknowns,
            entra_code: refused.and_then(|(refused, _)| refused.entra_code),
            fix: refused.map(|(_, fix)| Fix::new(fix)),
            problems: remarks.iter().map(Problem::new).collect(),
        }
    }
}

impl Document<'_> {
    /// The claims that were judged.
    pub(super) const fn presented(&self) -> [(&'static str, &str); 3] {
        let Claims { issuer, subject, audience } = self.presented;
        [("issuer", issuer), ("subject", subject), ("audience", audience)]
    }

    /// The outputs of the step, but for the document itself.
    pub(super) fn outputs(&self) -> Vec<(&'static str, &str)> {
        let verdict = [("verdict", self.verdict), ("cause", self.cause.unwrap_or_default())];
        self.presented().into_iter().chain(verdict).collect()
    }
}

impl<'a> Trust<'a> {
    fn new(credential: &'a Credential) -> Self {
        let (subject, expression) = match &credential.matcher {
            Matcher::Exact(subject) => (Some(subject.as_str()), None),
            Matcher::Flexible(expression) => (None, Some(expression.as_str())),
        };
        let source = |place: &crate::text::Place| format!("{}:{}", place.source.path(), place.start().line);
        Self {
            name: &credential.name,
            issuer: credential.issuer.as_str(),
            subject,
            audience: credential.audience.as_str(),
            expression,
            source: credential.place.as_ref().map(source),
        }
    }
}

impl<'a> Difference<'a> {
    fn new(difference: &'a verdict::Difference) -> Self {
        Self {
            claim: difference.claim.as_str(),
            segment: &difference.segment,
            presented: &difference.presented,
            configured: &difference.configured,
            cause: difference.cause.as_str(),
        }
    }
}

impl<'a> Fix<'a> {
    fn new(fix: &'a verdict::Fix) -> Self {
        let commands = |made: verdict::Commands| Commands {
            az: made.az,
            graph: made.graph,
            powershell: made.powershell,
            terraform: made.terraform,
            bicep: made.bicep,
        };
        Self {
            change: fix.change.as_str(),
            text: &fix.text,
            credential: fix.credential.as_ref().map(Body::new),
            commands: fix.commands().map(commands),
        }
    }
}

impl<'a> Body<'a> {
    fn new(credential: &'a Credential) -> Self {
        Self {
            name: &credential.name,
            issuer: credential.issuer.as_str(),
            subject: credential.matcher.as_exact().map_or("", |subject| subject.as_str()),
            audiences: [credential.audience.as_str()],
        }
    }
}

impl<'a> Problem<'a> {
    fn new(remark: &'a Diagnostic) -> Self {
        let place = remark.labels.first().map(|label| &label.place);
        Self {
            rule: &remark.code,
            severity: remark.severity.as_str(),
            message: &remark.title,
            source: place.map(|place| place.source.path().to_owned()),
            line: place.map(|place| place.start().line),
        }
    }
}
