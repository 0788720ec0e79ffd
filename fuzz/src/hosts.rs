//! What comes from hosts: messages, metadata on storage, libvirt's XML.

use base::{DataCenterId, DiskId, StorageDomainId, VmId, VolumeId};
use host_storage::layout::{DiskDescription, DomainMetadata, VolumeMetadata, removed_disk};
use hypervisor::xml;
use std::path::Path;

/// A message: its kind, then its bytes.
pub fn rpc(input: &[u8]) {
    if let Some((kind, bytes)) = input.split_first() {
        let _ = agent_rpc::probe::message_read(usize::from(*kind), bytes);
    }
}

/// Metadata: what can be read and written again is the same.
pub fn storage(input: &[u8]) {
    if let Ok(mut metadata) = DomainMetadata::parse(input) {
        let text = metadata.text();
        assert_eq!(
            DomainMetadata::parse(text.as_bytes()),
            Ok(metadata.clone()),
            "{text}"
        );
        let _ = metadata.expect(StorageDomainId::known(1), "LOCALFS");
        let _ = metadata.join(DataCenterId::known(1));
    }
    if let Ok(mut metadata) = VolumeMetadata::parse(input) {
        // A text that does not fit is refused, which is right.
        if let Ok(text) = metadata.text() {
            assert_eq!(
                VolumeMetadata::parse(text.as_bytes()),
                Ok(metadata.clone()),
                "{text}"
            );
        }
        let _ = metadata.shape();
        metadata.generation_bump();
    }
    if let Ok(text) = std::str::from_utf8(input) {
        let text = DiskDescription::parse(text).text();
        assert!(text.len() <= 210, "{text}");
        let _ = removed_disk(text.trim());
    }
}

/// What libvirt shows.
pub fn domain(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    let _ = xml::domain_read(text);
    let _ = xml::incoming_read(VmId::known(1), text);
    let _ = xml::disk_chain_read(text, DiskId::known(1));
    let _ = xml::capabilities_read(text);
    let _ = xml::domain_capabilities_cpu_model(text);
    let _ = xml::destination_xml(text, Some("::1"), Some(Path::new("/log")));
    let _ = xml::placed_metadata(text, "vda", StorageDomainId::known(1), VolumeId::known(1));
    if let Ok(node) = xml::Node::parse(text) {
        let written = node.to_xml();
        assert!(xml::Node::parse(&written).is_ok(), "{written}");
    }
}
