//! The smallest guest: a boot sector that prints one line on the first serial port and halts.

use base::{DiskId, Random, StorageDomainId, VmId, VolumeId};
use domain::disks::DiskFormat;
use domain::vms::{BootDevice, CpuTopology, DiskInterface, GraphicsProtocol};
use hypervisor::{DiskSource, MachineLaunch};
use ports::hosts::{DiskSpec, MachineSpec, Smbios};
use std::path::Path;

/// What it prints.
pub const LINE: &str = "BOOTSECTOR-OK";

/// Where the firmware puts a boot sector.
const ORIGIN: u16 = 0x7c00;

/// Prints the line; `text` is its address.
fn printing(text: u16) -> Vec<u8> {
    let [low, high] = text.to_le_bytes();
    vec![
        0xfa, // cli
        0x31, 0xc0, // xor ax,ax
        0x8e, 0xd8, // mov ds,ax
        0x8e, 0xd0, // mov ss,ax
        0xbc, 0x00, 0x7c, // mov sp,0x7c00
        0xbe, low, high, // mov si,text
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
    ]
}

fn sector(mut code: Vec<u8>) -> Vec<u8> {
    code.extend(LINE.bytes());
    code.extend(b"\r\n\0");
    code.resize(510, 0);
    code.extend([0x55, 0xaa]);
    code
}

/// Prints its line and halts.
pub fn halting() -> Vec<u8> {
    let mut code = printing(ORIGIN + 40);
    code.extend([
        0xf4, // halt: hlt
        0xeb, 0xfd, // jmp halt
    ]);
    assert_eq!(code.len(), 40, "the text's address stands in the code");
    sector(code)
}

/// Prints its line and writes to its disk, 32 KiB after 32 KiB, for ever.
pub fn writing() -> Vec<u8> {
    let mut code = printing(ORIGIN + 75);
    let [low, high] = (ORIGIN + 59).to_le_bytes();
    let [block_low, block_high] = (ORIGIN + 59 + 8).to_le_bytes();
    code.extend([
        0xb4, 0x43, // write: mov ah,0x43
        0x30, 0xc0, // xor al,al
        0xb2, 0x80, // mov dl,0x80
        0xbe, low, high, // mov si,packet
        0xcd, 0x13, // int 0x13
        0x66, 0x81, 0x06, block_low, block_high, 0x40, 0, 0, 0, // add dword [packet+8],64
        0xeb, 0xea, // jmp write
        // packet: 64 sectors from 0x0800:0 to block 64
        0x10, 0, 0x40, 0, 0, 0, 0, 0x08, 0x40, 0, 0, 0, 0, 0, 0, 0,
    ]);
    assert_eq!(code.len(), 75, "addresses stand in the code");
    sector(code)
}

/// The sector that [`counting`] writes to.
#[allow(dead_code, reason = "the agent's tests use this guest")]
pub const COUNTER: u64 = 64;

/// Prints its line and writes a number to one sector of its disk, one more each time, for ever. The
/// sector is not zeros from the beginning, so that the write is seen in the file at once.
#[allow(dead_code, reason = "the agent's tests use this guest")]
pub fn counting() -> Vec<u8> {
    let mut code = printing(ORIGIN + 71);
    let [low, high] = (ORIGIN + 55).to_le_bytes();
    code.extend([
        0xb4, 0x43, // write: mov ah,0x43
        0x30, 0xc0, // xor al,al
        0xb2, 0x80, // mov dl,0x80
        0xbe, low, high, // mov si,packet
        0xcd, 0x13, // int 0x13
        0x66, 0xff, 0x06, 0x00, 0x80, // inc dword [0x8000]
        0xeb, 0xee, // jmp write
        // packet: one sector from 0x0800:0 to block 64
        0x10, 0, 1, 0, 0, 0, 0, 0x08, 0x40, 0, 0, 0, 0, 0, 0, 0,
    ]);
    assert_eq!(code.len(), 71, "addresses stand in the code");
    let mut image = sector(code);
    image.resize(usize::try_from(COUNTER).unwrap() * 512, 0);
    image.extend([0, 0, 0, 0, 1]);
    image
}

/// Prints its line and writes to half a megabyte of its memory, over and over.
pub fn dirtying() -> Vec<u8> {
    let mut code = printing(ORIGIN + 62);
    code.extend([
        0xbb, 0x00, 0x10, // again: mov bx,0x1000
        0x8e, 0xc3, // next: mov es,bx
        0x31, 0xff, // xor di,di
        0xb9, 0x00, 0x80, // mov cx,0x8000
        0xf3, 0xab, // rep stosw
        0x81, 0xc3, 0x00, 0x10, // add bx,0x1000
        0x81, 0xfb, 0x00, 0x90, // cmp bx,0x9000
        0x72, 0xed, // jb next
        0x40, // inc ax
        0xeb, 0xe7, // jmp again
    ]);
    assert_eq!(code.len(), 62, "the text's address stands in the code");
    sector(code)
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
    let mut image = halting();
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
