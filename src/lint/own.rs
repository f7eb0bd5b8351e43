//! Subjects that name this repository, in whichever form.

use super::Facts;
use crate::{issuer::github::Prefix, trust::Field};

/// What stands behind the repository in `subject`, colon included, if it names the repository of `prefix` in the name form or with any numbers.
#[must_use]
pub fn own_context<'a>(subject: &'a str, prefix: &Prefix) -> Option<&'a str> {
    let repository = prefix.repository()?;
    let rest = subject.strip_prefix("repo:")?;
    let (path, _) = rest.split_once(':')?;
    let (owner, name) = path.split_once('/')?;
    let plain = |text: &'a str| text.split_once('@').map_or(text, |(name, _)| name);
    let own = plain(owner) == repository.owner() && plain(name) == repository.name();
    own.then(|| rest.get(path.len()..)).flatten()
}

impl Facts<'_> {
    /// True when some definition has exactly this subject.
    #[must_use]
    pub fn trusts(&self, subject: &str) -> bool {
        self.definitions
            .iter()
            .any(|definition| definition.texts(Field::Subject).any(|(text, _)| text == subject))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_the_repository_are_its_own_and_no_other_is() {
        let prefix: Prefix = "repo:octo@1/app@2".parse().unwrap();
        assert_eq!(own_context("repo:octo/app:pull_request", &prefix), Some(":pull_request"));
        assert_eq!(own_context("repo:octo@9/app@8:ref:refs/heads/a:b", &prefix), Some(":ref:refs/heads/a:b"));
        assert_eq!(own_context("repo:octo/app2:pull_request", &prefix), None);
        assert_eq!(own_context("repo:Octo/app:pull_request", &prefix), None);
    }
}
