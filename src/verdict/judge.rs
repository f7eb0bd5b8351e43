//! The sieve: issuer, then audience, then subject. What is left over takes the token; what is not is explained.

use super::{
    cause::{Cause, Difference},
    flexible::Answer,
    index::OfIssuer,
    nearest,
    trusted::{Decision, Trusted, answer},
};
use crate::{issuer::Presented, trust::Credential};

/// What Entra would answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// This credential takes the token.
    Accepted(Box<Credential>),
    /// No credential takes it.
    Refused(Box<Refused>),
    /// It hangs on these unknowns.
    Depends(Vec<String>),
}

impl Verdict {
    /// The word used in every output.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Accepted(_) => "accepted",
            Self::Refused(_) => "refused",
            Self::Depends(_) => "depends",
        }
    }

    /// True where a credential takes the token.
    #[must_use]
    pub const fn is_accepted(&self) -> bool {
        matches!(self, Self::Accepted(_))
    }
}

/// Why no credential takes the token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The first cause, in the order issuer, audience, subject.
    pub cause: Cause,
    /// The credential that was probably meant.
    pub nearest: Option<Credential>,
    /// Everything in which that one differs.
    pub differences: Vec<Difference>,
    /// The AADSTS code that Entra will answer with, where it can be told.
    pub entra_code: Option<u32>,
}

/// Judges one token against `credentials`. To judge many, build a [`Trusted`] once.
#[must_use]
pub fn judge(presented: &Presented, credentials: &[Credential]) -> Verdict {
    Trusted::new(credentials.to_vec()).judge(presented)
}

impl Trusted {
    /// Judges one token, and explains a refusal.
    #[must_use]
    pub fn judge(&self, presented: &Presented) -> Verdict {
        match self.decide(presented) {
            Decision::Accepted(credential) => Verdict::Accepted(Box::new(credential.clone())),
            Decision::Depends(unknowns) => Verdict::Depends(unknowns),
            Decision::Refused => Verdict::Refused(Box::new(self.explain(presented))),
        }
    }

    fn explain(&self, presented: &Presented) -> Refused {
        let takers = self.index().takers(presented, |at| self.candidate(at));
        let entra_code = self.entra_code(presented, &takers);
        match nearest::nearest(self, presented, &takers) {
            None => {
                Refused { cause: Cause::NoCredentials, nearest: None, differences: Vec::new(), entra_code }
            }
            Some((nearest, differences)) => Refused {
                cause: differences.first().map_or(Cause::SubjectOther, |difference| difference.cause),
                nearest: Some(nearest.clone()),
                differences,
                entra_code,
            },
        }
    }

    /// The code that Entra answers with. Whether it looks at the subject or at the audience first is not known, so there is none
    /// where both can be blamed. `takers` are the numbers of the candidates that do not refuse the subject.
    ///
    /// Source: the texts of the codes, <https://learn.microsoft.com/entra/identity-platform/reference-error-codes>, and the reports in
    /// Azure/login#517 (7002138) and Azure/azure-cli#32816 (7002131).
    fn entra_code(&self, presented: &Presented, takers: &[usize]) -> Option<u32> {
        if self.is_empty() {
            return Some(70025);
        }
        let Some(of_issuer) = self.index().of_issuer(&presented.issuer) else { return Some(700_211) };
        let audience = of_issuer.audiences.contains(&presented.audience);
        let subject = takers
            .iter()
            .filter_map(|at| self.candidate(*at))
            .any(|one| one.issuer == presented.issuer && matches!(answer(one, presented), Answer::Accepts));
        match (audience, subject) {
            (false, true) => Some(700_212),
            (true, false) => Some(subject_code(of_issuer, presented)),
            (false, false) | (true, true) => None,
        }
    }
}

