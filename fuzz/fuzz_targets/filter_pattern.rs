//! Any text is a pattern or one error; matching ends; a list, its walk and its witness say the same.
#![no_main]

use fedcred::id::pattern::{Pattern, PatternList};
use libfuzzer_sys::fuzz_target;

// The patterns separated by commas, and behind a line break the name.
fuzz_target!(|text: &str| {
    let (pattern, name) = text.split_once('\n').unwrap_or((text, ""));
    if let Ok(parsed) = Pattern::parse(pattern) {
        let again = Pattern::parse(parsed.as_str()).expect("a pattern is readable as written");
        assert_eq!(again, parsed);
        let negated = parsed.clone().negated();
        assert_eq!(Pattern::parse(negated.as_str()).as_ref(), Ok(&negated), "{pattern}");
        if parsed.matches(name) {
            assert!(parsed.matches_ignoring_case(name) && name.starts_with(&parsed.start()));
        }
        if let Some(literal) = parsed.literal() {
            assert!(parsed.matches(&literal));
        }
        assert!(
            parsed.samples().iter().all(|sample| parsed.matches(sample)),
            "{:?} of {pattern}",
            parsed.samples()
        );
    }
    let exact = Pattern::exactly(name);
    assert!(exact.matches(name) && exact.literal().as_deref() == Some(name));
    if !name.is_empty() {
        assert_eq!(Pattern::parse(exact.as_str()).map(|again| again.matches(name)), Ok(true), "{name:?}");
    }
    for list in [PatternList::parse(pattern.split(',')), PatternList::parse_ignored(pattern.split(','))]
        .into_iter()
        .flatten()
    {
        agree(&list, name);
    }
});

fn agree(list: &PatternList, name: &str) {
    let end = name.chars().fold(list.begin(), |walk, c| list.advance(&walk, c));
    assert_eq!(list.admits_here(&end), list.admits(name), "{:?} of {name:?}", list.texts());
    assert!(!list.admits(name) || list.may_admit_ignoring_case(name));
    assert!(!list.without(name).admits(name));
    assert!(!list.takes_away_start(name) || !list.admits(name));
    for pattern in list.positives() {
        if let Some(witness) = list.witness(pattern) {
            assert!(list.admits(&witness) && pattern.matches(&witness));
            assert!(
                !list.shuts_out(pattern),
                "{:?} shuts out {}, but admits {witness:?}",
                list.texts(),
                pattern.as_str()
            );
        }
        if pattern.matches(name) && list.admits(name) {
            assert!(
                !list.shuts_out(pattern),
                "{:?} shuts out {}, but admits {name:?}",
                list.texts(),
                pattern.as_str()
            );
        }
    }
}
