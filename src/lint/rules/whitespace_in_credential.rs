//! Blanks and invisible characters in a compared value.

use crate::{
    diagnostic::Severity,
    id::visible,
    lint::{Edit, Facts, Finding, Findings, Rule},
    trust::Field,
};

pub(super) static RULE: Rule = Rule {
    id: "whitespace-in-credential",
    summary: "a compared value of a credential holds a blank or an invisible character",
    severity: Severity::Error,
    since: "0.1.0",
    page: include_str!("whitespace_in_credential.md"),
    check,
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for definition in &facts.definitions {
        for field in [Field::Issuer, Field::Subject, Field::Audience] {
            for (text, written) in definition.texts(field).filter(|(text, _)| is_damaged(field, text)) {
                let mended = mended(field, text);
                let diagnostic = RULE
                    .says(format!(
                        "the {field} of credential {} holds a blank or an invisible character",
                        definition.name()
                    ))
                    .at(written.place.clone(), format!("reads `{}`", visible(text)))
                    .help(format!("set the {field} to `{mended}`"))
                    .note(format!("Entra compares the {field} byte for byte and refuses every token"));
                findings.report(Finding::new(&RULE, diagnostic).edit(Edit::literal(
                    &written.place,
                    text,
                    &mended,
                )));
            }
        }
    }
}

/// A plain space inside a subject may belong to the name of an environment; beside a `:` or `/`, or at an end, it does not.
fn is_damaged(field: Field, text: &str) -> bool {
    let invisible = visible(text) != text;
    let at_an_end = text.starts_with(' ') || text.ends_with(' ');
    let inside = match field {
        Field::Subject => [" :", ": ", " /", "/ "].iter().any(|pair| text.contains(pair)),
        Field::Issuer | Field::Audience => text.contains(' '),
        Field::Name | Field::Expression | Field::Description => false,
    };
    invisible || at_an_end || inside
}

fn mended(field: Field, text: &str) -> String {
    let seen: String =
        text.chars().filter(|c| *c == ' ' || visible(c.encode_utf8(&mut [0; 4])) == c.to_string()).collect();
    let mut text = seen.trim().to_owned();
    match field {
        Field::Subject => {
            for (pair, mark) in [(" :", ":"), (": ", ":"), (" /", "/"), ("/ ", "/")] {
                while text.contains(pair) {
                    text = text.replace(pair, mark);
                }
            }
        }
        Field::Issuer | Field::Audience => text.retain(|c| c != ' '),
        Field::Name | Field::Expression | Field::Description => {}
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_space_inside_the_name_of_an_environment_may_be_meant() {
        assert!(!is_damaged(Field::Subject, "repo:o/r:environment:Production EU"));
        assert!(is_damaged(Field::Subject, "repo:o/r:environment: Production"));
        assert!(is_damaged(Field::Subject, "repo:o/r:environment:prod\n"));
        assert!(is_damaged(Field::Audience, "api://AzureADTokenExchange\u{200b}"));
    }

    #[test]
    fn the_mended_value_keeps_everything_that_can_be_seen() {
        assert_eq!(mended(Field::Subject, " repo: o / r :ref:x y\u{200b} "), "repo:o/r:ref:x y");
        assert_eq!(mended(Field::Issuer, "https://x .y\t"), "https://x.y");
    }
}
