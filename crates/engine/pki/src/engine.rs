//! The engine's certificates: opened at start, renewed in time, signed for hosts.

use crate::authority::{Authority, Wanted};
use crate::certificate::{Pair, pem_of, said};
use crate::configs::{self, ApiShown, Shown};
use crate::{Fingerprint, OutsideFiles, PkiError, Role, files, request};
use base::{Clock, HostId, Random, Timestamp};
use rcgen::PublicKeyData as _;
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 3600);
/// The longest life that browsers accept.
const API_LIFE: Duration = Duration::from_secs(397 * 24 * 3600);
const ENGINE_LIFE: Duration = Duration::from_secs(397 * 24 * 3600);
/// Hosts' are renewed over the link, so they may be short.
const HOST_LIFE: Duration = Duration::from_secs(30 * 24 * 3600);
/// Renewed when less than this is left.
const RENEW_BEFORE: Duration = Duration::from_secs(30 * 24 * 3600);

/// The engine's CA and certificates. Clones share them.
#[derive(Clone)]
pub struct Pki(Arc<Inner>);

struct Inner {
    dir: PathBuf,
    authority: Authority,
    roots: Arc<RootCertStore>,
    names: Vec<String>,
    host_life: Duration,
    api: Slot,
    engine: Slot,
    outside: Option<OutsideSlot>,
}

/// What may be set.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PkiOptions {
    /// Certificates of hosts last so long.
    pub host_life: Duration,
    /// A certificate for the API's clients that somebody else has signed.
    pub outside: Option<OutsideFiles>,
    /// Names that the outside certificate must bear.
    pub outside_names: Vec<String>,
}

impl Default for PkiOptions {
    fn default() -> Self {
        PkiOptions {
            host_life: HOST_LIFE,
            outside: None,
            outside_names: Vec::new(),
        }
    }
}

struct OutsideSlot {
    files: OutsideFiles,
    names: Vec<String>,
    expires: Mutex<Timestamp>,
    shown: Arc<Shown>,
}

/// A certificate of the engine's own, on disk and in use.
struct Slot {
    now: Mutex<Present>,
    shown: Arc<Shown>,
}

struct Present {
    expires: Timestamp,
    pem: String,
}

impl Present {
    fn of(pair: &Pair) -> Self {
        Present {
            expires: pair.said.expires,
            pem: pem_of(&pair.certificate),
        }
    }
}

/// A certificate that was made for a host.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HostCertificate {
    /// PEM text.
    pub pem: String,
    /// What the host is known by.
    pub fingerprint: Fingerprint,
    /// SHA-256 of the key.
    pub key: Fingerprint,
    /// It is worthless afterwards.
    pub expires: Timestamp,
}

/// Which certificates [`Pki::renew`] has made anew, and what a person must look after.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Renewed {
    /// The API's.
    pub api: bool,
    /// The engine's towards hosts.
    pub engine: bool,
    /// The end of the API's certificate of our CA.
    pub api_expires: Timestamp,
    /// The end of the engine's certificate.
    pub engine_expires: Timestamp,
    /// The end of the outside certificate, if one is shown.
    pub outside_expires: Option<Timestamp>,
    /// Why the outside certificate's files could not be used; the one read before is shown on.
    pub outside_problem: Option<String>,
    /// The CA's end; nothing renews the CA.
    pub ca_expires: Timestamp,
}

