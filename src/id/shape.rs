//! A subject as far as it is known: exact text, a family given by filter patterns, or text with holes.

use std::fmt;

use super::Subject;

/// A piece of a subject that is not wholly known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Known text.
    Text(String),
    /// The short name of the run's ref, in a family.
    RefName,
    /// Not known; the name is the context path as written, such as `vars.ENV` or `default branch`.
    Hole(String),
}

/// Every subject that a list of ref filters admits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Family {
    /// The subject, with [`Part::RefName`] where the ref's short name stands.
    pub parts: Vec<Part>,
    /// The positive pattern that stands for the ref's short name when the family is shown.
    pub pattern: String,
    /// The whole ordered filter list in GitHub's pattern language; the last match wins.
    pub patterns: Vec<String>,
}

/// A subject as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SubjectShape {
    /// The very text.
    Exact(Subject),
    /// One text for each ref that the filters admit.
    Family(Family),
    /// Text with holes.
    Unknown(Vec<Part>),
}

impl SubjectShape {
    /// The subject, if the shape is exact.
    #[must_use]
    pub const fn as_exact(&self) -> Option<&Subject> {
        match self {
            Self::Exact(subject) => Some(subject),
            Self::Family(_) | Self::Unknown(_) => None,
        }
    }

    /// Builds the simplest shape that `parts` allow: exact where every part is text.
    #[must_use]
    pub fn from_parts(parts: Vec<Part>) -> Self {
        let text = parts.iter().map(|part| match part {
            Part::Text(text) => Some(text.as_str()),
            Part::RefName | Part::Hole(_) => None,
        });
        match text.collect::<Option<String>>() {
            Some(text) => Self::Exact(Subject::new(text)),
            None => Self::Unknown(parts),
        }
    }

    /// The names of the holes, in the order in which they stand, each once.
    #[must_use]
    pub fn holes(&self) -> Vec<&str> {
        let parts = match self {
            Self::Exact(_) => return Vec::new(),
            Self::Family(family) => &family.parts,
            Self::Unknown(parts) => parts,
        };
        let mut names = Vec::new();
        for part in parts {
            if let Part::Hole(name) = part
                && !names.contains(&name.as_str())
            {
                names.push(name);
            }
        }
        names
    }
}

impl fmt::Display for SubjectShape {
    /// The text, with the filter pattern in a family and `{name}` for a hole.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (parts, pattern) = match self {
            Self::Exact(subject) => return subject.fmt(f),
            Self::Family(family) => (&family.parts, family.pattern.as_str()),
            Self::Unknown(parts) => (parts, "{ref name}"),
        };
        parts.iter().try_for_each(|part| match part {
            Part::Text(text) => f.write_str(text),
            Part::RefName => f.write_str(pattern),
            Part::Hole(name) => write!(f, "{{{name}}}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_without_holes_is_exact() {
        let parts = vec![Part::Text("repo:o/r".into()), Part::Text(":pull_request".into())];
        let shape = SubjectShape::from_parts(parts);
        assert_eq!(shape.as_exact().unwrap().as_str(), "repo:o/r:pull_request");
    }

    #[test]
    fn holes_and_patterns_show_in_their_place() {
        let holed = SubjectShape::from_parts(vec![
            Part::Text("repo:o/r:environment:".into()),
            Part::Hole("vars.ENV".into()),
        ]);
        assert_eq!(holed.to_string(), "repo:o/r:environment:{vars.ENV}");
        assert_eq!(holed.holes(), ["vars.ENV"]);
        let family = SubjectShape::Family(Family {
            parts: vec![Part::Text("repo:o/r:ref:refs/heads/".into()), Part::RefName],
            pattern: "feature/**".into(),
            patterns: vec!["main".into(), "feature/**".into()],
        });
        assert_eq!(family.to_string(), "repo:o/r:ref:refs/heads/feature/**");
    }
}
