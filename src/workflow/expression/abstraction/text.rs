//! Texts of which only some pieces are known.

use super::{Case, Piece};
use crate::workflow::expression::Value;

/// The case of a text: exact where every piece is literal; neighbouring literals become one.
pub(super) fn text_case(pieces: Vec<Piece>) -> Case {
    let mut merged: Vec<Piece> = Vec::new();
    for piece in pieces {
        match (merged.last_mut(), piece) {
            (_, Piece::Literal(text)) if text.is_empty() => {}
            (Some(Piece::Literal(before)), Piece::Literal(text)) => before.push_str(&text),
            (_, piece) => merged.push(piece),
        }
    }
    match merged.as_slice() {
        [] => Case::Exact(Value::from("")),
        [Piece::Literal(text)] => Case::Exact(Value::from(text.as_str())),
        _ => Case::Text(merged),
    }
}
