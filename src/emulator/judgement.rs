//! The emulated Entra's verdict: the judge that explains refusals also makes them here.

use super::refused::Refused;
use crate::{
    issuer::Presented,
    trust::Credential,
    verdict::{Cause, Verdict},
};

/// Accepts, or refuses with the code and the text of the claim that finds no credential.
pub(super) fn judge(presented: &Presented, credentials: &[Credential]) -> Result<(), Refused> {
    match crate::verdict::judge(presented, credentials) {
        Verdict::Accepted(_) => Ok(()),
        // Assumed: what nobody knows, such as a doubled quote in an expression, is refused.
        Verdict::Depends(unknowns) => Err(Refused::new(
            7_002_131,
            format!("No expression matched, as far as is known; it hangs on {}.", unknowns.join(", ")),
        )),
        Verdict::Refused(refused) => Err(no_match(presented, refused.entra_code, refused.cause)),
    }
}

/// Assumed: where subject and audience both differ, the audience is blamed; Entra's order is not known.
fn no_match(presented: &Presented, code: Option<u32>, cause: Cause) -> Refused {
    let code = code.unwrap_or(if cause == Cause::NoCredentials { 70_025 } else { 700_212 });
    let (claim, value) = match code {
        700_211 => ("issuer", presented.issuer.as_str()),
        700_212 => ("audience", presented.audience.as_str()),
        _ => ("subject", presented.subject.as_str()),
    };
    let more = match code {
        7_002_131 => " No federated identity credential expression matched either.",
        7_002_138 => " It matches when letter case is ignored, but it is compared with its case.",
        _ => "",
    };
    Refused::new(
        code,
        format!(
            "No matching federated identity record found for presented assertion {claim} '{value}'.{more}"
        ),
    )
}
