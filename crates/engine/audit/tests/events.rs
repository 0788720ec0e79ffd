//! Every event: it has words of its own, names its objects and is found from them.

use audit::AuditEvent as E;
use base::{Actor, Call, HostId, Origin, Timestamp, UserId, VmId};
use domain::data_centers::{CompatibilityVersion, DataCenter};
use domain::disks::Disk;
use domain::events::Severity;
use domain::hosts::Host;
use domain::networks::{MacAddress, Network};
use domain::storage::StorageDomain;
use domain::templates::Template;
use domain::vms::{Nic, NicInterface, PauseReason, Vm};
use serde_json::{Value, json};

const HOST: HostId = HostId::known(5);

fn id(n: u128) -> Value {
    json!(VmId::known(n))
}

fn hardware() -> Value {
    json!({
        "kind": "Server", "os": "other", "memory_bytes": 1, "memory_guaranteed_bytes": 1,
        "memory_max_bytes": 1, "ballooning": true, "bios": "ClusterDefault", "boot": ["Hd"],
        "topology": {"sockets": 1, "cores": 1, "threads": 1}, "graphics": [], "rng": true
    })
}

fn vm() -> Vm {
    let value = json!({
        "id": id(1), "generation": 1, "name": "веб-1", "cluster": id(2), "data_center": id(3),
        "template": id(0), "hardware": hardware(), "created": 0,
        "run": {"epoch": 1, "host": HOST, "requested": 0}
    });
    serde_json::from_value(value).unwrap()
}

fn disk() -> Disk {
    let value = json!({
        "id": id(6), "generation": 1, "name": "root", "storage_domain": id(7), "format": "Raw",
        "sparse": true, "provisioned_bytes": 1_u64 << 30, "actual_bytes": 0, "volumes": [],
        "status": "Ok", "created": 0
    });
    serde_json::from_value(value).unwrap()
}

fn template() -> Template {
    let value = json!({
        "id": id(8), "generation": 1, "name": "golden", "cluster": id(2), "data_center": id(3),
        "version_number": 1, "version_name": "base version", "hardware": hardware(),
        "status": "Ok", "created": 0
    });
    serde_json::from_value(value).unwrap()
}

fn host() -> Host {
    let value = json!({
        "id": HOST, "generation": 1, "name": "host1", "address": "h", "port": 54321,
        "cluster": id(2), "enrolment": {"Done": {"fingerprint": "00", "expires": 0}},
        "fence_epoch": 1, "created": 0
    });
    serde_json::from_value(value).unwrap()
}

fn domain() -> StorageDomain {
    let value = json!({
        "id": id(7), "generation": 1, "name": "data", "backing": {"type": "localfs", "path": "/d"},
        "data_center": id(3), "status": "Active", "master": true, "warning_low_space_percent": 10,
        "critical_space_gib": 5, "created": 0
    });
    serde_json::from_value(value).unwrap()
}

fn data_center() -> DataCenter {
    DataCenter {
        id: base::DataCenterId::known(3),
        generation: base::Generation(1),
        name: "Default".into(),
        description: String::new(),
        comment: String::new(),
        local: false,
        version: CompatibilityVersion::NEWEST,
        created: Timestamp(0),
    }
}

fn network() -> Network {
    let value = json!({
        "id": id(9), "generation": 1, "name": "lan", "data_center": id(3), "vm_network": true,
        "management": false, "bridge": "lan"
    });
    serde_json::from_value(value).unwrap()
}

fn nic() -> Nic {
    Nic {
        id: base::NicId::known(4),
        name: "nic1".into(),
        mac: MacAddress::from_number(0x566f_0000_0001).unwrap(),
        interface: NicInterface::Virtio,
        profile: None,
        plugged: true,
        linked: true,
        shared_mac: false,
    }
}

