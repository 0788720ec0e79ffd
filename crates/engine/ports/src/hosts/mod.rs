//! A host as the engine speaks with it: commands that are done once however often they are sent,
//! and a stream of what happens there.
//!
//! The same types are used at both ends: `agent-rpc` only carries them. Implementations:
//! `host-link` (the real, over mTLS), fakes in tests, simulated hosts later.

mod certificates;
mod machine;
mod moving;
mod storage;

pub use certificates::*;
pub use machine::*;
pub use moving::*;
pub use storage::*;

use base::{HostId, StorageDomainId, Timestamp, VmId};
use domain::hosts::{HostFacts, HostStats};
use domain::vms::{ConsoleAddress, Exit, GuestInfo, PauseReason, RunState, VmStats};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Why a host did not do what it was told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HostError {
    /// No connection, or it broke before the answer came: the command may have been carried out.
    /// Send it again later; commands are idempotent.
    #[error("host {host} cannot be reached: {message}")]
    Unreachable {
        /// Which host.
        host: HostId,
        /// The transport's word.
        message: String,
    },
    /// The command belongs to an older run, engine or generation than the host has seen.
    #[error("the command is out of date: {message}")]
    Stale {
        /// What is newer.
        message: String,
        /// The newest epoch that the host knows, where an epoch was too old.
        newest: Option<u64>,
    },
    /// The host can't do this (capability missing, no memory, file missing). Another may.
    #[error("{message}")]
    Refused {
        /// A whole sentence from the host.
        message: String,
    },
    /// The thing asked about is not there.
    #[error("{what} is not on the host")]
    NotFound {
        /// What was asked for.
        what: String,
    },
    /// The command makes no sense to the host's version.
    #[error("the host does not support this: {message}")]
    Unsupported {
        /// What it lacks.
        message: String,
    },
    /// It was tried and failed.
    #[error("{message}")]
    Failed {
        /// A whole sentence from the host.
        message: String,
    },
}

/// How to end a run.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum StopHow {
    /// Ask the guest: agent first, then ACPI. Answers when the guest was asked, not when it is gone.
    Shutdown,
    /// Destroy QEMU. Answers when it is gone.
    Destroy,
}

/// One connection with one host, alive or not. Every command is idempotent: the object's id and its
/// run epoch (or volume id) say which work is meant, and doing it twice is doing it once.
#[async_trait::async_trait]
pub trait HostSession: Send + Sync {
    /// Which host.
    fn host(&self) -> HostId;
    /// Is there a connection that answers right now?
    fn is_connected(&self) -> bool;

    /// Prepares disks and networks and starts QEMU. Answers when QEMU runs.
    ///
    /// # Errors
    /// `Refused` when this host can't (then nothing is left behind), `Stale` when it knows a newer run.
    async fn vm_launch(&self, launch: VmLaunch) -> Result<(), HostError>;
    /// Ends run `epoch` of a VM. A VM or run that is not there is success.
    async fn vm_stop(&self, vm: VmId, epoch: u64, how: StopHow) -> Result<(), HostError>;
    /// The engine has noted how run `epoch` ended: the host forgets it.
    async fn vm_forget(&self, vm: VmId, epoch: u64) -> Result<(), HostError>;
    /// The last bytes (at most `max_bytes`) of the serial console's log of a VM.
    async fn vm_serial_log(&self, vm: VmId, max_bytes: u64) -> Result<Vec<u8>, HostError>;

    /// Makes a domain reachable at this host (mount, link). Twice is once.
    async fn storage_connect(
        &self,
        domain: StorageDomainSpec,
    ) -> Result<StorageDomainUsage, HostError>;
    /// Writes a new, empty domain of format V5; refuses a place that holds another domain.
    /// A domain with the same id that is there already is success.
    async fn storage_create(
        &self,
        domain: StorageDomainSpec,
        name: String,
    ) -> Result<StorageDomainUsage, HostError>;
    /// Removes the files of a domain that holds nothing, and makes it unreachable at this host: the
    /// way back of `storage_create`. A domain that is not there is success.
    ///
    /// # Errors
    /// `Refused` when it holds disks.
    async fn storage_remove(&self, domain: StorageDomainSpec) -> Result<(), HostError>;

