//! Shell and PowerShell text as commands of words, well enough to see who signs in.

/// One command: its words without quotes, and where it begins in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Command {
    pub(super) words: Vec<String>,
    pub(super) start: usize,
}

impl Command {
    /// The value behind one of these flags: the next word, or what stands behind `=`.
    pub(super) fn flag(&self, names: &[&str]) -> Option<&str> {
        let mut words = self.words.iter();
        while let Some(word) = words.next() {
            for name in names {
                if word.eq_ignore_ascii_case(name) {
                    return words.next().map(String::as_str);
                }
                let head = word.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name));
                if let Some(value) =
                    word.get(name.len()..).filter(|_| head).and_then(|rest| rest.strip_prefix('='))
                {
                    return Some(value);
                }
            }
        }
        None
    }

    /// What it runs: its first word that gives no value to a variable and starts no other command, without the folder.
    pub(super) fn name(&self) -> &str {
        const STARTERS: [&str; 11] =
            ["npx", "pnpm", "yarn", "sudo", "time", "exec", "if", "then", "else", "do", "!"];
        let passed = |word: &&String| word.contains('=') || STARTERS.contains(&word.as_str());
        let first = self.words.iter().find(|word| !passed(word));
        first.and_then(|word| word.rsplit(['/', '\\']).next()).unwrap_or("")
    }

    /// Whether it runs a program for which its other words are files, packages or texts, never commands.
    pub(super) fn only_names_things(&self) -> bool {
        const PROGRAMS: [&str; 32] = [
            "cd",
            "pushd",
            "ls",
            "cp",
            "mv",
            "rm",
            "mkdir",
            "chmod",
            "cat",
            "grep",
            "tar",
            "unzip",
            "test",
            "[",
            "echo",
            "printf",
            "which",
            "type",
            "git",
            "gh",
            "apt",
            "apt-get",
            "brew",
            "choco",
            "checkov",
            "tfsec",
            "trivy",
            "tflint",
            "terraform-docs",
            "set-location",
            "write-host",
            "write-output",
        ];
        let name = self.name();
        PROGRAMS.iter().any(|program| name.eq_ignore_ascii_case(program))
            || (name == "command" && self.has("-v"))
    }

    /// Whether it has a word, or the last part of a path, that equals `wanted` or holds it behind `=`; letter case aside.
    pub(super) fn has(&self, wanted: &str) -> bool {
        self.words.iter().any(|word| {
            is_last_part(word, wanted)
                || is_name(word, wanted)
                || (wanted.contains('=') && word.to_ascii_lowercase().contains(wanted))
        })
    }
}

/// Whether `word`, or what stands behind the last slash in it, is `wanted`.
fn is_last_part(word: &str, wanted: &str) -> bool {
    word.len().checked_sub(wanted.len()).and_then(|at| word.split_at_checked(at)).is_some_and(
        |(head, tail)| tail.eq_ignore_ascii_case(wanted) && (head.is_empty() || head.ends_with(['/', '\\'])),
    )
}

/// Whether `word` gives a value to `wanted`.
fn is_name(word: &str, wanted: &str) -> bool {
    word.split_at_checked(wanted.len())
        .is_some_and(|(name, value)| value.starts_with('=') && name.eq_ignore_ascii_case(wanted))
}

/// Splits `text` into commands. A line that ends in a backslash or a backtick goes on; `${{ ... }}` stays one piece.
pub(super) fn commands(text: &str) -> Vec<Command> {
    let mut reader = Reader::default();
    let mut rest = text.char_indices().peekable();
    let mut quote: Option<char> = None;
    while let Some((at, c)) = rest.next() {
        if text.get(at..).is_some_and(|tail| tail.starts_with("${{")) {
            let tail = text.get(at..).unwrap_or("");
            let length = tail.find("}}").map_or(tail.len(), |end| end + 2);
            reader.push_str(at, tail.get(..length).unwrap_or(tail));
            while rest.next_if(|(next, _)| *next < at + length).is_some() {}
            continue;
        }
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), c) => reader.push(at, c),
            (None, '\'' | '"') => {
                quote = Some(c);
                reader.begin(at);
            }
            (None, '\\' | '`') if rest.peek().is_some_and(|(_, next)| *next == '\n' || *next == '\r') => {
                while rest.next_if(|(_, next)| next.is_whitespace()).is_some() {}
                reader.end_word();
            }
            (None, '#') if reader.word.is_none() => {
                while rest.next_if(|(_, next)| *next != '\n').is_some() {}
            }
            (None, '\n' | ';' | '|' | '&' | '(' | ')') => reader.end_command(),
            (None, c) if c.is_whitespace() => reader.end_word(),
            (None, c) => reader.push(at, c),
        }
    }
    reader.end_command();
    reader.commands
}

