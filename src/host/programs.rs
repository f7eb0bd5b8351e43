//! Other programs on this machine: run without a shell, bounded in time and size.

use std::{
    collections::VecDeque,
    fmt,
    process::Stdio,
    sync::{Mutex, PoisonError},
};

use thiserror::Error;
use tokio::{
    io::{AsyncRead, AsyncReadExt},
    process::Command,
};

use super::http::Limits;

/// Where other programs are.
#[derive(Debug)]
pub enum Programs {
    /// On this machine, found through `PATH`.
    Real,
    /// A script of outcomes, given one after the other, and the command lines that asked for them.
    Fake(Mutex<VecDeque<Result<Ran, ProgramError>>>, Mutex<Vec<String>>),
}

/// How a program ended and what it printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Ran {
    /// True for exit code 0.
    pub succeeded: bool,
    /// Standard output, which may hold a secret.
    pub out: Vec<u8>,
    /// Standard error.
    pub err: Vec<u8>,
}

impl fmt::Debug for Ran {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ran(succeeded: {}, out: {} bytes)", self.succeeded, self.out.len())
    }
}

/// Why a program did not come to its end.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ProgramError {
    /// There is none of that name.
    #[error("it is not installed")]
    Missing,
    /// It could not be started, or its output could not be read.
    #[error("it could not be run ({0})")]
    Broken(String),
    /// It took too long and was ended.
    #[error("it did not end in time")]
    Timeout,
    /// It printed too much and was ended.
    #[error("it printed more than {0} bytes")]
    TooLong(usize),
}

impl Programs {
    /// Exactly these outcomes, in this order; a program beyond them is missing.
    pub fn fake(outcomes: impl IntoIterator<Item = Result<Ran, ProgramError>>) -> Self {
        Self::Fake(Mutex::new(outcomes.into_iter().collect()), Mutex::default())
    }

    /// Runs `program` with `arguments` and nothing on standard input. Arguments are visible to every user of the machine:
    /// no secret may be among them.
    ///
    /// # Errors
    /// A [`ProgramError`] when it does not come to its end. A failure that it reports itself is an end.
    pub async fn run(&self, program: &str, arguments: &[&str], limits: &Limits) -> Result<Ran, ProgramError> {
        match self {
            Self::Real => {
                let work = real(program, arguments, limits.body);
                tokio::time::timeout(limits.total, work).await.unwrap_or(Err(ProgramError::Timeout))
            }
            Self::Fake(outcomes, asked) => {
                let line = [&[program], arguments].concat().join(" ");
                asked.lock().unwrap_or_else(PoisonError::into_inner).push(line);
                let mut outcomes = outcomes.lock().unwrap_or_else(PoisonError::into_inner);
                outcomes.pop_front().unwrap_or(Err(ProgramError::Missing))
            }
        }
    }

    /// Every command line given to a fake, in order; empty for the machine.
    #[must_use]
    pub fn asked(&self) -> Vec<String> {
        match self {
            Self::Real => Vec::new(),
            Self::Fake(_, asked) => asked.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        }
    }
}

async fn real(program: &str, arguments: &[&str], limit: usize) -> Result<Ran, ProgramError> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.kill_on_drop(true).spawn().map_err(|error| {
        let missing = error.kind() == std::io::ErrorKind::NotFound;
        if missing { ProgramError::Missing } else { ProgramError::Broken(error.to_string()) }
    })?;
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let (out, err) = tokio::join!(read(out, limit), read(err, limit));
    let status = child.wait().await.map_err(|error| ProgramError::Broken(error.to_string()))?;
    Ok(Ran { succeeded: status.success(), out: out?, err: err? })
}

async fn read(stream: Option<impl AsyncRead + Unpin>, limit: usize) -> Result<Vec<u8>, ProgramError> {
    let mut bytes = Vec::new();
    if let Some(stream) = stream {
        let read = stream.take(limit as u64 + 1).read_to_end(&mut bytes).await;
        read.map_err(|error| ProgramError::Broken(error.to_string()))?;
    }
    if bytes.len() > limit { Err(ProgramError::TooLong(limit)) } else { Ok(bytes) }
}

#[cfg(all(test, unix))]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::host::block_on;

    fn run(script: &str, limits: Limits) -> Result<Ran, ProgramError> {
        block_on(Programs::Real.run("sh", &["-c", script], &limits)).unwrap()
    }

    #[test]
    fn a_program_says_yes_or_no_and_what_it_printed_is_not_shown() {
        let ran = run("echo secret; echo talk >&2; exit 3", Limits::default()).unwrap();
        assert_eq!(
            (ran.succeeded, ran.out.as_slice(), ran.err.as_slice()),
            (false, &b"secret\n"[..], &b"talk\n"[..])
        );
        assert!(!format!("{ran:?}").contains("secret"));
        assert!(run("true", Limits::default()).unwrap().succeeded);
    }

    #[test]
    fn a_program_that_does_not_end_or_prints_without_end_is_ended() {
        let short = Limits { total: Duration::from_millis(100), ..Limits::default() };
        assert_eq!(run("exec sleep 30", short), Err(ProgramError::Timeout));
        let small = Limits { body: 3, ..Limits::default() };
        assert_eq!(run("echo long", small), Err(ProgramError::TooLong(3)));
        let none = block_on(Programs::Real.run("fedcred-no-such-program", &[], &small)).unwrap();
        assert_eq!(none, Err(ProgramError::Missing));
    }
}
