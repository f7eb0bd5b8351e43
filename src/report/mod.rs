//! The one door out: diagnostics and tables as text for people, for GitHub's log and for its summary page.

pub mod github;
pub mod sarif;
pub mod summary;
pub mod terminal;

mod sides;
mod style;
mod table;

pub use style::Style;
pub use table::{Cell, Table};
