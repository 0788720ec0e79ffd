//! What the host can do, found out when a connection begins.

use crate::config::LibvirtConfig;
use crate::failure::failure;
use crate::sys::Connection;
use hypervisor::xml::{capabilities_read, domain_capabilities_cpu_model};
use hypervisor::{HypervisorError, HypervisorFacts, KvmEvidence, accel_decide};
use std::fs::OpenOptions;

/// Blocks: asks libvirt and reads /proc and /dev.
pub(crate) fn facts(
    connection: &Connection,
    config: &LibvirtConfig,
) -> Result<HypervisorFacts, HypervisorError> {
    let asked = |error| failure("asking libvirt for the host's capabilities", error);
    let (libvirt, qemu) = connection.versions().map_err(asked)?;
    let capabilities = capabilities_read(&connection.capabilities().map_err(asked)?)?;
    let kvm_domains = connection.domain_capabilities(&capabilities.architecture, "kvm");
    let host_model = kvm_domains.as_deref().ok();
    let host_model = host_model.and_then(domain_capabilities_cpu_model);
    let evidence = KvmEvidence {
        device: device_opens(),
        cpu_extensions: cpu_extensions(&capabilities.architecture),
        libvirt: kvm_domains.map(drop).map_err(|error| error.message),
    };
    let (accel, kvm, kvm_reason) = accel_decide(config.accel, &evidence);
    let cpu_model = match host_model {
        Some(model) if capabilities.cpu_model.is_empty() => model,
        _ => capabilities.cpu_model,
    };
    Ok(HypervisorFacts {
        libvirt_version: version(libvirt),
        qemu_version: version(qemu),
        architecture: capabilities.architecture,
        cpu_model,
        machine_types: capabilities.machine_types,
        accel,
        kvm,
        kvm_reason,
        host_uuid: capabilities.host_uuid,
    })
}

fn device_opens() -> Result<(), String> {
    let opened = OpenOptions::new().read(true).write(true).open("/dev/kvm");
    opened.map(drop).map_err(|error| error.to_string())
}

fn cpu_extensions(architecture: &str) -> Option<bool> {
    if architecture != "x86_64" && architecture != "i686" {
        return None;
    }
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    Some(flags_have_extensions(&text))
}

fn flags_have_extensions(cpuinfo: &str) -> bool {
    let flags = cpuinfo.lines().filter(|line| line.starts_with("flags"));
    let mut words = flags.flat_map(str::split_whitespace);
    words.any(|word| word == "vmx" || word == "svm")
}

/// libvirt counts major * 1 000 000 + minor * 1000 + release.
fn version(number: u64) -> String {
    let (major, minor, release) = (number / 1_000_000, number / 1000 % 1000, number % 1000);
    format!("{major}.{minor}.{release}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_and_flags_are_read() {
        assert_eq!(version(11_003_000), "11.3.0");
        assert_eq!(version(10_000_002), "10.0.2");
        assert!(flags_have_extensions("model\t: 1\nflags\t\t: fpu vmx de\n"));
        assert!(flags_have_extensions("flags : svm"));
        assert!(!flags_have_extensions("flags : fpu\nvmx flags : vnmi\n"));
    }
}
