//! Reads the scripts of bash, sh and zsh that create credentials with az or curl.
//!
//! The script is followed, not run: variables, functions, loops over known lists and both branches of what is not known. What comes
//! from outside is a hole.

mod arithmetic;
mod braces;
mod builtin;
mod calculator;
mod choose;
mod command;
mod condition;
mod declare;
mod expand;
mod expansion;
mod filter;
mod function;
mod input;
mod jq;
mod lines;
mod lookup;
mod loops;
mod operation;
mod parser;
mod paths;
mod plain;
mod printf;
mod run;
mod sed;
mod simple;
mod sourced;
mod syntax;
mod test;
mod word;
mod world;

use std::{rc::Rc, sync::Arc};

use super::{Format, Reading, script::Cursor};
use crate::text::{Source, Span, Tree};
use run::Runner;
use syntax::{List, Node, Script};
use world::World;

/// Scripts of bash, sh and zsh.
pub(super) const FORMAT: Format = Format { name: "shell script", refers: true, accepts, read };

/// Words of which a script that creates credentials holds at least one.
const WORDS: [&str; 2] = ["federated-credential", "federatedidentitycredential"];

fn accepts(path: &str, text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    is_script(path, text) && WORDS.iter().any(|word| lower.contains(word))
}

fn is_script(path: &str, text: &str) -> bool {
    let named = [".sh", ".bash", ".zsh", ".ksh"].iter().any(|ending| path.ends_with(ending));
    let first = text.lines().next().unwrap_or("");
    named || (first.starts_with("#!") && first.trim_end().ends_with("sh"))
}

fn read(tree: &Tree, source: &Arc<Source>) -> Reading {
    let script = Rc::new(parser::parse(source.text()));
    let mut runner = Runner::new(tree, source, Rc::clone(&script));
    let ends = runner.run_list(&script.list, vec![World::default()]);
    run_callers(&mut runner, &script);
    run_uncalled(&mut runner, &script, &ends);
    for span in commands(&script, source) {
        if !runner.reached.contains(&span.start) {
            runner.skip(
                span,
                "no way through the script that could be followed comes to this command".to_owned(),
            );
        }
    }
    if let Some(span) = script.too_deep {
        runner.skip(span, Cursor::TOO_DEEP.to_owned());
    }
    runner.reading.drafts.sort_by_key(|draft| draft.place.span);
    runner.reading
}

/// A library only defines its functions; the scripts that take it in call them.
fn run_callers(runner: &mut Runner<'_>, script: &Script) {
    let library = runner.source;
    let name = library.path().rsplit('/').next().unwrap_or_default();
    let is_reached = |runner: &Runner<'_>| {
        commands(script, library).iter().all(|span| runner.reached.contains(&span.start))
    };
    for caller in runner.tree.iter() {
        let text = caller.text();
        let takes_in = || text.lines().any(|line| line.contains(name) && is_source(line));
        if caller.path() == library.path()
            || is_reached(runner)
            || !is_script(caller.path(), text)
            || !takes_in()
        {
            continue;
        }
        let mut outside = Runner::new(runner.tree, caller, Rc::new(parser::parse(text)));
        let list = Rc::clone(&outside.script);
        outside.run_list(&list.list, vec![World::default()]);
        outside.reading.skipped.clear();
        outside.reading.drafts.retain(|draft| draft.place.source.path() == library.path());
        runner.reached.extend(outside.reading.drafts.iter().map(|draft| draft.place.span.start));
        runner.keep(outside.reading);
    }
}

/// Whether a line takes in a file.
fn is_source(line: &str) -> bool {
    line.split([' ', '\t', ';', '&']).any(|word| word == "source" || word == ".")
}

/// Functions that nobody calls have arguments that are not known.
fn run_uncalled(runner: &mut Runner<'_>, script: &Script, ends: &[World]) {
    let world = ends.first().cloned().unwrap_or_default();
    for node in &script.list {
        if let Node::Function { body, .. } = node
            && commands_in(body, runner.source).iter().any(|span| !runner.reached.contains(&span.start))
        {
            let world = World { arguments: None, flow: world::Flow::On, ..world.clone() };
            runner.run_list(body, vec![world]);
        }
    }
}

/// Where the commands stand that create or change a credential with az.
fn commands(script: &Script, source: &Arc<Source>) -> Vec<Span> {
    commands_in(&script.list, source)
}

fn commands_in(list: &List, source: &Arc<Source>) -> Vec<Span> {
    list.iter().flat_map(|node| commands_of(node, source)).collect()
}

