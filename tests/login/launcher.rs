//! The launcher of the action: finds the program, passes the inputs on, forwards signals and the exit code.

use std::{fs, path::PathBuf, process::Command};

use fedcred::emulator::{CLIENT, Door};

use super::{emulator, job::Job};

const DIST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/dist/");

/// Where node is; nothing, and a word about it, where it is not installed.
fn node() -> Option<PathBuf> {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&folders).map(|folder| folder.join("node")).find(|path| path.is_file());
    if found.is_none() {
        eprintln!("skipped: node is not installed");
    }
    found
}

#[test]
fn the_launcher_runs_the_program_and_post_takes_the_token_file_away() {
    let Some(node) = node() else { return };
    let emulator = emulator(Door::EntraToken, None, 0);
    let job = Job::new(&emulator).with("INPUT_BINARY", env!("CARGO_BIN_EXE_fedcred"));
    let ran = job.start(Command::new(&node).arg(DIST.to_owned() + "main.js"));
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    assert_eq!(job.leaks(&ran, &emulator.request_token()), [""; 0]);
    assert!(job.file("env").contains("FEDCRED_POST<<fedcred_value\n1\n"));
    let token = fs::read_to_string(job.token_file()).unwrap();
    assert!(token.starts_with("eyJ") && token.trim() == token);
    let path = job.token_file();
    let job = job.with("STATE_token-file", path.to_str().unwrap());
    assert_eq!(job.start(Command::new(&node).arg(DIST.to_owned() + "post.js")).code, Some(0));
    assert!(!path.exists());

    emulator.change(|state| state.credentials_mut(CLIENT).unwrap().clear());
    assert_eq!(job.start(Command::new(&node).arg(DIST.to_owned() + "main.js")).code, Some(3));
    let none = job.with("INPUT_BINARY", "").start(Command::new(&node).arg(DIST.to_owned() + "main.js"));
    assert_eq!(none.code, Some(2));
    assert!(none.out.contains("::error title=fedcred::no program to run"), "{}", none.out);
}

/// A program that stands in for another one.
#[cfg(unix)]
pub(crate) fn stand_in(job: &Job, name: &str, script: &str, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    job.write(name, &format!("#!/bin/sh\n{script}\n"));
    fs::set_permissions(job.folder.path().join(name), fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(target_os = "linux")]
#[test]
fn the_launcher_passes_inputs_on_untouched_and_puts_none_of_them_on_a_command_line() {
    let Some(node) = node() else { return };
    let emulator = emulator(Door::EntraToken, None, 0);
    let value = "a b\n-c; $(touch hit) `touch hit` \"'";
    let job = Job::new(&emulator).with("INPUT_BINARY", "./a program").with("INPUT_JUST-CREATED", value);
    let workspace = job.folder.path().to_str().unwrap().to_owned();
    let job = job.with("GITHUB_WORKSPACE", &workspace);
    stand_in(&job, "a program", "echo \"$# $*\" > words; cat /proc/$$/environ > environment; exit 7", 0o755);
    let ran = job.start(Command::new(&node).arg(DIST.to_owned() + "main.js"));
    assert_eq!((ran.code, job.file("words").as_str()), (Some(7), "2 action main\n"), "{}", ran.out);
    assert!(job.file("environment").contains(&format!("INPUT_JUST-CREATED={value}\0")));
    assert!(!job.folder.path().join("hit").exists());
    let on_path = job.with("INPUT_BINARY", "a program").with("PATH", &workspace);
    let ran = on_path.start(Command::new(&node).arg(DIST.to_owned() + "main.js"));
    assert_eq!(ran.code, Some(7), "{}", ran.out);
}

#[cfg(unix)]
#[test]
fn the_launcher_forwards_a_signal_and_ends_as_the_program_does() {
    let Some(node) = node() else { return };
    let emulator = emulator(Door::EntraToken, None, 0);
    let job = Job::new(&emulator).with("INPUT_BINARY", "./slow");
    // The program tells its parent, the launcher, to end, as a cancelled job does; it ends itself only when told in turn.
    stand_in(
        &job,
        "slow",
        "trap 'echo told; exit 9' TERM\nkill -TERM $PPID\nwhile :; do sleep 0.05; done",
        0o755,
    );
    let ran = job.start(Command::new(&node).arg(DIST.to_owned() + "main.js"));
    assert_eq!((ran.code, ran.out.as_str()), (Some(9), "told\n"), "{}", ran.err);
}

#[cfg(unix)]
#[test]
fn a_program_that_cannot_be_run_is_named_with_what_helps() {
    let Some(node) = node() else { return };
    let emulator = emulator(Door::EntraToken, None, 0);
    for (binary, said) in [
        ("./locked", "EACCES; it needs chmod +x"),
        ("./missing", "the input `binary` names no file: "),
        (
            "no-such-program",
            "names no program on PATH: no-such-program; a file in the workspace is given as ./no-such-program",
        ),
    ] {
        let job = Job::new(&emulator).with("INPUT_BINARY", binary);
        stand_in(&job, "locked", "", 0o644);
        let ran = job.start(Command::new(&node).arg(DIST.to_owned() + "main.js"));
        assert_eq!(ran.code, Some(2), "{}", ran.out);
        assert!(ran.out.starts_with("::error title=fedcred::") && ran.out.contains(said), "{}", ran.out);
    }
}

#[cfg(unix)]
#[test]
fn what_is_no_program_on_the_path_is_passed_by_as_a_shell_does() {
    let Some(node) = node() else { return };
    let emulator = emulator(Door::EntraToken, None, 0);
    let job = Job::new(&emulator).with("INPUT_BINARY", "program");
    let folder = |name: &str| {
        let folder = job.folder.path().join(name);
        fs::create_dir(&folder).unwrap();
        folder
    };
    let (looping, locked, good) = (folder("looping"), folder("locked"), folder("good"));
    std::os::unix::fs::symlink("program", looping.join("program")).unwrap();
    stand_in(&job, "locked/program", "exit 8", 0o644);
    stand_in(&job, "good/program", "exit 7", 0o755);
    let path = std::env::join_paths([looping, locked, good]).unwrap();
    let job = job.with("PATH", path.to_str().unwrap());
    let ran = job.start(Command::new(&node).arg(DIST.to_owned() + "main.js"));
    assert_eq!(ran.code, Some(7), "{}", ran.out);
}
