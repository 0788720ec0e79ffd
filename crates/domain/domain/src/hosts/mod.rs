//! Hosts: hypervisors that run an agent, what they can do and what they last said.

use crate::entity::Claim;
use base::{ClusterId, Generation, HostId, StorageDomainId, Timestamp, WorkflowId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How far a host has come in joining.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Enrolment {
    /// A one-time token was given out; only its SHA-256 (hexadecimal) is kept.
    Pending {
        /// SHA-256 of the token.
        token_sha256: String,
        /// It is worthless afterwards.
        expires: Timestamp,
    },
    /// It has a certificate of the engine's CA.
    Done {
        /// SHA-256 fingerprint of the certificate (hexadecimal).
        fingerprint: String,
        /// The certificate's end.
        expires: Timestamp,
        /// What comes after it.
        #[serde(default)]
        renewal: Renewal,
    },
}

/// How a host that has joined gets its next certificate.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Renewal {
    /// Fingerprint of the certificate it joined with; none: its present one.
    #[serde(default)]
    pub joined: Option<String>,
    /// Signed and on its way to the host, which may show it already.
    #[serde(default)]
    pub next: Option<NextCertificate>,
    /// The one-time token that it joined with, or may join anew with.
    #[serde(default)]
    pub token: Option<JoinToken>,
}

/// A certificate that takes the place of another one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct NextCertificate {
    /// SHA-256 fingerprint (hexadecimal).
    pub fingerprint: String,
    /// The certificate's end.
    pub expires: Timestamp,
}

/// A one-time token: it belongs to the first key that came with it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct JoinToken {
    /// SHA-256 of the token (hexadecimal).
    pub sha256: String,
    /// It is worthless afterwards.
    pub expires: Timestamp,
    /// SHA-256 of the key that used it (hexadecimal). That key may use it again, since the answer
    /// may have been lost.
    #[serde(default)]
    pub key_sha256: Option<String>,
}

impl Enrolment {
    /// Fingerprints of the certificates that the host may show now.
    pub fn fingerprints(&self) -> impl Iterator<Item = &str> {
        let (now, next) = match self {
            Enrolment::Pending { .. } => (None, None),
            Enrolment::Done {
                fingerprint,
                renewal,
                ..
            } => (Some(fingerprint), renewal.next.as_ref()),
        };
        now.map(String::as_str)
            .into_iter()
            .chain(next.map(|next| next.fingerprint.as_str()))
    }

    /// What tells one joining from another: renewals keep it. `None` before the first.
    #[must_use]
    pub fn joined(&self) -> Option<&str> {
        match self {
            Enrolment::Pending { .. } => None,
            Enrolment::Done {
                fingerprint,
                renewal,
                ..
            } => Some(renewal.joined.as_deref().unwrap_or(fingerprint)),
        }
    }
}

/// A hypervisor.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Host {
    /// Its id.
    pub id: HostId,
    /// Bumped by each stored change.
    pub generation: Generation,
    /// ASCII name, unique in the system.
    pub name: String,
    /// Free text.
    #[serde(default)]
    pub description: String,
    /// Free text.
    #[serde(default)]
    pub comment: String,
    /// FQDN or IP, unique in the system.
    pub address: String,
    /// The agent's TCP port (oVirt: 54321).
    pub port: u16,
    /// Its cluster.
    pub cluster: ClusterId,
    /// Has it joined?
    pub enrolment: Enrolment,
    /// Switched off by an administrator.
    #[serde(default)]
    pub maintenance: bool,
    /// The workflow that empties it before it goes to maintenance.
    #[serde(default)]
    pub preparing: Option<WorkflowId>,
    /// Bumped by each engine incarnation that claims the host; agents refuse older ones.
    pub fence_epoch: u64,
    /// The database was restored from a backup at this moment, and the host has not told since then
    /// what runs on it. It may have heard a newer fence epoch than is known here.
    #[serde(default)]
    pub restored: Option<Timestamp>,
    /// What it said of itself at the last connection.
    #[serde(default)]
    pub facts: Option<HostFacts>,
    /// When it was added.
    pub created: Timestamp,
}

impl Host {
    /// Its name and its address are unique.
    #[must_use]
    pub fn claims(&self) -> Vec<Claim> {
        vec![
            Claim::new("host-name", &self.name),
            Claim::new("host-address", format!("{}:{}", self.address, self.port)),
        ]
    }
}

