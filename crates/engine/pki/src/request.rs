//! Signing requests: hostile input from which nothing is taken but a key.

use crate::PkiError;
use rcgen::{CertificateSigningRequestParams, PublicKey, PublicKeyData};
use rustls::pki_types::CertificateSigningRequestDer;
use rustls::pki_types::pem::PemObject;

/// Longest request in bytes of PEM; one for a P-256 key has about 400.
const REQUEST_MAX: usize = 16 * 1024;
/// An uncompressed point on P-256.
const POINT_BYTES: usize = 65;

/// The public key of a request whose signature proves that the sender has the private one.
///
/// # Errors
/// `Request` with what is wrong; names and extensions that the request asks for are ignored.
pub(crate) fn public_key(pem: &str) -> Result<PublicKey, PkiError> {
    let refused = |problem: String| PkiError::Request(problem);
    if pem.len() > REQUEST_MAX {
        return Err(refused(format!(
            "it has {} bytes; at most {REQUEST_MAX} are read",
            pem.len()
        )));
    }
    let der = CertificateSigningRequestDer::from_pem_slice(pem.as_bytes()).map_err(|e| {
        refused(format!(
            "it is no PEM text with a CERTIFICATE REQUEST ({e})"
        ))
    })?;
    let request = CertificateSigningRequestParams::from_der(&der)
        .map_err(|e| refused(format!("{e}; expected PKCS#10 for a P-256 key")))?;
    let key = request.public_key;
    let is_p256 = PublicKeyData::algorithm(&key) == &rcgen::PKCS_ECDSA_P256_SHA256;
    let is_point = key.der_bytes().len() == POINT_BYTES && key.der_bytes().first() == Some(&4);
    if !is_p256 || !is_point {
        return Err(refused(
            "its key is not an ECDSA key on the curve P-256".to_owned(),
        ));
    }
    Ok(key)
}
