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
            Jobs::Presenting | Jobs::SigningIn => self.any(*last, steps, 0, &|_| true),
            Jobs::SigningInElsewhere(known) => self.any(*last, steps, 0, &|candidate| {
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

    /// Whether some step, or a step of a local action that it uses, shows a tool that `counts`.
    fn any(
        &self,
        link: Link<'_>,
        steps: &[Step],
        nesting: usize,
        counts: &dyn Fn(&Candidate) -> bool,
    ) -> bool {
        steps.iter().any(|step| {
            let folder = folder(link.workflow, link.job, step);
            self.candidates(step, folder.as_deref()).iter().any(counts)
                || match &step.action {
                    Action::Uses { uses, .. } if nesting < MAX_NESTING => {
                        self.project.action(&uses.value, step.place.source.path()).is_some_and(|action| {
                            self.any(link, action.steps.as_deref().unwrap_or_default(), nesting + 1, counts)
                        })
                    }
                    Action::Uses { .. } | Action::Run { .. } => false,
                }
        })
    }
}

fn may_present(links: &[Link<'_>]) -> bool {
    match grant_of(links) {
        Grant::Granted | Grant::OnlyByDefault => true,
        Grant::Withheld | Grant::Exceeds => false,
    }
}
