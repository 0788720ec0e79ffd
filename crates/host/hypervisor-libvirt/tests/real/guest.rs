//! The smallest guest: a boot sector that prints one line on the first serial port and halts.

use base::{DiskId, Random, StorageDomainId, VmId, VolumeId};
use domain::disks::DiskFormat;
use domain::vms::{BootDevice, CpuTopology, DiskInterface, GraphicsProtocol};
use hypervisor::{DiskSource, MachineLaunch};
use ports::hosts::{DiskSpec, MachineSpec, Smbios};
use std::path::Path;

/// What it prints.
pub const LINE: &str = "BOOTSECTOR-OK";

/// 512 bytes of machine code in real mode.
pub fn boot_sector() -> Vec<u8> {
    let mut code = vec![
        0xfa, // cli
        0x31, 0xc0, // xor ax,ax
        0x8e, 0xd8, // mov ds,ax
        0x8e, 0xd0, // mov ss,ax
        0xbc, 0x00, 0x7c, // mov sp,0x7c00
        0xbe, 0x28, 0x7c, // mov si,text
        0xac, // next: lodsb
        0x84, 0xc0, // test al,al
        0x74, 0x12, // jz end
        0x88, 0xc3, // mov bl,al
        0xba, 0xfd, 0x03, // wait: mov dx,0x3fd
        0xec, // in al,dx
        0xa8, 0x20, // test al,0x20
        0x74, 0xf8, // jz wait
        0x88, 0xd8, // mov al,bl
        0xba, 0xf8, 0x03, // mov dx,0x3f8
        0xee, // out dx,al
        0xeb, 0xe9, // jmp next
        0xfb, // end: sti
        0xf4, // halt: hlt
        0xeb, 0xfd, // jmp halt
    ];
    assert_eq!(code.len(), 0x28, "the text's address stands in the code");
    code.extend(LINE.bytes());
    code.extend(b"\r\n\0");
    code.resize(510, 0);
    code.extend([0x55, 0xaa]);
    code
}

/// A disk image with it, in `dir`.
pub fn disk(dir: &Path) -> (DiskSpec, DiskSource) {
    let spec = DiskSpec {
        disk: DiskId::random(&base::OsRandom),
        domain: StorageDomainId::known(0x5d),
        volume: VolumeId::random(&base::OsRandom),
        format: DiskFormat::Raw,
        interface: DiskInterface::Virtio,
        bootable: true,
        read_only: false,
        shareable: false,
        pass_discard: false,
        propagate_errors: false,
    };
    let path = dir.join(spec.volume.to_string());
    let mut image = boot_sector();
    image.resize(1 << 20, 0);
    std::fs::write(&path, image).unwrap();
    (spec, DiskSource::file(path))
}

/// A machine with one such disk.
pub fn launch(dir: &Path, name: &str) -> MachineLaunch {
    let (spec, source) = disk(dir);
    let id = VmId(base::OsRandom.uuid());
    MachineLaunch {
        disks: [(MachineLaunch::address_of(&spec), source)].into(),
        machine: MachineSpec {
            id,
            name: name.into(),
            memory_bytes: 32 << 20,
            memory_guaranteed_bytes: 16 << 20,
            topology: CpuTopology {
                sockets: 1,
                cores: 1,
                threads: 1,
            },
            cpu_model: None,
            cpu_shares: 0,
            boot: vec![BootDevice::Hd],
            disks: vec![spec],
            nics: vec![],
            graphics: vec![GraphicsProtocol::Vnc],
            rng: true,
            balloon: true,
            clock_offset_seconds: 0,
            smbios: Smbios {
                manufacturer: "oVirt".into(),
                product: "Vireo".into(),
                version: "0.1".into(),
                serial: id.to_string(),
            },
            cluster_version: "4.8".into(),
        },
        epoch: 1,
        paused: false,
        serial_log: Some(dir.join(format!("{id}.log"))),
        console_listen: "127.0.0.1".into(),
    }
}
