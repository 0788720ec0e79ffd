//! SHA-256 of a certificate, as people compare it.

use rustls::pki_types::CertificateDer;
use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;

/// SHA-256 of a certificate's DER form; printed as 64 hexadecimal digits in lower case.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint([u8; 32]);

/// The text is not a fingerprint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is not a SHA-256 fingerprint; expected 64 hexadecimal digits, colons allowed")]
pub struct BadFingerprint {
    /// What was found, cut after 100 characters.
    pub found: String,
}

impl Fingerprint {
    /// Of a certificate.
    #[must_use]
    pub fn of(certificate: &CertificateDer<'_>) -> Self {
        Self::of_bytes(certificate.as_ref())
    }

    /// Of anything, such as a public key.
    pub(crate) fn of_bytes(bytes: &[u8]) -> Self {
        Fingerprint(Sha256::digest(bytes).into())
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Fingerprint {
    type Err = BadFingerprint;

    fn from_str(text: &str) -> Result<Self, BadFingerprint> {
        let bad = || BadFingerprint {
            found: text.chars().take(100).collect(),
        };
        let mut bytes = [0u8; 32];
        let mut digits = text.bytes().filter(|c| *c != b':');
        for byte in &mut bytes {
            let (high, low) = (digits.next(), digits.next());
            let digit = |c: Option<u8>| c.and_then(|c| char::from(c).to_digit(16));
            let value = digit(high).zip(digit(low)).map(|(h, l)| h * 16 + l);
            *byte = value.and_then(|v| u8::try_from(v).ok()).ok_or_else(bad)?;
        }
        if digits.next().is_some() {
            return Err(bad());
        }
        Ok(Fingerprint(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_read_with_and_without_colons_in_any_case() {
        let one = Fingerprint::of(&CertificateDer::from(vec![1, 2, 3]));
        let text = one.to_string();
        assert_eq!(text.len(), 64);
        assert_eq!(text.parse(), Ok(one));
        assert_eq!(text.to_uppercase().parse(), Ok(one));
        let pairs: Vec<&str> = (0..32).map(|i| &text[2 * i..2 * i + 2]).collect();
        assert_eq!(pairs.join(":").parse(), Ok(one));
        for bad in [
            "",
            "ab",
            &text[1..],
            &format!("{text}0"),
            &text.replace(&text[..1], "g"),
        ] {
            assert!(bad.parse::<Fingerprint>().is_err(), "{bad}");
        }
    }
}
