//! Where in a repository `uses` points: a called workflow, a local action.

use super::{Workflow, project::WORKFLOWS};
use crate::id::RepositoryName;

/// The path of the workflow that `uses` in `caller` means: one in the caller's own repository begins with that repository's folder.
#[must_use]
pub(super) fn called_path(
    caller: &Workflow,
    uses: &str,
    repository: Option<&RepositoryName>,
) -> Option<String> {
    let path = local_workflow(uses, repository)?;
    let elsewhere = caller.source.path().split_once(WORKFLOWS).map_or("", |(folder, _)| folder);
    Some(if path.starts_with(WORKFLOWS) && uses.starts_with(['.', '$']) {
        format!("{elsewhere}{path}")
    } else {
        path
    })
}

/// The path of a called workflow in this repository.
///
/// Source: actions/runner `WorkflowTemplateConverter.cs`, `FullyQualifyWorkflowRef`, and `PipelineConstants.SelfRepositoryPrefix`.
#[must_use]
pub(super) fn local_workflow(uses: &str, repository: Option<&RepositoryName>) -> Option<String> {
    if let Some(path) = uses.strip_prefix("./").or_else(|| uses.strip_prefix("$/")) {
        return Some(normal(path));
    }
    let (path, _) = uses.split_once('@')?;
    let own = repository.map(|name| format!("{name}/")).and_then(|own| {
        let head = path.get(..own.len())?;
        head.eq_ignore_ascii_case(&own).then(|| path.get(own.len()..)).flatten()
    });
    Some(own.unwrap_or(path).to_owned())
}

/// The folder of a local action.
#[must_use]
pub(super) fn local_action(uses: &str) -> Option<String> {
    let path = uses.strip_prefix("$/").or_else(|| uses.strip_prefix("./")).or(uses.strip_prefix(".\\"));
    path.or((uses == ".").then_some("")).map(normal)
}

/// The repositories whose files may be read.
#[derive(Clone, Debug, Default)]
pub struct AtHand {
    /// The one whose folder is the root.
    pub own: Option<RepositoryName>,
    /// Others, the paths of whose files begin with `owner/name/`.
    pub others: Vec<RepositoryName>,
}

impl AtHand {
    /// The folder of the action that `uses` names in a file whose repository begins at `home`; `None` where it is not at hand.
    pub(super) fn action(&self, uses: &str, home: &str) -> Option<String> {
        if let Some(folder) = local_action(uses) {
            return Some(if uses.starts_with("$/") { normal(&format!("{home}{folder}")) } else { folder });
        }
        let (path, _) = uses.split_once('@')?;
        let within = |name: &RepositoryName| {
            let (head, rest) = path.split_at_checked(name.as_str().len())?;
            let fits = head.eq_ignore_ascii_case(name.as_str()) && (rest.is_empty() || rest.starts_with('/'));
            fits.then_some(rest)
        };
        let own = self.own.as_ref().and_then(within).map(normal);
        own.or_else(|| self.others.iter().any(|name| within(name).is_some()).then(|| normal(path)))
    }
}

/// `a/./b//c/` as `a/b/c`.
pub(super) fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_references_are_found_in_every_spelling() {
        let repository: RepositoryName = "Octo/App".parse().unwrap();
        let path = |uses: &str| local_workflow(uses, Some(&repository));
        let own = Some(".github/workflows/x.yml".to_owned());
        for uses in
            ["./.github/workflows/x.yml", "$/.github/workflows/x.yml", "octo/app/.github/workflows/x.yml@v1"]
        {
            assert_eq!(path(uses), own, "{uses}");
        }
        assert_eq!(path("octo/lib/.github/workflows/x.yml@v1").unwrap(), "octo/lib/.github/workflows/x.yml");
        assert_eq!(local_action("./.github/actions/a/").as_deref(), Some(".github/actions/a"));
        assert_eq!(local_action("./").as_deref(), Some(""));
        assert_eq!(local_action("azure/login@v2"), None);
    }
}
