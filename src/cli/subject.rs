//! `fedcred subject`: the exact `sub` of a job, from the facts given on the command line.

use std::collections::BTreeMap;

use anyhow::{bail, ensure};
use serde::Serialize;

use super::{Context, Exit, args::Format};
use crate::{
    id::{EnvironmentName, GitRef, RepositoryIds, RepositoryName, visible},
    issuer::github::{Doubt, EVENTS, Event, Job, Kind, Prediction, Prefix, Template, predict},
};

/// Arguments of `fedcred subject`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "An environment always wins over the event and the ref. What GitHub is not known to do is \
answered with every possibility, or with a hole such as {context}.

Examples:
  fedcred subject --repository octo/app --ref refs/heads/main
  fedcred subject --repository octo/app --event pull_request
  fedcred subject --repository octo/app --environment prod
  fedcred subject --repository octo/app --owner-id 1 --repository-id 2 --ref refs/tags/v1
  fedcred subject --subject-prefix repo:octo@1/app@2 --environment prod
  fedcred subject --repository octo/app --ref refs/heads/main \\
      --template repo,context,job_workflow_ref \\
      --claim job_workflow_ref=octo/ci/.github/workflows/deploy.yml@refs/heads/main
  fedcred subject --environment prod --template repository_id,context --claim repository_id=456789

Exit codes: 0 answered; 1 the job gets no token, because the template cannot be filled; 2 asked wrongly."
)]
pub(super) struct Args {
    /// The repository, in the letter case in which GitHub shows it. Not needed where the subject does not hold it.
    #[arg(long, value_name = "OWNER/NAME")]
    repository: Option<RepositoryName>,
    /// The event that starts the run, as in `on:`.
    #[arg(long, default_value = "push", value_parser = event)]
    event: &'static Event,
    /// The ref of the run in full, such as refs/heads/main.
    #[arg(long = "ref", value_name = "REF")]
    reference: Option<GitRef>,
    /// The environment of the job, in the letter case of the workflow file.
    #[arg(long, value_name = "NAME")]
    environment: Option<EnvironmentName>,
    /// The number of the owner; selects the immutable form.
    #[arg(long, value_name = "N", requires = "repository_id", conflicts_with = "subject_prefix")]
    owner_id: Option<u64>,
    /// The number of the repository; selects the immutable form.
    #[arg(
        long,
        value_name = "N",
        requires = "owner_id",
        requires = "repository",
        conflicts_with = "subject_prefix"
    )]
    repository_id: Option<u64>,
    /// `sub_claim_prefix`, as GitHub's API returns it.
    #[arg(long, value_name = "PREFIX")]
    subject_prefix: Option<Prefix>,
    /// The claims of a customised template, in order [default: repo,context].
    #[arg(long, value_name = "KEYS")]
    template: Option<Template>,
    /// A claim that the template asks for. Repeatable.
    #[arg(long = "claim", value_name = "KEY=VALUE", value_parser = claim)]
    claims: Vec<(String, String)>,
}

#[derive(Serialize)]
struct Document {
    schema: &'static str,
    kind: &'static str,
    subject: String,
    alternatives: Vec<String>,
    unknowns: Vec<String>,
    assumed: Vec<String>,
    notes: Vec<String>,
    token: &'static str,
}

pub(super) fn run(args: &Args, context: &Context<'_>) -> anyhow::Result<Exit> {
    context.allow_formats(&[Format::Human, Format::Json])?;
    let prediction = predict(&args.job()?);
    if context.global.format == Format::Json {
        context.print_json(&document(&prediction))?;
    } else {
        context.print(&answer(&prediction))?;
        if !context.global.quiet {
            context.host.console.err(&talk(&prediction));
        }
    }
    Ok(if prediction.has_token() { Exit::Yes } else { Exit::No })
}

