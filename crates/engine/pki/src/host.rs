//! The host's side: its key, what enrolment brought back, and who may command it.

use crate::authority::{check_ca, new_key};
use crate::certificate::{Pair, is_signed_by, one_certificate, pem_of};
use crate::configs::{self, Shown};
use crate::{Fingerprint, PkiError, Role, files};
use base::{Clock, HostId, Timestamp};
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::CertificateDer;
use rustls::sign::CertifiedKey;
use std::path::Path;
use std::sync::Arc;

/// File names in the agent's home.
pub(crate) const IDENTITY: &str = "host.pem";
const CA: &str = "ca.pem";
/// The key while the engine is asked: whoever asks again, asks with the same one.
const JOINING: &str = "joining.pem";

/// A key that has no certificate yet.
pub struct HostKey {
    pub(crate) key: KeyPair,
}

impl HostKey {
    /// Makes a key.
    ///
    /// # Errors
    /// When the operating system has no randomness.
    pub fn make() -> Result<Self, PkiError> {
        Ok(HostKey { key: new_key()? })
    }

    /// The key that a host joins with: the one in its home, if the engine was asked before and the
    /// answer did not come; else a new one, kept there until [`HostIdentity::save`].
    ///
    /// # Errors
    /// When the operating system has no randomness, or the file can't be written.
    pub fn joining(home: &Path) -> Result<Self, PkiError> {
        let file = home.join(JOINING);
        let kept = files::read(&file)?.and_then(|pem| KeyPair::from_pem(&pem).ok());
        if let Some(key) = kept {
            return Ok(HostKey { key });
        }
        let made = Self::make()?;
        files::write(&file, &made.key.serialize_pem(), 0o600)?;
        Ok(made)
    }

    /// The request for a certificate, as PEM text. It asks for nothing: the engine knows who asks by
    /// the one-time token.
    ///
    /// # Errors
    /// When it can't be signed.
    pub fn request(&self) -> Result<String, PkiError> {
        let failed = |cause| PkiError::Make {
            what: "a certificate request",
            cause,
        };
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        params
            .distinguished_name
            .push(DnType::CommonName, "vireo-agent");
        params
            .serialize_request(&self.key)
            .map_err(failed)?
            .pem()
            .map_err(failed)
    }
}

/// Who this host is, and which engine's CA it obeys.
pub struct HostIdentity {
    host: HostId,
    pair: Pair,
    ca: CertificateDer<'static>,
}

impl HostIdentity {
    /// Takes what the engine answered to [`HostKey::request`]; every part is checked: the CA by its
    /// fingerprint, the certificate by CA, key, host and time.
    ///
    /// # Errors
    /// `Certificate` or `OtherHost` with what does not fit.
    pub fn accept(
        key: HostKey,
        host: HostId,
        certificate_pem: &str,
        ca_pem: &str,
        ca: Fingerprint,
        now: Timestamp,
    ) -> Result<Self, PkiError> {
        let ca_certificate = one_certificate(ca_pem).map_err(PkiError::Certificate)?;
        if Fingerprint::of(&ca_certificate) != ca {
            return Err(PkiError::Certificate(format!(
                "the engine's CA has the fingerprint {}, expected was {ca}",
                Fingerprint::of(&ca_certificate)
            )));
        }
        let certificate = one_certificate(certificate_pem).map_err(PkiError::Certificate)?;
        let pair = Pair::new(key.key, certificate).map_err(PkiError::Certificate)?;
        let identity = Self::new(pair, ca_certificate)?;
        identity.check_time(now)?;
        if identity.host != host {
            return Err(PkiError::OtherHost {
                expected: host,
                found: identity.host,
            });
        }
        Ok(identity)
    }

    fn new(pair: Pair, ca: CertificateDer<'static>) -> Result<Self, PkiError> {
        let refused = |problem: String| Err(PkiError::Certificate(problem));
        if !is_signed_by(&pair.certificate, &ca) {
            return refused("it was not signed by the engine's CA".to_owned());
        }
        match pair.said.role {
            Some(Role::Host(host)) => Ok(HostIdentity { host, pair, ca }),
            _ => refused("it is not a host's".to_owned()),
        }
    }

