//! How the end of a run is noted: by whoever learns of it first, once.
//!
//! The stop verb, the failed start and the host monitor all come here; the compare-and-set on the
//! VM's generation makes one of them the one that counts.

use audit::AuditEvent;
use base::{Call, Timestamp, VmId};
use domain::vms::{Ending, Exit, ExitReason, ExitStatus};
use projection::Snapshot;
use store::Batch;

/// What is to be committed when run `epoch` of a VM has ended; `None` when that is noted already
/// (or a newer run has begun, or the VM is gone).
#[must_use]
pub fn run_ended(
    snapshot: &Snapshot,
    call: &Call,
    vm: VmId,
    epoch: u64,
    exit: Exit,
    now: Timestamp,
) -> Option<Batch> {
    let vm = snapshot.vm(vm)?;
    let run = vm.run.as_ref().filter(|r| r.epoch == epoch)?;
    let host = run.host;
    // A run that somebody asked to end has ended well, even if the host can't tell why it did.
    let exit = match run.ending {
        Some(_) if exit.status == ExitStatus::Error => Exit {
            status: ExitStatus::Normal,
            reason: ExitReason::AdminShutdown,
            ..exit
        },
        _ => exit,
    };
    let mut next = (**vm).clone();
    next.run = None;
    next.last_exit = Some(exit.clone());
    let mut batch = Batch::new();
    let event = if exit.status == ExitStatus::Error {
        AuditEvent::VmDownError {
            vm: (**vm).clone(),
            host,
            message: exit.message,
        }
    } else {
        AuditEvent::VmDown {
            vm: (**vm).clone(),
            host,
            message: exit.message,
        }
    };
    batch.event(event.at(call, now));
    batch.put(next);
    Some(batch)
}

/// The exit of a run that an administrator ended.
#[must_use]
pub fn admin_exit(how: Ending, now: Timestamp) -> Exit {
    Exit {
        status: ExitStatus::Normal,
        reason: ExitReason::AdminShutdown,
        message: match how {
            Ending::Stop => "Admin powered it off from the engine".to_owned(),
            Ending::Shutdown => "Admin shut it down from the engine".to_owned(),
        },
        at: now,
    }
}
