//! The catalogue of AADSTS codes: one entry and one page per code, sorted, never removed, unknown codes never guessed.
//!
//! Source: every page names its own. Microsoft may change codes and texts at any time
//! (<https://learn.microsoft.com/entra/identity-platform/reference-error-codes>), so the raw text is always shown beside them.

/// The claim of the token that a code speaks about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// `iss`.
    Issuer,
    /// `aud`.
    Audience,
    /// `sub`.
    Subject,
}

impl Claim {
    /// The word used in every output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Issuer => "issuer",
            Self::Audience => "audience",
            Self::Subject => "subject",
        }
    }
}

/// Whether asking again with the same token can help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// It cannot help.
    Never,
    /// A passing error of Entra itself: ask again.
    Transient,
    /// It may pass after a few attempts, for instance right after a key rotation.
    Bounded,
    /// Only while something that was just created reaches all servers; the caller must say so.
    JustCreated,
}

/// What is known about one code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The number behind `AADSTS`.
    pub code: u32,
    /// What it means, in one line: lower case, no full stop.
    pub title: &'static str,
    /// The claim it speaks about, if it is one.
    pub claim: Option<Claim>,
    /// Whether asking again can help.
    pub retry: Retry,
    /// The page: what Entra says, what it means, how to fix it, sources.
    pub page: &'static str,
}

impl Explanation {
    /// The text of the page under one of its four headings, without the heading.
    #[must_use]
    pub fn section(&self, heading: &str) -> &'static str {
        self.page
            .split("\n## ")
            .find_map(|part| part.strip_prefix(heading)?.strip_prefix('\n'))
            .map_or("", str::trim)
    }

    /// The actions of `How to fix`, one each.
    pub fn fixes(&self) -> impl Iterator<Item = &'static str> {
        self.section("How to fix").lines().filter_map(|line| line.strip_prefix("- "))
    }
}

/// What is known about `code`; nothing for a code that is not in the catalogue.
#[must_use]
pub fn explain(code: u32) -> Option<&'static Explanation> {
    let at = CATALOGUE.binary_search_by_key(&code, |entry| entry.code).ok()?;
    CATALOGUE.get(at)
}

const NONE: Option<Claim> = None;
const ISSUER: Option<Claim> = Some(Claim::Issuer);
const AUDIENCE: Option<Claim> = Some(Claim::Audience);
const SUBJECT: Option<Claim> = Some(Claim::Subject);
const NEVER: Retry = Retry::Never;
const ALWAYS: Retry = Retry::Transient;
const BOUNDED: Retry = Retry::Bounded;
const JUST_CREATED: Retry = Retry::JustCreated;

const fn entry(
    code: u32,
    title: &'static str,
    claim: Option<Claim>,
    retry: Retry,
    page: &'static str,
) -> Explanation {
    Explanation { code, title, claim, retry, page }
}

