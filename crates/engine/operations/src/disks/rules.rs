//! What a disk and its attachment may be.

use crate::checks;
use base::{DiskId, Fault};
use domain::disks::DiskFormat;
use domain::names::{self, Alphabet};
use domain::vms::{DiskInterface, Vm};
use store::Batch;

/// Longest description of a disk.
const DESCRIPTION_MAX: usize = 500;
/// Sizes are multiples of this.
const SECTOR: u64 = 512;
/// The largest size: what fits a signed 64-bit offset.
const SIZE_MAX: u64 = i64::MAX as u64 / SECTOR * SECTOR;
/// SATA disks of one VM.
const SATA_MAX: usize = 5;

/// Name and description.
pub(crate) fn check_texts(name: &str, description: &str) -> Result<(), Fault> {
    names::check_name("disk", name, names::DISK_NAME_MAX, Alphabet::International)?;
    names::check_text("description", description, DESCRIPTION_MAX)
}

/// Format, thinness and shareability go together.
pub(crate) fn check_shape(format: DiskFormat, sparse: bool, shareable: bool) -> Result<(), Fault> {
    if format == DiskFormat::Cow && !sparse {
        return Err(Fault::bad_request(
            "ACTION_TYPE_FAILED_DISK_CONFIGURATION_NOT_SUPPORTED",
            "A disk of format `cow` has to be thin (`sparse`); use `raw` for a preallocated one.",
        ));
    }
    if format == DiskFormat::Cow && shareable {
        return Err(Fault::conflict(
            "SHAREABLE_DISK_IS_NOT_SUPPORTED_BY_VOLUME_FORMAT",
            "A disk that several machines share has to have the format `raw`.",
        ));
    }
    Ok(())
}

/// The size rounded up to whole sectors.
pub(crate) fn round_size(bytes: u64) -> Result<u64, Fault> {
    if bytes == 0 {
        return Err(Fault::bad_request(
            "ACTION_TYPE_FAILED_DISK_SIZE_ZERO",
            "The size of a disk has to be larger than 0.",
        ));
    }
    if bytes > SIZE_MAX {
        return Err(Fault::bad_request(
            "ACTION_TYPE_FAILED_DISK_MAX_SIZE_EXCEEDED",
            format!("A disk of {bytes} bytes is too large; at most {SIZE_MAX} are possible."),
        ));
    }
    Ok(bytes.div_ceil(SECTOR) * SECTOR)
}

/// A disk may be attached so to the VM.
pub(crate) fn check_attachable(
    vm: &Vm,
    bootable: bool,
    active: bool,
    read_only: bool,
    interface: DiskInterface,
) -> Result<(), Fault> {
    let verb = "Cannot attach Virtual Disk";
    checks::vm_is_free(vm, verb)?;
    if active && vm.run.is_some() {
        return Err(Fault::not_supported("plugging a disk into a running VM"));
    }
    check_attachments(vm, bootable, read_only, interface)
}

/// The rules of one more or changed attachment beside the others of `vm`.
pub(crate) fn check_attachments(
    vm: &Vm,
    bootable: bool,
    read_only: bool,
    interface: DiskInterface,
) -> Result<(), Fault> {
    if bootable && vm.hardware.disks.iter().any(|d| d.bootable) {
        return Err(Fault::conflict(
            "ACTION_TYPE_FAILED_DISK_BOOT_IN_USE",
            format!("VM {} has a bootable disk already.", vm.name),
        ));
    }
    if interface == DiskInterface::Sata {
        if read_only {
            return Err(Fault::bad_request(
                "ACTION_TYPE_FAILED_INTERFACE_DOES_NOT_SUPPORT_READ_ONLY_ATTR",
                "A disk on a SATA bus can't be read-only; use virtio or virtio_scsi.",
            ));
        }
        let others = vm
            .hardware
            .disks
            .iter()
            .filter(|d| d.interface == DiskInterface::Sata)
            .count();
        if others >= SATA_MAX {
            return Err(Fault::conflict(
                "ACTION_TYPE_FAILED_EXCEEDED_MAX_SATA_SLOTS",
                format!("VM {} has {SATA_MAX} SATA disks already.", vm.name),
            ));
        }
    }
    Ok(())
}

/// Puts the VM without that disk into the batch, if it has it.
pub(crate) fn put_without_disk(vm: &Vm, disk: DiskId, batch: &mut Batch) {
    if vm.hardware.disks.iter().any(|d| d.disk == disk) {
        let mut next = vm.clone();
        next.hardware.disks.retain(|d| d.disk != disk);
        batch.put(next);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_rounded_up_to_sectors_and_bounded() {
        assert_eq!(round_size(1), Ok(512));
        assert_eq!(round_size(512), Ok(512));
        assert_eq!(round_size(513), Ok(1024));
        assert_eq!(round_size(SIZE_MAX), Ok(SIZE_MAX));
        assert_eq!(
            round_size(0).unwrap_err().key,
            "ACTION_TYPE_FAILED_DISK_SIZE_ZERO"
        );
        assert_eq!(
            round_size(u64::MAX).unwrap_err().key,
            "ACTION_TYPE_FAILED_DISK_MAX_SIZE_EXCEEDED"
        );
    }

    #[test]
    fn cow_is_thin_and_not_shared() {
        assert_eq!(check_shape(DiskFormat::Cow, true, false), Ok(()));
        assert_eq!(check_shape(DiskFormat::Raw, false, true), Ok(()));
        assert!(check_shape(DiskFormat::Cow, false, false).is_err());
        assert!(check_shape(DiskFormat::Cow, true, true).is_err());
    }
}
