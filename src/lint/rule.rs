//! What a rule is made of.

use super::{Facts, Findings};
use crate::diagnostic::{Diagnostic, Severity};

/// A rule: plain data and one function.
#[derive(Debug)]
pub struct Rule {
    /// The id, kebab-case; names the bad pattern.
    pub id: &'static str,
    /// The bad pattern in one line.
    pub summary: &'static str,
    /// How bad it is unless a finding or the configuration says otherwise.
    pub severity: Severity,
    /// The version that brought the rule.
    pub since: &'static str,
    /// The page beside the rule, Markdown.
    pub page: &'static str,
    /// Looks at the facts and reports.
    pub check: fn(&Facts<'_>, &mut Findings),
}

impl Rule {
    /// A diagnostic of this rule with its own severity and the link to its page.
    #[must_use]
    pub fn says(&self, title: impl Into<String>) -> Diagnostic {
        Diagnostic::new(self.id, self.severity, title)
    }
}
