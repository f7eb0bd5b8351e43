//! How two issuers differ, and how two audiences do.

use super::{
    cause::{Cause, Difference},
    subject::differ_by_blanks,
};
use crate::id::Cloud;

/// The issuer of github.com; an enterprise of its own has its name behind it.
///
/// Source: <https://docs.github.com/enterprise-cloud@latest/actions/reference/security/oidc>.
const GITHUB: &str = "https://token.actions.";

/// How the issuers differ, if they do.
pub(super) fn issuer(presented: &str, configured: &str) -> Option<Difference> {
    let plain = |text: &str| text.trim().trim_end_matches('/').to_owned();
    let cause = if presented == configured {
        return None;
    } else if presented.trim_end_matches('/') == configured.trim_end_matches('/') {
        Cause::IssuerSlash
    } else if differ_by_blanks(presented, configured) || plain(presented) == plain(configured) {
        Cause::IssuerWhitespace
    } else if enterprise_base(presented).is_some()
        && enterprise_base(presented) == enterprise_base(configured)
    {
        Cause::IssuerEnterprise
    } else {
        Cause::IssuerUnknown
    };
    Some(Difference::new("issuer", presented, configured, cause))
}

/// GitHub's issuer without the name of an enterprise.
fn enterprise_base(issuer: &str) -> Option<&str> {
    let rest = issuer.strip_prefix(GITHUB)?;
    let host = rest.split('/').next()?;
    let slugs = rest.strip_prefix(host)?.trim_matches('/');
    let known = host == "githubusercontent.com" || host.ends_with(".ghe.com");
    (known && !slugs.contains('/')).then(|| issuer.get(..GITHUB.len() + host.len())).flatten()
}

/// How the audiences differ, if they do.
pub(super) fn audience(presented: &str, configured: &str) -> Option<Difference> {
    let both_clouds = Cloud::of_audience(presented).is_some() && Cloud::of_audience(configured).is_some();
    let cause = if both_clouds { Cause::AudienceCloud } else { Cause::AudienceOther };
    (presented != configured).then(|| Difference::new("audience", presented, configured, cause))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn issuers_differ_by_slash_blank_enterprise_or_altogether() {
        let github = "https://token.actions.githubusercontent.com";
        let cause = |one: &str, other: &str| issuer(one, other).map(|difference| difference.cause);
        assert_eq!(cause(github, github), None);
        assert_eq!(cause(github, &format!("{github}/")), Some(Cause::IssuerSlash));
        assert_eq!(cause(github, &format!("{github} ")), Some(Cause::IssuerWhitespace));
        assert_eq!(cause(github, &format!(" {github}/")), Some(Cause::IssuerWhitespace));
        assert_eq!(cause(github, &format!("{github}/acme")), Some(Cause::IssuerEnterprise));
        assert_eq!(
            cause(&format!("{github}/acme"), &format!("{github}/other")),
            Some(Cause::IssuerEnterprise)
        );
        assert_eq!(cause(github, "https://gitlab.com"), Some(Cause::IssuerUnknown));
        assert_eq!(cause(github, "https://token.actions.x.ghe.com"), Some(Cause::IssuerUnknown));
    }

    #[test]
    fn audiences_of_two_clouds_are_told_apart_from_foreign_ones() {
        let cause = |one: &str, other: &str| audience(one, other).map(|difference| difference.cause);
        let public = "api://AzureADTokenExchange";
        assert_eq!(cause(public, "api://AzureADTokenExchangeUSGov"), Some(Cause::AudienceCloud));
        assert_eq!(cause("https://github.com/octo", public), Some(Cause::AudienceOther));
        assert_eq!(cause(public, public), None);
    }
}
