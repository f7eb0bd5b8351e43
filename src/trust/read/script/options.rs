//! The words of a command line as options: `--name value`, `--name=value`, `-n value`.

use super::Traced;

/// The options of a command and the words before the first of them.
pub(super) struct Options<'a> {
    pub(super) verbs: Vec<String>,
    options: Vec<(String, Vec<Traced>)>,
    rest: &'a [Traced],
}

impl<'a> Options<'a> {
    /// Splits `words`, the command's own name left out.
    pub(super) fn new(words: &'a [Traced]) -> Self {
        let verbs: Vec<String> =
            words.iter().map_while(Traced::text).take_while(|text| !text.starts_with('-')).collect();
        let mut options: Vec<(String, Vec<Traced>)> = Vec::new();
        for word in words.iter().skip(verbs.len()) {
            let marked = word.marked();
            let name = marked.split_once('=').map_or(marked.as_str(), |(name, _)| name);
            if is_name(name) {
                let inline = (name.len() < marked.len()).then(|| word.cut(name.len() + 1, marked.len()));
                options.push((name.to_owned(), inline.into_iter().collect()));
            } else if let Some((_, values)) = options.last_mut() {
                values.push(word.clone());
            }
        }
        Self { verbs, options, rest: words }
    }

    /// Every value behind the last of `names`.
    pub(super) fn all(&self, names: &[&str]) -> &[Traced] {
        let found = self.options.iter().rev().find(|(name, _)| names.contains(&name.as_str()));
        found.map_or(&[], |(_, values)| values.as_slice())
    }

    /// The first value behind the last of `names`.
    pub(super) fn one(&self, names: &[&str]) -> Option<&Traced> {
        self.all(names).first()
    }

    /// The first word that is a URL, for commands that take one without an option.
    pub(super) fn url(&self) -> Option<&Traced> {
        self.rest.iter().find(|word| word.marked().contains("://"))
    }
}

fn is_name(text: &str) -> bool {
    text.strip_prefix('-').is_some_and(|rest| {
        let name = rest.strip_prefix('-').unwrap_or(rest);
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-')
    })
}
