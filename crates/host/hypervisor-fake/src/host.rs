//! The fake host: its machines outlive the adapters that speak with it.

use crate::blocks::FakeJob;
use crate::faults::Faults;
use crate::guest::GuestBehaviour;
use crate::migration::Way;
use base::{Clock, DiskId, Timestamp, VmId};
use domain::vms::{ConsoleAddress, Exit, ExitReason, ExitStatus};
use hypervisor::xml::{BuildContext, domain_read, domain_xml};
use hypervisor::{
    DiskChain, DiskLayer, EventHub, HypervisorError, HypervisorEvent, HypervisorFacts, Machine,
    MachineChange, MachineLaunch, MachineNic, MachineState, MigrationDone,
};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

/// Events that a listener may be behind. Few, since a simulation has thousands of these hosts.
const BACKLOG: usize = 128;
/// The first port of VNC.
const FIRST_CONSOLE_PORT: u16 = 5900;

/// A machine in the table.
#[derive(Debug, Clone)]
pub(crate) struct FakeMachine {
    pub machine: Machine,
    pub launch: MachineLaunch,
    /// Somebody asked it to end.
    pub asked: bool,
    /// The layers of each disk.
    pub chains: BTreeMap<DiskId, DiskChain>,
    /// The job on each disk that has one.
    pub jobs: BTreeMap<DiskId, FakeJob>,
}

impl FakeMachine {
    pub(crate) fn new(machine: Machine, launch: MachineLaunch) -> Self {
        let formats = launch.machine.disks.iter().map(|d| (d.disk, d.format));
        let formats: BTreeMap<_, _> = formats.collect();
        let chain = |disk: &hypervisor::MachineDisk| {
            let layer = DiskLayer {
                path: disk.path.clone(),
                format: formats.get(&disk.disk).copied(),
            };
            let layers = vec![layer];
            let mirror = None;
            (disk.disk, DiskChain { layers, mirror })
        };
        let chains = machine.disks.iter().map(chain).collect();
        FakeMachine {
            machine,
            launch,
            asked: false,
            chains,
            jobs: BTreeMap::new(),
        }
    }
}

pub(crate) struct Table {
    pub machines: BTreeMap<VmId, FakeMachine>,
    pub behaviour: BTreeMap<VmId, GuestBehaviour>,
    pub default_behaviour: GuestBehaviour,
    pub faults: Faults,
    pub facts: HypervisorFacts,
    /// Everything that was launched, in order, unless nobody wants to know.
    pub launches: Vec<MachineLaunch>,
    pub launches_kept: bool,
    /// Other hosts by the URIs that lead there.
    pub peers: BTreeMap<String, Arc<Host>>,
    /// Machines on their way to other hosts.
    pub ways: BTreeMap<VmId, Way>,
    /// They wait until they are told.
    pub ways_wait: bool,
    /// Runs that left, and how.
    pub left: BTreeMap<VmId, (u64, MigrationDone)>,
    /// What files stand on.
    pub backings: BTreeMap<PathBuf, Vec<DiskLayer>>,
    /// Jobs wait until they are told.
    pub jobs_wait: bool,
}

pub(crate) struct Host {
    pub clock: Arc<dyn Clock>,
    pub table: Mutex<Table>,
    /// Adapters reach it.
    connected: AtomicBool,
    /// Machines that come from other hosts; locked last.
    incoming: Mutex<BTreeMap<VmId, FakeMachine>>,
    hubs: Mutex<Vec<Weak<EventHub>>>,
}

