//! Any text is a flexible expression or one error; evaluation ends; what is said of a set of subjects holds for its members.
#![no_main]

use fedcred::{
    id::{
        Family, Part, Subject, SubjectShape,
        pattern::{Pattern, PatternList},
    },
    issuer::Presented,
    trust::{Matcher, flexible::Expression},
    verdict::flexible::{self, Answer, Coverage, Told},
};
use libfuzzer_sys::fuzz_target;

// The expression, and on further lines: the ref filters separated by commas, a ref's name.
fuzz_target!(|text: &str| {
    let mut lines = text.split('\n');
    let (text, filters, name) =
        (lines.next().unwrap_or(""), lines.next().unwrap_or("**"), lines.next().unwrap_or("main"));
    let expression = match text.parse::<Expression>() {
        Ok(expression) => expression,
        Err(error) => return assert!(text.get(error.span().start..error.span().end).is_some()),
    };
    for clause in expression.clauses() {
        assert!(text.get(clause.span.start..clause.span.end).is_some());
    }
    let evaluated = |subject: &str| {
        flexible::evaluate(
            &expression,
            &Presented::new("https://token.actions.githubusercontent.com", subject, "a"),
        )
    };
    let presented = Presented::new("https://token.actions.githubusercontent.com", "", "a");
    let _ = expression.complaints(&presented.issuer);
    let matcher = Matcher::Flexible(expression.clone());
    let cover = |shape: &SubjectShape| flexible::cover_any([Told::Whole(&matcher)], shape, &presented.claims);
    let exact = cover(&SubjectShape::Exact(Subject::new(name)));
    match (&exact, evaluated(name)) {
        (Coverage::All, Answer::Accepts)
        | (Coverage::None, Answer::Refuses(_))
        | (Coverage::Unknown(_), _) => {}
        (covered, answer) => panic!("{text}: {covered:?} of {name:?}, evaluated {answer:?}"),
    }
    let filters: Vec<String> = filters.split(',').map(str::to_owned).collect();
    let Ok(list) = PatternList::parse(filters.iter().map(String::as_str)) else { return };
    let Some(pattern) = list.positives().next().cloned() else { return };
    family(&list, &pattern, name, &cover, &evaluated);
});

const START: &str = "repo:o/r:ref:refs/heads/";

fn family(
    list: &PatternList,
    pattern: &Pattern,
    name: &str,
    cover: &dyn Fn(&SubjectShape) -> Coverage,
    evaluated: &dyn Fn(&str) -> Answer,
) {
    let shape = SubjectShape::Family(Family {
        parts: vec![Part::Text(START.to_owned()), Part::RefName],
        pattern: pattern.as_str().to_owned(),
        patterns: list.texts(),
    });
    // No ref holds these. Source: git check-ref-format.
    let is_ref =
        !name.contains([' ', ':', '~', '^', '?', '*', '[', '\\']) && !name.contains(char::is_control);
    let is_member = pattern.matches(name) && list.admits(name) && is_ref;
    let answer = evaluated(&format!("{START}{name}"));
    match cover(&shape) {
        Coverage::All => assert!(!is_member || answer == Answer::Accepts, "all, but {name:?}: {answer:?}"),
        Coverage::None => assert!(!is_member || answer != Answer::Accepts, "none, but {name:?}"),
        Coverage::Some { accepted, refused } => {
            assert_eq!(evaluated(&accepted), Answer::Accepts, "{accepted}");
            assert_ne!(evaluated(&refused), Answer::Accepts, "{refused}");
            for witness in [accepted, refused] {
                let name = witness.strip_prefix(START).expect("a member of the family");
                assert!(pattern.matches(name) && list.admits(name), "{witness} is no member");
            }
        }
        Coverage::Unknown(_) => {}
    }
}
