//! How strict a reading is: limits, and when two keys are the same key.

/// Limits and strictness of one reading. The defaults are GitHub's limits with keys told apart by case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Most characters a file may have.
    pub max_characters: usize,
    /// Most collections that may contain each other.
    pub max_depth: usize,
    /// Most nodes after aliases are replayed.
    pub max_nodes: usize,
    /// Most bytes of text after aliases are replayed.
    pub max_text: usize,
    /// Whether `Name` and `name` in one mapping are one key.
    pub keys_ignore_case: bool,
    /// Whether a comment may stand directly behind `]` and the lines of a quoted text need no indentation.
    pub loose_blanks: bool,
}

impl Default for Options {
    /// Source: actions/runner `ParseOptions.cs` (1 MiB characters, depth 50, 10 MiB result) and `YamlObjectReader.cs` (50,000 nodes).
    fn default() -> Self {
        Self {
            max_characters: 1024 * 1024,
            max_depth: 50,
            max_nodes: 50_000,
            max_text: 10 * 1024 * 1024,
            keys_ignore_case: false,
            loose_blanks: false,
        }
    }
}

impl Options {
    /// How GitHub reads a workflow or action file: two keys of one mapping may not differ by case alone, and some blanks may be missing.
    ///
    /// Source: actions/runner `TemplateReader.cs` (keys are collected in a set that ignores case).
    #[must_use]
    pub fn workflow() -> Self {
        Self { keys_ignore_case: true, loose_blanks: true, ..Self::default() }
    }
}
