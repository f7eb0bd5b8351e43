//! Parse, run, exit code; nothing else.

use fedcred::{cli, host::Host};

fn main() -> cli::Exit {
    cli::run(std::env::args_os(), &Host::real())
}
