//! Who may speak: a certificate of our CA with exactly the role that is expected.

use crate::certificate::said;
use crate::{Fingerprint, Role};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_cert_signed_by_trust_anchor;
use rustls::crypto::{
    CryptoProvider, WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature,
};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, Error, OtherError, RootCertStore,
    SignatureScheme,
};
use std::sync::Arc;

/// Why a peer with a good certificate is still not the one.
#[derive(thiserror::Error)]
enum Stranger {
    #[error("the certificate is for {found}, not for {expected}")]
    Role { expected: Role, found: String },
    #[error("the host shows the certificate {found}, but its is {expected}")]
    Fingerprint {
        expected: Fingerprint,
        found: Fingerprint,
    },
    #[error("the engine's CA does not have the fingerprint {expected}")]
    Ca { expected: Fingerprint },
}

/// rustls shows the `Debug` form to people.
impl std::fmt::Debug for Stranger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

fn stranger(why: Stranger) -> Error {
    Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(why))))
}

/// The certificate's role must be this one.
fn must_be(expected: Role, certificate: &CertificateDer<'_>) -> Result<(), Error> {
    let said = said(certificate).map_err(|_| CertificateError::BadEncoding)?;
    if said.role == Some(expected) {
        return Ok(());
    }
    let found = said
        .role
        .map_or_else(|| "nobody known".to_owned(), |role| role.to_string());
    Err(stranger(Stranger::Role { expected, found }))
}

/// Whom a client takes for its server.
#[derive(Debug)]
pub(crate) enum Trust {
    /// Certificates of this CA.
    Ca(Arc<RootCertStore>),
    /// Certificates of the CA with this fingerprint, which the server sends along.
    CaFingerprint(Fingerprint),
}

/// A server with a role.
#[derive(Debug)]
pub(crate) struct ServerIs {
    pub role: Role,
    pub trust: Trust,
    /// The only certificates, where they are known.
    pub fingerprints: Vec<Fingerprint>,
    pub algorithms: WebPkiSupportedAlgorithms,
}

impl ServerCertVerifier for ServerIs {
    /// The name that was dialled says nothing: addresses change, roles don't.
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let roots = match &self.trust {
            Trust::Ca(roots) => Arc::clone(roots),
            Trust::CaFingerprint(expected) => {
                let ca = intermediates
                    .iter()
                    .find(|c| Fingerprint::of(c) == *expected)
                    .ok_or_else(|| {
                        stranger(Stranger::Ca {
                            expected: *expected,
                        })
                    })?;
                let mut roots = RootCertStore::empty();
                roots.add(ca.clone().into_owned())?;
                Arc::new(roots)
            }
        };
        let certificate = ParsedCertificate::try_from(end_entity)?;
        // The CA signs leaves only, so nothing between is of use.
        verify_server_cert_signed_by_trust_anchor(
            &certificate,
            &roots,
            &[],
            now,
            self.algorithms.all,
        )?;
        must_be(self.role, end_entity)?;
        let found = Fingerprint::of(end_entity);
        match self.fingerprints.first() {
            Some(expected) if !self.fingerprints.contains(&found) => {
                let expected = *expected;
                Err(stranger(Stranger::Fingerprint { expected, found }))
            }
            _ => Ok(ServerCertVerified::assertion()),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, dss, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, dss, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

/// A client with a role; `chain` checks the rest.
#[derive(Debug)]
pub(crate) struct ClientIs {
    pub role: Role,
    pub chain: Arc<dyn ClientCertVerifier>,
}

impl ClientCertVerifier for ClientIs {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.chain.root_hint_subjects()
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        let verified = self
            .chain
            .verify_client_cert(end_entity, intermediates, now)?;
        must_be(self.role, end_entity)?;
        Ok(verified)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.chain.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.chain.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.chain.supported_verify_schemes()
    }
}

/// What rustls can check.
pub(crate) fn algorithms(provider: &CryptoProvider) -> WebPkiSupportedAlgorithms {
    provider.signature_verification_algorithms
}
