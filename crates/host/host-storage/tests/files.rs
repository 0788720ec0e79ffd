//! What lies on the disk: oVirt's layout, what crashes leave, what hostile images try.

mod bench;

use base::{DataCenterId, VolumeId};
use bench::{Bench, DOMAIN, MIB, OnDisk, at, cow, import, over, qemu_img, raw, ready, spec};
use domain::disks::DiskFormat;
use domain::storage::StorageBacking;
use host_storage::layout::{Legality, VolumeMetadata, VolumeRole};
use host_storage::{FileStore, StorageError, VolumeStore};
use ports::hosts::{CopySource, VolumeAddress, VolumeCopy};
use ports::{CommandOutput, SystemCommands};
use std::collections::BTreeSet;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::Arc;
use testkit::{CommandLog, ScriptedCommands, TestDir};

fn names(dir: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(dir).unwrap();
    entries
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect()
}

fn meta(bench: &OnDisk, at: VolumeAddress) -> VolumeMetadata {
    let text = std::fs::read(bench.path(at).with_extension("meta")).unwrap();
    VolumeMetadata::parse(&text).unwrap()
}

#[tokio::test]
async fn a_domain_lies_on_the_disk_as_in_ovirt() {
    let bench = OnDisk::default();
    // Things that only look like domains are in nobody's way.
    let place = bench.place("main");
    let lookalike = bench.dir.join("main").join(at(1).volume.to_string());
    std::fs::write(&lookalike, b"").unwrap();
    bench
        .store
        .create_domain(spec(place), "main")
        .await
        .unwrap();
    let domain = bench.dir.join("main").join(DOMAIN.to_string());
    assert_eq!(names(&domain), ["dom_md", "images"].map(Into::into).into());
    let inner = domain.join("dom_md");
    let expected = ["ids", "inbox", "leases", "metadata", "outbox", "xleases"];
    assert_eq!(names(&inner), expected.map(Into::into).into());
    for (name, bytes) in [("ids", 0), ("inbox", 16 * MIB), ("metadata", 0)] {
        let file = inner.join(name).metadata().unwrap();
        assert_eq!(file.mode() & 0o777, 0o660, "{name}");
        assert!(name == "metadata" || file.len() == bytes, "{name}");
    }
    let text = std::fs::read_to_string(inner.join("metadata")).unwrap();
    assert!(text.contains("\nDESCRIPTION=main\n") && text.contains("\nTYPE=LOCALFS\n"));
    let mut spec = spec(bench.place("main"));
    spec.data_center = Some(DataCenterId::known(7));
    bench.store.connect(spec).await.unwrap();
    let text = std::fs::read_to_string(inner.join("metadata")).unwrap();
    assert!(text.contains("\nPOOL_UUID=00000000-0000-0000-0000-000000000007\n"));
    let links = names(&bench.dir.join("rhev/mnt"));
    let escaped = bench.dir.join("main").to_str().unwrap().replace('_', "__");
    assert_eq!(links, [escaped.replace('/', "_")].into());
    bench.store.disconnect_all().await.unwrap();
    assert!(names(&bench.dir.join("rhev/mnt")).is_empty());
}

#[tokio::test]
async fn a_domain_that_is_removed_leaves_nothing_and_takes_nothing_else() {
    let bench = ready::<OnDisk>().await;
    let spec = spec(bench.place("main"));
    let place = bench.dir.join("main");
    let inner = place.join(DOMAIN.to_string()).join("dom_md");
    let refused = async |what: &str| {
        let error = bench.store.remove_domain(spec.clone()).await.unwrap_err();
        let damaged = matches!(error, StorageError::Damaged { .. });
        assert!(damaged && error.to_string().contains(what), "{error}");
        bench.store.connect(spec.clone()).await.unwrap();
    };
    std::fs::write(inner.join("diary"), "dear").unwrap();
    refused("diary").await;
    std::fs::remove_file(inner.join("diary")).unwrap();
    let elsewhere = bench.dir.join("elsewhere");
    std::fs::rename(&inner, &elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, &inner).unwrap();
    refused("a link").await;
    assert!(elsewhere.join("metadata").exists());
    std::fs::remove_file(&inner).unwrap();
    std::fs::rename(&elsewhere, &inner).unwrap();
    // As far as a removal that broke off came, or a making.
    std::fs::remove_dir(inner.with_file_name("images")).unwrap();
    std::fs::remove_file(inner.join("metadata")).unwrap();
    for _ in 0..2 {
        bench.store.remove_domain(spec.clone()).await.unwrap();
        assert!(names(&place).is_empty());
    }
}

