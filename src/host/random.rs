//! Randomness.

use std::{
    io,
    sync::{Mutex, PoisonError},
};

use ring::rand::{SecureRandom, SystemRandom};

/// Where random bytes come from.
#[derive(Debug)]
pub enum Random {
    /// The system's secure source.
    Real,
    /// Counts: every byte of the first answer is 1, of the second 2, and so on.
    Fake(Mutex<u8>),
}

impl Random {
    /// A source that counts from 1.
    #[must_use]
    pub const fn fake() -> Self {
        Self::Fake(Mutex::new(0))
    }

    /// A random GUID, version 4 of RFC 9562, in lower case with hyphens.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub fn guid(&self) -> io::Result<String> {
        let number = u128::from_be_bytes(self.bytes()?) & !(0xf << 76) | (4 << 76);
        let hex = format!("{:032x}", number & !(0x3 << 62) | (0x2 << 62));
        let mut text = String::new();
        for (at, digit) in hex.chars().enumerate() {
            if [8, 12, 16, 20].contains(&at) {
                text.push('-');
            }
            text.push(digit);
        }
        Ok(text)
    }

    fn bytes<const N: usize>(&self) -> io::Result<[u8; N]> {
        match self {
            Self::Real => {
                let mut bytes = [0; N];
                let filled = SystemRandom::new().fill(&mut bytes);
                filled.map_err(|_| io::Error::other("the system gives no random bytes"))?;
                Ok(bytes)
            }
            Self::Fake(count) => {
                let mut count = count.lock().unwrap_or_else(PoisonError::into_inner);
                *count = count.wrapping_add(1);
                Ok([*count; N])
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guid_looks_like_one_and_comes_once() {
        let text = Random::Real.guid().unwrap();
        let groups: Vec<usize> = text.split('-').map(str::len).collect();
        assert_eq!(groups, [8, 4, 4, 4, 12], "{text}");
        assert_eq!(text.chars().nth(14), Some('4'), "{text}");
        assert_ne!(text, Random::Real.guid().unwrap());
    }

    #[test]
    fn a_fake_counts() {
        let fake = Random::fake();
        assert_eq!(fake.guid().unwrap(), "01010101-0101-4101-8101-010101010101");
        assert_eq!(fake.guid().unwrap(), "02020202-0202-4202-8202-020202020202");
    }
}
