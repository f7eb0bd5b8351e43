//! What can be explained: what a word names, and what a text or a log shows.

use std::sync::Arc;

use super::{
    cause::{self, Meaning},
    symptom::{SYMPTOMS, Symptom, shown_in},
};
use crate::{
    lint::{self, Rule},
    refusal::{CATALOGUE, Explanation, Refusal, explain},
    text::{Place, Source, Span},
};

/// One thing to explain.
#[derive(Debug)]
pub(super) enum Topic {
    /// A code that was asked for; without an entry it is not in the catalogue.
    Code(u32, Option<&'static Explanation>),
    /// A refusal that a text quotes, and where.
    Refusal(Box<Refusal>, Option<Place>),
    /// A failure known by its words, and where a text shows it.
    Symptom(&'static Symptom, Option<Place>),
    /// A rule of lint.
    Rule(&'static Rule),
    /// A cause that a verdict names.
    Cause(&'static Meaning),
}

/// What the words of the command line name; nothing where they are a text.
pub(super) fn named(word: &str) -> Option<Topic> {
    code(word)
        .map(|code| Topic::Code(code, explain(code)))
        .or_else(|| lint::named(word).map(Topic::Rule))
        .or_else(|| cause::named(word).map(Topic::Cause))
        .or_else(|| SYMPTOMS.iter().find(|one| one.id == word).map(|one| Topic::Symptom(one, None)))
}

/// A bare number, or one behind `AADSTS` in any letter case, a colon behind it or not.
fn code(word: &str) -> Option<u32> {
    let word = word.strip_suffix(':').unwrap_or(word);
    let digits = match word.split_at_checked(6) {
        Some((start, rest)) if start.eq_ignore_ascii_case("AADSTS") => rest,
        _ => word,
    };
    let digital = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| digital)
}

/// The name of a rule, a cause or a symptom that is spelled almost like `word`.
pub(super) fn nearest(word: &str) -> Option<&'static str> {
    let names =
        lint::ALL.iter().map(|rule| rule.id).chain(cause::ids()).chain(SYMPTOMS.iter().map(|one| one.id));
    let near = names.map(|name| (strsim::damerau_levenshtein(name, word), name)).min();
    near.filter(|(distance, _)| *distance <= 3).map(|(_, name)| name)
}

/// Every code that can be asked for.
pub(super) fn codes() -> impl Iterator<Item = u32> {
    CATALOGUE.iter().map(|entry| entry.code)
}

/// Everything that a text shows, refusals first, each once.
pub(super) fn shown(source: &Arc<Source>) -> Vec<Topic> {
    let refusals = Refusal::from_json(source.text())
        .map_or_else(|| Refusal::parse_all(source.text()), |refusal| vec![refusal]);
    let mut topics: Vec<Topic> = refusals
        .into_iter()
        .map(|refusal| {
            let place = place(source, &refusal.text);
            Topic::Refusal(Box::new(refusal), place)
        })
        .collect();
    topics.extend(symptoms(source));
    topics
}

fn symptoms(source: &Arc<Source>) -> Vec<Topic> {
    let mut found: Vec<(&'static Symptom, Place)> = Vec::new();
    let mut start = 0;
    for line in source.text().split_inclusive('\n') {
        let end = start + line.trim_end().len();
        for symptom in shown_in(line) {
            if !found.iter().any(|(known, _)| known.id == symptom.id) {
                found.push((symptom, Place::new(source, Span::new(start, end))));
            }
        }
        start += line.len();
    }
    found.into_iter().map(|(symptom, place)| Topic::Symptom(symptom, Some(place))).collect()
}

/// The code at the head of a refusal's text.
fn place(source: &Arc<Source>, text: &str) -> Option<Place> {
    let start = source.text().find(text).filter(|_| !text.is_empty())?;
    let head = text.find(':').unwrap_or(text.len());
    Some(Place::new(source, Span::new(start, start + head)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_may_be_written_as_people_write_it() {
        for word in ["700213", "AADSTS700213", "aadsts700213", "AADSTS700213:"] {
            assert!(matches!(named(word), Some(Topic::Code(700_213, Some(_)))), "{word}");
        }
        assert!(matches!(named("AADSTS1"), Some(Topic::Code(1, None))));
        assert!(named("AADSTS").is_none());
        assert!(named("7002x").is_none());
    }

    #[test]
    fn a_rule_has_its_name_and_a_near_miss_is_pointed_out() {
        assert!(
            matches!(named("wildcard-subject"), Some(Topic::Rule(rule)) if rule.id == "wildcard-subject")
        );
        assert_eq!(nearest("wildcard-subjects"), Some("wildcard-subject"));
        assert_eq!(nearest("something else"), None);
    }

    #[test]
    fn a_log_shows_refusals_and_symptoms_with_their_lines() {
        let log = "line\nUnable to get ACTIONS_ID_TOKEN_REQUEST_URL env variable\nError: AADSTS70025: The client has none.\n";
        let lines = shown(&Source::new("log", log)).into_iter().map(|topic| match topic {
            Topic::Refusal(_, place) | Topic::Symptom(_, place) => place.map(|place| place.start().line),
            Topic::Code(..) | Topic::Rule(_) | Topic::Cause(_) => None,
        });
        assert_eq!(lines.collect::<Vec<_>>(), [Some(3), Some(2)]);
    }
}
