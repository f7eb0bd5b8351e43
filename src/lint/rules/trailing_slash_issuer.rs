//! An issuer that ends in a slash, where the tokens carry none.

use crate::{
    diagnostic::Severity,
    lint::{Edit, Facts, Finding, Findings, Rule},
    trust::Field,
};

pub(super) static RULE: Rule = Rule {
    id: "trailing-slash-issuer",
    summary: "the issuer of a credential ends in a slash that the tokens do not carry",
    severity: Severity::Error,
    since: "0.1.0",
    page: include_str!("trailing_slash_issuer.md"),
    check,
};

/// Issuers whose tokens are known to carry no slash at the end. Others, such as AKS clusters, do.
///
/// Source: Azure/login#175, MicrosoftDocs/azure-docs#97699, <https://docs.github.com/en/actions/reference/security/oidc>.
const WITHOUT_SLASH: [&str; 7] = [
    "https://token.actions.",
    "https://accounts.google.com",
    "https://gitlab.com",
    "https://app.terraform.io",
    "https://app.eu.terraform.io",
    "https://cognito-identity.amazonaws.com",
    "https://vstoken.dev.azure.com/",
];

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for definition in &facts.definitions {
        for (text, written) in definition.texts(Field::Issuer) {
            let bare = text.trim_end_matches('/');
            if bare == text || !WITHOUT_SLASH.iter().any(|start| text.starts_with(start)) {
                continue;
            }
            let diagnostic = RULE
                .says(format!("the issuer of credential {} ends in a slash", definition.name()))
                .at(written.place.clone(), "no token carries this slash")
                .side("presented", bare, "by every token of this issuer")
                .side("configured", text, "")
                .help(format!("set the issuer to `{bare}`"))
                .note("Entra compares the issuer byte for byte and answers AADSTS700211");
            findings.report(Finding::new(&RULE, diagnostic).edit(Edit::literal(&written.place, text, bare)));
        }
    }
}
