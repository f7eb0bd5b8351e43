//! A value as a literal of a shell or a language, so that nothing in it is ever run or expanded.

use crate::id::visible;

/// A word for a POSIX shell: single quotes, inside which nothing is special.
pub(super) fn shell(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// A PowerShell expression: single quotes, doubled inside; what cannot be seen is built from its number.
///
/// PowerShell takes the typographic single quotes for plain ones.
/// Source: <https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_quoting_rules>, `CharTraits.cs` in PowerShell/PowerShell.
pub(super) fn powershell(text: &str) -> String {
    let mut literals: Vec<String> = vec![String::new()];
    let mut pieces: Vec<String> = Vec::new();
    for c in text.chars() {
        let last = literals.last_mut();
        match (c, last) {
            (c, _) if is_hidden(c) => {
                pieces.push(format!("'{}'", literals.pop().unwrap_or_default()));
                pieces.push(format!("[char]::ConvertFromUtf32(0x{:x})", u32::from(c)));
                literals.push(String::new());
            }
            ('\'' | '\u{2018}'..='\u{201b}', Some(last)) => last.extend([c, c]),
            (c, Some(last)) => last.push(c),
            (_, None) => {}
        }
    }
    pieces.push(format!("'{}'", literals.pop().unwrap_or_default()));
    if pieces.len() == 1 { pieces.concat() } else { format!("({})", pieces.join(" + ")) }
}

/// A quoted template of HCL in which nothing is interpolated.
///
/// Source: <https://developer.hashicorp.com/terraform/language/expressions/strings>.
pub(super) fn hcl(text: &str) -> String {
    let mut out = String::from("\"");
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '$' | '%' if rest.peek() == Some(&'{') => out.extend([c, c]),
            c if is_hidden(c) && u32::from(c) < 0x1_0000 => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c if is_hidden(c) => out.push_str(&format!("\\U{:08x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A string of Bicep in which nothing is interpolated.
///
/// Source: <https://learn.microsoft.com/azure/azure-resource-manager/bicep/data-types#strings>.
pub(super) fn bicep(text: &str) -> String {
    let mut out = String::from("'");
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\'' => out.push_str("\\'"),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '$' if rest.peek() == Some(&'{') => out.push_str("\\$"),
            c if is_hidden(c) => out.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('\'');
    out
}

/// JSON in which what cannot be seen is escaped, so that a command shows all that it does.
pub(super) fn json(value: &serde_json::Value) -> String {
    let mut out = String::new();
    for c in value.to_string().chars() {
        if is_hidden(c) {
            let mut units = [0; 2];
            out.extend(c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            out.push(c);
        }
    }
    out
}

/// True where an eye would miss the character.
pub(super) fn is_hidden(c: char) -> bool {
    let mut buffer = [0; 4];
    let text: &str = c.encode_utf8(&mut buffer);
    visible(text) != text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HOSTILE: &str = "a'b\"c$(id)`id`${x}%{y}\\ \n\u{2019};\u{200b}&|<>!*";

    #[test]
    fn a_shell_gives_back_the_very_text() {
        let command = format!("printf %s {}", shell(HOSTILE));
        let Ok(output) = std::process::Command::new("sh").args(["-c", &command]).output() else { return };
        assert_eq!(String::from_utf8(output.stdout).unwrap(), HOSTILE);
    }

    #[test]
    fn powershell_and_bicep_expand_nothing() {
        assert_eq!(powershell("a'b$x`\u{2019}"), "'a''b$x`\u{2019}\u{2019}'");
        assert_eq!(powershell("a\nb"), "('a' + [char]::ConvertFromUtf32(0xa) + 'b')");
        assert_eq!(bicep("a'b\\${x}\n\u{200b}"), "'a\\'b\\\\\\${x}\\n\\u{200b}'");
    }

    proptest! {
        #[test]
        fn terraform_reads_the_very_text(text in "[a-z$%{}\"\\\\'` \n]{0,20}|\\PC{0,10}") {
            let body: hcl_edit::structure::Body = format!("x = {}\n", hcl(&text)).parse().unwrap();
            let value = &body.get_attribute("x").unwrap().value;
            prop_assert_eq!(value.as_str(), Some(text.as_str()), "{}", hcl(&text));
        }

        #[test]
        fn json_is_read_back(text in "\\PC{0,20}|[\n\u{200b}\u{202e}a]{0,5}") {
            let value = serde_json::Value::String(text);
            prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&json(&value)).unwrap(), value);
        }
    }
}
