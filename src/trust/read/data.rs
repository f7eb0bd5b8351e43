//! Data files that definitions read, such as the variables of a module: the credentials in them are those of the definition.

use std::collections::{BTreeMap, HashSet};

use super::shown;
use crate::{
    text::{Source, Tree},
    trust::Draft,
};

/// The drafts without those of data files, which say nothing of an identity, that a definition makes too.
pub(super) fn without_data(tree: &Tree, mut drafts: Vec<Draft>) -> Vec<Draft> {
    let sources = drafts.iter().map(|draft| (draft.place.source.path().to_owned(), &draft.place.source));
    let sources: BTreeMap<_, _> = sources.collect();
    let data = sources.iter().filter(|(_, source)| is_data(tree, source));
    let data: HashSet<String> = data.map(|(path, _)| path.clone()).collect();
    if data.is_empty() {
        return drafts;
    }
    let is_in_data = |draft: &Draft| data.contains(draft.place.source.path());
    let made: HashSet<String> = drafts.iter().filter(|draft| !is_in_data(draft)).map(content).collect();
    drafts.retain(|draft| draft.parent.is_some() || !is_in_data(draft) || !made.contains(&content(draft)));
    drafts
}

/// Whether definitions read the file: by its name, or as the values of variables or parameters.
fn is_data(tree: &Tree, source: &Source) -> bool {
    let (path, text) = (source.path(), source.text());
    let name = path.rsplit('/').next().unwrap_or(path);
    let definition = |path: &str| [".tf", ".tofu", ".bicep"].iter().any(|ending| path.ends_with(ending));
    let quoted = ['"', '\''].map(|quote| format!("{name}{quote}"));
    let names = |other: &Source| quoted.iter().any(|quoted| other.text().contains(quoted));
    let named = || tree.iter().any(|other| definition(other.path()) && names(other));
    path.ends_with(".tfvars.json")
        || (path.ends_with(".json") && text.contains("eploymentParameters.json"))
        || (!definition(path) && named())
}

fn content(draft: &Draft) -> String {
    let audiences: Vec<String> = draft.audiences.iter().map(|audience| audience.value.to_string()).collect();
    let values = [&draft.name, &draft.issuer, &draft.subject, &draft.expression].map(shown);
    format!("{values:?} {audiences:?}")
}

#[cfg(test)]
mod tests {
    use crate::{
        text::{Source, Tree},
        trust::read::read_all,
    };

    const ONE: &str = r#"{"name": "n", "issuer": "https://i", "subject": "s", "audiences": ["a"]}"#;

    fn parents(files: &[(&str, &str)]) -> Vec<Option<String>> {
        let mut tree = Tree::default();
        for (path, text) in files {
            tree.insert(Source::new(*path, *text));
        }
        let drafts = read_all(&tree).drafts;
        drafts.iter().map(|draft| draft.parent.as_ref().map(|parent| parent.value.to_string())).collect()
    }

    #[test]
    fn a_credential_of_a_data_file_is_that_of_the_definition_which_reads_it() {
        let resource = |of: &str, name: &str| {
            format!(
                "variable \"c\" {{}}\nresource \"azuread_application_federated_identity_credential\" \"x\" {{\n  application_id = \"/applications/1\"\n  display_name = {name}\n  issuer = {of}.issuer\n  subject = {of}.subject\n  audiences = {of}.audiences\n}}\n"
            )
        };
        let made = || Some("/applications/1".to_owned());
        let decoded = "jsondecode(file(\"one.json\"))";
        let loaded = resource(decoded, &format!("{decoded}.name"));
        assert_eq!(parents(&[("main.tf", &loaded), ("one.json", ONE)]), [made()]);
        assert_eq!(parents(&[("main.tf", &loaded), ("one.json", ONE), ("other.json", ONE)]), [made(), None]);
        let renamed = resource(decoded, "\"other\"");
        assert_eq!(parents(&[("main.tf", &renamed), ("one.json", ONE)]), [made(), None]);
        let variables = format!("{{\"c\": {ONE}}}");
        let main = resource("var.c", "var.c.name");
        assert_eq!(parents(&[("main.tf", &main), ("terraform.tfvars.json", &variables)]), [made()]);
    }
}