/// One of each kind.
#[expect(clippy::too_many_lines, reason = "a list")]
fn all() -> Vec<E> {
    let message = || "it broke".to_owned();
    let host_id = Some(HOST);
    let path = || "/a.qcow2".to_owned();
    let text = |s: &str| s.to_owned();
    let pauses = [
        PauseReason::User,
        PauseReason::Eio,
        PauseReason::Enospc,
        PauseReason::Eperm,
        PauseReason::Other,
    ];
    let mut all = vec![
        E::EngineStarted,
        E::EngineStopped,
        E::EngineBackedUp,
        E::EngineBackupFailed { message: message() },
        E::EngineRestored {
            made: Timestamp(0),
            jobs: vec![text("Launching VM web")],
        },
        E::VmTakenOver {
            vm: vm(),
            host: text("host1"),
        },
        E::VmsNotKnown {
            host: host(),
            vms: vec![base::VmId::known(5)],
        },
        E::LoggedIn {
            from: text("::1"),
            session: text("s"),
        },
        E::LoginFailed {
            user: text("u"),
            from: text("::1"),
            reason: message(),
        },
        E::LoggedOut,
        E::PasswordChanged {
            user: text("admin@internal"),
        },
        E::VmStartAccepted {
            vm: vm(),
            host: text("host1"),
        },
        E::VmUp {
            vm: vm(),
            host: text("host1"),
        },
        E::VmStartFailed {
            vm: vm(),
            host: host_id,
            message: message(),
        },
        E::VmStopAccepted {
            vm: vm(),
            host: host_id,
        },
        E::VmShutdownAccepted {
            vm: vm(),
            host: host_id,
        },
        E::VmStopFailed {
            vm: vm(),
            host: host_id,
            message: message(),
        },
        E::VmDown {
            vm: vm(),
            host: host_id,
            message: message(),
        },
        E::VmDownError {
            vm: vm(),
            host: host_id,
            message: message(),
        },
        E::VmRecovered {
            vm: vm(),
            host: host_id,
        },
        E::VmNotResponding {
            vm: vm(),
            host: host_id,
        },
        E::VmUnknown {
            vm: vm(),
            host: host_id,
        },
        E::VmStatusRestored {
            vm: vm(),
            host: host_id,
        },
        E::VmMigrationStarted {
            vm: vm(),
            way: (text("host1"), text("host2")),
            by_system: false,
        },
        E::VmMigrationStarted {
            vm: vm(),
            way: (text("host1"), text("host2")),
            by_system: true,
        },
        E::VmMigrated {
            vm: vm(),
            way: (text("host1"), text("host2")),
            seconds: 3,
        },
        E::VmMigrationTriesAgain {
            vm: vm(),
            host: text("host2"),
            message: text("it broke"),
        },
        E::VmMigrationFailed {
            vm: vm(),
            way: (text("host1"), text("host2")),
            message: text("it broke"),
        },
        E::VmMigrationCancelled { vm: vm() },
        E::DiskMoveStarted {
            disk: disk(),
            to: text("shared2"),
        },
        E::DiskMoved {
            disk: disk(),
            to: text("shared2"),
        },
        E::DiskMoveFailed {
            disk: disk(),
            to: text("shared2"),
            message: text("it broke"),
        },
        E::HostMaintenanceStarted {
            host: host(),
            reason: None,
        },
        E::HostMaintenanceStarted {
            host: host(),
            reason: Some(text("new memory")),
        },
        E::HostMaintenance { host: host() },
        E::HostMaintenanceWaits {
            host: host(),
            vms: vec![text("веб-1")],
        },
        E::HostMaintenanceFailed {
            host: host(),
            message: text("it broke"),
        },
        E::HostActivated { host: host() },
        E::VmAdded { vm: vm() },
        E::VmAddStarted { vm: vm() },
        E::VmAddFinished { vm: vm() },
        E::VmAddFailed {
            vm: vm(),
            message: message(),
        },
        E::VmUpdated { vm: vm() },
        E::VmRemoved { vm: vm() },
        E::VmRemovedWithIllegalDisks {
            vm: vm(),
            disks: vec![text("root")],
        },
        E::VmRemoveFailed {
            vm: vm(),
            message: message(),
        },
        E::NicAdded {
            vm: vm(),
            nic: nic(),
        },
        E::NicUpdated {
            vm: vm(),
            nic: nic(),
        },
        E::NicRemoved {
            vm: vm(),
            nic: nic(),
        },
        E::DiskUpdated { disk: disk() },
        E::DiskExtended { disk: disk() },
        E::DiskExtendFailed {
            disk: disk(),
            wanted_bytes: 5,
            message: message(),
        },
        E::DiskRemoveStarted { disk: disk() },
        E::DiskRemoved { disk: disk() },
        E::DiskRemoveFailed {
            disk: disk(),
            message: message(),
        },
        E::DiskImportStarted {
            disk: disk(),
            path: path(),
        },
        E::DiskImported {
            disk: disk(),
            path: path(),
        },
        E::DiskImportFailed {
            disk: disk(),
            path: path(),
            message: message(),
        },
        E::DiskAttached {
            disk: disk(),
            vm: vm(),
        },
        E::DiskAttachmentUpdated {
            disk: disk(),
            vm: vm(),
        },
        E::DiskDetached {
            disk: disk(),
            vm: vm(),
        },
        E::TemplateAddStarted {
            template: template(),
            vm: text("веб-1"),
        },
        E::TemplateAdded {
            template: template(),
        },
        E::TemplateAddFailed {
            template: template(),
            message: message(),
        },
        E::TemplateRemoved {
            template: template(),
        },
        E::TemplateRemoveFailed {
            template: template(),
            message: message(),
        },
        E::HostAdded { host: host() },
        E::HostEnrolled { host: host() },
        E::HostUp { host: host() },
        E::HostNotResponding {
            host: host(),
            message: message(),
        },
        E::HostNonResponsive {
            host: host(),
            message: message(),
        },
        E::HostNonOperational {
            host: host(),
            reason: message(),
        },
        E::HostRecovered { host: host() },
        E::HostCertificateEnds {
            host: host(),
            expires: Timestamp(0),
        },
        E::HostCertificateEnded {
            host: host(),
            expires: Timestamp(0),
        },
        E::EngineCertificateEnds {
            whose: "the API".into(),
            expires: Timestamp(0),
        },
        E::EngineCertificateEnded {
            whose: "the API".into(),
            expires: Timestamp(0),
        },
        E::ApiCertificateRefused {
            problem: "f is damaged".into(),
        },
        E::EngineFenced {
            host: host(),
            newest: 9,
        },
        E::StorageDomainAdded { domain: domain() },
        E::StorageDomainAddFailed {
            domain: domain(),
            message: message(),
        },
        E::StorageDomainActivated { domain: domain() },
        E::StorageDomainLost {
            domain: domain(),
            message: message(),
        },
        E::StorageDomainSpaceLow {
            domain: domain(),
            available_bytes: 5,
        },
        E::StorageDomainSpaceCritical {
            domain: domain(),
            available_bytes: 5,
        },
        E::DataCenterUpdated {
            data_center: data_center(),
        },
        E::NetworkAdded { network: network() },
    ];
    for of in [None, Some(vm())] {
        all.push(E::DiskAddStarted {
            disk: disk(),
            vm: of.clone(),
        });
        all.push(E::DiskAdded {
            disk: disk(),
            vm: of.clone(),
        });
        all.push(E::DiskAddFailed {
            disk: disk(),
            vm: of,
            message: message(),
        });
    }
    all.extend(pauses.map(|reason| E::VmPaused {
        vm: vm(),
        host: host_id,
        reason,
    }));
    all
}

