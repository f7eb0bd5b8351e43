//! Any text is a pattern or one error, and matching ends.
#![no_main]

use fedcred::id::pattern::{Pattern, PatternList};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, &str)| {
    let (pattern, name) = input;
    if let Ok(parsed) = Pattern::parse(pattern) {
        let again = Pattern::parse(parsed.as_str()).expect("a pattern is readable as written");
        assert_eq!(again, parsed);
        if parsed.matches(name) {
            assert!(parsed.matches_ignoring_case(name) && name.starts_with(&parsed.start()));
        }
    }
    if let Ok(list) = PatternList::parse(pattern.split(',')) {
        let _ = (list.admits(name), list.may_admit_ignoring_case(name));
    }
});
