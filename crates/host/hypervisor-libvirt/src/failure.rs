//! libvirt's errors in the port's words.

use crate::sys::{VirError, code};
use base::VmId;
use hypervisor::HypervisorError;

/// `doing` says what was tried, for the log and the user.
pub(crate) fn failure(doing: &str, error: VirError) -> HypervisorError {
    if error.is_lost() {
        return HypervisorError::lost(error.message);
    }
    HypervisorError::failed(doing, error.code, error.message)
}

/// The same for a command to one machine, which may have ended meanwhile.
pub(crate) fn failure_of(vm: VmId, doing: &str, error: VirError) -> HypervisorError {
    if is_gone(&error) {
        return HypervisorError::NoMachine { vm };
    }
    failure(doing, error)
}

/// The same for a launch.
pub(crate) fn failure_of_launch(error: VirError) -> HypervisorError {
    if !error.is_lost() && error.is_unfit() {
        return HypervisorError::unfit(format!(
            "libvirt refuses the machine's description: {}",
            error.message
        ));
    }
    failure("starting QEMU", error)
}

/// The same for a command to a guest agent.
pub(crate) fn failure_of_agent(vm: VmId, error: VirError) -> HypervisorError {
    if error.is_lost() || is_gone(&error) {
        return failure_of(vm, "asking the guest agent", error);
    }
    HypervisorError::GuestAgent {
        vm,
        message: error.message,
    }
}

/// The domain is not there, or does not run any more.
pub(crate) fn is_gone(error: &VirError) -> bool {
    matches!(error.code, code::NO_DOMAIN | code::OPERATION_INVALID)
}
