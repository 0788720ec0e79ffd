//! Disks: images on a storage domain, their chain of volumes and their states.
//!
//! How a volume's files are laid out is not here (`host-storage`).

use crate::entity::Claim;
use base::{DiskId, Generation, StorageDomainId, TemplateId, Timestamp, VolumeId, WorkflowId};
use serde::{Deserialize, Serialize};

/// Format of a volume's bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum DiskFormat {
    /// qcow2.
    Cow,
    /// Plain bytes.
    Raw,
}

/// oVirt's status of a disk.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum DiskStatus {
    /// Usable.
    Ok,
    /// A workflow works on it.
    Locked,
    /// Its content can't be trusted; it may only be removed.
    Illegal,
}

/// One volume of a chain; the last of `Disk::volumes` is what a VM writes to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Volume {
    /// Its id, the file's name on storage.
    pub id: VolumeId,
    /// Format of its bytes.
    pub format: DiskFormat,
    /// Thin (true) or preallocated.
    pub sparse: bool,
    /// Virtual size in bytes.
    pub capacity_bytes: u64,
}

/// A volume of a template's disk that a thin disk stands on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct BackingVolume {
    /// The template's disk.
    pub disk: DiskId,
    /// The volume in it.
    pub volume: VolumeId,
}

/// A virtual disk.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Disk {
    /// Its id; oVirt's image group on storage.
    pub id: DiskId,
    /// Bumped by each stored change.
    pub generation: Generation,
    /// Alias: letters of any script, digits, `.`, `_`, `-`; need not be unique.
    pub name: String,
    /// Free text, at most 500 characters.
    #[serde(default)]
    pub description: String,
    /// The domain its volumes lie on.
    pub storage_domain: StorageDomainId,
    /// Format of the active volume.
    pub format: DiskFormat,
    /// Thin provisioning.
    pub sparse: bool,
    /// Virtual size in bytes, a multiple of 512.
    pub provisioned_bytes: u64,
    /// Bytes it takes on storage, as last measured.
    pub actual_bytes: u64,
    /// From the base to the active volume.
    pub volumes: Vec<Volume>,
    /// What the base volume stands on, for thin disks of a template.
    #[serde(default)]
    pub backing: Option<BackingVolume>,
    /// The template this disk belongs to (then it never changes).
    #[serde(default)]
    pub template: Option<TemplateId>,
    /// May several VMs have it at once?
    #[serde(default)]
    pub shareable: bool,
    /// Overwrite with zeros when it is removed.
    #[serde(default)]
    pub wipe_after_delete: bool,
    /// Report I/O errors to the guest instead of pausing the VM.
    #[serde(default)]
    pub propagate_errors: bool,
    /// State.
    pub status: DiskStatus,
    /// The workflow that locks it.
    #[serde(default)]
    pub locked_by: Option<WorkflowId>,
    /// When it was made.
    pub created: Timestamp,
}

impl Disk {
    /// Disk names are not unique.
    #[must_use]
    pub fn claims(&self) -> Vec<Claim> {
        Vec::new()
    }
    /// The volume a VM writes to.
    #[must_use]
    pub fn active_volume(&self) -> Option<&Volume> {
        self.volumes.last()
    }
}
