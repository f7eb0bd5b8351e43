//! Any text is a tree or one error, and every span lies in the text.
#![no_main]

use fedcred::{
    text::{Place, Source},
    workflow::Workflow,
    yaml::{Node, Options, read},
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let source = Source::new("fuzz.yml", text);
    match read(&source, &Options::workflow()) {
        Ok(document) => {
            walk(&document.root);
            document.comments.iter().for_each(|comment| assert!(comment.place.text().starts_with('#')));
            let _ = Workflow::parse(&source);
        }
        Err(error) => inside(&error.place),
    }
});

fn walk(node: &Node) {
    inside(&node.place());
    inside(&node.used_at());
    node.items().iter().for_each(walk);
    node.entries().iter().for_each(|entry| {
        walk(&entry.key);
        walk(&entry.value);
    });
}

fn inside(place: &Place) {
    assert!(place.source.text().get(place.span.start..place.span.end).is_some(), "{:?}", place.span);
}
