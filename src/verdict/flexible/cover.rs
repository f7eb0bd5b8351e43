//! Which subjects of a shape a language holds: all, some or none, with a witness.
//!
//! The shape is walked part by part; behind each part it is known in which states the expression's language can be, and one text
//! that leads to each. Behind the last part every state accepts or refuses.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

use super::{
    Doubt,
    glob::{Glob, State},
};
use crate::id::{
    Family, Part, SubjectShape,
    pattern::{PatternList, Walk},
};

/// How much of a shape is accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// Every subject.
    All,
    /// Some subjects: one that is accepted, one that is not.
    Some {
        /// A subject that is accepted.
        accepted: String,
        /// A subject that is not.
        refused: String,
    },
    /// No subject.
    None,
    /// Not known, for these reasons.
    Unknown(Vec<Doubt>),
}

/// The hole that stands for everything behind the repository, colons and all; every other hole is one value, in which GitHub writes
/// `%3A` for a colon.
const CONTEXT: &str = "context";

/// More states than this are not followed; the answer is then not known.
const STATES_LIMIT: usize = 4_000;
/// Nor are more pieces of patterns looked at, over all states and characters.
const PIECES_LIMIT: usize = 100_000_000;

/// `None` where the shape is too large to follow or its filters are not valid.
pub(super) fn cover_glob(glob: &Glob, shape: &SubjectShape) -> Option<Coverage> {
    let ends = walk(glob, shape)?;
    let find = |wanted: bool| ends.iter().find(|(state, _)| glob.accepts_here(state) == wanted);
    Some(match (find(true), find(false)) {
        (Some(_), None) => Coverage::All,
        (None, _) => Coverage::None,
        (Some((_, accepted)), Some((_, refused))) => {
            Coverage::Some { accepted: accepted.clone(), refused: refused.clone() }
        }
    })
}

/// Every state that some subject of the shape leads to, with one such subject.
fn walk(glob: &Glob, shape: &SubjectShape) -> Option<BTreeMap<State, String>> {
    let start = BTreeMap::from([(glob.begin(), String::new())]);
    match shape {
        SubjectShape::Exact(subject) => Some(BTreeMap::from([(
            glob.advance_over(&glob.begin(), subject.as_str()),
            subject.as_str().to_owned(),
        )])),
        SubjectShape::Family(Family { parts, pattern, patterns }) => {
            // A family holds the names of its own pattern; those of the other patterns are entries of their own.
            let own = PatternList::parse([pattern.as_str()]).ok()?;
            let names = [own, PatternList::parse(patterns.iter().map(String::as_str)).ok()?];
            parts.iter().try_fold(start, |states, part| over_part(glob, states, part, &names))
        }
        SubjectShape::Unknown(parts) => {
            let names = [PatternList::everything()];
            parts.iter().try_fold(start, |states, part| over_part(glob, states, part, &names))
        }
    }
}

fn over_part(
    glob: &Glob,
    states: BTreeMap<State, String>,
    part: &Part,
    names: &[PatternList],
) -> Option<BTreeMap<State, String>> {
    match part {
        Part::Text(text) => Some(
            states
                .into_iter()
                .map(|(state, so_far)| (glob.advance_over(&state, text), so_far + text))
                .collect(),
        ),
        Part::RefName => over_names(glob, states, names, false),
        Part::Hole(name) => over_names(glob, states, &[PatternList::everything()], name == CONTEXT),
    }
}

