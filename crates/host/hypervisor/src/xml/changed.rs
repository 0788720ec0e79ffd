//! Changes to a running domain's description: for another host, and when a disk lies elsewhere.

use super::devices::path_text;
use super::metadata::{OUR_NAMESPACE, OVIRT_NAMESPACE};
use super::names::xml_text;
use super::{Node, XmlError};
use base::{StorageDomainId, VolumeId};
use std::path::Path;

/// A migratable domain's XML with what is different on the other host.
///
/// # Errors
/// `Malformed` when it is no XML, `Unfit` when a value can't be written.
pub fn destination_xml(
    text: &str,
    console_listen: Option<&str>,
    serial_log: Option<&Path>,
) -> Result<String, XmlError> {
    let mut domain = Node::parse(text)?;
    let devices = domain.children.iter_mut().find(|c| c.name == "devices");
    for device in devices.into_iter().flat_map(|d| &mut d.children) {
        match device.name.as_str() {
            "graphics" => {
                let Some(address) = console_listen else {
                    continue;
                };
                let address = xml_text("The address of consoles", address)?;
                device.set("listen", address);
                for listen in device.children.iter_mut().filter(|c| c.name == "listen") {
                    listen.set("address", address);
                }
            }
            "serial" | "console" => {
                let Some(path) = serial_log else { continue };
                let path = path_text("The path of the serial console's log", path)?;
                for log in device.children.iter_mut().filter(|c| c.name == "log") {
                    log.set("file", path);
                }
            }
            _ => {}
        }
    }
    Ok(domain.to_xml())
}

/// An element of a domain's metadata, as libvirt takes it for writing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetadataElement {
    /// The element, without name space.
    pub xml: String,
    /// The prefix it shall have.
    pub prefix: &'static str,
    /// The name space.
    pub namespace: &'static str,
}

/// The metadata of a domain of ours once the disk `target` lies in another volume: what tools around
/// oVirt look for first, then our own.
///
/// # Errors
/// `Malformed` when it is no XML, `Missing` when the domain is not ours.
pub fn placed_metadata(
    text: &str,
    target: &str,
    domain_id: StorageDomainId,
    volume: VolumeId,
) -> Result<Vec<MetadataElement>, XmlError> {
    let domain = Node::parse(text)?;
    let metadata = domain
        .find("metadata")
        .ok_or(XmlError::Missing("metadata"))?;
    let mut elements = Vec::new();
    if let Some(vm) = metadata.all("vm").find(|n| n.is_in(OVIRT_NAMESPACE)) {
        let mut vm = vm.without_prefixes();
        for device in vm
            .children
            .iter_mut()
            .filter(|d| is_disk(d, "device", "name", target))
        {
            for part in &mut device.children {
                match part.name.as_str() {
                    "domainID" => part.text = domain_id.to_string(),
                    "volumeID" => part.text = volume.to_string(),
                    _ => {}
                }
            }
        }
        elements.push(MetadataElement {
            xml: vm.to_xml(),
            prefix: "ovirt-vm",
            namespace: OVIRT_NAMESPACE,
        });
    }
    let run = metadata.all("run").find(|n| n.is_in(OUR_NAMESPACE));
    let mut run = run
        .ok_or(XmlError::Missing("run of ours"))?
        .without_prefixes();
    let mut disks = run.children.iter_mut();
    let disk = disks.find(|d| is_disk(d, "disk", "target", target));
    let disk = disk.ok_or(XmlError::Missing("disk of ours"))?;
    disk.set("domain", domain_id);
    disk.set("volume", volume);
    elements.push(MetadataElement {
        xml: run.to_xml(),
        prefix: "vireo",
        namespace: OUR_NAMESPACE,
    });
    Ok(elements)
}

fn is_disk(node: &Node, name: &str, attribute: &str, target: &str) -> bool {
    node.name == name && node.attribute(attribute) == Some(target)
}

impl Node {
    /// Sets an attribute that may be there.
    fn set(&mut self, name: &str, value: impl ToString) {
        match self.attributes.iter_mut().find(|(n, _)| n == name) {
            Some((_, old)) => *old = value.to_string(),
            None => self.attributes.push((name.into(), value.to_string())),
        }
    }

    /// Does it declare this name space?
    fn is_in(&self, namespace: &str) -> bool {
        let mut attributes = self.attributes.iter();
        attributes.any(|(name, value)| name.starts_with("xmlns") && value == namespace)
    }

    fn without_prefixes(&self) -> Node {
        let plain = |(name, _): &&(String, String)| !name.starts_with("xmlns");
        Node {
            name: self.local_name().to_owned(),
            attributes: self.attributes.iter().filter(plain).cloned().collect(),
            children: self.children.iter().map(Node::without_prefixes).collect(),
            text: self.text.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_on_the_other_host_is_changed_and_nothing_else() {
        let text = "<domain type='qemu'><name>ü &amp; x</name><devices>
            <graphics type='vnc' port='5900' listen='10.0.0.1'><listen type='address' address='10.0.0.1'/></graphics>
            <serial type='pty'><log file='/var/a' append='on'/></serial>
            <console type='pty'><log file='/var/a' append='on'/></console></devices></domain>";
        let same = destination_xml(text, None, None).unwrap();
        assert_eq!(Node::parse(&same), Node::parse(text));
        let changed = destination_xml(text, Some("10.0.0.2"), Some(Path::new("/b"))).unwrap();
        let expected = text.replace("10.0.0.1", "10.0.0.2").replace("/var/a", "/b");
        assert_eq!(Node::parse(&changed), Node::parse(&expected));
    }

    #[test]
    fn a_disk_that_lies_elsewhere_is_written_into_both_elements() {
        let text = "<domain><metadata>
            <ovirt-vm:vm xmlns:ovirt-vm='http://ovirt.org/vm/1.0'>
              <ovirt-vm:device devtype='disk' name='vda'><ovirt-vm:domainID>old</ovirt-vm:domainID>
              <ovirt-vm:imageID>i</ovirt-vm:imageID><ovirt-vm:volumeID>old</ovirt-vm:volumeID></ovirt-vm:device>
            </ovirt-vm:vm>
            <vireo:run xmlns:vireo='urn:vireo:run:1'><vireo:epoch>3</vireo:epoch>
              <vireo:disk target='vda' domain='old' volume='old'/><vireo:disk target='vdb' domain='old' volume='old'/></vireo:run>
            </metadata></domain>";
        let (at, volume) = (StorageDomainId::known(7), VolumeId::known(9));
        let elements = placed_metadata(text, "vda", at, volume).unwrap();
        assert_eq!(elements.len(), 2);
        let ovirt = Node::parse(&elements[0].xml).unwrap();
        assert_eq!(ovirt.find_text("device/domainID"), Some(&*at.to_string()));
        assert_eq!(ovirt.find_text("device/imageID"), Some("i"));
        assert!(!elements[1].xml.contains("vireo:"), "{}", elements[1].xml);
        let run = Node::parse(&elements[1].xml).unwrap();
        let disks: Vec<_> = run.all("disk").collect();
        assert_eq!(disks[0].attribute("volume"), Some(&*volume.to_string()));
        assert_eq!(disks[1].attribute("volume"), Some("old"));
        assert!(placed_metadata(text, "vdc", at, volume).is_err());
    }
}
