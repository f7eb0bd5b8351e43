//! What a token of Azure Pipelines says: a service connection, in the old form by names and in the new one by ids.
//!
//! Source: <https://learn.microsoft.com/azure/devops/pipelines/release/configure-workload-identity>.

use super::Eid1;

/// The old issuer, before the id of the organization.
const OLD: &str = "https://vstoken.dev.azure.com/";
/// The application Azure DevOps in every tenant, which stands in the new subject.
const AZURE_DEVOPS: &str = "499b84ac-1321-427f-aa17-267ca6975798";

/// A service connection, as a subject names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Connection {
    /// `sc://ORGANIZATION/PROJECT/CONNECTION`: by names, which change when something is renamed.
    Named {
        /// The organization.
        organization: String,
        /// The project.
        project: String,
        /// The service connection.
        connection: String,
    },
    /// `/eid1/.../sc/ORGANIZATION/CONNECTION`: by ids.
    Numbered {
        /// The tenant behind the organization.
        tenant: String,
        /// The id of the organization.
        organization: String,
        /// The id of the service connection.
        connection: String,
    },
}

impl Connection {
    /// Reads a subject of either form.
    #[must_use]
    pub fn read(subject: &str) -> Option<Self> {
        if let Some(names) = subject.strip_prefix("sc://") {
            let mut names = names.splitn(3, '/').map(str::to_owned);
            let (organization, project) = (names.next()?, names.next()?);
            return Some(Self::Named { organization, project, connection: names.next()? });
        }
        let eid1 = Eid1::read(subject).filter(|eid1| eid1.value("a") == Some(AZURE_DEVOPS))?;
        let value = |name| eid1.value(name).map(str::to_owned);
        Some(Self::Numbered {
            tenant: value("t")?,
            organization: value("sc")?,
            connection: value("connection")?,
        })
    }

    /// Whether `issuer` is the one that goes with this form of the subject.
    #[must_use]
    pub fn is_issued_by(&self, issuer: &str) -> bool {
        match self {
            Self::Named { .. } => issuer.starts_with(OLD),
            Self::Numbered { tenant, .. } => {
                super::entra_tenant(issuer).is_some_and(|id| id.eq_ignore_ascii_case(tenant))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEW: &str = "/eid1/c/pub/t/v4j5cvGGr0GRqy180BHbRw/a/rISbSSETf0KqFyZ8ppdXmA/sc/16b3c013-d300-468d-ac64-7eda0820b6d3/5b404cf4-a79d-4cfe-b866-24bf8e1a4921";

    #[test]
    fn both_forms_are_read_and_each_has_its_issuer() {
        let old = Connection::read("sc://octo/app/deploy to prod").unwrap();
        assert!(matches!(&old, Connection::Named { connection, .. } if connection == "deploy to prod"));
        assert!(old.is_issued_by("https://vstoken.dev.azure.com/16b3c013-d300-468d-ac64-7eda0820b6d3"));
        let new = Connection::read(NEW).unwrap();
        let issuer = "https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0";
        assert!(new.is_issued_by(issuer) && !old.is_issued_by(issuer));
        assert!(
            !new.is_issued_by("https://login.microsoftonline.com/11111111-86f1-41af-91ab-2d7cd011db47/v2.0")
        );
    }

    #[test]
    fn another_application_of_entra_is_no_pipeline() {
        assert_eq!(Connection::read(&NEW.replace("rISbSSETf0KqFyZ8ppdXmA", "9ExAW52n_ky4ZiS_jhpJIQ")), None);
        assert_eq!(Connection::read("sc://octo/app"), None);
    }
}
