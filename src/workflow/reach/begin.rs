//! The worlds in which a run can begin: those of a trigger, and the one of a call by somebody unknown.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    facts::Facts,
    name::Name,
    queue::queues,
    world::{RefKind, World},
};
use crate::{
    id::{GitRef, RefKind as KindOfRef, pattern::PatternList},
    issuer::github::{Event, RefRule},
    text::Place,
    workflow::model::Trigger,
};

impl<'a> World<'a> {
    /// The worlds of a trigger.
    pub(super) fn of_trigger(trigger: &'a Trigger, facts: &Facts) -> Vec<Self> {
        let first = |kind, name, filter| Self {
            trigger: Some(trigger),
            kind,
            filter,
            default: facts.default_branch.clone(),
            ..Self::of_unknown_caller(trigger.event, name)
        };
        let branches = trigger.branches.as_ref().map(|filter| (&filter.list, Some(&filter.place)));
        let tags = trigger.tags.as_ref().map(|filter| (&filter.list, Some(&filter.place)));
        let everything = PatternList::everything();
        let all = (&everything, None);
        let worlds = |kind, (list, place): (&PatternList, Option<&'a Place>)| {
            Name::of_filter(list).into_iter().map(move |name| first(kind, name, place)).collect::<Vec<_>>()
        };
        match trigger.event.reference {
            RefRule::BranchOrTag => match (branches, tags) {
                (None, None) => [worlds(RefKind::Branch, all), worlds(RefKind::Tag, all)].concat(),
                (branches, tags) => {
                    let branches = branches.map(|list| worlds(RefKind::Branch, list));
                    let tags = tags.map(|list| worlds(RefKind::Tag, list));
                    [branches, tags].into_iter().flatten().flatten().collect()
                }
            },
            RefRule::Tag => worlds(RefKind::Tag, all),
            RefRule::DefaultBranch if trigger.event.name == "pull_request_target" => {
                worlds(RefKind::Default, branches.unwrap_or(all))
            }
            RefRule::DefaultBranch if branches.is_some_and(|(list, _)| list.admits_nothing()) => Vec::new(),
            RefRule::DefaultBranch => vec![first(RefKind::Default, Name::any(), None)],
            RefRule::PullRequest => worlds(RefKind::PullRequest, branches.unwrap_or(all)),
            RefRule::MergeQueue => {
                let queues = queues(branches.map(|(list, _)| list));
                worlds(RefKind::Branch, (&queues, branches.and_then(|(_, place)| place)))
            }
            RefRule::Deployed | RefRule::Caller => vec![first(RefKind::Unknown, Name::any(), None)],
        }
    }

    /// The part of this world in which the run stands on `wanted`.
    pub(super) fn standing_on(mut self, wanted: &GitRef) -> Option<Self> {
        let short = wanted.short();
        let kind = match (self.kind, wanted.kind()) {
            (RefKind::Unknown, _) => return Some(self),
            (RefKind::PullRequest, KindOfRef::PullRequest) => {
                self.merged = Some(false);
                return Some(self);
            }
            (RefKind::Default, KindOfRef::Branch) => {
                let fits = self.default.as_deref().is_none_or(|name| name == short);
                self.default = Some(short.to_owned());
                return fits.then_some(self);
            }
            (RefKind::PullRequest, KindOfRef::Branch) if self.may_be_merged() => {
                self.merged = Some(true);
                self.action = Some("closed".to_owned());
                RefKind::PullRequest
            }
            (RefKind::Branch, KindOfRef::Branch) => RefKind::Branch,
            (RefKind::Tag, KindOfRef::Tag) => RefKind::Tag,
            _ => return None,
        };
        let admitted = match &self.name {
            Name::Known(_) => self.name.text() == Some(short),
            Name::Family { pattern, list } => pattern.matches(short) && list.admits(short),
        };
        self.kind = kind;
        self.name = Name::literal(short);
        admitted.then_some(self)
    }

    /// The only world of a callable workflow that nobody calls here.
    pub(super) const fn of_unknown_caller(event: &'static Event, name: Name) -> Self {
        Self {
            event,
            trigger: None,
            kind: RefKind::Unknown,
            name,
            filter: None,
            default: None,
            not_default: BTreeSet::new(),
            action: None,
            cron: None,
            merged: None,
            inputs: BTreeMap::new(),
            truths: BTreeMap::new(),
            frozen: false,
        }
    }
}
