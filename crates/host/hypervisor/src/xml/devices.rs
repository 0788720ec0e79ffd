//! The devices of a machine.

use super::names::{disk_alias, nic_alias, xml_text};
use super::{BuildContext, Node, XmlError};
use crate::MachineLaunch;
use domain::disks::DiskFormat;
use domain::vms::{BootDevice, DiskInterface, GraphicsProtocol, NicInterface};
use ports::hosts::{DiskSpec, NicSpec};
use std::collections::BTreeMap;
use std::path::Path;

/// Free PCIe ports for devices plugged in later: q35 can't grow them while it runs.
const SPARE_PORTS: usize = 12;

/// Seconds between the balloon's statistics.
const BALLOON_PERIOD: u32 = 5;

/// Names of the disks as libvirt and the guest's firmware count them: `vda`, `vdb`; `sda` …
pub(super) fn disk_targets(disks: &[DiskSpec]) -> Vec<String> {
    let (mut virtio, mut scsi) = (0, 0);
    disks
        .iter()
        .map(|disk| {
            let (prefix, counter) = match disk.interface {
                DiskInterface::Virtio => ("vd", &mut virtio),
                DiskInterface::VirtioScsi | DiskInterface::Sata => ("sd", &mut scsi),
            };
            let name = format!("{prefix}{}", letters(*counter));
            *counter += 1;
            name
        })
        .collect()
}

/// 0 is `a`, 25 `z`, 26 `aa`.
fn letters(mut number: usize) -> String {
    let mut out = Vec::new();
    loop {
        out.push(char::from(b'a' + u8::try_from(number % 26).unwrap_or(0)));
        if number < 26 {
            break;
        }
        number = number / 26 - 1;
    }
    out.iter().rev().collect()
}

/// Boot order by disk and card, counted from 1.
#[derive(Default)]
struct BootOrder {
    disks: BTreeMap<usize, usize>,
    nics: BTreeMap<usize, usize>,
}

fn boot_order(launch: &MachineLaunch) -> BootOrder {
    let machine = &launch.machine;
    let mut order = BootOrder::default();
    let mut next = 1;
    for device in &machine.boot {
        let (table, candidates): (_, Vec<usize>) = match device {
            BootDevice::Hd => {
                let bootable = |(n, disk): (usize, &DiskSpec)| disk.bootable.then_some(n);
                let disks = machine.disks.iter().enumerate();
                (&mut order.disks, disks.filter_map(bootable).collect())
            }
            BootDevice::Network => (&mut order.nics, (0..machine.nics.len()).collect()),
            BootDevice::Cdrom => continue,
        };
        for n in candidates {
            table.entry(n).or_insert_with(|| {
                next += 1;
                next - 1
            });
        }
    }
    order
}

/// `<devices>`.
pub(super) fn devices(
    launch: &MachineLaunch,
    context: &BuildContext,
    targets: &[String],
) -> Result<Node, XmlError> {
    let machine = &launch.machine;
    let order = boot_order(launch);
    let mut devices = Node::new("devices");
    for (n, (disk, target)) in machine.disks.iter().zip(targets).enumerate() {
        let boot = order.disks.get(&n).copied();
        devices = devices.child(disk_node(launch, context, disk, target, boot)?);
    }
    devices = devices.children(controllers(launch));
    for (n, nic) in machine.nics.iter().enumerate() {
        devices = devices.child(nic_node(nic, order.nics.get(&n).copied())?);
    }
    devices = devices.children(serial(launch)?).child(
        Node::new("channel").with("type", "unix").child(
            Node::new("target")
                .with("type", "virtio")
                .with("name", "org.qemu.guest_agent.0"),
        ),
    );
    devices = devices.children(screen(launch)?);
    if machine.rng {
        devices = devices.child(
            Node::new("rng")
                .with("model", "virtio")
                .child(Node::text("backend", "/dev/urandom").with("model", "random")),
        );
    }
    Ok(devices.child(if machine.balloon {
        Node::new("memballoon")
            .with("model", "virtio")
            .child(Node::new("stats").with("period", BALLOON_PERIOD))
    } else {
        Node::new("memballoon").with("model", "none")
    }))
}

