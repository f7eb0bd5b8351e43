//! Reads the definitions of the cases and holds them against the subjects they are known to amount to.
//!
//! The cases lie outside the package, in the folder that `FEDCRED_CASES` names; the test says when it is absent.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use fedcred::{
    text::{Located, Source, Tree},
    trust::{Value, read},
};

fn cases() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = std::env::var("FEDCRED_CASES").unwrap_or_else(|_| "../shared/cases".into());
    let repos = root.join(folder).join("repos");
    repos.is_dir().then_some(repos)
}

fn add(tree: &mut Tree, root: &Path, folder: &Path) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            add(tree, root, &path);
        } else if let Ok(text) = fs::read_to_string(&path) {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap();
            tree.insert(Source::new(name, text));
        }
    }
}

/// Whether the case is about a credential that breaks `rule`.
fn requires(expected: &serde_json::Value, rule: &str) -> bool {
    expected["findings_required"].as_array().unwrap().iter().any(|finding| finding["rule"] == rule)
}

#[test]
fn the_definitions_of_every_case_amount_to_the_known_subjects_under_their_issuer_and_audience() {
    let Some(repos) = cases() else {
        eprintln!("skipped: no cases here (FEDCRED_CASES)");
        return;
    };
    let mut wrong = Vec::new();
    let mut compared = 0;
    for case in fs::read_dir(repos).unwrap().map(|entry| entry.unwrap().path()) {
        let expected: serde_json::Value =
            serde_json::from_str(&fs::read_to_string(case.join("expect.json")).unwrap()).unwrap();
        let mut tree = Tree::default();
        add(&mut tree, &case.join("repo"), &case.join("repo"));
        let repository = expected["repository"].as_str().unwrap().parse().unwrap();
        let reading = read::read_all(&tree).in_repository(Some(&repository));
        if reading.drafts.is_empty() {
            continue;
        }
        compared += 1;
        let slash = if requires(&expected, "trailing-slash-issuer") { "/" } else { "" };
        let issuer = format!("https://token.actions.githubusercontent.com{slash}");
        for draft in &reading.drafts {
            let text = |value: &Option<Located<Value>>| value.as_ref().map(|it| it.value.to_string());
            let audiences: Vec<_> = draft.audiences.iter().map(|one| one.value.to_string()).collect();
            if text(&draft.issuer).as_ref() != Some(&issuer) || audiences != ["api://AzureADTokenExchange"] {
                wrong.push(format!("{}: {:?} {audiences:?}", draft.place, text(&draft.issuer)));
            }
        }
        let found: BTreeSet<String> = reading
            .drafts
            .into_iter()
            .filter_map(|draft| draft.subject)
            .map(|subject| subject.value.to_string())
            // A placeholder that nobody has filled in trusts nothing, and neither does a subject with a URL in it.
            .filter(|subject| !subject.contains(":your-") && !subject.contains("://"))
            .collect();
        let trusted: BTreeSet<String> = expected["trusted"]
            .as_array()
            .unwrap()
            .iter()
            .map(|text| text.as_str().unwrap().to_owned())
            .collect();
        if found != trusted {
            wrong.push(format!("{}: found {found:?}, known {trusted:?}", case.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared > 0);
}

const BICEP: &str = "resource fic 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials@2023-01-31' = ";
const TERRAFORM: &str =
    "resource \"azuread_application_federated_identity_credential\" \"x\" {\n  subject = ";
const ARM: &str = "{\"$schema\":\"x/deploymentTemplate.json#\",\"resources\":[{\"name\":\"mi/x\",\"type\":\"Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials\",\"properties\":";

/// Pieces that the languages are made of, so that random texts get deep into the parsers.
const PIECES: [&str; 44] = [
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "'",
    "\"",
    "${",
    "%{",
    "'''",
    "for x in ",
    "for (x, i) in ",
    ": ",
    " = ",
    " ? ",
    "if ",
    "...",
    "=>",
    "?? ",
    ".",
    ".?",
    "[*]",
    "\n",
    ",",
    "\\",
    "é",
    "1",
    "-",
    "!",
    "&&",
    "==",
    "name",
    "properties",
    "subject",
    "concat(",
    "format('{0}', ",
    "parameters('a')",
    "local.a",
    "each.value",
    "resource a 'b' = ",
    "@batchSize(1)\n",
    "<<EOT\n",
    "\nEOT\n",
];

fn inside(place: &fedcred::text::Place) -> bool {
    place.source.text().get(place.span.start..place.span.end).is_some()
}

proptest::proptest! {
    #[test]
    fn any_text_in_any_format_is_read_and_every_place_lies_in_its_file(
        format in 0..5_u8,
        pieces in proptest::collection::vec(proptest::sample::select(&PIECES[..]), 0..30),
    ) {
        let text = pieces.concat();
        let (path, text) = match format {
            0 => ("main.bicep", format!("{BICEP}{text}\n")),
            1 => ("main.tf", format!("{TERRAFORM}{text}\n}}\n")),
            3 => (
                "main.tf.json",
                serde_json::json!({"resource": {"azuread_application_federated_identity_credential": {"x": {"subject": text}}}})
                    .to_string(),
            ),
            2 => ("main.json", format!("{ARM}{}}}]}}", serde_json::Value::from(format!("[{text}]")))),
            _ => ("main.bicep", format!("{text}\n// federatedIdentityCredentials")),
        };
        let mut tree = Tree::default();
        tree.insert(Source::new(path, text));
        let reading = read::read_all(&tree);
        for draft in &reading.drafts {
            proptest::prop_assert!(inside(&draft.place));
            let texts = [&draft.parent, &draft.name, &draft.issuer, &draft.subject, &draft.expression];
            for text in texts.into_iter().flatten().chain(&draft.audiences) {
                proptest::prop_assert!(inside(&text.place), "{:?}", text.place);
            }
        }
        proptest::prop_assert!(reading.skipped.iter().all(|skipped| inside(&skipped.place)));
    }
}
