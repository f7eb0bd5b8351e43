//! One run of the program as a step of a GitHub job: its own folder, its own environment, everything it left behind.

use std::{
    collections::BTreeMap,
    fs,
    path::PathBuf,
    process::{Command, Output},
};

use fedcred::emulator::{CLIENT, Emulator, TENANT};

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
    pub(crate) fn new(emulator: &Emulator) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        let variables = [
            ("GITHUB_ACTIONS", "true".to_owned()),
            ("GITHUB_OUTPUT", path("output")),
            ("GITHUB_ENV", path("env")),
            ("GITHUB_STATE", path("state")),
            ("GITHUB_STEP_SUMMARY", path("summary")),
            ("RUNNER_TEMP", path("")),
            ("ACTIONS_ID_TOKEN_REQUEST_URL", emulator.token_request_url()),
            ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", emulator.request_token()),
            ("INPUT_CLIENT-ID", CLIENT.to_owned()),
            ("INPUT_TENANT-ID", TENANT.to_owned()),
            ("INPUT_CLOUD", emulator.url().to_owned()),
            ("INPUT_EXPORT", "sdk,terraform".to_owned()),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value)).into();
        Self { folder, variables }
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Puts a file into the job's folder.
    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.path().join(name), text).unwrap();
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

    /// The output of the step of that name.
    pub(crate) fn output(&self, name: &str) -> String {
        let text = self.file("output");
        let (_, rest) = text.split_once(&format!("{name}<<fedcred_value\n")).unwrap_or_default();
        rest.split_once("\nfedcred_value\n").unwrap_or_default().0.to_owned()
    }

    pub(crate) fn token_file(&self) -> PathBuf {
        self.folder.path().join(format!("fedcred-{CLIENT}.jwt"))
    }

    /// Where a token stands that should not: any line of output but masks, any file but the two that are meant to hold one.
    ///
    /// Every token of the emulator is a JWT, and so begins with `eyJ`.
    pub(crate) fn leaks(&self, ran: &Ran, request_token: &str) -> Vec<String> {
        let has = |text: &str| text.contains("eyJ") || text.contains(request_token);
        let said = ran.out.lines().chain(ran.err.lines()).filter(|line| !line.starts_with("::add-mask::"));
        let mut found: Vec<String> = said.filter(|line| has(line)).map(str::to_owned).collect();
        let files = fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().path());
        for path in files.filter(|path| path.is_file() && *path != self.token_file()) {
            let text = fs::read_to_string(&path).unwrap();
            let token = self.output("access-token");
            let rest = if token.is_empty() { text } else { text.replacen(&token, "", 1) };
            if has(&rest) {
                found.push(path.display().to_string());
            }
        }
        found
    }
}