#[tokio::test]
async fn a_volume_lies_on_the_disk_as_in_ovirt() {
    let bench = ready::<OnDisk>().await;
    bench.store.volume_create(raw(at(1))).await.unwrap();
    let id = at(1).volume;
    let expected = [format!("{id}"), format!("{id}.lease"), format!("{id}.meta")];
    let dir = bench.images().join(at(1).disk.to_string());
    assert_eq!(names(&dir), expected.into());
    let text = std::fs::read_to_string(dir.join(format!("{id}.meta"))).unwrap();
    let disk = at(1).disk;
    assert_eq!(
        text,
        format!(
            "CAP=8388608\nCTIME=1767225600\nDESCRIPTION={{\"DiskAlias\":\"6400690073006b002000e900\",\
             \"DiskDescription\":\"about it\",\"Enc\":\"1\"}}\nDISKTYPE=DATA\nDOMAIN={DOMAIN}\nFORMAT=RAW\nGEN=0\n\
             IMAGE={disk}\nLEGALITY=LEGAL\nPUUID=00000000-0000-0000-0000-000000000000\nSEQ=1\nTYPE=SPARSE\n\
             VOLTYPE=LEAF\nEOF\n"
        )
    );
    assert_eq!(bench.path(at(1)).metadata().unwrap().mode() & 0o777, 0o660);
}

#[tokio::test]
async fn a_thin_disk_holds_its_templates_volume_under_a_second_name() {
    let bench = ready::<OnDisk>().await;
    bench.store.volume_create(cow(at(1))).await.unwrap();
    bench.store.volume_create(over(at(2), at(1))).await.unwrap();
    let second = VolumeAddress {
        disk: at(2).disk,
        ..at(1)
    };
    for extension in ["", "meta", "lease"] {
        let file = |at| bench.path(at).with_extension(extension).metadata().unwrap();
        assert_eq!(file(second).ino(), file(at(1)).ino(), "{extension}");
    }
    assert_eq!(meta(&bench, second).disk, at(1).disk);
    assert_eq!(meta(&bench, second).role, VolumeRole::Shared);
    assert_eq!(meta(&bench, at(2)).parent, Some(at(1).volume));
    let header = std::fs::read(bench.path(at(2))).unwrap();
    let name = at(1).volume.to_string();
    assert!(
        header
            .windows(37)
            .any(|w| w[1..] == *name.as_bytes() && w[0] != b'/')
    );
    // The template is not the thin disk's to change.
    let grow = bench.store.volume_extend(second, 16 * MIB).await;
    assert!(matches!(grow, Err(StorageError::InUse { .. })), "{grow:?}");
}

#[tokio::test]
async fn a_layer_makes_the_one_below_an_inner_one() {
    let bench = ready::<OnDisk>().await;
    bench.store.volume_create(raw(at(1))).await.unwrap();
    let top = VolumeAddress {
        volume: VolumeId::known(0x200),
        ..at(1)
    };
    bench.store.volume_create(over(top, at(1))).await.unwrap();
    let (below, above) = (meta(&bench, at(1)), meta(&bench, top));
    assert_eq!((below.role, below.sequence), (VolumeRole::Internal, 1));
    assert_eq!((above.role, above.sequence), (VolumeRole::Leaf, 2));
}

/// Commands fail in the middle of everything: the volume stays illegal, the repeated command helps.
#[tokio::test]
async fn a_command_that_breaks_off_leaves_an_illegal_volume_and_can_be_repeated() {
    let bench = ready::<OnDisk>().await;
    let broken = ScriptedCommands::new(|_| {
        Ok(CommandOutput {
            status: None,
            stdout: Vec::new(),
            stderr: b"killed".to_vec(),
        })
    });
    let half = FileStore::new(bench.dir.join("rhev"), Arc::new(broken));
    half.connect(spec(bench.place("main"))).await.unwrap();
    let failed = half.volume_create(raw(at(1))).await.unwrap_err();
    assert!(matches!(failed, StorageError::Command { .. }), "{failed:?}");
    assert_eq!(meta(&bench, at(1)).legality, Legality::Illegal);
    let illegal = bench.store.path(at(1)).await.unwrap_err();
    assert!(
        matches!(illegal, StorageError::VolumeIllegal { .. }),
        "{illegal:?}"
    );
    bench.store.volume_create(raw(at(1))).await.unwrap();
    bench.store.path(at(1)).await.unwrap();

    bench.store.volume_create(raw(at(2))).await.unwrap();
    let copy = VolumeCopy {
        source: CopySource::Volume(at(1)),
        to: at(2),
    };
    half.volume_copy(copy.clone()).await.unwrap_err();
    assert_eq!(meta(&bench, at(2)).legality, Legality::Illegal);
    bench.store.volume_copy(copy).await.unwrap();
    assert_eq!(meta(&bench, at(2)).legality, Legality::Legal);
    assert_eq!(meta(&bench, at(2)).generation, 1);
}

