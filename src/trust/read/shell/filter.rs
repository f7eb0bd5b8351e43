//! Follows `cut` and `basename`: parts of a text that is known.

use super::{run::Runner, syntax::Simple, world::World};
use crate::trust::read::script::Traced;

impl Runner<'_> {
    /// `cut -d X -f N` and `cut -d X -f N-` on standard input; anything else is not followed.
    pub(super) fn columns(&self, arguments: &[Traced], simple: &Simple, world: &World) -> Traced {
        let words: Option<Vec<String>> = arguments.iter().map(Traced::text).collect();
        let text = world.stdin.as_ref().filter(|text| text.text().is_some());
        let taken = words.as_deref().and_then(columns_of).zip(text);
        let Some(((mark, field, is_open), text)) = taken else { return self.unknown(simple) };
        let marked = text.marked();
        let mut out = Traced::default();
        let mut at = 0;
        for line in marked.split_inclusive('\n') {
            let (bare, end) = line.strip_suffix('\n').map_or((line, ""), |bare| (bare, "\n"));
            let mut starts = bare.match_indices(mark).map(|(found, _)| found + mark.len_utf8());
            let start = if field == 1 { Some(0) } else { starts.nth(field - 2) };
            let (start, stop) = match start {
                _ if !bare.contains(mark) => (0, bare.len()),
                None => (bare.len(), bare.len()),
                Some(start) if is_open => (start, bare.len()),
                Some(start) => {
                    let rest = bare.get(start..).unwrap_or_default();
                    (start, rest.find(mark).map_or(bare.len(), |length| start + length))
                }
            };
            out.append(text.cut(at + start, at + stop));
            out.append(text.cut(at + bare.len(), at + bare.len() + end.len()));
            at += line.len();
        }
        out
    }

    /// `basename PATH [ENDING]`.
    pub(super) fn basename(&self, arguments: &[Traced], simple: &Simple) -> Traced {
        let ending = arguments.get(1).map_or_else(|| Some(String::new()), Traced::text);
        let path = arguments.first().and_then(|path| Some((path, path.text()?)));
        let (Some((traced, path)), Some(ending), true) = (path, ending, arguments.len() <= 2) else {
            return self.unknown(simple);
        };
        let whole = path.trim_end_matches('/');
        let start = whole.rfind('/').map_or(0, |at| at + 1);
        let name = whole.get(start..).unwrap_or_default();
        if name.is_empty() || path.starts_with('-') {
            return self.unknown(simple);
        }
        let bare = name.strip_suffix(ending.as_str()).filter(|bare| !bare.is_empty()).unwrap_or(name);
        traced.cut(start, start + bare.len())
    }
}

/// The mark between the columns, the first column that is taken, and whether all behind it are too.
fn columns_of(words: &[String]) -> Option<(char, usize, bool)> {
    let (mut mark, mut fields) = ("\t".to_owned(), None);
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let given = |short: &str, long: &str| {
            word.strip_prefix(long).or_else(|| word.strip_prefix(short)).map(str::to_owned)
        };
        if let Some(value) = given("-d", "--delimiter=") {
            mark = if value.is_empty() { words.next()?.clone() } else { value };
        } else {
            let value = given("-f", "--fields=")?;
            fields = Some(if value.is_empty() { words.next()?.clone() } else { value });
        }
    }
    let fields = fields?;
    let (number, is_open) =
        fields.strip_suffix('-').map_or((fields.as_str(), false), |number| (number, true));
    let mut letters = mark.chars();
    let (mark, None) = (letters.next()?, letters.next()) else { return None };
    let number = number.parse().ok().filter(|number| *number > 0)?;
    Some((mark, number, is_open))
}
