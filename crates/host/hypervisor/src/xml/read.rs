//! A machine of ours in what libvirt shows of a running domain.

use super::metadata::{metadata_read, run_read};
use super::names::{disk_of_alias, nic_of_alias};
use super::{Node, XmlError};
use crate::{MachineDisk, MachineNic};
use base::{Timestamp, VmId};
use domain::vms::{ConsoleAddress, GraphicsProtocol};
use std::path::PathBuf;

/// What a domain's XML tells; its state is asked for separately.
#[derive(Debug, Clone, PartialEq)]
pub struct DomainSeen {
    /// The VM.
    pub vm: VmId,
    /// Its run.
    pub epoch: u64,
    /// The VM's name at the launch.
    pub name: String,
    /// When it was launched.
    pub started: Timestamp,
    /// Graphics consoles that have a port.
    pub consoles: Vec<ConsoleAddress>,
    /// The guest agent has its channel open.
    pub agent_connected: bool,
    /// The serial console's log.
    pub serial_log: Option<PathBuf>,
    /// Disks.
    pub disks: Vec<MachineDisk>,
    /// Network cards.
    pub nics: Vec<MachineNic>,
}

/// Reads a domain; `None` when it is none of ours.
///
/// # Errors
/// `Malformed` or `Missing` when it is no domain's XML.
pub fn domain_read(text: &str) -> Result<Option<DomainSeen>, XmlError> {
    let domain = Node::parse(text)?;
    if domain.name != "domain" {
        return Err(XmlError::Missing("domain"));
    }
    let uuid = domain.find_text("uuid").ok_or(XmlError::Missing("uuid"))?;
    let vm = uuid
        .parse::<VmId>()
        .map_err(|e| XmlError::Malformed(e.to_string()))?;
    let Some(run) = metadata_read(&domain) else {
        return Ok(None);
    };
    let devices = domain.find("devices").ok_or(XmlError::Missing("devices"))?;
    let agent = devices.all("channel").filter_map(|c| c.find("target"));
    let agent_connected = agent
        .filter(|t| t.attribute("name") == Some("org.qemu.guest_agent.0"))
        .any(|t| t.attribute("state") == Some("connected"));
    let log = devices.find("serial/log").and_then(|l| l.attribute("file"));
    let disk = |node: &Node| {
        let target = node.find("target")?.attribute("dev")?.to_owned();
        let (domain, volume) = *run.disks.get(&target)?;
        let source = node.find("source");
        let path = source.and_then(|s| s.attribute("file").or(s.attribute("dev")));
        Some(MachineDisk {
            disk: disk_of_alias(node.find("alias")?.attribute("name")?)?,
            domain,
            volume,
            target,
            path: PathBuf::from(path.unwrap_or_default()),
        })
    };
    Ok(Some(DomainSeen {
        vm,
        epoch: run.epoch,
        name: run.name.clone(),
        started: run.started,
        consoles: devices.all("graphics").filter_map(console_read).collect(),
        agent_connected,
        serial_log: log.map(PathBuf::from),
        disks: devices.all("disk").filter_map(disk).collect(),
        nics: devices.all("interface").filter_map(nic_read).collect(),
    }))
}

/// A machine that is still coming from another host: libvirt shows its metadata, but not its devices,
/// until it is there. `text` is the element in `OUR_NAMESPACE`.
///
/// # Errors
/// `Malformed` or `Missing` when it is none of ours.
pub fn incoming_read(vm: VmId, text: &str) -> Result<DomainSeen, XmlError> {
    let run = run_read(&Node::parse(text)?).ok_or(XmlError::Missing("run of ours"))?;
    Ok(DomainSeen {
        vm,
        epoch: run.epoch,
        name: run.name,
        started: run.started,
        consoles: Vec::new(),
        agent_connected: false,
        serial_log: None,
        disks: Vec::new(),
        nics: Vec::new(),
    })
}

fn console_read(node: &Node) -> Option<ConsoleAddress> {
    let protocol = match node.attribute("type")? {
        "vnc" => GraphicsProtocol::Vnc,
        "spice" => GraphicsProtocol::Spice,
        _ => return None,
    };
    // Before the launch the port is -1.
    let port = |name| node.attribute(name).and_then(|p| p.parse::<u16>().ok());
    let (plain, tls) = (port("port"), port("tlsPort"));
    if plain.is_none() && tls.is_none() {
        return None;
    }
    let listen = node.find("listen").and_then(|l| l.attribute("address"));
    Some(ConsoleAddress {
        protocol,
        address: listen.or(node.attribute("listen"))?.to_owned(),
        port: plain,
        tls_port: tls,
    })
}

fn nic_read(node: &Node) -> Option<MachineNic> {
    let attribute = |path, name| node.find(path).and_then(|n| n.attribute(name));
    Some(MachineNic {
        nic: nic_of_alias(attribute("alias", "name")?)?,
        mac: attribute("mac", "address")?.parse().ok()?,
        tap: attribute("target", "dev").map(str::to_owned),
        bridge: attribute("source", "bridge").map(str::to_owned),
    })
}
