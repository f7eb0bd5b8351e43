//! The four ways to end.

use std::{
    fmt,
    process::{ExitCode, Termination},
};

/// How the program ends, whatever the output format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0: yes.
    Yes,
    /// 1: no. Findings, a refusal by the judge, drift.
    No,
    /// 2: asked wrongly. Usage, configuration, unreadable input.
    AskedWrongly,
    /// 3: the other side refused or could not be reached.
    OtherSide,
}

impl Exit {
    /// The number that the shell sees.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Yes => 0,
            Self::No => 1,
            Self::AskedWrongly => 2,
            Self::OtherSide => 3,
        }
    }
}

impl fmt::Display for Exit {
    /// The reason in words, so that an error can carry its exit code as context.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Yes => "done",
            Self::No => "the answer is no",
            Self::AskedWrongly => "asked wrongly",
            Self::OtherSide => "the other side refused or could not be reached",
        })
    }
}

impl Termination for Exit {
    fn report(self) -> ExitCode {
        ExitCode::from(self.code())
    }
}
