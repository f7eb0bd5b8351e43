//! Runs the published workflow documents of actions/languageservices, as far as they bear on who can ask for a token.

#[path = "conformance_workflows/compare.rs"]
mod compare;
#[path = "conformance_workflows/document.rs"]
mod document;

use std::{collections::BTreeMap, fs, path::PathBuf};

use document::Document;
use fedcred::{
    text::Source,
    workflow::Workflow,
    yaml::{self, Options},
};

fn folder() -> PathBuf {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    root.join(std::env::var("FEDCRED_VECTORS").unwrap_or_else(|_| "../shared/vectors".into()))
        .join("workflows")
}

/// Documents that are not held against us, by the beginning of their names, and why.
const OUT_OF_SCOPE: [(&str, &str); 3] = [
    ("errors-anchor-tag", "anchors are allowed since 2025"),
    ("errors-job-runs-on-group", "runners are not checked"),
    ("errors-step-uses-syntax", "references are checked when they are followed"),
];

#[test]
fn the_published_workflow_documents_agree() {
    let Ok(files) = fs::read_dir(folder()) else {
        println!("skipped: no documents in {}", folder().display());
        return;
    };
    let mut left_out: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut passed, mut failed) = (0, Vec::new());
    let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if let Some((_, why)) = OUT_OF_SCOPE.iter().find(|(start, _)| name.starts_with(start)) {
            *left_out.entry(why).or_default() += 1;
            continue;
        }
        match run(&Document::read(&name, &fs::read_to_string(&path).unwrap())) {
            Ok(()) => passed += 1,
            Err(why) => failed.push(format!("{name}: {why}")),
        }
    }
    println!("workflows: {} ran, {passed} passed", passed + failed.len());
    left_out.iter().for_each(|(why, count)| println!("out of scope, {count}: {why}"));
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

fn run(document: &Document) -> Result<(), String> {
    let source = Source::new(document.path.as_str(), document.text.as_str());
    let limits = Options {
        max_depth: document.option("max-depth").unwrap_or(50),
        max_characters: document.option("max-file-size").unwrap_or(1024 * 1024),
        ..Options::workflow()
    };
    let read = yaml::read(&source, &limits)
        .map_err(fedcred::workflow::Error::from)
        .and_then(|_| Workflow::parse(&source));
    match (read, document.errors()) {
        (Ok(workflow), None) => compare::workflow(&workflow, document),
        (Err(error), Some(errors)) => position(&error, &errors),
        (Ok(workflow), Some(errors)) => {
            match (compare::late_error(&workflow, document), compare::in_expression(&workflow)) {
                (Err(error), _) => position(&error, &errors),
                (_, Some(late)) if errors.iter().any(|error| error.contains(&late)) => Ok(()),
                (_, late) => Err(format!("{late:?}, wanted {errors:?}")),
            }
        }
        (Err(error), None) => Err(format!("{}: {error}", error.place)),
    }
}

/// The published messages name line and column, in one of two forms, or no place at all.
fn position(error: &fedcred::workflow::Error, wanted: &[String]) -> Result<(), String> {
    let at = error.place.start();
    let forms = [
        format!("(Line: {}, Col: {})", at.line, at.column),
        format!("on line {} and column {}", at.line, at.column),
    ];
    let placeless = |message: &String| !message.contains("Line:") && !message.contains("on line");
    let same =
        wanted.iter().any(|message| placeless(message) || forms.iter().any(|form| message.contains(form)));
    if same { Ok(()) } else { Err(format!("{}: {error}, wanted {wanted:?}", error.place)) }
}