impl Args {
    fn job(&self) -> anyhow::Result<Job> {
        let template = self.template.clone().unwrap_or_default();
        let prefix = self.prefix()?;
        let known = prefix.repository().is_some() || !template.names_repository();
        ensure!(known, "the subject names the repository: give --repository OWNER/NAME, or --subject-prefix");
        Ok(Job {
            prefix,
            event: self.event,
            reference: self.reference.clone(),
            environment: self.environment.clone(),
            template,
            claims: self.claims()?,
        })
    }

    fn prefix(&self) -> anyhow::Result<Prefix> {
        let ids = self.owner_id.zip(self.repository_id);
        Ok(match (&self.subject_prefix, &self.repository, ids) {
            (Some(prefix), asked, _) => {
                let named = prefix.repository();
                if let (Some(asked), Some(named)) = (asked, named) {
                    ensure!(asked == named, "--subject-prefix names {named}, --repository names {asked}");
                }
                prefix.clone()
            }
            (None, Some(name), Some((owner, repository))) => {
                Prefix::Ids(name.clone(), RepositoryIds { owner, repository })
            }
            (None, Some(name), None) => Prefix::Assumed(name.clone()),
            (None, None, _) => Prefix::Hole("repository".to_owned()),
        })
    }

    fn claims(&self) -> anyhow::Result<BTreeMap<String, String>> {
        let mut claims = BTreeMap::new();
        for (name, value) in &self.claims {
            if let Some((_, option)) = OWN_OPTION.iter().find(|(claim, _)| claim == name) {
                bail!("the claim `{name}` has an option of its own: {option}");
            }
            ensure!(
                claims.insert(name.clone(), value.clone()).is_none(),
                "the claim `{name}` is given twice"
            );
        }
        Ok(claims)
    }
}

/// Claims that decide more than their own value.
const OWN_OPTION: [(&str, &str); 5] = [
    ("environment", "--environment"),
    ("event_name", "--event"),
    ("ref", "--ref"),
    ("repo", "--repository"),
    ("repository", "--repository"),
];

fn event(name: &str) -> Result<&'static Event, String> {
    Event::named(name).ok_or_else(|| {
        let near = EVENTS.iter().map(|event| (strsim::damerau_levenshtein(event.name, name), event.name));
        match near.min() {
            Some((distance, near)) if distance <= 3 => format!("no such event; did you mean `{near}`?"),
            _ => "no such event".to_owned(),
        }
    })
}

fn claim(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("a claim is written NAME=VALUE".to_owned()),
    }
}

fn document(prediction: &Prediction) -> Document {
    Document {
        schema: "fedcred.subject.v1",
        kind: match prediction.kind() {
            Kind::Exact => "exact",
            Kind::OneOf => "one-of",
            Kind::Unknown => "unknown",
        },
        subject: prediction.shape.to_string(),
        alternatives: prediction.alternatives.iter().map(ToString::to_string).collect(),
        unknowns: prediction.doubts.iter().map(|doubt| doubt.name().to_owned()).collect(),
        assumed: prediction.assumed.iter().map(ToString::to_string).collect(),
        notes: prediction.doubts.iter().map(ToString::to_string).collect(),
        token: if prediction.has_token() { "available" } else { "template" },
    }
}

/// One subject a line: the answer, or every alternative.
fn answer(prediction: &Prediction) -> String {
    let lines: Vec<String> = match prediction.kind() {
        Kind::OneOf => prediction.alternatives.iter().map(ToString::to_string).collect(),
        Kind::Exact | Kind::Unknown => vec![prediction.shape.to_string()],
    };
    lines.iter().map(|line| format!("{}\n", visible(line))).collect()
}

