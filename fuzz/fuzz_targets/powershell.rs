//! Any PowerShell script is read to its end, and every place lies inside its file.
#![no_main]

#[path = "shared/files.rs"]
mod files;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let text = format!("# federated-credential\n{text}");
    files::definitions(&files::files("a.ps1", &text));
});
