//! Marks what a text says, so that equal runs of a script can be told.

use std::hash::Hasher;

use super::{Piece, Traced};

impl Traced {
    /// Marks what it says: the texts and the names of the holes. Where they come from and how they were cut does not count.
    pub(in crate::trust::read) fn sign(&self, hasher: &mut impl Hasher) {
        for piece in self.pieces() {
            match piece {
                Piece::Text { text, .. } => hasher.write(text.as_bytes()),
                Piece::Hole { name, .. } => {
                    ["{", name, "}"].iter().for_each(|part| hasher.write(part.as_bytes()));
                }
            }
        }
        hasher.write_u8(0xff);
    }
}
