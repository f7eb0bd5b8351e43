//! Every rule's page is run: its files are written into memory, its commands executed, and what they print compared.
//!
//! `FEDCRED_BLESS=1 cargo test --test pages` writes the output anew; look at it before you accept it.

use std::{ffi::OsString, fs, path::PathBuf};

use fedcred::{
    cli,
    host::{Files, Host, Stream},
    lint,
};

const HEADINGS: [&str; 5] =
    ["## What it does", "## Why this is bad", "## Example", "## How to fix", "## Sources"];

#[test]
fn the_example_of_every_page_says_what_the_page_says() {
    let bless = std::env::var_os("FEDCRED_BLESS").is_some();
    let mut wrong = Vec::new();
    for rule in lint::ALL {
        let path = page_path(rule.id);
        let page = fs::read_to_string(&path).expect("a page");
        let run = rerun(&page);
        if bless {
            fs::write(&path, &run).expect("a page that can be written");
        } else if run != page {
            wrong.push(format!("{}:\n{run}", rule.id));
        }
        assert!(
            page.contains(&format!("[{}]", rule.id)) || bless,
            "{}: the example does not show the rule",
            rule.id
        );
    }
    assert!(wrong.is_empty(), "pages whose output changed:\n{}", wrong.join("\n"));
}

#[test]
fn every_page_has_every_heading_in_order() {
    for rule in lint::ALL {
        let headings: Vec<&str> = rule.page.lines().filter(|line| line.starts_with("## ")).collect();
        assert_eq!(headings, HEADINGS, "{}", rule.id);
        let why = rule.page.split("## ").find(|part| part.starts_with("Why")).unwrap_or_default();
        assert!(why.contains("AADSTS"), "{}: which code, or that there is none", rule.id);
        assert!(rule.page.starts_with(&format!("# {}\n", rule.id)), "{}", rule.id);
    }
}

fn page_path(id: &str) -> PathBuf {
    let name = format!("src/lint/rules/{}.md", id.replace('-', "_"));
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// The page with the output of every command written anew.
fn rerun(page: &str) -> String {
    let mut out = String::new();
    let mut files: Vec<(String, String)> = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        out.push_str(line);
        out.push('\n');
        let Some(fence) = line.strip_prefix("```").filter(|info| !info.is_empty()) else { continue };
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        match fence.split_once(' ') {
            Some((_, path)) => {
                files.push((path.to_owned(), format!("{}\n", block.join("\n"))));
                out.push_str(&format!("{}\n", block.join("\n")));
            }
            None if fence == "console" => out.push_str(&session(&block, &files)),
            None => out.push_str(&format!("{}\n", block.join("\n"))),
        }
        out.push_str("```\n");
    }
    out
}

fn session(block: &[&str], files: &[(String, String)]) -> String {
    let mut out = String::new();
    for command in block.iter().filter_map(|line| line.strip_prefix("$ ")) {
        let files = files.iter().map(|(path, text)| (path.as_str(), text.as_str()));
        let host = Host { files: Files::fake(files), ..Host::fake() };
        let words = command.split(' ').chain(["--repository", "octo/app", "--offline"]).map(OsString::from);
        cli::run(words, &host);
        let complaints = host.console.written(Stream::Err);
        assert!(!complaints.contains("error: "), "{command}: {complaints}");
        out.push_str(&format!("$ {command}\n{}", host.console.written(Stream::Out)));
    }
    out
}
