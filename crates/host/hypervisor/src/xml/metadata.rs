//! What is written into a domain so that an agent that restarts knows it again.
//!
//! Two elements: `ovirt-vm:vm` as tools around oVirt look for it, and `vireo:run` with what only we
//! need (the run's epoch, the name as people know it, the ids behind disks).

use super::{Node, XmlError, names::xml_text};
use crate::MachineLaunch;
use base::{StorageDomainId, Timestamp, VolumeId};
use std::collections::BTreeMap;

pub(super) const OVIRT_NAMESPACE: &str = "http://ovirt.org/vm/1.0";
/// The name space of the element with what only we need.
pub const OUR_NAMESPACE: &str = "urn:vireo:run:1";

/// Our part, read back.
pub(super) struct RunSeen {
    pub epoch: u64,
    pub name: String,
    pub started: Timestamp,
    /// By libvirt's device name: the domain and volume of the disk.
    pub disks: BTreeMap<String, (StorageDomainId, VolumeId)>,
}

/// `targets` are the device names of the machine's disks, in order.
pub(super) fn metadata(
    launch: &MachineLaunch,
    started: Timestamp,
    targets: &[String],
) -> Result<Node, XmlError> {
    let machine = &launch.machine;
    let typed = |name: &str, kind: &str, value: String| {
        Node::text(&format!("ovirt-vm:{name}"), value).with("type", kind)
    };
    let seconds = format!(
        "{}.{:06}",
        started.0.div_euclid(1_000_000),
        started.0.rem_euclid(1_000_000)
    );
    let mut ovirt = Node::new("ovirt-vm:vm")
        .with("xmlns:ovirt-vm", OVIRT_NAMESPACE)
        .child(Node::text(
            "ovirt-vm:clusterVersion",
            xml_text("The cluster's version", &machine.cluster_version)?,
        ))
        .child(typed(
            "minGuaranteedMemoryMb",
            "int",
            (machine.memory_guaranteed_bytes >> 20).to_string(),
        ))
        .child(typed("launchPaused", "bool", launch.paused.to_string()))
        .child(typed("startTime", "float", seconds));
    let mut ours = Node::new("vireo:run")
        .with("xmlns:vireo", OUR_NAMESPACE)
        .child(Node::text("vireo:epoch", launch.epoch))
        .child(Node::text("vireo:name", name_written(&machine.name)))
        .child(Node::text("vireo:started", started.0));
    for (disk, target) in machine.disks.iter().zip(targets) {
        ovirt = ovirt.child(
            Node::new("ovirt-vm:device")
                .with("devtype", "disk")
                .with("name", target)
                .child(Node::text("ovirt-vm:domainID", disk.domain))
                .child(Node::text("ovirt-vm:imageID", disk.disk))
                .child(Node::text("ovirt-vm:volumeID", disk.volume)),
        );
        ours = ours.child(
            Node::new("vireo:disk")
                .with("target", target)
                .with("domain", disk.domain)
                .with("volume", disk.volume),
        );
    }
    Ok(Node::new("metadata").child(ovirt).child(ours))
}

/// JSON's escapes carry every name through XML, also one with characters XML has no place for.
fn name_written(name: &str) -> String {
    let plain = serde_json::Value::from(name).to_string();
    plain
        .chars()
        .map(|c| match c {
            // JSON leaves these as they are and XML refuses or changes them.
            '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{fffe}' | '\u{ffff}' => {
                format!("\\u{:04x}", u32::from(c))
            }
            c => c.to_string(),
        })
        .collect()
}

/// Our part of a domain; `None` for domains that are not ours.
pub(super) fn metadata_read(domain: &Node) -> Option<RunSeen> {
    let run = domain.find("metadata")?.all("run").find(|run| {
        run.attributes
            .iter()
            .any(|(name, value)| name.starts_with("xmlns") && value == OUR_NAMESPACE)
    })?;
    run_read(run)
}

/// The same from the element alone.
pub(super) fn run_read(run: &Node) -> Option<RunSeen> {
    let disk = |node: &Node| {
        let domain = node.attribute("domain")?.parse().ok()?;
        let volume = node.attribute("volume")?.parse().ok()?;
        Some((node.attribute("target")?.to_owned(), (domain, volume)))
    };
    Some(RunSeen {
        epoch: run.find_text("epoch")?.parse().ok()?,
        name: serde_json::from_str(run.find_text("name")?).ok()?,
        started: Timestamp(run.find_text("started")?.parse().ok()?),
        disks: run.all("disk").filter_map(disk).collect(),
    })
}
