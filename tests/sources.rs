//! The program itself, from every source to an access token over real sockets; and each trap with its own explanation.
//!
//! GitHub's job and a certificate of one's own are in `tests/login.rs`.
#![cfg(feature = "emulator")]

#[path = "sources/amazon.rs"]
mod amazon;
#[path = "sources/azure.rs"]
mod azure;
#[path = "sources/choice.rs"]
mod choice;
#[path = "sources/google.rs"]
mod google;
#[path = "sources/health.rs"]
mod health;
#[path = "sources/kubernetes.rs"]
mod kubernetes;
#[path = "sources/spiffe.rs"]
mod spiffe;
#[path = "sources/stage.rs"]
mod stage;
#[path = "sources/token.rs"]
mod token;