/// Capabilities of a host; changes with its software and hardware, not with time.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct HostFacts {
    /// `vireo-agent`'s version.
    pub agent_version: String,
    /// Kernel's boot id: another one means the host was restarted.
    pub boot_id: String,
    /// Hardware UUID (SMBIOS) or a stable made-up one.
    pub hardware_uuid: String,
    /// CPU model as a person reads it.
    pub cpu_model: String,
    /// libvirt's host CPU model name (`Skylake-Client`).
    pub cpu_model_libvirt: String,
    /// `x86_64`.
    pub architecture: String,
    /// Sockets.
    pub cpu_sockets: u32,
    /// Cores in each socket.
    pub cpu_cores: u32,
    /// Threads in each core.
    pub cpu_threads: u32,
    /// MHz.
    pub cpu_mhz: u32,
    /// Flags of /proc/cpuinfo.
    pub cpu_flags: Vec<String>,
    /// Physical memory in bytes.
    pub memory_bytes: u64,
    /// KVM really works (not merely: /dev/kvm exists).
    pub kvm: bool,
    /// Why KVM is used or not, as a sentence.
    pub kvm_reason: String,
    /// Pretty name of the operating system.
    pub os: String,
    /// Kernel release.
    pub kernel: String,
    /// libvirt's version.
    pub libvirt_version: String,
    /// QEMU's version.
    pub qemu_version: String,
    /// Machine types QEMU offers (`pc-q35-10.0`).
    pub machine_types: Vec<String>,
    /// Bridges VMs may be attached to.
    pub bridges: Vec<String>,
    /// Network cards.
    pub nics: Vec<HostNicFacts>,
}

/// A network card of a host.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct HostNicFacts {
    /// Kernel name.
    pub name: String,
    /// Ethernet address, lower case.
    pub mac: String,
    /// Bytes.
    pub mtu: u32,
    /// Carrier and administratively up.
    pub up: bool,
    /// Mbit/s; 0 unknown.
    pub speed_mbps: u64,
    /// The bridge it belongs to.
    pub bridge: Option<String>,
    /// IPv4 and IPv6 addresses with prefix length (`10.0.0.1/24`), of the card or its bridge.
    pub addresses: Vec<String>,
    /// It is a bridge itself.
    pub is_bridge: bool,
}

/// oVirt's host status, those that can occur by now.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum HostStatus {
    /// Waits for its agent to enrol with the one-time token (oVirt: installing).
    Installing,
    /// The first connection is being made, or lost within grace time.
    Connecting,
    /// Connected; storage and networks are being checked.
    Initializing,
    /// Runs VMs.
    Up,
    /// Not reached for longer than the grace time.
    NonResponsive,
    /// Reached, but unfit; the reason stands in the observation.
    NonOperational,
    /// Its VMs are being moved away; it takes no new ones.
    PreparingForMaintenance,
    /// Switched off by an administrator.
    Maintenance,
}

/// What the engine last knows of a host; not durable, the host says it again.
#[derive(Clone, PartialEq, Debug)]
pub struct HostObserved {
    /// State of the connection and the checks.
    pub status: HostStatus,
    /// Why it is not up, as a sentence.
    pub reason: Option<String>,
    /// Since when it has this status.
    pub since: Timestamp,
    /// Domains it has connected.
    pub storage: Vec<StorageDomainId>,
    /// Last statistics.
    pub stats: Option<HostStats>,
}

/// One sample of a host.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct HostStats {
    /// When it was taken.
    pub at: Timestamp,
    /// Per cent of all CPUs.
    pub cpu_user_percent: f64,
    /// Per cent of all CPUs.
    pub cpu_system_percent: f64,
    /// Per cent of all CPUs.
    pub cpu_idle_percent: f64,
    /// Load average over five minutes.
    pub load_5min: f64,
    /// Bytes.
    pub memory_total_bytes: u64,
    /// Bytes a new process could get.
    pub memory_available_bytes: u64,
    /// Bytes.
    pub swap_total_bytes: u64,
    /// Bytes.
    pub swap_free_bytes: u64,
    /// Kernel's boot time.
    pub boot_time: Timestamp,
    /// Per card: received and sent bytes in total.
    pub nics: BTreeMap<String, NicCounters>,
}

/// Counters of a network card.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct NicCounters {
    /// Bytes received in total.
    pub rx_bytes: u64,
    /// Bytes sent in total.
    pub tx_bytes: u64,
    /// Receive errors in total.
    pub rx_errors: u64,
    /// Send errors in total.
    pub tx_errors: u64,
}
