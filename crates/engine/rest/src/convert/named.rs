//! Members that a body names by id or name.

use super::find;
use base::{Fault, HostId, VmId};
use projection::Snapshot;

/// A VM.
///
/// # Errors
/// 400 when none is named; 404 for an unknown one.
pub fn vm(snapshot: &Snapshot, wanted: &api_v4::Vm) -> Result<VmId, Fault> {
    Ok(find::vm(snapshot, "vm", wanted)?.id)
}

/// A host.
///
/// # Errors
/// As `vm`.
pub fn host(snapshot: &Snapshot, wanted: &api_v4::Host) -> Result<HostId, Fault> {
    Ok(find::host(snapshot, "host", wanted)?.id)
}
