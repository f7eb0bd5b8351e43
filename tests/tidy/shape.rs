//! Sizes, headers and names of files and functions.

use syn::visit::{self, Visit};

use super::tree;

const FILE_WALL: usize = 300;
const FUNCTION_WALL: usize = 50;
const VAGUE: [&str; 7] = ["util", "utils", "helper", "helpers", "common", "misc", "manager"];

/// True for `#[cfg(test)]`.
pub(crate) fn only_in_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.meta.require_list().is_ok_and(|list| list.tokens.to_string() == "test")
    })
}

pub(crate) fn long_files() -> Vec<String> {
    let mut complaints = Vec::new();
    for path in sources() {
        let lines = tree::before_tests(&tree::text(&path)).lines().count();
        if lines > FILE_WALL {
            complaints.push(format!("{}: {lines} lines", tree::shown(&path)));
        }
    }
    complaints
}

pub(crate) fn long_functions() -> Vec<String> {
    let mut complaints = Vec::new();
    for path in sources() {
        let parsed = syn::parse_file(&tree::text(&path)).expect("a source file that parses");
        let mut functions = Functions::default();
        functions.visit_file(&parsed);
        for (name, lines) in functions.found {
            if lines > FUNCTION_WALL {
                complaints.push(format!("{}: {name} has {lines} lines", tree::shown(&path)));
            }
        }
    }
    complaints
}

pub(crate) fn headless_files() -> Vec<String> {
    sources()
        .iter()
        .filter(|path| !tree::text(path).starts_with("//! "))
        .map(|path| tree::shown(path))
        .collect()
}

pub(crate) fn vague_names() -> Vec<String> {
    let files = tree::files("src", "rs").into_iter().chain(tree::files("tests", "rs"));
    let names = files.map(|path| tree::shown(&path));
    names.filter(|path| path.split(['/', '.', '_']).any(|part| VAGUE.contains(&part))).collect()
}

pub(crate) fn leftovers() -> Vec<String> {
    // Written in two parts so that this file does not find itself.
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("#[ig", "nore"), concat!("#[al", "low(")];
    let mut complaints = Vec::new();
    for path in sources() {
        for (at, line) in tree::text(&path).lines().enumerate() {
            if let Some(mark) = marks.iter().find(|mark| line.contains(**mark)) {
                complaints.push(format!("{}:{}: {mark}", tree::shown(&path), at + 1));
            }
        }
    }
    complaints
}

pub(crate) fn unsourced() -> Vec<String> {
    let mut complaints = Vec::new();
    for path in tree::files("src", "rs") {
        let text = tree::text(&path);
        let lines: Vec<_> = text.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            if line.trim_start().starts_with("//") && line.contains("Source: ") {
                // A source may go on in the comment lines below.
                let comment: String = lines[at..]
                    .iter()
                    .take_while(|line| line.trim_start().starts_with("//"))
                    .copied()
                    .collect();
                if !(comment.contains("://")
                    || comment.contains('/') && comment.contains(char::is_alphabetic))
                {
                    complaints.push(format!("{}:{}", tree::shown(&path), at + 1));
                }
            }
        }
    }
    complaints
}

fn sources() -> Vec<std::path::PathBuf> {
    let mut files = tree::files("src", "rs");
    files.extend(tree::files("tests", "rs"));
    files.extend(tree::files("benches", "rs"));
    files
}

/// Collects every function outside tests with its length in lines.
#[derive(Default)]
struct Functions {
    found: Vec<(String, usize)>,
}

impl Functions {
    fn add(&mut self, signature: &syn::Signature, body: &syn::Block) {
        let lines = body.brace_token.span.close().end().line + 1 - signature.fn_token.span.start().line;
        self.found.push((signature.ident.to_string(), lines));
    }
}

impl<'ast> Visit<'ast> for Functions {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if !only_in_tests(&module.attrs) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.add(&function.sig, &function.block);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.add(&function.sig, &function.block);
        visit::visit_impl_item_fn(self, function);
    }
}
