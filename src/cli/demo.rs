//! `fedcred demo`: the main job against the emulator: refused, explained, repaired, accepted.

use std::time::Duration;

use anyhow::{Context as _, bail};

use super::{Context, Exit, args::Format, judged::Judgement, login::moment};
use crate::{
    emulator::{CLIENT, Emulator, State, StoredCredential, TENANT},
    entra::{Exchange, Patience},
    fetch::{self, ExchangeError, Granted},
    host::{self, Clock, Env, Host, Http, Stream},
    id::{Audience, Cloud, visible},
    issuer::{Presented, UnverifiedClaims},
    refusal::Refusal,
    report::{Style, terminal},
    secret::Assertion,
    trust::{Credential, Home},
    verdict::{Change, Trusted},
};

/// Arguments of `fedcred demo`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "It needs no set-up, no account and no network: GitHub and Entra are emulated on this machine.
Tokens are signed, fetched, checked and exchanged over a real socket.

Examples:
  fedcred demo
  fedcred demo --color always | less -R"
)]
pub(super) struct Args {}

/// One lesson: how the job starts out, and what people should see.
struct Lesson {
    title: &'static str,
    story: &'static str,
    environment: Option<&'static str>,
}

const TRUSTED: &str = "repo:octo/app:environment:production";

const NEXT: &str = "  fedcred check --credentials infra/ --subject ...   before anything runs
  fedcred lint                                       hold every workflow against every credential
  fedcred explain AADSTS700213                       what a code means
  fedcred emulate --tls                              this emulator, for your own clients
";

const LESSONS: [Lesson; 2] = [
    Lesson {
        title: "a letter in the wrong case",
        story: "The workflow says `environment: Production`. The credential was written for `production`.",
        environment: Some("Production"),
    },
    Lesson {
        title: "a job without its environment",
        story: "Somebody moves the deployment into a new job and forgets `environment: Production`.",
        environment: None,
    },
];

pub(super) fn run(_args: &Args, context: &Context<'_>) -> anyhow::Result<Exit> {
    context.allow_formats(&[Format::Human])?;
    let mut state = State::default();
    let trusted = StoredCredential::github("deploy-production", TRUSTED);
    *state.credentials_mut(CLIENT).context("the emulated application is missing")? = vec![trusted];
    let emulator = Emulator::start_blocking(state, crate::emulator::Options::default())?;
    let stage = Stage { context, style: context.style(Stream::Out), host: job_host(&emulator), emulator };
    host::block_on(stage.play())??;
    Ok(Exit::Yes)
}

/// A world whose variables are those of a job that runs beside the emulator.
fn job_host(emulator: &Emulator) -> Host {
    let own = emulator.environment();
    Host {
        env: Env::fake(own.iter().map(|(name, value)| (*name, value.as_str()))),
        clock: Clock::Real,
        http: Http::real(),
        ..Host::fake()
    }
}

struct Stage<'a> {
    context: &'a Context<'a>,
    style: Style,
    host: Host,
    emulator: Emulator,
}

/// How an attempt to sign in ended.
struct Attempt {
    presented: Presented,
    outcome: Result<Granted, Box<Refusal>>,
}

