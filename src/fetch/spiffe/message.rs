//! The two messages of `FetchJWTSVID` in the wire format of Protocol Buffers; other fields are skipped.
//!
//! Source: <https://protobuf.dev/programming-guides/encoding/>, `workload.proto` in spiffe/spiffe.

use crate::secret::Assertion;

/// What is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    /// `audience`: at least one.
    pub audiences: Vec<String>,
    /// `spiffe_id`: which of the workload's identities; empty means every one.
    pub id: String,
}

/// One of the tokens that are answered.
#[derive(Clone, Debug)]
pub struct Svid {
    /// `spiffe_id`.
    pub id: String,
    /// `svid`.
    pub token: Assertion,
}

impl Question {
    /// The bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let audiences = self.audiences.iter().map(|audience| (1, audience.as_bytes()));
        let id = (!self.id.is_empty()).then_some((2, self.id.as_bytes()));
        encoded(audiences.chain(id))
    }

    /// Reads the bytes; `None` for what is no message.
    #[must_use]
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let fields = decoded(bytes)?;
        let audiences = texts(&fields, 1)?;
        Some(Self { audiences, id: texts(&fields, 2)?.pop().unwrap_or_default() })
    }
}

/// The bytes of an answer with these tokens.
#[must_use]
pub fn encode_answer(svids: &[Svid]) -> Vec<u8> {
    let messages: Vec<Vec<u8>> = svids
        .iter()
        .map(|svid| encoded([(1, svid.id.as_bytes()), (2, svid.token.reveal().as_bytes())].into_iter()))
        .collect();
    encoded(messages.iter().map(|message| (1, message.as_slice())))
}

/// The tokens in the bytes of an answer; `None` for what is no message.
#[must_use]
pub fn decode_answer(bytes: &[u8]) -> Option<Vec<Svid>> {
    let messages = decoded(bytes)?.into_iter().filter(|(number, _)| *number == 1);
    messages
        .map(|(_, message)| {
            let fields = decoded(message)?;
            let text = |number| Some(texts(&fields, number)?.pop().unwrap_or_default());
            Some(Svid { id: text(1)?, token: Assertion::new(text(2)?) })
        })
        .collect()
}

fn encoded<'a>(fields: impl Iterator<Item = (u8, &'a [u8])>) -> Vec<u8> {
    let mut out = Vec::new();
    for (number, bytes) in fields {
        out.push(number << 3 | 2);
        let mut length = bytes.len();
        while length > 0x7f {
            out.push(u8::try_from(length & 0x7f).unwrap_or_default() | 0x80);
            length >>= 7;
        }
        out.push(u8::try_from(length).unwrap_or_default());
        out.extend_from_slice(bytes);
    }
    out
}

/// Every field that has a length, with its number.
fn decoded(mut bytes: &[u8]) -> Option<Vec<(u64, &[u8])>> {
    let mut fields = Vec::new();
    while !bytes.is_empty() {
        let (key, rest) = varint(bytes)?;
        let length = match key & 7 {
            0 => rest.len() - varint(rest)?.1.len(),
            1 => 8,
            2 => {
                let (length, behind) = varint(rest)?;
                let (value, behind) = behind.split_at_checked(usize::try_from(length).ok()?)?;
                fields.push((key >> 3, value));
                rest.len() - behind.len()
            }
            5 => 4,
            _ => return None,
        };
        bytes = rest.get(length..)?;
    }
    Some(fields)
}

fn varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0;
    for (at, byte) in bytes.iter().enumerate().take(10) {
        value |= u64::from(byte & 0x7f).checked_shl(u32::try_from(at * 7).ok()?)?;
        if byte & 0x80 == 0 {
            return Some((value, bytes.get(at + 1..)?));
        }
    }
    None
}

fn texts(fields: &[(u64, &[u8])], number: u64) -> Option<Vec<String>> {
    let named = fields.iter().filter(|(found, _)| *found == number);
    named.map(|(_, bytes)| String::from_utf8(bytes.to_vec()).ok()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_question_has_the_bytes_that_protoc_gives_it() {
        let question = Question { audiences: vec!["a".into(), "bc".into()], id: "spiffe://d/w".into() };
        assert_eq!(question.encode(), b"\x0a\x01a\x0a\x02bc\x12\x0cspiffe://d/w");
        assert_eq!(Question::decode(&question.encode()), Some(question));
    }

    #[test]
    fn long_tokens_come_through_and_unknown_fields_are_skipped() {
        let token = Assertion::new("e".repeat(70_000));
        let mut bytes = encode_answer(&[Svid { id: "spiffe://d/w".into(), token }]);
        // A number, eight bytes, four bytes and a text under numbers of their own.
        bytes.extend_from_slice(b"\x18\x96\x01\x2112345678\x2d1234\x32\x01x");
        let svids = decode_answer(&bytes).unwrap();
        assert_eq!((svids.len(), svids[0].token.reveal().len()), (1, 70_000));
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_message_or_none(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            drop((decode_answer(&bytes), Question::decode(&bytes)));
        }
    }
}
