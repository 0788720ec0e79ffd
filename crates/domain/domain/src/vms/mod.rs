//! Virtual machines: what somebody wants them to be, and what a host last said they are.
//!
//! The status a user sees is computed from both (`status.rs`), never stored.

mod hardware;
pub mod status;

pub use hardware::*;

use crate::entity::Claim;
use base::{ClusterId, DataCenterId, Generation, HostId, TemplateId, Timestamp, VmId, WorkflowId};
use serde::{Deserialize, Serialize};

/// A virtual machine with its NICs and disk attachments: one aggregate, one generation.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Vm {
    /// Its id, also libvirt's UUID of the domain.
    pub id: VmId,
    /// Bumped by each stored change.
    pub generation: Generation,
    /// Name: letters of any script, digits, `.`, `_`, `-`; at most 64; unique in the data center.
    pub name: String,
    /// Free text.
    #[serde(default)]
    pub description: String,
    /// Free text.
    #[serde(default)]
    pub comment: String,
    /// Its cluster.
    pub cluster: ClusterId,
    /// The cluster's data center (the scope of the name).
    pub data_center: DataCenterId,
    /// The template it was made from; Blank if from none.
    pub template: TemplateId,
    /// Hardware.
    pub hardware: Hardware,
    /// Removal is refused.
    #[serde(default)]
    pub delete_protected: bool,
    /// Somebody wants it to run: where and since when. `None` is down.
    #[serde(default)]
    pub run: Option<Run>,
    /// The highest run epoch ever used; the next start takes the one after it.
    #[serde(default)]
    pub run_epoch: u64,
    /// How the last run ended.
    #[serde(default)]
    pub last_exit: Option<Exit>,
    /// A workflow works on its disks or configuration (oVirt's image_locked).
    #[serde(default)]
    pub locked_by: Option<WorkflowId>,
    /// When it was made.
    pub created: Timestamp,
    /// Who made it (`admin@internal`).
    #[serde(default)]
    pub creator: String,
}

impl Vm {
    /// Its name is unique in its data center, its MAC addresses in the system, but for those that
    /// its MAC pool lets others have, too.
    #[must_use]
    pub fn claims(&self) -> Vec<Claim> {
        let mut claims = vec![Claim::new(
            format!("vm-name/{}", self.data_center),
            crate::names::claim_form(&self.name),
        )];
        claims.extend(
            self.hardware
                .nics
                .iter()
                .filter(|n| !n.shared_mac)
                .map(|n| Claim::new("mac", n.mac.to_string())),
        );
        claims
    }
}

/// A wish that the VM runs. It is durable; a host's reports about it are not.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Run {
    /// Grows with every start; commands and reports of older runs are void.
    pub epoch: u64,
    /// Where it runs, once chosen.
    pub host: Option<HostId>,
    /// When the start was accepted.
    pub requested: Timestamp,
    /// When the host said that QEMU runs.
    #[serde(default)]
    pub started: Option<Timestamp>,
    /// When it was up for the first time (noted once, with its event).
    #[serde(default)]
    pub up: Option<Timestamp>,
    /// Set when somebody asked to end it.
    #[serde(default)]
    pub ending: Option<Ending>,
    /// It is on its way to another host; until it is there, it is on `host`.
    #[serde(default)]
    pub migration: Option<Migration>,
    /// When it came to `host` from another one; a host's report of before does not miss it.
    #[serde(default)]
    pub arrived: Option<Timestamp>,
}

/// A run on its way to another host: the same run, another place.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Migration {
    /// Where it goes.
    pub to: HostId,
    /// The workflow that moves it.
    pub workflow: WorkflowId,
}

/// How somebody asked a run to end.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Ending {
    /// Ask the guest (agent, then ACPI).
    Shutdown,
    /// Pull the plug.
    Stop,
}

/// oVirt's exit status.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum ExitStatus {
    /// Somebody wanted it.
    Normal,
    /// It broke.
    Error,
    /// Nobody knows.
    Unknown,
}