#[tokio::test]
async fn a_full_disk_leaves_nothing_behind() {
    let bench = ready::<OnDisk>().await;
    let full = ScriptedCommands::new(|_| {
        Ok(CommandOutput {
            status: Some(1),
            stdout: Vec::new(),
            stderr: b"qemu-img: x: No space left on device".to_vec(),
        })
    });
    let store = FileStore::new(bench.dir.join("rhev"), Arc::new(full));
    store.connect(spec(bench.place("main"))).await.unwrap();
    bench.store.volume_create(cow(at(1))).await.unwrap();
    for create in [raw(at(2)), over(at(3), at(1))] {
        let error = store.volume_create(create).await.unwrap_err();
        assert!(matches!(error, StorageError::NoSpace { .. }), "{error:?}");
    }
    assert_eq!(names(&bench.images()), [at(1).disk.to_string()].into());
    assert_eq!(bench.path(at(1)).metadata().unwrap().nlink(), 1);
}

#[tokio::test]
async fn removals_that_broke_off_are_completed_at_the_next_connection() {
    let bench = ready::<OnDisk>().await;
    bench.store.volume_create(raw(at(1))).await.unwrap();
    let (dir, disk) = (bench.images(), at(1).disk);
    let half = dir.join(format!("_remove_me_ZERO_{disk}"));
    std::fs::rename(dir.join(disk.to_string()), &half).unwrap();
    let bench = bench.restarted();
    bench
        .store
        .connect(spec(bench.place("main")))
        .await
        .unwrap();
    // The sweep runs behind the connection; a removal waits for nothing and does the same.
    bench.store.disk_remove(DOMAIN, disk, false).await.unwrap();
    assert!(!half.exists());
}

#[tokio::test]
async fn what_breaks_the_formats_rules_is_told_with_its_file() {
    let bench = ready::<OnDisk>().await;
    bench.store.volume_create(raw(at(1))).await.unwrap();
    let path = bench.path(at(1)).with_extension("meta");
    std::fs::write(&path, b"CAP=x\nEOF\n").unwrap();
    let damaged = bench
        .store
        .volume_info(at(1))
        .await
        .unwrap_err()
        .to_string();
    assert!(
        damaged.contains(path.file_name().unwrap().to_str().unwrap()),
        "{damaged}"
    );
    let metadata = bench
        .dir
        .join("main")
        .join(DOMAIN.to_string())
        .join("dom_md/metadata");
    let text = std::fs::read_to_string(&metadata).unwrap();
    std::fs::write(&metadata, text.replace("VERSION=5", "VERSION=4")).unwrap();
    let error = bench
        .store
        .connect(spec(bench.place("main")))
        .await
        .unwrap_err();
    assert!(error.to_string().contains("seal is broken"), "{error}");
}

