//! Any Terraform configuration is read to its end, and every place lies inside its file.
#![no_main]

#[path = "shared/files.rs"]
mod files;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let text = format!("# federated_identity_credential\n{text}");
    files::definitions(&files::files("main.tf", &text));
});