fn call() -> Call {
    Call {
        actor: Actor::User {
            id: UserId::known(77),
            name: "admin@internal".into(),
        },
        correlation_id: "c-1".into(),
        origin: Origin::Rest,
        deadline: None,
        source: base::Source::default(),
    }
}

#[test]
fn every_event_has_words_of_its_own_that_end_as_sentences() {
    for event in all() {
        let kind = event.kind();
        let stored = event.at(&call(), Timestamp(9));
        assert_eq!((stored.code, stored.severity), (kind.code, kind.severity));
        assert!(stored.message.ends_with('.'), "{}", stored.message);
        assert_ne!(stored.message, kind.name, "no words for {}", kind.name);
        assert!(!stored.message.contains(".."), "{}", stored.message);
        assert_eq!(stored.correlation_id, "c-1");
        assert_eq!(stored.about.user, Some(UserId::known(77)));
        assert_eq!(stored.at, Timestamp(9));
    }
}

#[test]
fn codes_and_names_belong_together() {
    let mut seen = std::collections::BTreeMap::new();
    for event in all() {
        let kind = event.kind();
        assert_eq!(*seen.entry(kind.code).or_insert(kind.name), kind.name);
    }
    assert_eq!(seen[&32], "USER_RUN_VM");
    assert_eq!(seen[&371], "USER_EXTEND_DISK_SIZE_SUCCESS");
    assert_eq!(
        E::DiskAdded {
            disk: disk(),
            vm: None
        }
        .kind()
        .code,
        2021
    );
    assert_eq!(
        E::DiskAdded {
            disk: disk(),
            vm: Some(vm())
        }
        .kind()
        .code,
        97
    );
}

#[test]
fn an_event_is_found_from_each_of_its_objects() {
    let about = |e: E| e.at(&call(), Timestamp(0)).about;
    let up = about(E::VmUp {
        vm: vm(),
        host: "host1".into(),
    });
    assert_eq!((up.vm, up.host), (Some(vm().id), Some(HOST)));
    assert_eq!(
        (up.cluster, up.data_center),
        (Some(vm().cluster), Some(vm().data_center))
    );
    let attached = about(E::DiskAttached {
        disk: disk(),
        vm: vm(),
    });
    assert_eq!(
        (attached.vm, attached.disk),
        (Some(vm().id), Some(disk().id))
    );
    assert_eq!(attached.storage_domain, Some(disk().storage_domain));
    let lost = about(E::StorageDomainLost {
        domain: domain(),
        message: "x".into(),
    });
    assert_eq!(lost.storage_domain, Some(domain().id));
}

#[test]
fn names_and_reasons_stand_in_the_text() {
    let text = |e: E| e.at(&call(), Timestamp(0)).message;
    let failed = text(E::VmStartFailed {
        vm: vm(),
        host: None,
        message: "no memory".into(),
    });
    assert!(
        failed.contains("веб-1") && failed.ends_with("no memory."),
        "{failed}"
    );
    let long = text(E::VmDownError {
        vm: vm(),
        host: None,
        message: "ż".repeat(20_000),
    });
    assert_eq!(long.chars().count(), 10_000);
    assert_eq!(
        E::VmDownError {
            vm: vm(),
            host: None,
            message: String::new()
        }
        .kind()
        .severity,
        Severity::Error
    );
}