#[tokio::test]
async fn images_that_reach_for_other_files_are_refused() {
    let bench = ready::<OnDisk>().await;
    let secret = bench.dir.join("secret");
    std::fs::write(&secret, vec![b'x'; 65536]).unwrap();
    let image = |name: &str| bench.dir.join(name);
    let backed = image("backed");
    let from = secret.to_str().unwrap();
    qemu_img(
        &["create", "-q", "-f", "qcow2", "-F", "raw", "-b", from],
        &[&backed],
    );
    let outside = image("outside");
    let option = format!("data_file={},data_file_raw=on", image("data").display());
    std::fs::write(image("data"), vec![0; 65536]).unwrap();
    qemu_img(
        &["create", "-q", "-f", "qcow2", "-o", &option],
        &[&outside, Path::new("64k")],
    );
    let vmdk = image("vmdk");
    qemu_img(&["create", "-q", "-f", "vmdk"], &[&vmdk, Path::new("64k")]);
    let pipe = image("pipe");
    nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRUSR).unwrap();
    let empty = image("empty");
    std::fs::write(&empty, b"").unwrap();
    bench.store.volume_create(raw(at(1))).await.unwrap();
    for (path, reason) in [
        (&backed, "stands on another file"),
        (&outside, "in another file"),
        (&vmdk, "VMDK"),
        (&pipe, "regular file"),
        (&empty, "virtual size"),
        (&bench.dir.path().to_owned(), "regular file"),
    ] {
        let error = bench.store.image_probe(path).await.unwrap_err();
        assert!(matches!(error, StorageError::BadImage { .. }), "{error:?}");
        assert!(error.to_string().contains(reason), "{error}");
        let copy = import(path.to_str().unwrap(), DiskFormat::Cow, at(1));
        let error = bench.store.volume_copy(copy).await.unwrap_err();
        assert!(matches!(error, StorageError::BadImage { .. }), "{error:?}");
    }
    // Nothing was begun.
    bench.store.path(at(1)).await.unwrap();
}

#[tokio::test]
async fn a_raw_volume_that_looks_like_qcow2_is_copied_as_the_bytes_it_is() {
    let bench = ready::<OnDisk>().await;
    let store = &bench.store;
    let secret = bench.dir.join("secret");
    std::fs::write(&secret, vec![b'x'; 65536]).unwrap();
    let evil = bench.dir.join("evil");
    let from = secret.to_str().unwrap();
    qemu_img(
        &["create", "-q", "-f", "qcow2", "-F", "raw", "-b", from],
        &[&evil],
    );
    store.volume_create(raw(at(1))).await.unwrap();
    // As a guest would write it onto its disk.
    let mut disk = std::fs::read(&evil).unwrap();
    disk.resize(8 << 20, 0);
    std::fs::write(bench.path(at(1)), &disk).unwrap();
    store.volume_create(raw(at(2))).await.unwrap();
    let copy = VolumeCopy {
        source: CopySource::Volume(at(1)),
        to: at(2),
    };
    store.volume_copy(copy).await.unwrap();
    assert_eq!(std::fs::read(bench.path(at(2))).unwrap(), disk);
}

#[tokio::test]
async fn two_places_with_one_escaped_name_are_told_apart() {
    let bench = OnDisk::default();
    let place = |path: &str| {
        let path = bench.dir.join(path);
        std::fs::create_dir_all(&path).unwrap();
        StorageBacking::LocalFs {
            path: path.to_str().unwrap().into(),
        }
    };
    let first = spec(place("a_/b"));
    bench.store.create_domain(first, "first").await.unwrap();
    let second = spec(place("a/_b"));
    let error = bench
        .store
        .create_domain(second, "second")
        .await
        .unwrap_err();
    assert!(matches!(error, StorageError::InUse { .. }), "{error:?}");
    let nowhere = spec(StorageBacking::LocalFs {
        path: bench.dir.join("none").to_str().unwrap().into(),
    });
    let error = bench
        .store
        .create_domain(nowhere, "none")
        .await
        .unwrap_err();
    assert!(error.to_string().contains("make it first"), "{error}");
}

#[tokio::test]
async fn a_mount_is_asked_for_with_what_was_given_and_undone_when_it_is_wrong() {
    let dir = TestDir::new();
    let log = CommandLog::new(Arc::new(ScriptedCommands::silent()));
    let store = FileStore::new(dir.join("rhev"), Arc::new(log.clone()));
    let posix = spec(StorageBacking::PosixFs {
        path: "server:/export".into(),
        vfs_type: "ceph".into(),
        mount_options: "name=admin,ro".into(),
    });
    let missing = store.connect(posix).await.unwrap_err();
    assert!(
        matches!(missing, StorageError::DomainNotFound { .. }),
        "{missing:?}"
    );
    let point = dir.join("rhev/mnt/server:_export");
    let mount = format!(
        "mount -t ceph -o name=admin,ro server:/export {}",
        point.display()
    );
    assert_eq!(log.lines(), [mount]);
    assert!(!point.exists());
}

