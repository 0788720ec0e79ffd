//! The disk: an MBR with one FAT partition that syslinux boots from.

use crate::tools;
use anyhow::Context as _;
use std::fs::OpenOptions;
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::process::Command;

const SECTOR: u64 = 512;
/// The partition starts after the first MiB, as on every disk of today.
const START: u64 = 2048;
const MIB: u64 = 1024 * 1024;
/// Room for kernel and first file system with some to spare.
const SIZE: u64 = 64 * MIB;

/// `tsc=unstable`: an emulated clock counter; measuring it costs seconds at boot.
const BOOT: &str = "DEFAULT linux\nPROMPT 0\nTIMEOUT 0\nLABEL linux\n  KERNEL vmlinuz\n  INITRD initrd.gz\n  \
                    APPEND console=tty0 console=ttyS0,115200 quiet tsc=unstable panic=-1 net.ifnames=0\n";

/// Makes the qcow2 image; it appears under its name only when it is whole.
pub fn make(work: &Path, kernel: &Path, first: &Path, file: &Path) -> anyhow::Result<()> {
    let raw = work.join("disk.raw");
    let code = std::fs::read("/usr/lib/syslinux/mbr/mbr.bin")
        .context("cannot read syslinux's boot code")?;
    let mut disk = OpenOptions::new()
        .create(true)
        .truncate(true)
        .write(true)
        .open(&raw)?;
    disk.set_len(SIZE)?;
    disk.write_all(&code)?;
    disk.seek(SeekFrom::Start(446))?;
    disk.write_all(&partition_table(START, SIZE / SECTOR - START))?;
    drop(disk);
    // mtools and syslinux work inside of the partition by its offset in the file.
    let inside = format!("{}@@{}", raw.display(), START * SECTOR);
    let sectors = (SIZE / SECTOR - START).to_string();
    tools::run(Command::new("mformat").args([
        "-i",
        &inside,
        "-T",
        &sectors,
        "-h",
        "16",
        "-s",
        "63",
        "-H",
        &START.to_string(),
        "::",
    ]))?;
    let config = work.join("syslinux.cfg");
    std::fs::write(&config, BOOT)?;
    for (from, to) in [
        (kernel, "::/vmlinuz"),
        (first, "::/initrd.gz"),
        (&config, "::/syslinux.cfg"),
    ] {
        tools::run(
            Command::new("mcopy")
                .args(["-i", &inside])
                .arg(from)
                .arg(to),
        )?;
    }
    tools::run(
        Command::new("syslinux")
            .args(["--offset", &(START * SECTOR).to_string(), "--install"])
            .arg(&raw),
    )?;
    let whole = work.join("disk.qcow2");
    tools::run(
        Command::new("qemu-img")
            .args(["convert", "-f", "raw", "-O", "qcow2"])
            .arg(&raw)
            .arg(&whole),
    )?;
    std::fs::rename(&whole, file)
        .with_context(|| format!("cannot put {} in its place", file.display()))
}

/// The 64 bytes of a table with one active FAT16 partition, and the signature behind it.
fn partition_table(start: u64, sectors: u64) -> [u8; 66] {
    let mut table = [0; 66];
    let part = |n: u64| u32::try_from(n).unwrap_or(u32::MAX).to_le_bytes();
    // Active; the addresses by cylinder are the "beyond" ones, as nobody reads them any more.
    table[..8].copy_from_slice(&[0x80, 0xfe, 0xff, 0xff, 0x0e, 0xfe, 0xff, 0xff]);
    table[8..12].copy_from_slice(&part(start));
    table[12..16].copy_from_slice(&part(sectors));
    table[64..].copy_from_slice(&[0x55, 0xaa]);
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_one_active_partition_and_a_signature() {
        let table = partition_table(2048, 129_024);
        assert_eq!(table[0], 0x80);
        assert_eq!(&table[8..16], [0, 8, 0, 0, 0, 0xf8, 1, 0]);
        assert!(table[16..64].iter().all(|b| *b == 0));
        assert_eq!(&table[64..], [0x55, 0xaa]);
    }
}
