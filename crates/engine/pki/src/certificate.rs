//! One key with its certificate as a file, and what a certificate says.

use crate::{Fingerprint, PkiError, Role, files};
use base::Timestamp;
use base64::Engine as _;
use rcgen::KeyPair;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer, X509Certificate};

/// What a certificate says of its bearer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Said {
    /// The one role, if it names exactly one.
    pub role: Option<Role>,
    /// DNS names and IP addresses in the order of the certificate.
    pub names: Vec<String>,
    /// It is worthless before.
    pub from: Timestamp,
    /// It is worthless afterwards.
    pub expires: Timestamp,
}

/// Reads a certificate; whether it is to be trusted is another question.
pub(crate) fn said(certificate: &CertificateDer<'_>) -> Result<Said, String> {
    let (rest, parsed) = X509Certificate::from_der(certificate.as_ref())
        .map_err(|e| format!("it is no X.509 certificate ({e})"))?;
    if !rest.is_empty() {
        return Err("bytes follow after the certificate".to_owned());
    }
    let san = parsed
        .subject_alternative_name()
        .map_err(|e| format!("its alternative names cannot be read ({e})"))?;
    let mut names = Vec::new();
    let mut uris = Vec::new();
    for name in san.iter().flat_map(|san| &san.value.general_names) {
        match name {
            GeneralName::DNSName(dns) => names.push((*dns).to_owned()),
            GeneralName::IPAddress(bytes) => names.extend(ip(bytes).map(|ip| ip.to_string())),
            GeneralName::URI(uri) => uris.push(*uri),
            _ => {}
        }
    }
    let role = match uris.as_slice() {
        [uri] => Role::from_uri(uri),
        _ => None,
    };
    let moment = |seconds: i64| Timestamp(seconds.saturating_mul(1_000_000));
    Ok(Said {
        role,
        names,
        from: moment(parsed.validity().not_before.timestamp()),
        expires: moment(parsed.validity().not_after.timestamp()),
    })
}

fn ip(bytes: &[u8]) -> Option<IpAddr> {
    if let Ok(four) = <[u8; 4]>::try_from(bytes) {
        return Some(four.into());
    }
    <[u8; 16]>::try_from(bytes).ok().map(IpAddr::from)
}

/// A private key and the certificate for it. They lie in one file, so that they always fit.
pub(crate) struct Pair {
    pub key: KeyPair,
    pub certificate: CertificateDer<'static>,
    pub said: Said,
}

impl Pair {
    pub fn new(key: KeyPair, certificate: CertificateDer<'static>) -> Result<Self, String> {
        let said = said(&certificate)?;
        let pair = Pair {
            key,
            certificate,
            said,
        };
        // Loading compares the key with the certificate.
        pair.certified(&[]).map_err(|e| e.to_string())?;
        Ok(pair)
    }

    /// Reads a pair from PEM text: a PKCS#8 key, then the certificate.
    pub fn parse(pem: &str) -> Result<Self, String> {
        let key = KeyPair::from_pem(pem).map_err(|e| format!("it holds no usable key ({e})"))?;
        let certificate = CertificateDer::from_pem_slice(pem.as_bytes())
            .map_err(|e| format!("it holds no certificate ({e})"))?;
        Pair::new(key, certificate)
    }

    /// Reads a pair from a file; `None` when there is none.
    pub fn read(path: &Path) -> Result<Option<Self>, PkiError> {
        let Some(pem) = files::read(path)? else {
            return Ok(None);
        };
        Pair::parse(&pem)
            .map(Some)
            .map_err(|problem| PkiError::Damaged {
                path: path.to_owned(),
                problem,
            })
    }

    pub fn write(&self, path: &Path) -> Result<(), PkiError> {
        let text = format!("{}{}", self.key.serialize_pem(), pem_of(&self.certificate));
        files::write(path, &text, 0o600)
    }

    /// For rustls, with the certificates behind it.
    pub fn certified(
        &self,
        chain: &[CertificateDer<'static>],
    ) -> Result<Arc<CertifiedKey>, rustls::Error> {
        let mut certificates = vec![self.certificate.clone()];
        certificates.extend_from_slice(chain);
        let key = PrivateKeyDer::Pkcs8(self.key.serialize_der().into());
        let provider = rustls::crypto::ring::default_provider();
        CertifiedKey::from_der(certificates, key, &provider).map(Arc::new)
    }

    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(&self.certificate)
    }
}

/// A certificate as PEM text.
pub(crate) fn pem_of(certificate: &CertificateDer<'_>) -> String {
    let text = base64::engine::general_purpose::STANDARD.encode(certificate);
    let mut pem = String::from("-----BEGIN CERTIFICATE-----\n");
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, more) = rest.split_at(rest.len().min(64));
        pem.push_str(line);
        pem.push('\n');
        rest = more;
    }
    pem.push_str("-----END CERTIFICATE-----\n");
    pem
}

/// Reads exactly one certificate from PEM text that somebody sent.
pub(crate) fn one_certificate(pem: &str) -> Result<CertificateDer<'static>, String> {
    if pem.len() > 64 * 1024 {
        return Err("the text is longer than 64 KiB".to_owned());
    }
    let mut found = CertificateDer::pem_slice_iter(pem.as_bytes());
    let certificate = found
        .next()
        .ok_or_else(|| "the text holds no PEM certificate".to_owned())?
        .map_err(|e| format!("the PEM text is damaged ({e})"))?;
    if found.next().is_some() {
        return Err("the text holds more than one certificate".to_owned());
    }
    Ok(certificate)
}

/// Does the CA's key fit the signature?
pub(crate) fn is_signed_by(certificate: &CertificateDer<'_>, ca: &CertificateDer<'_>) -> bool {
    match (
        X509Certificate::from_der(certificate.as_ref()),
        X509Certificate::from_der(ca.as_ref()),
    ) {
        (Ok((_, certificate)), Ok((_, ca))) => {
            certificate.verify_signature(Some(ca.public_key())).is_ok()
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pem_text_reads_back_at_every_length() {
        for length in 0..200u8 {
            let der = CertificateDer::from((0..length).collect::<Vec<u8>>());
            let pem = pem_of(&der);
            assert!(pem.lines().all(|l| l.len() <= 64));
            let read = CertificateDer::from_pem_slice(pem.as_bytes()).unwrap();
            assert_eq!(read, der);
        }
    }
}
