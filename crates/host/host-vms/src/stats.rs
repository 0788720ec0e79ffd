//! Samples of the host, its machines and its storage. Rates are made of two samples, so each stream
//! keeps its own last one.

use crate::durable::blocking;
use crate::host::HostPorts;
use crate::system::{CpuTicks, SystemFiles};
use base::{Timestamp, VmId};
use domain::hosts::HostStats;
use domain::vms::VmStats;
use host_network::nic_counters;
use hypervisor::MachineStats;
use ports::hosts::StatsFrame;
use std::collections::BTreeMap;
use std::time::Duration;

/// Takes samples for one stream.
pub(crate) struct Sampler {
    ports: HostPorts,
    system: SystemFiles,
    ticks: CpuTicks,
    machines: BTreeMap<VmId, (Timestamp, u64)>,
}

impl Sampler {
    pub(crate) fn new(ports: HostPorts, system: SystemFiles) -> Self {
        Sampler {
            ports,
            system,
            ticks: CpuTicks::default(),
            machines: BTreeMap::new(),
        }
    }

    pub(crate) async fn wait_until(&self, last: Timestamp, interval: Duration) {
        self.ports.clock.sleep_until(last.after(interval)).await;
    }

    /// What can't be measured now is missing in the sample.
    pub(crate) async fn sample(&mut self) -> StatsFrame {
        let host = self.host().await;
        let domains = self.ports.storage.usages().await;
        let vms = self.vms().await;
        StatsFrame { host, vms, domains }
    }

    async fn host(&mut self) -> HostStats {
        let (system, at) = (self.system.clone(), self.ports.clock.now());
        let mut host = match blocking(move || system.sample(at)).await {
            Ok((mut host, ticks)) => {
                let (user, system, idle) = ticks.percent_since(self.ticks);
                host.cpu_user_percent = user;
                host.cpu_system_percent = system;
                host.cpu_idle_percent = idle;
                self.ticks = ticks;
                host
            }
            Err(error) => {
                tracing::warn!(%error, "the host's load can't be measured");
                HostStats {
                    at,
                    ..HostStats::default()
                }
            }
        };
        match self.ports.network.observe().await {
            Ok(observed) => host.nics = nic_counters(&observed),
            Err(error) => tracing::warn!(%error, "the cards' traffic can't be measured"),
        }
        host
    }

    async fn vms(&mut self) -> BTreeMap<VmId, VmStats> {
        let machines = match self.ports.hypervisor.stats().await {
            Ok(machines) => machines,
            Err(error) => {
                tracing::warn!(%error, "the machines can't be measured");
                return BTreeMap::new();
            }
        };
        let before = std::mem::take(&mut self.machines);
        let mut vms = BTreeMap::new();
        for (vm, stats) in machines {
            vms.insert(vm, vm_stats(&stats, before.get(&vm).copied()));
            self.machines.insert(vm, (stats.at, stats.cpu_time_ns));
        }
        vms
    }
}

fn vm_stats(now: &MachineStats, before: Option<(Timestamp, u64)>) -> VmStats {
    let usable = now.memory_usable_bytes.or(now.memory_unused_bytes);
    let used = now.memory_available_bytes.zip(usable);
    VmStats {
        at: now.at,
        cpu_time_ns: now.cpu_time_ns,
        cpu_percent: before.map_or(0.0, |(at, ns)| {
            cpu_percent(now.at.since(at), now.cpu_time_ns.saturating_sub(ns))
        }),
        memory_installed_bytes: now.memory_current_bytes,
        memory_used_bytes: used.map(|(all, usable)| all.saturating_sub(usable)),
        memory_free_bytes: now.memory_unused_bytes,
        rss_bytes: now.rss_bytes,
    }
}

fn cpu_percent(wall: Duration, cpu_ns: u64) -> f64 {
    match wall.as_nanos() {
        0 => 0.0,
        wall => cpu_ns as f64 * 100.0 / wall as f64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_need_two_samples_and_guests_may_be_silent() {
        let now = MachineStats {
            at: Timestamp(3_000_000),
            cpu_time_ns: 2_500_000_000,
            memory_current_bytes: 100,
            memory_available_bytes: Some(90),
            memory_unused_bytes: Some(20),
            ..MachineStats::default()
        };
        let first = vm_stats(&now, None);
        assert_eq!(
            (first.cpu_percent, first.memory_used_bytes),
            (0.0, Some(70))
        );
        let later = vm_stats(&now, Some((Timestamp(1_000_000), 500_000_000)));
        assert_eq!(later.cpu_percent, 100.0);
        let back = vm_stats(&now, Some((Timestamp(1_000_000), u64::MAX)));
        assert_eq!(back.cpu_percent, 0.0);
        let silent = vm_stats(&MachineStats::default(), None);
        assert_eq!(
            (silent.memory_used_bytes, silent.memory_free_bytes),
            (None, None)
        );
    }
}