/// Walks every name that all lists admit from every state, breadth first, so that witnesses are short.
fn over_names(
    glob: &Glob,
    states: BTreeMap<State, String>,
    names: &[PatternList],
    whole_context: bool,
) -> Option<BTreeMap<State, String>> {
    let mut alphabet = alphabet(glob, names);
    alphabet.extend(whole_context.then_some(':'));
    let mut seen: HashSet<(State, Vec<Walk>)> = HashSet::new();
    let mut ends: HashMap<State, String> = HashMap::new();
    let begin: Vec<Walk> = names.iter().map(PatternList::begin).collect();
    let size: usize = begin.iter().map(Walk::size).sum();
    let mut pieces = 0;
    let mut queue: VecDeque<(State, Vec<Walk>, String)> = VecDeque::new();
    for (state, so_far) in states {
        if seen.insert((state.clone(), begin.clone())) {
            queue.push_back((state, begin.clone(), so_far));
        }
    }
    while let Some((state, walks, so_far)) = queue.pop_front() {
        if walks.iter().any(Walk::is_dead) {
            continue;
        }
        pieces += alphabet.len() * (state.len() + size);
        if seen.len() > STATES_LIMIT || pieces > PIECES_LIMIT {
            return None;
        }
        for c in &alphabet {
            let walks: Vec<Walk> =
                names.iter().zip(&walks).map(|(list, walk)| list.advance(walk, *c)).collect();
            let state = glob.advance(&state, *c);
            if seen.insert((state.clone(), walks.clone())) {
                queue.push_back((state, walks, format!("{so_far}{c}")));
            }
        }
        if names.iter().zip(&walks).all(|(list, walk)| list.admits_here(walk)) {
            ends.entry(state).or_insert(so_far);
        }
    }
    Some(ends.into_iter().collect())
}

