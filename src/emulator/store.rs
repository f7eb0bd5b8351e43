//! Creating and changing credentials in the emulated directory, within Entra's limits.

use thiserror::Error;

use super::state::StoredCredential;
use crate::{
    text::{Located, Place, Source, Span},
    trust::{Credential, Draft, Home, SetViolation, Value, Violation, violations_of_one_identity},
};

/// Why a credential is not taken.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Rejected {
    /// It breaks a limit by itself.
    #[error("{0}")]
    Alone(Violation),
    /// It breaks a limit beside the others of its identity.
    #[error("{0}")]
    Together(SetViolation),
}

impl StoredCredential {
    /// The credential, if it keeps every limit that holds for it alone.
    ///
    /// # Errors
    /// The first limit it breaks.
    pub fn valid(&self, home: Home) -> Result<Credential, Rejected> {
        let place = Place::new(&Source::new("emulator", ""), Span::default());
        let known = |text: &str| Located::new(Value::known(text), place.clone());
        let mut draft = Draft::new(place.clone(), home);
        draft.name = Some(known(&self.name));
        draft.issuer = Some(known(&self.issuer));
        draft.subject = self.subject.as_deref().map(known);
        draft.expression = self.expression.as_deref().map(known);
        draft.audiences = self.audiences.iter().map(|audience| known(audience)).collect();
        draft.description = self.description.as_deref().map(known);
        let mut credential = Credential::try_from(&draft).map_err(|violations| {
            let missing = Violation::Missing(crate::trust::Field::Name);
            Rejected::Alone(violations.into_iter().next().unwrap_or(missing))
        })?;
        credential.place = None;
        Ok(credential)
    }

    /// Those of `stored` that keep every limit; the others trust nobody.
    #[must_use]
    pub fn all_valid(stored: &[Self], home: Home) -> Vec<Credential> {
        stored.iter().filter_map(|one| one.valid(home).ok()).collect()
    }

    /// Adds `self` to `stored`, or puts it in the place of the one with its name.
    ///
    /// # Errors
    /// The first limit that would be broken; then nothing has changed.
    pub fn put_into(self, stored: &mut Vec<Self>, home: Home) -> Result<(), Rejected> {
        self.valid(home)?;
        let mut after = stored.clone();
        match after.iter_mut().find(|one| one.name == self.name) {
            Some(old) => *old = self,
            None => after.push(self),
        }
        let together = violations_of_one_identity(&Self::all_valid(&after, home));
        if let Some(violation) = together.into_iter().next() {
            return Err(Rejected::Together(violation));
        }
        *stored = after;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_twenty_first_credential_and_a_second_one_for_the_same_trust_are_rejected() {
        let mut stored = Vec::new();
        for number in 0..20 {
            let one = StoredCredential::github(&format!("n{number}"), &format!("s{number}"));
            one.put_into(&mut stored, Home::Application).unwrap();
        }
        let again = StoredCredential::github("other", "s3");
        assert!(matches!(
            again.put_into(&mut stored, Home::Application),
            Err(Rejected::Together(SetViolation::TooMany { count: 21 } | SetViolation::SameTrust { .. }))
        ));
        stored.pop();
        assert!(matches!(
            StoredCredential::github("other", "s3").put_into(&mut stored, Home::Application),
            Err(Rejected::Together(SetViolation::SameTrust { .. }))
        ));
        assert!(StoredCredential::github("n3", "changed").put_into(&mut stored, Home::Application).is_ok());
        assert_eq!(stored.len(), 19);
    }

    #[test]
    fn limits_are_those_of_the_home() {
        let short = StoredCredential::github("ab", "s");
        assert!(short.valid(Home::Application).is_ok());
        assert!(matches!(
            short.valid(Home::ManagedIdentity),
            Err(Rejected::Alone(Violation::NameTooShort { minimum: 3, .. }))
        ));
        let two = StoredCredential {
            audiences: vec!["a".into(), "b".into()],
            ..StoredCredential::github("n", "s")
        };
        assert!(matches!(
            two.valid(Home::Application),
            Err(Rejected::Alone(Violation::Audiences { count: 2 }))
        ));
    }
}
