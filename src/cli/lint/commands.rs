//! `--fix-commands`: everything that mends credentials outside these files, ready to paste.

use crate::{cli::Context, lint::Finding};

/// Prints the commands of every finding that has some.
///
/// # Errors
/// When standard output cannot be written.
pub(super) fn print(context: &Context<'_>, findings: &[Finding]) -> anyhow::Result<()> {
    let mended: Vec<_> =
        findings.iter().filter_map(|finding| Some((finding, finding.commands.as_ref()?))).collect();
    for (finding, commands) in &mended {
        let subject = finding.subject.as_deref().unwrap_or_default();
        context.print(&format!(
            "# {}: {}\n",
            finding.job.as_deref().unwrap_or_default(),
            subject.escape_default()
        ))?;
        let ways = [
            ("az", &commands.az),
            ("Graph or ARM", &commands.graph),
            ("PowerShell", &commands.powershell),
            ("Terraform", &commands.terraform),
            ("Bicep", &commands.bicep),
        ];
        for (name, text) in ways {
            context.print(&format!("\n# {name}\n{}\n", text.trim_end()))?;
        }
        context.print("\n")?;
    }
    let left = findings.len() - mended.len();
    if left > 0 && !context.global.quiet {
        context
            .host
            .console
            .err(&format!("findings that need no credential: {left}; `fedcred lint` tells them\n"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::{
        cli,
        host::{Files, Host, Stream},
    };

    const WORKFLOW: &str = "on: pull_request\npermissions: {id-token: write}\njobs:\n  plan:\n    runs-on: x\n    steps:\n      \
        - uses: azure/login@v3\n        with: {client-id: a, tenant-id: b}\n";
    const CREDENTIAL: &str = r#"{"name":"main","issuer":"https://token.actions.githubusercontent.com",
        "subject":"repo:octo/app:ref:refs/heads/main","audiences":["api://AzureADTokenExchange"]}"#;

    #[test]
    fn the_missing_credential_comes_in_every_language() {
        let files = [(".github/workflows/plan.yml", WORKFLOW), ("fic.json", CREDENTIAL)];
        let host = Host { files: Files::fake(files), ..Host::fake() };
        let words = ["fedcred", "lint", "--repository", "octo/app", "--fix-commands"];
        assert_eq!(cli::run(words.map(Into::into), &host), cli::Exit::No);
        let out = host.console.written(Stream::Out);
        for part in [
            "az ad app federated-credential create",
            "az rest",
            "New-AzADAppFederatedCredential",
            "resource \"azuread_",
        ] {
            assert!(out.contains(part), "{part}: {out}");
        }
        assert!(out.contains("repo:octo/app:pull_request"), "{out}");
    }
}
