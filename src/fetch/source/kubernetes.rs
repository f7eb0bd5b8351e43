//! Kubernetes: the service account token that the kubelet writes into the pod and renews there.
//!
//! It is read anew every time, since the kubelet replaces it after 80 % of its life.
//!
//! Source: <https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/>, Azure/azure-workload-identity
//! `pkg/webhook/consts.go`.

use std::path::{Path, PathBuf};

use thiserror::Error;

use super::{
    Announcement, Ask, Detection,
    token::{TokenError, TokenPlace, read},
};
use crate::{host::Host, issuer::TOKEN_LIMIT, secret::Assertion};

const FILE: &str = "AZURE_FEDERATED_TOKEN_FILE";

/// Where the webhook of Azure mounts the token: since version 1.6.0, and before.
///
/// Source: Azure/azure-workload-identity#1720.
const MOUNTS: [&str; 2] = [
    "/var/run/secrets/azure/wi/token/azure-identity-token",
    "/var/run/secrets/azure/tokens/azure-identity-token",
];

/// The token that every pod has for talking to its own cluster; its audience is the cluster's.
const OWN: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

/// Why there is no token.
#[derive(Debug, Error)]
pub enum KubernetesError {
    /// A pod without the volume.
    #[error(
        "this pod has no token for Azure: {FILE} is not set and nothing is mounted at {}; label the pod `azure.workload.identity/use: \"true\"`, or mount a projected serviceAccountToken. To try it from outside: kubectl create token SERVICE-ACCOUNT -n NAMESPACE --audience {audience} | fedcred assertion --token-file -",
        MOUNTS[0]
    )]
    NoVolume {
        /// The audience that is wanted.
        audience: String,
    },
    /// The file cannot be used.
    #[error(
        "{0}; the kubelet writes it when the pod starts: look at the pod's volumes and its securityContext.fsGroup"
    )]
    File(TokenError),
}

/// Sure where the variable is set or the webhook's file is there.
pub(super) fn detect(host: &Host) -> Detection {
    if let Some(path) = host.env.var(FILE) {
        return if is_our_own(host, &path) {
            Detection::Absent(format!("{FILE} names the file that an earlier step of fedcred wrote"))
        } else {
            Detection::Present(format!("{FILE} is set"))
        };
    }
    if let Some(path) = mounted(host) {
        return Detection::Present(format!("{path} is mounted"));
    }
    if host.env.var("KUBERNETES_SERVICE_HOST").is_some() {
        return Detection::Possible("this is a pod, but no token for Azure is mounted".to_owned());
    }
    Detection::Absent(format!("{FILE} is not set"))
}

/// Names the namespace where the pod knows it.
pub(super) fn announce(host: &Host, ask: &Ask<'_>) -> Announcement {
    let namespace = host.files.read(&Path::new(OWN).join("namespace"), 256).ok();
    let namespace = namespace.and_then(|bytes| String::from_utf8(bytes).ok());
    let namespace = namespace.as_deref().map_or("{namespace}", str::trim);
    Announcement {
        issuer: "{issuer of the cluster, often with a slash at its end}".to_owned(),
        subject: format!("system:serviceaccount:{namespace}:{{service account}}"),
        audience: ask.audience.to_string(),
    }
}

pub(super) fn token(host: &Host, ask: &Ask<'_>) -> Result<Assertion, KubernetesError> {
    let path = host.env.var(FILE).or_else(|| mounted(host).map(str::to_owned));
    let none = || KubernetesError::NoVolume { audience: ask.audience.to_string() };
    let path = path.ok_or_else(none)?;
    read(host, &TokenPlace::File(PathBuf::from(path))).map_err(KubernetesError::File)
}

fn mounted(host: &Host) -> Option<&'static str> {
    MOUNTS.into_iter().find(|path| host.files.read(Path::new(path), TOKEN_LIMIT as u64).is_ok())
}

/// `login --export sdk` sets the variable too, for the later steps of a GitHub job.
fn is_our_own(host: &Host, path: &str) -> bool {
    let path = Path::new(path);
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let folder = host.env.var("RUNNER_TEMP");
    folder.is_some_and(|folder| path.parent() == Some(Path::new(&folder))) && name.starts_with("fedcred-")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{
        entra::Patience,
        fetch::source::Given,
        host::{Env, Files},
        id::Audience,
    };

    fn ask(host: &Host) -> Result<Assertion, String> {
        let audience = Audience::new("api://AzureADTokenExchange");
        let patience = Patience { budget: Duration::from_secs(1), just_created: false };
        let ask = Ask { audience: &audience, patience, signing_in: None, given: &Given::default() };
        token(host, &ask).map_err(|error| error.to_string())
    }

    #[test]
    fn both_mounts_of_the_webhook_are_found_and_the_variable_wins() {
        for path in MOUNTS {
            let host = Host { files: Files::fake([(path, "a.b.c")]), ..Host::fake() };
            assert!(matches!(detect(&host), Detection::Present(_)));
            assert_eq!(ask(&host).unwrap().reveal(), "a.b.c");
        }
        let host = Host {
            env: Env::fake([(FILE, "elsewhere")]),
            files: Files::fake([(MOUNTS[0], "a.b.c"), ("elsewhere", "d.e.f\n")]),
            ..Host::fake()
        };
        assert_eq!(ask(&host).unwrap().reveal(), "d.e.f");
    }

    #[test]
    fn a_pod_without_the_volume_is_told_how_to_get_one_and_how_to_try() {
        let host = Host { env: Env::fake([("KUBERNETES_SERVICE_HOST", "10.0.0.1")]), ..Host::fake() };
        assert!(matches!(detect(&host), Detection::Possible(_)));
        let message = ask(&host).unwrap_err();
        assert!(message.contains("azure.workload.identity/use"), "{message}");
        assert!(message.contains(
            "kubectl create token SERVICE-ACCOUNT -n NAMESPACE --audience api://AzureADTokenExchange"
        ));
    }
}
