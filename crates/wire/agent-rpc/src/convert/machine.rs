//! The virtual machine as a host is told to run it.

use super::{BadMessage, Wire, field, list, required, wire_enum, wire_list};
use crate::proto;
use domain::vms::{BootDevice, CpuTopology, DiskInterface, GraphicsProtocol, NicInterface};
use ports::hosts::{DiskSpec, MachineSpec, NicSpec, Smbios, StopHow, VmLaunch};

wire_enum!(BootDevice as proto::BootDevice { Hd, Cdrom, Network });
wire_enum!(GraphicsProtocol as proto::GraphicsProtocol { Vnc, Spice });
wire_enum!(DiskInterface as proto::DiskInterface { Virtio, VirtioScsi, Sata });
wire_enum!(NicInterface as proto::NicInterface { Virtio, E1000, E1000e, Rtl8139 });
wire_enum!(StopHow as proto::vm_stop_request::How { Shutdown, Destroy });

impl Wire for VmLaunch {
    type Message = proto::VmLaunchRequest;
    fn into_wire(self) -> Self::Message {
        proto::VmLaunchRequest {
            machine: Some(self.machine.into_wire()),
            epoch: self.epoch,
            paused: self.paused,
            up_without_agent_seconds: self.up_without_agent_seconds,
        }
    }
    fn from_wire(m: Self::Message) -> Result<Self, BadMessage> {
        Ok(VmLaunch {
            machine: required("machine", m.machine)?,
            epoch: m.epoch,
            paused: m.paused,
            up_without_agent_seconds: m.up_without_agent_seconds,
        })
    }
}

impl Wire for MachineSpec {
    type Message = proto::MachineSpec;
    fn into_wire(self) -> Self::Message {
        proto::MachineSpec {
            id: self.id.into_wire(),
            name: self.name,
            memory_bytes: self.memory_bytes,
            memory_guaranteed_bytes: self.memory_guaranteed_bytes,
            topology: Some(self.topology.into_wire()),
            cpu_model: self.cpu_model,
            cpu_shares: self.cpu_shares,
            boot: wire_list(self.boot),
            disks: wire_list(self.disks),
            nics: wire_list(self.nics),
            graphics: wire_list(self.graphics),
            rng: self.rng,
            balloon: self.balloon,
            clock_offset_seconds: self.clock_offset_seconds,
            smbios: Some(self.smbios.into_wire()),
            cluster_version: self.cluster_version,
        }
    }
    fn from_wire(m: Self::Message) -> Result<Self, BadMessage> {
        Ok(MachineSpec {
            id: field("id", m.id)?,
            name: m.name,
            memory_bytes: m.memory_bytes,
            memory_guaranteed_bytes: m.memory_guaranteed_bytes,
            topology: required("topology", m.topology)?,
            cpu_model: m.cpu_model,
            cpu_shares: m.cpu_shares,
            boot: list("boot", m.boot)?,
            disks: list("disks", m.disks)?,
            nics: list("nics", m.nics)?,
            graphics: list("graphics", m.graphics)?,
            rng: m.rng,
            balloon: m.balloon,
            clock_offset_seconds: m.clock_offset_seconds,
            smbios: required("smbios", m.smbios)?,
            cluster_version: m.cluster_version,
        })
    }
}

impl Wire for CpuTopology {
    type Message = proto::CpuTopology;
    fn into_wire(self) -> Self::Message {
        proto::CpuTopology {
            sockets: self.sockets,
            cores: self.cores,
            threads: self.threads,
        }
    }
    fn from_wire(m: Self::Message) -> Result<Self, BadMessage> {
        let at_least_one = |name: &str, n: u32| match n {
            0 => Err(BadMessage::new("is 0; expected at least 1").within(name)),
            n => Ok(n),
        };
        Ok(CpuTopology {
            sockets: at_least_one("sockets", m.sockets)?,
            cores: at_least_one("cores", m.cores)?,
            threads: at_least_one("threads", m.threads)?,
        })
    }
}

impl Wire for Smbios {
    type Message = proto::Smbios;
    fn into_wire(self) -> Self::Message {
        proto::Smbios {
            manufacturer: self.manufacturer,
            product: self.product,
            version: self.version,
            serial: self.serial,
        }
    }
    fn from_wire(m: Self::Message) -> Result<Self, BadMessage> {
        Ok(Smbios {
            manufacturer: m.manufacturer,
            product: m.product,
            version: m.version,
            serial: m.serial,
        })
    }
}

impl Wire for DiskSpec {
    type Message = proto::DiskSpec;
    fn into_wire(self) -> Self::Message {
        proto::DiskSpec {
            disk: self.disk.into_wire(),
            domain: self.domain.into_wire(),
            volume: self.volume.into_wire(),
            format: self.format.into_wire(),
            interface: self.interface.into_wire(),
            bootable: self.bootable,
            read_only: self.read_only,
            shareable: self.shareable,
            pass_discard: self.pass_discard,
            propagate_errors: self.propagate_errors,
        }
    }
    fn from_wire(m: Self::Message) -> Result<Self, BadMessage> {
        Ok(DiskSpec {
            disk: field("disk", m.disk)?,
            domain: field("domain", m.domain)?,
            volume: field("volume", m.volume)?,
            format: field("format", m.format)?,
            interface: field("interface", m.interface)?,
            bootable: m.bootable,
            read_only: m.read_only,
            shareable: m.shareable,
            pass_discard: m.pass_discard,
            propagate_errors: m.propagate_errors,
        })
    }
}

impl Wire for NicSpec {
    type Message = proto::NicSpec;
    fn into_wire(self) -> Self::Message {
        proto::NicSpec {
            id: self.id.into_wire(),
            mac: self.mac.to_string(),
            interface: self.interface.into_wire(),
            bridge: self.bridge,
            linked: self.linked,
            mtu: self.mtu,
        }
    }
    fn from_wire(m: Self::Message) -> Result<Self, BadMessage> {
        Ok(NicSpec {
            id: field("id", m.id)?,
            mac: m.mac.parse().map_err(|e: domain::networks::BadMac| {
                BadMessage::new(e.to_string()).within("mac")
            })?,
            interface: field("interface", m.interface)?,
            bridge: m.bridge,
            linked: m.linked,
            mtu: m.mtu,
        })
    }
}
