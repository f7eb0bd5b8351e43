//! Texts that are put together from pieces, up to a limit.

use super::{Datum, Trouble};
use crate::trust::Value;

/// Most bytes of a text that is worked out.
const LONGEST: usize = 256 * 1024;
/// Most pieces, of which every second one may be unknown.
const MOST_PIECES: usize = 1000;

/// A text that grows.
#[derive(Debug, Default)]
pub(crate) struct LongText {
    value: Value,
    length: usize,
}

impl LongText {
    /// What is said where a text is longer than the limit.
    pub(crate) const TOO_LONG: &'static str = "the text is too long";

    /// Appends `piece`, unless the text becomes too long.
    pub(crate) fn push(&mut self, piece: Value) -> Result<(), Trouble> {
        self.length += piece.length();
        if self.length > LONGEST || self.value.parts.len() > MOST_PIECES {
            return Err(Trouble::TooLarge(Self::TOO_LONG));
        }
        self.value.append(piece);
        Ok(())
    }

    /// The whole.
    pub(crate) fn finish(self) -> Datum {
        Datum::Text(self.value)
    }

    /// Refuses what would have more bytes than the limit.
    pub(crate) const fn check(length: usize) -> Result<(), Trouble> {
        if length > LONGEST { Err(Trouble::TooLarge(Self::TOO_LONG)) } else { Ok(()) }
    }

    /// `datum`, unless it is a text over the limit.
    pub(crate) fn bounded(datum: Datum) -> Result<Datum, Trouble> {
        if let Datum::Text(value) = &datum {
            Self::check(value.length())?;
        }
        Ok(datum)
    }
}
