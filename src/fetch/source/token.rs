//! Any token: one that somebody else obtained, in a file, a variable or on standard input.

use std::{
    fmt, io,
    path::{Path, PathBuf},
};

use thiserror::Error;

use super::{Announcement, Ask, Detection};
use crate::{host::Host, issuer::TOKEN_LIMIT, secret::Assertion};

/// Where a token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenPlace {
    /// In this file.
    File(PathBuf),
    /// In this environment variable.
    Variable(String),
    /// On standard input.
    Input,
}

impl fmt::Display for TokenPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "the token file {}", path.display()),
            Self::Variable(name) => write!(f, "the variable {name}"),
            Self::Input => f.write_str("standard input"),
        }
    }
}

/// Why there is no token. No variant holds any part of it.
#[derive(Debug, Error)]
pub enum TokenError {
    /// Nobody said where it is.
    #[error("--source token needs --token-file FILE (`-` is standard input) or --token-env VARIABLE")]
    Nowhere,
    /// It cannot be read.
    #[error("cannot read {place}: {why}")]
    Unreadable {
        /// Where.
        place: TokenPlace,
        /// What the system says.
        why: io::Error,
    },
    /// The variable is unset or empty.
    #[error("the variable {0} is not set")]
    Unset(String),
    /// Bytes that are no text.
    #[error("{0} holds no text")]
    NotText(TokenPlace),
    /// The mark that editors of Windows put before a text.
    #[error("{0} begins with a byte order mark (U+FEFF); save it as UTF-8 without one")]
    Mark(TokenPlace),
    /// Nothing but blanks.
    #[error("{0} is empty")]
    Empty(TokenPlace),
}

/// It is never looked for: somebody has to point at it.
pub(super) fn detect(_: &Host) -> Detection {
    Detection::Absent("neither --token-file nor --token-env is given".to_owned())
}

/// What it says is known when it is read.
pub(super) fn announce(_: &Host, _: &Ask<'_>) -> Announcement {
    Announcement {
        issuer: "{as in the token}".to_owned(),
        subject: "{as in the token}".to_owned(),
        audience: "{as in the token}".to_owned(),
    }
}

pub(super) fn token(host: &Host, ask: &Ask<'_>) -> Result<Assertion, TokenError> {
    read(host, ask.given.token.as_ref().ok_or(TokenError::Nowhere)?)
}

/// The token at `place`, without the line end that editors and shells leave behind it.
pub(super) fn read(host: &Host, place: &TokenPlace) -> Result<Assertion, TokenError> {
    let unreadable = |why| TokenError::Unreadable { place: place.clone(), why };
    let text = match place {
        TokenPlace::File(path) => {
            let bytes = host.files.read(Path::new(path), TOKEN_LIMIT as u64).map_err(unreadable)?;
            String::from_utf8(bytes).map_err(|_| TokenError::NotText(place.clone()))?
        }
        TokenPlace::Variable(name) => host.env.var(name).ok_or_else(|| TokenError::Unset(name.clone()))?,
        TokenPlace::Input => host.console.read_input(TOKEN_LIMIT as u64).map_err(unreadable)?,
    };
    let token = text.trim();
    if token.starts_with('\u{feff}') {
        return Err(TokenError::Mark(place.clone()));
    }
    if token.is_empty() {
        Err(TokenError::Empty(place.clone()))
    } else {
        Ok(Assertion::new(token.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{Console, Env, Files};

    #[test]
    fn a_token_is_read_from_all_three_places_without_its_line_end() {
        let host = Host {
            files: Files::fake([("t", "a.b.c\n"), ("empty", "\n")]),
            env: Env::fake([("T", "a.b.c")]),
            console: Console::fake("a.b.c\r\n"),
            ..Host::fake()
        };
        let file = |name: &str| TokenPlace::File(name.into());
        for place in [file("t"), TokenPlace::Variable("T".into()), TokenPlace::Input] {
            assert_eq!(read(&host, &place).unwrap().reveal(), "a.b.c", "{place}");
        }
        let message = |place| read(&host, &place).unwrap_err().to_string();
        assert_eq!(message(file("empty")), "the token file empty is empty");
        assert!(message(file("none")).starts_with("cannot read the token file none: "));
        assert_eq!(message(TokenPlace::Variable("U".into())), "the variable U is not set");
    }
}
