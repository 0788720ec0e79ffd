//! Hosts: what they can do, and samples of how they fare.

use super::{BadMessage, Wire, field, finite, list, required, wire_list};
use crate::proto;
use base::{StorageDomainId, VmId};
use domain::hosts::{HostFacts, HostNicFacts, HostStats, NicCounters};
use domain::vms::VmStats;
use ports::hosts::{HostHello, StatsFrame, StorageDomainUsage};

impl Wire for HostHello {
    type Message = proto::HelloReply;
    fn into_wire(self) -> Self::Message {
        proto::HelloReply {
            protocol_version: crate::PROTOCOL_VERSION,
            capabilities: Vec::new(),
            agent_epoch: self.agent_epoch,
            facts: Some(self.facts.into_wire()),
        }
    }
    fn from_wire(m: Self::Message) -> Result<Self, BadMessage> {
        Ok(HostHello {
            facts: required("facts", m.facts)?,
            agent_epoch: m.agent_epoch,
        })
    }
}

impl Wire for HostFacts {
    type Message = proto::HostFacts;
    fn into_wire(self) -> Self::Message {
        proto::HostFacts {
            agent_version: self.agent_version,
            boot_id: self.boot_id,
            hardware_uuid: self.hardware_uuid,
            cpu_model: self.cpu_model,
            cpu_model_libvirt: self.cpu_model_libvirt,
            architecture: self.architecture,
            cpu_sockets: self.cpu_sockets,
            cpu_cores: self.cpu_cores,
            cpu_threads: self.cpu_threads,
            cpu_mhz: self.cpu_mhz,
            cpu_flags: self.cpu_flags,
            memory_bytes: self.memory_bytes,
            kvm: self.kvm,
            kvm_reason: self.kvm_reason,
            os: self.os,
            kernel: self.kernel,
            libvirt_version: self.libvirt_version,
            qemu_version: self.qemu_version,
            machine_types: self.machine_types,
            bridges: self.bridges,
            nics: wire_list(self.nics),
        }
    }
    fn from_wire(m: Self::Message) -> Result<Self, BadMessage> {
        Ok(HostFacts {
            agent_version: m.agent_version,
            boot_id: m.boot_id,
            hardware_uuid: m.hardware_uuid,
            cpu_model: m.cpu_model,
            cpu_model_libvirt: m.cpu_model_libvirt,
            architecture: m.architecture,
            cpu_sockets: m.cpu_sockets,
            cpu_cores: m.cpu_cores,
            cpu_threads: m.cpu_threads,
            cpu_mhz: m.cpu_mhz,
            cpu_flags: m.cpu_flags,
            memory_bytes: m.memory_bytes,
            kvm: m.kvm,
            kvm_reason: m.kvm_reason,
            os: m.os,
            kernel: m.kernel,
            libvirt_version: m.libvirt_version,
            qemu_version: m.qemu_version,
            machine_types: m.machine_types,
            bridges: m.bridges,
            nics: list("nics", m.nics)?,
        })
    }
}

impl Wire for HostNicFacts {
    type Message = proto::HostNicFacts;
    fn into_wire(self) -> Self::Message {
        proto::HostNicFacts {
            name: self.name,
            mac: self.mac,
            mtu: self.mtu,
            up: self.up,
            speed_mbps: self.speed_mbps,
            bridge: self.bridge,
            addresses: self.addresses,
            is_bridge: self.is_bridge,
        }
    }
    fn from_wire(m: Self::Message) -> Result<Self, BadMessage> {
        Ok(HostNicFacts {
            name: m.name,
            mac: m.mac,
            mtu: m.mtu,
            up: m.up,
            speed_mbps: m.speed_mbps,
            bridge: m.bridge,
            addresses: m.addresses,
            is_bridge: m.is_bridge,
        })
    }
}

impl Wire for StatsFrame {
    type Message = proto::StatsFrame;
    fn into_wire(self) -> Self::Message {
        proto::StatsFrame {
            host: Some(self.host.into_wire()),
            vms: wire_list(self.vms.into_iter().map(VmSample).collect()),
            domains: wire_list(self.domains.into_iter().map(DomainSample).collect()),
        }
    }
    fn from_wire(m: Self::Message) -> Result<Self, BadMessage> {
        Ok(StatsFrame {
            host: required("host", m.host)?,
            vms: list("vms", m.vms)?
                .into_iter()
                .map(|VmSample(s)| s)
                .collect(),
            domains: list("domains", m.domains)?
                .into_iter()
                .map(|DomainSample(s)| s)
                .collect(),
        })
    }
}

