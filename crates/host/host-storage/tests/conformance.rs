//! What every back-end does alike. The suite runs against memory and against files.

mod bench;

use base::{DataCenterId, StorageDomainId, VolumeId};
use bench::{
    Bench, DOMAIN, InMemory, MIB, OnDisk, SECOND, at, cow, import, over, raw, ready, spec,
};
use domain::disks::DiskFormat;
use domain::storage::StorageBacking;
use host_storage::StorageError;
use ports::hosts::{CopySource, VolumeAddress, VolumeCopy, VolumeCreate};

macro_rules! suite {
    ($($test:ident)*) => {
        mod memory {
            $(#[tokio::test] async fn $test() { super::$test::<super::InMemory>().await })*
        }
        mod files {
            $(#[tokio::test] async fn $test() { super::$test::<super::OnDisk>().await })*
        }
    };
}

suite! {
    a_domain_is_made_once_and_found_again
    a_place_holds_one_domain
    only_a_domain_that_holds_nothing_is_removed
    nothing_is_done_on_a_domain_that_is_not_connected
    a_volume_is_made_once_and_has_its_size
    volumes_of_impossible_shapes_are_refused
    a_volume_stands_on_another_of_its_disk
    a_thin_disk_stands_on_a_template
    a_volume_grows_and_never_shrinks
    an_image_is_imported_in_both_formats
    a_chain_is_copied_flat
    copies_that_cannot_be_right_are_refused
    a_layer_is_copied_as_it_is
    a_layer_that_was_left_is_no_source
    a_layer_that_was_not_left_after_all_is_copied
    a_disk_is_removed_once_and_not_under_others
    what_preallocation_costs_is_told
}

async fn a_domain_is_made_once_and_found_again<B: Bench + Default>() {
    let bench = B::default();
    let store = bench.store();
    let mut spec = spec(bench.place("main"));
    let missing = store.connect(spec.clone()).await.unwrap_err();
    assert!(
        matches!(missing, StorageError::DomainNotFound { .. }),
        "{missing:?}"
    );
    for _ in 0..2 {
        let usage = store.create_domain(spec.clone(), "main").await.unwrap();
        assert!(usage.available_bytes <= usage.total_bytes && usage.total_bytes > 0);
    }
    spec.data_center = Some(DataCenterId::known(7));
    for _ in 0..2 {
        store.connect(spec.clone()).await.unwrap();
    }
    assert_eq!(
        store.usages().await.into_keys().collect::<Vec<_>>(),
        [DOMAIN]
    );
    store.disconnect_all().await.unwrap();
    assert!(store.usages().await.is_empty());
    store.connect(spec).await.unwrap();
}

async fn a_place_holds_one_domain<B: Bench + Default>() {
    let bench = ready::<B>().await;
    let mut other = spec(bench.place("main"));
    other.id = StorageDomainId::known(0xd1);
    let taken = bench.store().create_domain(other.clone(), "other").await;
    let taken = taken.unwrap_err();
    assert!(taken.to_string().contains(&DOMAIN.to_string()), "{taken}");
    let wrong = bench.store().connect(other.clone()).await.unwrap_err();
    assert!(
        matches!(wrong, StorageError::DomainNotFound { .. }),
        "{wrong:?}"
    );
    other.backing = bench.place("second");
    let name = "x".repeat(51);
    let long = bench.store().create_domain(other.clone(), &name).await;
    assert!(
        matches!(long, Err(StorageError::Argument { .. })),
        "{long:?}"
    );
    bench.store().create_domain(other, "other").await.unwrap();
    let odd = spec(StorageBacking::LocalFs {
        path: "relative".into(),
    });
    let odd = bench.store().connect(odd).await.unwrap_err();
    assert!(odd.to_string().contains("absolute"), "{odd}");
}

async fn only_a_domain_that_holds_nothing_is_removed<B: Bench + Default>() {
    let bench = ready::<B>().await;
    let store = bench.store();
    let spec = spec(bench.place("main"));
    let mut other = spec.clone();
    other.id = StorageDomainId::known(0xd7);
    // Another domain's place is left alone.
    store.remove_domain(other.clone()).await.unwrap();
    store.connect(spec.clone()).await.unwrap();
    store.volume_create(raw(at(1))).await.unwrap();
    let used = store.remove_domain(spec.clone()).await.unwrap_err();
    assert!(matches!(used, StorageError::InUse { .. }), "{used:?}");
    store.volume_info(at(1)).await.unwrap();
    store.disk_remove(DOMAIN, at(1).disk, false).await.unwrap();
    for _ in 0..2 {
        store.remove_domain(spec.clone()).await.unwrap();
        assert!(!store.usages().await.contains_key(&DOMAIN));
    }
    let gone = store.connect(spec).await.unwrap_err();
    assert!(
        matches!(gone, StorageError::DomainNotFound { .. }),
        "{gone:?}"
    );
    // The place is free again.
    store.create_domain(other, "other").await.unwrap();
}

async fn nothing_is_done_on_a_domain_that_is_not_connected<B: Bench + Default>() {
    let bench = B::default();
    let store = bench.store();
    let errors = [
        store.volume_create(raw(at(1))).await.unwrap_err(),
        store.volume_extend(at(1), MIB).await.unwrap_err(),
        store.volume_info(at(1)).await.unwrap_err(),
        store.path(at(1)).await.unwrap_err(),
        store
            .disk_remove(DOMAIN, at(1).disk, false)
            .await
            .unwrap_err(),
    ];
    for error in errors {
        assert!(
            matches!(error, StorageError::NotConnected { .. }),
            "{error:?}"
        );
    }
}

async fn a_volume_is_made_once_and_has_its_size<B: Bench + Default>() {
    let bench = ready::<B>().await;
    let store = bench.store();
    for create in [raw(at(1)), cow(at(2))] {
        let missing = store.path(create.at).await.unwrap_err();
        assert!(
            matches!(missing, StorageError::VolumeNotFound { .. }),
            "{missing:?}"
        );
        let (one, two) = tokio::join!(
            store.volume_create(create.clone()),
            store.volume_create(create.clone())
        );
        assert_eq!(one.unwrap().capacity_bytes, 8 * MIB);
        assert_eq!(two.unwrap(), store.volume_info(create.at).await.unwrap());
        let path = store.path(create.at).await.unwrap();
        assert!(path.ends_with(create.at.volume.to_string()), "{path:?}");
        assert_eq!(bench.content(create.at), "");
        let other = VolumeCreate {
            capacity_bytes: 9 * MIB,
            ..create
        };
        let differs = store.volume_create(other).await.unwrap_err();
        assert!(
            matches!(differs, StorageError::VolumeDiffers { .. }),
            "{differs:?}"
        );
    }
}

async fn volumes_of_impossible_shapes_are_refused<B: Bench + Default>() {
    let bench = ready::<B>().await;
    let store = bench.store();
    store.volume_create(raw(at(1))).await.unwrap();
    let small = VolumeCreate {
        capacity_bytes: MIB,
        ..over(at(2), at(1))
    };
    let raw_child = VolumeCreate {
        format: DiskFormat::Raw,
        ..over(at(2), at(1))
    };
    let fat_child = VolumeCreate {
        sparse: false,
        ..over(at(2), at(1))
    };
    let sized = |capacity_bytes| VolumeCreate {
        capacity_bytes,
        ..raw(at(2))
    };
    for create in [
        small,
        raw_child,
        fat_child,
        over(at(1), at(1)),
        sized(0),
        sized(513),
        sized(u64::MAX / 512 * 512),
    ] {
        let error = store.volume_create(create.clone()).await.unwrap_err();
        assert!(
            matches!(error, StorageError::Argument { .. }),
            "{create:?}: {error:?}"
        );
    }
    let orphan = store.volume_create(over(at(2), at(9))).await.unwrap_err();
    assert!(
        matches!(orphan, StorageError::VolumeNotFound { .. }),
        "{orphan:?}"
    );
}

async fn a_volume_stands_on_another_of_its_disk<B: Bench + Default>() {
    let bench = ready::<B>().await;
    let store = bench.store();
    store.volume_create(raw(at(1))).await.unwrap();
    let image = bench.image("base", DiskFormat::Raw, "base");
    store
        .volume_copy(import(&image, DiskFormat::Raw, at(1)))
        .await
        .unwrap();
    let top = VolumeAddress {
        volume: VolumeId::known(0x200),
        ..at(1)
    };
    for _ in 0..2 {
        store.volume_create(over(top, at(1))).await.unwrap();
    }
    assert_eq!(bench.content(top), "base");
    let grow = store.volume_extend(at(1), 16 * MIB).await.unwrap_err();
    assert!(matches!(grow, StorageError::InUse { .. }), "{grow:?}");
    let fill = store
        .volume_copy(import(&image, DiskFormat::Raw, at(1)))
        .await;
    assert!(matches!(fill, Err(StorageError::InUse { .. })), "{fill:?}");
    store.volume_extend(top, 16 * MIB).await.unwrap();
    store.disk_remove(DOMAIN, top.disk, false).await.unwrap();
    let gone = store.path(at(1)).await.unwrap_err();
    assert!(
        matches!(gone, StorageError::VolumeNotFound { .. }),
        "{gone:?}"
    );
}

async fn a_thin_disk_stands_on_a_template<B: Bench + Default>() {
    let bench = ready::<B>().await;
    let store = bench.store();
    store.volume_create(cow(at(1))).await.unwrap();
    let image = bench.image("template", DiskFormat::Cow, "template");
    store
        .volume_copy(import(&image, DiskFormat::Cow, at(1)))
        .await
        .unwrap();
    for n in [2, 3] {
        for _ in 0..2 {
            store.volume_create(over(at(n), at(1))).await.unwrap();
        }
        assert_eq!(bench.content(at(n)), "template");
    }
    let removed = store
        .disk_remove(DOMAIN, at(1).disk, false)
        .await
        .unwrap_err();
    assert!(removed.to_string().contains("thin disks"), "{removed}");
    let grow = store.volume_extend(at(1), 16 * MIB).await.unwrap_err();
    assert!(matches!(grow, StorageError::InUse { .. }), "{grow:?}");
    store.disk_remove(DOMAIN, at(2).disk, true).await.unwrap();
    assert_eq!(bench.content(at(1)), "template");
    assert_eq!(bench.content(at(3)), "template");
    store.disk_remove(DOMAIN, at(3).disk, false).await.unwrap();
    store.disk_remove(DOMAIN, at(1).disk, true).await.unwrap();
}

async fn a_volume_grows_and_never_shrinks<B: Bench + Default>() {
    let bench = ready::<B>().await;
    let store = bench.store();
    for create in [raw(at(1)), cow(at(2))] {
        store.volume_create(create.clone()).await.unwrap();
        for (wanted, has) in [(16, 16), (16, 16), (8, 16)] {
            let info = store.volume_extend(create.at, wanted * MIB).await.unwrap();
            assert_eq!(info.capacity_bytes, has * MIB);
        }
        let odd = store.volume_extend(create.at, 16 * MIB + 1).await;
        assert!(matches!(odd, Err(StorageError::Argument { .. })), "{odd:?}");
    }
    let missing = store.volume_extend(at(3), MIB).await.unwrap_err();
    assert!(
        matches!(missing, StorageError::VolumeNotFound { .. }),
        "{missing:?}"
    );
}

async fn an_image_is_imported_in_both_formats<B: Bench + Default>() {
    let bench = ready::<B>().await;
    let store = bench.store();
    let mut n = 0;
    for from in [DiskFormat::Raw, DiskFormat::Cow] {
        let image = bench.image(&format!("{from:?}"), from, "image");
        let probe = store.image_probe(image.as_ref()).await.unwrap();
        assert_eq!((probe.format, probe.virtual_bytes), (from, 4 * MIB));
        for create in [raw(at(n)), cow(at(n + 1))] {
            store.volume_create(create.clone()).await.unwrap();
            for _ in 0..2 {
                let info = store.volume_copy(import(&image, from, create.at)).await;
                assert_eq!(info.unwrap().capacity_bytes, 8 * MIB);
            }
            assert_eq!(bench.content(create.at), "image");
        }
        n += 2;
    }
}

async fn a_chain_is_copied_flat<B: Bench + Default>() {
    let bench = ready::<B>().await;
    let store = bench.store();
    store.volume_create(cow(at(1))).await.unwrap();
    let image = bench.image("base", DiskFormat::Raw, "base");
    store
        .volume_copy(import(&image, DiskFormat::Raw, at(1)))
        .await
        .unwrap();
    store.volume_create(over(at(2), at(1))).await.unwrap();
    store.volume_create(raw(at(3))).await.unwrap();
    let copy = VolumeCopy {
        source: CopySource::Volume(at(2)),
        to: at(3),
    };
    store.volume_copy(copy).await.unwrap();
    store.disk_remove(DOMAIN, at(2).disk, false).await.unwrap();
    store.disk_remove(DOMAIN, at(1).disk, false).await.unwrap();
    assert_eq!(bench.content(at(3)), "base");
}

async fn copies_that_cannot_be_right_are_refused<B: Bench + Default>() {
    let bench = ready::<B>().await;
    let store = bench.store();
    let image = bench.image("raw", DiskFormat::Raw, "image");
    let missing = store
        .volume_copy(import(&image, DiskFormat::Raw, at(9)))
        .await;
    assert!(
        matches!(missing, Err(StorageError::VolumeNotFound { .. })),
        "{missing:?}"
    );
    let small = VolumeCreate {
        capacity_bytes: MIB,
        ..raw(at(1))
    };
    store.volume_create(small).await.unwrap();
    let large = store
        .volume_copy(import(&image, DiskFormat::Raw, at(1)))
        .await;
    assert!(
        matches!(large, Err(StorageError::Argument { .. })),
        "{large:?}"
    );
    let liar = store
        .volume_copy(import(&image, DiskFormat::Cow, at(1)))
        .await;
    assert!(
        matches!(liar, Err(StorageError::BadImage { .. })),
        "{liar:?}"
    );
    let nothing = store
        .volume_copy(import("/none", DiskFormat::Raw, at(1)))
        .await;
    assert!(
        matches!(nothing, Err(StorageError::BadImage { .. })),
        "{nothing:?}"
    );
    let relative = store.image_probe("image".as_ref()).await;
    assert!(
        matches!(relative, Err(StorageError::BadImage { .. })),
        "{relative:?}"
    );
    let itself = VolumeCopy {
        source: CopySource::Volume(at(1)),
        to: at(1),
    };
    let itself = store.volume_copy(itself).await;
    assert!(
        matches!(itself, Err(StorageError::Argument { .. })),
        "{itself:?}"
    );
    store.volume_create(raw(at(2))).await.unwrap();
    store.volume_create(over(at(3), at(2))).await.unwrap();
    let child = store
        .volume_copy(import(&image, DiskFormat::Raw, at(3)))
        .await;
    assert!(
        matches!(child, Err(StorageError::Argument { .. })),
        "{child:?}"
    );
    // Nothing of this broke anything.
    for n in [1, 2, 3] {
        store.volume_info(at(n)).await.unwrap();
    }
}

/// A disk with a layer on the first domain, and their copies on the second, as a live move makes them:
/// the layer and its copy.
async fn layers<B: Bench>(bench: &B) -> (VolumeAddress, VolumeAddress) {
    let mut second = spec(bench.place("second"));
    second.id = SECOND;
    bench.store().create_domain(second, "second").await.unwrap();
    let base = at(1);
    let layer = VolumeAddress {
        volume: VolumeId::known(0x200),
        ..base
    };
    for domain in [DOMAIN, SECOND] {
        let [base, layer] = [base, layer].map(|at| VolumeAddress { domain, ..at });
        bench.store().volume_create(cow(base)).await.unwrap();
        bench
            .store()
            .volume_create(over(layer, base))
            .await
            .unwrap();
    }
    let copy = VolumeAddress {
        domain: SECOND,
        ..layer
    };
    (layer, copy)
}

fn layer_copy(from: VolumeAddress, to: VolumeAddress) -> VolumeCopy {
    VolumeCopy {
        source: CopySource::Layer(from),
        to,
    }
}

async fn a_layer_is_copied_as_it_is<B: Bench + Default>() {
    let bench = ready::<B>().await;
    let (layer, copy) = layers(&bench).await;
    bench.write(layer, "written");
    for _ in 0..2 {
        let done = bench.store().volume_copy(layer_copy(layer, copy)).await;
        done.unwrap();
        assert_eq!(bench.content(copy), "written");
    }
    // One that is retired and not left after all is as before.
    for retired in [true, true, false, false] {
        bench.store().volume_retire(layer, retired).await.unwrap();
        let path = bench.store().path(layer).await;
        assert_eq!(path.is_ok(), !retired, "{path:?}");
    }
    let missing = VolumeAddress {
        volume: VolumeId::known(0x300),
        ..layer
    };
    bench.store().volume_retire(missing, true).await.unwrap();
}

async fn a_layer_that_was_left_is_no_source<B: Bench + Default>() {
    let bench = ready::<B>().await;
    let (layer, copy) = layers(&bench).await;
    // A mirror writes to both; then the guest uses the copy.
    bench.write(layer, "older");
    bench.write(copy, "older");
    bench.store().volume_retire(layer, true).await.unwrap();
    bench.write(copy, "newer");
    for _ in 0..2 {
        let left = bench.store().volume_copy(layer_copy(layer, copy)).await;
        let left = left.unwrap_err();
        assert!(
            matches!(left, StorageError::VolumeNotFound { at } if at == layer),
            "{left:?}"
        );
    }
    assert_eq!(bench.content(copy), "newer");
    bench.store().volume_remove(layer).await.unwrap();
}

async fn a_layer_that_was_not_left_after_all_is_copied<B: Bench + Default>() {
    let bench = ready::<B>().await;
    let (layer, copy) = layers(&bench).await;
    // The mirror's tables had not come to the disk when QEMU died, before it switched.
    bench.write(layer, "written");
    bench.store().volume_retire(layer, true).await.unwrap();
    let done = bench.store().volume_copy(layer_copy(layer, copy)).await;
    done.unwrap();
    assert_eq!(bench.content(copy), "written");
}

async fn a_disk_is_removed_once_and_not_under_others<B: Bench + Default>() {
    let bench = ready::<B>().await;
    let store = bench.store();
    store.volume_create(raw(at(1))).await.unwrap();
    for wipe in [true, false] {
        store.disk_remove(DOMAIN, at(1).disk, wipe).await.unwrap();
    }
    let gone = store.volume_info(at(1)).await.unwrap_err();
    assert!(
        matches!(gone, StorageError::VolumeNotFound { .. }),
        "{gone:?}"
    );
    store.volume_create(cow(at(1))).await.unwrap();
}

async fn what_preallocation_costs_is_told<B: Bench + Default>() {
    let bench = ready::<B>().await;
    let store = bench.store();
    for (n, create) in [(1, raw(at(1))), (2, cow(at(2)))] {
        let fat = VolumeCreate {
            sparse: false,
            ..create
        };
        let info = store.volume_create(fat).await.unwrap();
        assert!(info.actual_bytes >= 8 * MIB, "{info:?}");
        let grown = store.volume_extend(at(n), 12 * MIB).await.unwrap();
        assert!(grown.actual_bytes >= 12 * MIB, "{grown:?}");
    }
    let thin = store.volume_create(raw(at(3))).await.unwrap();
    assert!(thin.actual_bytes < MIB, "{thin:?}");
}
