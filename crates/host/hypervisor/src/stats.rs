//! One sample of a running machine.

use base::Timestamp;

/// Counters since QEMU began; whoever wants rates keeps two samples.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MachineStats {
    /// When it was taken.
    pub at: Timestamp,
    /// CPU time of QEMU, nanoseconds.
    pub cpu_time_ns: u64,
    /// vCPUs in the machine.
    pub vcpus: u32,
    /// Memory the guest has now, bytes.
    pub memory_current_bytes: u64,
    /// Memory it may have, bytes.
    pub memory_maximum_bytes: u64,
    /// Memory the guest sees, bytes; known once its balloon driver told.
    pub memory_available_bytes: Option<u64>,
    /// Free memory without caches as the guest says, bytes.
    pub memory_unused_bytes: Option<u64>,
    /// What a new program in the guest could get, bytes.
    pub memory_usable_bytes: Option<u64>,
    /// Resident memory of QEMU, bytes.
    pub rss_bytes: u64,
    /// By libvirt's device name (`vda`).
    pub disks: Vec<DiskCounters>,
    /// By tap device.
    pub nics: Vec<NicTraffic>,
}

/// Counters of a disk.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DiskCounters {
    /// `vda`.
    pub target: String,
    /// Path of the active volume.
    pub path: String,
    /// Read requests.
    pub read_requests: u64,
    /// Bytes read.
    pub read_bytes: u64,
    /// Time spent reading, nanoseconds.
    pub read_time_ns: u64,
    /// Write requests.
    pub write_requests: u64,
    /// Bytes written.
    pub write_bytes: u64,
    /// Time spent writing, nanoseconds.
    pub write_time_ns: u64,
    /// Highest byte written to, for thin volumes.
    pub allocation_bytes: u64,
    /// Virtual size, bytes.
    pub capacity_bytes: u64,
    /// Size of the file or device, bytes.
    pub physical_bytes: u64,
}

/// Counters of a network card, as the guest counts: received is what the guest got.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NicTraffic {
    /// The tap device on the host.
    pub tap: String,
    /// Bytes the guest got.
    pub rx_bytes: u64,
    /// Bytes the guest sent.
    pub tx_bytes: u64,
    /// Receive errors.
    pub rx_errors: u64,
    /// Send errors.
    pub tx_errors: u64,
    /// Dropped while receiving.
    pub rx_drops: u64,
    /// Dropped while sending.
    pub tx_drops: u64,
}
