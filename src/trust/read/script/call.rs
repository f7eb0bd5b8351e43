//! Calls that create or change a credential: az, az rest, curl.

use std::{collections::BTreeMap, sync::Arc};

use super::{Owner, Traced, drafts_of_body, options::Options};
use crate::{
    text::{Place, Source, Span, Tree},
    trust::{Draft, Home, read::Reading},
};

/// A command with its words evaluated.
pub(in crate::trust::read) struct Call<'a> {
    /// The words, the first being the program.
    pub(in crate::trust::read) words: &'a [Traced],
    /// The whole command.
    pub(in crate::trust::read) place: Place,
    /// What it reads from standard input.
    pub(in crate::trust::read) stdin: Option<&'a Traced>,
    /// Files that the script wrote, by their path as shown.
    pub(in crate::trust::read) files: &'a BTreeMap<String, Traced>,
    /// Files of the repository.
    pub(in crate::trust::read) tree: &'a Tree,
    /// The script.
    pub(in crate::trust::read) script: &'a Arc<Source>,
}

/// The audience that az and Azure PowerShell put in for a managed identity where the command names none.
///
/// Source: `az identity federated-credential create --help` in Azure/azure-cli, and the first example of
/// <https://learn.microsoft.com/powershell/module/az.managedserviceidentity/new-azfederatedidentitycredential>.
pub(in crate::trust::read) const DEFAULT_AUDIENCE: &str = "api://AzureADTokenExchange";

/// What a call creates; `None` where it has nothing to do with credentials.
pub(in crate::trust::read) fn read_call(call: &Call<'_>) -> Option<Reading> {
    let (program, words) = call.words.split_first()?;
    let program = program.text()?;
    let program = program.rsplit(['/', '\\']).next().unwrap_or("").trim_end_matches(".cmd");
    let options = Options::new(words);
    let verbs: Vec<&str> = options.verbs.iter().map(String::as_str).collect();
    match (program, verbs.as_slice()) {
        ("az", ["ad", "app", "federated-credential", "create" | "update", ..]) => {
            Some(call.application(&options))
        }
        ("az", ["identity", "federated-credential", "create" | "update", ..]) => {
            Some(call.identity(&options))
        }
        ("az", ["rest", ..]) => call.request(
            options.one(&["--url", "--uri", "-u"])?,
            options.one(&["--method", "-m"]),
            options.one(&["--body", "-b"]),
        ),
        ("curl", _) => call.request(
            options.one(&["--url"]).filter(|url| url.marked().contains("://")).or_else(|| options.url())?,
            options.one(&["--request", "-X"]),
            options.one(&["--data", "-d", "--data-raw", "--data-binary", "--json"]),
        ),
        _ => None,
    }
}

