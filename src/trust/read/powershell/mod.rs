//! Reads the PowerShell scripts that create credentials with cmdlets of Az and Microsoft Graph, or with az.
//!
//! The script is followed, not run, as in the shell's reader. What comes from outside is a hole.

mod binding;
mod carrier;
mod choose;
mod command;
mod compound;
mod element;
mod evaluate;
mod expression;
mod file;
mod format;
mod function;
mod loops;
mod method;
mod operator;
mod parser;
mod pattern;
mod pipe;
mod precedence;
mod run;
mod syntax;
mod target;
mod text;
mod value;
mod world;

use std::sync::Arc;

use super::{Format, Reading, script::Cursor};
use crate::text::{Source, Span, Tree};
use run::Runner;
use syntax::{Argument, Block, Expression, Piece, Stage, Statement, Switch};
use world::{Flow, World};

/// Scripts of PowerShell.
pub(super) const FORMAT: Format = Format { name: "PowerShell script", refers: true, accepts, read };

/// Words of which a script that creates credentials holds at least one.
const WORDS: [&str; 3] =
    ["federated-credential", "federatedidentitycredential", "azadappfederatedcredential"];

fn accepts(path: &str, text: &str) -> bool {
    let lower_path = path.to_ascii_lowercase();
    let named = [".ps1", ".psm1"].iter().any(|ending| lower_path.ends_with(ending));
    let lower = text.to_ascii_lowercase();
    named && WORDS.iter().any(|word| lower.contains(word))
}

fn read(tree: &Tree, source: &Arc<Source>) -> Reading {
    let (block, too_deep) = parser::parse(source.text());
    let mut runner = Runner::new(tree, source);
    let ends = runner.run_block(&block, vec![World::default()]);
    let world = World { flow: Flow::On, ..ends.into_iter().next().unwrap_or_default() };
    // A module only defines its functions; whoever calls them stands elsewhere.
    for statement in &block {
        if let Statement::Function { body, .. } = statement
            && commands_in(body).iter().any(|span| !runner.reached.contains(&span.start))
        {
            runner.run_block(body, vec![world.clone()]);
        }
    }
    for span in commands_in(&block) {
        if !runner.reached.contains(&span.start) {
            runner.skip(span, "no way through the script that could be followed comes to this command");
        }
    }
    if let Some(span) = too_deep {
        runner.skip(span, Cursor::TOO_DEEP);
    }
    runner.reading.drafts.sort_by_key(|draft| draft.place.span);
    runner.reading
}

/// Where the commands stand that create or change a credential.
fn commands_in(block: &Block) -> Vec<Span> {
    block.iter().flat_map(commands_of).collect()
}

fn commands_of(statement: &Statement) -> Vec<Span> {
    let stages = |pipeline: &[Stage]| pipeline.iter().flat_map(commands_of_stage).collect::<Vec<_>>();
    match statement {
        Statement::Assign { value, .. } => stages(value),
        Statement::Pipeline(pipeline) => stages(pipeline),
        Statement::Return(value) => value.as_ref().map(|value| stages(value)).unwrap_or_default(),
        Statement::If { arms, otherwise } => arms
            .iter()
            .flat_map(|(condition, body)| [stages(condition), commands_in(body)].concat())
            .chain(commands_in(otherwise))
            .collect(),
        Statement::Switch(Switch { value, arms, .. }) => {
            stages(value).into_iter().chain(arms.iter().flat_map(|(_, body)| commands_in(body))).collect()
        }
        Statement::Always(blocks) => blocks.iter().flat_map(commands_in).collect(),
        Statement::Loop(found) => commands_in(&found.body),
        Statement::ForEach { body, .. } | Statement::Function { body, .. } => commands_in(body),
        Statement::Parameters(_) | Statement::Break | Statement::Continue | Statement::Exit => Vec::new(),
    }
}

fn commands_of_stage(stage: &Stage) -> Vec<Span> {
    let (words, span) = match stage {
        Stage::Command { words, span } => (words, span),
        Stage::Expression(expression) => return commands_of_expression(expression),
    };
    let texts: Vec<&str> = words.iter().filter_map(plain).collect();
    let of_az = texts.iter().skip_while(|word| **word != "federated-credential").nth(1);
    let creates = of_az.is_some_and(|word| ["create", "update"].contains(word))
        || texts.first().is_some_and(|program| command::creates(program).is_some());
    let inside = words.iter().flat_map(|word| match word {
        Argument::Value(value) | Argument::Parameter { value: Some(value), .. } => {
            commands_of_expression(value)
        }
        Argument::Parameter { value: None, .. } | Argument::Splat { .. } | Argument::Redirect(_) => {
            Vec::new()
        }
    });
    creates.then_some(*span).into_iter().chain(inside).collect()
}

