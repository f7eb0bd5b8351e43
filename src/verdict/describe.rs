//! A verdict in words: the diagnostic that every command shows.

use super::{
    cause::{Cause, Difference},
    judge::Refused,
    platform,
    suggest::Fix,
};
use crate::{
    diagnostic::{Diagnostic, Severity},
    issuer::Presented,
    refusal::{self, Claim},
    text::{Place, Span},
    trust::Credential,
};

/// What to show for a refusal: where the nearest credential is written, both values, the fix, and what Entra will answer.
#[must_use]
pub fn describe(presented: &Presented, refused: &Refused, fix: &Fix) -> Diagnostic {
    let mut diagnostic = Diagnostic::new(refused.cause.as_str(), Severity::Error, title(refused));
    if let Some(nearest) = &refused.nearest {
        if let Some(place) = &nearest.place {
            let written = written(place, nearest, &refused.differences);
            diagnostic = diagnostic.at(written, format!("the nearest credential, `{}`", nearest.name));
        }
        diagnostic = sides(diagnostic, presented, nearest, &refused.differences);
    }
    diagnostic = diagnostic.help(fix.text.as_str());
    if let Some(commands) = fix.commands() {
        diagnostic = diagnostic.help(format!("run `{}`", commands.az));
    }
    for more in refused.differences.iter().skip(1) {
        diagnostic = diagnostic.note(format!(
            "the {} differs too: `{}` is presented, `{}` is configured",
            more.segment, more.presented, more.configured
        ));
    }
    let remark = refused.nearest.as_ref().and_then(|nearest| platform::remark(presented, nearest));
    remark.into_iter().fold(diagnostic, Diagnostic::note).note(answer(refused))
}

/// What is wrong; of a difference by letter case, which the eye does not find, also in which parts.
fn title(refused: &Refused) -> String {
    let title = refused.cause.title();
    let mut parts: Vec<&str> = refused.differences.iter().map(|difference| &*difference.segment).collect();
    parts.retain(|part| *part != "subject");
    match refused.cause == Cause::SubjectCase && !parts.is_empty() {
        true => format!("{title}, in the {}", parts.join(" and the ")),
        false => title.to_owned(),
    }
}

/// What to show where the answer hangs on something that is not known.
#[must_use]
pub fn describe_unknown(presented: &Presented, unknowns: &[String]) -> Diagnostic {
    let title = "whether a credential takes this token cannot be told";
    let diagnostic = Diagnostic::new("depends", Severity::Warning, title);
    let diagnostic = diagnostic.side("presented", presented.subject.as_str(), "");
    unknowns.iter().fold(diagnostic, |diagnostic, unknown| diagnostic.note(format!("not known: {unknown}")))
}

/// Where inside the definition the value at fault is written, if it is written there as it is.
fn written(place: &Place, nearest: &Credential, differences: &[Difference]) -> Place {
    let matcher = nearest.matcher.to_string();
    let value = match differences.first().map(|difference| difference.claim) {
        Some(Claim::Issuer) => nearest.issuer.as_str(),
        Some(Claim::Audience) => nearest.audience.as_str(),
        Some(Claim::Subject) | None => matcher.as_str(),
    };
    let quoted =
        ['"', '\''].into_iter().find_map(|quote| place.text().find(&format!("{quote}{value}{quote}")));
    match quoted {
        Some(at) => {
            let start = place.span.start + at + 1;
            Place::new(&place.source, Span::new(start, start + value.len()))
        }
        None => place.clone(),
    }
}

/// Both values of every claim that differs, whole, so that they can be compared by eye.
fn sides(
    diagnostic: Diagnostic,
    presented: &Presented,
    nearest: &Credential,
    differences: &[Difference],
) -> Diagnostic {
    let Some(first) = differences.first() else { return diagnostic };
    let matcher = nearest.matcher.to_string();
    let (one, other) = match first.claim {
        Claim::Issuer => (presented.issuer.as_str(), nearest.issuer.as_str()),
        Claim::Audience => (presented.audience.as_str(), nearest.audience.as_str()),
        Claim::Subject => (presented.subject.as_str(), matcher.as_str()),
    };
    let origin = format!("credential `{}`", nearest.name);
    diagnostic.side("presented", one, first.claim.as_str()).side("configured", other, origin)
}

fn answer(refused: &Refused) -> String {
    match refused.entra_code {
        Some(code) => {
            let title = refusal::explain(code).map(|known| format!(", {}", known.title)).unwrap_or_default();
            format!("Entra will answer AADSTS{code}{title}; `fedcred explain AADSTS{code}` says more")
        }
        None if refused.cause == Cause::NoCredentials => "Entra will refuse the token".to_owned(),
        None => "Entra will refuse the token; which of its codes it answers with is not known, since subject and audience can both be blamed"
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        id::Cloud,
        verdict::{Trusted, Verdict, suggest},
    };

    #[test]
    fn both_values_the_fix_and_entras_answer_are_shown() {
        let issuer = "https://token.actions.githubusercontent.com";
        let presented = Presented::new(issuer, "repo:o/r:environment:Prod", "api://AzureADTokenExchange");
        let prod =
            Credential::exact("prod", issuer, "repo:o/r:environment:prod", "api://AzureADTokenExchange");
        let trusted = Trusted::new(vec![prod]);
        let Verdict::Refused(refused) = trusted.judge(&presented) else { panic!("accepted") };
        let fix = suggest(&presented, &refused, &trusted, Cloud::public().audience);
        let shown = describe(&presented, &refused, &fix);
        assert_eq!(shown.code, "subject-case");
        assert_eq!(shown.title, "the subjects differ by letter case alone, in the environment");
        assert_eq!(shown.sides[0].value, "repo:o/r:environment:Prod");
        assert_eq!(shown.help[0], "change the subject of `prod` to `repo:o/r:environment:Prod`");
        assert!(shown.notes[0].contains("AADSTS7002138"), "{:?}", shown.notes);
    }
}
