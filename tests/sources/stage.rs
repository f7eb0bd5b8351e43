//! One workload: the emulator beside it, its variables and its files, and the program itself run among them.

use std::{
    collections::BTreeMap,
    fs,
    process::{Command, Output, Stdio},
};

use fedcred::emulator::{CLIENT, Emulator, Options, State, StoredCredential};
use serde_json::{Value, json};

pub(crate) const AUDIENCE: &str = "api://AzureADTokenExchange";

pub(crate) struct Stage {
    pub(crate) emulator: Emulator,
    folder: tempfile::TempDir,
    variables: BTreeMap<String, String>,
    input: Option<String>,
}

/// How a run ended and what was said.
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// The document on standard output.
    pub(crate) fn document(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("no JSON: {}{}", self.out, self.err))
    }
}

impl Stage {
    /// A workload of the source `name`; Entra trusts nobody yet.
    pub(crate) fn of(name: &str) -> Self {
        Self::changed(name, |_| {})
    }

    /// The same in a world that differs.
    pub(crate) fn changed(name: &str, change: impl FnOnce(&mut State)) -> Self {
        let mut state = State::default();
        change(&mut state);
        let options = Options { agent_socket: true, ..Options::default() };
        let emulator = Emulator::start_blocking(state, options).unwrap();
        let own = emulator.environment().into_iter().filter(|(name, _)| name.starts_with("AZURE_"));
        let all = own.chain(emulator.source_environment(name));
        let variables = all.map(|(name, value)| (name.to_owned(), value)).collect();
        Self { emulator, folder: tempfile::tempdir().unwrap(), variables, input: None }
    }

    /// A workload of the source `name` that Entra trusts as `issuer` and `subject`.
    pub(crate) fn new(name: &str, issuer: &str, subject: &str) -> Self {
        Self::of(name).trusting(issuer, subject, AUDIENCE)
    }

    /// Entra's one credential, which the judge knows too.
    pub(crate) fn trusting(self, issuer: &str, subject: &str, audience: &str) -> Self {
        let credential = StoredCredential {
            issuer: issuer.to_owned(),
            audiences: vec![audience.to_owned()],
            ..StoredCredential::github("workload", subject)
        };
        self.emulator.change(|state| *state.credentials_mut(CLIENT).unwrap() = vec![credential]);
        let listing =
            json!([{"name": "workload", "issuer": issuer, "subject": subject, "audiences": [audience]}]);
        self.file("live.json", listing.to_string());
        self
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    pub(crate) fn with_all(self, more: Vec<(&'static str, String)>) -> Self {
        more.into_iter().fold(self, |stage, (name, value)| stage.with(name, &value))
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.variables.remove(name).unwrap();
        self
    }

    pub(crate) fn input(mut self, text: String) -> Self {
        self.input = Some(text);
        self
    }

    /// Writes a file into the workload's folder, which is the folder of every run.
    pub(crate) fn file(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.folder.path().join(name), bytes).unwrap();
    }

    /// Runs the program with no other variables than the workload's.
    pub(crate) fn run(&self, words: &[&str]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fedcred"));
        command.args(words).env_clear().envs(&self.variables).current_dir(self.folder.path());
        command.stdin(Stdio::null());
        if let Some(text) = &self.input {
            self.file("input", text);
            command.stdin(fs::File::open(self.folder.path().join("input")).unwrap());
        }
        let Output { status, stdout, stderr } = command.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ran { code: status.code(), out: text(stdout), err: text(stderr) }
    }

    /// Signs in and has the judge's word; nothing that is said may hold a secret.
    pub(crate) fn login(&self, words: &[&str]) -> Ran {
        let login = ["login", "--credentials", "live.json", "--format", "json", "--verbose"];
        let ran = self.run(&[&login, words].concat());
        let (amazon, machine) = (self.emulator.state().amazon, self.emulator.state().workloads.machine);
        let system = self.emulator.state().workloads.pipeline.system_token;
        for secret in ["eyJ", &amazon.secret_key, "emulated-session-token", &machine.identity_header, &system]
        {
            assert!(!format!("{}{}", ran.out, ran.err).contains(secret), "{secret}: {}{}", ran.out, ran.err);
        }
        ran
    }

    /// From the source to an access token.
    pub(crate) fn signs_in(&self, words: &[&str]) {
        let ran = self.login(words);
        assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
        assert_eq!(ran.document()["verdict"], "accepted", "{}", ran.out);
        let ran = self.run(&[&["token"], words].concat());
        assert!(ran.code == Some(0) && ran.out.starts_with("eyJ"), "{}", ran.err);
    }

    /// Entra refuses with `code`, the judge knows the `cause`, and somebody says `told`.
    pub(crate) fn is_refused(&self, words: &[&str], code: u32, cause: &str, told: &str) {
        let ran = self.login(words);
        let document = ran.document();
        assert_eq!((ran.code, &document["refusal"]["code"]), (Some(3), &json!(code)), "{}", ran.err);
        assert_eq!(document["cause"], cause, "{}", ran.err);
        assert!(ran.err.contains(&format!("AADSTS{code}")) && ran.err.contains(told), "{told}: {}", ran.err);
    }

    /// There is no token: the program ends with `code` and says `told`, and nobody asks Entra.
    pub(crate) fn is_told(&self, words: &[&str], code: i32, told: &[&str]) {
        let before = self.emulator.requests().len();
        let ran = self.login(&[words, &["--timeout", "1"]].concat());
        assert_eq!(ran.code, Some(code), "{}{}", ran.out, ran.err);
        for told in told {
            assert_eq!(ran.err.matches(told).count(), 1, "once and no more, {told}: {}", ran.err);
        }
        let asked = self.emulator.requests();
        assert!(asked.iter().skip(before).all(|request| !request.path.ends_with("/oauth2/v2.0/token")));
    }
}
