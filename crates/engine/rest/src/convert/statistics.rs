//! Figures of VMs and hosts as the API's statistics.

use super::{links, references, reported_device::id_of};
use api_v4::{Statistic, StatisticKind, StatisticUnit, Value, ValueType};
use domain::hosts::Host;
use domain::vms::Vm;
use projection::Snapshot;

/// One figure: name, what it is, unit, value.
type Figure = (&'static str, &'static str, StatisticUnit, f64);

/// Of a VM: the installed memory always, the rest as its last sample says (zero while it is down).
#[must_use]
pub fn vm_statistics(snapshot: &Snapshot, vm: &Vm) -> Vec<Statistic> {
    let run = vm.run.as_ref();
    let stats = snapshot.vm_stats(vm.id).cloned().unwrap_or_default();
    let installed = match stats.memory_installed_bytes {
        0 => vm.hardware.memory_bytes,
        bytes => bytes,
    };
    let used = stats.memory_used_bytes.unwrap_or(0);
    let free = stats.memory_free_bytes.unwrap_or_else(|| {
        if used == 0 {
            0
        } else {
            installed.saturating_sub(used)
        }
    });
    let started = run.and_then(|run| run.started);
    let elapsed = started.map_or(0, |at| stats.at.since(at).as_secs());
    let bytes = StatisticUnit::Bytes;
    let figures: [Figure; 6] = [
        (
            "memory.installed",
            "Total memory configured",
            bytes,
            float(installed),
        ),
        (
            "memory.used",
            "Memory used by the guest",
            bytes,
            float(used),
        ),
        (
            "memory.free",
            "Memory free in the guest",
            bytes,
            float(free),
        ),
        (
            "cpu.current.guest",
            "CPU used by the guest",
            StatisticUnit::Percent,
            stats.cpu_percent,
        ),
        (
            "cpu.current.total",
            "Total CPU used",
            StatisticUnit::Percent,
            stats.cpu_percent,
        ),
        (
            "elapsed.time",
            "Time since the VM was started",
            StatisticUnit::Seconds,
            float(elapsed),
        ),
    ];
    let id = vm.id.to_string();
    figures
        .into_iter()
        .map(|figure| Statistic {
            vm: Some(references::vm(vm.id)),
            ..statistic("vms/{}/statistics/{}", &id, figure)
        })
        .collect()
}

/// Of a host: its last sample; the physical memory also without one.
#[must_use]
pub fn host_statistics(snapshot: &Snapshot, host: &Host) -> Vec<Statistic> {
    let stats = snapshot
        .host_observed(host.id)
        .and_then(|seen| seen.stats.clone())
        .unwrap_or_default();
    let total = match stats.memory_total_bytes {
        0 => host.facts.as_ref().map_or(0, |facts| facts.memory_bytes),
        bytes => bytes,
    };
    let available = stats.memory_available_bytes.min(total);
    let used = if stats.memory_total_bytes == 0 {
        0
    } else {
        total - available
    };
    let swap_used = stats.swap_total_bytes.saturating_sub(stats.swap_free_bytes);
    let bytes = StatisticUnit::Bytes;
    let percent = StatisticUnit::Percent;
    let figures: [Figure; 11] = [
        ("memory.total", "Total memory", bytes, float(total)),
        ("memory.used", "Used memory", bytes, float(used)),
        ("memory.free", "Free memory", bytes, float(available)),
        (
            "swap.total",
            "Total swap",
            bytes,
            float(stats.swap_total_bytes),
        ),
        (
            "swap.free",
            "Free swap",
            bytes,
            float(stats.swap_free_bytes),
        ),
        ("swap.used", "Used swap", bytes, float(swap_used)),
        (
            "cpu.current.user",
            "User CPU usage",
            percent,
            stats.cpu_user_percent,
        ),
        (
            "cpu.current.system",
            "System CPU usage",
            percent,
            stats.cpu_system_percent,
        ),
        (
            "cpu.current.idle",
            "Idle CPU usage",
            percent,
            stats.cpu_idle_percent,
        ),
        (
            "cpu.load.avg.5m",
            "CPU five minute load average",
            percent,
            stats.load_5min,
        ),
        (
            "boot.time",
            "Boot time of the machine",
            StatisticUnit::None,
            float(u64::try_from(stats.boot_time.seconds()).unwrap_or(0)),
        ),
    ];
    let id = host.id.to_string();
    figures
        .into_iter()
        .map(|figure| Statistic {
            host: Some(references::host(host.id)),
            ..statistic("hosts/{}/statistics/{}", &id, figure)
        })
        .collect()
}

fn statistic(
    pattern: &'static str,
    of: &str,
    (name, description, unit, datum): Figure,
) -> Statistic {
    let mut shown = Statistic {
        name: Some(name.to_owned()),
        description: Some(description.to_owned()),
        kind: Some(StatisticKind::Gauge),
        type_: Some(match unit {
            StatisticUnit::Percent => ValueType::Decimal,
            _ => ValueType::Integer,
        }),
        unit: Some(unit),
        values: Some(vec![Value {
            datum: Some(datum),
            detail: None,
        }]),
        ..Statistic::default()
    };
    links::place(&mut shown, pattern, &[of, &id_of(&[of, name])]);
    shown
}

/// Exact up to 2^53, which no memory of ours exceeds.
#[allow(clippy::cast_precision_loss)]
fn float(number: u64) -> f64 {
    number as f64
}