impl Pki {
    /// Opens the engine's certificates in `dir` (made if there is none, mode 0700); what is missing
    /// or no longer fit is made. `names` are the DNS names and IP addresses that clients use.
    ///
    /// # Errors
    /// `Damaged` when the CA's file can't be used: it is never replaced by itself. `Name` for a name
    /// that can't stand in a certificate.
    pub fn open(
        dir: &Path,
        names: &[String],
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, PkiError> {
        Self::open_with(dir, names, PkiOptions::default(), clock, random)
    }

    /// As [`Pki::open`], with other settings.
    ///
    /// # Errors
    /// Also `Damaged` for outside files that can't be used.
    pub fn open_with(
        dir: &Path,
        names: &[String],
        options: PkiOptions,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, PkiError> {
        files::private_dir(dir)?;
        let outside = match options.outside {
            None => None,
            Some(files) => Some(OutsideSlot::open(
                files,
                options.outside_names,
                clock.now(),
            )?),
        };
        let authority = Authority::open(&dir.join("ca.pem"), clock, random)?;
        let roots = configs::roots(authority.certificate())?;
        let api = Slot::open(&authority, &dir.join("api.pem"), &api_wanted(names))?;
        let engine = Slot::open(&authority, &dir.join("engine.pem"), &engine_wanted())?;
        Ok(Pki(Arc::new(Inner {
            dir: dir.to_owned(),
            authority,
            roots,
            names: names.to_vec(),
            host_life: options.host_life,
            api,
            engine,
            outside,
        })))
    }

    /// The CA's certificate as PEM text, for clients.
    #[must_use]
    pub fn ca_pem(&self) -> String {
        self.0.authority.pem()
    }

    /// What hosts that enrol know the CA by.
    #[must_use]
    pub fn ca_fingerprint(&self) -> Fingerprint {
        self.0.authority.fingerprint()
    }

    /// The API's certificate of our CA, as PEM text.
    #[must_use]
    pub fn api_pem(&self) -> String {
        self.0.api.now().pem.clone()
    }

    /// TLS of the API. A renewed certificate is shown to new connections without a restart.
    ///
    /// # Errors
    /// When TLS can't be set up at all.
    pub fn api_config(&self) -> Result<Arc<ServerConfig>, PkiError> {
        let shown = ApiShown {
            own: Arc::clone(&self.0.api.shown),
            outside: self.0.outside.as_ref().map(|o| Arc::clone(&o.shown)),
        };
        configs::api(Arc::new(shown), Arc::clone(self.0.authority.clock()))
    }

    /// TLS towards one host: only a certificate of our CA for this host is accepted, and only one
    /// of `fingerprints` where any are known.
    ///
    /// # Errors
    /// When TLS can't be set up at all.
    pub fn host_config(
        &self,
        host: HostId,
        fingerprints: impl IntoIterator<Item = Fingerprint>,
    ) -> Result<Arc<ClientConfig>, PkiError> {
        configs::host(
            Role::Host(host),
            fingerprints.into_iter().collect(),
            Arc::clone(&self.0.engine.shown),
            Arc::clone(&self.0.roots),
            Arc::clone(self.0.authority.clock()),
        )
    }

    /// Signs a host's request. Only its key is used: names, usage and life are ours, whatever the
    /// request asks for. Whether the host may have a certificate is the caller's question.
    ///
    /// # Errors
    /// `Request` with what is wrong.
    pub fn sign_host(&self, host: HostId, csr_pem: &str) -> Result<HostCertificate, PkiError> {
        let key = request::public_key(csr_pem)?;
        let wanted = Wanted {
            role: Role::Host(host),
            common_name: host.to_string(),
            names: &[],
            life: self.0.host_life,
        };
        let certificate = self.0.authority.sign(&wanted, &key)?;
        let said = said(&certificate).map_err(PkiError::Certificate)?;
        Ok(HostCertificate {
            pem: pem_of(&certificate),
            fingerprint: Fingerprint::of(&certificate),
            key: Fingerprint::of_bytes(key.der_bytes()),
            expires: said.expires,
        })
    }

    /// Is it time to renew a host's certificate? When a third of its life is left, or when it lasts
    /// longer than certificates now do.
    #[must_use]
    pub fn host_is_due(&self, expires: Timestamp) -> bool {
        let now = self.0.authority.now();
        let life = self.0.host_life;
        // A certificate that the CA's own end has shortened can't be made longer.
        let longest = now.after(life).min(self.0.authority.said().expires);
        (expires <= now.after(life / 3) && longest > expires) || expires > now.after(life + DAY)
    }

    /// Should somebody look, since a host's certificate was not renewed in time? When a sixth of its
    /// life is left.
    #[must_use]
    pub fn host_is_late(&self, expires: Timestamp) -> bool {
        expires <= self.0.authority.now().after(self.0.host_life / 6)
    }

    /// Makes those of the engine's own certificates anew that end within 30 days, and reads the
    /// outside one again. Cheap when there is nothing to do; reads and writes files.
    ///
    /// # Errors
    /// When a certificate can't be made or kept; the old one is used on.
    pub fn renew(&self) -> Result<Renewed, PkiError> {
        let Inner {
            dir,
            authority,
            names,
            api,
            engine,
            outside,
            ..
        } = &*self.0;
        let outside = outside.as_ref();
        let outside_problem = outside.and_then(|o| o.read_again(authority.now()).err());
        let api_made = api.renew(authority, &dir.join("api.pem"), &api_wanted(names))?;
        let engine_made = engine.renew(authority, &dir.join("engine.pem"), &engine_wanted())?;
        Ok(Renewed {
            api: api_made,
            engine: engine_made,
            api_expires: api.now().expires,
            engine_expires: engine.now().expires,
            outside_expires: outside.map(OutsideSlot::expires),
            outside_problem: outside_problem.map(|e| e.to_string()),
            ca_expires: authority.said().expires,
        })
    }
}

fn api_wanted(names: &[String]) -> Wanted<'_> {
    Wanted {
        role: Role::Api,
        common_name: "Vireo engine".to_owned(),
        names,
        life: API_LIFE,
    }
}

fn engine_wanted() -> Wanted<'static> {
    Wanted {
        role: Role::Engine,
        common_name: "Vireo engine towards hosts".to_owned(),
        names: &[],
        life: ENGINE_LIFE,
    }
}