impl Wire for HostStats {
    type Message = proto::HostStats;
    fn into_wire(self) -> Self::Message {
        proto::HostStats {
            at: self.at.into_wire(),
            cpu_user_percent: self.cpu_user_percent,
            cpu_system_percent: self.cpu_system_percent,
            cpu_idle_percent: self.cpu_idle_percent,
            load_5min: self.load_5min,
            memory_total_bytes: self.memory_total_bytes,
            memory_available_bytes: self.memory_available_bytes,
            swap_total_bytes: self.swap_total_bytes,
            swap_free_bytes: self.swap_free_bytes,
            boot_time: self.boot_time.into_wire(),
            nics: self
                .nics
                .into_iter()
                .map(|(name, c)| (name, c.into_wire()))
                .collect(),
        }
    }
    fn from_wire(m: Self::Message) -> Result<Self, BadMessage> {
        let nics = m
            .nics
            .into_iter()
            .map(|(name, c)| Ok((name, NicCounters::from_wire(c)?)));
        Ok(HostStats {
            at: field("at", m.at)?,
            cpu_user_percent: finite("cpu_user_percent", m.cpu_user_percent)?,
            cpu_system_percent: finite("cpu_system_percent", m.cpu_system_percent)?,
            cpu_idle_percent: finite("cpu_idle_percent", m.cpu_idle_percent)?,
            load_5min: finite("load_5min", m.load_5min)?,
            memory_total_bytes: m.memory_total_bytes,
            memory_available_bytes: m.memory_available_bytes,
            swap_total_bytes: m.swap_total_bytes,
            swap_free_bytes: m.swap_free_bytes,
            boot_time: field("boot_time", m.boot_time)?,
            nics: nics.collect::<Result<_, BadMessage>>()?,
        })
    }
}

impl Wire for NicCounters {
    type Message = proto::NicCounters;
    fn into_wire(self) -> Self::Message {
        proto::NicCounters {
            rx_bytes: self.rx_bytes,
            tx_bytes: self.tx_bytes,
            rx_errors: self.rx_errors,
            tx_errors: self.tx_errors,
        }
    }
    fn from_wire(m: Self::Message) -> Result<Self, BadMessage> {
        Ok(NicCounters {
            rx_bytes: m.rx_bytes,
            tx_bytes: m.tx_bytes,
            rx_errors: m.rx_errors,
            tx_errors: m.tx_errors,
        })
    }
}

/// A VM's line of a frame; protocol buffers have no maps keyed by bytes.
struct VmSample((VmId, VmStats));

impl Wire for VmSample {
    type Message = proto::VmStats;
    fn into_wire(self) -> Self::Message {
        let (vm, stats) = self.0;
        proto::VmStats {
            vm: vm.into_wire(),
            at: stats.at.into_wire(),
            cpu_time_ns: stats.cpu_time_ns,
            cpu_percent: stats.cpu_percent,
            memory_installed_bytes: stats.memory_installed_bytes,
            memory_used_bytes: stats.memory_used_bytes,
            memory_free_bytes: stats.memory_free_bytes,
            rss_bytes: stats.rss_bytes,
        }
    }
    fn from_wire(m: Self::Message) -> Result<Self, BadMessage> {
        let stats = VmStats {
            at: field("at", m.at)?,
            cpu_time_ns: m.cpu_time_ns,
            cpu_percent: finite("cpu_percent", m.cpu_percent)?,
            memory_installed_bytes: m.memory_installed_bytes,
            memory_used_bytes: m.memory_used_bytes,
            memory_free_bytes: m.memory_free_bytes,
            rss_bytes: m.rss_bytes,
        };
        Ok(VmSample((field("vm", m.vm)?, stats)))
    }
}

/// A domain's line of a frame.
struct DomainSample((StorageDomainId, StorageDomainUsage));

impl Wire for DomainSample {
    type Message = proto::DomainUsage;
    fn into_wire(self) -> Self::Message {
        let (domain, usage) = self.0;
        proto::DomainUsage {
            domain: domain.into_wire(),
            usage: Some(usage.into_wire()),
        }
    }
    fn from_wire(m: Self::Message) -> Result<Self, BadMessage> {
        Ok(DomainSample((
            field("domain", m.domain)?,
            required("usage", m.usage)?,
        )))
    }
}
