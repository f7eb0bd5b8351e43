//! Reads the definitions of the cases and holds them against the subjects they are known to amount to.
//!
//! The cases lie outside the package, in the folder that `FEDCRED_CASES` names; the test says when it is absent.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use fedcred::{
    text::{Source, Tree},
    trust::{fill_repository, read},
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

#[test]
fn the_definitions_of_every_case_amount_to_the_known_subjects() {
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
        if !tree.iter().any(|source| [".tf", ".bicep", ".sh"].iter().any(|end| source.path().ends_with(end)))
        {
            continue;
        }
        compared += 1;
        let repository = expected["repository"].as_str().unwrap().parse().unwrap();
        let found: BTreeSet<String> = read::read_all(&tree)
            .drafts
            .into_iter()
            .filter_map(|draft| fill_repository(draft, &repository).subject)
            .map(|subject| subject.value.to_string())
            // A placeholder that nobody has filled in trusts nothing.
            .filter(|subject| !subject.contains(":your-"))
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
