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
    /// On its way to another host.
    Migrating,
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
        VmStatus::Migrating,
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
            VmStatus::Migrating => "migrating",
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
    if run.migration.is_some() {
        return VmStatus::Migrating;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vms::{
        BiosType, BootDevice, CpuTopology, GuestInfo, Hardware, HighAvailability, Placement, Run,
        VmKind,
    };
    use base::{
        ClusterId, DataCenterId, Generation, HostId, TemplateId, Timestamp, VmId, WorkflowId,
    };

    const HOST: HostId = HostId::known(5);

    fn vm(run: Option<Run>) -> Vm {
        Vm {
            id: VmId::known(1),
            generation: Generation(1),
            name: "vm".into(),
            description: String::new(),
            comment: String::new(),
            cluster: ClusterId::known(2),
            data_center: DataCenterId::known(3),
            template: TemplateId::BLANK,
            hardware: Hardware {
                kind: VmKind::Server,
                os: "other".into(),
                memory_bytes: 1,
                memory_guaranteed_bytes: 1,
                memory_max_bytes: 1,
                ballooning: false,
                topology: CpuTopology {
                    sockets: 1,
                    cores: 1,
                    threads: 1,
                },
                cpu_shares: 0,
                bios: BiosType::ClusterDefault,
                boot: vec![BootDevice::Hd],
                graphics: Vec::new(),
                serial_console: false,
                rng: false,
                high_availability: HighAvailability::default(),
                placement: Placement::default(),
                start_paused: false,
                time_zone: String::new(),
                nics: Vec::new(),
                disks: Vec::new(),
            },
            delete_protected: false,
            run,
            run_epoch: 7,
            last_exit: None,
            locked_by: None,
            created: Timestamp(0),
            creator: String::new(),
        }
    }

    fn run(ending: Option<Ending>) -> Run {
        Run {
            epoch: 7,
            host: Some(HOST),
            requested: Timestamp(0),
            started: None,
            up: None,
            ending,
            migration: None,
            arrived: None,
        }
    }

    fn seen(host: HostId, epoch: u64, state: RunState) -> VmObserved {
        VmObserved {
            host,
            epoch,
            state,
            pause: None,
            since: Timestamp(0),
            guest: GuestInfo::default(),
            consoles: Vec::new(),
        }
    }

    #[test]
    fn without_a_run_it_is_down_or_locked() {
        let mut it = vm(None);
        // Old words of a host count for nothing.
        let old = seen(HOST, 7, RunState::Up);
        assert_eq!(status_of(&it, Some(&old), true), VmStatus::Down);
        it.locked_by = Some(WorkflowId::known(9));
        assert_eq!(status_of(&it, None, true), VmStatus::ImageLocked);
        assert!(!VmStatus::Down.is_running() && !VmStatus::ImageLocked.is_running());
    }

    #[test]
    fn a_run_on_its_way_is_migrating_as_long_as_its_host_is_reached() {
        let mut it = vm(Some(run(None)));
        if let Some(run) = &mut it.run {
            run.migration = Some(crate::vms::Migration {
                to: HostId::known(6),
                workflow: WorkflowId::known(1),
            });
        }
        let up = seen(HOST, 7, RunState::Up);
        assert_eq!(status_of(&it, Some(&up), true), VmStatus::Migrating);
        assert_eq!(status_of(&it, Some(&up), false), VmStatus::Unknown);
        assert!(VmStatus::Migrating.is_running());
    }

    #[test]
    fn a_run_is_what_its_host_last_said_of_it() {
        let table = [
            (RunState::WaitForLaunch, VmStatus::WaitForLaunch),
            (RunState::PoweringUp, VmStatus::PoweringUp),
            (RunState::Up, VmStatus::Up),
            (RunState::Paused, VmStatus::Paused),
            (RunState::PoweringDown, VmStatus::PoweringDown),
            (RunState::RebootInProgress, VmStatus::RebootInProgress),
            (RunState::NotResponding, VmStatus::NotResponding),
        ];
        for (state, status) in table {
            let it = vm(Some(run(None)));
            let word = seen(HOST, 7, state);
            assert_eq!(status_of(&it, Some(&word), true), status);
            assert_eq!(status_of(&it, Some(&word), false), VmStatus::Unknown);
            assert!(status.is_running());
            // Of another run or another host: nothing is known yet.
            for other in [seen(HOST, 6, state), seen(HostId::known(6), 7, state)] {
                assert_eq!(status_of(&it, Some(&other), true), VmStatus::WaitForLaunch);
            }
        }
    }

    #[test]
    fn an_accepted_stop_shows_at_once_and_a_shutdown_when_the_host_says_so() {
        let up = seen(HOST, 7, RunState::Up);
        let stopping = vm(Some(run(Some(Ending::Stop))));
        let shutting = vm(Some(run(Some(Ending::Shutdown))));
        assert_eq!(
            status_of(&stopping, Some(&up), true),
            VmStatus::PoweringDown
        );
        assert_eq!(status_of(&shutting, Some(&up), true), VmStatus::Up);
    }

    #[test]
    fn every_status_has_a_name_of_its_own() {
        let names: std::collections::BTreeSet<&str> =
            VmStatus::ALL.iter().map(|s| s.name()).collect();
        assert_eq!(names.len(), VmStatus::ALL.len());
    }
}
