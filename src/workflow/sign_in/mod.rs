//! Which steps exchange the job's token with Entra, and which client, tenant, audience and cloud they name.

mod configuration;
mod script;
mod table;
mod tool;

pub use configuration::{configuration_files, in_configuration};
pub use table::TOOLS;
pub use tool::{Ask, Tool, When, Where};

use super::model::{Action, Step, Variables};
use crate::{
    text::{Located, Place, Source, Span},
    yaml::Node,
};
use script::Command;

/// The variable that has Terraform and its like sign in by themselves.
pub const SWITCH: &str = "ARM_USE_OIDC";

/// A step in which a tool was seen. Whether it asks for a token depends on [`Tool::when`], which needs values.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The row of the table.
    pub tool: &'static Tool,
    /// The command with its flags, where the tool is a command.
    command: Option<Command>,
    /// What the script itself gives to `ARM_USE_OIDC`; it may hold expressions.
    pub switch: Option<String>,
    /// Where the tool was seen.
    pub place: Place,
}

/// Where a value was written, still unevaluated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin<'a> {
    /// Nowhere.
    Nothing,
    /// In this input of the action.
    Input(&'a str),
    /// In a variable of the step.
    Variable(&'a str),
    /// In the text of a command; it may hold expressions.
    Text(&'a str),
}

impl Candidate {
    /// Whether nothing is known but that the step is told to sign in.
    #[must_use]
    pub const fn is_guess(&self) -> bool {
        matches!(self.tool.found, Where::Given { .. })
    }

    /// Where the value that a row asks for was written.
    #[must_use]
    pub fn origin(&self, ask: &Ask) -> Origin<'_> {
        match *ask {
            Ask::Nothing => Origin::Nothing,
            Ask::Input(name) => Origin::Input(name),
            Ask::Variable(name) => Origin::Variable(name),
            Ask::Flag(names, variable) => {
                match self.command.as_ref().and_then(|command| command.flag(names)) {
                    Some(word) => script::variable(word).map_or(Origin::Text(word), Origin::Variable),
                    None if variable.is_empty() => Origin::Nothing,
                    None => Origin::Variable(variable),
                }
            }
        }
    }
}

/// Inputs of actions that hold a script, in small letters.
///
/// Source: azure/cli, azure/powershell and nick-fields/retry `action.yml`; devcontainers/ci, addnab/docker-run-action.
const SCRIPTS: &[&str] = &["inlinescript", "script", "run", "runcmd", "command", "cmd"];

/// The scripts that a step holds.
fn texts(step: &Step) -> Vec<&Node> {
    match &step.action {
        Action::Run { script, .. } => vec![script],
        Action::Uses { with, .. } => SCRIPTS.iter().filter_map(|name| with.get(name)).collect(),
    }
}

/// The scripts among them that a shell runs.
///
/// Source: actions/github-script `action.yml`: its `script` is JavaScript.
fn scripts(step: &Step) -> Vec<&Node> {
    match &step.action {
        Action::Uses { uses, .. } if action_name(&uses.value) == "actions/github-script" => Vec::new(),
        Action::Uses { .. } | Action::Run { .. } => texts(step),
    }
}

/// The tools seen in a step.
#[must_use]
pub fn in_step(step: &Step) -> Vec<Candidate> {
    let mut found = match &step.action {
        Action::Uses { uses, with } => in_action(step, uses, with),
        Action::Run { script, .. } if step.env.get(SWITCH).is_some() => in_unknown(script),
        Action::Run { .. } => Vec::new(),
    };
    let has_commands = !scripts(step).is_empty();
    for script in texts(step) {
        let place = |start, length| script.place_within(Span::new(start, start + length));
        let seen = in_text(script.text().unwrap_or(""), place).into_iter();
        found.extend(seen.filter(|seen| has_commands || seen.command.is_none()));
    }
    found
}

/// What a script runs that is told to sign in, unless it is a known tool that is looked at by itself.
fn in_unknown(script: &Node) -> Vec<Candidate> {
    let commands = script::commands(script.text().unwrap_or(""));
    let mut words = TOOLS.iter().filter_map(|tool| match tool.found {
        Where::Command { words, .. } => words.first(),
        Where::Action(_)
        | Where::Given { .. }
        | Where::ActionScript { .. }
        | Where::Runner { .. }
        | Where::Configured { .. }
        | Where::Script { .. } => None,
    });
    let known = |word: &str| commands.iter().any(|command| command.has(word));
    let guesses = TOOLS.iter().filter(|tool| matches!(tool.found, Where::Given { .. }));
    let seen = |tool| Candidate { tool, command: None, switch: None, place: script.place() };
    if words.any(|word| known(word)) { Vec::new() } else { guesses.map(seen).collect() }
}

/// `Owner/name@v1` as `owner/name`.
fn action_name(uses: &str) -> String {
    uses.split('@').next().unwrap_or("").to_lowercase()
}

fn in_action(step: &Step, uses: &Located<String>, with: &Variables) -> Vec<Candidate> {
    let name = action_name(&uses.value);
    let script = with.get("script").and_then(Node::text).unwrap_or("");
    // What a local action does is read in its file.
    let known = name.starts_with(['.', '$']) || TOOLS.iter().any(|tool| tool.is_action(&name));
    let used = TOOLS.iter().filter(|tool| match tool.found {
        Where::Action(_) => tool.is_action(&name),
        Where::Given { variable, words, never } => {
            let own = name.split_once('/').map_or("", |(_, own)| own);
            let any = |words: &[&str]| words.iter().any(|word| own.contains(word));
            !known && (step.env.get(variable).is_some() || (any(words) && !any(never)))
        }
        Where::ActionScript { action, words } => {
            name == action && words.iter().all(|word| script.contains(word))
        }
        Where::Command { .. } | Where::Runner { .. } | Where::Script { .. } | Where::Configured { .. } => {
            false
        }
    });
    used.map(|tool| Candidate { tool, command: None, switch: None, place: uses.place.clone() }).collect()
}

/// The tools seen in a script file.
#[must_use]
pub fn in_file(source: &std::sync::Arc<Source>) -> Vec<Candidate> {
    in_text(source.text(), |start, length| Place::new(source, Span::new(start, start + length)))
}

/// What the scripts of a step give to `ARM_USE_OIDC`; it may hold expressions.
#[must_use]
pub fn switched(step: &Step) -> Option<String> {
    given(step, SWITCH)
}

/// What the scripts of a step give to the variable `name` for the steps behind it.
///
/// Source: <https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#setting-an-environment-variable>.
#[must_use]
pub fn exported(step: &Step, name: &str) -> Option<String> {
    let exports = |script: &Node| script.text().is_some_and(|text| text.contains("GITHUB_ENV"));
    scripts(step).into_iter().any(exports).then(|| given(step, name)).flatten()
}

/// Whether a step may give the variable `name` to the steps behind it, in whatever language it says so.
///
/// Source: the page above, and actions/toolkit `packages/core/src/core.ts`, `exportVariable`.
#[must_use]
pub fn overwrites(step: &Step, name: &str) -> bool {
    let mut texts = texts(step).into_iter().filter_map(Node::text);
    texts.any(|text| {
        (text.contains("GITHUB_ENV") && script::writes(text, name))
            || ['\'', '"'].iter().any(|quote| text.contains(&format!("exportVariable({quote}{name}{quote}")))
    })
}

fn given(step: &Step, name: &str) -> Option<String> {
    let texts = scripts(step).into_iter().filter_map(Node::text);
    let mut texts = texts.filter(|text| text.contains(name));
    texts.find_map(|text| script::assigned(&script::commands(text), name).map(str::to_owned))
}

/// The script files that a step runs, seen from the folder in which it runs or from the root of the repository.
#[must_use]
pub fn script_files(step: &Step) -> Vec<String> {
    let texts = texts(step).into_iter().filter_map(Node::text);
    texts.flat_map(|text| script::files(text, here(step))).collect()
}

/// A folder that a step names, seen from the root of the repository.
#[must_use]
pub fn located(folder: &str, step: &Step) -> String {
    script::located(folder, here(step))
}

/// The folder of the file in which a step stands.
fn here(step: &Step) -> &str {
    step.place.source.path().rsplit_once('/').map_or("", |(folder, _)| folder)
}

impl Tool {
    fn is_action(&self, name: &str) -> bool {
        matches!(self.found, Where::Action(names) if names.iter().any(|pattern| is_named(name, pattern)))
    }
}

fn is_named(name: &str, pattern: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(end), _) => name.ends_with(end),
        (None, Some(start)) => name.starts_with(start),
        (None, None) => name == pattern,
    }
}

