//! How a host's certificate is renewed over the connection that it proves.
//!
//! The engine asks for a request, signs it, notes the new certificate as one that the host may show,
//! and hands it over. Each step may be repeated; a request makes the one before it void.

use super::HostError;

/// A host's request for its next certificate.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CertificateRequest {
    /// PKCS#10 as PEM text, for a key that the host made for it.
    pub csr_pem: String,
    /// SHA-256 fingerprint (hexadecimal) of the certificate that the host shows now.
    pub fingerprint: String,
}

/// The host's side: whoever holds its key.
#[async_trait::async_trait]
pub trait HostCertificates: Send + Sync + 'static {
    /// Makes a key and a request for it.
    ///
    /// # Errors
    /// `Failed` when it can't.
    async fn request(&self) -> Result<CertificateRequest, HostError>;
    /// Keeps the certificate for the last request and shows it to new connections.
    ///
    /// # Errors
    /// `Refused` when it is not this host's or not for the last request, `Failed` when it can't be
    /// kept.
    async fn install(&self, certificate_pem: String) -> Result<(), HostError>;
}
