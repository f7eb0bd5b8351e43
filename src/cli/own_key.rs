//! The flags of a certificate of one's own, and what is told about it: its end, and why Entra does not know it.

use std::path::PathBuf;

use crate::{
    diagnostic::{Diagnostic, Severity},
    fetch::source::{OwnKeyPlaces, SignedWith},
    id::visible,
    issuer::Standing,
    refusal::Refusal,
};

/// Entra's code for a signature that none of the application's certificates explains.
const NOT_VERIFIED: u32 = 700_027;

/// Where a certificate of the application's own is.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct OwnKeyArgs {
    /// Sign with the key of this certificate, PEM or PKCS#12 [env: AZURE_CLIENT_CERTIFICATE_PATH].
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,
    /// The private key, where the certificate's file holds none.
    #[arg(long, value_name = "FILE")]
    private_key: Option<PathBuf>,
    /// The password of the key; `-` is standard input [env: AZURE_CLIENT_CERTIFICATE_PASSWORD, the password itself].
    #[arg(long, value_name = "FILE")]
    certificate_password_file: Option<PathBuf>,
    /// Send the certificates along, for an application that trusts a subject name and issuer
    /// [env: AZURE_CLIENT_SEND_CERTIFICATE_CHAIN].
    #[arg(long)]
    send_certificate_chain: bool,
}

impl OwnKeyArgs {
    /// True where a certificate was given by hand.
    pub(super) const fn is_given(&self) -> bool {
        self.certificate.is_some()
    }

    /// The places, as the source takes them.
    pub(super) fn places(&self) -> OwnKeyPlaces {
        OwnKeyPlaces {
            certificate: self.certificate.clone(),
            private_key: self.private_key.clone(),
            password: self.certificate_password_file.clone(),
            send_chain: self.send_certificate_chain,
        }
    }
}

/// What to say about a certificate that is not simply valid.
pub(super) fn remark(with: &SignedWith) -> Option<Diagnostic> {
    let until = day(with.not_after);
    let (told, refused) = match with.standing {
        Standing::Valid => return None,
        Standing::NotYetValid => ("is not valid yet".to_owned(), true),
        Standing::Expired => (format!("ended on {until}"), true),
        Standing::EndsSoon { days } => (format!("ends on {until}, in {days} days"), false),
    };
    let title = format!("the certificate `{}` {told}", visible(&with.subject));
    let remark = Diagnostic::new("certificate-validity", Severity::Warning, title)
        .help("make a new certificate and register it beside the old one, before the old one ends");
    Some(if refused { remark.note(format!("Entra answers AADSTS{NOT_VERIFIED}")) } else { remark })
}

/// Adds to Entra's refusal which certificate was used, in the forms in which it can be looked for.
pub(super) fn explain(told: Diagnostic, refusal: &Refusal, with: &SignedWith) -> Diagnostic {
    if refusal.code != Some(NOT_VERIFIED) {
        return told;
    }
    let SignedWith { subject, shown_thumbprint, thumbprint, .. } = with;
    told.help(format!(
        "look for the thumbprint {shown_thumbprint} under Certificates & secrets of the application; if it is missing: `az ad app credential reset --id CLIENT-ID --cert @CERTIFICATE.pem --append`"
    ))
    .note(format!("signed with `{}`, thumbprint {shown_thumbprint}, x5t#S256 {thumbprint}", visible(subject)))
}

fn day(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds).unwrap_or_default().strftime("%Y-%m-%d").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(standing: Standing) -> SignedWith {
        SignedWith {
            subject: "CN=robot".into(),
            shown_thumbprint: "AB12".into(),
            thumbprint: "x-y".into(),
            standing,
            not_after: 1_800_000_000,
        }
    }

    #[test]
    fn the_end_of_a_certificate_is_told_before_entra_tells_it() {
        assert_eq!(remark(&with(Standing::Valid)), None);
        let soon = remark(&with(Standing::EndsSoon { days: 12 })).unwrap();
        assert_eq!(soon.title, "the certificate `CN=robot` ends on 2027-01-15, in 12 days");
        let ended = remark(&with(Standing::Expired)).unwrap();
        assert_eq!((ended.notes.len(), ended.severity), (1, Severity::Warning));
    }

    #[test]
    fn a_key_that_entra_does_not_know_is_named_as_the_portal_names_it() {
        let told = || Diagnostic::new("x", Severity::Error, "refused");
        let unknown = Refusal::parse("AADSTS700027: Client assertion failed signature validation.").unwrap();
        let explained = explain(told(), &unknown, &with(Standing::Valid));
        assert!(
            explained.help.iter().any(|help| help.contains("thumbprint AB12 under Certificates & secrets"))
        );
        let other = Refusal::parse("AADSTS700024: too late").unwrap();
        assert_eq!(explain(told(), &other, &with(Standing::Valid)), told());
    }
}
