//! What Entra lets a flexible expression say, by issuer, as data for rules.
//!
//! Source: <https://learn.microsoft.com/entra/workload-id/workload-identities-flexible-federated-identity-credentials>,
//! hashicorp/terraform-provider-azuread#1901 (ids wanted for GitHub and GitLab), #1807 (no Terraform Enterprise).

use super::expression::{Expression, Operator};
use crate::{id::Issuer, text::Span};

/// What one issuer's expressions may say and must say.
#[derive(Debug)]
pub struct IssuerRules {
    /// The issuer's name for people.
    pub name: &'static str,
    issuers: &'static [IssuerPattern],
    /// Claims that may be compared, each with its operators.
    pub claims: &'static [(&'static str, &'static [Operator])],
    /// What must be compared; each entry wants at least one of its claims.
    pub wanted: &'static [Wanted],
}

#[derive(Debug)]
enum IssuerPattern {
    Exact(&'static str),
    /// `https://gitlab.<anything>.com` and the like: the text before and behind one or more host labels.
    Between(&'static str, &'static str),
}

/// A claim, or one of several, that every new expression must compare.
#[derive(Debug, PartialEq, Eq)]
pub struct Wanted {
    /// At least one of these.
    pub any_of: &'static [&'static str],
    /// Asked for only where the comparand of `sub` starts with this text; empty: always.
    pub when_subject_starts: &'static str,
    /// Whether expressions made before the demand go on working, though they cannot be made again.
    pub new_only: bool,
}

/// What is wrong with an expression for its issuer. Spans count bytes inside the expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Complaint {
    /// The issuer is in no row of the table: Entra takes no flexible expression for it.
    IssuerNotListed,
    /// The claim may not be compared.
    ClaimNotListed {
        /// The claim.
        claim: String,
        /// Where its name stands.
        span: Span,
    },
    /// The claim may be compared, but not with this operator.
    OperatorNotListed {
        /// The claim.
        claim: String,
        /// The operator.
        operator: Operator,
        /// Where the operator stands.
        span: Span,
    },
    /// None of the wanted claims is compared.
    Missing(&'static Wanted),
    /// Two clauses are about one claim; what Entra makes of that is not known.
    Repeated {
        /// The claim.
        claim: String,
        /// Where the name stands again.
        span: Span,
    },
}

const BOTH: &[Operator] = &[Operator::Eq, Operator::Matches];
const EQ: &[Operator] = &[Operator::Eq];
const SUBJECT: Wanted = Wanted { any_of: &["sub"], when_subject_starts: "", new_only: false };

static RULES: [IssuerRules; 3] = [
    IssuerRules {
        name: "GitHub",
        issuers: &[IssuerPattern::Exact("https://token.actions.githubusercontent.com")],
        claims: &[
            ("sub", BOTH),
            ("job_workflow_ref", BOTH),
            ("repository_id", EQ),
            ("repository_owner_id", EQ),
        ],
        wanted: &[
            SUBJECT,
            Wanted {
                any_of: &["repository_id", "repository_owner_id"],
                when_subject_starts: "",
                new_only: true,
            },
        ],
    },
    IssuerRules {
        name: "GitLab",
        issuers: &[
            IssuerPattern::Exact("https://gitlab.com"),
            IssuerPattern::Between("https://gitlab.", ".com"),
            IssuerPattern::Between("https://gitlab.", ".ca"),
        ],
        claims: &[("sub", BOTH), ("project_id", EQ)],
        wanted: &[
            SUBJECT,
            Wanted { any_of: &["project_id"], when_subject_starts: "project_path:", new_only: true },
        ],
    },
    IssuerRules {
        name: "HCP Terraform",
        issuers: &[
            IssuerPattern::Exact("https://app.terraform.io"),
            IssuerPattern::Exact("https://app.eu.terraform.io"),
        ],
        claims: &[("sub", BOTH)],
        wanted: &[SUBJECT],
    },
];

/// The rules for expressions of `issuer`, compared byte for byte; `None` where Entra takes no expression for it.
#[must_use]
pub fn issuer_rules(issuer: &Issuer) -> Option<&'static IssuerRules> {
    RULES.iter().find(|rules| rules.issuers.iter().any(|pattern| pattern.admits(issuer.as_str())))
}

impl IssuerPattern {
    fn admits(&self, issuer: &str) -> bool {
        match self {
            Self::Exact(text) => issuer == *text,
            Self::Between(start, end) => {
                let middle = issuer.strip_prefix(start).and_then(|rest| rest.strip_suffix(end));
                middle.is_some_and(|host| !host.is_empty() && !host.contains(['/', ':', '?', '#']))
            }
        }
    }
}

