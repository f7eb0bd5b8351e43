//! Any bytes in place of what others answer or hand over: tokens, refusals, subjects, ids, keys, messages on the wire.
#![no_main]

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use fedcred::{
    fetch::{
        source::OwnKey,
        spiffe::{self, message},
    },
    host::{framed, unframed},
    id::{ClientId, EnvironmentName, GitRef, Issuer, ManagedIdentityId, RepositoryName, TenantId},
    issuer::{
        self, Certificate, Connection, Eid1, Presented, Reading, ServiceAccount, UnverifiedClaims, aws,
        github, health,
    },
    refusal::Refusal,
    secret::{Assertion, Password},
    verdict::Form,
};
use libfuzzer_sys::fuzz_target;

// The first byte chooses the reader.
fuzz_target!(|bytes: &[u8]| {
    let Some((kind, bytes)) = bytes.split_first() else { return };
    let text = std::str::from_utf8(bytes).unwrap_or("");
    match kind {
        b't' => token(bytes),
        b'T' => drop(UnverifiedClaims::read(&Assertion::new(text.to_owned()))),
        b'r' => refusal(text),
        b's' => subject(text),
        b'i' => ids(text),
        b'k' => {
            let password = Password::new("a".to_owned());
            drop(OwnKey::read([bytes], None));
            drop(OwnKey::read([bytes], Some(&password)));
        }
        b'c' => drop(Certificate::from_der(bytes)),
        b'p' => wire(bytes),
        b'h' => documents(text),
        _ => {}
    }
});

fn token(payload: &[u8]) {
    let part = URL_SAFE_NO_PAD.encode(payload);
    let token = Assertion::new(format!("e30.{part}.x"));
    let Ok(claims) = UnverifiedClaims::read(&token) else { return };
    for now in [0, 1_700_000_000, i64::MAX] {
        for (check, outcome) in issuer::examine(&claims, now, Some("api://AzureADTokenExchange")) {
            let _ = format!("{check:?} {outcome:?}");
        }
    }
    if let Ok(presented) = claims.presented() {
        let _ = (Reading::of(&presented), issuer::entra_tenant(presented.issuer.as_str()));
    }
    drop(issuer::spiffe::check_svid(&claims));
}

fn refusal(text: &str) {
    for refusal in Refusal::parse_all(text).into_iter().chain(Refusal::parse(text)) {
        let _ = (refusal.to_string(), refusal.claim(), refusal.explanation());
        for quoted in [&refusal.issuer, &refusal.subject, &refusal.audience].into_iter().flatten() {
            assert!(text.contains(quoted.as_str()) || text.starts_with('{'), "{quoted:?}");
        }
    }
}

fn subject(text: &str) {
    let form = Form::of(text);
    let _ = (form.kind(text), form.is_github());
    if let Some(read) = Eid1::read(text) {
        for name in ["c", "t", "a", "sc", "connection"] {
            if let Some(packed) = read.value(name).and_then(issuer::pack) {
                assert_eq!(
                    issuer::unpack(&packed).as_deref(),
                    read.value(name).map(str::to_lowercase).as_deref()
                );
            }
        }
    }
    let _ = (Connection::read(text), ServiceAccount::read(text).map(|account| account.subject()));
    let _ = Reading::of(&Presented::new("https://kubernetes.default.svc", text, "a"));
    if let Ok(prefix) = text.parse::<github::Prefix>() {
        assert_eq!(
            prefix.to_string().parse::<github::Prefix>().map(|again| again.to_string()),
            Ok(prefix.to_string())
        );
    }
    drop(text.parse::<github::Template>());
    drop(issuer::spiffe::SpiffeId::parse(text));
}

fn ids(text: &str) {
    assert!(
        text.parse::<RepositoryName>().is_ok_and(|id| id.as_str() == text)
            || text.parse::<RepositoryName>().is_err()
    );
    assert!(text.parse::<GitRef>().is_ok_and(|id| id.as_str() == text) || text.parse::<GitRef>().is_err());
    drop((
        text.parse::<EnvironmentName>(),
        text.parse::<TenantId>(),
        text.parse::<ClientId>(),
        text.parse::<ManagedIdentityId>(),
    ));
    drop((aws::Region::parse(text), spiffe::endpoint(text), github::Instance::at(text)));
    let issuer = Issuer::new(text);
    let _ = (health::configuration_url(&issuer), github::Instance::of(&issuer), aws::is_sts_issuer(text));
}

fn wire(bytes: &[u8]) {
    if let Some(question) = message::Question::decode(bytes) {
        assert_eq!(message::Question::decode(&question.encode()), Some(question));
    }
    if let Some(svids) = message::decode_answer(bytes) {
        let again = message::decode_answer(&message::encode_answer(&svids)).expect("what was written");
        assert!(
            again
                .iter()
                .zip(&svids)
                .all(|(one, other)| one.id == other.id && one.token.reveal() == other.token.reveal())
        );
    }
    let _ = unframed(bytes);
    assert_eq!(unframed(&framed(bytes)), Some(bytes));
}

fn documents(text: &str) {
    let json: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    let _ = health::keys_url(&json);
    drop(fedcred::entra::Endpoints::from_metadata("https://management.azure.com", &json));
}
