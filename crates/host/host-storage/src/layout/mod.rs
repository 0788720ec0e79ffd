//! oVirt's storage format V5 as text and names. Pure: no file is opened here.

mod description;
mod domain_metadata;
mod names;
mod volume_metadata;

pub use description::DiskDescription;
pub use domain_metadata::DomainMetadata;
pub use names::{Place, escape, removed_disk, removed_name};
pub use volume_metadata::{Legality, VolumeMetadata, VolumeRole};

/// Text on storage that breaks the format's rules; a whole sentence without its end.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadMetadata(pub String);
