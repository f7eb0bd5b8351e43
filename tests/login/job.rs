//! One run of the program as a step of a GitHub job: its own folder, its own environment, everything it left behind.

use std::{
    collections::BTreeMap,
    fs,
    path::PathBuf,
    process::{Command, Output},
};

use super::service::{REQUEST_TOKEN, Service};

pub(crate) const CLIENT: &str = "11111111-2222-3333-4444-555555555555";

pub(crate) struct Job {
    pub(crate) folder: tempfile::TempDir,
    variables: BTreeMap<String, String>,
}

pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Job {
    pub(crate) fn new(service: &Service) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        let variables = [
            ("GITHUB_ACTIONS", "true".to_owned()),
            ("GITHUB_OUTPUT", path("output")),
            ("GITHUB_ENV", path("env")),
            ("GITHUB_STATE", path("state")),
            ("GITHUB_STEP_SUMMARY", path("summary")),
            ("RUNNER_TEMP", path("")),
            ("ACTIONS_ID_TOKEN_REQUEST_URL", format!("{}/github?api-version=2.0", service.base)),
            ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", REQUEST_TOKEN.to_owned()),
            ("INPUT_CLIENT-ID", CLIENT.to_owned()),
            ("INPUT_TENANT-ID", "contoso.test".to_owned()),
            ("INPUT_CLOUD", service.base.clone()),
            ("INPUT_EXPORT", "sdk,terraform".to_owned()),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value)).into();
        Self { folder, variables }
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Runs the program itself.
    pub(crate) fn run(&self, words: &[&str]) -> Ran {
        self.start(Command::new(env!("CARGO_BIN_EXE_fedcred")).args(words))
    }

    /// Runs `command` in the job's environment.
    pub(crate) fn start(&self, command: &mut Command) -> Ran {
        let command = command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        let Output { status, stdout, stderr } =
            command.envs(&self.variables).current_dir(self.folder.path()).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ran { code: status.code(), out: text(stdout), err: text(stderr) }
    }

    pub(crate) fn file(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path().join(name)).unwrap_or_default()
    }

    /// Every file that the job holds now.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect()
    }
}
