//! Statistics of fake machines.

use crate::host::FakeMachine;
use base::Timestamp;
use hypervisor::{DiskCounters, MachineStats, NicTraffic};

/// What a machine would show now.
pub(crate) fn sample(fake: &FakeMachine, now: Timestamp) -> MachineStats {
    let spec = &fake.launch.machine;
    let ran = now.since(fake.machine.started).as_nanos();
    let nics = fake.machine.nics.iter().filter_map(|nic| nic.tap.clone());
    MachineStats {
        at: now,
        // A tenth of the time that passed, and what starting took.
        cpu_time_ns: 1_000_000 + u64::try_from(ran / 10).unwrap_or(u64::MAX),
        vcpus: spec.topology.vcpus(),
        memory_current_bytes: spec.memory_bytes,
        memory_maximum_bytes: spec.memory_bytes,
        rss_bytes: spec.memory_bytes / 2,
        disks: fake.machine.disks.iter().map(disk_counters).collect(),
        nics: nics
            .map(|tap| NicTraffic {
                tap,
                ..NicTraffic::default()
            })
            .collect(),
        ..MachineStats::default()
    }
}

fn disk_counters(disk: &hypervisor::MachineDisk) -> DiskCounters {
    DiskCounters {
        target: disk.target.clone(),
        path: disk.path.display().to_string(),
        read_requests: 1,
        read_bytes: 512,
        ..DiskCounters::default()
    }
}
