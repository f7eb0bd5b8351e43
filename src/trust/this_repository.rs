//! Fills in what a definition asks from outside and means itself by: the owner and the name of this repository.

use super::{Draft, TextPart, Value};
use crate::{id::RepositoryName, text::Located};

/// The draft with the owner and the repository of its subject or expression filled in, where they come from outside: an
/// argument or a parameter without a default, a prompt, `gh repo view`.
///
/// What stands behind `repo:` decides, not the name of the hole. A value that differs from copy to copy (`each.value`), or
/// that another object knows (`data.x`, `module.y`), stays a hole, and so does a hole beside another owner or repository.
pub(super) fn fill_repository(mut draft: Draft, repository: &RepositoryName) -> Draft {
    let fill = |located: Located<Value>| located.map(|value| filled(value, repository));
    draft.subject = draft.subject.map(fill);
    draft.expression = draft.expression.map(fill);
    draft
}

/// One character or one hole.
#[derive(Clone, Copy, PartialEq)]
enum Item<'a> {
    Character(char),
    Hole(&'a str),
}

fn filled(value: Value, repository: &RepositoryName) -> Value {
    let items: Vec<(usize, Item<'_>)> =
        value.parts.iter().enumerate().flat_map(|(at, part)| items(at, part)).collect();
    let Some(section) = section(&items) else { return value };
    let slash = section.iter().position(|(_, item)| *item == Item::Character('/'));
    let mut names: Vec<(usize, String)> = Vec::new();
    match slash.and_then(|at| section.split_at_checked(at)) {
        None => names.extend(outside(section).map(|at| (at, repository.to_string()))),
        Some((owner, rest)) => {
            let name = rest.get(1..).unwrap_or_default();
            let fits = |known: &[(usize, Item<'_>)], wanted: &str| {
                outside(known).is_some() || text(known).is_some_and(|text| text.eq_ignore_ascii_case(wanted))
            };
            if fits(owner, repository.owner()) && fits(name, repository.name()) {
                names.extend(outside(owner).map(|at| (at, repository.owner().to_owned())));
                names.extend(outside(name).map(|at| (at, repository.name().to_owned())));
            }
        }
    }
    drop(items);
    replaced(value, &names)
}

fn items(at: usize, part: &TextPart) -> Vec<(usize, Item<'_>)> {
    match part {
        TextPart::Text(text) => text.chars().map(|c| (at, Item::Character(c))).collect(),
        TextPart::Hole { name, .. } => vec![(at, Item::Hole(name))],
    }
}

/// What stands between `repo:` and the next colon or quote; `repo:` opens the text or a quoted comparand.
fn section<'i, 'a>(items: &'i [(usize, Item<'a>)]) -> Option<&'i [(usize, Item<'a>)]> {
    let opens = |window: &[(usize, Item<'_>)]| {
        window.iter().map(|(_, item)| *item).eq("repo:".chars().map(Item::Character))
    };
    let start = items.windows(5).position(opens)?;
    let before = start.checked_sub(1).and_then(|at| items.get(at)).map(|(_, item)| *item);
    if !matches!(before, None | Some(Item::Character('\''))) {
        return None;
    }
    let rest = items.get(start + 5..)?;
    let end =
        rest.iter().position(|(_, item)| matches!(item, Item::Character(':' | '\''))).unwrap_or(rest.len());
    rest.get(..end)
}

/// The part that is the only thing here and comes from outside.
fn outside(items: &[(usize, Item<'_>)]) -> Option<usize> {
    match items {
        [(at, Item::Hole(name))] if from_outside(name) => Some(*at),
        _ => None,
    }
}

fn text(items: &[(usize, Item<'_>)]) -> Option<String> {
    items
        .iter()
        .map(|(_, item)| match item {
            Item::Character(c) => Some(*c),
            Item::Hole(_) => None,
        })
        .collect()
}

/// Whether a hole of that name is one value given by whoever runs the definition.
fn from_outside(name: &str) -> bool {
    const INSIDE: [&str; 6] = ["each.", "count.", "data.", "module.", "github_repository.", "copyIndex"];
    const ASKS: [&str; 6] =
        ["gh repo", "gh api", "git remote", "git config", "parameters(", "readEnvironmentVariable("];
    // `$repo:ref` of PowerShell is a variable of its own, and nobody sets it.
    let plain = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    if !name.starts_with("env:") && name.contains(':') && name.chars().all(plain) {
        return false;
    }
    let called = name.contains('(') && !ASKS.iter().any(|ask| name.contains(ask));
    !called && !INSIDE.iter().any(|inside| name.starts_with(inside))
}

fn replaced(value: Value, names: &[(usize, String)]) -> Value {
    let mut whole = Value::default();
    for (at, part) in value.parts.into_iter().enumerate() {
        whole.append(match names.iter().find(|(index, _)| *index == at) {
            Some((_, name)) => Value::known(name),
            None => Value { parts: vec![part] },
        });
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Place, Source, Span};

    fn value(pieces: &[&str]) -> Value {
        let place = Place::new(&Source::new("main.tf", ""), Span::new(0, 0));
        let mut value = Value::default();
        for piece in pieces {
            value.append(match piece.strip_prefix('$') {
                Some(name) => Value::hole(name, "no default", place.clone()),
                None => Value::known(*piece),
            });
        }
        value
    }

    fn after(pieces: &[&str]) -> String {
        filled(value(pieces), &"octo/app".parse().unwrap()).to_string()
    }

    #[test]
    fn an_owner_and_a_repository_from_outside_are_this_one() {
        assert_eq!(
            after(&["repo:", "$var.org", "/", "$var.repo", ":pull_request"]),
            "repo:octo/app:pull_request"
        );
        assert_eq!(
            after(&["repo:", "$var.full", ":ref:refs/heads/main"]),
            "repo:octo/app:ref:refs/heads/main"
        );
        assert_eq!(after(&["repo:Octo/", "$repo", ":x"]), "repo:Octo/app:x");
        assert_eq!(
            after(&["claims['sub'] eq 'repo:", "$o", "/", "$r", ":*'"]),
            "claims['sub'] eq 'repo:octo/app:*'"
        );
    }

    #[test]
    fn other_holes_stay() {
        for pieces in [
            &["repo:", "$each.value", ":x"][..],
            &["repo:", "$lower(var.repo)", ":x"],
            &["repo:else/", "$var.repo", ":x"],
            &["repo:octo/app:environment:", "$var.env"],
            &["repo:", "$var.org", "@", "$var.id", "/app:x"],
            &["$var.subject"],
        ] {
            let value = value(pieces);
            assert_eq!(filled(value.clone(), &"octo/app".parse().unwrap()), value);
        }
    }
}