    /// Makes a volume with its metadata. One with the same id and shape is success.
    async fn volume_create(&self, create: VolumeCreate) -> Result<VolumeInfo, HostError>;
    /// Grows a volume to `capacity_bytes`. One that is as large is success.
    async fn volume_extend(
        &self,
        at: VolumeAddress,
        capacity_bytes: u64,
    ) -> Result<VolumeInfo, HostError>;
    /// Copies content into a volume made by `volume_create`; safe to repeat from the start.
    async fn volume_copy(&self, copy: VolumeCopy) -> Result<VolumeInfo, HostError>;
    /// Removes a disk with all its volumes. One that is not there is success.
    async fn disk_remove(
        &self,
        domain: StorageDomainId,
        disk: base::DiskId,
        wipe: bool,
    ) -> Result<(), HostError>;
    /// Size on storage of a disk's volumes.
    async fn volume_info(&self, at: VolumeAddress) -> Result<VolumeInfo, HostError>;
    /// Size, format and virtual size of an image file that lies on the host.
    async fn image_probe(&self, path: String) -> Result<ImageProbe, HostError>;

    /// Makes ready for a run that will arrive; answers how the other host gets here. Nothing is shown
    /// of the run before it is here.
    ///
    /// # Errors
    /// `Refused` when this host can't take it, `Stale` when it knows a newer run.
    async fn migration_prepare(
        &self,
        prepare: MigrationPrepare,
    ) -> Result<MigrationEndpoint, HostError> {
        Err(unsupported("migration", prepare.epoch))
    }
    /// Moves a run to another host, or goes on with it: see [`PATIENCE`].
    ///
    /// # Errors
    /// `Failed` when it did not work and the run goes on here, `NotFound` when the run is not here.
    async fn migration_send(&self, send: MigrationSend) -> Result<MigrationState, HostError> {
        Err(unsupported("migration", send.epoch))
    }
    /// Gives up the way of a run to another host; answers where the run is when that is settled.
    async fn migration_cancel(&self, vm: VmId, epoch: u64) -> Result<RunPlace, HostError> {
        Err(unsupported("migration", (vm, epoch)))
    }
    /// Where a run is, seen from here.
    async fn run_place(&self, vm: VmId, epoch: u64) -> Result<RunPlace, HostError> {
        Err(unsupported("migration", (vm, epoch)))
    }

    /// Puts a layer on a running machine's disk. The layer being there already is success.
    async fn disk_snapshot(&self, snapshot: DiskSnapshot) -> Result<(), HostError> {
        Err(unsupported("snapshots", snapshot.of))
    }
    /// Begins to mirror a disk, or goes on with it: see [`PATIENCE`].
    async fn disk_mirror(&self, mirror: DiskMirror) -> Result<DiskProgress, HostError> {
        Err(unsupported("moving disks", mirror.of))
    }
    /// The machine uses the mirror from now on; using it already is success.
    ///
    /// # Errors
    /// `Refused` when there is no mirror that has caught up: begin it again.
    async fn disk_pivot(&self, mirror: DiskMirror) -> Result<(), HostError> {
        Err(unsupported("moving disks", mirror.of))
    }
    /// Gives up a mirror; none is success.
    async fn disk_mirror_abort(&self, of: RunDisk) -> Result<(), HostError> {
        Err(unsupported("moving disks", of))
    }
    /// Merges the top layer of a running machine's disk into the one below, or goes on with it: see
    /// [`PATIENCE`]. The layer not being used any more is success; its volume stays.
    async fn disk_merge(&self, merge: DiskMerge) -> Result<DiskProgress, HostError> {
        Err(unsupported("merging layers", merge.of))
    }
    /// Merges the top volume of a disk that no machine uses into the one below and removes it. One
    /// that is not there is success.
    async fn volume_merge(&self, at: VolumeAddress) -> Result<(), HostError> {
        Err(unsupported("merging layers", at))
    }
    /// Removes the top volume of a disk with what is in it alone. One that is not there is success.
    async fn volume_remove(&self, at: VolumeAddress) -> Result<(), HostError> {
        Err(unsupported("removing layers", at))
    }

