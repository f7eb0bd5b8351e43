//! The judge: would Entra accept what is presented, and if not, why.

pub mod flexible;
