//! Any configuration file, any repository around it and any log end in an exit code and in JSON that can be read; nothing panics.
#![no_main]

#[path = "shared/files.rs"]
mod files;

use std::ffi::OsString;

use fedcred::{
    cli,
    host::{Console, Env, Files, Host, Stream},
};
use libfuzzer_sys::fuzz_target;

const WORKFLOW: &str = "on: push\npermissions: {id-token: write}\njobs: {j: {runs-on: x, environment: prod, steps: [{uses: azure/login@v2, with: {client-id: '${{ secrets.AZURE_CLIENT_ID }}'}}]}}\n";
const TRUSTED: &str = "credentials:\n  - {name: a, issuer: 'https://token.actions.githubusercontent.com', subject: 'repo:o/r:environment:prod', audiences: ['api://AzureADTokenExchange']}\n";

// The first character chooses the command.
fuzz_target!(|text: &str| {
    let mut given = files::files(".github/fedcred.yml", text.get(1..).unwrap_or(""));
    given.extend([(".github/workflows/w.yml", WORKFLOW), ("a.yml", TRUSTED)]);
    match text.as_bytes().first() {
        Some(b'l') => json(&["lint", "--offline", "--format", "json"], &given, ""),
        Some(b's') => json(&["lint", "--offline", "--format", "sarif"], &given, ""),
        Some(b'g') => drop(run(&["lint", "--offline", "--format", "github"], &given, "")),
        Some(b'h') => drop(run(&["lint", "--offline"], &given, "")),
        Some(b'p') => json(&["preview", "--format", "json", "--repository", "o/r"], &given, ""),
        Some(b'c') => json(&["credentials", "list", ".", "--format", "json"], &given, ""),
        Some(b'G') => {
            let config = [(".git/config", text.get(1..).unwrap_or(""))];
            drop(run(&["preview"], &[&config, given.as_slice()].concat(), ""));
        }
        Some(b'e') => drop(run(&["explain", "-"], &given, text.get(1..).unwrap_or(""))),
        Some(b'k') => {
            let subject = text.get(1..).unwrap_or("");
            let words = [
                "check",
                "--offline",
                "--format",
                "json",
                "--credentials",
                "a.yml",
                "--issuer",
                "https://token.actions.githubusercontent.com",
                "--audience",
                "api://AzureADTokenExchange",
            ];
            json(&[words.as_slice(), &["--subject", subject]].concat(), &[("a.yml", TRUSTED)], "");
        }
        _ => {}
    }
});

fn run(words: &[&str], files: &[(&str, &str)], input: &str) -> (bool, String) {
    let host = Host {
        files: Files::fake(files.iter().copied()),
        console: Console::fake(input),
        env: Env::fake([]),
        ..Host::fake()
    };
    let exit = cli::run(["fedcred"].iter().chain(words).map(OsString::from), &host);
    let answered = matches!(exit, cli::Exit::Yes | cli::Exit::No);
    (answered, host.console.written(Stream::Out))
}

fn json(words: &[&str], files: &[(&str, &str)], input: &str) {
    let (answered, out) = run(words, files, input);
    let read = serde_json::from_str::<serde_json::Value>(&out);
    assert!(!answered || read.is_ok(), "{read:?}: {out}");
}
