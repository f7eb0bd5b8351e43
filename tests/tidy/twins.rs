//! What refers to each other by name: rule and page, code and page, input and flag.

use std::collections::BTreeSet;

use super::tree;

const HEADINGS: [&str; 4] = ["## What Entra says", "## What it means", "## How to fix", "## Sources"];

/// Inputs of the action without a flag: two steer the launcher, and a secret stands on no command line.
const WITHOUT_FLAG: [&str; 3] = ["mode", "binary", "github-token"];

pub(crate) fn refusals() -> Vec<String> {
    let pages = tree::files("src/refusal/pages", "md");
    let entries: String = tree::files("src/refusal", "rs").iter().map(|path| tree::text(path)).collect();
    let mut complaints = Vec::new();
    for page in &pages {
        let name = page.file_name().expect("a name").to_string_lossy().into_owned();
        if !entries.contains(&format!("pages/{name}\"")) {
            complaints.push(format!("{name} is in no entry of the catalogue"));
        }
        let text = tree::text(page);
        let missing = HEADINGS.iter().filter(|heading| !text.lines().any(|line| line == **heading));
        complaints.extend(missing.map(|heading| format!("{name} lacks `{heading}`")));
    }
    complaints
}

pub(crate) fn rules() -> Vec<String> {
    let stems = |ending| -> BTreeSet<String> {
        tree::files("src/lint/rules", ending)
            .iter()
            .map(|path| path.file_stem().expect("a name").to_string_lossy().into_owned())
            .filter(|stem| stem != "mod")
            .collect()
    };
    let (code, pages) = (stems("rs"), stems("md"));
    let mut complaints: Vec<String> =
        code.symmetric_difference(&pages).map(|stem| format!("{stem} has no twin")).collect();
    for path in tree::files("src/lint/rules", "rs") {
        let stem = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let id = format!("\"{}\"", stem.replace('_', "-"));
        if stem != "mod" && !tree::text(&path).contains(&id) {
            complaints.push(format!("{} does not carry the id {id}", tree::shown(&path)));
        }
    }
    complaints
}

/// Rules that `docs/rules.md` does not list with their summary.
pub(crate) fn unlisted_rules() -> Vec<String> {
    let page = tree::text(&tree::root().join("docs/rules.md"));
    let listed = |rule: &&&fedcred::lint::Rule| {
        page.lines().any(|line| line.starts_with(&format!("| [{}]", rule.id)) && line.contains(rule.summary))
    };
    fedcred::lint::ALL.iter().filter(|rule| !listed(rule)).map(|rule| rule.id.to_owned()).collect()
}

/// Rules that the schema of the configuration does not know, and the reverse.
pub(crate) fn schema_rules() -> Vec<String> {
    let schema = tree::text(&tree::root().join("docs/fedcred.schema.json"));
    let schema: serde_json::Value = serde_json::from_str(&schema).expect("a schema that is JSON");
    let listed = schema["$defs"]["rule"]["enum"].as_array().expect("the rules");
    let listed: BTreeSet<&str> = listed.iter().filter_map(serde_json::Value::as_str).collect();
    let known: BTreeSet<&str> = fedcred::lint::ALL.iter().map(|rule| rule.id).collect();
    listed.symmetric_difference(&known).map(|&id| id.to_owned()).collect()
}

pub(crate) fn action_inputs() -> Vec<String> {
    let path = tree::root().join("action.yml");
    if !path.exists() {
        return Vec::new();
    }
    // The options of every command belong to the root.
    let root = built();
    let flags: BTreeSet<String> = commands()
        .iter()
        .chain([&root])
        .flat_map(|command| {
            command.get_arguments().filter_map(|argument| argument.get_long()).map(str::to_owned)
        })
        .collect();
    keys(&tree::text(&path), "inputs:")
        .into_iter()
        .filter(|input| !WITHOUT_FLAG.contains(&input.as_str()) && !flags.contains(input))
        .collect()
}

/// Inputs that a command reads by name, though `action.yml` does not declare them.
pub(crate) fn undeclared_inputs() -> Vec<String> {
    let declared = keys(&tree::text(&tree::root().join("action.yml")), "inputs:");
    let code: String = tree::files("src/cli", "rs")
        .iter()
        .map(|path| tree::before_tests(&tree::text(path)).to_owned())
        .collect();
    let calls = code.split("input(").skip(1).filter_map(|rest| rest.split(')').next());
    let named = calls.filter_map(|call| call.split('"').nth(1)).map(str::to_owned);
    named.filter(|name| !declared.contains(name)).collect()
}

pub(crate) fn commands_without_examples() -> Vec<String> {
    let shows_example = |command: &clap::Command| {
        let help = command.get_after_long_help().or(command.get_after_help());
        help.is_some_and(|text| text.to_string().contains("Example"))
    };
    commands()
        .iter()
        .filter(|command| !command.is_hide_set() && !command.has_subcommands() && !shows_example(command))
        .map(|command| command.get_name().to_owned())
        .collect()
}

/// The command line with the flags of every command.
fn built() -> clap::Command {
    let mut root = fedcred::cli::command();
    root.build();
    root
}

/// Every command and subcommand.
fn commands() -> Vec<clap::Command> {
    let mut found = Vec::new();
    let mut open: Vec<clap::Command> = built().get_subcommands().cloned().collect();
    while let Some(command) = open.pop() {
        // clap's own, which repeats the others.
        if command.get_name() == "help" {
            continue;
        }
        open.extend(command.get_subcommands().cloned());
        found.push(command);
    }
    found
}

/// Outputs that no command sets, and inputs and outputs of which the page says nothing.
pub(crate) fn action_page() -> Vec<String> {
    let action = tree::text(&tree::root().join("action.yml"));
    let page = tree::text(&tree::root().join("docs/action.md"));
    let code: String = tree::files("src/cli", "rs").iter().map(|path| tree::text(path)).collect();
    let (inputs, outputs) = (keys(&action, "inputs:"), keys(&action, "outputs:"));
    let unset = outputs.iter().filter(|name| !code.contains(&format!("\"{name}\"")));
    let unset = unset.map(|name| format!("no command sets the output {name}"));
    let unsaid = inputs.iter().chain(&outputs).filter(|name| !page.contains(&format!("`{name}`")));
    unset.chain(unsaid.map(|name| format!("docs/action.md does not name {name}"))).collect()
}

/// The keys below `inputs:` or `outputs:`.
fn keys(action: &str, block: &str) -> Vec<String> {
    let block = action.lines().skip_while(|line| *line != block).skip(1);
    block
        .take_while(|line| line.is_empty() || line.starts_with(' '))
        .filter_map(|line| {
            let key = line.strip_prefix("  ")?.strip_suffix(':')?;
            key.starts_with(|first: char| first.is_ascii_lowercase()).then(|| key.to_owned())
        })
        .collect()
}
