//! `fedcred token`: an access token for scripts, on standard output and nowhere else.

use std::path::Path;

use serde::Serialize;

use super::{
    Context, Exit,
    args::Format,
    login::moment,
    repository::configuration,
    settings::{Settings, SignInArgs},
    sign_in::Prepared,
    telling,
};
use crate::{diagnostic::Diagnostic, fetch::ExchangeError, host, host::Stream};

/// Arguments of `fedcred token`.
#[derive(Clone, Debug, clap::Args)]
#[command(
    after_help = "The token goes to standard output; inside a GitHub job it is masked first, through standard error.

Examples:
  curl -H \"Authorization: Bearer $(fedcred token)\" https://management.azure.com/subscriptions?api-version=2022-12-01
  fedcred token --scopes https://graph.microsoft.com/.default --format json

Exit codes: 0 printed; 2 asked wrongly; 3 Entra or the issuer refused, or could not be reached."
)]
pub(super) struct Args {
    #[command(flatten)]
    sign_in: SignInArgs,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    access_token: &'a str,
    token_type: &'static str,
    expires_on: String,
}

pub(super) fn run(args: &Args, context: &Context<'_>) -> anyhow::Result<Exit> {
    context.allow_formats(&[Format::Human, Format::Json])?;
    anyhow::ensure!(!context.global.offline, "a token needs the network: leave --offline out");
    host::block_on(course(args, context))?
}

async fn course(args: &Args, context: &Context<'_>) -> anyhow::Result<Exit> {
    let config = configuration(context, Path::new(""))?;
    let settings = Settings { flags: &args.sign_in, config: &config, host: context.host };
    let prepared = Prepared::new(context, &settings, Stream::Err).await?;
    match prepared.exchange(context.host).await? {
        Ok(granted) => {
            let token = granted.access_token.reveal();
            match context.global.format {
                Format::Json => context.print_json(&Document {
                    schema: "fedcred.token.v1",
                    access_token: token,
                    token_type: "Bearer",
                    expires_on: moment(granted.expires_on),
                })?,
                Format::Human | Format::Sarif | Format::Github => context.print(&format!("{token}\n"))?,
            }
            Ok(Exit::Yes)
        }
        Err(ExchangeError::Refused { at, tried }) => {
            let told = prepared.refused(&at, &tried);
            let told = prepared.remedy(&tried.reason).into_iter().fold(told, Diagnostic::help);
            telling::tell(context, Stream::Err, &[told])?;
            Ok(Exit::OtherSide)
        }
        Err(error @ ExchangeError::Unavailable { .. }) => {
            Err(anyhow::Error::new(error).context(Exit::OtherSide))
        }
    }
}