fn boot_node(order: Option<usize>) -> Option<Node> {
    order.map(|n| Node::new("boot").with("order", n))
}

pub(super) fn path_text<'a>(what: &str, path: &'a Path) -> Result<&'a str, XmlError> {
    let text = path
        .to_str()
        .ok_or_else(|| XmlError::Unfit(format!("{what} `{}` is no UTF-8 text.", path.display())))?;
    if !path.is_absolute() {
        return Err(XmlError::Unfit(format!("{what} `{text}` is not absolute.")));
    }
    xml_text(what, text)
}

fn disk_node(
    launch: &MachineLaunch,
    context: &BuildContext,
    disk: &DiskSpec,
    target: &str,
    boot: Option<usize>,
) -> Result<Node, XmlError> {
    let source = launch
        .disks
        .get(&MachineLaunch::address_of(disk))
        .ok_or_else(|| XmlError::Unfit(format!("No path is known for disk {}.", disk.disk)))?;
    if disk.read_only && disk.interface == DiskInterface::Sata {
        return Err(XmlError::Unfit(format!(
            "Disk {} is read-only, which a SATA disk cannot be; attach it as VirtIO or VirtIO-SCSI.",
            disk.disk
        )));
    }
    if disk.shareable && disk.format != DiskFormat::Raw {
        return Err(XmlError::Unfit(format!(
            "Disk {} is shareable, which only a raw disk can be.",
            disk.disk
        )));
    }
    let path = path_text("The path of a disk", &source.path)?;
    let direct = !context.buffered.contains(&disk.disk);
    let (kind, source_name) = if source.block {
        ("block", "dev")
    } else {
        ("file", "file")
    };
    let driver = Node::new("driver")
        .with("name", "qemu")
        .with(
            "type",
            match disk.format {
                DiskFormat::Raw => "raw",
                DiskFormat::Cow => "qcow2",
            },
        )
        // Without direct I/O a write must still have reached the disk when the guest hears of it.
        .with("cache", if direct { "none" } else { "writethrough" })
        .with(
            "error_policy",
            if disk.propagate_errors {
                "report"
            } else {
                "stop"
            },
        )
        // Kernel AIO blocks on files that grow, and needs direct I/O: it is for block devices.
        .with(
            "io",
            if source.block && direct {
                "native"
            } else {
                "threads"
            },
        )
        .with(
            "discard",
            if disk.pass_discard { "unmap" } else { "ignore" },
        );
    let bus = match disk.interface {
        DiskInterface::Virtio => "virtio",
        DiskInterface::VirtioScsi => "scsi",
        DiskInterface::Sata => "sata",
    };
    Ok(Node::new("disk")
        .with("type", kind)
        .with("device", "disk")
        .child(driver)
        .child(Node::new("source").with(source_name, path))
        .child(Node::new("target").with("dev", target).with("bus", bus))
        .maybe(boot_node(boot))
        .maybe(disk.read_only.then(|| Node::new("readonly")))
        .maybe(disk.shareable.then(|| Node::new("shareable")))
        .child(Node::text("serial", disk.disk))
        .child(Node::new("alias").with("name", disk_alias(disk.disk))))
}

fn controllers(launch: &MachineLaunch) -> Vec<Node> {
    let machine = &launch.machine;
    let screen = !machine.graphics.is_empty();
    let has = |bus| machine.disks.iter().any(|d| d.interface == bus);
    let on_virtio = |d: &&DiskSpec| d.interface == DiskInterface::Virtio;
    let ports = machine.disks.iter().filter(on_virtio).count()
        + machine.nics.len()
        + usize::from(has(DiskInterface::VirtioScsi))
        + usize::from(machine.rng)
        + usize::from(machine.balloon)
        + usize::from(screen)
        + 1 // virtio-serial
        + SPARE_PORTS;
    let controller = |kind: &str, index: usize| {
        Node::new("controller")
            .with("type", kind)
            .with("index", index)
    };
    let mut all = vec![controller("pci", 0).with("model", "pcie-root")];
    all.extend((1..=ports).map(|n| controller("pci", n).with("model", "pcie-root-port")));
    all.push(controller("virtio-serial", 0));
    if has(DiskInterface::VirtioScsi) {
        all.push(controller("scsi", 0).with("model", "virtio-scsi"));
    }
    all.push(controller("usb", 0).with("model", if screen { "qemu-xhci" } else { "none" }));
    all
}

