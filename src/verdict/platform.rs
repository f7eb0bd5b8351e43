//! What a platform always signs, said where the nearest credential has what people like to write in its place.
//!
//! Source: the documents named in `issuer`, one for each platform.

use crate::{
    id::{Guid, visible},
    issuer::{Connection, Presented, Reading, ServiceAccount, entra_tenant},
    trust::{Credential, Matcher},
};

/// The one remark about this token and the credential nearest to it, where there is one.
pub(super) fn remark(presented: &Presented, nearest: &Credential) -> Option<String> {
    let Matcher::Exact(configured) = &nearest.matcher else { return None };
    let configured = configured.as_str();
    match Reading::of(presented)? {
        Reading::Google { .. } => configured.contains('@').then(|| {
            "Google signs the unique id of the account, which is digits, and never its address".to_owned()
        }),
        Reading::Kubernetes { .. } => kubernetes(presented, nearest, configured),
        Reading::AzurePipelines(connection) => pipelines(&connection, nearest, configured),
        Reading::Entra { unusable: None, .. } => managed_identity(presented, nearest, configured),
        Reading::AwsRole => configured.contains(":assumed-role/").then(|| {
            "STS signs the ARN of the role as IAM shows it, with its path, and never that of a session"
                .to_owned()
        }),
        Reading::Cognito => (nearest.audience != presented.audience).then(|| {
            "the audience of a token of Cognito is its identity pool, and no request can change it".to_owned()
        }),
        Reading::Spiffe { .. } => (!configured.starts_with("spiffe://"))
            .then(|| "the subject of a JWT-SVID is the whole SPIFFE id, `spiffe://` included".to_owned()),
        Reading::Github(_) | Reading::Entra { unusable: Some(_), .. } => None,
    }
}

/// Source: the audience of a token for which none was asked is the cluster's own, often its issuer or the name of its API server,
/// <https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/>.
fn kubernetes(presented: &Presented, nearest: &Credential, configured: &str) -> Option<String> {
    let audience = presented.audience.as_str();
    if audience.contains("kubernetes.default.svc") || audience == presented.issuer.as_str() {
        return Some(
            "this is the token that every pod has for its own cluster; the one for Azure comes from a projected volume or `kubectl create token --audience`"
                .to_owned(),
        );
    }
    (presented.issuer == nearest.issuer && ServiceAccount::read(configured).is_none())
        .then(|| "the subject of a pod is `system:serviceaccount:NAMESPACE:NAME`".to_owned())
}

fn pipelines(connection: &Connection, nearest: &Credential, configured: &str) -> Option<String> {
    let trusted = Connection::read(configured).filter(|one| one.is_issued_by(nearest.issuer.as_str()))?;
    match (connection, trusted) {
        (Connection::Numbered { .. }, Connection::Named { .. }) => Some(
            "the service connection presents the new form, by ids, and the credential is written for the old one, by names"
                .to_owned(),
        ),
        (Connection::Named { .. }, Connection::Numbered { .. }) => Some(
            "the service connection presents the old form, by names, and the credential is written for the new one, by ids"
                .to_owned(),
        ),
        (Connection::Numbered { .. }, Connection::Numbered { .. })
        | (Connection::Named { .. }, Connection::Named { .. }) => None,
    }
}

