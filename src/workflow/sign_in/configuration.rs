//! Terraform configuration that makes the tool sign in by itself: `use_oidc = true` in a provider or a backend.

use super::{
    super::model::Step,
    Candidate, TOOLS, Where,
    script::{self, Command},
    scripts,
};
use crate::{
    text::{Place, Source, Span},
    yaml::Node,
};

/// Where providers and backends are written. Only these are looked at, since a folder cannot be listed here.
///
/// Source: <https://developer.hashicorp.com/terraform/language/style#file-names>, and names that are often seen.
const NAMES: [&str; 15] = [
    "main.tf",
    "provider.tf",
    "providers.tf",
    "backend.tf",
    "terraform.tf",
    "version.tf",
    "versions.tf",
    "config.tf",
    "settings.tf",
    "azure.tf",
    "azurerm.tf",
    "setup.tf",
    "state.tf",
    "root.hcl",
    "terragrunt.hcl",
];

/// The configuration files of a step's commands, relative to the folder in which it runs; they need not exist.
#[must_use]
pub fn configuration_files(step: &Step) -> Vec<String> {
    let mut paths: Vec<String> = seen(step).iter().flat_map(|seen| seen.paths()).collect();
    paths.sort_unstable();
    paths.dedup();
    paths
}

/// The commands whose configuration, as `read` finds it, signs in.
pub fn in_configuration<'a>(step: &Step, read: impl Fn(&str) -> Option<&'a Source>) -> Vec<Candidate> {
    let signs_in =
        |seen: &Seen| seen.paths().any(|path| read(&path).is_some_and(|file| says_so(file.text())));
    seen(step).into_iter().filter(signs_in).map(|seen| seen.candidate).collect()
}

/// A command that reads configuration in a folder.
struct Seen {
    candidate: Candidate,
    folder: String,
}

impl Seen {
    fn paths(&self) -> impl Iterator<Item = String> + '_ {
        NAMES.iter().map(|name| match self.folder.as_str() {
            "" => (*name).to_owned(),
            folder => format!("{folder}/{name}"),
        })
    }
}

fn seen(step: &Step) -> Vec<Seen> {
    scripts(step).into_iter().flat_map(seen_in).collect()
}

fn seen_in(script: &Node) -> Vec<Seen> {
    let mut folder = String::new();
    let mut found = Vec::new();
    for command in script::commands(script.text().unwrap_or("")) {
        if let [first, target] = command.words.as_slice()
            && first == "cd"
        {
            folder.clone_from(target);
        }
        for tool in TOOLS {
            if let Where::Configured { word, never } = tool.found
                && command.has(word)
                && !command.only_names_things()
                && !never.iter().any(|word| command.has(word))
            {
                let end = command.start + command.words.first().map_or(1, String::len);
                let place: Place = script.place_within(Span::new(command.start, end));
                let folder = chdir(&command).unwrap_or(&folder).to_owned();
                found
                    .push(Seen { candidate: Candidate { tool, command: None, switch: None, place }, folder });
            }
        }
    }
    found
}

fn chdir(command: &Command) -> Option<&str> {
    command.flag(&["-chdir"])
}

/// Whether a line sets `use_oidc` to `true`; a comment does not.
fn says_so(text: &str) -> bool {
    text.lines().any(|line| {
        let value =
            line.trim_start().strip_prefix("use_oidc").and_then(|rest| rest.trim_start().strip_prefix('='));
        value.is_some_and(|value| value.split_whitespace().next() == Some("true"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_written_true_counts() {
        assert!(says_so("provider \"azurerm\" {\n  use_oidc = true # in CI\n}"));
        assert!(says_so("  use_oidc=true\n"));
        assert!(!says_so("# use_oidc = true\nuse_oidc = var.oidc\nuse_oidc_x = true\nuse_oidc = false"));
    }
}
