//! Importing an image file that lies on a host as a new disk.

use crate::{Accepted, Rooms};
use base::{Call, DiskId, Fault, HostId, StorageDomainId};

/// What is imported, and whereto.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiskImport {
    /// Alias of the disk.
    pub name: String,
    /// Free text.
    pub description: String,
    /// Absolute path of the file on the host.
    pub path: String,
    /// The host it lies on.
    pub host: HostId,
    /// Where the disk is to lie.
    pub storage_domain: StorageDomainId,
}

/// Accepts the import: the disk is there at once, `locked` until its content is copied. It is asked
/// what the file is before; the disk has the file's virtual size and is thin.
///
/// # Errors
/// 400 for a bad name or path; 404 for an unknown host or domain; 409 when the host is not up, has
/// no such image, or the domain is not active or has too little space.
pub async fn import(
    call: &Call,
    rooms: &Rooms,
    import: DiskImport,
) -> Result<Accepted<DiskId>, Fault> {
    let _ = (call, rooms, import);
    Err(Fault::not_supported("importing a disk"))
}
