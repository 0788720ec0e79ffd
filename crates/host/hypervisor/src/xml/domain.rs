//! A machine as `<domain>`.

use super::devices::{devices, disk_targets};
use super::metadata::metadata;
use super::names::{domain_name, xml_text};
use super::{Node, XmlError};
use crate::{Accel, MachineLaunch};
use base::{DiskId, Timestamp};
use ports::hosts::MachineSpec;
use std::collections::BTreeSet;

/// What the text depends on besides the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildContext {
    /// What runs the guest's instructions.
    pub accel: Accel,
    /// The host's architecture as libvirt names it.
    pub architecture: String,
    /// Goes into the metadata: when the machine is launched.
    pub started: Timestamp,
    /// Disks on file systems that refuse direct I/O.
    pub buffered: BTreeSet<DiskId>,
}

/// The machine as libvirt takes it.
///
/// # Errors
/// `Unfit` with a whole sentence when the machine can't be described.
pub fn domain_xml(launch: &MachineLaunch, context: &BuildContext) -> Result<String, XmlError> {
    let machine = &launch.machine;
    if machine.topology.vcpus() == 0 {
        return Err(XmlError::Unfit(
            "A machine needs at least one socket, core and thread.".into(),
        ));
    }
    let kib = machine.memory_bytes / 1024;
    if kib == 0 {
        return Err(XmlError::Unfit("A machine needs memory.".into()));
    }
    let targets = disk_targets(&machine.disks);
    let memory = |name: &str| Node::text(name, kib).with("unit", "KiB");
    let domain = Node::new("domain")
        .with(
            "type",
            match context.accel {
                Accel::Kvm => "kvm",
                Accel::Tcg => "qemu",
            },
        )
        .child(Node::text("name", domain_name(&machine.name, machine.id)))
        .child(Node::text("uuid", machine.id))
        .child(metadata(launch, context.started, &targets)?)
        .child(memory("memory"))
        .child(memory("currentMemory"))
        .child(Node::text("vcpu", machine.topology.vcpus()).with("placement", "static"))
        .maybe(
            (machine.cpu_shares > 0)
                .then(|| Node::new("cputune").child(Node::text("shares", machine.cpu_shares))),
        )
        .maybe(sysinfo(machine)?)
        .child(
            Node::new("os")
                .child(
                    Node::text("type", "hvm")
                        .with("arch", xml_text("The architecture", &context.architecture)?)
                        .with("machine", "q35"),
                )
                .child(Node::new("smbios").with("mode", "sysinfo")),
        )
        .child(
            Node::new("features")
                .child(Node::new("acpi"))
                .child(Node::new("apic"))
                .child(Node::new("vmcoreinfo").with("state", "on")),
        )
        .child(cpu(machine, context.accel)?)
        .child(clock(machine))
        .child(Node::text("on_poweroff", "destroy"))
        .child(Node::text("on_reboot", "restart"))
        .child(Node::text("on_crash", "destroy"))
        .child(devices(launch, context, &targets)?);
    Ok(domain.to_xml())
}

fn sysinfo(machine: &MachineSpec) -> Result<Option<Node>, XmlError> {
    let smbios = &machine.smbios;
    let mut system = Node::new("system");
    for (name, value) in [
        ("manufacturer", &smbios.manufacturer),
        ("product", &smbios.product),
        ("version", &smbios.version),
        ("serial", &smbios.serial),
    ] {
        if !value.is_empty() {
            let value = xml_text("A text of the SMBIOS", value)?;
            system = system.child(Node::text("entry", value).with("name", name));
        }
    }
    // libvirt insists that it is the domain's own.
    let system = system.child(Node::text("entry", machine.id).with("name", "uuid"));
    Ok(Some(
        Node::new("sysinfo").with("type", "smbios").child(system),
    ))
}

fn cpu(machine: &MachineSpec, accel: Accel) -> Result<Node, XmlError> {
    let t = machine.topology;
    let topology = Node::new("topology")
        .with("sockets", t.sockets)
        .with("dies", 1)
        .with("cores", t.cores)
        .with("threads", t.threads);
    let custom = |model: &str, check: &str| {
        Node::new("cpu")
            .with("mode", "custom")
            .with("match", "exact")
            .with("check", check)
            .child(Node::text("model", model).with("fallback", "forbid"))
            .child(topology.clone())
    };
    Ok(match (&machine.cpu_model, accel) {
        (Some(model), Accel::Kvm) => custom(xml_text("A CPU model", model)?, "partial"),
        (None, Accel::Kvm) => Node::new("cpu")
            .with("mode", "host-model")
            .with("check", "partial")
            .child(topology),
        // QEMU leaves away what its translator lacks; libvirt's own check would refuse.
        (Some(model), Accel::Tcg) => custom(xml_text("A CPU model", model)?, "none"),
        // What today's distributions need (x86-64-v2). Not an Intel model: guests would switch on
        // page-table isolation, which costs a translator dearly.
        (None, Accel::Tcg) => {
            custom("qemu64", "none").children(["ssse3", "sse4.1", "sse4.2", "popcnt"].map(|name| {
                Node::new("feature")
                    .with("policy", "require")
                    .with("name", name)
            }))
        }
    })
}

fn clock(machine: &MachineSpec) -> Node {
    let timer = |name: &str| Node::new("timer").with("name", name);
    Node::new("clock")
        .with("offset", "variable")
        .with("adjustment", machine.clock_offset_seconds)
        .with("basis", "utc")
        .child(timer("rtc").with("tickpolicy", "catchup"))
        .child(timer("pit").with("tickpolicy", "delay"))
        .child(timer("hpet").with("present", "no"))
}
