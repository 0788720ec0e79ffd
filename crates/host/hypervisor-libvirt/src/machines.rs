//! What is done with machines over a connection. Everything here blocks.

use crate::failure::{failure, failure_of, failure_of_agent, failure_of_launch, is_gone};
use crate::link::Link;
use crate::meaning::state_of;
use crate::memory::Found;
use crate::migration::{JobNow, job_of};
use crate::shared::Shared;
use crate::sys::{Connection, Domain};
use base::{DiskId, VmId};
use domain::vms::PauseReason;
use hypervisor::xml::{
    BuildContext, DomainSeen, OUR_NAMESPACE, domain_read, domain_xml, incoming_read,
};
use hypervisor::{HypervisorError, Machine, MachineLaunch, MachineState, ShutdownBy};
use nix::fcntl::OFlag;
use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;

/// A machine of ours as libvirt shows it now.
pub(crate) struct Seen {
    pub domain: DomainSeen,
    pub state: MachineState,
    /// Its XML; while it is `Incoming` its metadata only.
    pub xml: String,
}

impl Seen {
    pub(crate) fn found(&self) -> Found {
        let disks = self.domain.disks.iter();
        Found {
            vm: self.domain.vm,
            epoch: self.domain.epoch,
            state: self.state,
            started: self.domain.started,
            disks: disks.map(|d| (d.target.clone(), d.disk)).collect(),
        }
    }
}

/// Looks at a domain; `None` when it is none of ours, or gone meanwhile.
pub(crate) fn see(domain: &Domain) -> Result<Option<Seen>, HypervisorError> {
    let doing = "looking at a machine";
    let look = || {
        let (state, reason) = domain.state()?;
        let between = matches!((state, reason), PAUSED_MIGRATION | PAUSED_STARTING);
        let job = if between {
            job_of(domain)?
        } else {
            JobNow::None
        };
        if let JobNow::In = job {
            return Ok((
                domain.metadata(OUR_NAMESPACE)?,
                Some(MachineState::Incoming),
            ));
        }
        // Paused for a disk's error: which one only the disks know.
        let errors = if (state, reason) == (3, 5) {
            domain.disk_errors()?
        } else {
            Vec::new()
        };
        let state = match job {
            // They stand for a moment, until they run there or here again.
            JobNow::Out(_) => Some(MachineState::Running),
            _ => state_of(state, reason, &errors),
        };
        Ok((Some(domain.xml()?), state))
    };
    let (xml, state) = match look() {
        Ok((Some(xml), Some(state))) => (xml, state),
        Ok(_) => return Ok(None),
        Err(error) if is_gone(&error) => return Ok(None),
        Err(error) => return Err(failure(doing, error)),
    };
    let seen = match (state, domain.id()) {
        (MachineState::Incoming, Some(vm)) => Some(incoming_read(vm, &xml)?),
        (MachineState::Incoming, None) => None,
        _ => domain_read(&xml)?,
    };
    Ok(seen.map(|domain| Seen { domain, state, xml }))
}

/// `VIR_DOMAIN_PAUSED` with `…_PAUSED_MIGRATION` and with `…_PAUSED_STARTING_UP`.
const PAUSED_MIGRATION: (i32, i32) = (3, 2);
const PAUSED_STARTING: (i32, i32) = (3, 11);

/// The machine in the port's words; it is known from now on.
pub(crate) fn machine(shared: &Shared, seen: Seen) -> Machine {
    let since = shared.memory().seen(&seen.found(), shared.clock.now());
    let Seen { domain, state, .. } = seen;
    Machine {
        vm: domain.vm,
        epoch: domain.epoch,
        name: domain.name,
        state,
        since,
        started: domain.started,
        consoles: domain.consoles,
        agent_connected: domain.agent_connected,
        serial_log: domain.serial_log,
        disks: domain.disks,
        nics: domain.nics,
    }
}

