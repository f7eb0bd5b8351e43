//! What a source gives: the token, and what it knows beside it.

#[cfg(feature = "own-key")]
use super::SignedWith;
use crate::secret::Assertion;

/// A token, and what its source knows beside it.
#[derive(Clone, Debug)]
pub struct Obtained {
    /// The token.
    pub assertion: Assertion,
    /// The certificate of the key that signed it, where that was done here.
    #[cfg(feature = "own-key")]
    pub signed_with: Option<SignedWith>,
}

impl Obtained {
    /// True for a token that the application signed itself: Entra looks for its certificate, not for a federated credential.
    #[must_use]
    pub const fn is_self_signed(&self) -> bool {
        #[cfg(feature = "own-key")]
        return self.signed_with.is_some();
        #[cfg(not(feature = "own-key"))]
        return false;
    }
}

impl From<Assertion> for Obtained {
    fn from(assertion: Assertion) -> Self {
        Self {
            assertion,
            #[cfg(feature = "own-key")]
            signed_with: None,
        }
    }
}
