//! What clients see.

use super::super::*;
use super::fixture::*;
use api_schema::{Format, Record, View};
use base::{TemplateId, Timestamp};
use domain::events::{About, Event, NewEvent, Severity};
use projection::Snapshot;

/// Everything that can be shown of a data center with a running VM.
fn everything(snapshot: &Snapshot) -> Vec<Box<dyn Record>> {
    let s = snapshot;
    let vm_entity = find_vm(s);
    let template_entity = s.template(TemplateId::BLANK).unwrap();
    let host_entity = s.host(HOST).unwrap();
    let attachment = &vm_entity.hardware.disks[0];
    let card = &vm_entity.hardware.nics[0];
    let event_entity = Event {
        id: 7,
        event: NewEvent {
            code: 32,
            severity: Severity::Normal,
            message: "VM web started".into(),
            at: Timestamp(1),
            correlation_id: "c".into(),
            about: About {
                vm: Some(VM),
                host: Some(HOST),
                user: Some(USER),
                user_name: Some("admin@internal".into()),
                storage_domain: Some(DOMAIN),
                ..About::default()
            },
            external: None,
        },
    };
    let row = job_row();
    let mut all: Vec<Box<dyn Record>> = vec![
        Box::new(vm(s, &vm_entity)),
        Box::new(template(s, template_entity)),
        Box::new(host(s, host_entity)),
        Box::new(disk(s, s.disk(DISK).unwrap())),
        Box::new(storage_domain(s, s.storage_domain(DOMAIN).unwrap())),
        Box::new(cluster(s, s.cluster(CLUSTER).unwrap())),
        Box::new(data_center(s, s.data_center(DC).unwrap())),
        Box::new(network(s, s.network(NETWORK).unwrap())),
        Box::new(vnic_profile(s, s.vnic_profile(PROFILE).unwrap())),
        Box::new(user(s, s.user(USER).unwrap())),
        Box::new(vm_disk_attachment(s, &vm_entity, attachment)),
        Box::new(template_disk_attachment(s, template_entity, attachment)),
        Box::new(vm_nic(s, &vm_entity, card)),
        Box::new(template_nic(s, template_entity, card)),
        Box::new(event(s, &event_entity)),
        Box::new(job(&row)),
        Box::new(step(&row, 0, &row.steps[0])),
    ];
    fn boxed<T: Record>(many: Vec<T>) -> impl Iterator<Item = Box<dyn Record>> {
        many.into_iter().map(|one| Box::new(one) as Box<dyn Record>)
    }
    all.extend(boxed(vm_statistics(s, &vm_entity)));
    all.extend(boxed(host_statistics(s, host_entity)));
    all.extend(boxed(host_nics(s, host_entity)));
    all.extend(boxed(reported_devices(s, &vm_entity)));
    all.extend(boxed(graphics_consoles(s, &vm_entity, true)));
    all
}

/// Every entity within has an address below the root; a few are known by their id alone.
fn check_addresses(record: &dyn Record, path: &str) {
    if let Some(identity) = record.identity()
        && let Some(id) = identity.id
        && !["migration_policy", "vlan"].contains(&record.desc().tag)
    {
        let href = identity.href.unwrap_or_default();
        assert!(href.starts_with("/ovirt-engine/api/"), "{path}: {href:?}");
        assert!(href.ends_with(id), "{path}: {href} of {id}");
    }
    for (index, field) in record.desc().fields.iter().enumerate() {
        let path = format!("{path}.{}", field.name);
        match record.slot(index).unwrap().view() {
            View::Record(inner) => check_addresses(inner, &path),
            View::List(list) => {
                for i in 0..list.len() {
                    if let View::Record(inner) = list.get(i) {
                        check_addresses(inner, &path);
                    }
                }
            }
            _ => {}
        }
    }
}

#[test]
fn whatever_is_shown_has_an_address_and_both_forms() {
    for snapshot in [down(), up()] {
        for record in everything(&snapshot) {
            let tag = record.desc().tag;
            check_addresses(&*record, tag);
            assert!(record.identity().unwrap().id.is_some(), "{tag}");
            for format in [Format::Xml, Format::Json] {
                let text = format.write(&*record);
                assert!(!text.contains("secret-hash"), "{text}");
            }
        }
    }
}

fn has(record: &dyn Record, paths: &[&str]) {
    let text = Format::Json.write(record);
    let tree: serde_json::Value = serde_json::from_str(&text).unwrap();
    for path in paths {
        let pointer = format!("/{path}");
        assert!(
            tree.pointer(&pointer).is_some(),
            "{path} is missing: {text}"
        );
    }
}

