//! The functions of Terraform that look at files: `file`, `fileexists`, `fileset`.

use std::{collections::BTreeSet, sync::Arc};

use regex::Regex;

use super::instance::Instance;
use crate::{
    text::Source,
    trust::read::formula::{Arguments, Datum, Environment, Trouble},
};

/// How many files are looked at for one unit of fuel.
const FILES_AT_ONCE: usize = 16;

/// The file that a path means: from the folder that Terraform runs in, or with `path.module` or `path.root` in front.
pub(super) fn file<'i>(
    instance: &'i Instance<'_>,
    arguments: &Arguments,
) -> Result<&'i Arc<Source>, Trouble> {
    let path = arguments.text(0)?;
    places(instance, &path)
        .iter()
        .find_map(|place| instance.workspace.tree.get(place))
        .ok_or_else(|| Trouble::AtRun(format!("{path} is not among the files that are text")))
}

/// What a path may mean among the files, the likeliest first.
fn places(instance: &Instance<'_>, path: &str) -> Vec<String> {
    let (whole, beside) = (plain(path), plain(&format!("{}/{path}", instance.root)));
    let mut folders = [&instance.root, &instance.module.folder].into_iter();
    let complete = folders.any(|folder| !folder.is_empty() && path.starts_with(folder.as_str()));
    if complete { vec![whole, beside] } else { vec![beside, whole] }
}

/// A file that is not among those that were loaded may still be there.
pub(super) fn file_exists(instance: &Instance<'_>, arguments: &Arguments) -> Result<Datum, Trouble> {
    let path = arguments.text(0)?;
    match file(instance, arguments) {
        Ok(_) => Ok(Datum::Bool(true)),
        Err(_) => Err(Trouble::AtRun(format!("whether {path} is there is not known"))),
    }
}

/// `fileset(folder, pattern)`: the files below the folder, by their paths in it. None among those that were loaded may still be some.
///
/// Source: <https://developer.hashicorp.com/terraform/language/functions/fileset>.
pub(super) fn file_set(
    instance: &Instance<'_>,
    env: &Environment<'_>,
    arguments: &Arguments,
) -> Result<Datum, Trouble> {
    let (folder, pattern) = (arguments.text(0)?, arguments.text(1)?);
    let regex = Regex::new(&translated(&pattern)).map_err(|_| Trouble::Unsupported)?;
    let tree = instance.workspace.tree;
    if !env.fuel.burn(tree.iter().count() / FILES_AT_ONCE) {
        return Err(Trouble::TooLarge("working it out takes too long"));
    }
    for base in places(instance, &folder) {
        let inside = tree.iter().filter_map(|source| match base.as_str() {
            "" => Some(source.path()),
            base => source.path().strip_prefix(base)?.strip_prefix('/'),
        });
        let found: BTreeSet<&str> = inside.filter(|path| regex.is_match(path)).collect();
        if !found.is_empty() {
            return Ok(Datum::List(found.into_iter().map(Datum::text).collect()));
        }
    }
    Err(Trouble::AtRun(format!("no file that fits {pattern} is among the files")))
}

/// A path without `.` and what `..` takes back.
fn plain(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

/// A pattern of file names as a regular expression: `*` and `?` stay in one folder, `**` does not, `{a,b}` is either.
fn translated(pattern: &str) -> String {
    let mut out = String::from("^");
    let mut rest = pattern;
    let mut open = 0_usize;
    while let Some(c) = rest.chars().next() {
        let sign = ["**/", "**", "*", "?", "{", "}", ","].into_iter().find(|sign| rest.starts_with(sign));
        let length = sign.map_or(c.len_utf8(), str::len);
        match sign {
            Some("**/") => out.push_str("(?:.*/)?"),
            Some("**") => out.push_str(".*"),
            Some("*") => out.push_str("[^/]*"),
            Some("?") => out.push_str("[^/]"),
            Some("{") => {
                open += 1;
                out.push_str("(?:");
            }
            Some("}") if open > 0 => {
                open -= 1;
                out.push(')');
            }
            Some(",") if open > 0 => out.push('|'),
            _ => out.push_str(&regex::escape(rest.get(..length).unwrap_or_default())),
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    out.push('$');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_of_file_names_stay_in_their_folder() {
        for (pattern, path, fits) in [
            ("*.yaml", "a.yaml", true),
            ("*.yaml", "b/a.yaml", false),
            ("**/*.yaml", "b/c/a.yaml", true),
            ("**/*.yaml", "a.yaml", true),
            ("a?.{yml,yaml}", "ab.yml", true),
            ("a?.{yml,yaml}", "a/.yml", false),
            ("a+b,.yaml", "a+b,.yaml", true),
            ("a.yaml", "abyaml", false),
        ] {
            assert_eq!(Regex::new(&translated(pattern)).unwrap().is_match(path), fits, "{pattern} {path}");
        }
        assert_eq!(plain("infra/./../data//x"), "data/x");
    }
}
