//! Any shell script is read to its end, and every place lies inside the source.
#![no_main]

use fedcred::{
    text::{Source, Tree},
    trust::read,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut tree = Tree::default();
    tree.insert(Source::new("a.sh", format!("# federated-credential\n{text}")));
    for draft in read::read_all(&tree).drafts {
        let values = [&draft.name, &draft.issuer, &draft.subject];
        for place in values.into_iter().flatten().map(|value| &value.place).chain([&draft.place]) {
            assert!(place.source.text().get(place.span.start..place.span.end).is_some(), "{place}");
        }
    }
});
