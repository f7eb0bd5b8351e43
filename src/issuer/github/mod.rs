//! What GitHub puts into the subject of a job's token, computed from the facts of the job alone.
//!
//! [`render`] writes one subject from pieces that may be partly known; [`predict`] answers for a whole job, with every
//! doubt that GitHub leaves open spelled out.

mod claims;
mod context;
mod doubt;
mod escape;
mod event;
mod instance;
mod prediction;
mod prefix;
mod render;
mod template;

pub use claims::Claims;
pub use context::Context;
pub use doubt::{Assumption, Doubt};
pub use escape::{Escape, is_settled};
pub use event::{ContextRule, EVENTS, Event, Evidence, RefRule};
pub use instance::Instance;
pub use prediction::{Job, Kind, Prediction, predict};
pub use prefix::{Prefix, PrefixError};
pub use render::{Rendered, render};
pub use template::{Customization, Template, TemplateError};
