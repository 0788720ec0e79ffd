//! Storage domains and volumes as a host is told of them.

use base::{DiskId, StorageDomainId, Timestamp, VolumeId};
use domain::disks::DiskFormat;
use domain::storage::StorageBacking;
use serde::{Deserialize, Serialize};

/// A domain and where it lies.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct StorageDomainSpec {
    /// Its id.
    pub id: StorageDomainId,
    /// Where it lies.
    pub backing: StorageBacking,
    /// The data center it belongs to (oVirt's pool UUID in the domain's metadata).
    pub data_center: Option<base::DataCenterId>,
}

/// Space on a domain.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct StorageDomainUsage {
    /// Bytes in all.
    pub total_bytes: u64,
    /// Free bytes.
    pub available_bytes: u64,
}

/// Where a volume is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct VolumeAddress {
    /// Domain.
    pub domain: StorageDomainId,
    /// Disk (oVirt's image).
    pub disk: DiskId,
    /// Volume.
    pub volume: VolumeId,
}

/// Make this volume.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct VolumeCreate {
    /// Where.
    pub at: VolumeAddress,
    /// Format.
    pub format: DiskFormat,
    /// Thin, or preallocated.
    pub sparse: bool,
    /// Virtual size in bytes, a multiple of 512.
    pub capacity_bytes: u64,
    /// What it stands on, in the same disk or in a template's disk of the same domain.
    pub parent: Option<(DiskId, VolumeId)>,
    /// Goes into the volume's metadata (oVirt's JSON).
    pub alias: String,
    /// Goes into the volume's metadata.
    pub description: String,
    /// When it was made.
    pub created: Timestamp,
}

/// Fill a volume.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct VolumeCopy {
    /// From where.
    pub source: CopySource,
    /// To where; its content is lost.
    pub to: VolumeAddress,
}

/// Where content comes from.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum CopySource {
    /// A volume with everything under it, flattened.
    Volume(VolumeAddress),
    /// One volume alone, byte for byte; the target has the same shape and stands on a copy of what
    /// this stands on.
    Layer(VolumeAddress),
    /// An image file on the host.
    File {
        /// Absolute path.
        path: String,
        /// Its format; nothing is guessed from content.
        format: DiskFormat,
    },
}

/// A volume as it is on storage.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct VolumeInfo {
    /// Virtual size in bytes.
    pub capacity_bytes: u64,
    /// Bytes allocated.
    pub actual_bytes: u64,
}

/// An image file as it is on the host.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ImageProbe {
    /// Format as its header says.
    pub format: DiskFormat,
    /// Virtual size in bytes.
    pub virtual_bytes: u64,
    /// Bytes allocated.
    pub actual_bytes: u64,
}
