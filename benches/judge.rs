//! How long 10,000 tokens take against 10,000 credentials: taken, refused and explained, exact and flexible.

use fedcred::{
    issuer::Presented,
    trust::{Credential, Matcher},
    verdict::{Decision, Trusted, Verdict, suggest},
};

const ISSUER: &str = "https://token.actions.githubusercontent.com";
const AUDIENCE: &str = "api://AzureADTokenExchange";
const MANY: usize = 10_000;

fn main() {
    divan::main();
}

/// Of ten repositories six trust an environment, two a branch, and two ask by an expression for any branch or any of both forms.
fn credentials() -> Vec<Credential> {
    let exact = |at, subject| Credential::exact(format!("c-{at}"), ISSUER, subject, AUDIENCE);
    let flexible = |at: usize, sub: String| {
        let text = format!("claims['sub'] matches '{sub}' and claims['repository_id'] eq '{at}'");
        let matcher = Matcher::Flexible(text.parse().expect("an expression"));
        Credential { matcher, ..exact(at, String::new()) }
    };
    let one = |at: usize| match at % 10 {
        0..6 => exact(at, format!("repo:octo/app-{at}:environment:prod")),
        6 | 7 => exact(at, format!("repo:octo/app-{at}:ref:refs/heads/main")),
        8 => flexible(at, format!("repo:octo/app-{at}:ref:refs/heads/*")),
        _ => flexible(at, format!("repo:octo*/app-{at}*:environment:prod")),
    };
    (0..MANY).map(one).collect()
}

/// One token of each repository: half of them as its credential wants it, the others wrong in one of five ways. Every other one tells
/// the id of its repository.
fn tokens() -> Vec<Presented> {
    let one = |at: usize| {
        let right = match at % 10 {
            6..9 => "ref:refs/heads/main",
            _ => "environment:prod",
        };
        let (repository, context, audience) = match (at / 10) % 10 {
            0..5 => (format!("app-{at}"), right, AUDIENCE),
            5 => (format!("app-{at}"), "environment:dev", AUDIENCE),
            6 => (format!("App-{at}"), right, AUDIENCE),
            7 => (format!("app-{at}"), "pull_request", AUDIENCE),
            8 => (format!("other-{at}"), right, AUDIENCE),
            _ => (format!("app-{at}"), right, "https://github.com/octo"),
        };
        let mut token = Presented::new(ISSUER, format!("repo:octo/{repository}:{context}"), audience);
        if (at / 100).is_multiple_of(2) {
            token.claims.insert("repository_id".to_owned(), at.to_string());
        }
        token
    };
    (0..MANY).map(one).collect()
}

/// What the tokens meet, so that the figure stands for what it says: taken, refused, and what hangs on an id.
fn counted(trusted: &Trusted, tokens: &[Presented]) -> [usize; 3] {
    let mut counts = [0; 3];
    for token in tokens {
        counts[match trusted.judge(token) {
            Verdict::Accepted(_) => 0,
            Verdict::Refused(_) => 1,
            Verdict::Depends(_) => 2,
        }] += 1;
    }
    counts
}

#[divan::bench]
fn judge_and_explain_ten_thousand_by_ten_thousand(bencher: divan::Bencher<'_, '_>) {
    let [taken, refused, open] = counted(&Trusted::new(credentials()), &tokens());
    assert!(taken > MANY / 3 && refused > MANY / 3 && open > MANY / 100, "{taken} {refused} {open}");
    bencher
        .with_inputs(|| (credentials(), tokens()))
        .bench_values(|(credentials, tokens)| counted(&Trusted::new(credentials), &tokens));
}

#[divan::bench]
fn judge_explain_and_mend_ten_thousand_by_ten_thousand(bencher: divan::Bencher<'_, '_>) {
    bencher.with_inputs(|| (credentials(), tokens())).bench_values(|(credentials, tokens)| {
        let trusted = Trusted::new(credentials);
        let fixes = tokens.iter().filter_map(|token| match trusted.judge(token) {
            Verdict::Refused(refused) => Some(suggest(token, &refused, &trusted, Some(AUDIENCE)).text.len()),
            Verdict::Accepted(_) | Verdict::Depends(_) => None,
        });
        fixes.sum::<usize>()
    });
}

#[divan::bench]
fn decide_ten_thousand_by_ten_thousand(bencher: divan::Bencher<'_, '_>) {
    bencher.with_inputs(|| (credentials(), tokens())).bench_values(|(credentials, tokens)| {
        let trusted = Trusted::new(credentials);
        tokens.iter().filter(|token| matches!(trusted.decide(token), Decision::Accepted(_))).count()
    });
}

#[divan::bench]
fn explain_one_refusal_among_twenty(bencher: divan::Bencher<'_, '_>) {
    let trusted = Trusted::new(credentials().into_iter().take(20).collect());
    let token = Presented::new(ISSUER, "repo:octo/app-2:environment:dev", AUDIENCE);
    bencher.bench(|| trusted.judge(divan::black_box(&token)));
}
