//! Which jobs are worth exploring: told from the files alone, before any condition is worked out.

use std::collections::BTreeSet;

use super::{
    asks::{MAX_NESTING, folder},
    explore::Analysis,
    job::{Link, grant, grant_of},
    site::Frame,
};
use crate::{
    text::Span,
    workflow::{
        model::{Action, Step, Work},
        permissions::Grant,
        sign_in::Candidate,
    },
};

/// Which jobs are asked for.
#[derive(Clone, Debug, Default)]
pub enum Jobs {
    /// Those that sign in.
    #[default]
    SigningIn,
    /// Those that sign in or may ask for a token for something else.
    Presenting,
    /// All of them.
    All,
    /// Those that sign in at another place than these, each a path and a span.
    SigningInElsewhere(BTreeSet<(String, Span)>),
}

impl Analysis<'_> {
    /// False for a chain of calls that ends in a job that cannot bring an entry.
    pub(super) fn is_worth(&self, links: &[Link<'_>]) -> bool {
        let Some(last) = links.last() else { return false };
        let Work::Steps(steps) = &last.job.work else { return true };
        match &self.wanted.jobs {
            Jobs::All => true,
            Jobs::Presenting if may_present(links) => true,
            Jobs::Presenting | Jobs::SigningIn => self.any(*last, steps, |_| true),
            Jobs::SigningInElsewhere(known) => self.any(*last, steps, |candidate| {
                let place = &candidate.place;
                !known.contains(&(place.source.path().to_owned(), place.span))
            }),
        }
    }

    /// Whether a job that signs in nowhere is asked for.
    pub(super) fn wants_others(&self, frame: &Frame<'_>) -> bool {
        match &self.wanted.jobs {
            Jobs::All => true,
            Jobs::Presenting => matches!(grant(frame), Grant::Granted | Grant::OnlyByDefault),
            Jobs::SigningIn | Jobs::SigningInElsewhere(_) => false,
        }
    }

    /// Whether some step, or a step of a local action that it uses, shows a tool that `counts`. Each action is looked at once, where it is
    /// nested least.
    fn any(&self, link: Link<'_>, steps: &[Step], counts: impl Fn(&Candidate) -> bool) -> bool {
        let mut seen = BTreeSet::new();
        let mut level: Vec<&Step> = steps.iter().collect();
        for _ in 0..=MAX_NESTING {
            let shows = |step: &&Step| {
                let folder = folder(link.workflow, link.job, step);
                self.seen(step, folder.as_deref()).candidates.iter().any(&counts)
            };
            if level.iter().any(shows) {
                return true;
            }
            let used = level.iter().filter_map(|step| match &step.action {
                Action::Uses { uses, .. } => self.project.action(&uses.value, step.place.source.path()),
                Action::Run { .. } => None,
            });
            let new: Vec<_> = used.filter(|action| seen.insert(action.source.path())).collect();
            level = new.into_iter().flat_map(|action| action.steps.iter().flatten()).collect();
        }
        false
    }
}

fn may_present(links: &[Link<'_>]) -> bool {
    match grant_of(links) {
        Grant::Granted | Grant::OnlyByDefault => true,
        Grant::Withheld | Grant::Exceeds => false,
    }
}
