//! What a service account token of Kubernetes says: the cluster's issuer and `system:serviceaccount:NAMESPACE:NAME`.
//!
//! Source: <https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/>.

/// The parts of the subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServiceAccount<'a> {
    /// The namespace.
    pub namespace: &'a str,
    /// The name inside the namespace.
    pub name: &'a str,
}

impl<'a> ServiceAccount<'a> {
    /// Reads a subject.
    #[must_use]
    pub fn read(subject: &'a str) -> Option<Self> {
        let (namespace, name) = subject.strip_prefix("system:serviceaccount:")?.split_once(':')?;
        let whole = !namespace.is_empty() && !name.is_empty() && !name.contains(':');
        whole.then_some(Self { namespace, name })
    }

    /// The subject of this account.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("system:serviceaccount:{}:{}", self.namespace, self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_goes_there_and_back_and_half_of_one_is_none() {
        let subject = "system:serviceaccount:shop:api";
        let account = ServiceAccount::read(subject).unwrap();
        assert_eq!((account.namespace, account.name, account.subject().as_str()), ("shop", "api", subject));
        for odd in ["system:serviceaccount:shop", "system:serviceaccount::api", "system:node:a", "shop:api"] {
            assert_eq!(ServiceAccount::read(odd), None, "{odd}");
        }
    }
}
