//! Who follows the help line is accepted: every suggestion and every fix of a random broken repository is applied and judged again.

#[path = "lint_help/follow.rs"]
mod follow;
#[path = "lint_help/random.rs"]
mod random;
#[path = "lint_help/repository.rs"]
mod repository;

use fedcred::{cli::Exit, host::Stream};
use proptest::prelude::*;
use serde_json::Value;

use follow::follow;
use random::repository;
use repository::{AUDIENCE, findings, presented, run};

/// Each round mends one thing; no repository below has this many.
const ROUNDS: usize = 16;

fn says_the_same(one: &Value, other: &Value) -> bool {
    ["rule", "path", "subject", "job", "message"].iter().all(|key| one[key] == other[key])
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(16) })]

    #[test]
    fn whoever_follows_every_help_line_ends_with_nothing_to_say(start in repository()) {
        let mut repository = start;
        let mut told: Vec<String> = Vec::new();
        for _ in 0..ROUNDS {
            let before = findings(&repository.files());
            let Some(first) = before.first() else { break };
            told.push(format!("{}: {} => {}", first["rule"], first["message"], first["help"]));
            prop_assert!(follow(&mut repository, first), "not to be followed: {first:#}");
            let after = findings(&repository.files());
            prop_assert!(!after.iter().any(|one| says_the_same(one, first)), "still said: {first:#}\n{:#?}", repository.files());
        }
        let left = findings(&repository.files());
        prop_assert!(left.is_empty(), "left: {left:#?}\n{told:#?}\n{:#?}", repository.files());
        // Silence is not enough: a credential takes what the job presents.
        let files = repository.files();
        let subject = presented(&files);
        if repository.credentials.iter().any(Option::is_some) && !subject.contains('{') {
            let audience = repository.audience.clone().unwrap_or_else(|| AUDIENCE.to_owned());
            let (exit, host) = run(&files, &["check", "--subject", &subject, "--audience", &audience, "--credentials", "fic"]);
            prop_assert!(exit == Exit::Yes || repository.prefix.is_none(), "{}\n{told:#?}\n{files:#?}", host.console.written(Stream::Out));
        }
    }

    #[test]
    fn what_a_fix_has_mended_is_not_said_again(repository in repository()) {
        let files = repository.files();
        let before = findings(&files);
        let (_, host) = run(&files, &["lint", "--repository", "octo/app", "--format", "json", "--fix"]);
        let left: Value = serde_json::from_str(&host.console.written(Stream::Out)).unwrap();
        let left = left["findings"].as_array().unwrap();
        let mended: Vec<&Value> = before.iter().filter(|one| !left.iter().any(|other| says_the_same(one, other))).collect();
        let now: Vec<(String, String)> = files.iter().map(|(path, _)| {
            (path.clone(), String::from_utf8(host.files.read(path.as_ref(), 100_000).unwrap()).unwrap())
        }).collect();
        let after = findings(&now);
        for one in mended {
            prop_assert!(!after.iter().any(|other| says_the_same(one, other)), "{one:#}\n{now:#?}\n{}", host.console.written(Stream::Err));
        }
        // A second time there is nothing to do, or what was hidden behind the first comes to light; in the end all is quiet.
        let mut files = now;
        for _ in 0..4 {
            let (_, host) = run(&files, &["lint", "--repository", "octo/app", "--fix"]);
            if host.console.written(Stream::Err).contains("changed 0 values ") { return Ok(()); }
            for (path, text) in &mut files {
                *text = String::from_utf8(host.files.read(path.as_ref(), 100_000).unwrap()).unwrap();
            }
        }
        prop_assert!(false, "the fixes never end: {files:#?}");
    }
}
