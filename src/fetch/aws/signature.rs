//! Signature Version 4: how a request to AWS proves who sent it. Pure; the caller gives the time.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>.

use std::time::{SystemTime, UNIX_EPOCH};

use ring::{digest, hmac};

use crate::secret::SecretKey;

/// The name of the algorithm, as it stands in the header.
pub const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// A request as it is signed.
#[derive(Clone, Debug)]
pub struct Message<'a> {
    /// The method.
    pub method: &'a str,
    /// The path as it is sent; encoded or not is the same.
    pub path: &'a str,
    /// The query, without its question mark.
    pub query: &'a str,
    /// The headers that are signed, in any order and letter case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: &'a [u8],
}

/// When and for what a signature is good.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// The time, as in `x-amz-date`: `20150830T123600Z`.
    pub time: &'a str,
    /// The region.
    pub region: &'a str,
    /// The service, as it signs.
    pub service: &'a str,
}

impl Scope<'_> {
    /// `20150830/us-east-1/sts/aws4_request`.
    #[must_use]
    pub fn credential(&self) -> String {
        format!("{}/{}/{}/aws4_request", self.day(), self.region, self.service)
    }

    fn day(&self) -> &str {
        self.time.split('T').next().unwrap_or_default()
    }
}

/// A time as `x-amz-date` wants it.
#[must_use]
pub fn amz_date(time: SystemTime) -> String {
    let seconds = time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let stamp = i64::try_from(seconds).ok().and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
    stamp.unwrap_or_default().strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// The value of `authorization` for `message`.
#[must_use]
pub fn authorization(
    access_key: &str,
    secret: &SecretKey,
    scope: Scope<'_>,
    message: &Message<'_>,
) -> String {
    let (credential, names) = (scope.credential(), message.signed_names());
    let signature = signature(secret, scope, message);
    format!("{ALGORITHM} Credential={access_key}/{credential}, SignedHeaders={names}, Signature={signature}")
}

/// The signature of `message` in hexadecimal digits.
#[must_use]
pub fn signature(secret: &SecretKey, scope: Scope<'_>, message: &Message<'_>) -> String {
    let digest = sha256(message.canonical().as_bytes());
    let text = format!("{ALGORITHM}\n{}\n{}\n{digest}", scope.time, scope.credential());
    let first = zeroize::Zeroizing::new(format!("AWS4{}", secret.reveal()));
    let parts = [scope.day(), scope.region, scope.service, "aws4_request", &text];
    let signed = parts.iter().fold(first.as_bytes().to_vec(), |key, part| mac(&key, part));
    hex(&signed)
}

impl Message<'_> {
    /// The one form of the request that both sides hash.
    #[must_use]
    pub fn canonical(&self) -> String {
        let headers: String = self.merged().map(|(name, value)| format!("{name}:{value}\n")).collect();
        let lines = [self.method, &path(self.path), &query(self.query), &headers, &self.signed_names()];
        format!("{}\n{}", lines.join("\n"), sha256(self.body))
    }

    fn signed_names(&self) -> String {
        self.merged().map(|(name, _)| name).collect::<Vec<_>>().join(";")
    }

    /// Headers by name; values of one name are joined in their order.
    fn merged(&self) -> impl Iterator<Item = (String, String)> {
        let mut merged = std::collections::BTreeMap::<String, String>::new();
        for (name, value) in &self.headers {
            let value = value.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
            let known = merged.entry(name.to_ascii_lowercase());
            known.and_modify(|before| *before = format!("{before},{value}")).or_insert(value);
        }
        merged.into_iter()
    }
}

/// The path without `.`, `..` and doubled slashes.
fn path(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    let open = path.ends_with('/') && !parts.is_empty();
    let names: Vec<String> = parts.into_iter().map(|part| encoded(&decoded(part))).collect();
    format!("/{}{}", names.join("/"), if open { "/" } else { "" })
}

/// Sorted by name, then value, each encoded once.
fn query(query: &str) -> String {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let mut pairs: Vec<(String, String)> = pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (encoded(&decoded(name)), encoded(&decoded(value)))
        })
        .collect();
    pairs.sort();
    pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

/// A part of a path or a query without its percent signs; `+` stays what it is.
fn decoded(text: &str) -> String {
    let kept = text.replace('+', "%2B");
    let pair = url::form_urlencoded::parse(kept.as_bytes()).next();
    pair.map(|(name, _)| name.into_owned()).unwrap_or_default()
}

/// Every byte but letters, digits and `-._~` as a percent sign and two capital digits.
pub(super) fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes()).as_ref().to_vec()
}

fn sha256(bytes: &[u8]) -> String {
    hex(digest::digest(&digest::SHA256, bytes).as_ref())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    const VECTORS: &str = include_str!("../../../tests/fixtures/sigv4.json");
    const SCOPE: Scope<'_> = Scope { time: "20150830T123600Z", region: "us-east-1", service: "service" };

    fn secret() -> SecretKey {
        SecretKey::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".into())
    }

    /// The request of a vector with the headers that the signer adds.
    fn message(vector: &Value) -> Message<'_> {
        let text = vector["request"].as_str().unwrap();
        let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
        let (first, rest) = head.split_once('\n').unwrap();
        let (method, target) = first.trim_end_matches(" HTTP/1.1").split_once(' ').unwrap();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut headers: Vec<(String, String)> = Vec::new();
        for line in rest.lines() {
            match line.split_once(':') {
                Some((name, value)) if !line.starts_with(' ') => headers.push((name.into(), value.into())),
                _ => headers.last_mut().unwrap().1.push_str(line),
            }
        }
        headers.push(("X-Amz-Date".into(), SCOPE.time.into()));
        if vector["sign_body"] == true {
            headers.push(("x-amz-content-sha256".into(), sha256(body.as_bytes())));
        }
        if let (Some(token), Some(false)) = (vector["token"].as_str(), vector["omit_token"].as_bool()) {
            headers.push(("X-Amz-Security-Token".into(), token.into()));
        }
        Message { method, path, query, headers, body: body.as_bytes() }
    }

    #[test]
    fn every_published_vector_is_signed_as_aws_signs_it() {
        let vectors: Value = serde_json::from_str(VECTORS).unwrap();
        let vectors = vectors["vectors"].as_array().unwrap();
        assert!(vectors.len() >= 25);
        for vector in vectors {
            let message = message(vector);
            assert_eq!(message.canonical(), vector["canonical"].as_str().unwrap(), "{}", vector["name"]);
            assert_eq!(signature(&secret(), SCOPE, &message), vector["signature"], "{}", vector["name"]);
        }
    }

    #[test]
    fn the_header_names_key_scope_and_signed_headers_and_the_time_is_written_without_marks() {
        let message = Message {
            method: "GET",
            path: "/",
            query: "",
            headers: vec![
                ("Host".into(), "example.amazonaws.com".into()),
                ("X-Amz-Date".into(), SCOPE.time.into()),
            ],
            body: b"",
        };
        assert_eq!(
            authorization("AKIDEXAMPLE", &secret(), SCOPE, &message),
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
        );
        let time = UNIX_EPOCH + std::time::Duration::from_secs(1_440_938_160);
        assert_eq!(amz_date(time), SCOPE.time);
    }
}