fn commands_of_expression(expression: &Expression) -> Vec<Span> {
    match expression {
        Expression::Block(block) | Expression::Statements(block) | Expression::Listed(block) => {
            commands_in(block)
        }
        Expression::Pipeline(pipeline) => pipeline.iter().flat_map(commands_of_stage).collect(),
        Expression::Array(items) => items.iter().flat_map(commands_of_expression).collect(),
        Expression::Table(entries) => {
            entries.iter().flat_map(|(_, value)| commands_of_expression(value)).collect()
        }
        Expression::Member { object, arguments, .. } => {
            let inside = arguments.iter().flatten().flat_map(commands_of_expression);
            commands_of_expression(object).into_iter().chain(inside).collect()
        }
        Expression::Choice { yes, no, .. } => {
            [commands_of_expression(yes), commands_of_expression(no)].concat()
        }
        Expression::Static { arguments, .. } => arguments.iter().flat_map(commands_of_expression).collect(),
        Expression::Index { object: inner, .. }
        | Expression::Cast { value: inner, .. }
        | Expression::Not(inner) => commands_of_expression(inner),
        Expression::Binary { left, right, .. } => {
            [commands_of_expression(left), commands_of_expression(right)].concat()
        }
        Expression::Text(..)
        | Expression::Variable(..)
        | Expression::Number(..)
        | Expression::Count { .. }
        | Expression::Opaque(_) => Vec::new(),
    }
}

