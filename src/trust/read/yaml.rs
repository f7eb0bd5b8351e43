//! Reads credentials written in YAML: our own list, and programs of Pulumi YAML.
//!
//! Our own list is the plainest way to write credentials down. `identity` and `home` may stand once at the top; values are taken as
//! they are, nothing has a default:
//!
//! ```yaml
//! home: application            # or managed-identity; may be left out
//! identity: deploy             # the identity as people call it; may be left out
//! credentials:
//!   - name: main
//!     issuer: https://token.actions.githubusercontent.com
//!     subject: repo:octo/app:ref:refs/heads/main
//!     audience: api://AzureADTokenExchange
//!   - name: any-branch
//!     issuer: https://token.actions.githubusercontent.com
//!     expression: claims['sub'] matches 'repo:octo/app:ref:refs/heads/*' and claims['repository_id'] eq '42'
//!     audience: api://AzureADTokenExchange
//! ```
//!
//! Source: types of Pulumi in pulumi/pulumi-azuread, pulumi/pulumi-azure and pulumi/pulumi-azure-native.

use std::sync::Arc;

use super::{Format, Reading, Skipped};
use crate::{
    text::{Located, Source, Tree},
    trust::{Draft, Home, Value},
    yaml::{self, Node},
};

/// Our own YAML, and Pulumi's.
pub(super) const FORMAT: Format =
    Format { name: "YAML of our own or of Pulumi", refers: false, accepts, read };

/// Kinds of Pulumi resources, in lower case: a part of the type's name, the home, and the keys of parent and name.
const RESOURCES: [(&str, Home, &[&str], &[&str]); 4] = [
    ("azuread:", Home::Application, &["applicationId", "applicationObjectId"], &["displayName"]),
    (
        "azure-native:managedidentity",
        Home::ManagedIdentity,
        &["resourceName"],
        &["federatedIdentityCredentialResourceName"],
    ),
    ("azure:armmsi", Home::ManagedIdentity, &["userAssignedIdentityId", "parentId"], &["name"]),
    ("azure:msi", Home::ManagedIdentity, &["userAssignedIdentityId", "parentId"], &["name"]),
];

fn accepts(path: &str, text: &str) -> bool {
    let named = [".yml", ".yaml"].iter().any(|ending| path.ends_with(ending));
    let opens = |word: &str| text.starts_with(word) || text.contains(&format!("\n{word}"));
    let own = opens("credentials:") && text.contains("issuer");
    let pulumi = opens("resources:") && text.contains("FederatedIdentityCredential");
    named && (own || pulumi)
}

fn read(_: &Tree, source: &Arc<Source>) -> Reading {
    let root = match yaml::parse(source) {
        Ok(root) => root,
        Err(error) => return Reading::broken(error.place.clone(), error.to_string()),
    };
    let mut reading = Reading::default();
    for item in root.get("credentials").map(Node::items).unwrap_or_default() {
        own(&root, item, &mut reading);
    }
    for entry in root.get("resources").map(Node::entries).unwrap_or_default() {
        pulumi(&root, &entry.value, entry.name(), &mut reading);
    }
    reading
}

fn own(root: &Node, item: &Node, reading: &mut Reading) {
    if !item.is_mapping() {
        reading.skipped.push(Skipped { place: item.place(), reason: "not a mapping".into(), broken: false });
        return;
    }
    let known = |node: &Node| node.text().map(|text| Located::new(Value::known(text), node.place()));
    let text = |key: &str| item.get(key).filter(|node| !node.is_null()).and_then(known);
    let home = item.get("home").or_else(|| root.get("home")).and_then(Node::text);
    let homes = [Home::Application, Home::ManagedIdentity];
    let home = homes.into_iter().find(|known| Some(known.as_str()) == home).unwrap_or_default();
    let audiences = item.get("audience").or_else(|| item.get("audiences"));
    reading.drafts.push(Draft {
        parent: text("identity").or_else(|| root.get("identity").and_then(known)),
        name: text("name"),
        issuer: text("issuer"),
        subject: text("subject"),
        expression: text("expression"),
        audiences: audiences.map(Node::one_or_many).unwrap_or_default().iter().filter_map(known).collect(),
        description: text("description"),
        ..Draft::new(item.place(), home)
    });
}

