//! The status a user sees, and which moves are legal from it (`semantics-states` 2.1 of oVirt).

use super::{Ending, RunState, Vm, VmObserved};

/// oVirt's status of a VM, those that can occur by now.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum VmStatus {
    /// Not running.
    Down,
    /// A workflow works on it.
    ImageLocked,
    /// Start accepted; QEMU does not run yet.
    WaitForLaunch,
    /// QEMU runs; the guest was not heard yet.
    PoweringUp,
    /// Running.
    Up,
    /// CPUs stand still.
    Paused,
    /// Asked to end.
    PoweringDown,
    /// Restarting.
    RebootInProgress,
    /// QEMU does not answer.
    NotResponding,
    /// Its host can't be reached.
    Unknown,
}

impl VmStatus {
    /// Every status, for tables and tests.
    pub const ALL: &'static [VmStatus] = &[
        VmStatus::Down,
        VmStatus::ImageLocked,
        VmStatus::WaitForLaunch,
        VmStatus::PoweringUp,
        VmStatus::Up,
        VmStatus::Paused,
        VmStatus::PoweringDown,
        VmStatus::RebootInProgress,
        VmStatus::NotResponding,
        VmStatus::Unknown,
    ];

    /// The API's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            VmStatus::Down => "down",
            VmStatus::ImageLocked => "image_locked",
            VmStatus::WaitForLaunch => "wait_for_launch",
            VmStatus::PoweringUp => "powering_up",
            VmStatus::Up => "up",
            VmStatus::Paused => "paused",
            VmStatus::PoweringDown => "powering_down",
            VmStatus::RebootInProgress => "reboot_in_progress",
            VmStatus::NotResponding => "not_responding",
            VmStatus::Unknown => "unknown",
        }
    }

    /// Does QEMU run, or is it about to, or may it (oVirt's group "running or paused", with Unknown
    /// and NotResponding)?
    #[must_use]
    pub fn is_running(self) -> bool {
        !matches!(self, VmStatus::Down | VmStatus::ImageLocked)
    }
}

/// The status from what is wanted and what was last seen.
///
/// `host_reachable` is false when the engine has lost the VM's host (then nothing is known).
#[must_use]
pub fn status_of(vm: &Vm, observed: Option<&VmObserved>, host_reachable: bool) -> VmStatus {
    let Some(run) = &vm.run else {
        return if vm.locked_by.is_some() {
            VmStatus::ImageLocked
        } else {
            VmStatus::Down
        };
    };
    if run.host.is_some() && !host_reachable {
        return VmStatus::Unknown;
    }
    let seen = observed.filter(|o| o.epoch == run.epoch && Some(o.host) == run.host);
    let status = match seen.map(|o| o.state) {
        None | Some(RunState::WaitForLaunch) => VmStatus::WaitForLaunch,
        Some(RunState::PoweringUp) => VmStatus::PoweringUp,
        Some(RunState::Up) => VmStatus::Up,
        Some(RunState::Paused) => VmStatus::Paused,
        Some(RunState::PoweringDown) => VmStatus::PoweringDown,
        Some(RunState::RebootInProgress) => VmStatus::RebootInProgress,
        Some(RunState::NotResponding) => VmStatus::NotResponding,
    };
    match (status, run.ending) {
        // A stop that was accepted shows at once, before the host has said so.
        (
            VmStatus::Up | VmStatus::PoweringUp | VmStatus::Paused | VmStatus::WaitForLaunch,
            Some(Ending::Stop),
        ) => VmStatus::PoweringDown,
        _ => status,
    }
}
