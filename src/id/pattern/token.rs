//! The pieces of a filter pattern, and matching without backtracking.

use std::{iter::Peekable, str::CharIndices};

use super::PatternError;

/// How often a character may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Times {
    Once,
    Optional,
    OneOrMore,
}

/// A piece of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// One of these characters.
    One(Ranges, Times),
    /// `*`: any run without a slash.
    Run,
    /// `**`: any run.
    Everything,
    /// The beginning of `**/`: nothing at all, or the first character of a folder's name.
    Folders,
    /// The rest of `**/`: any run that ends in a slash. Always stands behind [`Token::Folders`].
    FolderEnd,
}

/// Characters given as ranges. A pattern is mostly plain characters, so one range is held in place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ranges {
    Single([(char, char); 1]),
    Many(Vec<(char, char)>),
}

impl Ranges {
    fn of(ranges: Vec<(char, char)>) -> Self {
        match ranges.as_slice() {
            [only] => Self::Single([*only]),
            _ => Self::Many(ranges),
        }
    }

    fn as_slice(&self) -> &[(char, char)] {
        match self {
            Self::Single(only) => only,
            Self::Many(ranges) => ranges,
        }
    }
}

impl Token {
    pub(super) fn plain(c: char) -> Self {
        Self::One(Ranges::Single([(c, c)]), Times::Once)
    }

    /// The character, if the token is exactly that one.
    pub(super) fn as_plain(&self) -> Option<char> {
        match self {
            Self::One(ranges, Times::Once) => match ranges.as_slice() {
                [(from, to)] if from == to => Some(*from),
                _ => None,
            },
            Self::One(_, Times::Optional | Times::OneOrMore)
            | Self::Run
            | Self::Everything
            | Self::Folders
            | Self::FolderEnd => None,
        }
    }
}

pub(super) fn parse(body: &str, shift: usize) -> Result<Vec<Token>, PatternError> {
    let mut tokens = Vec::new();
    let mut rest = body.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        let at = at + shift;
        let token = match c {
            '*' => star(&mut rest, tokens.is_empty() || ends_in_slash(&tokens)),
            '?' | '+' => {
                repeat(&mut tokens, c).ok_or(PatternError::RepeatsNothing { sign: c, at })?;
                continue;
            }
            '[' => Token::One(Ranges::of(bracket(&mut rest, at, shift)?), Times::Once),
            '\\' => Token::plain(rest.next().ok_or(PatternError::DanglingEscape)?.1),
            plain => Token::plain(plain),
        };
        let folders = token == Token::Folders;
        tokens.push(token);
        if folders {
            tokens.push(Token::FolderEnd);
        }
    }
    tokens.shrink_to_fit();
    Ok(tokens)
}

fn ends_in_slash(tokens: &[Token]) -> bool {
    tokens.last().is_some_and(|token| token.as_plain() == Some('/') || *token == Token::FolderEnd)
}

/// Reads on behind a `*`. A `**/` counts as folders only where a folder name may begin.
fn star(rest: &mut Peekable<CharIndices<'_>>, folder_may_begin: bool) -> Token {
    if rest.next_if(|(_, c)| *c == '*').is_none() {
        return Token::Run;
    }
    while rest.next_if(|(_, c)| *c == '*').is_some() {}
    if folder_may_begin && rest.next_if(|(_, c)| *c == '/').is_some() {
        Token::Folders
    } else {
        Token::Everything
    }
}

fn repeat(tokens: &mut [Token], sign: char) -> Option<()> {
    let times = if sign == '?' { Times::Optional } else { Times::OneOrMore };
    match tokens.last_mut()? {
        Token::One(_, often @ Times::Once) => *often = times,
        Token::One(_, Times::Optional | Times::OneOrMore)
        | Token::Run
        | Token::Everything
        | Token::Folders
        | Token::FolderEnd => return None,
    }
    Some(())
}