fn pulumi(root: &Node, resource: &Node, name: &str, reading: &mut Reading) {
    let kind = resource.get("type").and_then(Node::text).unwrap_or("");
    if !kind.ends_with("FederatedIdentityCredential") {
        return;
    }
    let lower = kind.to_ascii_lowercase();
    let row = RESOURCES.iter().find(|(start, ..)| lower.starts_with(start));
    let (Some((_, home, parents, names)), Some(properties)) = (row, resource.get("properties")) else {
        let reason = format!("the resource `{name}` of type `{kind}` is of no known shape");
        reading.skipped.push(Skipped { place: resource.place(), reason, broken: false });
        return;
    };
    let text = |keys: &[&str]| {
        let node = keys.iter().find_map(|key| properties.get(key)).filter(|node| !node.is_null())?;
        Some(Located::new(interpolated(root, node, 0), node.place()))
    };
    let audiences = properties.get("audiences").or_else(|| properties.get("audience"));
    let audiences = audiences.map(Node::one_or_many).unwrap_or_default();
    reading.drafts.push(Draft {
        parent: text(parents),
        name: text(names),
        issuer: text(&["issuer"]),
        subject: text(&["subject"]),
        expression: text(&["claimsMatchingExpression"]),
        audiences: audiences
            .iter()
            .map(|node| Located::new(interpolated(root, node, 0), node.place()))
            .collect(),
        description: text(&["description"]),
        ..Draft::new(resource.place(), *home)
    });
}

/// How many variables may lie between a text and what it stands for.
const DEEPEST: usize = 8;

/// The text with `${...}` filled in from defaults of the configuration and from variables; `$${` is a plain `${`. Of Pulumi's
/// functions only `fn::join` is followed.
///
/// Source: <https://www.pulumi.com/docs/iac/languages-sdks/yaml/yaml-language-reference/>.
fn interpolated(root: &Node, node: &Node, depth: usize) -> Value {
    if let Some(joined) = node.get("fn::join").filter(|_| node.entries().len() == 1)
        && let [separator, list] = joined.items()
        && let Some(separator) = separator.text()
        && !list.items().is_empty()
    {
        let mut whole = Value::default();
        for (at, item) in list.items().iter().enumerate() {
            whole.append(Value::known(if at == 0 { "" } else { separator }));
            whole.append(interpolated(root, item, depth));
        }
        return whole;
    }
    let Some(text) = node.text() else {
        return Value::hole(node.kind_name(), "a function of Pulumi is not followed", node.place());
    };
    let mut value = Value::default();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("${") {
        if let Some(before) = before.strip_suffix('$') {
            value.append(Value::known(format!("{before}${{")));
            rest = behind;
            continue;
        }
        let (name, after) = behind.split_once('}').unwrap_or((behind, ""));
        value.append(Value::known(before));
        value.append(lookup(root, name, node, depth));
        rest = after;
    }
    value.append(Value::known(rest));
    value
}

