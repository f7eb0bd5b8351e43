//! What a token means, in words: its issuer, its subject, and its moments.

use crate::{
    id::visible,
    issuer::{Connection, Outcome, Reading, github::Instance, span},
};

/// The word for an outcome, what was found, and the code that Entra answers.
pub(super) fn outcome(outcome: &Outcome) -> (&'static str, &str, Option<u32>) {
    match outcome {
        Outcome::Good(found) => ("good", found, None),
        Outcome::Bad(found, code) => ("bad", found, *code),
        Outcome::Unknown(found) => ("unknown", found, None),
    }
}

/// What issuer and subject mean, a line each.
pub(super) fn meaning(reading: &Reading) -> Vec<String> {
    match reading {
        Reading::Github(instance) => vec![github(instance)],
        Reading::Kubernetes { namespace, name, slash } => {
            let account =
                format!("service account `{}` in the namespace `{}` of a Kubernetes cluster", visible(name), visible(namespace));
            let ends = if *slash { "ends in a slash: so must that of the credential" } else { "has no slash at its end" };
            vec![account, format!("the issuer {ends}")]
        }
        Reading::Google { email } => {
            let who = email.as_deref().map_or_else(String::new, |email| format!(" {}", visible(email)));
            vec![format!("service account{who} of Google Cloud; the subject is its unique id, not its address")]
        }
        Reading::AzurePipelines(connection) => pipelines(connection),
        Reading::AwsRole => vec!["a role of AWS; the subject is its ARN as IAM shows it, whatever session asked".to_owned()],
        Reading::Cognito => vec![
            "an identity of a Cognito identity pool".to_owned(),
            "the audience is the pool, and no request can change it: so must be that of the credential".to_owned(),
        ],
        Reading::Spiffe { domain } => {
            vec![format!("a workload of the SPIFFE trust domain `{}`", visible(domain))]
        }
        Reading::Entra { tenant, .. } => vec![
            format!("an identity of the Entra tenant {}", visible(tenant)),
            "the subject is its object (principal) id, not its client id; the application must be registered in the same tenant".to_owned(),
        ],
    }
}

fn github(instance: &Instance) -> String {
    match instance {
        Instance::Cloud => "a job on github.com".to_owned(),
        Instance::Enterprise { slug } => {
            format!(
                "a job of the enterprise `{}` on github.com, which names itself in the issuer",
                visible(slug)
            )
        }
        Instance::DataResidency { subdomain, .. } => format!("a job on {}.ghe.com", visible(subdomain)),
        Instance::Server { host } => format!("a job on the GitHub Enterprise Server {}", visible(host)),
    }
}

fn pipelines(connection: &Connection) -> Vec<String> {
    match connection {
        Connection::Named { organization, project, connection } => vec![
            format!(
                "service connection `{}` in the project `{}` of the organization `{}` in Azure DevOps",
                visible(connection),
                visible(project),
                visible(organization)
            ),
            "the old form: it changes when one of the three is renamed".to_owned(),
        ],
        Connection::Numbered { tenant, organization, connection } => vec![
            format!("service connection {connection} of the organization {organization} in Azure DevOps"),
            format!("behind /eid1/ the tenant {tenant} and Azure DevOps itself are written as packed GUIDs"),
        ],
    }
}

/// A moment, and how far it is from `now`. Both in seconds since 1970.
pub(super) fn moment(at: i64, now: i64) -> String {
    let shown = jiff::Timestamp::from_second(at).map_or_else(|_| at.to_string(), |time| time.to_string());
    match at.checked_sub(now) {
        Some(0) => format!("{shown}, now"),
        Some(left) if left > 0 => format!("{shown}, in {}", span(left)),
        Some(_) | None => format!("{shown}, {} ago", span(now.saturating_sub(at))),
    }
}