/// oVirt's exit reason with its number.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[repr(i8)]
pub enum ExitReason {
    /// Nobody knows.
    Unknown = -1,
    /// Plain success.
    Success = 0,
    /// Something failed.
    GenericError = 1,
    /// QEMU vanished.
    LostQemuConnection = 2,
    /// libvirt refused to start it.
    LibvirtStartFailed = 3,
    /// An administrator ended it.
    AdminShutdown = 6,
    /// The guest ended itself.
    UserShutdown = 7,
    /// libvirt knew it no longer when the agent came back.
    LibvirtDomainMissing = 9,
    /// Destroyed while it was being started.
    DestroyedOnStartup = 10,
    /// The host shut down.
    HostShutdown = 11,
}

/// How a run ended.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Exit {
    /// Class.
    pub status: ExitStatus,
    /// Reason.
    pub reason: ExitReason,
    /// In words.
    pub message: String,
    /// When.
    pub at: Timestamp,
}

/// What a host says a run is doing.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum RunState {
    /// The host has the command; QEMU does not run yet.
    WaitForLaunch,
    /// QEMU runs; the guest was not heard yet.
    PoweringUp,
    /// The guest agent answers, or the configured wait is over.
    Up,
    /// CPUs stand still.
    Paused,
    /// The guest was asked to end.
    PoweringDown,
    /// The guest restarts.
    RebootInProgress,
    /// QEMU does not answer.
    NotResponding,
}

/// oVirt's pause reason.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum PauseReason {
    /// A user did it.
    User,
    /// I/O error.
    Eio,
    /// No space.
    Enospc,
    /// Not permitted.
    Eperm,
    /// Anything else.
    Other,
}

/// What a host last said of a run; not durable, hosts say it again.
#[derive(Clone, PartialEq, Debug)]
pub struct VmObserved {
    /// The host that said it.
    pub host: HostId,
    /// The run it speaks of.
    pub epoch: u64,
    /// State.
    pub state: RunState,
    /// Why it is paused.
    pub pause: Option<PauseReason>,
    /// Since when.
    pub since: Timestamp,
    /// What the guest agent told.
    pub guest: GuestInfo,
    /// Where its consoles listen.
    pub consoles: Vec<ConsoleAddress>,
}

/// What the guest agent told; empty until it answered.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct GuestInfo {
    /// The agent answers.
    pub agent: bool,
    /// Host name inside the guest.
    pub hostname: Option<String>,
    /// Pretty name of the guest's operating system.
    pub os: Option<String>,
    /// Kernel release.
    pub kernel: Option<String>,
    /// Time zone name and offset in seconds.
    pub timezone: Option<(String, i32)>,
    /// Network devices.
    pub devices: Vec<GuestDevice>,
}

/// A network device as the guest sees it.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct GuestDevice {
    /// Name in the guest.
    pub name: String,
    /// Ethernet address, lower case.
    pub mac: Option<String>,
    /// Addresses without prefix.
    pub addresses: Vec<std::net::IpAddr>,
}

/// Where a console of a running VM listens.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ConsoleAddress {
    /// VNC or SPICE.
    pub protocol: GraphicsProtocol,
    /// Host name or IP.
    pub address: String,
    /// TCP port.
    pub port: Option<u16>,
    /// TCP port with TLS.
    pub tls_port: Option<u16>,
}

/// One sample of a running VM.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct VmStats {
    /// When it was taken.
    pub at: Timestamp,
    /// CPU time of all vCPUs together, nanoseconds in total.
    pub cpu_time_ns: u64,
    /// Per cent of one vCPU times the number of vCPUs, over the last interval.
    pub cpu_percent: f64,
    /// Memory the guest was given, bytes.
    pub memory_installed_bytes: u64,
    /// Memory the guest says it uses, bytes.
    pub memory_used_bytes: Option<u64>,
    /// Memory the guest says is free (without caches), bytes.
    pub memory_free_bytes: Option<u64>,
    /// Resident memory of QEMU, bytes.
    pub rss_bytes: u64,
}
