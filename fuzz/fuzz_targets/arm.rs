//! Any ARM template is read to its end, and every place lies inside its file: whole templates, and single expressions.
#![no_main]

#[path = "shared/files.rs"]
mod files;

use libfuzzer_sys::fuzz_target;

const HEAD: &str =
    "{\"$schema\":\"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#\",";
const IDENTITY: &str = "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials";

fuzz_target!(|text: &str| {
    let text = match text.strip_prefix('[') {
        // Inside of a JSON text an expression needs no escapes.
        Some(_) => format!(
            "{HEAD}\"parameters\":{{\"p\":{{\"defaultValue\":\"a\"}}}},\"variables\":{{\"v\":[\"a\",\"b\"],\"w\":\"[variables('v')[0]]\"}},\"resources\":[{{\"name\":\"mi/x\",\"type\":\"{IDENTITY}\",\"copy\":{{\"name\":\"c\",\"count\":2}},\"properties\":{{\"subject\":{}}}}}]}}",
            serde_json::Value::from(text)
        ),
        None => format!("{HEAD}\"x\":\"{IDENTITY}\",{text}"),
    };
    files::definitions(&files::files("main.json", &text));
});
