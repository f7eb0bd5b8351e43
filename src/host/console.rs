//! Standard input, output and error.

use std::{
    io::{self, IsTerminal, Read, Write},
    sync::{Mutex, PoisonError},
};

/// Which of the two outputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Data.
    Out,
    /// Talk.
    Err,
}

/// Where people are.
#[derive(Debug)]
pub enum Console {
    /// The process's own streams.
    Real,
    /// A scripted standard input and everything that was written.
    Fake {
        /// What standard input holds.
        input: String,
        /// What was written, in order.
        written: Mutex<Vec<(Stream, String)>>,
    },
}

impl Console {
    /// A console whose standard input holds `input`.
    #[must_use]
    pub fn fake(input: &str) -> Self {
        Self::Fake { input: input.to_owned(), written: Mutex::new(Vec::new()) }
    }

    /// Writes data to standard output.
    ///
    /// # Errors
    /// When the stream is closed or full; a closed pipe is [`io::ErrorKind::BrokenPipe`].
    pub fn out(&self, text: &str) -> io::Result<()> {
        self.write(Stream::Out, text)
    }

    /// Writes talk to standard error. A failure is nobody's business.
    pub fn err(&self, text: &str) {
        let _: io::Result<()> = self.write(Stream::Err, text);
    }

    /// Reads standard input to its end, at most `limit` bytes, as text.
    ///
    /// # Errors
    /// When it cannot be read, is not UTF-8, or holds more than `limit` bytes.
    pub fn read_input(&self, limit: u64) -> io::Result<String> {
        String::from_utf8(self.read_bytes(limit)?)
            .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "standard input is not UTF-8"))
    }

    /// Reads standard input to its end, at most `limit` bytes.
    ///
    /// # Errors
    /// When it cannot be read, or holds more than `limit` bytes.
    pub fn read_bytes(&self, limit: u64) -> io::Result<Vec<u8>> {
        match self {
            Self::Real => {
                let mut bytes = Vec::new();
                let read = io::stdin().lock().take(limit + 1).read_to_end(&mut bytes)?;
                if read as u64 > limit {
                    return Err(io::Error::new(io::ErrorKind::FileTooLarge, "standard input is too long"));
                }
                Ok(bytes)
            }
            Self::Fake { input, .. } => Ok(input.clone().into_bytes()),
        }
    }

    /// True when a person watches the stream.
    #[must_use]
    pub fn is_terminal(&self, stream: Stream) -> bool {
        match (self, stream) {
            (Self::Real, Stream::Out) => io::stdout().is_terminal(),
            (Self::Real, Stream::Err) => io::stderr().is_terminal(),
            (Self::Fake { .. }, Stream::Out | Stream::Err) => false,
        }
    }

    /// Everything a fake was given for `stream`, joined; empty for the real one.
    #[must_use]
    pub fn written(&self, stream: Stream) -> String {
        match self {
            Self::Real => String::new(),
            Self::Fake { written, .. } => written
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .iter()
                .filter(|(to, _)| *to == stream)
                .map(|(_, text)| text.as_str())
                .collect(),
        }
    }

    fn write(&self, stream: Stream, text: &str) -> io::Result<()> {
        match (self, stream) {
            (Self::Real, Stream::Out) => {
                let mut out = io::stdout().lock();
                out.write_all(text.as_bytes())?;
                out.flush()
            }
            (Self::Real, Stream::Err) => io::stderr().lock().write_all(text.as_bytes()),
            (Self::Fake { written, .. }, Stream::Out | Stream::Err) => {
                written.lock().unwrap_or_else(PoisonError::into_inner).push((stream, text.to_owned()));
                Ok(())
            }
        }
    }
}
