//! Several files in one text, and what must hold for whatever is read from them.

use fedcred::{
    text::{Place, Source, Tree},
    trust::read::{Reading, read_all},
};

/// A text as files: `first` is up to the first line `=== PATH`, which begins the next file.
pub fn files<'a>(first: &'a str, text: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut files = Vec::new();
    let (mut path, mut rest) = (first, text);
    while let Some((body, behind)) = rest.split_once("\n=== ") {
        files.push((path, body));
        (path, rest) = behind.split_once('\n').unwrap_or((behind, ""));
    }
    files.push((path, rest));
    files
}

/// The files as a tree.
pub fn tree(files: &[(&str, &str)]) -> Tree {
    let mut tree = Tree::default();
    files.iter().for_each(|(path, text)| tree.insert(Source::new(*path, *text)));
    tree
}

/// The place lies in its source, on the borders of characters.
pub fn inside(place: &Place) {
    assert!(place.source.text().get(place.span.start..place.span.end).is_some(), "{:?}", place.span);
}

/// Reads every file and checks what was read.
#[allow(dead_code, reason = "not every target reads definitions")]
pub fn definitions(files: &[(&str, &str)]) -> Reading {
    let reading = read_all(&tree(files));
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
        for value in texts.into_iter().flatten().chain(&draft.audiences) {
            inside(&value.place);
        }
        // Whether it is a credential or breaks limits: an answer either way, with a place.
        let (credential, violations) = fedcred::trust::Credential::examine(draft);
        assert!(credential.is_some() || !violations.is_empty(), "{draft:?} is nothing");
    }
    for skipped in &reading.skipped {
        inside(&skipped.place);
        assert!(!skipped.reason.is_empty());
    }
    reading
}
