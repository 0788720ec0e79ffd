//! One-time tokens: what is given out, and what is kept.

use base::Random;
use sha2::{Digest, Sha256};

/// A token of 256 random bits, in hexadecimal.
pub(crate) fn new_token(random: &dyn Random) -> String {
    let mut bytes = [0u8; 32];
    random.fill(&mut bytes);
    hex(&bytes)
}

/// What is kept of a token.
pub(crate) fn digest(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, b| {
            // Writing to a string can't fail.
            let _ = write!(text, "{b:02x}");
            text
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_sha256_in_hexadecimal() {
        assert_eq!(
            digest("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        let random = testkit::SeededRandom::new(1);
        let token = new_token(&random);
        assert_eq!(token.len(), 64);
        assert_ne!(token, new_token(&random));
    }
}
