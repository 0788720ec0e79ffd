//! libvirt's list of values as one sample.

use crate::sys::{DomainStats, Value};
use base::Timestamp;
use hypervisor::{DiskCounters, MachineStats, NicTraffic};

/// More than a machine can have; a bound for counts that come from outside.
const MAX_DEVICES: u64 = 1024;

/// Values that are missing are 0 or `None`.
pub(crate) fn sample(values: &DomainStats, at: Timestamp) -> MachineStats {
    let number = |name: &str| match values.get(name) {
        Some(Value::Number(n)) => Some(*n),
        _ => None,
    };
    let text = |name: &str| match values.get(name) {
        Some(Value::Text(text)) => text.clone(),
        _ => String::new(),
    };
    let kib = |name: &str| number(name).map(|n| n.saturating_mul(1024));
    let count = |name: &str| number(name).unwrap_or(0).min(MAX_DEVICES);
    let disk = |n: u64| {
        let value = |name: &str| number(&format!("block.{n}.{name}")).unwrap_or(0);
        DiskCounters {
            target: text(&format!("block.{n}.name")),
            path: text(&format!("block.{n}.path")),
            read_requests: value("rd.reqs"),
            read_bytes: value("rd.bytes"),
            read_time_ns: value("rd.times"),
            write_requests: value("wr.reqs"),
            write_bytes: value("wr.bytes"),
            write_time_ns: value("wr.times"),
            allocation_bytes: value("allocation"),
            capacity_bytes: value("capacity"),
            physical_bytes: value("physical"),
        }
    };
    let nic = |n: u64| {
        let value = |name: &str| number(&format!("net.{n}.{name}")).unwrap_or(0);
        NicTraffic {
            tap: text(&format!("net.{n}.name")),
            rx_bytes: value("rx.bytes"),
            tx_bytes: value("tx.bytes"),
            rx_errors: value("rx.errs"),
            tx_errors: value("tx.errs"),
            rx_drops: value("rx.drop"),
            tx_drops: value("tx.drop"),
        }
    };
    MachineStats {
        at,
        cpu_time_ns: number("cpu.time").unwrap_or(0),
        vcpus: u32::try_from(number("vcpu.current").unwrap_or(0)).unwrap_or(u32::MAX),
        memory_current_bytes: kib("balloon.current").unwrap_or(0),
        memory_maximum_bytes: kib("balloon.maximum").unwrap_or(0),
        memory_available_bytes: kib("balloon.available"),
        memory_unused_bytes: kib("balloon.unused"),
        memory_usable_bytes: kib("balloon.usable"),
        rss_bytes: kib("balloon.rss").unwrap_or(0),
        disks: (0..count("block.count")).map(disk).collect(),
        nics: (0..count("net.count")).map(nic).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_by_name_and_missing_ones_are_absent() {
        let number = |name: &str, n| (name.to_owned(), Value::Number(n));
        let text = |name: &str, t: &str| (name.to_owned(), Value::Text(t.into()));
        let values: DomainStats = [
            number("cpu.time", 5),
            number("vcpu.current", 2),
            number("balloon.current", 1024),
            number("balloon.rss", 7),
            number("block.count", 1),
            text("block.0.name", "vda"),
            number("block.0.wr.bytes", 512),
            number("net.count", u64::MAX),
            text("net.0.name", "vnet0"),
            number("net.0.rx.bytes", 60),
        ]
        .into();
        let sample = sample(&values, Timestamp(9));
        assert_eq!(sample.cpu_time_ns, 5);
        assert_eq!(sample.memory_current_bytes, 1 << 20);
        assert_eq!(sample.memory_unused_bytes, None);
        assert_eq!(sample.rss_bytes, 7 << 10);
        assert_eq!(sample.disks[0].target, "vda");
        assert_eq!(sample.disks[0].write_bytes, 512);
        assert_eq!(
            (sample.nics[0].tap.as_str(), sample.nics[0].rx_bytes),
            ("vnet0", 60)
        );
        assert_eq!(sample.nics.len() as u64, MAX_DEVICES);
    }
}