#[derive(Default)]
struct Reader {
    commands: Vec<Command>,
    words: Vec<String>,
    word: Option<String>,
    start: usize,
}

impl Reader {
    fn begin(&mut self, at: usize) {
        if self.word.is_none() {
            if self.words.is_empty() {
                self.start = at;
            }
            self.word = Some(String::new());
        }
    }

    fn push(&mut self, at: usize, c: char) {
        self.begin(at);
        self.word.get_or_insert_default().push(c);
    }

    fn push_str(&mut self, at: usize, text: &str) {
        self.begin(at);
        self.word.get_or_insert_default().push_str(text);
    }

    fn end_word(&mut self) {
        self.words.extend(self.word.take());
    }

    fn end_command(&mut self) {
        self.end_word();
        if !self.words.is_empty() {
            self.commands.push(Command { words: std::mem::take(&mut self.words), start: self.start });
        }
    }
}

/// What the commands give to the variable `name`, the last time they do: `NAME=value`, or PowerShell's `$env:NAME = value`.
pub(super) fn assigned<'c>(commands: &'c [Command], name: &str) -> Option<&'c str> {
    let value = |words: &'c [String]| {
        let (word, rest) = words.split_first()?;
        let plain =
            word.get(..5).filter(|head| head.eq_ignore_ascii_case("$env:")).and_then(|_| word.get(5..));
        match (plain.unwrap_or(word).strip_prefix(name)?, rest) {
            ("", [equals, value, ..]) if plain.is_some() && equals == "=" => Some(value.as_str()),
            // Its lines follow.
            (given, _) if given.starts_with("<<") => Some("$"),
            (given, _) => given.strip_prefix('='),
        }
    };
    let of = |command: &'c Command| (0..command.words.len()).find_map(|at| value(command.words.get(at..)?));
    commands.iter().rev().find_map(of)
}

/// Whether `text` holds `NAME=` or `NAME<<` anywhere, also behind a written `\n`.
pub(super) fn writes(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let (before, rest) = text.split_at_checked(at).unwrap_or_default();
        let after = rest.get(name.len()..).unwrap_or("");
        let goes_on = before.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$');
        (before.ends_with("\\n") || !goes_on) && (after.starts_with('=') || after.starts_with("<<"))
    })
}

/// The script files that `text` names, as it stands in a file in the folder `here`.
pub(super) fn files(text: &str, here: &str) -> Vec<String> {
    const ENDINGS: [&str; 9] = [".sh", ".bash", ".ps1", ".psm1", ".py", ".js", ".mjs", ".cjs", ".ts"];
    if !ENDINGS.iter().any(|ending| text.contains(ending)) {
        return Vec::new();
    }
    let words = commands(text).into_iter().flat_map(|command| command.words);
    words
        .filter(|word| ENDINGS.iter().any(|ending| word.ends_with(ending)))
        .map(|word| located(&word, here))
        .filter(|word| !word.contains(['$', '*', ':', '=']))
        .collect()
}