impl Host {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Host {
            clock,
            table: Mutex::new(Table {
                machines: BTreeMap::new(),
                behaviour: BTreeMap::new(),
                default_behaviour: GuestBehaviour::default(),
                faults: Faults::default(),
                facts: facts(),
                launches: Vec::new(),
                launches_kept: true,
                peers: BTreeMap::new(),
                ways: BTreeMap::new(),
                ways_wait: false,
                left: BTreeMap::new(),
                backings: BTreeMap::new(),
                jobs_wait: false,
            }),
            connected: AtomicBool::new(true),
            incoming: Mutex::default(),
            hubs: Mutex::default(),
        }
    }

    pub(crate) fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn incoming(&self) -> MutexGuard<'_, BTreeMap<VmId, FakeMachine>> {
        self.incoming.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn is_connected(&self) -> bool {
        self.connected.load(Ordering::Acquire)
    }

    pub(crate) fn connected_set(&self, connected: bool) {
        self.connected.store(connected, Ordering::Release);
    }

    pub(crate) fn hub_new(&self) -> Arc<EventHub> {
        let hub = Arc::new(EventHub::with_backlog(
            "the adapter has just begun",
            BACKLOG,
        ));
        if self.is_connected() {
            hub.back();
        }
        let mut hubs = self.hubs.lock().unwrap_or_else(PoisonError::into_inner);
        hubs.retain(|hub| hub.strong_count() > 0);
        hubs.push(Arc::downgrade(&hub));
        hub
    }

    pub(crate) fn hubs(&self) -> Vec<Arc<EventHub>> {
        let hubs = self.hubs.lock().unwrap_or_else(PoisonError::into_inner);
        hubs.iter().filter_map(Weak::upgrade).collect()
    }

    /// Tells of a change, unless nobody can hear: what happens while the connection is lost is not
    /// told, as with libvirt.
    pub(crate) fn tell(&self, vm: VmId, epoch: u64, change: MachineChange) {
        if !self.is_connected() {
            return;
        }
        let at = self.clock.now();
        for hub in self.hubs() {
            hub.send(HypervisorEvent::Machine {
                vm,
                epoch,
                at,
                change: change.clone(),
            });
        }
    }

    /// Changes a machine's state and tells of it. Does nothing when it is not there.
    pub(crate) fn state_set(
        &self,
        table: &mut Table,
        vm: VmId,
        state: MachineState,
        change: MachineChange,
    ) {
        let Some(fake) = table.machines.get_mut(&vm) else {
            return;
        };
        fake.machine.state = state;
        fake.machine.since = self.clock.now();
        let epoch = fake.machine.epoch;
        self.tell(vm, epoch, change);
    }

    /// Takes a machine away and tells how it ended.
    pub(crate) fn end(
        &self,
        table: &mut Table,
        vm: VmId,
        status: ExitStatus,
        reason: ExitReason,
        message: &str,
    ) {
        let Some(fake) = table.machines.remove(&vm) else {
            return;
        };
        self.stays(table, vm, HypervisorError::NoMachine { vm });
        let exit = Exit {
            status,
            reason,
            message: message.into(),
            at: self.clock.now(),
        };
        self.tell(vm, fake.machine.epoch, MachineChange::Ended(exit));
    }

    /// The guest ends itself.
    pub(crate) fn guest_ends(&self, table: &mut Table, vm: VmId) {
        let Some(fake) = table.machines.get(&vm) else {
            return;
        };
        let asked = fake.asked;
        self.state_set(
            table,
            vm,
            MachineState::PoweringDown,
            MachineChange::PoweringDown,
        );
        let (reason, message) = if asked {
            (
                ExitReason::AdminShutdown,
                "The guest ended as it was asked to.",
            )
        } else {
            (ExitReason::UserShutdown, "The guest shut itself down.")
        };
        self.end(table, vm, ExitStatus::Normal, reason, message);
    }
}

/// A machine as libvirt would show it: what the XML of the launch says, with a port for each console.
///
/// # Errors
/// What libvirt would refuse, and disks that are not there: the fake knows one place where nothing
/// is, `/nowhere`.
pub(crate) fn machine(
    table: &Table,
    launch: &MachineLaunch,
    now: Timestamp,
) -> Result<Machine, HypervisorError> {
    let context = BuildContext {
        accel: table.facts.accel,
        architecture: table.facts.architecture.clone(),
        started: now,
        buffered: BTreeSet::new(),
    };
    let seen = domain_read(&domain_xml(launch, &context)?)?;
    let seen = seen.ok_or(HypervisorError::NoMachine {
        vm: launch.machine.id,
    })?;
    let missing = seen.disks.iter().find(|d| d.path.starts_with("/nowhere"));
    if let Some(disk) = missing {
        let message = format!("Cannot access `{}`", disk.path.display());
        return Err(HypervisorError::failed("starting QEMU", 38, message));
    }
    let machines = table.machines.values();
    let taken: BTreeSet<u16> = machines
        .flat_map(|m| m.machine.consoles.iter().filter_map(|c| c.port))
        .collect();
    let free = (FIRST_CONSOLE_PORT..u16::MAX).filter(|port| !taken.contains(port));
    let consoles = launch.machine.graphics.iter().zip(free);
    let tapped = |(n, nic): (usize, MachineNic)| MachineNic {
        tap: Some(format!("vnet{n}")),
        ..nic
    };
    Ok(Machine {
        vm: seen.vm,
        epoch: seen.epoch,
        name: seen.name,
        state: MachineState::Running,
        since: now,
        started: now,
        consoles: consoles
            .map(|(protocol, port)| ConsoleAddress {
                protocol: *protocol,
                address: launch.console_listen.clone(),
                port: Some(port),
                tls_port: None,
            })
            .collect(),
        agent_connected: false,
        serial_log: seen.serial_log,
        disks: seen.disks,
        nics: seen.nics.into_iter().enumerate().map(tapped).collect(),
    })
}

fn facts() -> HypervisorFacts {
    HypervisorFacts {
        libvirt_version: "11.3.0".into(),
        qemu_version: "10.0.2".into(),
        architecture: "x86_64".into(),
        cpu_model: "Skylake-Client".into(),
        machine_types: vec!["q35".into(), "pc-q35-10.0".into()],
        kvm_reason: "The fake hypervisor runs no instructions.".into(),
        host_uuid: "00000000-0000-0000-0000-00000000fa4e".into(),
        ..HypervisorFacts::default()
    }
}
