//! Which source `auto` takes: the one that is set up here, else the first that the machine hints at.

use thiserror::Error;

use super::{Detection, SOURCES, Source};
use crate::host::Host;

/// A source and what was found out about it.
#[derive(Clone, Debug)]
pub struct Found {
    /// The source.
    pub source: &'static Source,
    /// Whether it is here, and what says so.
    pub detection: Detection,
}

/// Why `auto` takes none.
#[derive(Debug, Error)]
pub enum ChoiceError {
    /// None is here.
    #[error(
        "no source of a token is here; name one with --source ({}), or give --token-file FILE",
        names(SOURCES)
    )]
    Nothing,
    /// More than one is set up here.
    #[error("{} sources of a token are set up here: {}; choose one with --source", .0.len(), told(.0))]
    Several(Vec<Found>),
}

/// What is known of every source, in the order of the table.
#[must_use]
pub fn survey(host: &Host) -> Vec<Found> {
    SOURCES.iter().map(|source| Found { source, detection: (source.detect)(host) }).collect()
}

/// The one that `auto` takes out of a survey.
///
/// # Errors
/// When there is none, or more than one that somebody has set up.
pub fn choose(survey: &[Found]) -> Result<&Found, ChoiceError> {
    let present: Vec<&Found> =
        survey.iter().filter(|found| matches!(found.detection, Detection::Present(_))).collect();
    match present.as_slice() {
        [one] => Ok(one),
        [] => survey
            .iter()
            .find(|found| matches!(found.detection, Detection::Possible(_)))
            .ok_or(ChoiceError::Nothing),
        several => Err(ChoiceError::Several(several.iter().copied().cloned().collect())),
    }
}

fn names(sources: &[Source]) -> String {
    let names: Vec<&str> = sources.iter().map(|source| source.name).collect();
    names.join(", ")
}

fn told(found: &[Found]) -> String {
    let told: Vec<String> = found.iter().map(ToString::to_string).collect();
    told.join(" and ")
}

impl std::fmt::Display for Found {
    /// `` `github` (ACTIONS_ID_TOKEN_REQUEST_URL is set) ``
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (Detection::Absent(why) | Detection::Possible(why) | Detection::Present(why)) = &self.detection;
        write!(f, "`{}` ({why})", self.source.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Env;

    fn chosen<const N: usize>(variables: [(&str, &str); N]) -> Result<&'static str, String> {
        let host = Host { env: Env::fake(variables), ..Host::fake() };
        choose(&survey(&host)).map(|found| found.source.name).map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_set_up_wins_over_what_is_only_possible() {
        assert_eq!(chosen([("GITHUB_ACTIONS", "true")]), Ok("github"));
        let both = [("GITHUB_ACTIONS", "true"), ("AZURE_FEDERATED_TOKEN_FILE", "/t")];
        assert_eq!(chosen(both), Ok("kubernetes"));
    }

    #[test]
    fn two_at_once_are_named_with_their_reasons() {
        let both = [("ACTIONS_ID_TOKEN_REQUEST_URL", "https://x"), ("AZURE_FEDERATED_TOKEN_FILE", "/t")];
        assert_eq!(
            chosen(both).unwrap_err(),
            "2 sources of a token are set up here: `github` (ACTIONS_ID_TOKEN_REQUEST_URL is set) and `kubernetes` (AZURE_FEDERATED_TOKEN_FILE is set); choose one with --source"
        );
        assert!(chosen([]).unwrap_err().starts_with("no source of a token is here"));
    }

    #[test]
    fn the_file_that_an_earlier_step_of_ours_wrote_is_no_second_source() {
        let job = [
            ("ACTIONS_ID_TOKEN_REQUEST_URL", "https://x"),
            ("RUNNER_TEMP", "/tmp/r"),
            ("AZURE_FEDERATED_TOKEN_FILE", "/tmp/r/fedcred-1.jwt"),
        ];
        assert_eq!(chosen(job), Ok("github"));
    }
}
