//! Storage domains, volumes and images.

use super::{BadMessage, Wire, field, optional, required, wire_enum};
use crate::proto;
use domain::disks::DiskFormat;
use domain::storage::StorageBacking;
use ports::hosts::{
    CopySource, ImageProbe, StorageDomainSpec, StorageDomainUsage, VolumeAddress, VolumeCopy,
    VolumeCreate, VolumeInfo,
};

wire_enum!(DiskFormat as proto::DiskFormat { Cow, Raw });

impl Wire for StorageDomainSpec {
    type Message = proto::StorageDomainSpec;
    fn into_wire(self) -> Self::Message {
        use proto::storage_domain_spec::Backing;
        proto::StorageDomainSpec {
            id: self.id.into_wire(),
            backing: Some(match self.backing {
                StorageBacking::LocalFs { path } => Backing::LocalFs(proto::LocalFs { path }),
                StorageBacking::PosixFs {
                    path,
                    vfs_type,
                    mount_options,
                } => Backing::PosixFs(proto::PosixFs {
                    path,
                    vfs_type,
                    mount_options,
                }),
            }),
            data_center: self.data_center.map(Wire::into_wire),
        }
    }
    fn from_wire(m: Self::Message) -> Result<Self, BadMessage> {
        use proto::storage_domain_spec::Backing;
        Ok(StorageDomainSpec {
            id: field("id", m.id)?,
            backing: match m.backing {
                Some(Backing::LocalFs(b)) => StorageBacking::LocalFs { path: b.path },
                Some(Backing::PosixFs(b)) => StorageBacking::PosixFs {
                    path: b.path,
                    vfs_type: b.vfs_type,
                    mount_options: b.mount_options,
                },
                None => {
                    return Err(BadMessage::new(
                        "is missing or unknown; this version knows local_fs and posix_fs",
                    )
                    .within("backing"));
                }
            },
            data_center: optional("data_center", m.data_center)?,
        })
    }
}

impl Wire for StorageDomainUsage {
    type Message = proto::StorageDomainUsage;
    fn into_wire(self) -> Self::Message {
        proto::StorageDomainUsage {
            total_bytes: self.total_bytes,
            available_bytes: self.available_bytes,
        }
    }
    fn from_wire(m: Self::Message) -> Result<Self, BadMessage> {
        Ok(StorageDomainUsage {
            total_bytes: m.total_bytes,
            available_bytes: m.available_bytes,
        })
    }
}

impl Wire for VolumeAddress {
    type Message = proto::VolumeAddress;
    fn into_wire(self) -> Self::Message {
        proto::VolumeAddress {
            domain: self.domain.into_wire(),
            disk: self.disk.into_wire(),
            volume: self.volume.into_wire(),
        }
    }
    fn from_wire(m: Self::Message) -> Result<Self, BadMessage> {
        Ok(VolumeAddress {
            domain: field("domain", m.domain)?,
            disk: field("disk", m.disk)?,
            volume: field("volume", m.volume)?,
        })
    }
}

impl Wire for VolumeCreate {
    type Message = proto::VolumeCreateRequest;
    fn into_wire(self) -> Self::Message {
        proto::VolumeCreateRequest {
            at: Some(self.at.into_wire()),
            format: self.format.into_wire(),
            sparse: self.sparse,
            capacity_bytes: self.capacity_bytes,
            parent: self.parent.map(|(disk, volume)| proto::VolumeParent {
                disk: disk.into_wire(),
                volume: volume.into_wire(),
            }),
            alias: self.alias,
            description: self.description,
            created: self.created.into_wire(),
        }
    }
    fn from_wire(m: Self::Message) -> Result<Self, BadMessage> {
        let parent = match m.parent {
            None => None,
            Some(p) => Some((
                field("disk", p.disk).map_err(|e| e.within("parent"))?,
                field("volume", p.volume).map_err(|e| e.within("parent"))?,
            )),
        };
        Ok(VolumeCreate {
            at: required("at", m.at)?,
            format: field("format", m.format)?,
            sparse: m.sparse,
            capacity_bytes: m.capacity_bytes,
            parent,
            alias: m.alias,
            description: m.description,
            created: field("created", m.created)?,
        })
    }
}

impl Wire for VolumeCopy {
    type Message = proto::VolumeCopyRequest;
    fn into_wire(self) -> Self::Message {
        use proto::volume_copy_request::Source;
        proto::VolumeCopyRequest {
            source: Some(match self.source {
                CopySource::Volume(at) => Source::Volume(at.into_wire()),
                CopySource::Layer(at) => Source::Layer(at.into_wire()),
                CopySource::File { path, format } => Source::File(proto::ImageFile {
                    path,
                    format: format.into_wire(),
                }),
            }),
            to: Some(self.to.into_wire()),
        }
    }
    fn from_wire(m: Self::Message) -> Result<Self, BadMessage> {
        use proto::volume_copy_request::Source;
        Ok(VolumeCopy {
            source: match m.source {
                Some(Source::Volume(at)) => CopySource::Volume(field("volume", at)?),
                Some(Source::Layer(at)) => CopySource::Layer(field("layer", at)?),
                Some(Source::File(file)) => CopySource::File {
                    path: file.path,
                    format: field("format", file.format).map_err(|e| e.within("file"))?,
                },
                None => {
                    return Err(BadMessage::new(
                        "is missing or unknown; this version knows volume, layer and file",
                    )
                    .within("source"));
                }
            },
            to: required("to", m.to)?,
        })
    }
}

impl Wire for VolumeInfo {
    type Message = proto::VolumeInfo;
    fn into_wire(self) -> Self::Message {
        proto::VolumeInfo {
            capacity_bytes: self.capacity_bytes,
            actual_bytes: self.actual_bytes,
        }
    }
    fn from_wire(m: Self::Message) -> Result<Self, BadMessage> {
        Ok(VolumeInfo {
            capacity_bytes: m.capacity_bytes,
            actual_bytes: m.actual_bytes,
        })
    }
}

impl Wire for ImageProbe {
    type Message = proto::ImageProbeReply;
    fn into_wire(self) -> Self::Message {
        proto::ImageProbeReply {
            format: self.format.into_wire(),
            virtual_bytes: self.virtual_bytes,
            actual_bytes: self.actual_bytes,
        }
    }
    fn from_wire(m: Self::Message) -> Result<Self, BadMessage> {
        Ok(ImageProbe {
            format: field("format", m.format)?,
            virtual_bytes: m.virtual_bytes,
            actual_bytes: m.actual_bytes,
        })
    }
}