#[test]
fn what_clients_read_without_asking_is_there() {
    let snapshot = down();
    let hardware = [
        "placement_policy/affinity",
        "placement_policy/hosts",
        "cpu/topology/sockets",
        "cpu/cpu_tune",
        "memory_policy/guaranteed",
        "os/type",
        "os/boot/devices/device",
        "bios/type",
        "bios/boot_menu/enabled",
        "high_availability/enabled",
        "usb/enabled",
        "sso/methods",
        "io/threads",
        "time_zone/name",
        "display/type",
        "rng_device/source",
        "console/enabled",
        "custom_properties",
        "stateless",
    ];
    has(&vm(&snapshot, &find_vm(&snapshot)), &hardware);
    let blank = template(&snapshot, snapshot.template(TemplateId::BLANK).unwrap());
    has(&blank, &hardware);
    has(&blank, &["version/version_number", "version/version_name"]);
    has(
        &cluster(&snapshot, snapshot.cluster(CLUSTER).unwrap()),
        &[
            "ksm/enabled",
            "ksm/merge_across_nodes",
            "memory_policy/over_commit/percent",
            "error_handling/on_error",
            "fencing_policy/enabled",
            "fencing_policy/skip_if_sd_active/enabled",
            "fencing_policy/skip_if_connectivity_broken/threshold",
            "fencing_policy/skip_if_gluster_bricks_up",
            "migration/auto_converge",
            "migration/bandwidth/assignment_method",
            "migration/policy/id",
            "mac_pool/id",
            "scheduling_policy/id",
            "version/major",
            "cpu/type",
            "cpu/architecture",
            "required_rng_sources",
            "serial_number/policy",
            "custom_scheduling_policy_properties",
            "management_network/href",
        ],
    );
    has(
        &host(&snapshot, snapshot.host(HOST).unwrap()),
        &[
            "power_management/enabled",
            "power_management/kdump_detection",
            "spm/priority",
            "cpu/topology/cores",
            "memory",
            "libvirt_version/full_version",
        ],
    );
}

#[test]
fn links_and_actions_are_those_that_are_served() {
    let snapshot = down();
    let shown = vm(&snapshot, &find_vm(&snapshot));
    let of = |rels: &[api_schema::Link]| -> Vec<String> {
        rels.iter().map(|link| link.rel.to_string()).collect()
    };
    for rel in ["nics", "diskattachments", "statistics", "graphicsconsoles"] {
        assert!(of(&shown.links).contains(&rel.to_owned()), "{rel}");
    }
    for rel in ["start", "stop", "shutdown"] {
        assert!(of(&shown.actions).contains(&rel.to_owned()), "{rel}");
    }
    assert_eq!(
        shown.actions[0].href,
        format!("/ovirt-engine/api/vms/{VM}/{}", shown.actions[0].rel)
    );
}

#[test]
fn a_running_vm_shows_its_host_guest_and_console() {
    let snapshot = up();
    let entity = find_vm(&snapshot);
    let shown = vm(&snapshot, &entity);
    assert_eq!(shown.status, Some(api_v4::VmStatus::Up));
    assert_eq!(shown.host.unwrap().id, Some(HOST.to_string()));
    assert_eq!(shown.start_time, Some(Timestamp(20_000_000)));
    assert_eq!(shown.fqdn.as_deref(), Some("web.example"));
    let zone = shown.guest_time_zone.unwrap();
    assert_eq!(zone.utc_offset.as_deref(), Some("-03:30"));
    assert_eq!(shown.display.unwrap().port, Some(5900));

    let consoles = graphics_consoles(&snapshot, &entity, true);
    assert_eq!(consoles[0].address.as_deref(), Some("10.0.0.1"));
    assert_eq!(
        graphics_consoles(&snapshot, &entity, false)[0].address,
        None
    );

    let devices = reported_devices(&snapshot, &entity);
    let ips = devices[0].ips.as_ref().unwrap();
    assert_eq!(ips[0].address.as_deref(), Some("10.1.1.9"));

    let stats = vm_statistics(&snapshot, &entity);
    let datum = |name: &str| {
        let found = stats.iter().find(|s| s.name.as_deref() == Some(name));
        found.unwrap().values.as_ref().unwrap()[0].datum
    };
    assert_eq!(datum("memory.installed"), Some(268_435_456.0));
    assert_eq!(datum("memory.free"), Some(163_577_856.0));
    assert_eq!(datum("cpu.current.total"), Some(12.5));
    assert_eq!(datum("elapsed.time"), Some(30.0));
}

#[test]
fn a_vm_that_is_down_shows_neither_host_nor_guest() {
    let snapshot = down();
    let entity = find_vm(&snapshot);
    let shown = vm(&snapshot, &entity);
    assert_eq!(shown.status, Some(api_v4::VmStatus::Down));
    assert_eq!(
        (shown.host, shown.start_time, shown.fqdn),
        (None, None, None)
    );
    assert!(reported_devices(&snapshot, &entity).is_empty());
    assert_eq!(vm_statistics(&snapshot, &entity).len(), 6);
}

#[test]
fn host_cards_show_their_network_and_addresses() {
    let snapshot = up();
    let cards = host_nics(&snapshot, snapshot.host(HOST).unwrap());
    assert_eq!(cards.len(), 1);
    let card = &cards[0];
    assert_eq!(card.network.as_ref().unwrap().id, Some(NETWORK.to_string()));
    assert_eq!(
        card.ip.as_ref().unwrap().netmask.as_deref(),
        Some("255.255.255.0")
    );
    assert_eq!(card.speed, Some(1_000_000_000));
    let again = host_nics(&snapshot, snapshot.host(HOST).unwrap());
    assert_eq!(again[0].id, card.id);
}
