//! The environment variables that lead clients to a running emulator.

use super::{
    amazon_metadata::{CONTAINER, CONTAINER_PROOF},
    azure_pipelines,
    running::Emulator,
};

/// Variables and their values.
type Variables = Vec<(&'static str, String)>;

impl Emulator {
    /// Those of every client, but for the ones about the certificate.
    #[must_use]
    pub fn environment(&self) -> Variables {
        let state = self.state();
        let first = state.applications.first().map(|app| app.client_id.clone());
        let tenant = state.tenants.first().map(|tenant| tenant.id.clone());
        vec![
            ("ACTIONS_ID_TOKEN_REQUEST_URL", self.token_request_url()),
            ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", state.github.request_token),
            ("GITHUB_API_URL", self.github_api_url()),
            ("AZURE_AUTHORITY_HOST", self.url().to_owned()),
            ("AZURE_TENANT_ID", tenant.unwrap_or_default()),
            ("AZURE_CLIENT_ID", first.unwrap_or_default()),
        ]
    }

    /// Those of a workload of the source `name`; none for one that needs none.
    #[must_use]
    pub fn source_environment(&self, name: &str) -> Variables {
        let workloads = self.state().workloads;
        let url = self.url();
        let host = url.split_once("://").map_or(url, |(_, host)| host).to_owned();
        match name {
            "azure-pipelines" => vec![
                ("SYSTEM_OIDCREQUESTURI", format!("{url}{}", azure_pipelines::TOKEN_REQUEST)),
                ("SYSTEM_ACCESSTOKEN", workloads.pipeline.system_token),
                ("AZURESUBSCRIPTION_SERVICE_CONNECTION_ID", workloads.pipeline.connection),
            ],
            "aws" => [self.aws_endpoints(), self.aws_key()].concat(),
            "spiffe" => vec![("SPIFFE_ENDPOINT_SOCKET", self.workload_api())],
            "google" => vec![("GCE_METADATA_HOST", host)],
            "managed-identity" => vec![("AZURE_POD_IDENTITY_AUTHORITY_HOST", url.to_owned())],
            _ => Vec::new(),
        }
    }

    /// Those that lead a workload on AWS to STS and Cognito here, without saying who it is.
    #[must_use]
    pub fn aws_endpoints(&self) -> Variables {
        vec![
            ("AWS_ENDPOINT_URL_STS", format!("{}/aws/sts", self.url())),
            ("AWS_ENDPOINT_URL_COGNITO_IDENTITY", format!("{}/aws/cognito", self.url())),
            ("AWS_REGION", self.state().amazon.region),
        ]
    }

    /// Those of the container's endpoint, which knows the key of the role.
    #[must_use]
    pub fn aws_container(&self) -> Variables {
        vec![
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", format!("{}{CONTAINER}", self.url())),
            ("AWS_CONTAINER_AUTHORIZATION_TOKEN", CONTAINER_PROOF.to_owned()),
        ]
    }

    fn aws_key(&self) -> Variables {
        let amazon = self.state().amazon;
        vec![("AWS_ACCESS_KEY_ID", amazon.access_key), ("AWS_SECRET_ACCESS_KEY", amazon.secret_key)]
    }
}