/// One character for each way in which characters can differ, the most readable first. Characters that no ref may hold are left out.
///
/// Source: `git check-ref-format`, <https://git-scm.com/docs/git-check-ref-format>.
fn alphabet(glob: &Glob, names: &[PatternList]) -> Vec<char> {
    let of_names = names.iter().flat_map(PatternList::characters);
    let mentioned: BTreeSet<char> = glob.characters().chain(of_names).collect();
    let fill =
        ('a'..='z').rev().cycle().skip(2).take(26).find(|c| !mentioned.contains(c)).unwrap_or('\u{e9}');
    let inside = mentioned.iter().filter(|c| !"/ :~^?*[\\".contains(**c) && !c.is_control());
    [fill, '/'].into_iter().chain(inside.copied()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{
        super::{Told, cover_any},
        *,
    };
    use crate::{id::Subject, trust::Matcher};

    fn heads(patterns: &[&str]) -> SubjectShape {
        SubjectShape::Family(Family {
            parts: vec![Part::Text("repo:o/r:ref:refs/heads/".into()), Part::RefName],
            pattern: patterns[0].into(),
            patterns: patterns.iter().map(|&pattern| pattern.into()).collect(),
        })
    }

    fn of(expression: &str, shape: &SubjectShape) -> Coverage {
        cover_any([Told::Whole(&Matcher::Flexible(expression.parse().unwrap()))], shape, &BTreeMap::new())
    }

    #[test]
    fn a_star_covers_a_family_and_a_narrower_one_a_part_of_it() {
        let family = heads(&["release/**"]);
        assert_eq!(of("claims['sub'] matches 'repo:o/r:ref:refs/heads/*'", &family), Coverage::All);
        assert_eq!(of("claims['sub'] matches 'repo:o/r:ref:refs/heads/feature/*'", &family), Coverage::None);
        let some = of("claims['sub'] matches 'repo:o/r:ref:refs/heads/release/v*'", &family);
        let Coverage::Some { accepted, refused } = some else { panic!("{some:?}") };
        assert_eq!(accepted, "repo:o/r:ref:refs/heads/release/v");
        assert!(refused.starts_with("repo:o/r:ref:refs/heads/release/"), "{refused}");
    }

    #[test]
    fn patterns_too_large_to_follow_have_no_answer_rather_than_no_end() {
        let many: String = (0x4e00..0x5200).filter_map(char::from_u32).collect();
        let expression = format!("claims['sub'] matches 'repo:o/r:ref:refs/heads/{}'", "*a?".repeat(100));
        let family = heads(&[&format!("**{many}*")]);
        assert!(matches!(of(&expression, &family), Coverage::Unknown(_)));
    }

    #[test]
    fn a_negative_pattern_takes_names_out_of_the_family() {
        let family = heads(&["release/*", "!release/x*"]);
        assert_eq!(of("claims['sub'] matches '*/release/x*'", &family), Coverage::None);
        let exact = of("claims['sub'] eq 'repo:o/r:ref:refs/heads/release/1'", &family);
        assert!(matches!(exact, Coverage::Some { accepted, .. } if accepted.ends_with("release/1")));
    }

    #[test]
    fn a_hole_may_be_filled_to_fit() {
        let shape = SubjectShape::from_parts(vec![
            Part::Text("repo:o/r:environment:".into()),
            Part::Hole("vars.ENV".into()),
        ]);
        let prod = of("claims['sub'] eq 'repo:o/r:environment:prod'", &shape);
        assert!(matches!(prod, Coverage::Some { accepted, .. } if accepted == "repo:o/r:environment:prod"));
        assert_eq!(of("claims['sub'] matches 'repo:o/r:*'", &shape), Coverage::All);
        assert_eq!(of("claims['sub'] matches 'repo:o/r:ref:*'", &shape), Coverage::None);
    }

    #[test]
    fn a_context_that_is_not_known_may_be_any_and_a_value_holds_no_colon() {
        let hole = |name: &str| {
            SubjectShape::from_parts(vec![Part::Text("repo:o/r:".into()), Part::Hole(name.into())])
        };
        let expression = "claims['sub'] eq 'repo:o/r:environment:prod'";
        assert!(matches!(of(expression, &hole("context")), Coverage::Some { .. }));
        assert_eq!(of(expression, &hole("vars.ENV")), Coverage::None);
    }

    #[test]
    fn other_claims_leave_the_answer_open_until_they_are_known() {
        let pinned = "claims['sub'] matches 'repo:o/r:*' and claims['repository_id'] eq '42'";
        let shape = heads(&["main"]);
        assert_eq!(of(pinned, &shape), Coverage::Unknown(vec![Doubt::Claim("repository_id".into())]));
        for (id, coverage) in [("42", Coverage::All), ("43", Coverage::None)] {
            let claims = BTreeMap::from([("repository_id".to_owned(), id.to_owned())]);
            assert_eq!(
                cover_any([Told::Whole(&Matcher::Flexible(pinned.parse().unwrap()))], &shape, &claims),
                coverage
            );
        }
    }

    #[test]
    fn letter_case_alone_leaves_the_answer_open() {
        let shape = SubjectShape::Exact(Subject::new("repo:o/r:pull_request"));
        assert_eq!(
            of("claims['sub'] matches 'repo:O/*'", &shape),
            Coverage::Unknown(vec![Doubt::LetterCase("sub".into())])
        );
        assert_eq!(of("claims['sub'] eq 'repo:O/r:pull_request'", &shape), Coverage::None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn a_witness_is_one(
            glob in "[ab/*?]{0,4}",
            patterns in proptest::collection::vec("!?[ab/*]{1,3}", 1..3),
            name in "[ab/]{0,4}"
        ) {
            prop_assume!(patterns.iter().all(|pattern| crate::id::pattern::Pattern::parse(pattern).is_ok()));
            let list = PatternList::parse(patterns.iter().map(String::as_str)).unwrap();
            let shape = SubjectShape::Family(Family {
                parts: vec![Part::RefName], pattern: String::new(), patterns
            });
            let language = Glob::wildcard(&glob);
            match cover_glob(&language, &shape) {
                Some(Coverage::Some { accepted, refused }) => {
                    prop_assert!(language.matches(&accepted) && list.admits(&accepted));
                    prop_assert!(!language.matches(&refused) && list.admits(&refused));
                }
                Some(Coverage::All) => prop_assert!(!list.admits(&name) || language.matches(&name)),
                Some(Coverage::None) => prop_assert!(!list.admits(&name) || !language.matches(&name)),
                Some(Coverage::Unknown(_)) | None => {}
            }
        }
    }
}