/// Runs itself once more in a mount namespace of its own and does the work there.
#[tokio::test]
async fn a_directory_is_mounted_in_the_agents_own_namespace() {
    const INSIDE: &str = "VIREO_TEST_MOUNTS";
    if std::env::var_os(INSIDE).is_some() {
        return posix_inside().await;
    }
    let name = "a_directory_is_mounted_in_the_agents_own_namespace";
    if !nix::unistd::geteuid().is_root() {
        return testkit::skip(name, "mounting needs root");
    }
    let this = std::env::current_exe().unwrap();
    let done = std::process::Command::new("unshare")
        .args(["--mount", "--propagation", "private"])
        .arg(this)
        .args(["--exact", name, "--nocapture"])
        .env(INSIDE, "1")
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&done.stderr);
    assert!(
        done.status.success(),
        "{told}\n{}",
        String::from_utf8_lossy(&done.stdout)
    );
}

async fn posix_inside() {
    let dir = TestDir::new();
    let store = || FileStore::with_owner(dir.join("rhev"), Arc::new(SystemCommands), 36, 36);
    let shared = dir.join("shared storage");
    std::fs::create_dir(&shared).unwrap();
    let posix = spec(StorageBacking::PosixFs {
        path: shared.to_str().unwrap().into(),
        vfs_type: "none".into(),
        mount_options: "bind".into(),
    });
    let first = store();
    first.create_domain(posix.clone(), "shared").await.unwrap();
    first.volume_create(cow(at(1))).await.unwrap();
    let path = first.path(at(1)).await.unwrap();
    let file = path.metadata().unwrap();
    assert_eq!((file.uid(), file.gid()), (36, 36));
    let image = shared.join(DOMAIN.to_string()).join("images");
    assert!(image.join(at(1).disk.to_string()).is_dir());
    // A restarted agent finds the mount and doesn't stack another on it.
    let second = store();
    second.connect(posix.clone()).await.unwrap();
    second.path(at(1)).await.unwrap();
    second.disconnect_all().await.unwrap();
    assert!(!path.exists());
    assert!(names(&dir.join("rhev/mnt")).is_empty());
    let mut other = posix;
    other.id = base::StorageDomainId::known(0xd1);
    let wrong = second.connect(other).await.unwrap_err();
    assert!(
        matches!(wrong, StorageError::DomainNotFound { .. }),
        "{wrong:?}"
    );
    assert!(names(&dir.join("rhev/mnt")).is_empty());
}

#[tokio::test]
async fn a_volume_that_a_machine_has_open_is_not_touched() {
    use std::io::{BufRead, BufReader, Write};
    let bench = ready::<OnDisk>().await;
    bench.store.volume_create(raw(at(1))).await.unwrap();
    let drive = format!("file={},format=raw,if=virtio", bench.path(at(1)).display());
    struct Machine(std::process::Child);
    impl Drop for Machine {
        fn drop(&mut self) {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }
    let machine = std::process::Command::new("qemu-system-x86_64")
        .args([
            "-M",
            "q35,accel=tcg",
            "-S",
            "-nodefaults",
            "-display",
            "none",
        ])
        .args(["-monitor", "stdio", "-drive", &drive])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut machine = Machine(machine);
    // The monitor answers when everything is open.
    let orders = machine.0.stdin.as_mut().unwrap();
    orders.write_all(b"info block\n").unwrap();
    let answers = BufReader::new(machine.0.stdout.as_mut().unwrap());
    let mut answers = answers.lines().map(Result::unwrap);
    assert!(answers.any(|line| line.starts_with("virtio0")));
    let image = bench.image("image", DiskFormat::Raw, "image");
    let copy = bench
        .store
        .volume_copy(import(&image, DiskFormat::Raw, at(1)))
        .await;
    assert!(matches!(copy, Err(StorageError::InUse { .. })), "{copy:?}");
    let grow = bench.store.volume_extend(at(1), 16 * MIB).await;
    assert!(matches!(grow, Err(StorageError::InUse { .. })), "{grow:?}");
    let remove = bench.store.disk_remove(DOMAIN, at(1).disk, false).await;
    let remove = remove.unwrap_err().to_string();
    assert!(
        remove.contains("has volume") && remove.contains("running virtual machine"),
        "{remove}"
    );
    assert_eq!(meta(&bench, at(1)).legality, Legality::Legal);
    drop(machine);
    bench.store.volume_extend(at(1), 16 * MIB).await.unwrap();
    let removed = bench.store.disk_remove(DOMAIN, at(1).disk, false).await;
    removed.unwrap();
}
