//! fedcred signs a workload in to Microsoft Entra without a stored secret, and says why when Entra refuses.
//!
//! Values walk one way: *context -> subject -> verdict -> diagnostic -> report*. What will be presented and what is trusted
//! come in by two doors, meet in one room, and leave by one door. The table of rooms is in `docs/ARCHITECTURE.md`.

#![cfg_attr(
    not(test),
    deny(
        clippy::disallowed_methods,
        clippy::exit,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::print_stderr,
        clippy::print_stdout,
        clippy::string_slice,
        clippy::todo,
        clippy::unimplemented,
        clippy::unreachable,
        clippy::unwrap_used
    )
)]

pub mod cli;
pub mod diagnostic;
#[cfg(feature = "emulator")]
pub mod emulator;
pub mod entra;
pub mod fetch;
pub mod host;
pub mod id;
pub mod issuer;
pub mod lint;
pub mod refusal;
pub mod report;
pub mod secret;
pub mod text;
pub mod trust;
pub mod verdict;
pub mod workflow;
pub mod yaml;