    fn check_time(&self, now: Timestamp) -> Result<(), PkiError> {
        let refused = |problem: String| Err(PkiError::Certificate(problem));
        check_ca(&self.ca, now).map_err(PkiError::Certificate)?;
        let said = &self.pair.said;
        if said.expires <= now {
            return refused(format!(
                "it ended on {}; enrol the host again",
                said.expires
            ));
        }
        if said.from > now {
            return refused(format!(
                "it begins on {}; is this machine's clock right?",
                said.from
            ));
        }
        Ok(())
    }

    /// The same host's next certificate.
    pub(crate) fn successor(&self, pair: Pair, now: Timestamp) -> Result<Self, PkiError> {
        let next = Self::new(pair, self.ca.clone())?;
        next.check_time(now)?;
        if next.host != self.host {
            return Err(PkiError::OtherHost {
                expected: self.host,
                found: next.host,
            });
        }
        Ok(next)
    }

    /// Reads the identity from the agent's home; `None` when the host was never enrolled.
    ///
    /// # Errors
    /// `Damaged` when files don't fit together or have ended.
    pub fn load(home: &Path, now: Timestamp) -> Result<Option<Self>, PkiError> {
        let Some(identity) = Self::load_ended(home)? else {
            return Ok(None);
        };
        identity.check_time(now).map_err(|e| match e {
            PkiError::Certificate(problem) => PkiError::Damaged {
                path: home.join(IDENTITY),
                problem,
            },
            other => other,
        })?;
        Ok(Some(identity))
    }

    /// As [`HostIdentity::load`], but time does not matter.
    ///
    /// # Errors
    /// `Damaged` when files don't fit together.
    pub fn load_ended(home: &Path) -> Result<Option<Self>, PkiError> {
        let file = home.join(IDENTITY);
        let Some(pair) = Pair::read(&file)? else {
            return Ok(None);
        };
        let path = home.join(CA);
        let Some(text) = files::read(&path)? else {
            return Err(PkiError::Damaged {
                path,
                problem: "it is missing; enrol the host again".to_owned(),
            });
        };
        let ca = one_certificate(&text).map_err(|problem| PkiError::Damaged { path, problem })?;
        match Self::new(pair, ca) {
            Err(PkiError::Certificate(problem)) => Err(PkiError::Damaged {
                path: file,
                problem,
            }),
            other => other.map(Some),
        }
    }

    /// Writes it down durably; the key is closed to others. What was there is replaced.
    ///
    /// # Errors
    /// When a file can't be written.
    pub fn save(&self, home: &Path) -> Result<(), PkiError> {
        files::write(&home.join(CA), &pem_of(&self.ca), 0o644)?;
        self.pair.write(&home.join(IDENTITY))?;
        files::remove(&home.join(JOINING))
    }

    pub(crate) fn ca(&self) -> &CertificateDer<'static> {
        &self.ca
    }

    /// The fingerprint of the engine's CA.
    #[must_use]
    pub fn ca_fingerprint(&self) -> Fingerprint {
        Fingerprint::of(&self.ca)
    }

    pub(crate) fn certified(&self) -> Result<Arc<CertifiedKey>, PkiError> {
        self.pair.certified(&[]).map_err(|cause| PkiError::Tls {
            what: "the agent",
            cause,
        })
    }

    /// Who this host is.
    #[must_use]
    pub fn host(&self) -> HostId {
        self.host
    }

    /// Is it the same host of the same engine?
    #[must_use]
    pub fn is_same_engine(&self, other: &HostIdentity) -> bool {
        self.host == other.host && self.ca == other.ca
    }

    /// What the engine knows this host by.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        self.pair.fingerprint()
    }

    /// The certificate's end.
    #[must_use]
    pub fn expires(&self) -> Timestamp {
        self.pair.said.expires
    }

    /// TLS of the agent: only the engine may connect, never another host.
    ///
    /// # Errors
    /// When TLS can't be set up with it.
    pub fn server_config(&self, clock: Arc<dyn Clock>) -> Result<Arc<ServerConfig>, PkiError> {
        let shown = Shown::new(self.certified()?);
        configs::agent(shown, configs::roots(&self.ca)?, clock)
    }
}