impl Call<'_> {
    fn application(&self, options: &Options<'_>) -> Reading {
        let owner = Owner {
            home: Home::Application,
            parent: options.one(&["--id"]).cloned(),
            name: options.one(&["--federated-credential-id"]).cloned(),
            place: self.place.clone(),
        };
        match options.one(&["--parameters"]) {
            Some(parameters) => self.with_body(parameters, &owner),
            None => Reading::skip(self.place.clone(), "the command has no `--parameters`"),
        }
    }

    fn identity(&self, options: &Options<'_>) -> Reading {
        let value = |names: &[&str]| options.one(names).map(|value| value.located(&self.place));
        let mut draft = Draft::new(self.place.clone(), Home::ManagedIdentity);
        draft.name = value(&["--name", "-n"]);
        draft.parent = value(&["--identity-name"]);
        draft.issuer = value(&["--issuer"]);
        draft.subject = value(&["--subject"]);
        draft.expression = value(&["--cme-value"]);
        draft.expression_version = value(&["--cme-version"]);
        let audiences = options.all(&["--audiences", "--audience"]);
        draft.audiences = audiences.iter().map(|value| value.located(&self.place)).collect();
        if draft.audiences.is_empty() {
            let default = Traced::literal(DEFAULT_AUDIENCE, self.place.clone(), 0);
            draft.audiences.push(default.located(&self.place));
        }
        Reading { drafts: vec![draft], skipped: Vec::new() }
    }

    /// A request to Graph or Azure Resource Manager, if its URL is one of credentials and its method writes.
    fn request(&self, url: &Traced, method: Option<&Traced>, body: Option<&Traced>) -> Option<Reading> {
        let text = url.marked();
        let (head, tail) = split_ignoring_case(&text, "/federatedidentitycredentials")?;
        let reads = method.and_then(Traced::text).is_some_and(|method| {
            ["get", "delete", "head"].iter().any(|reading| method.eq_ignore_ascii_case(reading))
        });
        let body = body.filter(|_| !reads)?;
        let managed = head.to_ascii_lowercase().contains("/userassignedidentities/");
        let name = tail.strip_prefix('/').map(|tail| tail.split(['?', '/']).next().unwrap_or(""));
        let name_at = text.len() - tail.len() + 1;
        let parent_at = head.rfind('/').map_or(0, |at| at + 1);
        let owner = Owner {
            home: if managed { Home::ManagedIdentity } else { Home::Application },
            parent: Some(url.cut(parent_at, head.len())),
            name: name.filter(|name| !name.is_empty()).map(|name| url.cut(name_at, name_at + name.len())),
            place: self.place.clone(),
        };
        Some(self.with_body(body, &owner))
    }

    /// A body as given, in a file (`@file` or a path), or on standard input (`@-`).
    fn with_body(&self, given: &Traced, owner: &Owner) -> Reading {
        let text = given.marked();
        let trimmed = text.trim_start();
        let is_written = self.files.contains_key(&given.to_string());
        if trimmed.starts_with(['{', '[']) || (given.as_hole().is_some() && !is_written) {
            return drafts_of_body(given, owner);
        }
        let path = given.cut(usize::from(text.starts_with('@')), text.len());
        let shown = path.to_string();
        let on_stdin = ["-", "/dev/stdin"].contains(&shown.as_str());
        let found = if on_stdin { self.stdin.cloned() } else { self.file(&path, &shown) };
        match found {
            Some(body) => drafts_of_body(&body, owner),
            None => Reading::skip(
                self.place.clone(),
                format!("the credential is in `{shown}`, which is not there"),
            ),
        }
    }

    fn file(&self, path: &Traced, shown: &str) -> Option<Traced> {
        let bare = shown.trim_start_matches("./");
        let written = self.files.get(shown).or_else(|| self.files.get(bare));
        written.cloned().or_else(|| Some(content(file_beside(self.tree, self.script, path)?)))
    }
}

/// The file of the repository that a path in `script` means. A script is started beside its files or at the repository's root;
/// `$PWD/x` and the like keep their last part.
pub(in crate::trust::read) fn file_beside<'t>(
    tree: &'t Tree,
    script: &Source,
    path: &Traced,
) -> Option<&'t Arc<Source>> {
    let name = path.text().unwrap_or_else(|| after_holes(&path.to_string()).to_owned()).replace('\\', "/");
    tree.beside(script.path(), &name).or_else(|| tree.get(&name))
}

/// The text of a file.
pub(in crate::trust::read) fn content(source: &Arc<Source>) -> Traced {
    let place = Place::new(source, Span::new(0, source.text().len()));
    Traced::literal(source.text(), place, 0)
}

fn after_holes(shown: &str) -> &str {
    shown.rsplit_once('}').map_or(shown, |(_, name)| name).trim_start_matches(['/', '\\'])
}

fn split_ignoring_case<'a>(text: &'a str, wanted: &str) -> Option<(&'a str, &'a str)> {
    let at = text.to_ascii_lowercase().find(wanted)?;
    Some((text.get(..at)?, text.get(at + wanted.len()..)?))
}
