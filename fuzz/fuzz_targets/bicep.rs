//! Any Bicep file is read to its end, and every place lies inside its file.
#![no_main]

#[path = "shared/files.rs"]
mod files;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let text = format!("// federatedIdentityCredentials module \n{text}");
    files::definitions(&files::files("main.bicep", &text));
});