impl Stage<'_> {
    async fn play(&self) -> anyhow::Result<()> {
        self.say(&format!(
            "{}\n\nGitHub and Entra are emulated at {}, on this machine alone.\nTokens are signed, fetched, checked and exchanged for real.\n",
            self.bold("fedcred demo: a job signs in to Microsoft Entra without a stored secret"),
            self.emulator.url()
        ))?;
        for (number, lesson) in LESSONS.iter().enumerate() {
            self.teach(number + 1, lesson).await?;
        }
        self.say(&format!("\n{}\n\n{NEXT}", self.bold("Now in your own repository")))
    }

    async fn teach(&self, number: usize, lesson: &Lesson) -> anyhow::Result<()> {
        self.say(&format!("\n{}\n{}\n\n", self.bold(&format!("{number}. {}", lesson.title)), lesson.story))?;
        self.emulator.change(|state| state.github.job.environment = lesson.environment.map(str::to_owned));
        let attempt = self.attempt().await?;
        let Err(refusal) = &attempt.outcome else {
            bail!("the emulated Entra accepted what it should refuse")
        };
        self.tell(&attempt)?;
        let code = refusal.code.map_or_else(String::new, |code| format!("AADSTS{code}"));
        self.line("Entra answers", &self.red(&format!("no, {code}")))?;
        self.say("\n")?;
        self.explain_and_repair(&attempt.presented)?;
        let again = self.attempt().await?;
        self.tell(&again)?;
        match again.outcome {
            Ok(granted) => {
                let until = moment(granted.expires_on);
                self.line("Entra answers", &self.green(&format!("yes, signed in until {until}")))
            }
            Err(refusal) => bail!("the repair did not help: {}", refusal.text),
        }
    }

    /// One real sign-in: token request, exchange.
    async fn attempt(&self) -> anyhow::Result<Attempt> {
        let patience = Patience { budget: Duration::from_secs(10), just_created: false };
        let endpoints = fetch::cloud(&self.host, self.emulator.url(), patience).await?;
        let audience = endpoints.audience.clone().unwrap_or_else(|| Audience::new(""));
        let assertion: Assertion = fetch::source::github_token(&self.host, &audience, patience).await?;
        let presented = UnverifiedClaims::read(&assertion)?.presented()?;
        let exchange = Exchange {
            authority: &endpoints.authority,
            tenant: &TENANT.parse()?,
            client: &CLIENT.parse()?,
            scopes: &endpoints.default_scope().unwrap_or_default(),
            assertion: &assertion,
        };
        let outcome = match fetch::exchange(&self.host, &exchange, patience).await {
            Ok(granted) => Ok(granted),
            Err(ExchangeError::Refused { tried, .. }) => Err(tried.reason),
            Err(error @ ExchangeError::Unavailable { .. }) => return Err(error.into()),
        };
        Ok(Attempt { presented, outcome })
    }

    fn tell(&self, attempt: &Attempt) -> anyhow::Result<()> {
        self.line("GitHub signs", &format!("`{}`", visible(attempt.presented.subject.as_str())))?;
        for credential in self.credentials() {
            self.line("Entra trusts", &format!("`{}`", visible(&credential.matcher.to_string())))?;
        }
        Ok(())
    }

    /// Judges, prints the explanation, and makes the change it names.
    fn explain_and_repair(&self, presented: &Presented) -> anyhow::Result<()> {
        let trusted = Trusted::new(self.credentials());
        let judgement = Judgement::new(presented, &trusted, Cloud::public().audience);
        let told: Vec<_> = judgement.diagnostic(presented).into_iter().collect();
        self.say(&terminal::render(&told, &self.style))?;
        let (_, fix) = judgement.refused().context("the judge accepted what Entra refused")?;
        let done = match (fix.change, &fix.credential) {
            (Change::Workflow, _) => self.mend_workflow(fix.presented.subject.as_str()),
            (Change::Credential, Some(credential)) => {
                self.mend_credential(credential, fix.replaces.as_ref())?
            }
            (Change::Credential, None) => bail!("there is nothing to repair"),
        };
        self.say(&format!("\n{} {done}\n\n", self.bold("Repaired:")))
    }

    fn mend_workflow(&self, subject: &str) -> String {
        let environment = subject.rsplit_once(":environment:").map(|(_, name)| name.to_owned());
        let shown = environment.clone().unwrap_or_default();
        self.emulator.change(|state| state.github.job.environment = environment);
        format!("the job now says `environment: {shown}`.")
    }

    fn mend_credential(&self, new: &Credential, old: Option<&Credential>) -> anyhow::Result<String> {
        let stored = StoredCredential::github(&new.name, &new.matcher.to_string());
        let mut result = Ok(());
        self.emulator.change(|state| {
            if let Some(list) = state.credentials_mut(CLIENT) {
                list.retain(|one| old.is_none_or(|old| one.name != old.name));
                result = stored.put_into(list, Home::Application);
            }
        });
        result?;
        Ok(format!("the credential `{}` now trusts `{}`.", new.name, visible(&new.matcher.to_string())))
    }

    fn credentials(&self) -> Vec<Credential> {
        let mut state = self.emulator.state();
        let stored = state.credentials_mut(CLIENT).map(std::mem::take).unwrap_or_default();
        StoredCredential::all_valid(&stored, Home::Application)
    }

    fn line(&self, who: &str, what: &str) -> anyhow::Result<()> {
        self.say(&format!("  {who:<14} {what}\n"))
    }

    fn say(&self, text: &str) -> anyhow::Result<()> {
        self.context.print(text)
    }

    fn bold(&self, text: &str) -> String {
        self.painted("1", text)
    }

    fn red(&self, text: &str) -> String {
        self.painted("31;1", text)
    }

    fn green(&self, text: &str) -> String {
        self.painted("32;1", text)
    }

    fn painted(&self, code: &str, text: &str) -> String {
        if self.style.color { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use crate::{cli, host::Stream};

    #[test]
    fn the_demo_is_refused_explains_repairs_and_signs_in() {
        let (exit, host) = cli::run_fake(["demo"]);
        let told = host.console.written(Stream::Out);
        assert_eq!(exit, cli::Exit::Yes, "{told}{}", host.console.written(Stream::Err));
        assert_eq!(told.matches("Entra answers  no, AADSTS").count(), 2, "{told}");
        assert!(told.contains("AADSTS7002138") && told.contains("AADSTS700213\n"), "{told}");
        assert_eq!(told.matches("Entra answers  yes, signed in until ").count(), 2, "{told}");
    }
}
