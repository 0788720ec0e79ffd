//! What happens to machines without anybody asking.

use crate::{BlockJobKind, BlockJobPhase};
use base::{DiskId, Timestamp, VmId};
use domain::vms::{Exit, PauseReason};

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum HypervisorEvent {
    /// A machine changed.
    Machine {
        /// Which.
        vm: VmId,
        /// Its run.
        epoch: u64,
        /// When it was noticed.
        at: Timestamp,
        /// What happened.
        change: MachineChange,
    },
    /// The connection is gone. Machines run on; what happens to them meanwhile is not told.
    Lost {
        /// What was noticed.
        message: String,
    },
    /// The connection stands (again). Whatever was known is old: call `list`. A machine that is
    /// missing there ended while nobody looked.
    Back,
    /// The listener was too slow and events were dropped for it: call `list`.
    Missed {
        /// How many.
        count: u64,
    },
}

/// What happened to a machine.
#[derive(Debug, Clone, PartialEq)]
pub enum MachineChange {
    /// QEMU runs. Its CPUs do too unless it was launched paused.
    Started,
    /// The CPUs stand still.
    Paused(PauseReason),
    /// The CPUs run again.
    Resumed,
    /// The guest has ended itself; QEMU is about to go (`Ended` follows).
    PoweringDown,
    /// The guest restarted.
    Rebooted,
    /// QEMU is gone.
    Ended(Exit),
    /// On its way to another host, its memory has been gone through once more.
    Migrating {
        /// Passes so far.
        iteration: u64,
    },
    /// The run goes on on another host; QEMU here is gone. Never followed by `Ended`.
    MigratedAway,
    /// QEMU was started to take a run from another host; its CPUs have not run here yet.
    Incoming,
    /// The run has come from another host and goes on here. `Paused` follows when it came paused.
    MigratedIn,
    /// The run did not come; QEMU here is gone, nothing was lost.
    IncomingFailed,
    /// A job on a disk.
    BlockJob {
        /// The disk.
        disk: DiskId,
        /// What it does.
        kind: BlockJobKind,
        /// What became of it.
        phase: BlockJobPhase,
    },
    /// The guest agent opened its channel.
    AgentConnected,
    /// The guest agent closed its channel.
    AgentDisconnected,
    /// A disk failed. `Paused` follows when the machine was stopped for it.
    IoError {
        /// The disk, where it is known.
        disk: Option<DiskId>,
        /// Class of the error.
        reason: PauseReason,
        /// The machine was stopped; else the guest was told.
        stops: bool,
    },
    /// The guest's watchdog fired; libvirt's name of what was done.
    Watchdog {
        /// `none`, `pause`, `reset`, `poweroff`, `shutdown`, `debug`, `inject-nmi`.
        action: String,
    },
}
