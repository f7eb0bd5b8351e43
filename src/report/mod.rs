//! The one door out: diagnostics and tables as text for people, for GitHub's log and for its summary page.

pub mod github;
pub mod sarif;
pub mod summary;
pub mod terminal;

mod page;
mod sides;
mod style;
mod table;

pub use page::{page, wrapped};
pub use style::Style;
pub use table::{Cell, Table};