/// Every machine of ours.
pub(crate) fn list(shared: &Shared, link: &Link) -> Result<Vec<Machine>, HypervisorError> {
    let domains = link.control().domains();
    let domains = domains.map_err(|e| failure("listing the machines", e))?;
    let mut machines = Vec::new();
    for domain in &domains {
        machines.extend(see(domain)?.map(|seen| machine(shared, seen)));
    }
    machines.sort_by_key(|machine| machine.vm);
    Ok(machines)
}

/// A domain of ours with what it shows.
pub(crate) fn find(
    connection: &Connection,
    vm: VmId,
) -> Result<Option<(Domain, Seen)>, HypervisorError> {
    let doing = "looking for a machine";
    let found = connection.domain(vm).map_err(|e| failure(doing, e))?;
    let Some(domain) = found else {
        return Ok(None);
    };
    Ok(see(&domain)?.map(|seen| (domain, seen)))
}

pub(crate) fn find_run(
    connection: &Connection,
    vm: VmId,
    epoch: u64,
) -> Result<(Domain, Seen), HypervisorError> {
    let found = find(connection, vm)?.filter(|(_, seen)| seen.domain.epoch == epoch);
    found.ok_or(HypervisorError::NoMachine { vm })
}

/// One machine of ours.
pub(crate) fn one(shared: &Shared, link: &Link, vm: VmId) -> Result<Machine, HypervisorError> {
    match find(link.control(), vm)? {
        Some((_, seen)) => Ok(machine(shared, seen)),
        None => Err(HypervisorError::NoMachine { vm }),
    }
}

/// Starts QEMU.
pub(crate) fn launch(
    shared: &Shared,
    link: &Link,
    launch: &MachineLaunch,
) -> Result<Machine, HypervisorError> {
    let (vm, epoch) = (launch.machine.id, launch.epoch);
    if let Some(there) = already_there(shared, link, vm, epoch)? {
        return Ok(there);
    }
    if let Some(newest) = shared.memory().newest(vm).filter(|n| *n >= epoch) {
        return Err(HypervisorError::Stale { vm, epoch, newest });
    }
    let started = shared.clock.now();
    let context = BuildContext {
        accel: link.facts.accel,
        architecture: link.facts.architecture.clone(),
        started,
        buffered: buffered_disks(launch),
    };
    let xml = domain_xml(launch, &context)?;
    let state = if launch.paused {
        MachineState::Paused(PauseReason::User)
    } else {
        MachineState::Running
    };
    shared.memory().launch_begin(vm, epoch, state, started);
    let created = link.control().create(&xml, launch.paused);
    let domain = match created {
        Ok(domain) => domain,
        Err(error) => {
            shared.memory().launch_failed(vm, epoch);
            return Err(failure_of_launch(error));
        }
    };
    shared.launch_done(vm, epoch);
    match see(&domain)? {
        Some(seen) => Ok(machine(shared, seen)),
        // It began and ended at once; its `Ended` was told.
        None => Err(HypervisorError::NoMachine { vm }),
    }
}

fn already_there(
    shared: &Shared,
    link: &Link,
    vm: VmId,
    epoch: u64,
) -> Result<Option<Machine>, HypervisorError> {
    let doing = "looking for a machine";
    let found = link.control().domain(vm).map_err(|e| failure(doing, e))?;
    let Some(domain) = found else {
        return Ok(None);
    };
    let busy = |message: String| Err(HypervisorError::Busy { vm, message });
    let Some(seen) = see(&domain)? else {
        // Gone since, or somebody else's.
        let doing = "looking for a machine";
        return match link.control().domain(vm).map_err(|e| failure(doing, e))? {
            None => Ok(None),
            Some(_) => busy("libvirt has a domain with its id that is not ours".into()),
        };
    };
    let running = seen.domain.epoch;
    let there = machine(shared, seen);
    match running.cmp(&epoch) {
        std::cmp::Ordering::Equal => Ok(Some(there)),
        std::cmp::Ordering::Less => busy(format!("its run {running} is still there")),
        std::cmp::Ordering::Greater => Err(HypervisorError::Stale {
            vm,
            epoch,
            newest: running,
        }),
    }
}