/// Every code known, sorted by its number.
#[rustfmt::skip]
pub static CATALOGUE: &[Explanation] = &[
    entry(50000, "Entra had a passing error", NONE, ALWAYS, include_str!("pages/50000.md")),
    entry(50001, "the resource is not found", NONE, NEVER, include_str!("pages/50001.md")),
    entry(50013, "the signature of an assertion is not valid", NONE, NEVER, include_str!("pages/50013.md")),
    entry(50020, "the person is not known in this tenant", NONE, NEVER, include_str!("pages/50020.md")),
    entry(50027, "the token is malformed", NONE, NEVER, include_str!("pages/50027.md")),
    entry(50048, "subject and issuer of a certificate assertion differ", NONE, NEVER, include_str!("pages/50048.md")),
    entry(50049, "the authority is not known", NONE, NEVER, include_str!("pages/50049.md")),
    entry(50059, "the request names no tenant", NONE, NEVER, include_str!("pages/50059.md")),
    entry(50105, "the person is not assigned to the application", NONE, NEVER, include_str!("pages/50105.md")),
    entry(50166, "Entra could not read the issuer's keys", ISSUER, BOUNDED, include_str!("pages/50166.md")),
    entry(50194, "the application belongs to one tenant and `common` was asked", NONE, NEVER, include_str!("pages/50194.md")),
    entry(50196, "Entra stopped a loop", NONE, NEVER, include_str!("pages/50196.md")),
    entry(53000, "the device is not in the required state", NONE, NEVER, include_str!("pages/53000.md")),
    entry(53003, "Conditional Access blocks the sign-in", NONE, NEVER, include_str!("pages/53003.md")),
    entry(65001, "nobody has consented", NONE, NEVER, include_str!("pages/65001.md")),
    entry(70011, "the scope is malformed", NONE, NEVER, include_str!("pages/70011.md")),
    entry(70021, "no credential matches this token", NONE, JUST_CREATED, include_str!("pages/70021.md")),
    entry(70025, "the identity has no federated credential at all", NONE, JUST_CREATED, include_str!("pages/70025.md")),
    entry(70052, "the identity is of a kind that may not do this", NONE, NEVER, include_str!("pages/70052.md")),
    entry(90002, "the tenant is not found in this cloud", NONE, NEVER, include_str!("pages/90002.md")),
    entry(90006, "Entra had a passing error", NONE, ALWAYS, include_str!("pages/90006.md")),
    entry(90013, "a value of the request is malformed", NONE, NEVER, include_str!("pages/90013.md")),
    entry(90014, "a field of the request is missing", NONE, NEVER, include_str!("pages/90014.md")),
    entry(90024, "Entra had a passing error", NONE, ALWAYS, include_str!("pages/90024.md")),
    entry(90025, "Entra had a passing error", NONE, ALWAYS, include_str!("pages/90025.md")),
    entry(90033, "Entra had a passing error", NONE, ALWAYS, include_str!("pages/90033.md")),
    entry(90061, "Entra could not read the issuer's keys", ISSUER, BOUNDED, include_str!("pages/90061.md")),
    entry(500011, "the resource is not known in this tenant", NONE, NEVER, include_str!("pages/500011.md")),
    entry(500014, "the resource's service principal is disabled", NONE, NEVER, include_str!("pages/500014.md")),
    entry(500021, "access to this tenant is denied on the way", NONE, NEVER, include_str!("pages/500021.md")),
    entry(500132, "the assertion cannot be read", NONE, NEVER, include_str!("pages/500132.md")),
    entry(500133, "a person's assertion is too old", NONE, NEVER, include_str!("pages/500133.md")),
    entry(500531, "the address is blocked for legal reasons", NONE, NEVER, include_str!("pages/500531.md")),
    entry(501051, "the identity has no role on the resource", NONE, NEVER, include_str!("pages/501051.md")),
    entry(501661, "Entra could not read the issuer's keys", ISSUER, BOUNDED, include_str!("pages/501661.md")),
    entry(530003, "the device must be managed", NONE, NEVER, include_str!("pages/530003.md")),
    entry(700005, "the code belongs to another tenant", NONE, NEVER, include_str!("pages/700005.md")),
    entry(700016, "the client id is not known in this tenant", NONE, JUST_CREATED, include_str!("pages/700016.md")),
    entry(700021, "the assertion is about another client id", NONE, NEVER, include_str!("pages/700021.md")),
    entry(700022, "the token has no subject", NONE, NEVER, include_str!("pages/700022.md")),
    entry(700023, "a certificate assertion is meant for another tenant or cloud", NONE, NEVER, include_str!("pages/700023.md")),
    entry(700024, "the token is too old or not yet valid", NONE, NEVER, include_str!("pages/700024.md")),
    entry(700025, "the application is a public client", NONE, NEVER, include_str!("pages/700025.md")),
    entry(700027, "the signature of the certificate assertion is wrong", NONE, NEVER, include_str!("pages/700027.md")),
    entry(700030, "the certificate's name is not trusted", NONE, NEVER, include_str!("pages/700030.md")),
    entry(700037, "an assertion lacks its certificate chain", NONE, NEVER, include_str!("pages/700037.md")),
    entry(700211, "no credential has this issuer", ISSUER, JUST_CREATED, include_str!("pages/700211.md")),
    entry(700212, "no credential has this audience", AUDIENCE, NEVER, include_str!("pages/700212.md")),
    entry(700213, "no credential has this subject", SUBJECT, JUST_CREATED, include_str!("pages/700213.md")),
    entry(700214, "the audience of an Entra token is not accepted", AUDIENCE, NEVER, include_str!("pages/700214.md")),
    entry(700222, "a token issued by Entra cannot be exchanged", ISSUER, NEVER, include_str!("pages/700222.md")),
    entry(700223, "federation is switched off in this tenant", NONE, NEVER, include_str!("pages/700223.md")),
    entry(700226, "only the token of a managed identity is accepted from Entra", ISSUER, NEVER, include_str!("pages/700226.md")),
    entry(700227, "the audience of the Entra token is forbidden", AUDIENCE, NEVER, include_str!("pages/700227.md")),
    entry(700229, "a user's token cannot be exchanged", NONE, NEVER, include_str!("pages/700229.md")),
    entry(700231, "this kind of identity is not accepted as an assertion", NONE, NEVER, include_str!("pages/700231.md")),
    entry(700233, "the expression of a credential cannot be parsed", NONE, NEVER, include_str!("pages/700233.md")),
    entry(700234, "the expression of a credential failed on this token", NONE, NEVER, include_str!("pages/700234.md")),
    entry(700235, "expressions are not supported on this object", NONE, NEVER, include_str!("pages/700235.md")),
    entry(700236, "tokens of this Entra tenant are not accepted here", ISSUER, NEVER, include_str!("pages/700236.md")),
    entry(700237, "the expression uses a claim or operator that is not allowed", NONE, NEVER, include_str!("pages/700237.md")),
    entry(700238, "the tenant does not allow this issuer", ISSUER, NEVER, include_str!("pages/700238.md")),
    entry(700263, "two credentials have the same subject", NONE, NEVER, include_str!("pages/700263.md")),
    entry(900023, "the tenant is neither a GUID nor a domain", NONE, NEVER, include_str!("pages/900023.md")),
    entry(900144, "a parameter of the request is missing", NONE, NEVER, include_str!("pages/900144.md")),
    entry(900382, "the cloud of the tenant is another one", NONE, NEVER, include_str!("pages/900382.md")),
    entry(900439, "a tenant of the US Government cloud was asked through the public one", NONE, NEVER, include_str!("pages/900439.md")),
    entry(900440, "a public tenant was asked through the US Government cloud", NONE, NEVER, include_str!("pages/900440.md")),
    entry(1002012, "the scope does not end in /.default", NONE, NEVER, include_str!("pages/1002012.md")),
    entry(1002016, "the connection uses an old version of TLS", NONE, NEVER, include_str!("pages/1002016.md")),
    entry(5000224, "Microsoft has blocked this tenant", NONE, NEVER, include_str!("pages/5000224.md")),
    entry(5000225, "the tenant is blocked because nobody used it", NONE, NEVER, include_str!("pages/5000225.md")),
    entry(5000229, "the tenant is not available", NONE, NEVER, include_str!("pages/5000229.md")),
    entry(7000110, "the request names two applications", NONE, NEVER, include_str!("pages/7000110.md")),
    entry(7000112, "the application is disabled", NONE, NEVER, include_str!("pages/7000112.md")),
    entry(7000116, "the client's service principal is disabled in this tenant", NONE, NEVER, include_str!("pages/7000116.md")),
    entry(7000117, "the resource's service principal is disabled in this tenant", NONE, NEVER, include_str!("pages/7000117.md")),
    entry(7000215, "the client secret is wrong", NONE, NEVER, include_str!("pages/7000215.md")),
    entry(7000216, "the request holds no assertion", NONE, NEVER, include_str!("pages/7000216.md")),
    entry(7000218, "the request holds no assertion", NONE, NEVER, include_str!("pages/7000218.md")),
    entry(7000219, "the request holds no assertion", NONE, NEVER, include_str!("pages/7000219.md")),
    entry(7000221, "the certificate's subject is not the assertion's issuer", NONE, NEVER, include_str!("pages/7000221.md")),
    entry(7000222, "the client secret has expired", NONE, NEVER, include_str!("pages/7000222.md")),
    entry(7000226, "the application has no policy for this assertion", NONE, NEVER, include_str!("pages/7000226.md")),
    entry(7000227, "no credential for this managed identity", NONE, NEVER, include_str!("pages/7000227.md")),
    entry(7000229, "the application has no service principal in this tenant", NONE, JUST_CREATED, include_str!("pages/7000229.md")),
    entry(7000272, "the issuer does not publish the key that signed the token", NONE, BOUNDED, include_str!("pages/7000272.md")),
    entry(7002121, "no credential has the audience of this Entra token", AUDIENCE, NEVER, include_str!("pages/7002121.md")),
    entry(7002131, "no credential has this subject and no expression matches", SUBJECT, JUST_CREATED, include_str!("pages/7002131.md")),
    entry(7002137, "the subject has not the form Entra expects", SUBJECT, NEVER, include_str!("pages/7002137.md")),
    entry(7002138, "the subject differs in letter case only", SUBJECT, NEVER, include_str!("pages/7002138.md")),
    entry(7002203, "the subject of an agent identity has no match", SUBJECT, NEVER, include_str!("pages/7002203.md")),
    entry(7002241, "this issuer may not be matched by an expression", ISSUER, NEVER, include_str!("pages/7002241.md")),
    entry(7002381, "the tenant demands a GitHub enterprise", NONE, NEVER, include_str!("pages/7002381.md")),
    entry(9002313, "the request is malformed", NONE, NEVER, include_str!("pages/9002313.md")),
    entry(9002324, "the request holds two proofs", NONE, NEVER, include_str!("pages/9002324.md")),
];

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::*;

    #[test]
    fn codes_are_sorted_so_that_every_one_is_found() {
        assert!(CATALOGUE.windows(2).all(|pair| pair[0].code < pair[1].code));
        assert!(CATALOGUE.iter().all(|entry| explain(entry.code) == Some(entry)));
        assert_eq!(explain(1), None);
    }

    #[test]
    fn every_page_has_its_title_and_the_four_headings_in_order() {
        for entry in CATALOGUE {
            assert!(
                entry.page.starts_with(&format!("# AADSTS{}: {}\n", entry.code, entry.title)),
                "{}",
                entry.code
            );
            let headings: Vec<_> = entry.page.lines().filter_map(|line| line.strip_prefix("## ")).collect();
            assert_eq!(
                headings,
                ["What Entra says", "What it means", "How to fix", "Sources"],
                "{}",
                entry.code
            );
            assert!(headings.iter().all(|heading| !entry.section(heading).is_empty()), "{}", entry.code);
            assert!(
                entry.section("What Entra says").contains(&format!("AADSTS{}", entry.code)),
                "{}",
                entry.code
            );
            assert!(entry.fixes().next().is_some(), "{}", entry.code);
        }
    }

    #[test]
    fn no_page_lies_about_without_an_entry() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/refusal/pages");
        let files: BTreeSet<String> = fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        assert_eq!(files, CATALOGUE.iter().map(|entry| format!("{}.md", entry.code)).collect());
    }

    #[test]
    fn only_what_may_pass_by_itself_is_ever_asked_again() {
        let codes = |wanted| -> Vec<u32> {
            CATALOGUE.iter().filter(|entry| entry.retry == wanted).map(|entry| entry.code).collect()
        };
        assert_eq!(codes(Retry::Transient), [50000, 90006, 90024, 90025, 90033]);
        assert_eq!(codes(Retry::Bounded), [50166, 90061, 501661, 7000272]);
        assert_eq!(codes(Retry::JustCreated), [70021, 70025, 700016, 700211, 700213, 7000229, 7002131]);
    }
}