fn nic_node(nic: &NicSpec, boot: Option<usize>) -> Result<Node, XmlError> {
    let model = match nic.interface {
        NicInterface::Virtio => "virtio",
        NicInterface::E1000 => "e1000",
        NicInterface::E1000e => "e1000e",
        NicInterface::Rtl8139 => "rtl8139",
    };
    // A card without a network is a tap device that nothing else is on.
    let kind = if nic.bridge.is_some() {
        "bridge"
    } else {
        "ethernet"
    };
    let source = match &nic.bridge {
        Some(bridge) => {
            Some(Node::new("source").with("bridge", xml_text("A bridge's name", bridge)?))
        }
        None => None,
    };
    Ok(Node::new("interface")
        .with("type", kind)
        .child(Node::new("mac").with("address", nic.mac))
        .maybe(source)
        .child(Node::new("model").with("type", model))
        .child(Node::new("link").with("state", if nic.linked { "up" } else { "down" }))
        .maybe((nic.mtu != 0).then(|| Node::new("mtu").with("size", nic.mtu)))
        .maybe(boot_node(boot))
        .child(Node::new("alias").with("name", nic_alias(nic.id))))
}

fn serial(launch: &MachineLaunch) -> Result<Vec<Node>, XmlError> {
    let log = match &launch.serial_log {
        None => None,
        Some(path) => Some(
            Node::new("log")
                .with(
                    "file",
                    path_text("The path of the serial console's log", path)?,
                )
                .with("append", "on"),
        ),
    };
    Ok(vec![
        Node::new("serial").with("type", "pty").maybe(log).child(
            Node::new("target")
                .with("type", "isa-serial")
                .with("port", 0),
        ),
        Node::new("console")
            .with("type", "pty")
            .child(Node::new("target").with("type", "serial").with("port", 0)),
    ])
}

/// Graphics consoles, the card they show, and a tablet so that the pointer follows the user's.
fn screen(launch: &MachineLaunch) -> Result<Vec<Node>, XmlError> {
    let graphics = &launch.machine.graphics;
    if graphics.is_empty() {
        let none = Node::new("model").with("type", "none");
        return Ok(vec![Node::new("video").child(none)]);
    }
    let listen = xml_text("The address of consoles", &launch.console_listen)?;
    if listen.parse::<std::net::IpAddr>().is_err() {
        return Err(XmlError::Unfit(format!(
            "Consoles cannot listen on `{listen}`: expected an IP address."
        )));
    }
    let mut nodes = vec![Node::new("input").with("type", "tablet").with("bus", "usb")];
    for protocol in [GraphicsProtocol::Vnc, GraphicsProtocol::Spice] {
        if !graphics.contains(&protocol) {
            continue;
        }
        let name = match protocol {
            GraphicsProtocol::Vnc => "vnc",
            GraphicsProtocol::Spice => "spice",
        };
        nodes.push(
            Node::new("graphics")
                .with("type", name)
                .with("port", -1)
                .with("autoport", "yes")
                .with("listen", listen)
                .child(
                    Node::new("listen")
                        .with("type", "address")
                        .with("address", listen),
                ),
        );
    }
    let card = if graphics.contains(&GraphicsProtocol::Spice) {
        "qxl"
    } else {
        "vga"
    };
    nodes.push(Node::new("video").child(Node::new("model").with("type", card)));
    Ok(nodes)
}
