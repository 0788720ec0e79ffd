//! What every answer may use, handed over as one value.

use access::Access;
use base::{Call, Fault};
use futures::future::BoxFuture;
use operations::Rooms;
use pki::Pki;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

/// Whose product answers, and in which version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    /// `Vireo`.
    pub name: String,
    /// Who makes it.
    pub vendor: String,
    /// Version of oVirt's API that is spoken (clients decide by it what they may ask).
    pub api: (u32, u32),
    /// The product's own version, shown as `full_version`.
    pub full_version: String,
    /// This installation.
    pub instance: Uuid,
}

/// Bounds of one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestLimits {
    /// Bytes of a head: its target and all its headers.
    pub head_bytes: usize,
    /// Bytes of a body.
    pub body_bytes: usize,
    /// Bytes of all bodies that are held at once, however many requests there are.
    pub bodies_bytes: usize,
    /// A body must have come by then.
    pub body: Duration,
    /// Bytes of search expressions and other parameters are bounded by the head's size; entities of
    /// one answered list are not, they are streamed.
    pub follow_paths: usize,
}

impl Default for RequestLimits {
    fn default() -> Self {
        RequestLimits {
            head_bytes: 32 * 1024,
            body_bytes: 8 * 1024 * 1024,
            bodies_bytes: 256 * 1024 * 1024,
            body: Duration::from_secs(60),
            follow_paths: 32,
        }
    }
}

/// Makes backups of everything the engine keeps.
pub trait Backups: Send + Sync + 'static {
    /// A backup as of now, encrypted with the passphrase if there is one.
    ///
    /// # Errors
    /// 400 for a passphrase that is too short; 503 when it could not be made.
    fn make(
        &self,
        call: Call,
        passphrase: Option<String>,
    ) -> BoxFuture<'static, Result<BackupFile, Fault>>;
}

/// A backup that is ready to be read, from its beginning.
pub struct BackupFile {
    /// A file without a name.
    pub file: std::fs::File,
    /// Its length.
    pub bytes: u64,
}

/// The parts of a [`Front`].
pub struct FrontParts {
    /// The verbs' world.
    pub rooms: Rooms,
    /// Who may come in.
    pub access: Access,
    /// The engine's CA: what clients trust, and what signs hosts' certificates.
    pub pki: Pki,
    /// Name and version.
    pub product: Product,
    /// Who makes backups, if anybody does.
    pub backups: Option<Arc<dyn Backups>>,
    /// After so long without a request a login ends (shown as an option).
    pub session_idle: Duration,
    /// Bounds.
    pub limits: RequestLimits,
}

/// What every answer may use.
#[derive(Clone)]
pub struct Front(Arc<Shared>);

struct Shared {
    parts: FrontParts,
    /// Bytes of bodies that may still come.
    bodies: Arc<Semaphore>,
}

impl Front {
    /// From its parts.
    #[must_use]
    pub fn new(parts: FrontParts) -> Self {
        let bodies = Arc::new(Semaphore::new(parts.limits.bodies_bytes));
        Front(Arc::new(Shared { parts, bodies }))
    }

    /// Room for so many bytes of a body, as long as the permit lives; `None` when all is taken.
    #[must_use]
    pub fn body_room(&self, bytes: usize) -> Option<OwnedSemaphorePermit> {
        let bytes = u32::try_from(bytes).ok()?;
        self.0.bodies.clone().try_acquire_many_owned(bytes).ok()
    }
}

impl Deref for Front {
    type Target = FrontParts;
    fn deref(&self) -> &FrontParts {
        &self.0.parts
    }
}