    /// The host's request for its next certificate.
    async fn certificate_request(&self) -> Result<CertificateRequest, HostError> {
        Err(unsupported("renewing certificates", self.host()))
    }
    /// Hands over the certificate for the last request. The connection goes on.
    async fn certificate_install(&self, certificate_pem: String) -> Result<(), HostError> {
        let _ = certificate_pem;
        Err(unsupported("renewing certificates", self.host()))
    }
}

/// A host's way of saying that it is too simple for this.
fn unsupported(what: &str, asked: impl std::fmt::Debug) -> HostError {
    HostError::Unsupported {
        message: format!("{what} ({asked:?})"),
    }
}

/// Finds the session of a host.
pub trait Agents: Send + Sync + 'static {
    /// The session, connected or not; `None` for a host that never enrolled.
    fn session(&self, host: HostId) -> Option<Arc<dyn HostSession>>;
}

/// Keeps connections: `reconcile` says which hosts are to be spoken with, `host-link` does it.
pub trait HostDialer: Send + Sync + 'static {
    /// Keep a connection with the agent at `address:port` as the engine's incarnation `fence_epoch`.
    /// The same values again change nothing; other values replace the connection.
    fn dial(&self, host: HostId, address: &str, port: u16, fence_epoch: u64);
    /// Keep no connection with it any more.
    fn hang_up(&self, host: HostId);
}

/// What a host says when a connection begins.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct HostHello {
    /// Capabilities.
    pub facts: HostFacts,
    /// Grows with each start of the agent; reports of an older one are void.
    pub agent_epoch: u64,
}

/// Something that happened on a host.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[expect(
    clippy::large_enum_variant,
    reason = "made and consumed one at a time, never kept in numbers"
)]
pub enum HostEvent {
    /// All VMs the host has, running or ended and not yet forgotten: the first event of each stream.
    /// A VM that the engine believes there and that is missing is gone.
    Report(Vec<VmReport>),
    /// One VM changed.
    Vm(VmReport),
}

/// What a host says of one VM.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct VmReport {
    /// The VM.
    pub vm: VmId,
    /// Its run.
    pub epoch: u64,
    /// Running or ended.
    pub phase: VmPhase,
    /// What the guest agent told.
    pub guest: GuestInfo,
    /// Where its consoles listen.
    pub consoles: Vec<ConsoleAddress>,
    /// When it got into this phase.
    pub since: Timestamp,
}

/// Running or ended.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum VmPhase {
    /// QEMU runs or is being started.
    Running {
        /// What the run is doing.
        state: RunState,
        /// Why it is paused.
        pause: Option<PauseReason>,
    },
    /// QEMU is gone; kept until `vm_forget`.
    Ended(Exit),
    /// QEMU is gone from here; the run was on its way to another host, which knows more of it.
    Left,
}

/// One sample of a host with its VMs and domains; may be dropped, never queued.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct StatsFrame {
    /// The host.
    pub host: HostStats,
    /// Its running VMs.
    pub vms: BTreeMap<VmId, VmStats>,
    /// Its connected domains.
    pub domains: BTreeMap<StorageDomainId, StorageDomainUsage>,
}

/// Where `host-link` puts what hosts say. Implemented by `reconcile`'s host monitor.
#[async_trait::async_trait]
pub trait HostObserver: Send + Sync + 'static {
    /// A connection stands; commands may be sent. Events follow, beginning with a `Report`.
    async fn connected(&self, host: HostId, hello: HostHello);
    /// Something happened, in order.
    async fn event(&self, host: HostId, event: HostEvent);
    /// A sample.
    async fn stats(&self, host: HostId, frame: StatsFrame);
    /// The connection is lost or could not be made; told once per loss, and again with each failed
    /// attempt to connect.
    async fn lost(&self, host: HostId, message: String);
    /// The host obeys an engine of fence epoch `newest`, which is newer than the one it was dialled
    /// with. It is dialled again only as another epoch. Told before the loss.
    async fn superseded(&self, host: HostId, newest: u64) {
        let _ = (host, newest);
    }
}