fn in_text(text: &str, place: impl Fn(usize, usize) -> Place) -> Vec<Candidate> {
    let mut found = Vec::new();
    let commands = script::commands(text);
    let switch = script::assigned(&commands, SWITCH).map(str::to_owned);
    let hit = |tool, command: &Command| Candidate {
        tool,
        place: place(command.start, command.words.first().map_or(1, String::len)),
        command: Some(command.clone()),
        switch: switch.clone(),
    };
    let any = |command: &Command, words: &[&str]| words.iter().any(|word| command.has(word));
    for tool in TOOLS {
        match tool.found {
            Where::Command { words, never } => {
                let all = |command: &&Command| {
                    words.iter().all(|word| command.has(word)) && !command.only_names_things()
                };
                let hits = commands.iter().filter(all).filter(|command| !any(command, never));
                found.extend(hits.map(|command| hit(tool, command)));
            }
            Where::Runner { commands: names, targets, never } => {
                let has = |command: &Command, parts: &[&str]| {
                    parts.iter().any(|part| command.words.iter().any(|word| word.contains(part)))
                };
                let hits = commands.iter().filter(|command| names.contains(&command.name()));
                let hits = hits.filter(|command| has(command, targets) && !has(command, never));
                found.extend(hits.map(|command| hit(tool, command)));
            }
            Where::Script { words } if words.iter().all(|word| text.contains(word)) => {
                let at = words.first().and_then(|word| text.find(word)).unwrap_or(0);
                found.push(Candidate { tool, command: None, switch: None, place: place(at, 1) });
            }
            Where::Script { .. }
            | Where::Action(_)
            | Where::Given { .. }
            | Where::ActionScript { .. }
            | Where::Configured { .. } => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(script: &str) -> Vec<&'static str> {
        in_file(&Source::new("run.sh", script)).iter().map(|found| found.tool.via).collect()
    }

    #[test]
    fn commands_that_only_look_like_a_sign_in_are_left_alone() {
        assert_eq!(seen("terraform -chdir=x plan -out=p"), ["terraform"]);
        assert!(seen("terraform fmt -check\nterraform init -backend=false\necho terraform_plan").is_empty());
        assert!(seen("az login --identity\naz account show").is_empty());
        assert_eq!(seen("azd auth login --client-id a --federated-credential-provider github"), ["azd"]);
        assert_eq!(
            seen("Connect-AzAccount -ServicePrincipal -FederatedToken $t `\n  -ApplicationId $env:C"),
            ["Connect-AzAccount"]
        );
    }

    #[test]
    fn an_action_that_a_step_gives_the_variable_to_signs_in() {
        let vias = |uses: &str, env: &str| {
            let text = format!(
                "on: push\njobs: {{a: {{runs-on: x, steps: [{{uses: {uses}, env: {{{env}: true}}}}]}}}}"
            );
            let workflow = crate::workflow::Workflow::parse(&Source::new("w.yml", text)).unwrap();
            let crate::workflow::model::Work::Steps(steps) = &workflow.jobs[0].work else { panic!() };
            in_step(&steps[0]).iter().map(|found| found.tool.via).collect::<Vec<_>>()
        };
        assert_eq!(vias("o/azure-login@v1", "ARM_USE_OIDC"), ["ARM_USE_OIDC"]);
        assert_eq!(vias("pulumi/actions@v6", "ARM_USE_OIDC"), ["pulumi"]);
        assert!(vias("./azure-login", "ARM_USE_OIDC").is_empty());
        assert!(vias("o/azure-login@v1", "ARM_CLIENT_ID").is_empty());
        assert_eq!(vias("infinite-automations/terraform-all-in-one@v1", "A"), ["ARM_USE_OIDC"]);
        for harmless in [
            "hashicorp/setup-terraform@v3",
            "terraform-docs/gh-actions@v1",
            "./terraform",
            "x/terraform-fmt@v1",
            "dflook/terraform-fmt-check@v2",
            "dflook/tofu-validate@v2",
        ] {
            assert!(vias(harmless, "A").is_empty(), "{harmless}");
        }
    }

    #[test]
    fn a_flag_wins_over_the_variable_and_a_variable_is_followed() {
        let source = Source::new(
            "run.sh",
            "azd auth login --client-id \"$APP\" --federated-credential-provider github",
        );
        let found = in_file(&source);
        assert_eq!(found[0].origin(&found[0].tool.client), Origin::Variable("APP"));
        assert_eq!(found[0].origin(&found[0].tool.tenant), Origin::Variable("AZURE_TENANT_ID"));
    }
}
