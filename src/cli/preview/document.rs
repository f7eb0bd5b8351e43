//! The document `fedcred.preview.v1`.

use std::borrow::Cow;

use serde::Serialize;

use crate::{
    id::{RepositoryName, SubjectShape},
    workflow::reach::{Certainty, Entry, SignIn},
};

/// The whole document.
#[derive(Debug, Serialize)]
pub(super) struct Document<'a> {
    schema: &'static str,
    repository: Option<&'a str>,
    subjects: Vec<Item<'a>>,
}

#[derive(Debug, Serialize)]
struct Item<'a> {
    workflow: &'a str,
    job: &'a str,
    line: usize,
    trigger: &'a str,
    #[serde(rename = "ref")]
    reference: Option<&'a str>,
    environment: Option<&'a str>,
    kind: &'static str,
    subject: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    patterns: Option<&'a [String]>,
    certainty: &'static str,
    unknowns: &'a [String],
    assumed: &'a [Cow<'static, str>],
    token: &'static str,
    sign_ins: Vec<Login<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    called_from: Vec<Caller<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    also_called_from: Vec<Vec<Caller<'a>>>,
}

#[derive(Debug, Serialize)]
struct Login<'a> {
    via: &'a str,
    client_id: Option<&'a str>,
    tenant_id: Option<&'a str>,
    audience: Option<&'a str>,
    cloud: Option<&'a str>,
    path: &'a str,
    line: usize,
}

#[derive(Debug, Serialize)]
struct Caller<'a> {
    workflow: &'a str,
    job: &'a str,
    line: usize,
}

impl<'a> Document<'a> {
    pub(super) fn new(repository: Option<&'a RepositoryName>, entries: &'a [Entry]) -> Self {
        Self {
            schema: "fedcred.preview.v1",
            repository: repository.map(RepositoryName::as_str),
            subjects: entries.iter().map(Item::new).collect(),
        }
    }
}

/// The word for a kind of shape.
pub(super) const fn kind(shape: &SubjectShape) -> &'static str {
    match shape {
        SubjectShape::Exact(_) => "exact",
        SubjectShape::Family(_) => "family",
        SubjectShape::Unknown(_) => "unknown",
    }
}

/// The word for a certainty.
pub(super) const fn certainty(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Must => "must",
        Certainty::May => "may",
    }
}

impl<'a> Item<'a> {
    fn new(entry: &'a Entry) -> Self {
        Self {
            workflow: &entry.workflow,
            job: &entry.job.value,
            line: entry.job.place.start().line,
            trigger: entry.trigger,
            reference: entry.reference.as_deref(),
            environment: entry.environment.as_deref(),
            kind: kind(&entry.shape),
            subject: entry.shape.to_string(),
            patterns: match &entry.shape {
                SubjectShape::Family(family) => Some(&family.patterns),
                SubjectShape::Exact(_) | SubjectShape::Unknown(_) => None,
            },
            certainty: certainty(entry.certainty),
            unknowns: &entry.unknowns,
            assumed: &entry.assumed,
            token: entry.token.as_str(),
            sign_ins: entry.sign_ins.iter().map(Login::new).collect(),
            called_from: entry.called_from.iter().map(Caller::new).collect(),
            also_called_from: entry
                .also_called_from
                .iter()
                .map(|calls| calls.iter().map(Caller::new).collect())
                .collect(),
        }
    }
}

impl<'a> Login<'a> {
    fn new(sign_in: &'a SignIn) -> Self {
        Self {
            via: sign_in.via,
            client_id: sign_in.client_id.as_deref(),
            tenant_id: sign_in.tenant_id.as_deref(),
            audience: sign_in.audience.as_deref(),
            cloud: sign_in.cloud.as_deref(),
            path: sign_in.place.source.path(),
            line: sign_in.place.start().line,
        }
    }
}

impl<'a> Caller<'a> {
    fn new(caller: &'a crate::text::Located<String>) -> Self {
        Self { workflow: caller.place.source.path(), job: &caller.value, line: caller.place.start().line }
    }
}
