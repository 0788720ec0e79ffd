//! A host as the API shows it.

use super::{links, numbers::int, references};
use api_v4::{
    Cpu, CpuTopology, ExternalStatus, HostProtocol, HostStatus, HostType, KdumpStatus, Spm,
    SpmStatus, Version, VmSummary,
};
use domain::hosts::{self, Host, HostFacts};
use projection::Snapshot;

/// All of it, with what it said of itself.
#[must_use]
pub fn host(snapshot: &Snapshot, host: &Host) -> api_v4::Host {
    let seen = snapshot.host_observed(host.id);
    let status = snapshot
        .host_status(host.id)
        .unwrap_or(hosts::HostStatus::Connecting);
    let mut shown = api_v4::Host {
        name: Some(host.name.clone()),
        description: Some(host.description.clone()),
        comment: Some(host.comment.clone()),
        address: Some(host.address.clone()),
        cluster: Some(references::cluster(host.cluster)),
        device_passthrough: Some(Box::new(api_v4::HostDevicePassthrough {
            enabled: Some(false),
        })),
        external_status: Some(ExternalStatus::Ok),
        kdump_status: Some(KdumpStatus::Unknown),
        ksm: Some(Box::new(api_v4::Ksm {
            enabled: Some(false),
            merge_across_nodes: Some(true),
        })),
        network_operation_in_progress: Some(false),
        numa_supported: Some(false),
        override_iptables: Some(false),
        port: int(host.port),
        power_management: Some(Box::new(api_v4::PowerManagement {
            enabled: Some(false),
            automatic_pm_enabled: Some(false),
            kdump_detection: Some(false),
            pm_proxies: Some(Vec::new()),
            ..api_v4::PowerManagement::default()
        })),
        protocol: Some(HostProtocol::Stomp),
        reinstallation_required: Some(false),
        spm: Some(Box::new(Spm {
            priority: Some(5),
            status: Some(SpmStatus::None),
        })),
        status: Some(self::status(status)),
        status_detail: seen.and_then(|s| s.reason.clone()),
        summary: Some(Box::new(summary(snapshot, host))),
        transparent_huge_pages: Some(Box::new(api_v4::TransparentHugePages {
            enabled: Some(true),
        })),
        type_: Some(HostType::Rhel),
        update_available: Some(false),
        ..api_v4::Host::default()
    };
    if let Some(facts) = &host.facts {
        told(&mut shown, facts);
        // What a new VM could get now; all of it before the first sample.
        shown.max_scheduling_memory = match seen.and_then(|s| s.stats.as_ref()) {
            Some(stats) => int(stats.memory_available_bytes),
            None => int(facts.memory_bytes),
        };
    }
    links::place(&mut shown, "hosts/{}", &[&host.id.to_string()]);
    shown
}

/// What the host said of itself.
fn told(shown: &mut api_v4::Host, facts: &HostFacts) {
    shown.cpu = Some(Box::new(Cpu {
        architecture: api_v4::Architecture::named(&facts.architecture),
        name: Some(facts.cpu_model.clone()),
        speed: Some(f64::from(facts.cpu_mhz)),
        topology: Some(Box::new(CpuTopology {
            cores: int(facts.cpu_cores),
            sockets: int(facts.cpu_sockets),
            threads: int(facts.cpu_threads),
        })),
        type_: Some(facts.cpu_model_libvirt.clone()),
        ..Cpu::default()
    }));
    shown.hardware_information = Some(Box::new(api_v4::HardwareInformation {
        uuid: Some(facts.hardware_uuid.clone()),
        supported_rng_sources: Some(vec![api_v4::RngSource::Urandom]),
        ..api_v4::HardwareInformation::default()
    }));
    shown.libvirt_version = Some(Box::new(version(&facts.libvirt_version)));
    shown.memory = int(facts.memory_bytes);
    shown.os = Some(Box::new(api_v4::OperatingSystem {
        type_: Some(facts.os.clone()),
        version: Some(Box::new(Version {
            full_version: Some(facts.kernel.clone()),
            ..Version::default()
        })),
        ..api_v4::OperatingSystem::default()
    }));
    shown.version = Some(Box::new(version(&facts.agent_version)));
}

fn summary(snapshot: &Snapshot, host: &Host) -> VmSummary {
    let vms = snapshot.vms_on_host(host.id).count();
    VmSummary {
        active: int(vms),
        migrating: Some(0),
        total: int(vms),
    }
}

/// A version with those of its parts that are numbers.
pub(super) fn version(text: &str) -> Version {
    let mut parts = text
        .split(|c: char| !c.is_ascii_digit())
        .map_while(|part| part.parse::<i64>().ok());
    Version {
        major: parts.next(),
        minor: parts.next(),
        build: parts.next(),
        revision: parts.next(),
        full_version: Some(text.to_owned()),
        ..Version::default()
    }
}

fn status(status: hosts::HostStatus) -> HostStatus {
    match status {
        hosts::HostStatus::Installing => HostStatus::Installing,
        hosts::HostStatus::Connecting => HostStatus::Connecting,
        hosts::HostStatus::Initializing => HostStatus::Initializing,
        hosts::HostStatus::Up => HostStatus::Up,
        hosts::HostStatus::NonResponsive => HostStatus::NonResponsive,
        hosts::HostStatus::NonOperational => HostStatus::NonOperational,
        hosts::HostStatus::PreparingForMaintenance => HostStatus::PreparingForMaintenance,
        hosts::HostStatus::Maintenance => HostStatus::Maintenance,
    }
}
