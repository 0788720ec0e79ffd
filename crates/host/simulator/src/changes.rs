//! Guests that do something: a share of all machines changes its state in each interval.

use crate::part::Part;
use base::{Random, VmId};
use hypervisor::{Hypervisor as _, HypervisorError, MachineState};
use hypervisor_fake::FakeHypervisor;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How the share is meant: per cent of all machines in each of these intervals.
pub const INTERVAL: Duration = Duration::from_secs(15);
/// Changes are spread over the interval in steps of this length.
const STEP: Duration = Duration::from_millis(100);
/// A guest that restarts has its agent again after this.
const REBOOT: Duration = Duration::from_secs(2);

/// How much changes; may be set while the simulation runs.
#[derive(Clone, Default)]
pub struct Pace(Arc<AtomicU64>);

impl Pace {
    /// Thousandths of all machines in each [`INTERVAL`].
    pub fn set(&self, per_mille: u64) {
        self.0.store(per_mille, Ordering::Relaxed);
    }
    fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// What one change did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The CPUs stand still.
    Pause,
    /// They run again.
    Resume,
    /// The guest restarts.
    Reboot,
}

/// Changes machines for ever: a machine that stands still goes on, one that runs is paused or restarts.
pub async fn run(part: Arc<Part>, pace: Pace, random: Arc<dyn Random>) {
    let mut due = 0.0;
    let mut rebooted: VecDeque<(base::Timestamp, FakeHypervisor, VmId)> = VecDeque::new();
    loop {
        part.clock.sleep(STEP).await;
        let now = part.clock.now();
        while let Some((at, hypervisor, vm)) = rebooted.pop_front() {
            if at > now {
                rebooted.push_front((at, hypervisor, vm));
                break;
            }
            hypervisor.guest_agent_connects(vm);
        }
        let (_, machines) = part.count();
        let share = machines as f64 * pace.get() as f64 / 1000.0;
        due += share * STEP.as_secs_f64() / INTERVAL.as_secs_f64();
        while due >= 1.0 {
            due -= 1.0;
            let Some((hypervisor, vm, epoch, state)) = drawn(&part, &*random) else {
                continue;
            };
            let change = match state {
                MachineState::Paused(_) => Change::Resume,
                _ if number(&*random).is_multiple_of(2) => Change::Pause,
                _ => Change::Reboot,
            };
            // A machine that is gone by now changes no more.
            let _ = make(&hypervisor, vm, epoch, change).await;
            if change == Change::Reboot {
                rebooted.push_back((now.after(REBOOT), hypervisor, vm));
            }
        }
    }
}

/// Makes one change. After a restart the agent is gone until somebody connects it.
///
/// # Errors
/// When the machine is not there.
pub async fn make(
    hypervisor: &FakeHypervisor,
    vm: VmId,
    epoch: u64,
    change: Change,
) -> Result<(), HypervisorError> {
    match change {
        Change::Pause => hypervisor.pause(vm, epoch).await,
        Change::Resume => hypervisor.resume(vm, epoch).await,
        Change::Reboot => {
            hypervisor.guest_reboots(vm);
            Ok(())
        }
    }
}

fn drawn(part: &Part, random: &dyn Random) -> Option<(FakeHypervisor, VmId, u64, MachineState)> {
    let host = part
        .hosts
        .get(number(random).checked_rem(part.hosts.len())?)?;
    let (vm, epoch, state) = host.hypervisor.machine_at(number(random))?;
    Some((host.hypervisor.clone(), vm, epoch, state))
}

fn number(random: &dyn Random) -> usize {
    let mut bytes = [0; 4];
    random.fill(&mut bytes);
    usize::try_from(u32::from_le_bytes(bytes)).unwrap_or(0)
}
