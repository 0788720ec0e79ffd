//! Layers of a disk: what libvirt shows of them, and what it is asked for.

use super::devices::path_text;
use super::names::disk_alias;
use super::{Node, XmlError};
use crate::{BlockCopy, BlockJobKind, DiskChain, DiskLayer, DiskMirror, DiskOverlay, DiskSource};
use base::DiskId;
use domain::disks::DiskFormat;
use std::path::PathBuf;

/// More layers than a chain can have; a bound for what comes from outside.
const MAX_LAYERS: usize = 1024;

/// A disk's name in libvirt (`vda`) and its layers, from a running domain's XML; `None` when the
/// machine has not that disk.
///
/// # Errors
/// `Malformed` or `Missing` when it is no domain's XML.
pub fn disk_chain_read(text: &str, disk: DiskId) -> Result<Option<(String, DiskChain)>, XmlError> {
    let domain = Node::parse(text)?;
    let devices = domain.find("devices").ok_or(XmlError::Missing("devices"))?;
    let alias = disk_alias(disk);
    let is_it =
        |node: &&Node| node.find("alias").and_then(|a| a.attribute("name")) == Some(alias.as_str());
    let Some(node) = devices.all("disk").find(is_it) else {
        return Ok(None);
    };
    let target = node.find("target").and_then(|t| t.attribute("dev"));
    let target = target.ok_or(XmlError::Missing("name of a disk"))?;
    let mut layers = Vec::new();
    let mut next = Some((node, node.find("driver").and_then(|d| d.attribute("type"))));
    // The end of a chain is an element without a source.
    while let Some((layer, format)) = next
        && let Some(path) = source_read(layer)
        && layers.len() < MAX_LAYERS
    {
        let format = format.and_then(format_read);
        layers.push(DiskLayer { path, format });
        next = layer
            .find("backingStore")
            .map(|below| (below, format_of(below)));
    }
    let mirror = node.find("mirror").and_then(mirror_read);
    Ok(Some((target.to_owned(), DiskChain { layers, mirror })))
}

fn source_read(node: &Node) -> Option<PathBuf> {
    let source = node.find("source")?;
    let path = source.attribute("file").or(source.attribute("dev"))?;
    Some(PathBuf::from(path))
}

fn format_of(node: &Node) -> Option<&str> {
    node.find("format").and_then(|f| f.attribute("type"))
}

fn format_read(name: &str) -> Option<DiskFormat> {
    match name {
        "raw" => Some(DiskFormat::Raw),
        "qcow2" => Some(DiskFormat::Cow),
        _ => None,
    }
}

fn mirror_read(node: &Node) -> Option<DiskMirror> {
    Some(DiskMirror {
        path: source_read(node)?,
        kind: match node.attribute("job")? {
            "copy" => BlockJobKind::Copy,
            "active-commit" => BlockJobKind::ActiveCommit,
            _ => return None,
        },
        ready: node.attribute("ready") == Some("yes"),
    })
}

/// `<domainsnapshot>` that puts new layers on some disks and leaves the others alone.
///
/// # Errors
/// `Unfit` with a whole sentence when a path can't be written.
pub fn snapshot_xml(
    overlays: &[(String, DiskOverlay)],
    others: &[String],
) -> Result<String, XmlError> {
    let mut disks = Node::new("disks");
    for (target, overlay) in overlays {
        let disk = disk_at("disk", &overlay.to, overlay.format)?;
        disks = disks.child(disk.with("name", target).with("snapshot", "external"));
    }
    let left_alone = |target| {
        Node::new("disk")
            .with("name", target)
            .with("snapshot", "no")
    };
    let disks = disks.children(others.iter().map(left_alone));
    Ok(Node::new("domainsnapshot").child(disks).to_xml())
}

/// `<disk>` with the place of a copy.
///
/// # Errors
/// `Unfit` with a whole sentence when the path can't be written.
pub fn copy_xml(copy: &BlockCopy) -> Result<String, XmlError> {
    Ok(disk_at("disk", &copy.to, copy.format)?.to_xml())
}

