//! A host's identity while its agent runs: the certificate is exchanged, connections go on.
//!
//! It changes in two ways: the engine renews it over the link ([`LiveIdentity::request`] and
//! [`LiveIdentity::install`]), or the host enrols again and the files in its home are others
//! ([`LiveIdentity::refresh`], which every handshake calls).

use crate::certificate::{Pair, one_certificate};
use crate::configs::{self, Shown};
use crate::host::IDENTITY;
use crate::{Fingerprint, HostIdentity, HostKey, PkiError};
use base::{Clock, HostId, Timestamp};
use rustls::ServerConfig;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use std::fmt;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What a host answers when its certificate is to be renewed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RenewalRequest {
    /// The request, signed with a key that was made for it.
    pub csr_pem: String,
    /// The certificate that the host shows now.
    pub fingerprint: Fingerprint,
}

/// The identity of a running agent. Clones share it.
#[derive(Clone)]
pub struct LiveIdentity(Arc<Inner>);

struct Inner {
    home: PathBuf,
    clock: Arc<dyn Clock>,
    shown: Arc<Shown>,
    now: Mutex<Now>,
}

struct Now {
    identity: HostIdentity,
    /// The key of the last request.
    asked: Option<HostKey>,
    /// What the file was when it was read.
    file: Option<Stamp>,
}

/// Files are replaced, never changed: another one is another inode or time.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Stamp(u64, i64, i64);

impl Stamp {
    fn of(home: &Path) -> Option<Self> {
        let meta = std::fs::metadata(home.join(IDENTITY)).ok()?;
        Some(Stamp(meta.ino(), meta.mtime(), meta.mtime_nsec()))
    }
}

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LiveIdentity")
    }
}

impl LiveIdentity {
    /// Loads the identity in an agent's home; `None` when the host was never enrolled. One that has
    /// ended is loaded, too: the agent waits with it until the host is enrolled again.
    ///
    /// # Errors
    /// `Damaged` when the files don't fit together.
    pub fn load(home: &Path, clock: Arc<dyn Clock>) -> Result<Option<Self>, PkiError> {
        let file = Stamp::of(home);
        let Some(identity) = HostIdentity::load_ended(home)? else {
            return Ok(None);
        };
        let shown = Shown::new(identity.certified()?);
        Ok(Some(LiveIdentity(Arc::new(Inner {
            home: home.to_owned(),
            clock,
            shown,
            now: Mutex::new(Now {
                identity,
                asked: None,
                file,
            }),
        }))))
    }

    /// Who this host is.
    #[must_use]
    pub fn host(&self) -> HostId {
        self.0.now().identity.host()
    }

    /// The certificate's end.
    #[must_use]
    pub fn expires(&self) -> Timestamp {
        self.0.now().identity.expires()
    }

    /// TLS of the agent: only the engine may connect, never another host. Each handshake shows the
    /// newest certificate.
    ///
    /// # Errors
    /// When TLS can't be set up with it.
    pub fn server_config(&self) -> Result<Arc<ServerConfig>, PkiError> {
        let roots = configs::roots(self.0.now().identity.ca())?;
        let resolver = Arc::clone(&self.0) as Arc<dyn ResolvesServerCert>;
        configs::agent(resolver, roots, Arc::clone(&self.0.clock))
    }

    /// Makes a key and a request for the next certificate. A later request makes this one void.
    ///
    /// # Errors
    /// When the operating system has no randomness.
    pub fn request(&self) -> Result<RenewalRequest, PkiError> {
        let key = HostKey::make()?;
        let csr_pem = key.request()?;
        let mut now = self.0.now();
        now.asked = Some(key);
        Ok(RenewalRequest {
            csr_pem,
            fingerprint: now.identity.fingerprint(),
        })
    }

    /// Takes the certificate for the last request: keeps it on disk, then shows it. The one that is
    /// shown already is success. Writes files.
    ///
    /// # Errors
    /// `Certificate` when it is not for this host, engine and request; then nothing has changed.
    pub fn install(&self, certificate_pem: &str) -> Result<(), PkiError> {
        let certificate = one_certificate(certificate_pem).map_err(PkiError::Certificate)?;
        let mut now = self.0.now();
        if Fingerprint::of(&certificate) == now.identity.fingerprint() {
            return Ok(());
        }
        let Some(key) = now.asked.take() else {
            return Err(PkiError::Certificate(
                "no request is open; ask for one first".to_owned(),
            ));
        };
        let pair = Pair::new(key.key, certificate).map_err(PkiError::Certificate)?;
        let next = now.identity.successor(pair, self.0.clock.now())?;
        let key = next.certified()?;
        next.save(&self.0.home)?;
        now.file = Stamp::of(&self.0.home);
        self.0.shown.exchange(key);
        now.identity = next;
        Ok(())
    }

    /// Looks whether the host was enrolled again, and shows the certificate it then got.
    pub fn refresh(&self) {
        self.0.refresh();
    }
}

impl Inner {
    fn now(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn refresh(&self) {
        let mut now = self.now();
        let file = Stamp::of(&self.home);
        if file.is_none() || file == now.file {
            return;
        }
        now.file = file;
        let taken = HostIdentity::load_ended(&self.home).and_then(|next| {
            let Some(next) = next else { return Ok(()) };
            if !next.is_same_engine(&now.identity) {
                tracing::error!("the host belongs to another engine now; start the agent again");
                return Ok(());
            }
            self.shown.exchange(next.certified()?);
            tracing::info!(certificate.expires = %next.expires(), "the host was enrolled again; its new certificate is shown");
            now.identity = next;
            now.asked = None;
            Ok(())
        });
        if let Err(error) = taken {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "the host's new certificate cannot be used"
            );
        }
    }
}

impl ResolvesServerCert for Inner {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        self.refresh();
        Some(self.shown.now())
    }
}