fn plain(word: &Argument) -> Option<&str> {
    match word {
        Argument::Value(Expression::Text(pieces, _)) => match pieces.as_slice() {
            [Piece::Plain(text, _)] => Some(text),
            _ => None,
        },
        Argument::Value(_) | Argument::Parameter { .. } | Argument::Splat { .. } | Argument::Redirect(_) => {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::trust::{Draft, Home, TextPart};

    fn reading(text: &str) -> Reading {
        let mut tree = Tree::default();
        let source = Source::new("setup.ps1", text);
        tree.insert(Arc::clone(&source));
        tree.insert(Source::new(
            "trust.psd1",
            "@{\n  Org = 'octo' # ours\n  Environments = @('dev', 'prod')\n}\n",
        ));
        tree.insert(Source::new("t.csv", "env,sub\nd,\"a,b\"\np,c\n"));
        tree.insert(Source::new("trust.json", r#"{"org": "octo", "environments": ["dev", "prod"]}"#));
        read(&tree, &source)
    }

    fn text(value: &Option<crate::text::Located<crate::trust::Value>>) -> String {
        value.as_ref().unwrap().value.to_string()
    }

    fn subjects(text: &str) -> Vec<String> {
        let reading = reading(text);
        assert_eq!(reading.skipped, [], "{text}");
        let subject = |draft: &Draft| draft.subject.as_ref().unwrap().value.to_string();
        reading.drafts.iter().map(subject).collect()
    }

    #[test]
    fn a_managed_identity_gets_the_usual_audience_where_the_cmdlet_names_none() {
        let script = "New-AzFederatedIdentityCredential -ResourceGroupName g -IdentityName id -Name n -Issuer https://i -Subject s";
        let audiences = &reading(script).drafts[0].audiences;
        assert_eq!(audiences[0].value.text(), Some("api://AzureADTokenExchange"));
    }

    #[test]
    fn the_cmdlets_of_az_and_graph_are_read() {
        for (script, home) in [
            (
                "New-AzADAppFederatedCredential -ApplicationObjectId $app.Id -Audience 'api://a' -Issuer 'https://i' `\n  -Name 'n' -Subject 's'",
                Home::Application,
            ),
            (
                "New-AzFederatedIdentityCredentials -ResourceGroupName g -IdentityName id -Name n -Issuer https://i -Subject s",
                Home::ManagedIdentity,
            ),
            (
                "$p = @{ Name = 'n'\n Issuer = 'https://i'; Subject = \"s\"; Audience = @('a') }\nNew-AzADAppFederatedCredential @p -ApplicationObjectId x",
                Home::Application,
            ),
            (
                "$p = @{\n  name = 'n'\n  issuer = 'https://i'\n  subject = 's'\n  audiences = @(\n    'a'\n  )\n}\nNew-MgApplicationFederatedIdentityCredential -ApplicationId $id -BodyParameter $p",
                Home::Application,
            ),
            (
                "$b = @{ name='n'; issuer='https://i'; subject='s'; audiences=@('a') } | ConvertTo-Json\naz ad app federated-credential create --id $id --parameters $b",
                Home::Application,
            ),
            (
                "$b = @\"\n{ \"name\": \"n\", \"issuer\": \"https://i\", \"subject\": \"s\", \"audiences\": [\"a\"] }\n\"@\n$b | Out-File -FilePath c.json\naz ad app federated-credential create --id $id --parameters \"@c.json\"",
                Home::Application,
            ),
            (
                "az ad app federated-credential create --id x --parameters '{\\\"name\\\":\\\"n\\\",\\\"issuer\\\":\\\"https://i\\\",\\\"subject\\\":\\\"s\\\",\\\"audiences\\\":[\\\"a\\\"]}'",
                Home::Application,
            ),
            (
                "az identity federated-credential create --name n --identity-name id --issuer https://i --subject s",
                Home::ManagedIdentity,
            ),
            (
                "Invoke-MgGraphRequest -Method POST -Uri \"https://graph.microsoft.com/beta/applications/$id/federatedIdentityCredentials\" -Body (@{name='n';issuer='https://i';subject='s';audiences=@('a')} | ConvertTo-Json)",
                Home::Application,
            ),
        ] {
            let reading = reading(script);
            assert_eq!(reading.skipped, [], "{script}");
            let [draft] = reading.drafts.as_slice() else { panic!("{script}: {reading:?}") };
            assert_eq!(
                (text(&draft.subject), text(&draft.issuer), text(&draft.name)),
                ("s".into(), "https://i".into(), "n".into()),
                "{script}"
            );
            assert_eq!((draft.home, draft.audiences.len()), (home, 1), "{script}");
            assert_eq!(draft.subject.as_ref().unwrap().place.text(), "s", "{script}");
        }
    }

    #[test]
    fn a_switch_takes_the_arm_that_fits_and_data_files_are_read() {
        let create =
            "New-AzADAppFederatedCredential -ApplicationObjectId x -Name n -Issuer i -Audience a -Subject";
        let switch = "switch ($e) { 'DEV' { $b = 'develop' } test { $b = 't' } default { $b = 'main' } }";
        let both = vec!["repo:octo:dev", "repo:octo:prod"];
        for (script, found) in [
            (
                format!("foreach ($e in 'dev', 'prod') {{\n {switch}\n {create} $b }}"),
                vec!["develop", "main"],
            ),
            (format!("{switch}\n{create} $b"), vec!["develop", "t", "main"]),
            (format!("switch -Regex ($e) {{ '^x' {{ $b = 'a' }} }}\n{create} \"$b\""), vec!["a", "{b}"]),
            (
                format!(
                    "$c = Import-PowerShellDataFile \"$PSScriptRoot\\trust.psd1\"\nforeach ($e in $c.Environments) {{ {create} \"repo:$($c.Org):$e\" }}"
                ),
                both.clone(),
            ),
            (
                format!(
                    "$c = Get-Content -Raw ./trust.json | ConvertFrom-Json\n$c.environments | % {{ {create} \"repo:$($c.org):$_\" }}"
                ),
                both,
            ),
        ] {
            let mut known = subjects(&script);
            known.sort();
            let mut wanted = found;
            wanted.sort_unstable();
            assert_eq!(known, wanted, "{script}");
        }
    }

    #[test]
    fn values_are_followed_through_what_scripts_do_with_them() {
        let create =
            "New-AzADAppFederatedCredential -ApplicationObjectId x -Name n -Issuer i -Audience a -Subject $S";
        for (before, found) in [
            (
                "param([Parameter(Mandatory=$true)][string]$Org, [string]$Repo = 'app')\n$S = \"repo:$Org/${Repo}:pull_request\"",
                vec!["repo:{Org}/app:pull_request"],
            ),
            ("$s = 'repo:{0}/{1}' -f 'o', 'r'", vec!["repo:o/r"]),
            ("$s = '{{{0}}}' -f 'o'", vec!["{o}"]),
            ("$s = 'x{0:D2}' -f 7", vec!["x{-f}"]),
            ("$s = '{a{0}' -f 'o'", vec!["{s}"]),
            ("$r = 'o' + '/' + 'r'\n$S = \"repo:$($r)\"", vec!["repo:o/r"]),
            ("function Sub($a, [string]$b) { return \"repo:$a/$b\" }\n$S = Sub 'o' -b 'r'", vec!["repo:o/r"]),
            ("$c = @{ org = 'o' }; $S = \"$($c.org)/$($c['org'])\"", vec!["o/o"]),
            ("if ($env:X -eq 'p') { $S = 'a' } else { $S = 'b' }", vec!["a", "b"]),
            ("$S = Read-Host 'subject'", vec!["{s}"]),
            ("<# New-AzADAppFederatedCredential #> # 'x\n$S = 'it''s'", vec!["it's"]),
            ("$S = \"repo:o/r`\n  :ref\"", vec!["repo:o/r\n  :ref"]),
            ("param([string]$Org = $(throw 'give it'))\n$S = 'repo:' + $Org", vec!["repo:{Org}"]),
            ("$t = @{ a = 'o' } + @{ b = 'r' }; $t += @{ c = 'x' }\n$S = $t.a + $t.b + $t.c", vec!["orx"]),
        ] {
            assert_eq!(subjects(&format!("{before}\n{create}")), found, "{before}");
        }
        for (before, found) in [
            ("foreach ($k in $t.Keys) { $S = $k + $t[$k]", ["main:m", "prod:p"]),
            ("foreach ($e in $t.GetEnumerator()) { $S = $e.Key + $e.Value", ["main:m", "prod:p"]),
            ("$t.Values | % { $S = $_", [":m", ":p"]),
        ] {
            let table = "$t = [ordered]@{ main = ':m'; prod = ':p' }";
            assert_eq!(subjects(&format!("{table}\n{before}\n{create} }}")), found, "{before}");
        }
        let looped = format!("foreach ($S in @('a', 'b')) {{\n  {create}\n}}");
        assert_eq!(subjects(&looped), ["a", "b"]);
        let counted = |range: &str| subjects(&format!("{range} | % {{ $S = \"e$_\"\n{create} }}"));
        assert_eq!(counted("2..1"), ["e2", "e1"]);
        assert_eq!(counted("1..$n"), ["e{1..$n}"]);
        let piped = format!("'a','b' | ForEach-Object {{ $S = $_\n{create} }}");
        assert_eq!(subjects(&piped), ["a", "b"]);
        let tried = format!("try {{ $S = 'a'; {create} -ErrorAction Stop }} catch {{ Write-Host no }}");
        assert_eq!(subjects(&tried), ["a"]);
        let module = format!("function Add-Trust {{ param($S)\n{create} }}");
        assert_eq!(subjects(&module), ["{S}"]);
    }

    /// The subjects that a script gives `$S` and creates, each `@` being the command that creates one.
    fn created(script: &str) -> Vec<String> {
        let create =
            "New-AzADAppFederatedCredential -ApplicationObjectId x -Name n -Issuer i -Audience a -Subject $S";
        subjects(&script.replace("@@", create))
    }

    #[test]
    fn a_pipeline_keeps_orders_and_cuts_as_its_cmdlets_do() {
        let all = "$l = @{n='a';s='x'}, @{n='b';s='y'}, @{n='a';s='z'}\n";
        for (rest, found) in [
            ("$l | Where-Object { $_.n -eq 'b' } | % { $S=$_.s; @@ }", vec!["y"]),
            ("$l | ? n -ne 'b' | % s | % { $S=$_; @@ }", vec!["x", "z"]),
            ("$l | Where-Object -Property n -EQ -Value b | foreach { $S=$_.s; @@ }", vec!["y"]),
            (
                "foreach ($S in $l.Where({ $_.s -in 'x','z' -and -not ($_.s -like '*z') }).s) { @@ }",
                vec!["x"],
            ),
            ("$l.ForEach({ $S=$_.s; @@ })", vec!["x", "y", "z"]),
            ("$l.n | Select-Object -Unique | ForEach-Object { $S=$_; @@ }", vec!["a", "b"]),
            ("$l | Select-Object -First 2 -Skip 1 -ExpandProperty s | % { $S=$_; @@ }", vec!["y", "z"]),
            ("$l | Select-Object -Last 1 | % { $S=$_.s; @@ }", vec!["z"]),
            ("$S = ($l.s | Sort-Object -Descending)[0]; @@", vec!["z"]),
            ("$i = 0; $l | ForEach-Object -Process { $i++; $S=\"$i\"; @@ }", vec!["1", "2", "3"]),
            ("$l | ? { $_.n -eq $env:X } | % { $S=$_.s; @@ }", vec!["{$_.s}"]),
            ("$x = $l.n | ? { $_ -eq 'b' }; $x += 'c'; $S=$x; @@", vec!["bc"]),
            ("Get-Thing | ? { $_.n } | % { $S=$_.n; @@ }", vec!["{$_.n}"]),
        ] {
            let mut known = created(&format!("{all}{rest}"));
            known.iter_mut().filter(|text| text.starts_with('{')).for_each(|text| *text = "{$_.s}".into());
            let found: Vec<&str> =
                found.into_iter().map(|text| if text.starts_with('{') { "{$_.s}" } else { text }).collect();
            assert_eq!(known, found, "{rest}");
        }
    }

    #[test]
    fn loops_are_followed_round_by_round_and_left_where_the_script_leaves_them() {
        for (script, found) in [
            ("for ($i=0; $i -lt 2; $i++) { $S=\"x$i\"; @@ }", vec!["x0", "x1"]),
            ("$i=0; while ($i -lt 2) { $S=\"x$i\"; @@; $i += 1 }", vec!["x0", "x1"]),
            ("$i=2; do { $S=\"x$i\"; @@; $i-- } until ($i -le 0)", vec!["x2", "x1"]),
            ("$l='a','b'; for ($i=0; $i -lt $l.Count; $i++) { $S=$l[$i]; @@ }", vec!["a", "b"]),
            ("foreach ($e in 'a','b','c') { if ($e -eq 'a') { continue }; $S=$e; @@; break }", vec!["b"]),
            ("$i=0; foreach ($e in Get-Thing) { $S=\"x$i\"; @@; $i++ }", vec!["x0", "x{i}"]),
            ("$i=0; while (Test-Thing) { $S=\"x$i\"; @@; $i++ }", vec!["x0", "x{i}"]),
            (
                "foreach ($e in 'a','b') { switch ($e) { 'a' { $S='1'; break } default { $S='2' } }; @@ }",
                vec!["1", "2"],
            ),
        ] {
            assert_eq!(created(script), found, "{script}");
        }
    }

    #[test]
    fn operators_and_conditions_mean_what_they_mean_in_powershell() {
        for (script, found) in [
            ("$i=1; $S=\"x$($i + 2 * 3)\"; @@", vec!["x7"]),
            ("$S = '1' + 2; @@", vec!["12"]),
            ("param($n)\n$n++; $S = $n; @@", vec!["{s}"]),
            ("$S = 7 / 2; @@", vec!["{s}"]),
            ("$S = 'a' * 3; @@", vec!["aaa"]),
            ("$S = ('a/b' -split '/')[-1] + 'a,b'.Split(',')[0]; @@", vec!["ba"]),
            ("$S = 'refs/heads/main' -replace '^refs/(heads|tags)/(.*)$', '$2'; @@", vec!["main"]),
            ("$S = 'a' + 'b' -replace 'B', 'c'; @@", vec!["ac"]),
            ("$S = 'x' -replace '(?<=y)x', 'z'; @@", vec!["{s}"]),
            (
                "if ('repo/x' -match '^(?<o>[^/]+)/(.+)$') { $S = \"$($Matches.o)-$($Matches[1])\" }; @@",
                vec!["repo-x"],
            ),
            ("$S = if ('abc' -ceq 'ABC') { 'y' } else { 'n' }; @@", vec!["n"]),
            ("$S = if ($env:X) { 'y' } else { 'n' }; @@", vec!["y", "n"]),
            ("$S = $true ? 'a' : 'b'; @@", vec!["a"]),
            ("$S='q'; if (-not $S) { $S='x' }; @@", vec!["q"]),
            ("$l=@(); if ($l.Count -gt 0 -or $null -ne $x.y) { $S='x' } else { $S='y' }; @@", vec!["x", "y"]),
            ("$l=@('a'); $l += 'b'; $S=\"$($l.Count)$l\"; @@", vec!["2a b"]),
            ("$o, $r = 'o/r' -split '/'; $S=\"$r-$o\"; @@", vec!["r-o"]),
            ("$h=@{}; $h.Add('a', @{}); $h['a'].b = 'x'; $k='a'; $S=$h.$k.b; @@", vec!["x"]),
            ("$k='x'; $h=@{ $k = 'v' }; $S=$h.x; @@", vec!["v"]),
            ("function f { if ($env:P) { return 'a' }; 'b' }; $S = f; @@", vec!["{s}"]),
            ("$S='x'; function f { $script:S = 'y'; $t = 'z' }; f; @@", vec!["y"]),
            (
                "$l = New-Object System.Collections.ArrayList; [void]$l.Add('b'); $S = $l[0].Substring(0, 1); @@",
                vec!["b"],
            ),
            ("$S = 'x/'.TrimEnd('/') + ' a '.Trim() + [string]::Join('-', 'b', 'c'); @@", vec!["xab-c"]),
        ] {
            assert_eq!(created(script), found, "{script}");
        }
    }

    #[test]
    fn tables_lines_and_written_files_are_read_back() {
        let body = "'{\"name\":\"n\",\"issuer\":\"i\",\"subject\":\"@S\",\"audiences\":[\"a\"]}'";
        let az = "az ad app federated-credential create --id x --parameters '@c.json'";
        for (script, found) in [
            ("foreach ($r in (Import-Csv ./t.csv)) { $S=$r.sub; @@ }".to_owned(), vec!["a,b", "c"]),
            ("Import-Csv t.csv | ? env -eq 'p' | % { $S=$_.sub; @@ }".to_owned(), vec!["c"]),
            ("'h;k', '1;2' | ConvertFrom-Csv -Delimiter ';' | % { $S=$_.k; @@ }".to_owned(), vec!["2"]),
            ("$S = (Get-Content t.csv)[0]; @@".to_owned(), vec!["env,sub"]),
            (
                format!(
                    "{body} > c.json; (Get-Content c.json) -replace '@S', 'q' | Set-Content c.json; {az}"
                ),
                vec!["q"],
            ),
        ] {
            assert_eq!(created(&script), found, "{script}");
        }
    }

    #[test]
    fn a_variable_with_a_colon_in_its_name_is_not_the_one_before_the_colon() {
        let create = "New-AzADAppFederatedCredential -Name n -Issuer i -Audience a -Subject";
        let script = format!("$repo = 'octo/app'\n{create} \"repo:$repo:ref:refs/heads/main\"");
        let reading = reading(&script).in_repository(Some(&"octo/app".parse().unwrap()));
        let subject = &reading.drafts[0].subject.as_ref().unwrap().value;
        assert_eq!(subject.to_string(), "repo:{repo:ref:refs}/heads/main");
        let Some(TextPart::Hole { reason, .. }) = subject.parts.get(1) else { panic!("{subject:?}") };
        assert_eq!(
            reason,
            "PowerShell takes `$repo:ref:refs` for one variable, not for `$repo` with text behind it"
        );
        for right in ["${repo}:x", "$($repo):x", "$repo`:x", "$script:repo", "$env:o"] {
            let script = format!("$repo = 'o'; $env:o = 'o:x'; {create} \"{right}\"");
            assert!(subjects(&script)[0].starts_with('o'), "{right}");
        }
    }

    #[test]
    fn what_a_script_prints_and_how_often_it_asks_makes_no_other_run() {
        let create = "New-AzADAppFederatedCredential -Name n -Issuer i -Audience a -Subject s";
        let asks = "if (-not ($found | Where-Object { $_.Name -eq 'x' })) { $found = Get-It; Show-It }\n";
        assert_eq!(subjects(&format!("{}{create}", asks.repeat(20))), ["s"]);
        let guarded = format!("if (-NOT ($found | Where-Object {{ $_.Name -eq 'x' }})) {{\n{create}\n}}");
        assert_eq!(subjects(&guarded), ["s"]);
    }

    #[test]
    fn a_function_around_az_and_a_command_that_changes_what_another_created_are_followed() {
        let around = "function Invoke-Az { $out = & az @args; if ($LASTEXITCODE -ne 0) { throw 'no' }; $out }
Invoke-Az identity federated-credential create --name n --identity-name i --issuer https://i `
  --subject \"repo:$o/r\" --audiences a";
        assert_eq!(subjects(around), ["repo:{o}/r"]);
        let both = "$b = @{ issuer = 'https://i'; subject = 's'; audiences = @('a') }
if ($found) { Update-MgApplicationFederatedIdentityCredential -ApplicationId x -FederatedIdentityCredentialId y -BodyParameter $b }
else { New-MgApplicationFederatedIdentityCredential -ApplicationId x -BodyParameter ($b + @{ name = 'n' }) }";
        let reading = reading(both).without_repeats();
        let [draft] = reading.drafts.as_slice() else { panic!("{reading:?}") };
        assert_eq!((text(&draft.name), text(&draft.subject)), ("n".into(), "s".into()));
    }

    #[test]
    fn a_script_that_grows_without_end_is_given_up_and_said_so() {
        let create = "New-AzADAppFederatedCredential -Name n -Issuer https://i -Audience a -Subject $S";
        for before in [
            format!("$S = 'ab'\n{}", "$S = \"$S$S\"\n".repeat(40)),
            format!("$S = 'ab'\n{}", "$S += $S\n".repeat(40)),
            format!("$S = @('a', 'b')\n{}", "$S += $S\n".repeat(40)),
            format!("$S = @{{ a = 1 }}\n{}", "$S = @{ a = $S; b = $S }\n".repeat(40)),
            format!("$A = '{}'\n$S = $A.Replace('a', $A)", "a".repeat(2000)),
            format!("$A = 'a'{}\n$S = $A.a", ".a".repeat(10_000)),
            format!("{}$S = 'a'", "if ($q) { $b = 1 }\n".repeat(12_000)),
        ] {
            let reading = reading(&format!("{before}\n{create}"));
            let known =
                reading.drafts.iter().any(|draft| draft.subject.as_ref().unwrap().value.text().is_some());
            assert!(!known && reading.drafts.len() + reading.skipped.len() > 0, "{reading:?}");
        }
    }

    #[test]
    fn a_data_file_runs_no_commands_and_that_is_said() {
        for data in [
            "Import-PowerShellDataFile ./own.psd1",
            "@{ Org = (Import-PowerShellDataFile ./own.psd1).Org }",
            "foreach ($a in 1, 2) { foreach ($b in 1, 2) { Import-PowerShellDataFile ./own.psd1 } }",
        ] {
            let script = Source::new(
                "oidc.ps1",
                "$c = Import-PowerShellDataFile ./own.psd1\nNew-AzADAppFederatedCredential -Name n -Issuer i -Audience a -Subject \"repo:$($c.Org)\"",
            );
            let mut tree = Tree::default();
            tree.insert(Arc::clone(&script));
            tree.insert(Source::new("own.psd1", data));
            let reading = read(&tree, &script);
            let subject = reading.drafts[0].subject.as_ref().unwrap();
            assert_eq!(subject.value.text(), None, "{data}");
            let [skipped] = reading.skipped.as_slice() else { panic!("{data}: {reading:?}") };
            assert_eq!(
                (skipped.place.source.path(), skipped.reason.as_str()),
                ("own.psd1", "a data file runs no commands"),
                "{data}"
            );
        }
    }

    #[test]
    fn deep_nesting_is_told_and_takes_no_time() {
        for opening in ["(", "$(", "@{ a = ", "if (a) { ", "$x[$(", "[a] $x[("] {
            let reading = reading(&format!("$b = {}", opening.repeat(200)));
            assert_eq!(reading.skipped[0].reason, Cursor::TOO_DEEP, "{opening}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]
        #[test]
        fn no_text_makes_the_reader_fall_and_places_stay_inside(
            text in "(New-AzADAppFederatedCredential|-Subject|-Name|az ad app federated-credential create --parameters|\\$\\(|@\\{|@\\(|\\}|\\)|\\(|\\{|\"|'|@\"\\n|\\n\"@|`|\\$x|\\$|=|,|\\||\\n|if|foreach|in|function|param|switch|try|catch|\\[|\\]|-f|\\+|\\.| |é|#|<#|\\PC){0,40}"
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
