//! One Terraform module: the blocks of every `.tf` file of a folder.

use std::{collections::BTreeMap, sync::Arc};

use hcl_edit::{
    Span as _,
    structure::{Attribute, Block as HclBlock, Body},
};

use super::{convert, json, overriding::overrides};
use crate::{
    text::{Located, Place, Source, Span, Tree},
    trust::read::{Skipped, formula::Written},
};

/// A folder of `.tf` files.
#[derive(Debug, Default)]
pub(super) struct Module {
    pub(super) folder: String,
    pub(super) variables: BTreeMap<String, Block>,
    pub(super) locals: BTreeMap<String, Written>,
    pub(super) outputs: BTreeMap<String, Block>,
    /// Resources and data sources, in the order of the files.
    pub(super) resources: Vec<Block>,
    pub(super) calls: Vec<Block>,
    /// Version constraints of the providers.
    pub(super) providers: BTreeMap<String, Located<Box<str>>>,
    pub(super) broken: Vec<Skipped>,
}

/// A block and its plain attributes.
#[derive(Clone, Debug)]
pub(super) struct Block {
    /// `resource`, `data`, `module`, `variable` or `output`.
    pub(super) keyword: String,
    pub(super) labels: Vec<String>,
    pub(super) place: Place,
    pub(super) attributes: BTreeMap<String, Written>,
}

impl Block {
    /// The label at `at`; empty where the block has fewer.
    pub(super) fn label(&self, at: usize) -> &str {
        self.labels.get(at).map_or("", String::as_str)
    }

    /// The attribute of the first of these names that is there.
    pub(super) fn first(&self, names: &[&str]) -> Option<&Written> {
        names.iter().find_map(|name| self.attributes.get(*name))
    }
}

impl Module {
    /// Parses the folder's files; one that does not parse is told in `broken`.
    pub(super) fn parse(tree: &Tree, folder: &str) -> Self {
        let mut module = Self { folder: folder.to_owned(), ..Self::default() };
        let files = tree.in_folder(folder).filter(|source| is_configuration(source.path()));
        let files = files.filter(|source| replacement(tree, source.path()).is_none());
        let (last, first): (Vec<_>, Vec<_>) = files.partition(|source| overrides(source.path()));
        first.into_iter().for_each(|source| module.add(source, Self::keep));
        last.into_iter().for_each(|source| module.add(source, Self::overrule));
        let lock = format!("{folder}/.terraform.lock.hcl");
        if let Some(Ok(body)) = tree.get(&lock).map(|source| parse(source).map(|body| (source, body))) {
            module.pin(body.0, &body.1);
        }
        module
    }

    /// The resource or data source of that type and name.
    pub(super) fn resource(&self, keyword: &str, kind: &str, name: &str) -> Option<&Block> {
        self.resources
            .iter()
            .find(|block| block.keyword == keyword && block.label(0) == kind && block.label(1) == name)
    }

    fn add(&mut self, source: &Arc<Source>, take: fn(&mut Self, Block)) {
        let blocks = if source.path().ends_with(".json") {
            json::blocks(source)
        } else {
            parse(source).map(|body| body.blocks().flat_map(|block| read_blocks(source, block)).collect())
        };
        match blocks {
            Ok(blocks) => blocks.into_iter().for_each(|block| take(self, block)),
            Err(broken) => self.broken.push(broken),
        }
    }

    pub(super) fn keep(&mut self, block: Block) {
        let name = block.label(0).to_owned();
        match block.keyword.as_str() {
            "variable" => drop(self.variables.insert(name, block)),
            "output" => drop(self.outputs.insert(name, block)),
            "module" => self.calls.push(block),
            "resource" | "data" => self.resources.push(block),
            "locals" => self.locals.extend(block.attributes),
            "required_providers" => self.require(&block.attributes),
            _ => {}
        }
    }

    fn require(&mut self, providers: &BTreeMap<String, Written>) {
        for (name, written) in providers {
            let version = written.formula.entry("version").unwrap_or(&written.formula);
            if let Some(text) = version.literal() {
                let place = version.inside(&written.source);
                self.providers.insert(name.clone(), Located::new(text.into(), place));
            }
        }
    }

    fn pin(&mut self, source: &Arc<Source>, body: &Body) {
        for block in body.get_blocks("provider").map(|block| read_block(source, block)) {
            let name = block.label(0).rsplit('/').next().unwrap_or("").to_owned();
            if let Some(version) = block.attributes.get("version")
                && let Some(text) = version.formula.literal()
            {
                self.providers.insert(name, Located::new(text.into(), version.formula.inside(source)));
            }
        }
    }
}

/// Whether Terraform or OpenTofu reads a file of that name; a hidden one they pass over.
pub(super) fn is_configuration(path: &str) -> bool {
    bare(path).is_some_and(|path| !path.rsplit('/').next().unwrap_or_default().starts_with('.'))
}

/// The path without the ending of a file of configuration; none of any other file.
pub(super) fn bare(path: &str) -> Option<&str> {
    let path = path.strip_suffix(".json").unwrap_or(path);
    path.strip_suffix(".tf").or_else(|| path.strip_suffix(".tofu"))
}

/// The file that OpenTofu reads in the place of this one.
///
/// Source: <https://opentofu.org/docs/language/files/>.
pub(super) fn replacement<'t>(tree: &'t Tree, path: &str) -> Option<&'t Arc<Source>> {
    let bare = path.strip_suffix(".json").unwrap_or(path);
    let json = path.get(bare.len()..).unwrap_or("");
    tree.get(&format!("{}.tofu{json}", bare.strip_suffix(".tf")?))
}

/// Parses one file of HCL.
pub(super) fn parse(source: &Arc<Source>) -> Result<Body, Skipped> {
    hcl_edit::parser::parse_body(source.text()).map_err(|error| {
        // The parser may stop within a character.
        let stopped = error.location().offset();
        let at = (0..=stopped).rev().find(|at| source.text().is_char_boundary(*at)).unwrap_or(0);
        Skipped {
            place: Place::new(source, Span::new(at, at)),
            reason: format!("not valid HCL: {}", error.message()),
            broken: true,
        }
    })
}

/// The plain attributes of a body.
pub(super) fn attributes(source: &Arc<Source>, body: &Body) -> BTreeMap<String, Written> {
    body.attributes()
        .map(|attribute| (attribute.key.value().to_string(), written(source, attribute)))
        .collect()
}

fn written(source: &Arc<Source>, attribute: &Attribute) -> Written {
    let outer = span(attribute.span());
    Written { formula: convert::formula(&attribute.value, outer), source: Arc::clone(source) }
}

/// The block; of `terraform`, those inside it.
fn read_blocks(source: &Arc<Source>, block: &HclBlock) -> Vec<Block> {
    match block.ident.value().as_str() {
        "terraform" => block.body.blocks().map(|inner| read_block(source, inner)).collect(),
        _ => vec![read_block(source, block)],
    }
}

fn read_block(source: &Arc<Source>, block: &HclBlock) -> Block {
    Block {
        keyword: block.ident.value().to_string(),
        labels: block.labels.iter().map(|label| label.as_str().to_owned()).collect(),
        place: Place::new(source, span(block.span())),
        attributes: attributes(source, &block.body),
    }
}

fn span(range: Option<std::ops::Range<usize>>) -> Span {
    range.map_or_else(Span::default, |range| Span::new(range.start, range.end))
}
