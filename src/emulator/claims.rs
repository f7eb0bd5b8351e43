//! The claims that GitHub puts into the emulated job's token.
//!
//! Source: names and types, <https://docs.github.com/actions/reference/security/oidc>; `check_run_id`, GitHub changelog of
//! 2025-11-13; `job_workflow_ref` is present without a reusable workflow too, azure/login prints it.

use serde_json::{Map, Value, json};

use super::{job::GitHub, key::guid};

/// The claims at `now` (seconds since the epoch) for `audience`, or for GitHub's default audience.
pub(super) fn claims(github: &GitHub, audience: Option<&str>, now: i64) -> Value {
    let mut claims = job_claims(github);
    let texts = claims.iter().filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
    let subject = super::subject::subject(github, texts.collect());
    let issued = now - github.age;
    let default_audience = format!("https://github.com/{}", github.job.owner());
    for (name, value) in [
        ("jti", json!(guid())),
        ("iss", json!(github.issuer)),
        ("aud", json!(audience.unwrap_or(&default_audience))),
        ("sub", json!(subject)),
        ("iat", json!(issued)),
        ("nbf", json!(issued - 300)),
        ("exp", json!(issued + github.lifetime)),
    ] {
        claims.insert(name.to_owned(), value);
    }
    for (name, value) in &github.job.claims {
        if value.is_null() {
            claims.remove(name);
        } else {
            claims.insert(name.clone(), value.clone());
        }
    }
    Value::Object(claims)
}

/// Every claim that does not depend on time or audience, as text.
fn job_claims(github: &GitHub) -> Map<String, Value> {
    let job = &github.job;
    let workflow_ref = job.workflow_ref();
    let (head, base) = if job.event.starts_with("pull_request") { ("feature", "main") } else { ("", "") };
    let fixed = json!({
        "ref": job.r#ref,
        "ref_type": if job.r#ref.starts_with("refs/tags/") { "tag" } else { "branch" },
        "ref_protected": "true",
        "sha": job.sha,
        "repository": job.repository,
        "repository_id": job.repository_id.to_string(),
        "repository_owner": job.owner(),
        "repository_owner_id": job.owner_id.to_string(),
        "repository_visibility": job.visibility,
        "run_id": job.run_id.to_string(),
        "run_number": "1",
        "run_attempt": "1",
        "runner_environment": "github-hosted",
        "actor": job.actor,
        "actor_id": job.actor_id.to_string(),
        "workflow": job.workflow,
        "workflow_ref": workflow_ref,
        "workflow_sha": job.sha,
        "job_workflow_ref": job.job_workflow_ref.as_deref().unwrap_or(&workflow_ref),
        "job_workflow_sha": job.sha,
        "head_ref": head,
        "base_ref": base,
        "event_name": job.event,
        "check_run_id": "2000001",
    });
    let mut claims = if let Value::Object(claims) = fixed { claims } else { Map::new() };
    if let Some(environment) = &job.environment {
        claims.insert("environment".into(), json!(environment));
        claims.insert("environment_node_id".into(), json!("EN_emulated"));
    }
    if let Some(enterprise) = &job.enterprise {
        claims.insert("enterprise".into(), json!(enterprise));
        claims.insert("enterprise_id".into(), json!("1"));
    }
    claims
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_claim_is_text_but_the_three_times() {
        let claims = claims(&GitHub::default(), Some("a"), 1_000_000);
        for (name, value) in claims.as_object().unwrap() {
            assert_eq!(value.is_string(), !["iat", "nbf", "exp"].contains(&name.as_str()), "{name}");
        }
        assert_eq!(claims["aud"], "a");
        assert_eq!(claims["exp"], 1_000_300);
        assert_eq!(claims["environment"], Value::Null);
    }

    #[test]
    fn claims_of_the_state_win_and_null_takes_one_away() {
        let mut github = GitHub::default();
        github.job.claims = [("sub".to_owned(), json!("x")), ("actor".to_owned(), Value::Null)].into();
        let claims = claims(&github, None, 0);
        assert_eq!(claims["sub"], "x");
        assert_eq!(claims.get("actor"), None);
        assert_eq!(claims["aud"], "https://github.com/octo");
    }
}
