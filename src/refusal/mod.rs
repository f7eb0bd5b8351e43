//! What Entra says when it says no: the catalogue of AADSTS codes, one page per code, and the parser of an answer.

mod catalogue;
mod parse;

pub use catalogue::{CATALOGUE, Claim, Explanation, Retry, explain};
pub use parse::{Quoted, Refusal};