fn bracket(
    rest: &mut Peekable<CharIndices<'_>>,
    open: usize,
    shift: usize,
) -> Result<Vec<(char, char)>, PatternError> {
    let mut ranges = Vec::new();
    loop {
        let (at, c) = rest.next().ok_or(PatternError::OpenBracket { at: open })?;
        match c {
            ']' if ranges.is_empty() => return Err(PatternError::EmptyBracket { at: open }),
            ']' => return Ok(ranges),
            _ => {}
        }
        let mut ahead = rest.clone();
        let range = (ahead.next(), ahead.next());
        if let (Some((_, '-')), Some((_, to))) = range
            && to != ']'
        {
            let classes = [('a', 'z'), ('A', 'Z'), ('0', '9')];
            let good = c <= to
                && classes
                    .iter()
                    .any(|(low, high)| (*low..=*high).contains(&c) && (*low..=*high).contains(&to));
            if !good {
                return Err(PatternError::BadRange { from: c, to, at: at + shift });
            }
            *rest = ahead;
            ranges.push((c, to));
        } else {
            ranges.push((c, c));
        }
    }
}

/// Whether the whole `name` fits. Follows every possibility at once, so the cost is tokens times characters.
pub(super) fn matches(tokens: &[Token], name: &str, ignore_case: bool) -> bool {
    let end = name.chars().fold(begin(tokens), |alive, c| advance(tokens, &alive, c, ignore_case));
    end.last() == Some(&true)
}

/// Which tokens may come next before the first character; the last place stands for the end.
pub(super) fn begin(tokens: &[Token]) -> Vec<bool> {
    let mut alive = vec![false; tokens.len() + 1];
    if let Some(first) = alive.first_mut() {
        *first = true;
    }
    skip_what_may_be_empty(tokens, &mut alive);
    alive
}

/// Which tokens may come next behind one more character.
pub(super) fn advance(tokens: &[Token], alive: &[bool], c: char, ignore_case: bool) -> Vec<bool> {
    let mut next = vec![false; alive.len()];
    for (at, token) in tokens.iter().enumerate() {
        if alive.get(at) == Some(&true) {
            step(token, at, c, ignore_case, &mut next);
        }
    }
    skip_what_may_be_empty(tokens, &mut next);
    next
}

/// Characters that a pattern treats apart from others: the ends of its ranges.
pub(super) fn characters(tokens: &[Token]) -> impl Iterator<Item = char> {
    let ranges = tokens.iter().flat_map(|token| match token {
        Token::One(ranges, _) => ranges.as_slice(),
        Token::Run | Token::Everything | Token::Folders | Token::FolderEnd => &[],
    });
    ranges.flat_map(|(from, to)| [*from, *to])
}

fn step(token: &Token, at: usize, c: char, ignore_case: bool, next: &mut [bool]) {
    let (stay, go_on) = match token {
        Token::One(ranges, times) => {
            let good = admits(ranges.as_slice(), c, ignore_case);
            (good && *times == Times::OneOrMore, good)
        }
        Token::Run => (c != '/', false),
        Token::Everything => (true, false),
        Token::Folders => (false, true),
        Token::FolderEnd => (true, c == '/'),
    };
    for (state, reached) in [(at, stay), (at + 1, go_on)] {
        if let Some(slot) = next.get_mut(state) {
            *slot |= reached;
        }
    }
}

fn admits(ranges: &[(char, char)], c: char, ignore_case: bool) -> bool {
    let within = |c: char| ranges.iter().any(|(from, to)| (*from..=*to).contains(&c));
    within(c) || (ignore_case && (within(c.to_ascii_lowercase()) || within(c.to_ascii_uppercase())))
}

/// A token that may match nothing lets the next one begin here.
fn skip_what_may_be_empty(tokens: &[Token], alive: &mut [bool]) {
    for (at, token) in tokens.iter().enumerate() {
        let skipped = match token {
            Token::One(_, Times::Once | Times::OneOrMore) | Token::FolderEnd => 0,
            Token::One(_, Times::Optional) | Token::Run | Token::Everything => 1,
            Token::Folders => 2,
        };
        if alive.get(at) == Some(&true)
            && let Some(slot) = alive.get_mut(at + skipped)
        {
            *slot = true;
        }
    }
}

pub(super) fn sample(tokens: &[Token], fill: &str) -> String {
    tokens.iter().fold(String::new(), |mut out, token| {
        match token {
            Token::One(_, Times::Optional) | Token::Folders | Token::FolderEnd => {}
            Token::One(ranges, Times::Once | Times::OneOrMore) => {
                out.extend(ranges.as_slice().first().map(|(from, _)| *from));
            }
            Token::Run => out.extend(fill.chars().take_while(|c| *c != '/')),
            Token::Everything => out.push_str(fill),
        }
        out
    })
}
