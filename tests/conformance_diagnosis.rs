//! Real refusals with a known root cause: the judge must name the same cause.
//!
//! The cases lie in the folder that `FEDCRED_CASES` names (`../shared/cases` by default); without it nothing is compared.

use std::{env, fs, path::PathBuf};

use fedcred::{
    issuer::Presented,
    trust::Credential,
    verdict::{Verdict, judge},
};
use serde_json::Value;

const GITHUB: &str = "https://token.actions.githubusercontent.com";
const AUDIENCE: &str = "api://AzureADTokenExchange";

/// What a root cause may be called by us. Labels that are about no mismatch are left out.
const CAUSES: &[(&str, &[&str])] = &[
    ("environment-missing-in-credential", &["subject-environment-for-ref", "subject-environment-name"]),
    ("environment-missing-in-job", &["subject-ref-for-environment"]),
    ("wildcard-subject", &["subject-wildcard"]),
    ("malformed-subject", &["subject-malformed", "subject-hyphen-pull-request"]),
    ("branch-vs-pull_request", &["subject-not-pull-request", "subject-pull-request"]),
    ("branch-not-in-credential", &["subject-branch"]),
    ("custom-template", &["subject-template", "subject-claim"]),
    ("immutable-id", &["subject-ids-missing", "subject-ids-extra"]),
    ("renamed-repo", &["subject-ids-missing", "subject-repository", "subject-owner"]),
    ("case-mismatch", &["subject-case"]),
    ("wrong-token-kind", &["subject-other"]),
    ("trailing-slash", &["issuer-slash"]),
    ("wrong-audience", &["audience-cloud", "audience-other"]),
    ("audience-mismatch", &["audience-cloud", "audience-other"]),
    ("issuer-mismatch", &["issuer-slash", "issuer-enterprise", "issuer-unknown"]),
];

fn cases() -> Option<String> {
    let folder = env::var("FEDCRED_CASES").unwrap_or_else(|_| "../shared/cases".into());
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(folder).join("diagnosis.jsonl");
    fs::read_to_string(path).ok()
}

fn text<'a>(value: &'a Value, or: &'a str) -> &'a str {
    value.as_str().unwrap_or(or)
}

/// What was presented and what was stored, where the case tells both.
fn sides(case: &Value) -> Option<(Presented, Vec<Credential>)> {
    let token = &case["token"];
    let presented =
        Presented::new(text(&token["iss"], GITHUB), token["sub"].as_str()?, text(&token["aud"], AUDIENCE));
    let stored = case["credentials"].as_array()?;
    let credentials = stored.iter().enumerate().map(|(at, one)| {
        let audience = text(&one["audiences"][0], AUDIENCE);
        // A null issuer is the one that the token has: the report did not find it worth a word.
        let issuer = text(&one["issuer"], presented.issuer.as_str());
        Some(Credential::exact(format!("stored-{at}"), issuer, one["subject"].as_str()?, audience))
    });
    let credentials = credentials.collect::<Option<Vec<_>>>()?;
    Some((presented, credentials))
}

#[test]
fn every_real_refusal_has_the_cause_that_people_found() {
    let Some(cases) = cases() else {
        println!("skipped: no diagnosis.jsonl; set FEDCRED_CASES");
        return;
    };
    let mut wrong = Vec::new();
    let mut compared = 0;
    for line in cases.lines() {
        let case: Value = serde_json::from_str(line).expect("a line of JSON");
        let wanted = CAUSES.iter().find(|(label, _)| case["root_cause"] == *label);
        let (Some((_, wanted)), true) = (wanted, case["cloud"] == "azure") else { continue };
        let Some((presented, credentials)) = sides(&case) else { continue };
        compared += 1;
        match judge(&presented, &credentials) {
            Verdict::Refused(refused) if wanted.contains(&refused.cause.as_str()) => {}
            other @ (Verdict::Accepted(_) | Verdict::Refused(_) | Verdict::Depends(_)) => {
                wrong.push(format!("{} {}: {other:?}", case["id"], case["root_cause"]))
            }
        }
    }
    println!("{compared} cases compared");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared >= 10, "only {compared} cases tell both sides");
}
