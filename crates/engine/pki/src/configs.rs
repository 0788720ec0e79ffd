//! TLS configurations for each pair of peers.

use crate::verify::{ClientIs, ServerIs, Trust, algorithms};
use crate::{Fingerprint, PkiError, Role};
use base::Clock;
use rustls::client::{ResolvesClientCert, Resumption};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::{NoServerSessionStorage, ResolvesServerCert, WebPkiClientVerifier};
use rustls::sign::CertifiedKey;
use rustls::time_provider::TimeProvider;
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

/// TLS asks our clock.
struct ClockTime(Arc<dyn Clock>);

impl fmt::Debug for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClockTime")
    }
}

impl TimeProvider for ClockTime {
    fn current_time(&self) -> Option<UnixTime> {
        let seconds = u64::try_from(self.0.now().seconds()).ok()?;
        Some(UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

fn tls(what: &'static str) -> impl FnOnce(rustls::Error) -> PkiError {
    move |cause| PkiError::Tls { what, cause }
}

pub(crate) fn roots(ca: &CertificateDer<'static>) -> Result<Arc<RootCertStore>, PkiError> {
    let mut roots = RootCertStore::empty();
    roots.add(ca.clone()).map_err(tls("the CA"))?;
    Ok(Arc::new(roots))
}

/// A certificate that may be exchanged while connections go on.
pub(crate) struct Shown(RwLock<Arc<CertifiedKey>>);

impl Shown {
    pub fn new(key: Arc<CertifiedKey>) -> Arc<Self> {
        Arc::new(Shown(RwLock::new(key)))
    }
    /// From now on this one.
    pub fn exchange(&self, key: Arc<CertifiedKey>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = key;
    }
    pub fn now(&self) -> Arc<CertifiedKey> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Shown")
    }
}

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: rustls::server::ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.now())
    }
}

/// What the API shows: to hosts that enrol a certificate of the CA they know, to everybody else the
/// outside one, if there is one.
pub(crate) struct ApiShown {
    pub own: Arc<Shown>,
    pub outside: Option<Arc<Shown>>,
}

impl fmt::Debug for ApiShown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiShown")
    }
}

impl ResolvesServerCert for ApiShown {
    fn resolve(&self, hello: rustls::server::ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        match &self.outside {
            Some(outside) if hello.server_name() != Some(ENROLMENT_NAME) => Some(outside.now()),
            _ => Some(self.own.now()),
        }
    }
}

/// The server name (SNI) by which a host that enrols asks for the certificate of the engine's CA.
pub const ENROLMENT_NAME: &str = "enrol.vireo.invalid";

impl ResolvesClientCert for Shown {
    fn resolve(
        &self,
        _root_hint_subjects: &[&[u8]],
        _sigschemes: &[rustls::SignatureScheme],
    ) -> Option<Arc<CertifiedKey>> {
        Some(self.now())
    }
    fn has_certs(&self) -> bool {
        true
    }
}

/// The API: anybody may connect, TLS 1.2 and 1.3, HTTP/2 and HTTP/1.1.
pub(crate) fn api(
    shown: Arc<ApiShown>,
    clock: Arc<dyn Clock>,
) -> Result<Arc<ServerConfig>, PkiError> {
    let mut config = ServerConfig::builder_with_details(provider(), Arc::new(ClockTime(clock)))
        .with_protocol_versions(&[&TLS13, &TLS12])
        .map_err(tls("the API"))?
        .with_no_client_auth()
        .with_cert_resolver(shown);
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// An agent: only the engine may connect. Sessions are not resumed, so that every connection is
/// checked anew.
pub(crate) fn agent(
    shown: Arc<dyn ResolvesServerCert>,
    roots: Arc<RootCertStore>,
    clock: Arc<dyn Clock>,
) -> Result<Arc<ServerConfig>, PkiError> {
    let provider = provider();
    let chain = WebPkiClientVerifier::builder_with_provider(roots, Arc::clone(&provider))
        .build()
        .map_err(|e| PkiError::Certificate(format!("the CA can't be trusted: {e}")))?;
    let verifier = Arc::new(ClientIs {
        role: Role::Engine,
        chain,
    });
    let mut config = ServerConfig::builder_with_details(provider, Arc::new(ClockTime(clock)))
        .with_protocol_versions(&[&TLS13])
        .map_err(tls("the agent"))?
        .with_client_cert_verifier(verifier)
        .with_cert_resolver(shown);
    config.alpn_protocols = vec![b"h2".to_vec()];
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    Ok(Arc::new(config))
}

/// The engine as it dials one host.
pub(crate) fn host(
    role: Role,
    fingerprints: Vec<Fingerprint>,
    shown: Arc<Shown>,
    roots: Arc<RootCertStore>,
    clock: Arc<dyn Clock>,
) -> Result<Arc<ClientConfig>, PkiError> {
    let provider = provider();
    let verifier = Arc::new(ServerIs {
        role,
        trust: Trust::Ca(roots),
        fingerprints,
        algorithms: algorithms(&provider),
    });
    let mut config = ClientConfig::builder_with_details(provider, Arc::new(ClockTime(clock)))
        .with_protocol_versions(&[&TLS13])
        .map_err(tls("a host"))?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_client_cert_resolver(shown);
    config.alpn_protocols = vec![b"h2".to_vec()];
    config.resumption = Resumption::disabled();
    config.enable_sni = false;
    Ok(Arc::new(config))
}

/// A host that has no certificate yet, as it asks an engine for one: the engine is known by the
/// fingerprint of its CA, whatever its address is called. Connect with [`ENROLMENT_NAME`].
///
/// # Errors
/// When TLS can't be set up at all.
pub fn enrolment_config(
    ca: Fingerprint,
    clock: Arc<dyn Clock>,
) -> Result<Arc<ClientConfig>, PkiError> {
    let provider = provider();
    let verifier = Arc::new(ServerIs {
        role: Role::Api,
        trust: Trust::CaFingerprint(ca),
        fingerprints: Vec::new(),
        algorithms: algorithms(&provider),
    });
    let mut config = ClientConfig::builder_with_details(provider, Arc::new(ClockTime(clock)))
        .with_protocol_versions(&[&TLS13])
        .map_err(tls("enrolment"))?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config.resumption = Resumption::disabled();
    Ok(Arc::new(config))
}
