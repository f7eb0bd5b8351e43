//! Values that must never be printed: they show as `***` and give themselves up only through `reveal`.

use std::fmt;

use zeroize::Zeroizing;

macro_rules! secret {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(Zeroizing<String>);

        impl $name {
            /// Takes the text over; it is overwritten in memory when dropped.
            #[must_use]
            pub fn new(text: String) -> Self {
                Self(Zeroizing::new(text))
            }

            /// The secret text. Every call is a place to look at in review.
            #[must_use]
            pub fn reveal(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(***)"))
            }
        }
    };
}

secret! {
    /// The signed token a workload presents.
    Assertion
}
secret! {
    /// What Entra hands back: a bearer token for one resource.
    AccessToken
}
secret! {
    /// What a private key is encrypted with.
    Password
}
secret! {
    /// A token for GitHub's API.
    ApiToken
}
secret! {
    /// The bearer token with which a job asks GitHub for its assertion (`ACTIONS_ID_TOKEN_REQUEST_TOKEN`).
    RequestToken
}
secret! {
    /// The secret half of an AWS access key.
    SecretKey
}
secret! {
    /// What temporary AWS credentials send beside their signature.
    SessionToken
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_never_shows_the_secret() {
        assert_eq!(format!("{:?}", Assertion::new("eyJ".into())), "Assertion(***)");
        assert_eq!(format!("{:?}", AccessToken::new("eyJ".into())), "AccessToken(***)");
        assert_eq!(format!("{:?}", Password::new("eyJ".into())), "Password(***)");
        assert_eq!(format!("{:?}", RequestToken::new("eyJ".into())), "RequestToken(***)");
    }
}