/// A path seen from the root of the repository, where it names the folder of the action, which is `here`, or that root.
///
/// Source: <https://docs.github.com/actions/reference/workflows-and-actions/contexts#github-context>.
pub(super) fn located(path: &str, here: &str) -> String {
    let path = path.replace('\\', "/");
    let end = path.find("}}").map(|end| end + 2).filter(|_| path.starts_with("${{"));
    let (head, rest) = path.split_at(end.or_else(|| path.find('/')).unwrap_or(path.len()));
    let context = head.strip_prefix("${{").and_then(|head| head.strip_suffix("}}")).map(str::trim);
    let named = |wanted: &str, variable_name: &str| {
        context.is_some_and(|context| context.eq_ignore_ascii_case(wanted))
            || variable(head) == Some(variable_name)
    };
    if named("github.action_path", "GITHUB_ACTION_PATH") {
        return format!("{here}{rest}");
    }
    if named("github.workspace", "GITHUB_WORKSPACE") {
        return rest.trim_start_matches('/').to_owned();
    }
    path
}

/// The variable that a word stands for: `$NAME`, `${NAME}`, `$env:NAME`, `${env:NAME}`, `%NAME%`.
pub(super) fn variable(word: &str) -> Option<&str> {
    let inner = match word.strip_prefix('$') {
        Some(rest) => rest.strip_prefix('{').map_or(Some(rest), |rest| rest.strip_suffix('}'))?,
        None => word.strip_prefix('%')?.strip_suffix('%')?,
    };
    let env = inner.get(..4).is_some_and(|head| head.eq_ignore_ascii_case("env:"));
    let name = if env { inner.get(4..)? } else { inner };
    let plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    plain.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_goes_on_behind_a_backslash_and_expressions_stay_whole() {
        let text = "echo hi && az login --service-principal \\\n  -u \"${{ vars.A || 'x' }}\" --tenant='$T' --federated-token \"$TOKEN\"\n";
        let all = commands(text);
        assert_eq!(all.len(), 2);
        let login = &all[1];
        assert!(login.has("az") && login.has("--federated-token") && !login.has("-t"));
        assert_eq!(login.flag(&["--username", "-u"]), Some("${{ vars.A || 'x' }}"));
        assert_eq!(login.flag(&["--tenant", "-t"]), Some("$T"));
        assert_eq!(login.start, text.find("az login").unwrap());
    }

    #[test]
    fn comments_are_no_commands() {
        assert_eq!(commands("# terraform plan\necho a#b").len(), 1);
    }

    #[test]
    fn variables_of_three_shells_are_known() {
        for word in ["$A_1", "${A_1}", "$Env:A_1", "${env:A_1}", "%A_1%"] {
            assert_eq!(variable(word), Some("A_1"), "{word}");
        }
        for word in ["A_1", "$(x)", "${A:-b}", "$", "$A-b"] {
            assert_eq!(variable(word), None, "{word}");
        }
    }

    #[test]
    fn a_variable_is_given_in_three_shells_and_to_later_steps() {
        for text in [
            "export A=1",
            "A=0\nA=1 terraform plan",
            "echo \"A=1\" >> \"$GITHUB_ENV\"",
            "$env:A = '1'",
            "$Env:A=1; x",
            "docker run -e A=1 x",
        ] {
            assert_eq!(assigned(&commands(text), "A"), Some("1"), "{text}");
        }
        assert_eq!(assigned(&commands("echo \"A<<EOF\" >> $GITHUB_ENV"), "A"), Some("$"));
        for text in ["AB=1", "$A = 1", "echo $A", "A == 1"] {
            assert_eq!(assigned(&commands(text), "A"), None, "{text}");
        }
    }

    #[test]
    fn scripts_are_found_by_their_ending_in_every_folder_that_a_runner_names() {
        assert_eq!(
            files("bash ./scripts/a.sh x && pwsh -f 'b.ps1'; cat $X/c.sh; node d.mjs", "act"),
            ["./scripts/a.sh", "b.ps1", "d.mjs"]
        );
        for word in
            ["${{ github.action_path }}/a.sh", "$GITHUB_ACTION_PATH/a.sh", "${env:GITHUB_ACTION_PATH}\\a.sh"]
        {
            assert_eq!(located(word, "act"), "act/a.sh", "{word}");
        }
        for word in ["${{github.workspace}}/a.sh", "$GITHUB_WORKSPACE/a.sh", "a.sh"] {
            assert_eq!(located(word, "act"), "a.sh", "{word}");
        }
        assert_eq!(located("${{ github.workspace }}", "act"), "");
    }
}
