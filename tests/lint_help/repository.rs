//! A small repository with one job, and what the program says about it.

use std::fmt::Write as _;

use fedcred::{
    cli::{self, Exit},
    host::{Files, Host, Stream},
};
use serde_json::Value;

pub(crate) const ISSUER: &str = "https://token.actions.githubusercontent.com";
pub(crate) const AUDIENCE: &str = "api://AzureADTokenExchange";
const WORKFLOW: &str = ".github/workflows/deploy.yml";

#[derive(Clone, Debug)]
pub(crate) struct Credential {
    pub(crate) name: String,
    pub(crate) issuer: String,
    pub(crate) subject: String,
    pub(crate) audience: String,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Language {
    Json,
    Terraform,
    Bicep,
}

#[derive(Clone, Debug)]
pub(crate) struct Repository {
    pub(crate) event: &'static str,
    pub(crate) environment: Option<String>,
    pub(crate) permissions: &'static str,
    pub(crate) audience: Option<String>,
    pub(crate) prefix: Option<&'static str>,
    pub(crate) template: &'static str,
    pub(crate) language: Language,
    pub(crate) credentials: Vec<Option<Credential>>,
}

impl Repository {
    pub(crate) fn files(&self) -> Vec<(String, String)> {
        let mut files = vec![(WORKFLOW.to_owned(), self.workflow())];
        let mut configuration = "repository:\n  default-branch: main\n  id: 2\n  owner-id: 1\n".to_owned();
        if let Some(prefix) = self.prefix {
            writeln!(configuration, "  subject-prefix: {prefix}").unwrap();
        }
        if !self.template.is_empty() {
            writeln!(configuration, "  template: [{}]", self.template).unwrap();
        }
        files.push((".github/fedcred.yml".to_owned(), configuration));
        for (at, credential) in self.credentials.iter().enumerate() {
            if let Some(credential) = credential {
                files.push(self.definition(at, credential));
            }
        }
        files
    }

    fn workflow(&self) -> String {
        let condition = match self.event {
            "  workflow_dispatch:\n" => "    if: github.ref == 'refs/heads/main'\n",
            _ => "",
        };
        let quoted = |text: &String| serde_json::to_string(text).unwrap();
        let environment = self
            .environment
            .iter()
            .map(|name| format!("    environment: {}\n", quoted(name)))
            .collect::<String>();
        let audience = self
            .audience
            .iter()
            .map(|text| format!("          audience: {}\n", quoted(text)))
            .collect::<String>();
        format!(
            "on:\n{}{}jobs:\n  deploy:\n    runs-on: ubuntu-latest\n{condition}{environment}    steps:\n      - uses: azure/login@v3\n        \
             with:\n          client-id: ${{{{ vars.AZURE_CLIENT_ID }}}}\n          tenant-id: ${{{{ vars.AZURE_TENANT_ID }}}}\n{audience}",
            self.event, self.permissions,
        )
    }

    fn definition(&self, at: usize, credential: &Credential) -> (String, String) {
        let Credential { name, issuer, subject, audience } = credential;
        let json = |text: &str| serde_json::to_string(text).unwrap();
        let hcl = |text: &str| json(text).replace("${", "$${").replace("%{", "%%{");
        let bicep = |text: &str| {
            let escape = |c: char| match c {
                '\'' | '\\' => format!("\\{c}"),
                '$' => "\\$".to_owned(),
                c if c.is_control() || fedcred::id::visible(c.encode_utf8(&mut [0; 4])) != c.to_string() => {
                    format!("\\u{{{:x}}}", u32::from(c))
                }
                c => c.to_string(),
            };
            format!("'{}'", text.chars().map(escape).collect::<String>())
        };
        match self.language {
            Language::Json => (
                format!("fic/{at}.json"),
                format!(
                    "{{\n  \"name\": {},\n  \"issuer\": {},\n  \"subject\": {},\n  \"audiences\": [{}]\n}}\n",
                    json(name),
                    json(issuer),
                    json(subject),
                    json(audience)
                ),
            ),
            Language::Terraform => (
                format!("fic/{at}.tf"),
                format!(
                    "resource \"azuread_application_federated_identity_credential\" \"fic{at}\" {{\n  application_id = \"/applications/1\"\n  \
                     display_name   = {}\n  issuer         = {}\n  subject        = {} # the job\n  audiences      = [{}]\n}}\n",
                    hcl(name),
                    hcl(issuer),
                    hcl(subject),
                    hcl(audience)
                ),
            ),
            Language::Bicep => (
                format!("fic/{at}.bicep"),
                format!(
                    "resource app 'Microsoft.Graph/applications@v1.0' = {{\n  displayName: 'a'\n  uniqueName: 'a'\n  resource fic{at} \
                     'federatedIdentityCredentials@v1.0' = {{\n    name: {}\n    issuer: {}\n    subject: {} // the job\n    audiences: [\n      {}\n    ]\n  }}\n}}\n",
                    bicep(name),
                    bicep(issuer),
                    bicep(subject),
                    bicep(audience)
                ),
            ),
        }
    }

    /// The credential that a finding is about: every definition has a file of its own.
    pub(crate) fn meant(&mut self, path: &str) -> Option<&mut Option<Credential>> {
        let at: usize = path.strip_prefix("fic/")?.split('.').next()?.parse().ok()?;
        self.credentials.get_mut(at)
    }

    pub(crate) fn named(&mut self, name: &str) -> Option<&mut Credential> {
        self.credentials.iter_mut().flatten().find(|credential| credential.name == name)
    }
}

pub(crate) fn run(files: &[(String, String)], words: &[&str]) -> (Exit, Host) {
    let files = files.iter().map(|(path, text)| (path.as_str(), text.as_str()));
    let host = Host { files: Files::fake(files), ..Host::fake() };
    let exit = cli::run(["fedcred", "--offline"].iter().chain(words).map(Into::into), &host);
    (exit, host)
}

/// The findings that fail a run.
pub(crate) fn findings(files: &[(String, String)]) -> Vec<Value> {
    let (exit, host) = run(files, &["lint", "--repository", "octo/app", "--format", "json"]);
    let out = host.console.written(Stream::Out);
    let document: Value =
        serde_json::from_str(&out).unwrap_or_else(|_| panic!("{}", host.console.written(Stream::Err)));
    let all = document["findings"].as_array().unwrap().clone();
    let loud: Vec<Value> = all.into_iter().filter(|finding| finding["severity"] != "note").collect();
    assert_eq!(exit == Exit::No, !loud.is_empty(), "{out}");
    loud
}

/// What the job presents, as the preview tells it.
pub(crate) fn presented(files: &[(String, String)]) -> String {
    let (_, host) = run(files, &["preview", "--repository", "octo/app", "--format", "json"]);
    let document: Value = serde_json::from_str(&host.console.written(Stream::Out)).unwrap();
    let subject = document["subjects"][0]["subject"].as_str().unwrap_or_default();
    // A template that asks for an environment has no text to give before the job names one.
    subject.replace("{environment}", "prod")
}
