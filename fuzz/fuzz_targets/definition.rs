//! Any text in any format that defines credentials is read to an end, and every place lies in its file.
#![no_main]

use fedcred::{
    text::{Place, Source, Tree},
    trust::read::read_all,
};
use libfuzzer_sys::fuzz_target;

const BICEP: &str = "resource fic 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials@2023-01-31' = ";
const TERRAFORM: &str =
    "resource \"azuread_application_federated_identity_credential\" \"x\" {\n  subject = ";
const ARM: &str = "{\"$schema\":\"x/deploymentTemplate.json#\",\"resources\":[{\"name\":\"mi/x\",\"type\":\"Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials\",\"properties\":";

// The first byte chooses the format, so that one corpus serves all of them.
fuzz_target!(|input: (u8, &str)| {
    let (format, text) = input;
    let (path, text) = match format % 4 {
        0 => ("main.bicep", format!("{BICEP}{text}\n")),
        1 => ("main.tf", format!("{TERRAFORM}{text}\n}}\n")),
        2 => ("main.json", format!("{ARM}{text}}}]}}")),
        _ => ("main.bicep", format!("{text}\n// federatedIdentityCredentials")),
    };
    let mut tree = Tree::default();
    tree.insert(Source::new(path, text));
    let reading = read_all(&tree);
    for draft in &reading.drafts {
        inside(&draft.place);
        let texts = [
            &draft.parent,
            &draft.name,
            &draft.issuer,
            &draft.subject,
            &draft.expression,
            &draft.description,
        ];
        texts.into_iter().flatten().chain(&draft.audiences).for_each(|text| inside(&text.place));
    }
    reading.skipped.iter().for_each(|skipped| inside(&skipped.place));
});

fn inside(place: &Place) {
    assert!(place.source.text().get(place.span.start..place.span.end).is_some(), "{:?}", place.span);
}
