//! Entra's subject form `/eid1/`: a path of names and values in which GUIDs are packed into 22 characters.
//!
//! A packed GUID is base64url, without padding, of its 16 bytes in the order that .NET keeps them: the first three groups
//! with their lowest byte first. Source: measured on values published with their plain GUIDs, such as
//! `v4j5cvGGr0GRqy180BHbRw` for the tenant 72f988bf-86f1-41af-91ab-2d7cd011db47, microsoft/azure-pipelines-tasks.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::id::Guid;

/// The bytes of a GUID's text, in the order in which .NET keeps them.
const ORDER: [usize; 16] = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];

/// A subject that begins with `/eid1/`: pairs of a name and a value. GUIDs are in their plain form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Eid1 {
    pairs: Vec<(String, String)>,
}

impl Eid1 {
    /// Reads `/eid1/c/pub/t/TENANT/a/APPLICATION/...`. Values that are no packed GUID are kept as they are.
    #[must_use]
    pub fn read(subject: &str) -> Option<Self> {
        let mut parts = subject.strip_prefix("/eid1/")?.split('/');
        let mut pairs = Vec::new();
        while let Some(name) = parts.next() {
            // `sc` is followed by two values: the organization and the service connection.
            let value = parts.next()?;
            pairs.push((name.to_owned(), unpacked(value)));
            if name == "sc" {
                pairs.push(("connection".to_owned(), unpacked(parts.next()?)));
            }
        }
        Some(Self { pairs })
    }

    /// The value behind `name`: `c` (cloud), `t` (tenant), `a` (application), `sc` (organization), `connection`.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

fn unpacked(value: &str) -> String {
    unpack(value).unwrap_or_else(|| value.to_owned())
}

/// The GUID that 22 characters stand for, in lower case.
#[must_use]
pub fn unpack(text: &str) -> Option<String> {
    let bytes: [u8; 16] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
    let mut guid = String::with_capacity(36);
    for (at, from) in ORDER.into_iter().enumerate() {
        if [4, 6, 8, 10].contains(&at) {
            guid.push('-');
        }
        guid.push_str(&format!("{:02x}", bytes.get(from)?));
    }
    Some(guid)
}

/// The 22 characters that stand for a GUID.
#[must_use]
pub fn pack(guid: &str) -> Option<String> {
    let digits = guid.parse::<Guid>().ok()?.as_str().replace('-', "");
    let number = u128::from_str_radix(&digits, 16).ok()?;
    let plain = number.to_be_bytes();
    let bytes: Option<Vec<u8>> = ORDER.into_iter().map(|from| plain.get(from).copied()).collect();
    Some(URL_SAFE_NO_PAD.encode(bytes?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_measured_values_go_there_and_back() {
        for (packed, guid) in [
            ("E8CzFgDTjUasZH7aCCC20w", "16b3c013-d300-468d-ac64-7eda0820b6d3"),
            ("rISbSSETf0KqFyZ8ppdXmA", "499b84ac-1321-427f-aa17-267ca6975798"),
            ("v4j5cvGGr0GRqy180BHbRw", "72f988bf-86f1-41af-91ab-2d7cd011db47"),
            ("9ExAW52n_ky4ZiS_jhpJIQ", "5b404cf4-a79d-4cfe-b866-24bf8e1a4921"),
        ] {
            assert_eq!(unpack(packed).as_deref(), Some(guid));
            assert_eq!(pack(guid).as_deref(), Some(packed));
        }
        for odd in ["", "x", "16b3c013-d300-468d-ac64-7eda0820b6d3", "v4j5cvGGr0GRqy180BHbRw=="] {
            assert_eq!(unpack(odd), None, "{odd}");
        }
        assert_eq!(pack("+6b3c013-d300-468d-ac64-7eda0820b6d3-"), None);
    }

    #[test]
    fn a_subject_of_azure_pipelines_is_taken_apart() {
        let connection = "5b404cf4-a79d-4cfe-b866-24bf8e1a4921";
        let subject = format!(
            "/eid1/c/pub/t/v4j5cvGGr0GRqy180BHbRw/a/rISbSSETf0KqFyZ8ppdXmA/sc/E8CzFgDTjUasZH7aCCC20w/{connection}"
        );
        let eid1 = Eid1::read(&subject).unwrap();
        assert_eq!(eid1.value("c"), Some("pub"));
        assert_eq!(eid1.value("t"), Some("72f988bf-86f1-41af-91ab-2d7cd011db47"));
        assert_eq!(eid1.value("sc"), Some("16b3c013-d300-468d-ac64-7eda0820b6d3"));
        assert_eq!(eid1.value("connection"), Some(connection));
        assert_eq!(Eid1::read("/eid1/c"), None);
        assert_eq!(Eid1::read("sc://o/p/c"), None);
    }
}
