//! Which room may use which: the table in docs/ARCHITECTURE.md against every `crate::` path.

use std::collections::{BTreeMap, BTreeSet};

use syn::{
    UseTree,
    visit::{self, Visit},
};

use super::tree;

/// Rooms that are no rooms: the doors of the house.
const DOORS: [&str; 2] = ["main", "lib"];

/// Every use of a room that the table does not grant. Tests may use what they like.
pub(crate) fn upward_uses() -> Vec<String> {
    let table = table();
    let mut complaints = Vec::new();
    for path in tree::files("src", "rs") {
        let room = tree::room(&path);
        let Some(granted) = table.get(&room) else { continue };
        let parsed = syn::parse_file(&tree::text(&path)).expect("a source file that parses");
        let mut uses = Uses::default();
        uses.visit_file(&parsed);
        for (used, line) in uses.found {
            let known = table.contains_key(&used);
            if known && used != room && !granted.contains(&used) && !granted.contains("everything") {
                complaints.push(format!("{}:{line}: {room} uses {used}", tree::shown(&path)));
            }
        }
    }
    complaints
}

/// Rooms without a row in the table.
pub(crate) fn without_a_row() -> Vec<String> {
    let table = table();
    let rooms: BTreeSet<String> = tree::files("src", "rs").iter().map(|path| tree::room(path)).collect();
    rooms.into_iter().filter(|room| !DOORS.contains(&room.as_str()) && !table.contains_key(room)).collect()
}

fn table() -> BTreeMap<String, BTreeSet<String>> {
    let page = tree::text(&tree::root().join("docs/ARCHITECTURE.md"));
    let rows = page.lines().skip_while(|line| !line.starts_with("| room |")).skip(2);
    let mut table = BTreeMap::new();
    for row in rows.take_while(|line| line.starts_with('|')) {
        let cells: Vec<_> = row.trim_matches('|').split('|').map(str::trim).collect();
        let names = |cell: &str| cell.split(", ").map(str::to_owned).collect::<BTreeSet<_>>();
        for room in names(cells[0]) {
            table.insert(room, names(cells[1]));
        }
    }
    assert!(table.len() > 3, "docs/ARCHITECTURE.md has no table of rooms");
    table
}

/// Collects the first name behind `crate::` in every path outside tests.
#[derive(Default)]
struct Uses {
    found: Vec<(String, usize)>,
}

impl Uses {
    fn tree(&mut self, tree: &UseTree) {
        match tree {
            UseTree::Path(path) => self.add(&path.ident),
            UseTree::Name(name) => self.add(&name.ident),
            UseTree::Rename(rename) => self.add(&rename.ident),
            UseTree::Group(group) => group.items.iter().for_each(|item| self.tree(item)),
            UseTree::Glob(_) => {}
        }
    }

    fn add(&mut self, name: &syn::Ident) {
        self.found.push((name.to_string(), name.span().start().line));
    }
}

impl<'ast> Visit<'ast> for Uses {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if !super::shape::only_in_tests(&module.attrs) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        if let UseTree::Path(path) = &item.tree
            && path.ident == "crate"
            && !super::shape::only_in_tests(&item.attrs)
        {
            self.tree(&path.tree);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let mut names = path.segments.iter().map(|segment| &segment.ident);
        if let (Some(first), Some(second)) = (names.next(), names.next())
            && first == "crate"
        {
            self.add(second);
        }
        visit::visit_path(self, path);
    }
}