impl OutsideSlot {
    fn open(files: OutsideFiles, names: Vec<String>, now: Timestamp) -> Result<Self, PkiError> {
        let found = files.read(&names, now)?;
        Ok(OutsideSlot {
            files,
            names,
            expires: Mutex::new(found.said.expires),
            shown: Shown::new(found.key),
        })
    }

    fn expires(&self) -> Timestamp {
        *self.expires.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Shows what lies in the files now. Files that can't be used, or hold what has ended while the
    /// shown one has not, change nothing.
    fn read_again(&self, now: Timestamp) -> Result<(), PkiError> {
        let found = self.files.read(&self.names, now)?;
        let mut expires = self.expires.lock().unwrap_or_else(PoisonError::into_inner);
        if found.said.expires <= now && *expires > now {
            return Err(PkiError::Damaged {
                path: self.files.certificate.clone(),
                problem: format!("its first certificate ended on {}", found.said.expires),
            });
        }
        self.shown.exchange(found.key);
        *expires = found.said.expires;
        Ok(())
    }
}

impl Slot {
    /// Takes what lies in the file, or makes it anew.
    fn open(authority: &Authority, file: &Path, wanted: &Wanted<'_>) -> Result<Self, PkiError> {
        let kept = match Pair::read(file) {
            Ok(kept) => kept,
            // Nothing is lost with it: whoever trusts the CA trusts the next one.
            Err(PkiError::Damaged { path, problem }) => {
                tracing::warn!(path = %path.display(), problem, "a certificate's file is damaged; the certificate is made anew");
                None
            }
            Err(e) => return Err(e),
        };
        let pair = match kept.filter(|pair| is_fit(authority, pair, wanted)) {
            Some(pair) => pair,
            None => made(authority, file, wanted)?,
        };
        Ok(Slot {
            now: Mutex::new(Present::of(&pair)),
            shown: Shown::new(certified(authority, &pair)?),
        })
    }

    fn now(&self) -> MutexGuard<'_, Present> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn renew(
        &self,
        authority: &Authority,
        file: &Path,
        wanted: &Wanted<'_>,
    ) -> Result<bool, PkiError> {
        if !is_due(authority, self.now().expires) {
            return Ok(false);
        }
        let pair = made(authority, file, wanted)?;
        self.shown.exchange(certified(authority, &pair)?);
        *self.now() = Present::of(&pair);
        Ok(true)
    }
}

/// Less than 30 days are left, and a new one would last longer.
fn is_due(authority: &Authority, expires: Timestamp) -> bool {
    expires <= authority.now().after(RENEW_BEFORE) && authority.said().expires > expires.after(DAY)
}

fn made(authority: &Authority, file: &Path, wanted: &Wanted<'_>) -> Result<Pair, PkiError> {
    let pair = authority.issue(wanted)?;
    pair.write(file)?;
    Ok(pair)
}

fn certified(
    authority: &Authority,
    pair: &Pair,
) -> Result<Arc<rustls::sign::CertifiedKey>, PkiError> {
    // The CA goes along, for hosts that know nothing but its fingerprint.
    pair.certified(&[authority.certificate().clone()])
        .map_err(|cause| PkiError::Tls {
            what: "the engine's certificate",
            cause,
        })
}

/// Was it signed by this CA for this role and these names, and is it far from its end?
fn is_fit(authority: &Authority, pair: &Pair, wanted: &Wanted<'_>) -> bool {
    let canonical = |names: &[String]| -> BTreeSet<String> {
        names
            .iter()
            .map(|name| match name.parse::<std::net::IpAddr>() {
                Ok(ip) => ip.to_string(),
                Err(_) => name.to_ascii_lowercase(),
            })
            .collect()
    };
    pair.said.role == Some(wanted.role)
        && canonical(&pair.said.names) == canonical(wanted.names)
        && !is_due(authority, pair.said.expires)
        && pair.said.expires > authority.now()
        && pair.said.from <= authority.now()
        && crate::certificate::is_signed_by(&pair.certificate, authority.certificate())
}