fn disk_at(name: &str, source: &DiskSource, format: DiskFormat) -> Result<Node, XmlError> {
    let path = path_text("The path of a disk", &source.path)?;
    let (kind, attribute) = if source.block {
        ("block", "dev")
    } else {
        ("file", "file")
    };
    let format = match format {
        DiskFormat::Raw => "raw",
        DiskFormat::Cow => "qcow2",
    };
    Ok(Node::new(name)
        .with("type", kind)
        .child(Node::new("driver").with("type", format))
        .child(Node::new("source").with(attribute, path)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DISK: DiskId = DiskId::known(0xd1);

    fn domain(disk: &str) -> String {
        format!(
            "<domain><devices><disk type='file'>{disk}<target dev='vdb'/><alias name='{}'/></disk></devices></domain>",
            disk_alias(DISK)
        )
    }

    #[test]
    fn a_chain_is_read_from_the_top_with_its_mirror() {
        let text = domain(
            "<driver name='qemu' type='qcow2'/><source file='/a/größe &amp; top' index='3'/>
             <backingStore type='block' index='1'><format type='raw'/><source dev='/dev/x'/>
             <backingStore type='file'><format type='vmdk'/><source file='/odd'/><backingStore/></backingStore>
             </backingStore>
             <mirror type='file' file='/b' job='active-commit' ready='yes'><source file='/b'/></mirror>",
        );
        let (target, chain) = disk_chain_read(&text, DISK).unwrap().unwrap();
        let layer = |path: &str, format| DiskLayer {
            path: path.into(),
            format,
        };
        assert_eq!(target, "vdb");
        assert_eq!(
            chain.layers,
            [
                layer("/a/größe & top", Some(DiskFormat::Cow)),
                layer("/dev/x", Some(DiskFormat::Raw)),
                layer("/odd", None)
            ]
        );
        let mirror = chain.mirror.clone().unwrap();
        assert_eq!(mirror.path, PathBuf::from("/b"));
        assert_eq!(
            (mirror.kind, mirror.ready),
            (BlockJobKind::ActiveCommit, true)
        );
        assert_eq!(disk_chain_read(&text, DiskId::known(2)), Ok(None));
        assert!(disk_chain_read("<domain/>", DISK).is_err());
    }

    #[test]
    fn a_snapshot_names_every_disk() {
        let overlay = DiskOverlay {
            disk: DISK,
            to: DiskSource::file("/a/<ü>'"),
            format: DiskFormat::Cow,
        };
        let xml = snapshot_xml(&[("vda".into(), overlay)], &["vdb".into()]).unwrap();
        let node = Node::parse(&xml).unwrap();
        let disks: Vec<_> = node.find("disks").unwrap().all("disk").collect();
        let source = disks[0].find("source").unwrap();
        assert_eq!(source.attribute("file"), Some("/a/<ü>'"));
        assert_eq!(disks[0].attribute("snapshot"), Some("external"));
        assert_eq!(disks[1].attribute("snapshot"), Some("no"));
    }

    #[test]
    fn a_copy_can_lie_on_a_block_device_and_odd_paths_are_refused() {
        let mut copy = BlockCopy {
            vm: base::VmId::known(1),
            epoch: 1,
            disk: DISK,
            to: DiskSource {
                path: "/dev/vg/lv".into(),
                block: true,
            },
            format: DiskFormat::Raw,
            shallow: false,
            reuse_external: true,
            bandwidth: None,
        };
        let node = Node::parse(&copy_xml(&copy).unwrap()).unwrap();
        assert_eq!(node.attribute("type"), Some("block"));
        assert_eq!(node.find("driver").unwrap().attribute("type"), Some("raw"));
        copy.to = DiskSource::file("/a\n");
        assert!(matches!(copy_xml(&copy), Err(XmlError::Unfit(_))));
    }
}
