//! What an identity token of Google Cloud says: `https://accounts.google.com` and the number of the service account.
//!
//! Source: <https://cloud.google.com/compute/docs/instances/verifying-instance-identity>.

/// The issuer. It has no slash at its end.
pub const ISSUER: &str = "https://accounts.google.com";

/// Whether `subject` can be what Google signs: the unique id of an account, digits alone. A mail address cannot.
#[must_use]
pub fn is_unique_id(subject: &str) -> bool {
    !subject.is_empty() && subject.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_subject_is_a_number_and_never_a_mail_address() {
        assert!(is_unique_id("104029292853099978293"));
        assert!(!is_unique_id("api@octo.iam.gserviceaccount.com") && !is_unique_id(""));
    }
}
