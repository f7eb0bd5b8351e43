//! Does what a help line says, as a person would.

use serde_json::Value;

use super::repository::{AUDIENCE, Credential, ISSUER, Repository, presented};

/// Help that leaves it to the reader which of the subjects of the jobs to write.
const WRITE_A_SUBJECT: [&str; 4] =
    ["write `repo:", "write one credential per subject", "replace `", "shorten the "];

/// Does what the help line says; `false` where it says nothing that can be done. What comes behind an action is a choice or a warning.
pub(crate) fn follow(repository: &mut Repository, finding: &Value) -> bool {
    let help = finding["help"].as_str().unwrap_or_default().lines().next().unwrap_or_default();
    let path = finding["path"].as_str().unwrap_or_default();
    let done = help.split("; ").take_while(|action| act(repository, action, path).is_some()).count();
    done > 0
}

/// The texts between backticks.
fn quoted(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn act(repository: &mut Repository, action: &str, path: &str) -> Option<()> {
    let values = quoted(action);
    if let Some(rest) = action.strip_prefix("set the ") {
        set(repository.meant(path)?.as_mut()?, rest, values.first()?);
    } else if let Some(rest) = action.strip_prefix("change the ") {
        for (at, part) in rest.split(" and the ").enumerate() {
            set(repository.named(&values[2 * at])?, part, &values[2 * at + 1]);
        }
    } else if action.starts_with("add a credential named ") {
        add(repository, &values)?;
    } else if action.starts_with("give the job ") {
        repository.environment = Some(values.first()?.strip_prefix("environment: ")?.to_owned());
    } else if action.starts_with("add `environment: NAME`") {
        repository.environment = Some("prod".to_owned());
    } else if action.starts_with("ask for the token with the audience ") {
        repository.audience = values.first().cloned();
    } else if action.starts_with("add `permissions: {id-token: write") {
        repository.permissions = "permissions: {id-token: write, contents: read}\n";
    } else if action.starts_with("remove the credential") {
        *repository.meant(path)? = None;
    } else if action.starts_with("use 3 to 120 letters") || action.starts_with("shorten the name") {
        repository.meant(path)?.as_mut()?.name =
            format!("mended-{}", path.replace(|c: char| !c.is_ascii_digit(), ""));
    } else if WRITE_A_SUBJECT.iter().any(|start| action.starts_with(start)) {
        let subject = presented(&repository.files());
        repository.meant(path)?.as_mut()?.subject = subject;
    } else {
        return None;
    }
    Some(())
}

fn add(repository: &mut Repository, values: &[String]) -> Option<()> {
    let [name, subject, more @ ..] = values else { return None };
    let credential = Credential {
        name: name.clone(),
        issuer: more.first().cloned().unwrap_or_else(|| ISSUER.to_owned()),
        subject: subject.clone(),
        audience: repository.audience.clone().unwrap_or_else(|| AUDIENCE.to_owned()),
    };
    repository.credentials.push(Some(credential));
    Some(())
}

fn set(credential: &mut Credential, what: &str, value: &str) {
    let field = match what.split(' ').next() {
        Some("issuer") => &mut credential.issuer,
        Some("audience") => &mut credential.audience,
        _ => &mut credential.subject,
    };
    value.clone_into(field);
}
