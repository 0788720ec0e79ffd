//! A host's next certificate.

use super::{BadMessage, Wire};
use crate::proto;
use ports::hosts::CertificateRequest;

impl Wire for CertificateRequest {
    type Message = proto::CertificateRequestReply;
    fn into_wire(self) -> Self::Message {
        proto::CertificateRequestReply {
            csr_pem: self.csr_pem,
            fingerprint: self.fingerprint,
        }
    }
    fn from_wire(m: Self::Message) -> Result<Self, BadMessage> {
        let digits = |text: &str| text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if m.fingerprint.len() != 64 || !digits(&m.fingerprint) {
            let bad = BadMessage::new("is not 64 hexadecimal digits in lower case");
            return Err(bad.within("fingerprint"));
        }
        Ok(CertificateRequest {
            csr_pem: m.csr_pem,
            fingerprint: m.fingerprint,
        })
    }
}
