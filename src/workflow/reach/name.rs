//! The name of a branch or tag as far as it is known: one name, or a family that a filter admits.

use crate::id::{
    Part,
    pattern::{Pattern, PatternList},
};

/// The names of a longer filter are not told apart.
const MOST_NAMES: usize = 500;

/// A short name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Name {
    /// One name; it may hold a hole such as the default branch.
    Known(Vec<Part>),
    /// Every name of the form of `pattern` that `list` admits.
    Family { pattern: Pattern, list: PatternList },
}

/// What a test of a name came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Yes,
    No,
    /// Some members yes, others no; the family can be split.
    Both,
    /// Nobody knows.
    Unknown,
}

/// The name of the only family that a world can hold, as it stands in a text.
pub(super) fn parts_of(name: &Name) -> Vec<Part> {
    match name {
        Name::Known(parts) => parts.clone(),
        Name::Family { .. } => vec![Part::RefName],
    }
}

impl Name {
    pub(super) fn literal(name: &str) -> Self {
        Self::Known(vec![Part::Text(name.to_owned())])
    }

    pub(super) fn any() -> Self {
        Self::Family { pattern: Pattern::starting_with(""), list: PatternList::everything() }
    }

    /// The name, if it is wholly known.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Known(parts) => match parts.as_slice() {
                [Part::Text(text)] => Some(text),
                _ => None,
            },
            Self::Family { .. } => None,
        }
    }

    /// Whether the name is `wanted`, letter case aside as the expression language compares.
    pub(super) fn is(&self, wanted: &str) -> Answer {
        match self {
            Self::Known(_) => match self.text() {
                Some(text) if text.eq_ignore_ascii_case(wanted) => Answer::Yes,
                Some(_) => Answer::No,
                None => Answer::Unknown,
            },
            Self::Family { pattern, list } => {
                if list.names_away(wanted) || list.takes_away(wanted) {
                    Answer::No
                } else if pattern.matches(wanted) && list.admits(wanted) {
                    Answer::Both
                } else if pattern.matches_ignoring_case(wanted) && list.may_admit_ignoring_case(wanted) {
                    Answer::Unknown
                } else {
                    Answer::No
                }
            }
        }
    }

    /// Whether the name begins with `start`.
    pub(super) fn begins(&self, start: &str) -> Answer {
        let begins_with = |text: &str, start: &str| {
            text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
        };
        match self {
            Self::Known(parts) => match parts.first() {
                Some(Part::Text(text)) if begins_with(text, start) => Answer::Yes,
                Some(Part::Text(text)) if parts.len() == 1 || !begins_with(start, text) => Answer::No,
                _ => Answer::Unknown,
            },
            Self::Family { pattern, list } => {
                let known = pattern.start();
                if list.takes_away_start(start) {
                    Answer::No
                } else if begins_with(&known, start) {
                    Answer::Yes
                } else if !begins_with(start, &known) {
                    Answer::No
                } else if pattern.is_start() {
                    Answer::Both
                } else {
                    Answer::Unknown
                }
            }
        }
    }

    /// The family split into the one name and all the others.
    pub(super) fn split_off(&self, name: &str) -> Vec<Self> {
        match self {
            Self::Known(_) => vec![self.clone()],
            Self::Family { pattern, list } => {
                vec![Self::literal(name), Self::Family { pattern: pattern.clone(), list: list.without(name) }]
            }
        }
    }

    /// The family split into the names that begin with `start` and all the others.
    pub(super) fn split_at(&self, start: &str) -> Vec<Self> {
        match self {
            Self::Known(_) => vec![self.clone()],
            Self::Family { pattern, list } => {
                let inner = Pattern::starting_with(start);
                vec![
                    Self::Family { list: list.narrowed(pattern, start), pattern: inner.clone() },
                    Self::Family { pattern: pattern.clone(), list: list.and(inner.negated()) },
                ]
            }
        }
    }

    /// One name or family for each positive pattern of a filter; what the filter shuts out again is left out.
    pub(super) fn of_filter(list: &PatternList) -> Vec<Self> {
        if list.positives().nth(MOST_NAMES).is_some() {
            return vec![Self::Known(vec![Part::Hole("github.ref_name".to_owned())])];
        }
        let mut names: Vec<Self> = Vec::new();
        for pattern in list.positives().filter(|pattern| !list.shuts_out(pattern)) {
            let name = match pattern.literal() {
                Some(name) => Self::literal(&name),
                None => Self::Family { pattern: pattern.clone(), list: list.clone() },
            };
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn family(texts: &[&str]) -> Name {
        Name::of_filter(&PatternList::parse(texts.iter().copied()).unwrap()).remove(0)
    }

    #[test]
    fn a_family_is_split_where_a_condition_names_a_member() {
        let all = Name::any();
        assert_eq!(all.is("main"), Answer::Both);
        let rest = all.split_off("main").remove(1);
        assert_eq!(rest.is("main"), Answer::No);
        assert_eq!(family(&["feature/**"]).is("main"), Answer::No);
        assert_eq!(family(&["feature/**"]).is("Feature/x"), Answer::Unknown);
    }

    #[test]
    fn a_family_is_split_by_its_beginning_where_that_can_be_written() {
        let all = Name::any();
        assert_eq!(all.begins("release/"), Answer::Both);
        let [inner, outer] = all.split_at("release/").try_into().unwrap();
        assert_eq!((inner.begins("release/"), inner.begins("hotfix/")), (Answer::Yes, Answer::No));
        assert_eq!((outer.is("release/1"), outer.begins("release/")), (Answer::No, Answer::No));
        assert_eq!(family(&["v*"]).begins("v1"), Answer::Unknown);
    }
}
