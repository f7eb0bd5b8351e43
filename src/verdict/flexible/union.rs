//! Which subjects of a shape a set of credentials accepts together: exact subjects, expressions, and unions of both.

use std::collections::BTreeMap;

use super::{
    Coverage, Doubt,
    cover::cover_glob,
    evaluate::{Answer, Holds, combine, doubt, language},
    glob::Glob,
};
use crate::{
    id::SubjectShape,
    trust::{
        Matcher, TextPart, Value,
        flexible::{Expression, Operator},
    },
};

/// What a credential compares the subject with, as far as its file tells it.
#[derive(Clone, Copy, Debug)]
pub enum Told<'a> {
    /// All of it.
    Whole(&'a Matcher),
    /// A subject with holes, or one that only may be this.
    Holed(&'a Value),
}

/// Which subjects of `shape` at least one of the credentials accepts, where the token's other claims are `claims`.
///
/// The answer is exact for what is certain; expressions and subjects in doubt make it [`Coverage::Unknown`] where they could add
/// something.
#[must_use]
pub fn cover_any<'a>(
    credentials: impl IntoIterator<Item = Told<'a>>,
    shape: &SubjectShape,
    claims: &BTreeMap<String, String>,
) -> Coverage {
    let (mut sure, mut doubtful) = (Vec::new(), Vec::new());
    for credential in credentials {
        match credential {
            Told::Whole(Matcher::Exact(subject)) => sure.push(Glob::exactly(subject.as_str())),
            Told::Whole(Matcher::Flexible(expression)) => sort(expression, claims, &mut sure, &mut doubtful),
            Told::Holed(value) => doubtful.push((Glob::holed(value), holes(value))),
        }
    }
    match cover_glob(&Glob::any_of(sure), shape) {
        None => Coverage::Unknown(vec![Doubt::Claim("sub".to_owned())]),
        Some(Coverage::None) => open(doubtful, shape),
        Some(certain) => certain,
    }
}

fn holes(value: &Value) -> Vec<Doubt> {
    let hole = |part: &TextPart| match part {
        TextPart::Text(_) => None,
        TextPart::Hole { name, .. } => Some(Doubt::Hole(name.clone())),
    };
    value.parts.iter().filter_map(hole).collect()
}

/// The languages that may hold something more, each with its doubts.
type Doubtful = Vec<(Glob, Vec<Doubt>)>;

/// Puts the language of `expression` where it belongs, by whether its clauses about other claims hold.
fn sort(
    expression: &Expression,
    claims: &BTreeMap<String, String>,
    sure: &mut Vec<Glob>,
    doubtful: &mut Doubtful,
) {
    let others = combine(expression, |clause| match claims.get(&clause.claim) {
        _ if clause.claim == "sub" => Holds::Yes,
        Some(value) if language(clause).matches(value) => Holds::Yes,
        Some(_) => Holds::No,
        None => Holds::Doubtful(Doubt::Claim(clause.claim.clone())),
    });
    let clause = expression.about("sub").find(|clause| doubt(expression, clause).is_none());
    let glob = clause.map_or_else(|| Glob::wildcard("*"), language);
    match others {
        Answer::Refuses(_) => {}
        Answer::Depends(why) => doubtful.push((glob, why)),
        Answer::Accepts => {
            // What fits but for letter case may be accepted or not.
            if clause.is_some_and(|clause| clause.operator == Operator::Matches) {
                doubtful.push((glob.ignoring_case(), vec![Doubt::LetterCase("sub".to_owned())]));
            }
            sure.push(glob);
        }
    }
}

/// Nothing is certain: the doubts of every language that could hold something.
fn open(doubtful: Doubtful, shape: &SubjectShape) -> Coverage {
    let may_hold = |glob: &Glob| cover_glob(glob, shape) != Some(Coverage::None);
    let mut doubts: Vec<Doubt> =
        doubtful.into_iter().filter(|(glob, _)| may_hold(glob)).flat_map(|(_, why)| why).collect();
    doubts.sort();
    doubts.dedup();
    if doubts.is_empty() { Coverage::None } else { Coverage::Unknown(doubts) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{Family, Part, Subject};

    fn of(matchers: &[Matcher], patterns: &[&str]) -> Coverage {
        let shape = SubjectShape::Family(Family {
            parts: vec![Part::Text("repo:o/r:ref:refs/heads/".into()), Part::RefName],
            pattern: patterns[0].into(),
            patterns: patterns.iter().map(|&pattern| pattern.into()).collect(),
        });
        cover_any(matchers.iter().map(Told::Whole), &shape, &BTreeMap::new())
    }

    fn exact(name: &str) -> Matcher {
        Matcher::Exact(Subject::new(format!("repo:o/r:ref:refs/heads/{name}")))
    }

    fn flexible(glob: &str) -> Matcher {
        Matcher::Flexible(format!("claims['sub'] matches '{glob}'").parse().unwrap())
    }

    #[test]
    fn credentials_cover_together_what_none_covers_alone() {
        let both = [exact("a"), exact("ab")];
        assert_eq!(of(&both, &["ab?"]), Coverage::All);
        assert!(
            matches!(of(&both[..1], &["ab?"]), Coverage::Some { refused, .. } if refused.ends_with("/ab"))
        );
        assert_eq!(
            of(&[exact("main"), flexible("repo:o/r:ref:refs/heads/rel/*")], &["rel/**", "main"]),
            Coverage::All
        );
        assert_eq!(of(&[], &["main"]), Coverage::None);
    }

    #[test]
    fn a_doubtful_expression_leaves_open_only_what_it_could_take() {
        let shouting = [flexible("repo:O/R:*")];
        assert_eq!(of(&shouting, &["main"]), Coverage::Unknown(vec![Doubt::LetterCase("sub".into())]));
        assert_eq!(of(&[flexible("repo:o/x:*")], &["main"]), Coverage::None);
    }

    #[test]
    fn a_hole_in_a_credential_may_be_what_is_presented() {
        let place = crate::text::Place::new(&crate::text::Source::new("main.tf", ""), Default::default());
        let mut value = Value::known("repo:o/r:environment:");
        value.append(Value::hole("var.env", "no default", place));
        let of = |text: &str| {
            let shape = SubjectShape::Exact(Subject::new(text));
            cover_any([Told::Holed(&value)], &shape, &BTreeMap::new())
        };
        assert_eq!(of("repo:o/r:environment:prod"), Coverage::Unknown(vec![Doubt::Hole("var.env".into())]));
        assert_eq!(of("repo:o/r:pull_request"), Coverage::None);
    }
}