fn commands_of(node: &Node, source: &Arc<Source>) -> Vec<Span> {
    let inside = |list: &List| commands_in(list, source);
    match node {
        Node::Simple(simple) => {
            let mut words = simple.words.iter().map(|word| source.slice(word.span));
            let creates = words.any(|word| word == "federated-credential")
                && words.next().is_some_and(|word| ["create", "update"].contains(&word));
            creates.then_some(simple.span).into_iter().collect()
        }
        Node::Pipeline(stages) => inside(stages),
        Node::Not(inner) => commands_of(inner, source),
        Node::Chain { first, rest } => std::iter::once(first.as_ref())
            .chain(rest.iter().map(|link| &link.node))
            .flat_map(|node| commands_of(node, source))
            .collect(),
        Node::If { arms, otherwise } => arms
            .iter()
            .flat_map(|(condition, body)| [inside(condition), inside(body)].concat())
            .chain(inside(otherwise))
            .collect(),
        Node::Case { arms, .. } => arms.iter().flat_map(|arm| inside(&arm.body)).collect(),
        Node::Arithmetic { .. } => Vec::new(),
        Node::Loop { condition, body, .. } => [inside(condition), inside(body)].concat(),
        Node::For { body, .. }
        | Node::Group { body, .. }
        | Node::Subshell { body, .. }
        | Node::Function { body, .. } => inside(body),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::trust::Draft;

    fn reading(text: &str) -> Reading {
        let mut tree = Tree::default();
        let source = Source::new("scripts/oidc.sh", text);
        tree.insert(Arc::clone(&source));
        tree.insert(Source::new(
            "scripts/cred.json",
            r#"{"name":"file","issuer":"https://i","subject":"in-file","audiences":["a"]}"#,
        ));
        tree.insert(Source::new("scripts/vars.sh", "ORG=octo\nadd() { ORG=other; }\nadd\n"));
        tree.insert(Source::new(".env", "# names\nORG=octo\n"));
        tree.insert(Source::new("scripts/sub.tpl", "repo:${ORG}/$REPO:environment:$HOME"));
        read(&tree, &source)
    }

    fn subjects(text: &str) -> Vec<String> {
        let reading = reading(text);
        assert_eq!(reading.skipped, [], "{text}");
        let subject = |draft: &Draft| draft.subject.as_ref().unwrap().value.to_string();
        reading.drafts.iter().map(subject).collect()
    }

    /// A script that trusts the subject `S`, whatever stands before it.
    fn trusting(before: &str) -> String {
        format!(
            "{before}\naz identity federated-credential create --name n --identity-name id --issuer i --subject \"$S\"\n"
        )
    }

    #[test]
    fn a_loop_is_followed_round_by_round_while_its_condition_is_known() {
        let create =
            "az identity federated-credential create --name n --identity-name id --issuer i --subject";
        let shifted = format!("set -- a b\nwhile [ $# -gt 0 ]; do {create} \"$1\"; shift; done");
        assert_eq!(subjects(&shifted), ["a", "b"]);
        let counted = format!("i=0\nwhile [ $i -lt 2 ]; do {create} e$i; i=$((i+1)); done");
        assert_eq!(subjects(&counted), ["e0", "e1"]);
        let until = format!("i=0\nuntil ((i == 2)); do {create} e$i; ((i++)); done");
        assert_eq!(subjects(&until), ["e0", "e1"]);
        let stepped = format!("for ((i=3; i>0; i--)); do ((i == 2)) && continue; {create} e$i; done");
        assert_eq!(subjects(&stepped), ["e3", "e1"]);
        let unknown = format!("i=0; while test-it; do {create} e$i; ((i++)); done");
        assert_eq!(subjects(&unknown), ["e0", "e{i}"]);
        let beside = format!("for e in main \"$BRANCH\"; do {create} $e; done");
        assert_eq!(subjects(&beside), ["main", "{e}"]);
        let endless = format!("while true; do {create} x; done");
        assert_eq!(subjects(&endless), ["x"]);
    }

    #[test]
    fn every_way_to_give_the_body_is_followed() {
        let body = r#"{"name":"n","issuer":"https://i","subject":"s","audiences":["a"]}"#;
        let create = "az ad app federated-credential create --id x --parameters";
        for script in [
            format!("{create} '{body}'"),
            format!("{create}='{body}'"),
            format!("B='{body}'\n{create} \"$B\""),
            format!("cat > c.json <<'EOF'\n{body}\nEOF\n{create} @c.json"),
            format!("cat > c.json <<'EOF'\n{body}\nEOF\n{create} ./c.json"),
            format!("{create} @- <<EOF\n{body}\nEOF"),
            format!("echo '{body}' | {create} @-"),
            format!("{create} @<(cat <<EOF\n{body}\nEOF\n)"),
            format!("{create} \"$(cat <<EOF\n{body}\nEOF\n)\""),
            format!("cat <<-EOF | tee c.json > /dev/null\n\t{body}\n\tEOF\n{create} @c.json"),
            format!(
                "az rest --method POST --uri \"https://graph.microsoft.com/beta/applications/$ID/federatedIdentityCredentials\" --body '{body}'"
            ),
            format!(
                "curl -X POST -H \"$H\" \"https://graph.microsoft.com/v1.0/applications/$ID/federatedIdentityCredentials\" -d '{body}'"
            ),
            format!(
                "{create} \"$(jq -n --arg s s '{{name:\"n\",issuer:\"https://i\",subject:$s,audiences:[\"a\"]}}')\""
            ),
            format!(
                "{create} \"$(jq -n --arg s s '{{name:\"n\",issuer:\"https://i\",subject:\"\\($s)\",audiences:[\"a\"]}}')\""
            ),
            format!("B=$(jq -c . <<EOF\n{body}\nEOF\n)\n{create} \"$B\""),
            format!("f() {{ echo '{body}'; }}\nT=\"$(mktemp)\"\nf > \"$T\"\n{create} \"$T\""),
            format!("T=$(mktemp)\necho '{body}' > $T\n{create} @$T"),
        ] {
            assert_eq!(subjects(&script), ["s"], "{script}");
        }
        assert_eq!(subjects(&format!("{create} @cred.json")), ["in-file"]);
    }

    #[test]
    fn what_other_files_set_is_known_and_templates_are_filled() {
        for (before, found) in [
            ("source \"$(dirname \"$0\")/vars.sh\"\nS=\"repo:$ORG/app\"", "repo:other/app"),
            ("set -a; . ./.env; set +a\nS=\"repo:$ORG/app\"", "repo:octo/app"),
            ("export ORG=o\nREPO=r\nS=$(envsubst '$ORG $REPO' < sub.tpl)", "repo:o/r:environment:$HOME"),
            ("ORG=o\nS=$(envsubst < scripts/sub.tpl)", "repo:o/{REPO}:environment:{HOME}"),
            ("S=$(echo \"Repo:O\" | tr '[:upper:]' '[:lower:]')", "repo:o"),
            ("S=$(echo \"$X\" | tr A-Z a-z)", "{S}"),
        ] {
            assert_eq!(subjects(&trusting(before)), [found], "{before}");
        }
    }

    #[test]
    fn what_a_sourced_file_creates_counts_and_a_file_that_is_not_followed_is_said() {
        let read_with = |script: &str, files: &[(&str, &str)]| {
            let mut tree = Tree::default();
            let source = Source::new("oidc.sh", script);
            tree.insert(Arc::clone(&source));
            for (path, text) in files {
                tree.insert(Source::new(*path, *text));
            }
            let reading = read(&tree, &source);
            let subject = |draft: &Draft| draft.subject.as_ref().unwrap().value.to_string();
            let said: Vec<String> = reading
                .skipped
                .iter()
                .map(|skipped| format!("{}: {}", skipped.place.source.path(), skipped.reason))
                .collect();
            (reading.drafts.iter().map(subject).collect::<Vec<_>>(), said)
        };
        let create = trusting("");
        let (found, said) = read_with("S=repo:o/r\nsource ./add.sh", &[("add.sh", &create)]);
        assert_eq!((found, said.len()), (vec!["repo:o/r".to_owned()], 0));

        let absent = "az ad app federated-credential create --id x --parameters @none.json";
        let (_, said) = read_with("source ./add.sh", &[("add.sh", absent)]);
        assert!(said[0].starts_with("add.sh: ") && said[0].contains("none.json"), "{said:?}");

        for script in ["S=old; source ./gone.sh", "S=(old); source ./gone.sh"] {
            let (found, said) = read_with(&format!("{script}{create}"), &[]);
            assert_eq!(found, ["{S}"], "{script}");
            assert!(said[0].contains("`./gone.sh` is not among the files"), "{said:?}");
        }
        let chain = [("1.sh", ". ./2.sh"), ("2.sh", ". ./3.sh"), ("3.sh", ". ./4.sh"), ("4.sh", "S=new")];
        let (found, said) = read_with(&format!("S=old\n. ./1.sh{create}"), &chain);
        assert_eq!(found, ["{S}"]);
        assert!(said[0].starts_with("3.sh: `./4.sh` is not followed"), "{said:?}");
    }

    #[test]
    fn a_function_of_another_file_is_called_where_that_file_is_taken_in() {
        let library = "add() {\n  az identity federated-credential create --name n --identity-name id --issuer i --subject \"repo:o/r:$1\"\n}\n";
        let files = |caller: &'static str| {
            let mut tree = Tree::default();
            tree.insert(Source::new("lib/trust.sh", library));
            tree.insert(Source::new("lib/setup.sh", caller));
            tree
        };
        let listed = |tree: &Tree| {
            let reading = crate::trust::read::read_all(tree);
            assert_eq!(reading.skipped, []);
            let told = |draft: &Draft| {
                let subject = draft.subject.as_ref().unwrap();
                format!("{} {}", subject.value, subject.place)
            };
            reading.drafts.iter().map(told).collect::<Vec<_>>()
        };
        let place = "lib/trust.sh:2:93";
        let called = files("source ./trust.sh\nadd main\nadd dev\n");
        assert_eq!(listed(&called), [format!("repo:o/r:main {place}"), format!("repo:o/r:dev {place}")]);
        let hidden = files("# federated-credential\n. \"$(dirname \"$0\")/trust.sh\"\nadd main\n");
        assert_eq!(listed(&hidden), [format!("repo:o/r:main {place}")]);
        let uncalled = files("source ./trust.sh\n");
        assert_eq!(listed(&uncalled), [format!("repo:o/r:{{1}} {place}")]);
    }

    #[test]
    fn a_value_stands_where_its_literal_is_written() {
        let text = "OWNER=octo\naz ad app federated-credential create --id x --parameters \"{\n  \\\"name\\\": \\\"n\\\", \\\"issuer\\\": \\\"https://i\\\",\n  \\\"subject\\\": \\\"repo:${OWNER}/app:pull_request\\\", \\\"audiences\\\": [\\\"a\\\"]}\"";
        let reading = reading(text);
        let subject = reading.drafts[0].subject.as_ref().unwrap();
        assert_eq!(subject.value.text(), Some("repo:octo/app:pull_request"));
        assert_eq!(subject.place.text(), "repo:${OWNER}/app:pull_request");
        assert_eq!(reading.drafts[0].place.start().line, 2);
    }

    #[test]
    fn values_are_followed_through_what_scripts_do_with_them() {
        for (before, subject) in [
            ("S=${1:-repo:o/r}", "repo:o/r"),
            ("S=\"${S:-repo:o/r}:x\"", "repo:o/r:x"),
            ("R=https://github.com/o/r.git; R=${R#https://github.com/}; S=repo:${R%.git}", "repo:o/r"),
            ("f() { local a=$1; S=\"$a/$2\"; }; f o r", "o/r"),
            ("f() { echo \"repo:$1\"; }; S=$(f o/r)", "repo:o/r"),
            ("S=`printf '%s:%s' a b`", "a:b"),
            ("declare -A M=([dev]=one [prod]=two)\nS=${M[prod]}", "two"),
            ("A=(x y); A+=(z); S=\"${A[*]}\"", "x y z"),
            ("A=(x y); i=1; S=${A[i]}", "y"),
            ("A=(x y z); S=${A[-1]}${A[9]}", "z"),
            ("A=(x y); i=0; S=${A[i+1]}", "y"),
            ("IFS=, read -r A S <<< 'a,b'", "b"),
            ("S=$(cat <<EOF\nrepo:o/r\nEOF\n)", "repo:o/r"),
            ("S=Repo; S=${S,,}", "repo"),
            ("S=a/b; S=${S/\\//-}", "a-b"),
            ("[ -n \"$X\" ] || X=d; S=y", "y"),
            ("X=a; if [[ $X == a ]]; then S=yes; else S=no; fi", "yes"),
            ("S=$(gh repo view --json nameWithOwner)", "{S}"),
            ("# az \"\nS='it'\\''s'", "it's"),
            ("f() { echo talk >&2; echo talk > /dev/null; echo o/r; }; S=$(f)", "o/r"),
            ("S=$(echo 'repo:<O>/<R>' | sed \"s#<O>#o#;\" | sed -e 's/<R>/r/g')", "repo:o/r"),
            ("O=o; echo 'repo:@O@/r' > t; sed -i.bak \"s|@O@|$O|g\" ./t; S=$(cat t)", "repo:o/r"),
            ("echo 'repo:@O@/r' > t; sed -i '' -E 's|@(.)@|x|' t; S=$(cat t)", "{S}"),
            ("S=$(echo 'a a' | sed s/a/b/)", "{S}"),
        ] {
            assert_eq!(subjects(&trusting(before)), [subject], "{before}");
        }
    }

    #[test]
    fn what_bash_makes_of_it_is_what_is_read() {
        for (before, subject) in [
            ("S=$(printf '%-4s|%3d|%03d|%.2s|%%|%q' a 7 7 abc o/r:x)", "a   |  7|007|ab|%|o/r:x"),
            ("S=$(printf 'a\\x3ab\\057%b' 'c\\x3ad')", "a:b/c:d"),
            ("S=$(printf 'x%5sy' \"$1\")", "x{1}y"),
            ("S=$(printf '%q' 'a b')", "{S}"),
            ("S=$(echo -en 'repo:o\\x2fr')", "repo:o/r"),
            ("S=$(echo 'a\\tb')", "a\\tb"),
            ("IFS=: read -r A S <<< 'n:repo:o/r:ref:refs/heads/main'", "repo:o/r:ref:refs/heads/main"),
            ("IFS='|' read -r A B S <<< 'n||repo:o/r|'", "repo:o/r"),
            ("read -r A S <<< ' n  repo:o/r  x  '", "repo:o/r  x"),
            ("IFS=, read -ra A <<< 'a,,c'; S=${A[2]}", "c"),
            ("R=o/r; S=repo:$(echo \"$R\" | cut -d/ -f1):$(cut -f 2 -d '/' <<< \"$R\")", "repo:o:r"),
            ("S=$(printf 'a:b:c\\nx\\n:y' | cut -d: -f2-)", "b:c\nx\ny"),
            ("S=$(echo \"$1/r\" | cut -d/ -f2)", "{S}"),
            ("S=$(echo abc | cut -c1-2)", "{S}"),
            ("S=$(basename https://github.com/o/r.git .git)$(basename 'o/r/')", "rr"),
            ("i=0; ((i+=2)); S=x$i", "x2"),
            ("((i+=2)); S=x$i", "x{i}"),
            ("i=0; ((i == 2)); S=x$i", "x0"),
            ("i=0; let i+=1; S=x$i", "x1"),
            ("for ((i=0; i<2; i++)); do S=x$i; done", "x1"),
            ("A=(a b c); S=${A[-1]}${A[-3]}", "ca"),
            ("A=a/b/a; S=${A/#a/x}${A/%a/y}${A/#b/z}", "x/b/aa/b/ya/b/a"),
            ("A=c; if [[ $A == a || $A == c ]] && [ ! \"$A\" = d -a -n $A ]; then S=y; else S=n; fi", "y"),
            ("A=; if [ \"$A\" ]; then S=y; else S=n; fi", "n"),
            ("echo repo:x > f; S=$(<f)", "repo:x"),
            ("mapfile -t A <<< $'a\\n\\nb'; S=${A[2]}", "b"),
            ("if [ $# -lt 1 ]; then exit 1; fi; S=a", "a"),
            ("X=3; if [ $X -gt 2 ]; then S=a; else S=b; fi", "a"),
            ("X=03; if [ $X -ne 3 ] || [ $X -lt 3 ]; then S=a; else S=b; fi", "b"),
        ] {
            assert_eq!(subjects(&trusting(before)), [subject], "{before}");
        }
    }

    #[test]
    fn what_bash_reads_in_its_own_way_is_followed_or_left_open() {
        for (before, subject) in [
            ("S=$(printf 'h\\na\\nb\\n' | tail -n+2)", "a\nb"),
            ("S=$(printf 'h\\na\\nb\\nc\\n' | tail -n +3)", "b\nc"),
            ("A=; if [ -n $A ]; then S=y; else S=n; fi", "y"),
            ("A=; if [ $A ]; then S=y; else S=n; fi", "n"),
            ("A=a; E=; S=${A//$E/b}${A/$E/b}", "aa"),
            ("A=a-b-c; [[ $A =~ ^(.+?)-(.*)$ ]]; S=${BASH_REMATCH[1]}", "{S}"),
            ("A=' a'; S=${A##[[:space:]]}", "{S}"),
            ("A=aab; S=${A##+(a)}", "{S}"),
            ("readarray -d , -t A <<< 'x,y'; S=${A[1]}", "{S}"),
            ("mapfile A <<< a; S=${A[0]}b", "a\nb"),
            ("f() { S=${1-a}${2-b}; }; f ''", "b"),
            ("V=a; declare -n R=V; S=$R", "{S}"),
            ("V=(a b); declare -n R=V; S=${R[@]}", "{S}"),
        ] {
            assert_eq!(subjects(&trusting(before)), [subject], "{before}");
        }
    }

    #[test]
    fn arithmetic_is_that_of_bash() {
        for (before, subject) in [
            ("x=3; S=$((x * 2 + 1))$(( x > 2 ? 1 : 0 ))$((x << 2))$((~x))$((!x))", "7112-40"),
            ("S=$((010 + 0x10 + 2#11))/$((-7 / 2))/$((-7 % 3))/$((2 ** 3 ** 2))", "27/-3/-1/512"),
            ("S=$((9223372036854775807 + 1))", "-9223372036854775808"),
            ("x=3; S=$((x++))$x$((--x))$((x += 4, x))$(( (x - 1) / 2 ))", "34373"),
            ("x=a; a=4; S=$((x + 1))$[1 + 1]", "52"),
            ("x=1; S=$((0 && x++))$((1 || x++))$x", "011"),
            ("A=(5 6); i=1; S=$((A[i] + 1))${A[i-1]}${A[$((i - 1))]}", "755"),
            ("x=3; let x*=2 'y = x - 1'; S=$x$y", "65"),
            ("x=5; if (( x > 3 )) && ((x < 9)); then S=a; else S=b; fi", "a"),
            ("S=$((1 / 0))", "{S}"),
            ("S=$((09))", "{S}"),
            ("x=1; y=$U; ((x += y)); S=a$x", "a{x}"),
            ("S=$( (echo a) )", "a"),
        ] {
            assert_eq!(subjects(&trusting(before)), [subject], "{before}");
        }
    }

    #[test]
    fn words_and_expansions_are_those_of_bash() {
        for (before, subject) in [
            ("A=({1..3} x{a,b{c,d}}y {08..10} {c..a}); S=\"${A[*]}\"", "1 2 3 xay xbcy xbdy 08 09 10 c b a"),
            ("n=2; A=(\"{a,b}\" {a} {1..$n} '{'a,b}); S=\"${A[*]}\"", "{a,b} {a} {1..2} {a,b}"),
            ("v=abcdef; S=${v:1:3}${v:4}${v: -2}${v:1:-4}${v:0:1}${#v}", "bcdefefba6"),
            ("v=abC; S=${v^}${v^^}; v=ABC; S+=${v,}${v,,}", "AbCABCaBCabc"),
            ("U=; V=v; S=a${U:+b}${U+c}${V:+d}${U-e}${U:-f}", "acdf"),
            ("S=a${U:+b}", "a{U}"),
            ("S=$'\\x41\\101\\u0042\\e[0m\\cx'", "AAB\u{1b}[0m\\cx"),
            ("A=(a b c); unset 'A[0]' A[2]; S=\"${A[*]}${#A[@]}\"", "b1"),
            ("A=(a b c d); S=\"${A[*]:1:2}|${A[*]: -1}\"; set -- x y z; S+=\"|${*:2}\"", "b c|d|y z"),
            ("A=(aa ba); S=\"${A[*]/#/x}|${A[*]%a}|${A[*]^}\"", "xaa xba|a b|Aa Ba"),
            ("A=(a b); IFS=,; S=\"${A[*]}|${A[@]}\"", "a,b|a b"),
            ("A=(a b); S=$(IFS=/; echo \"${A[*]}\")", "a/b"),
            ("E=(); F=(x); A=(${E[@]+y} \"${F[@]:+z}\" \"${E[@]}\"); S=\"${#A[@]}${A[*]}\"", "1z"),
            ("IFS=,; v=a,,b; A=($v); S=${#A[@]}${A[2]}", "3b"),
            ("A=('a b' c); B=(${A[@]}); S=${#B[@]}", "3"),
            ("v=x; n=v; S=${!n}", "x"),
            ("B=$(cat <<-EOF\n\ta\n\t  ${1:-b}\t\n\tEOF\n); S=\"$B\"", "a\n  b\t"),
            ("case ab in a*) S=1;;& *b) S+=2;& z) S+=3;; *) S+=4;; esac", "123"),
        ] {
            assert_eq!(subjects(&trusting(before)), [subject], "{before}");
        }
    }

    #[test]
    fn what_a_shell_of_its_own_sets_stays_there() {
        for (before, found) in [
            ("S=a; echo b | read S", vec!["a"]),
            ("S=a; echo b | while read -r x; do S=$x; done", vec!["a"]),
            ("S=a; ( S=b )", vec!["a"]),
            ("S=$( ( if test-it; then echo a; else echo b; fi ) )", vec!["{S}"]),
            ("while read -r S; do :; done < <(printf 'a\\nb\\n')\nS=x$S", vec!["x"]),
            ("while read -r l || [ -n \"$l\" ]; do S+=$l; done < <(printf 'a\\n\\nb')", vec!["ab"]),
            ("if A=2; then S=a; elif true; then S=b; fi", vec!["a"]),
            ("S=$([ 1 = 1 ] && echo a || echo b)", vec!["a"]),
            ("for e in a; do echo $e; done > f; S=$(cat f)", vec!["a"]),
        ] {
            assert_eq!(subjects(&trusting(before)), found, "{before}");
        }
        let zsh = format!("#!/bin/zsh\n{}", trusting("S=a; echo b | read S"));
        assert_eq!(subjects(&zsh), ["b"]);
    }

    #[test]
    fn declarations_and_eval_change_what_they_change() {
        for (before, subject) in [
            ("declare -i n=3; n+=1; S=$n", "4"),
            ("declare -u v=ab; v+=c; declare -l w=AB; S=$v$w", "ABCab"),
            ("f() { local -i k=2*3; S=$k; }; f", "6"),
            ("x=S; S=a; declare \"$x=b\"", "b"),
            ("S=a; declare -x S", "a"),
            ("S=a; eval \"S=b\"", "{S}"),
            ("S=a; eval \"$U=b\"", "{S}"),
            ("S=a; f() { local -n r=$1; r=x; }; f S", "{S}"),
            ("A=(a b); A+=c; A[3]=e; A[0]+=d; A+=(f); S=\"${A[*]}${!A[*]}\"", "acd b e f0 1 3 4"),
            ("declare -A M=([b]=1 [a]=2); S=\"${M[*]}\"", "{S}"),
            ("declare -A M; a=5; M[a]=x; S=${M[a]}${M[5]}", "x"),
            ("i=1; A[i]=x; A[i+1]=y; S=\"${!A[*]}${A[*]}\"", "1 2x y"),
        ] {
            assert_eq!(subjects(&trusting(before)), [subject], "{before}");
        }
    }

    #[test]
    fn patterns_and_tests_are_those_of_bash() {
        for (before, subject) in [
            ("r=o/a-b; [[ $r =~ ^([^/]+)/(.*)$ ]] && S=${BASH_REMATCH[2]}-${BASH_REMATCH[1]}", "a-b-o"),
            ("p='^o[.]?'; if [[ ox =~ $p ]]; then S=y${BASH_REMATCH[0]}; else S=n; fi", "y{BASH_REMATCH}"),
            ("if [[ a.b =~ ^a\\.b$ && ! axb =~ ^a\\.b$ ]]; then S=y; else S=n; fi", "y"),
            ("S=xyz; if [[ $S == \"x*\" ]]; then S=y; fi", "xyz"),
            ("p='x*'; S=xyz; [ $S = \"$p\" ] || case $S in \"$p\") S=q;; $p) S=y;; esac", "y"),
            ("v='a*b'; S=${v/\\*/x}${v%'*b'}", "axba"),
            ("v=a/b; S=${v////-}", "a-b"),
            ("v=abc; S=${v/b/&}", "{S}"),
            ("S=010; if [[ S -eq 8 ]] && [ $S -eq 10 ]; then S=y; fi", "y"),
            ("for i in 1 2; do for j in a b; do S=$i$j; continue 2; done; done", "2a"),
            ("for i in 1 2; do for j in a b; do S=$i$j; break 2; done; done", "1a"),
        ] {
            assert_eq!(subjects(&trusting(before)), [subject], "{before}");
        }
    }

    #[test]
    fn a_pattern_stands_for_the_files_that_fit_it() {
        for (words, found) in [
            ("*.json", vec!["cred.json"]),
            ("./scripts/v*.sh 'x*'", vec!["./scripts/vars.sh", "x*"]),
            ("repo:o/r:*", vec!["repo:o/r:*"]),
        ] {
            let script = format!("for S in {words}; do{}done", trusting(""));
            assert_eq!(subjects(&script), found, "{words}");
        }
        let each =
            "for f in ./*.json; do az ad app federated-credential create --id x --parameters \"@$f\"; done";
        assert_eq!(subjects(each), ["in-file"]);
        assert_eq!(subjects(&trusting("echo a > one.txt; S=$(cat o*.txt)")), ["a"]);
    }

    #[test]
    fn lines_are_made_chosen_and_ordered() {
        for (before, subject) in [
            ("S=$(seq 3 | tail -n 2)", "2\n3"),
            ("S=$(seq -w 8 2 10)/$(seq 2 -1 1 | sort)", "08\n10/1\n2"),
            ("S=$(printf 'b\\na\\nb\\n' | sort -u | head -1)$(printf 'a\\nb\\n' | wc -l)", "a2"),
            ("S=$(printf 'a-b\\na\\n' | sort)", "{S}"),
            ("S=$(dirname a/b/c)$(dirname x)$(echo a/b | tr / - | tr -d a)", "a/b.-b"),
        ] {
            assert_eq!(subjects(&trusting(before)), [subject], "{before}");
        }
    }

    #[test]
    fn every_branch_and_every_element_counts() {
        let create = trusting("");
        for (script, found) in [
            (format!("for S in a b; do{create}done"), vec!["a", "b"]),
            (format!("if test-it; then S=a; else S=b; fi{create}"), vec!["a", "b"]),
            (
                format!("case \"$1\" in dev|prod) ;; *) echo no; exit 1 ;; esac\nS=$1{create}"),
                vec!["dev", "prod"],
            ),
            (format!("while read -r S; do{create}done <<EOF\na\nb\nEOF"), vec!["a", "b"]),
            (format!("while read -r n S; do{create}done < <(printf 'x a\\ny b\\n')"), vec!["a", "b"]),
            (format!("L='a b'; for S in $L; do{create}done"), vec!["a", "b"]),
            (
                format!("S=a; while [ $# -gt 0 ]; do case $1 in --s) S=$2; shift 2;; esac; done{create}"),
                vec!["a"],
            ),
            (format!("never() {{{create}}}"), vec!["{S}"]),
            (
                format!(
                    "t() {{ echo $1; }}\n{}for S in a b; do{create}done",
                    "if test-it; then t x; else t y; fi\n".repeat(20)
                ),
                vec!["a", "b"],
            ),
        ] {
            assert_eq!(subjects(&script), found, "{script}");
        }
    }

    #[test]
    fn what_is_not_followed_is_said() {
        let unknown = reading("az ad app federated-credential create --id x --parameters \"$BODY\"");
        assert!(unknown.skipped[0].reason.contains("`BODY` is not set"), "{:?}", unknown.skipped);
        let absent = reading("az ad app federated-credential create --id x --parameters @none.json");
        assert!(absent.skipped[0].reason.contains("none.json"));
        let dead = reading(
            "X=a; if [ $X = b ]; then az ad app federated-credential create --id x --parameters '{}'; fi",
        );
        assert_eq!(dead.skipped.len(), 1);
        let broken = reading("az ad app federated-credential create --id x --parameters '{\"name\": }'");
        assert!(broken.skipped[0].reason.contains("no valid JSON"));
    }

    #[test]
    fn a_script_that_grows_without_end_is_given_up_and_said_so() {
        let reason = |before: &str| {
            let reading = reading(&trusting(before));
            let holes =
                reading.drafts.iter().flat_map(|draft| draft.subject.as_ref().unwrap().value.parts.clone());
            let hole = holes.into_iter().find_map(|part| match part {
                crate::trust::TextPart::Hole { reason, .. } => Some(reason),
                crate::trust::TextPart::Text(_) => None,
            });
            hole.or_else(|| Some(reading.skipped.first()?.reason.clone())).unwrap_or_default()
        };
        for before in [
            format!("S=ab\n{}", "S=$S$S\n".repeat(40)),
            format!("S=ab\n{}", "S+=$S\n".repeat(40)),
            format!("A=a\n{}S=\"${{A//a/$A}}\"", "A=$A$A\n".repeat(15)),
            format!("A=(a b)\n{}S=\"${{A[*]}}\"", "A=(\"${A[@]}\" \"${A[@]}\")\n".repeat(40)),
            format!("S=a\n{}", "if $Q; then B=1; C=$B; fi\n".repeat(12_000)),
        ] {
            assert!(reason(&before).contains("too long"), "{}: {before:.80}", reason(&before));
        }
        let endless = "f() { f; f; f; }\nf";
        assert!(reason(endless).contains("too deeply"), "{}", reason(endless));
    }

    #[test]
    fn deep_nesting_and_long_chains_end_in_a_value_or_a_word_about_it() {
        assert_eq!(subjects(&trusting(&format!("{}true && S=a", "! ".repeat(30_000)))), ["a"]);
        assert_eq!(subjects(&trusting(&format!("S=a{}", " && true".repeat(10_000)))), ["a"]);
        for opening in ["( ", "{ ", "if a; then ", "$(", "${a:-", "a[$(", "a[\"$("] {
            let reading = reading(&format!("{}\n", opening.repeat(200)));
            let is_told = reading.skipped.iter().any(|skipped| skipped.reason == Cursor::TOO_DEEP);
            assert!(is_told, "{opening}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]
        #[test]
        fn no_text_makes_the_reader_fall_and_places_stay_inside(
            text in "(az identity federated-credential create|--subject|--name|az ad app federated-credential create --parameters|\\$\\(|\\$\\{|\\}|\\)|\\(|\"|'|`|;;|\\n|<<EOF|EOF|case|esac|in|for|do|done|if|then|fi|while|f\\(\\)|\\{|x=|\\$x|\\[|\\]|#|%|/|\\\\| |é|@f|\\||&&|jq -n --arg x|\\PC){0,40}"
        ) {
            let reading = reading(&text);
            for draft in &reading.drafts {
                let values = [&draft.name, &draft.subject, &draft.issuer];
                let places = values.into_iter().flatten().map(|value| &value.place).chain([&draft.place]);
                for place in places {
                    prop_assert!(place.source.text().get(place.span.start..place.span.end).is_some());
                }
            }
        }
    }
}
