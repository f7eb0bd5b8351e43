//! What one job can present on one event.

use std::borrow::Cow;

use crate::{
    id::SubjectShape,
    text::{Located, Place},
};

/// Whether a run of this event presents the subject in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Certainty {
    /// A choice, another job or step, a label or a ref picked by hand decides.
    May,
    /// The event alone decides.
    Must,
}

/// Whether the job gets a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Token {
    /// It does.
    Available,
    /// `id-token: write` is not granted.
    NoPermission,
    /// Another job of the run asks for a token that its caller withholds, so that no run starts.
    NoStart,
    /// The template cannot be filled.
    Template,
}

impl Token {
    /// The word used in every output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Available => "available",
            Self::NoPermission | Self::NoStart => "no-permission",
            Self::Template => "template",
        }
    }
}

/// A step that exchanges the token. Values are literals, or where they come from: `secrets.X`, `vars.X`, `env.X`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// The tool.
    pub via: &'static str,
    /// The client id.
    pub client_id: Option<String>,
    /// The tenant id.
    pub tenant_id: Option<String>,
    /// The audience.
    pub audience: Option<String>,
    /// The name of the cloud as the tool is told.
    pub cloud: Option<String>,
    /// Where the step was seen.
    pub place: Place,
}

/// Everything that one job can present on one event under one subject.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The path of the file that holds the job.
    pub workflow: String,
    /// The id of the job.
    pub job: Located<String>,
    /// The event of the run.
    pub trigger: &'static str,
    /// The ref of the run, where all runs that present the subject have the same; `{name}` stands for a hole.
    pub reference: Option<String>,
    /// The environment of the job.
    pub environment: Option<String>,
    /// The subject.
    pub shape: SubjectShape,
    /// Whether it is presented in any case.
    pub certainty: Certainty,
    /// What is not known, by the names of the holes.
    pub unknowns: Vec<String>,
    /// What was taken for granted, and how to make it certain.
    pub assumed: Vec<Cow<'static, str>>,
    /// Whether there is a token at all.
    pub token: Token,
    /// The steps that exchange it.
    pub sign_ins: Vec<SignIn>,
    /// The jobs that called the workflow, the first caller first, as `path: job`.
    pub called_from: Vec<Located<String>>,
    /// The same for each further way that leads to the same job with the same subject.
    pub also_called_from: Vec<Vec<Located<String>>>,
    /// The lines that produced the subject, and what each contributes.
    pub why: Vec<Located<Cow<'static, str>>>,
}

impl Entry {
    /// Every way of calls that leads to the job; none where nobody calls it.
    pub fn calls(&self) -> impl Iterator<Item = &[Located<String>]> {
        let all = std::iter::once(&self.called_from).chain(&self.also_called_from);
        all.map(Vec::as_slice).filter(|calls| !calls.is_empty())
    }

    /// The line of the job's own file that says most about the subject: the last reason there, else the job.
    #[must_use]
    pub fn place(&self) -> &Place {
        let here = self.why.iter().rev().find(|why| why.place.source.path() == self.workflow);
        here.map_or(&self.job.place, |why| &why.place)
    }
}

/// A sign-in that no event ever reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreachable {
    /// The path of the file that holds the job.
    pub workflow: String,
    /// The id of the job.
    pub job: Located<String>,
    /// The tool.
    pub via: &'static str,
    /// Where the step was seen.
    pub place: Place,
}