/// Disks whose file system refuses to go around the page cache. A path that can't be opened at all
/// is left to libvirt to complain about.
fn buffered_disks(launch: &MachineLaunch) -> BTreeSet<DiskId> {
    let refuses = |path: &std::path::Path| {
        let opened = OpenOptions::new()
            .read(true)
            .custom_flags(OFlag::O_DIRECT.bits())
            .open(path);
        opened.is_err_and(|error| error.raw_os_error() == Some(nix::libc::EINVAL))
    };
    launch
        .disks
        .iter()
        .filter(|(_, source)| refuses(&source.path))
        .map(|(at, _)| at.disk)
        .collect()
}

/// Asks the guest to end.
pub(crate) fn shutdown(
    shared: &Shared,
    link: &Link,
    vm: VmId,
    epoch: u64,
) -> Result<ShutdownBy, HypervisorError> {
    let (domain, seen) = find_run(link.control(), vm, epoch)?;
    shared.memory().asked(vm, epoch);
    if seen.domain.agent_connected {
        match domain.shutdown_by_agent() {
            Ok(()) => return Ok(ShutdownBy::GuestAgent),
            // It may end before its agent could answer.
            Err(error) if is_gone(&error) => return Ok(ShutdownBy::GuestAgent),
            Err(error) if error.is_lost() => return Err(failure("asking the guest to end", error)),
            Err(error) => tracing::info!(
                vm.id = %vm,
                "the guest agent does not end the guest ({}), the power button is tried",
                error.message
            ),
        }
    }
    let pressed = domain.shutdown_by_acpi();
    pressed.map_err(|e| failure_of(vm, "pressing the power button", e))?;
    Ok(ShutdownBy::Acpi)
}

/// Ends QEMU.
pub(crate) fn destroy(
    shared: &Shared,
    link: &Link,
    vm: VmId,
    epoch: u64,
) -> Result<(), HypervisorError> {
    let domain = match find_run(link.control(), vm, epoch) {
        Ok((domain, _)) => domain,
        Err(HypervisorError::NoMachine { .. }) => return Ok(()),
        Err(error) => return Err(error),
    };
    shared.memory().asked(vm, epoch);
    match domain.destroy() {
        Err(error) if !is_gone(&error) => Err(failure("ending QEMU", error)),
        _ => Ok(()),
    }
}

/// Stops the CPUs.
pub(crate) fn pause(link: &Link, vm: VmId, epoch: u64) -> Result<(), HypervisorError> {
    let (domain, seen) = find_run(link.control(), vm, epoch)?;
    if matches!(seen.state, MachineState::Paused(_)) {
        return Ok(());
    }
    let paused = domain.suspend();
    paused.map_err(|e| failure_of(vm, "stopping the CPUs", e))
}

/// Lets the CPUs run.
pub(crate) fn resume(link: &Link, vm: VmId, epoch: u64) -> Result<(), HypervisorError> {
    let (domain, seen) = find_run(link.control(), vm, epoch)?;
    if !matches!(seen.state, MachineState::Paused(_)) {
        return Ok(());
    }
    let resumed = domain.resume();
    resumed.map_err(|e| failure_of(vm, "letting the CPUs run", e))
}

/// Sends a command to the guest agent.
pub(crate) fn guest_agent(
    link: &Link,
    vm: VmId,
    command: &str,
    seconds: i32,
) -> Result<String, HypervisorError> {
    let found = link.control().domain(vm);
    let found = found.map_err(|e| failure("looking for a machine", e))?;
    let domain = found.ok_or(HypervisorError::NoMachine { vm })?;
    let answer = domain.agent_command(command, seconds);
    answer.map_err(|e| failure_of_agent(vm, e))
}
