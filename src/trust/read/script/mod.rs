//! What shell and PowerShell scripts have in common: text that knows where it came from, JSON bodies, and calls of az and curl.

mod body;
mod call;
mod cursor;
mod effort;
pub(super) mod glob;
mod options;
mod signature;
mod traced;

pub(super) use body::{Owner, drafts_of_body};
pub(super) use call::{Call, DEFAULT_AUDIENCE, content, file_beside, read_call};
pub(super) use cursor::Cursor;
pub(super) use effort::Effort;
pub(super) use traced::{Piece, Traced};
