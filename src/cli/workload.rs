//! The flags of the sources that ask a platform: which identity of AWS or of SPIFFE, and for how long.

use clap::error::ErrorKind;

use crate::{
    fetch::{
        aws::{LIFETIMES, Login},
        source::AwsSettings,
    },
    issuer::{
        aws::{Pool, RegionError},
        spiffe::{SpiffeId, SpiffeIdError},
    },
};

/// Flags of AWS and SPIFFE.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct WorkloadArgs {
    /// Ask Cognito for a token of this identity pool, not STS for one of the role; the audience is then the pool.
    #[arg(long, value_name = "REGION:GUID", value_parser = pool, requires = "aws_cognito_login")]
    aws_cognito_pool: Option<Pool>,
    /// The developer provider of the pool and the user there.
    #[arg(long, value_name = "PROVIDER=USER", requires = "aws_cognito_pool")]
    aws_cognito_login: Option<Login>,
    /// For how many seconds a token of AWS is good, 60 to 3600 [default: 300].
    #[arg(long, value_name = "SECONDS", value_parser = lifetime)]
    aws_lifetime: Option<u16>,
    /// The SPIFFE id to ask for, where the workload has several.
    #[arg(long, value_name = "ID", value_parser = id)]
    spiffe_id: Option<SpiffeId>,
}

fn pool(text: &str) -> Result<Pool, RegionError> {
    Pool::parse(text)
}

fn id(text: &str) -> Result<SpiffeId, SpiffeIdError> {
    SpiffeId::parse(text)
}

fn lifetime(text: &str) -> Result<u16, clap::Error> {
    let seconds = text.parse().ok().filter(|seconds| LIFETIMES.contains(seconds));
    seconds.ok_or_else(|| {
        let (least, most) = (LIFETIMES.start(), LIFETIMES.end());
        clap::Error::raw(ErrorKind::InvalidValue, format!("a whole number from {least} to {most}"))
    })
}

impl WorkloadArgs {
    /// The settings of AWS.
    pub(super) fn aws(&self) -> AwsSettings {
        AwsSettings {
            cognito: self.aws_cognito_pool.clone().zip(self.aws_cognito_login.clone()),
            lifetime: self.aws_lifetime,
        }
    }

    /// The SPIFFE id.
    pub(super) fn spiffe_id(&self) -> Option<SpiffeId> {
        self.spiffe_id.clone()
    }

    /// The source that a flag belongs to.
    pub(super) fn names(&self) -> Option<&'static str> {
        if self.aws_cognito_pool.is_some() || self.aws_lifetime.is_some() {
            return Some("aws");
        }
        self.spiffe_id.as_ref().map(|_| "spiffe")
    }
}