fn lookup(root: &Node, name: &str, node: &Node, depth: usize) -> Value {
    let bare = name.rsplit(':').next().unwrap_or(name);
    let configured = ["config", "configuration"].iter().find_map(|key| {
        let entry = root.get(key)?;
        entry.get(name).or_else(|| entry.get(bare))
    });
    let variable = root.at(&["variables", name]);
    let known = match configured {
        Some(setting) if setting.is_mapping() => setting.get("default").or_else(|| setting.get("value")),
        Some(setting) => Some(setting),
        None => variable.filter(|_| depth < DEEPEST),
    };
    match (known, configured) {
        (Some(setting), Some(_)) if setting.text().is_some_and(|text| !text.contains("${")) => {
            Value::known(setting.text().unwrap_or_default())
        }
        (_, Some(_)) => Value::hole(name, format!("`{name}` has no default"), node.place()),
        (Some(variable), None) => interpolated(root, variable, depth + 1),
        (None, None) => {
            Value::hole(name, format!("`{name}` is known only when the program runs"), node.place())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(text: &str) -> Reading {
        let source = Source::new("Pulumi.yaml", text);
        assert!(accepts(source.path(), source.text()));
        read(&Tree::default(), &source)
    }

    fn shown(value: &Option<Located<Value>>) -> String {
        value.as_ref().map(|located| located.value.to_string()).unwrap_or_default()
    }

    #[test]
    fn our_own_list_is_taken_as_it_is() {
        let reading = reading(
            "home: managed-identity\nidentity: deploy\ncredentials:\n  - name: main\n    issuer: https://i/\n    subject: ' s '\n    audience: a\n  - {name: flex, issuer: i, expression: \"claims['sub'] eq 'x'\", audiences: [a, b], home: application}\n",
        );
        let [first, second] = reading.drafts.as_slice() else { panic!("{reading:?}") };
        assert_eq!((first.home, shown(&first.parent)), (Home::ManagedIdentity, "deploy".into()));
        assert_eq!((shown(&first.subject), shown(&first.issuer)), (" s ".into(), "https://i/".into()));
        assert_eq!(first.place.start().line, 4);
        assert_eq!((second.home, second.audiences.len()), (Home::Application, 2));
        assert_eq!((shown(&second.expression), &second.subject), ("claims['sub'] eq 'x'".into(), &None));
    }

    #[test]
    fn resources_of_pulumi_are_read_with_their_configuration() {
        let reading = reading(
            "config:\n  repo: {type: string, default: o/r}\n  env: {type: string}\nresources:\n  app:\n    type: azuread:Application\n  a:\n    type: azuread:ApplicationFederatedIdentityCredential\n    properties:\n      applicationId: ${app.id}\n      displayName: main\n      issuer: https://i\n      subject: repo:${repo}:environment:${env}\n      audiences: [x]\n  b:\n    type: azure-native:managedidentity:FederatedIdentityCredential\n    properties:\n      resourceName: id\n      federatedIdentityCredentialResourceName: n\n      issuer: https://i\n      subject: s\n      audiences: [x]\n",
        );
        let [first, second] = reading.drafts.as_slice() else { panic!("{reading:?}") };
        assert_eq!(shown(&first.subject), "repo:o/r:environment:{env}");
        assert_eq!((shown(&first.parent), shown(&first.name)), ("{app.id}".into(), "main".into()));
        assert_eq!((shown(&second.parent), shown(&second.name)), ("id".into(), "n".into()));
        assert_eq!(second.home, Home::ManagedIdentity);
    }

    #[test]
    fn variables_of_pulumi_are_followed_through_each_other() {
        let of = |variables: &str, subject: &str| {
            let text = format!(
                "config:\n  org: {{default: o}}\nvariables:\n  {variables}\nresources:\n  a:\n    type: azuread:ApplicationFederatedIdentityCredential\n    properties:\n      subject: {subject}\n"
            );
            shown(&reading(&text).drafts[0].subject)
        };
        assert_eq!(of("repo: \"${org}/r\"", "repo:${repo}:pull_request"), "repo:o/r:pull_request");
        let joined = "repo: {'fn::join': ['/', ['${org}', r]]}";
        assert_eq!(of(joined, "repo:${repo}:pull_request"), "repo:o/r:pull_request");
        assert_eq!(of("repo: \"${app.id}/r\"", "\"${repo}\""), "{app.id}/r");
        assert_eq!(of("a: \"${b}\"\n  b: \"${a}\"", "\"${a}\""), "{a}");
        assert_eq!(of("a: {'fn::toJSON': [x]}", "\"${a}\""), "{a mapping}");
    }

    #[test]
    fn a_workflow_defines_none_and_damage_is_told() {
        assert!(!accepts("ci.yml", "on: push\njobs:\n  a:\n    container:\n      credentials: {}\n"));
        let damaged = reading("credentials:\n  - name: [\n    issuer: x\n");
        assert!(damaged.skipped[0].reason.starts_with("not valid YAML"));
    }
}
