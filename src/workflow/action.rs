//! Actions of the repository itself: an `action.yml` whose steps run inside the calling job, or that runs scripts of its own.

use std::sync::Arc;

use super::{
    Error,
    model::{Input, Step},
    parse,
    reference::normal,
};
use crate::{
    text::Source,
    yaml::{self, Node, Options},
};

/// An action's definition file.
#[derive(Clone, Debug)]
pub struct LocalAction {
    /// The file.
    pub source: Arc<Source>,
    /// What the step hands over.
    pub inputs: Vec<Input>,
    /// The steps of a composite action; `None` for any other kind.
    pub steps: Option<Vec<Step>>,
    /// The scripts that an action of JavaScript runs, seen from its folder.
    pub scripts: Vec<String>,
}

impl LocalAction {
    /// Reads an `action.yml`.
    ///
    /// # Errors
    /// The first thing for which GitHub would refuse the file, as far as it is checked.
    pub fn parse(source: &Arc<Source>) -> Result<Self, Error> {
        let root = yaml::read(source, &Options::workflow())?.root;
        let runs = root.get("runs").ok_or_else(|| parse::missing("runs", &root))?;
        let composite = runs.get("using").and_then(Node::text) == Some("composite");
        let scripts = ["pre", "main", "post"].iter().filter_map(|part| runs.get(part).and_then(Node::text));
        Ok(Self {
            scripts: scripts.map(str::to_owned).collect(),
            source: Arc::clone(source),
            inputs: parse::action_inputs(root.get("inputs")),
            steps: composite.then(|| parse::composite(runs)).transpose()?,
        })
    }

    /// The scripts of its own, seen from the root of the repository.
    pub(super) fn script_paths(&self) -> impl Iterator<Item = String> {
        let folder = self.source.path().rsplit_once('/').map_or("", |(folder, _)| folder);
        self.scripts.iter().map(move |script| normal(&format!("{folder}/{script}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(steps: &str) -> Result<LocalAction, Error> {
        let text = format!(
            "inputs: {{a: {{type: bool, default: x}}}}\nruns: {{using: composite, steps: [{steps}]}}\n"
        );
        LocalAction::parse(&Source::new("action.yml", text))
    }

    #[test]
    fn the_type_of_an_actions_input_is_not_read() {
        assert_eq!(parse("{uses: a/b@v1}").unwrap().inputs[0].kind, crate::workflow::model::InputKind::Text);
    }

    #[test]
    fn a_composite_step_names_its_shell_and_sees_no_secrets() {
        let said = |steps| parse(steps).unwrap_err().to_string();
        assert_eq!(said("{run: x}"), "the key `shell` is missing");
        assert!(said("{uses: a/b@v1, with: {c: '${{ secrets.d }}'}}").contains("`secrets`"));
        assert!(parse("{run: x, shell: sh, if: \"always() && inputs.a\"}").is_ok());
    }
}
