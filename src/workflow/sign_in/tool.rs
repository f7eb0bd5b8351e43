//! What a row of the table of tools says: where a sign-in is seen, when it counts, and where its ids come from.

/// One row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tool {
    /// The name in every output.
    pub via: &'static str,
    /// Where the tool is seen.
    pub found: Where,
    /// All of this must hold for the step to ask for a token.
    pub when: &'static [When],
    /// Where the client id comes from.
    pub client: Ask,
    /// Where the tenant id comes from.
    pub tenant: Ask,
    /// Where the audience comes from.
    pub audience: Ask,
    /// Where the name of the cloud comes from.
    pub cloud: Ask,
    /// The audience when nothing else is said; `None` where the tool is handed a ready token.
    pub default_audience: Option<&'static str>,
}

/// Where a tool is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Where {
    /// In `uses`: `owner/name` in small letters; `*` stands for any text at the beginning or the end.
    Action(&'static [&'static str]),
    /// In a step in which nothing else is seen, and that gives this variable itself to what it runs, or uses an action with one of
    /// these words in its name and none of those.
    Given {
        /// The variable.
        variable: &'static str,
        /// The words, in small letters.
        words: &'static [&'static str],
        /// Words that make the action harmless.
        never: &'static [&'static str],
    },
    /// In the `script` input of this action, which holds all of these texts.
    ActionScript {
        /// `owner/name` in small letters.
        action: &'static str,
        /// The texts.
        words: &'static [&'static str],
    },
    /// In one command of a script that has all of these words, in any letter case, and none of those.
    Command {
        /// The words, in small letters.
        words: &'static [&'static str],
        /// Words that make the command harmless.
        never: &'static [&'static str],
    },
    /// In a command that is one of these, names a target with one of those parts and has no harmless word: it runs what a file says.
    Runner {
        /// The commands, in small letters.
        commands: &'static [&'static str],
        /// Parts of targets that reach the cloud; `make` alone and `make check` say nothing of it.
        targets: &'static [&'static str],
        /// Words that make the command harmless.
        never: &'static [&'static str],
    },
    /// In a command with this word and none of those, where the Terraform configuration that it reads says `use_oidc = true`.
    Configured {
        /// The word, in small letters.
        word: &'static str,
        /// Words that make the command harmless.
        never: &'static [&'static str],
    },
    /// In a script that holds all of these texts.
    Script {
        /// The texts.
        words: &'static [&'static str],
    },
}

/// A condition under which the step asks for a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// The input is there and not empty.
    InputGiven(&'static str),
    /// The input is not this text, letter case aside.
    InputIsNot(&'static str, &'static str),
    /// The variable is `true` or `1`.
    VariableIsTrue(&'static str),
    /// The variable is not.
    VariableIsNotTrue(&'static str),
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Nowhere.
    Nothing,
    /// This input of the action.
    Input(&'static str),
    /// One of these flags of the command, else this variable where it is set; no variable where the name is empty.
    Flag(&'static [&'static str], &'static str),
    /// This variable.
    Variable(&'static str),
}
