//! How long 10,000 tokens take against 10,000 credentials.

use fedcred::{
    issuer::Presented,
    trust::Credential,
    verdict::{Decision, Trusted},
};

const ISSUER: &str = "https://token.actions.githubusercontent.com";
const AUDIENCE: &str = "api://AzureADTokenExchange";
const MANY: usize = 10_000;

fn main() {
    divan::main();
}

fn credentials() -> Vec<Credential> {
    let subject = |at| format!("repo:octo/app-{at}:environment:prod");
    (0..MANY).map(|at| Credential::exact(format!("c-{at}"), ISSUER, subject(at), AUDIENCE)).collect()
}

fn tokens() -> Vec<Presented> {
    let subject =
        |at| format!("repo:octo/app-{}:environment:{}", at, if at % 2 == 0 { "prod" } else { "dev" });
    (0..MANY).map(|at| Presented::new(ISSUER, subject(at), AUDIENCE)).collect()
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
    let token = Presented::new(ISSUER, "repo:octo/app-7:environment:dev", AUDIENCE);
    bencher.bench(|| trusted.judge(divan::black_box(&token)));
}