/// The code where no subject of this issuer fits.
fn subject_code(of_issuer: &OfIssuer, presented: &Presented) -> u32 {
    if presented.subject.as_str().starts_with("/eid1/") {
        7_002_137
    } else if of_issuer.has_ignoring_case(&presented.subject) {
        7_002_138
    } else if of_issuer.has_flexible {
        7_002_131
    } else {
        700_213
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trust::Matcher;

    const GITHUB: &str = "https://token.actions.githubusercontent.com";
    const AUDIENCE: &str = "api://AzureADTokenExchange";
    const MAIN: &str = "repo:o/r:ref:refs/heads/main";

    fn token(subject: &str) -> Presented {
        Presented::new(GITHUB, subject, AUDIENCE)
    }

    fn refused(presented: &Presented, credentials: &[Credential]) -> Refused {
        match judge(presented, credentials) {
            Verdict::Refused(refused) => *refused,
            other @ (Verdict::Accepted(_) | Verdict::Depends(_)) => panic!("{other:?}"),
        }
    }

    fn flexible(name: &str, expression: &str) -> Credential {
        let matcher = Matcher::Flexible(expression.parse().unwrap());
        Credential { matcher, ..Credential::exact(name, GITHUB, "", AUDIENCE) }
    }

    #[test]
    fn the_credential_that_takes_the_token_is_named() {
        let other = Credential::exact("other", GITHUB, MAIN, "x");
        let right = Credential::exact("right", GITHUB, MAIN, AUDIENCE);
        let verdict = judge(&token(MAIN), &[other, right.clone()]);
        assert_eq!(verdict, Verdict::Accepted(Box::new(right)));
    }

    #[test]
    fn nothing_trusted_is_a_cause_of_its_own() {
        let found = refused(&token(MAIN), &[]);
        assert_eq!((found.cause, found.entra_code, found.nearest), (Cause::NoCredentials, Some(70025), None));
    }

    #[test]
    fn the_code_follows_the_whole_set_and_is_open_where_two_claims_can_be_blamed() {
        let slash = Credential::exact("a", format!("{GITHUB}/"), MAIN, AUDIENCE);
        let audience = Credential::exact("b", GITHUB, MAIN, "api://AzureADTokenExchangeUSGov");
        let case = Credential::exact("c", GITHUB, "repo:o/R:ref:refs/heads/main", AUDIENCE);
        let both = Credential::exact("d", GITHUB, "repo:o/r:pull_request", "x");
        let code = |set: &[&Credential]| {
            refused(&token(MAIN), &set.iter().map(|one| (*one).clone()).collect::<Vec<_>>()).entra_code
        };
        assert_eq!(code(&[&slash]), Some(700_211));
        assert_eq!(code(&[&audience]), Some(700_212));
        assert_eq!(code(&[&case]), Some(7_002_138));
        assert_eq!(code(&[&both]), None);
        assert_eq!(code(&[&audience, &case]), None);
    }

    #[test]
    fn the_nearest_differs_in_the_fewest_claims_then_has_the_same_kind_then_the_smallest_edit() {
        let set = [
            Credential::exact("pull", GITHUB, "repo:o/r:pull_request", AUDIENCE),
            Credential::exact("far", GITHUB, "repo:other/name:environment:prod", AUDIENCE),
            Credential::exact("near", GITHUB, "repo:o/r:environment:prod", AUDIENCE),
            Credential::exact("twice", GITHUB, "repo:o/r:environment:production-eu", "x"),
        ];
        let found = refused(&token("repo:o/r:environment:production-eu"), &set);
        assert_eq!(found.nearest.unwrap().name, "twice");
        assert_eq!(found.cause, Cause::AudienceOther);
        let found = refused(&token("repo:o/r:environment:produce"), &set);
        assert_eq!(found.nearest.unwrap().name, "near");
    }

    #[test]
    fn an_expression_takes_refuses_or_depends() {
        let set = [flexible(
            "tags",
            "claims['sub'] matches 'repo:o/r:ref:refs/tags/*' and claims['repository_id'] eq '2'",
        )];
        let mut tag = token("repo:o/r:ref:refs/tags/v1");
        assert!(
            matches!(judge(&tag, &set), Verdict::Depends(unknowns) if unknowns[0].contains("repository_id"))
        );
        tag.claims.insert("repository_id".into(), "2".into());
        assert!(judge(&tag, &set).is_accepted());
        let found = refused(&token(MAIN), &set);
        assert_eq!((found.cause, found.entra_code), (Cause::SubjectExpression, Some(7_002_131)));
        assert_eq!(found.differences[0].segment, "sub");
    }
}