impl Expression {
    /// Everything that Entra would not take in a new expression for `issuer`, in the order in which it stands.
    #[must_use]
    pub fn complaints(&self, issuer: &Issuer) -> Vec<Complaint> {
        let mut found = self.repeated();
        match issuer_rules(issuer) {
            None => found.push(Complaint::IssuerNotListed),
            Some(rules) => {
                found.extend(self.unlisted(rules));
                found.extend(rules.wanted.iter().filter(|wanted| self.lacks(wanted)).map(Complaint::Missing));
            }
        }
        found
    }

    fn repeated(&self) -> Vec<Complaint> {
        let again = self.clauses().iter().enumerate().filter(|(at, clause)| {
            self.clauses().iter().take(*at).any(|earlier| earlier.claim == clause.claim)
        });
        again
            .map(|(_, clause)| Complaint::Repeated { claim: clause.claim.clone(), span: clause.claim_span })
            .collect()
    }

    fn unlisted(&self, rules: &IssuerRules) -> Vec<Complaint> {
        let complaint = |clause: &super::Clause| {
            let claim = clause.claim.clone();
            match rules.claims.iter().find(|(name, _)| *name == clause.claim) {
                None => Some(Complaint::ClaimNotListed { claim, span: clause.claim_span }),
                Some((_, operators)) if operators.contains(&clause.operator) => None,
                Some(_) => Some(Complaint::OperatorNotListed {
                    claim,
                    operator: clause.operator,
                    span: clause.operator_span,
                }),
            }
        };
        self.clauses().iter().filter_map(complaint).collect()
    }

    fn lacks(&self, wanted: &Wanted) -> bool {
        let asked = wanted.when_subject_starts.is_empty()
            || self.about("sub").any(|clause| clause.comparand.text.starts_with(wanted.when_subject_starts));
        asked && !self.clauses().iter().any(|clause| wanted.any_of.contains(&clause.claim.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GITHUB: &str = "https://token.actions.githubusercontent.com";

    fn complaints(issuer: &str, text: &str) -> Vec<Complaint> {
        text.parse::<Expression>().unwrap().complaints(&Issuer::new(issuer))
    }

    #[test]
    fn a_new_github_expression_pins_the_repository_or_its_owner() {
        let unpinned = complaints(GITHUB, "claims['sub'] matches 'repo:o/r:*'");
        assert!(
            matches!(unpinned.as_slice(), [Complaint::Missing(wanted)] if wanted.new_only && wanted.any_of.len() == 2)
        );
        for id in ["repository_id", "repository_owner_id"] {
            let pinned = format!("claims['sub'] matches 'repo:o/r:*' and claims['{id}'] eq '1'");
            assert_eq!(complaints(GITHUB, &pinned), []);
        }
    }

    #[test]
    fn a_claim_and_its_operator_must_be_listed() {
        let text = "claims['sub'] eq 'x' and claims['repository_id'] matches '1*' and claims['event_name'] eq 'push'";
        let found = complaints(GITHUB, text);
        assert!(matches!(found.as_slice(), [
            Complaint::OperatorNotListed { claim, .. },
            Complaint::ClaimNotListed { claim: other, .. },
        ] if claim == "repository_id" && other == "event_name"));
    }

    #[test]
    fn issuers_are_compared_byte_for_byte() {
        assert!(issuer_rules(&Issuer::new(GITHUB)).is_some());
        for other in [
            "https://token.actions.githubusercontent.com/",
            "https://token.actions.githubusercontent.com/acme",
        ] {
            assert!(issuer_rules(&Issuer::new(other)).is_none(), "{other}");
        }
        for gitlab in ["https://gitlab.com", "https://gitlab.example.com", "https://gitlab.example.ca"] {
            assert_eq!(issuer_rules(&Issuer::new(gitlab)).unwrap().name, "GitLab");
        }
        assert!(issuer_rules(&Issuer::new("https://gitlab.example.com/x.com")).is_none());
        assert!(issuer_rules(&Issuer::new("https://tfe.example.com")).is_none());
    }

    #[test]
    fn a_gitlab_project_path_wants_the_project_id() {
        let path = complaints("https://gitlab.com", "claims['sub'] matches 'project_path:g/p:*'");
        assert!(matches!(path.as_slice(), [Complaint::Missing(wanted)] if wanted.any_of == ["project_id"]));
        assert_eq!(complaints("https://gitlab.com", "claims['sub'] matches 'user:*'"), []);
    }

    #[test]
    fn a_claim_that_is_compared_twice_is_said() {
        let twice = complaints("https://app.terraform.io", "claims['sub'] eq 'a' and claims['sub'] eq 'a'");
        assert!(matches!(twice.as_slice(), [Complaint::Repeated { claim, .. }] if claim == "sub"));
    }
}
