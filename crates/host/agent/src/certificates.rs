//! The host's certificate as the engine renews it over the link.

use async_trait::async_trait;
use pki::{LiveIdentity, PkiError};
use ports::hosts::{CertificateRequest, HostCertificates, HostError};

/// The identity behind the agent's port.
pub(crate) struct Certificates(pub LiveIdentity);

#[async_trait]
impl HostCertificates for Certificates {
    async fn request(&self) -> Result<CertificateRequest, HostError> {
        let request = self.0.request().map_err(|e| failed(&e))?;
        Ok(CertificateRequest {
            csr_pem: request.csr_pem,
            fingerprint: request.fingerprint.to_string(),
        })
    }

    async fn install(&self, certificate_pem: String) -> Result<(), HostError> {
        let identity = self.0.clone();
        let installing = move || identity.install(&certificate_pem);
        match tokio::task::spawn_blocking(installing).await {
            Ok(Ok(())) => {
                tracing::info!(certificate.expires = %self.0.expires(), "the host's certificate was renewed");
                Ok(())
            }
            Ok(Err(e @ (PkiError::Certificate(_) | PkiError::OtherHost { .. }))) => {
                Err(HostError::Refused {
                    message: e.to_string(),
                })
            }
            Ok(Err(e)) => Err(failed(&e)),
            Err(e) => Err(failed(&e)),
        }
    }
}

fn failed(error: &dyn std::error::Error) -> HostError {
    let mut message = error.to_string();
    if let Some(cause) = error.source() {
        message.push_str(&format!(": {cause}"));
    }
    HostError::Failed { message }
}
