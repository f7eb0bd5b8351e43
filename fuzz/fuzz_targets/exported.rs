//! Any exported credential is read to its end, and every place lies inside its file: what Graph, ARM, az and PowerShell print, a
//! plan or a state of Terraform, our own YAML, and programs of Pulumi.
#![no_main]

#[path = "shared/files.rs"]
mod files;

use libfuzzer_sys::fuzz_target;

// The first character chooses the format, so that one corpus serves all of them.
fuzz_target!(|text: &str| {
    let (path, text) = match text.chars().next() {
        Some('c') => ("a.yml", format!("#issuer FederatedIdentityCredential\n{text}")),
        Some('r') => ("Pulumi.yaml", format!("#FederatedIdentityCredential\n{text}")),
        Some('t') => (
            "plan.json",
            format!(
                "{{\"terraform_version\":\"1\",\"x\":\"federated_identity_credential\",{}",
                text.get(1..).unwrap_or("")
            ),
        ),
        Some('{' | '[') => ("a.json", text.to_owned()),
        _ => ("a.json", format!("{{\"issuer\":{text}")),
    };
    files::definitions(&files::files(path, &text));
});
