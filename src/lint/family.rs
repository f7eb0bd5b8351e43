//! Members of a family of subjects: one that shows what is meant, and the one that every family of pushes has.

use super::Facts;
use crate::{
    id::{
        Family, Part, SubjectShape,
        pattern::{Pattern, PatternList},
    },
    workflow::reach::Entry,
};

/// A subject of the family, for messages; `None` where none can be made up.
#[must_use]
pub fn witness(family: &Family) -> Option<String> {
    let list = PatternList::parse(family.patterns.iter().map(String::as_str)).ok()?;
    let name = list.witness(&Pattern::parse(&family.pattern).ok()?)?;
    Some(with_name(family, &Part::Text(name)).to_string())
}

/// True when no filter narrows the refs of the family.
#[must_use]
pub fn is_unfiltered(family: &Family) -> bool {
    family.patterns == ["**"]
}

impl Facts<'_> {
    /// What an unfiltered push presents on the default branch, which it always includes. Nothing for other families.
    #[must_use]
    pub fn default_branch_of(&self, entry: &Entry) -> Option<Entry> {
        let SubjectShape::Family(family) = &entry.shape else { return None };
        let branches =
            family.parts.iter().any(|part| matches!(part, Part::Text(text) if text.ends_with("refs/heads/")));
        if entry.trigger != "push" || !branches || !is_unfiltered(family) {
            return None;
        }
        let name = self.default_branch.clone();
        let name = name.map_or_else(|| Part::Hole("default branch".to_owned()), Part::Text);
        Some(Entry { shape: with_name(family, &name), ..entry.clone() })
    }
}

fn with_name(family: &Family, name: &Part) -> SubjectShape {
    let fill = |part: &Part| match part {
        Part::RefName => name.clone(),
        Part::Text(_) | Part::Hole(_) => part.clone(),
    };
    SubjectShape::from_parts(family.parts.iter().map(fill).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_witness_is_admitted_by_the_filters() {
        let family = Family {
            parts: vec![Part::Text("repo:o/r:ref:refs/heads/".into()), Part::RefName],
            pattern: "release/**".into(),
            patterns: vec!["release/**".into(), "!release/old/**".into()],
        };
        let subject = witness(&family).unwrap();
        assert!(subject.starts_with("repo:o/r:ref:refs/heads/release/"), "{subject}");
        assert!(!is_unfiltered(&family));
    }
}