fn managed_identity(presented: &Presented, nearest: &Credential, configured: &str) -> Option<String> {
    let tenant = |issuer: &str| entra_tenant(issuer).map(str::to_ascii_lowercase);
    let (own, trusted) = (tenant(presented.issuer.as_str())?, tenant(nearest.issuer.as_str())?);
    if own != trusted {
        return Some(
            "the managed identity and the application that trusts it must lie in the same tenant".to_owned(),
        );
    }
    configured.parse::<Guid>().ok()?;
    let is_client = ["appid", "azp"].iter().any(|name| presented.claim(name) == Some(configured));
    let may = if is_client { "is" } else { "may be" };
    (configured != presented.subject.as_str()).then(|| {
        format!(
            "the token carries the object (principal) id of the managed identity; `{}` {may} its client id",
            visible(configured)
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const AUDIENCE: &str = "api://AzureADTokenExchange";
    const ENTRA: &str = "https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0";
    const NUMBERED: &str = "/eid1/c/pub/t/v4j5cvGGr0GRqy180BHbRw/a/rISbSSETf0KqFyZ8ppdXmA/sc/16b3c013-d300-468d-ac64-7eda0820b6d3/5b404cf4-a79d-4cfe-b866-24bf8e1a4921";

    fn said(token: [&str; 3], credential: [&str; 3]) -> String {
        let ([issuer, subject, audience], trusted) = (token, credential);
        let nearest = Credential::exact("one", trusted[0], trusted[1], trusted[2]);
        remark(&Presented::new(issuer, subject, audience), &nearest).unwrap_or_default()
    }

    #[test]
    fn each_platform_has_its_habit() {
        let google = "https://accounts.google.com";
        let sts = "https://1.tokens.sts.global.api.aws";
        let cognito = "https://cognito-identity.amazonaws.com";
        let cluster = "https://oidc.example/1/";
        let account = "system:serviceaccount:shop:api";
        let tenant = "https://login.microsoftonline.com/11111111-1111-4111-8111-111111111111/v2.0";
        let (one, two) = ("11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222");
        for (token, credential, told) in [
            ([google, "1", AUDIENCE], [google, "a@b.iam.gserviceaccount.com", AUDIENCE], "digits"),
            (
                [sts, "arn:aws:iam::1:role/a", AUDIENCE],
                [sts, "arn:aws:sts::1:assumed-role/a/s", AUDIENCE],
                "never that of a session",
            ),
            (
                [cognito, "eu-west-1:1", "eu-west-1:2"],
                [cognito, "eu-west-1:1", AUDIENCE],
                "is its identity pool",
            ),
            (
                [cluster, account, "https://kubernetes.default.svc"],
                [cluster, account, AUDIENCE],
                "for its own cluster",
            ),
            (
                [cluster, account, AUDIENCE],
                [cluster, "shop/api", AUDIENCE],
                "system:serviceaccount:NAMESPACE:NAME",
            ),
            (
                ["https://o.example", "spiffe://o/a", AUDIENCE],
                ["https://o.example", "o/a", AUDIENCE],
                "the whole SPIFFE id",
            ),
            (
                [ENTRA, NUMBERED, AUDIENCE],
                ["https://vstoken.dev.azure.com/1", "sc://o/p/c", AUDIENCE],
                "presents the new form",
            ),
            (
                ["https://vstoken.dev.azure.com/1", "sc://o/p/c", AUDIENCE],
                [ENTRA, NUMBERED, AUDIENCE],
                "presents the old form",
            ),
            ([ENTRA, one, AUDIENCE], [ENTRA, two, AUDIENCE], "may be its client id"),
            ([ENTRA, one, AUDIENCE], [tenant, one, AUDIENCE], "the same tenant"),
        ] {
            let said = said(token, credential);
            assert!(said.contains(told), "{told}: {said}");
        }
    }

    #[test]
    fn a_token_that_names_its_client_makes_the_remark_sure() {
        let mut presented = Presented::new(ENTRA, "principal", AUDIENCE);
        let client = "22222222-2222-4222-8222-222222222222";
        presented.claims.insert("azp".into(), client.into());
        let nearest = Credential::exact("one", ENTRA, client, AUDIENCE);
        assert!(remark(&presented, &nearest).unwrap().contains("is its client id"));
    }

    #[test]
    fn where_nobody_errs_by_habit_nothing_is_said() {
        let github = "https://token.actions.githubusercontent.com";
        assert_eq!(said([github, "repo:o/r:ref:x", AUDIENCE], [github, "repo:o/r:ref:y", AUDIENCE]), "");
        let google = "https://accounts.google.com";
        assert_eq!(said([google, "1", AUDIENCE], [google, "2", AUDIENCE]), "");
    }
}
