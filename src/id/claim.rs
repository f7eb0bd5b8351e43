//! The three claims Entra compares: issuer, subject, audience.
//!
//! Source: R18 in the federated identity credential overview, <https://learn.microsoft.com/entra/workload-id/workload-identity-federation>.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! claim {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes the text as it is. Nothing is trimmed or changed in case.
            #[must_use]
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The exact text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

claim! {
    /// The claim `iss`: who signed the token.
    Issuer
}
claim! {
    /// The claim `sub`: whom the token is about.
    Subject
}
claim! {
    /// The claim `aud`: for whom the token is meant.
    Audience
}