fn talk(prediction: &Prediction) -> String {
    let mut lines = Vec::new();
    match prediction.kind() {
        Kind::Exact => {}
        Kind::OneOf => lines.push(format!("note: one of these {}", prediction.alternatives.len())),
        Kind::Unknown => {
            let likely = prediction.alternatives.iter().map(ToString::to_string);
            lines.extend(likely.map(|likely| format!("note: probably `{}`", visible(&likely))));
        }
    }
    let doubts = prediction.doubts.iter();
    lines.extend(doubts.map(|doubt| format!("unknown {{{}}}: {doubt}{}", doubt.name(), hint(doubt))));
    lines.extend(prediction.assumed.iter().map(|assumed| format!("assumed: {assumed}")));
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// The option that would settle the doubt, if there is one.
fn hint(doubt: &Doubt) -> String {
    match doubt {
        Doubt::Missing(name) => match name.as_str() {
            "ref" | "default branch" | "tag" | "number" => "; give --ref REF".to_owned(),
            // Another one for every run: nothing can be given beforehand.
            "merge group" => String::new(),
            claim => format!("; give --claim {claim}=VALUE"),
        },
        Doubt::NoEnvironment(_) => "; give --environment NAME".to_owned(),
        Doubt::Event(_) | Doubt::Characters { .. } | Doubt::Repository => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use crate::{cli, cli::Exit, host::Stream};

    fn said<const N: usize>(words: [&str; N]) -> (Exit, String, String) {
        let (exit, host) = cli::run_fake(words);
        (exit, host.console.written(Stream::Out), host.console.written(Stream::Err))
    }

    #[test]
    fn the_answer_stands_alone_on_standard_output() {
        let (exit, out, err) = said(["subject", "--repository", "octo/app", "--ref", "refs/heads/main"]);
        assert_eq!((exit, out.as_str()), (Exit::Yes, "repo:octo/app:ref:refs/heads/main\n"));
        assert!(err.starts_with("assumed: the subject names octo/app without numbers"), "{err}");
    }

    #[test]
    fn a_review_prints_both_possibilities() {
        let (_, out, err) = said([
            "subject",
            "--subject-prefix",
            "repo:o/r",
            "--event",
            "pull_request_review",
            "--ref",
            "refs/pull/7/merge",
        ]);
        assert_eq!(out, "repo:o/r:pull_request\nrepo:o/r:ref:refs/pull/7/merge\n");
        assert!(err.starts_with("note: one of these 2\nunknown {context}: "), "{err}");
    }

    #[test]
    fn the_document_is_version_one() {
        let (_, out, _) =
            said(["subject", "--repository", "o/r", "--event", "deployment", "--format", "json"]);
        let document: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!(document["schema"], "fedcred.subject.v1");
        assert_eq!(document["kind"], "unknown");
        assert_eq!(document["subject"], "repo:o/r:{context}");
        assert_eq!(document["unknowns"][0], "context");
        assert_eq!(document["alternatives"].as_array().unwrap().len(), 0);
        assert_eq!(document["assumed"].as_array().unwrap().len(), 1);
    }

    #[test]
    fn what_is_missing_comes_with_the_option_that_gives_it() {
        let (_, out, err) = said(["subject", "--repository", "o/r", "--template", "context,actor"]);
        assert_eq!(out, "ref:{ref}:actor:{actor}\n");
        assert!(err.contains("not given; give --ref REF\n"), "{err}");
        assert!(err.contains("not given; give --claim actor=VALUE\n"), "{err}");
    }

    #[test]
    fn a_template_that_cannot_be_filled_is_a_no() {
        let (exit, _, err) = said([
            "subject",
            "--repository",
            "o/r",
            "--ref",
            "refs/heads/x",
            "--template",
            "repo,environment",
        ]);
        assert_eq!(exit, Exit::No);
        assert!(err.contains("GitHub issues no token"), "{err}");
    }

    #[test]
    fn what_decides_more_than_its_own_value_is_no_claim() {
        for words in [["--claim", "ref=refs/heads/x"], ["--subject-prefix", "repo:other/r"]] {
            let [option, value] = words;
            let (exit, _, err) = said(["subject", "--repository", "o/r", option, value]);
            assert_eq!(exit, Exit::AskedWrongly, "{err}");
        }
    }

    #[test]
    fn what_cannot_be_seen_is_escaped_for_people() {
        let (_, out, _) = said(["subject", "--subject-prefix", "repo:o/r", "--environment", "a\u{200b}b"]);
        assert_eq!(out, "repo:o/r:environment:a\\u{200b}b\nrepo:o/r:environment:a%E2%80%8Bb\n");
    }
}
