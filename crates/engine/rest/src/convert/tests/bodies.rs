//! What clients send.

use super::super::*;
use super::fixture::*;
use api_schema::{Api, Format};
use base::{Fault, FaultKind, TemplateId};
use domain::disks::DiskFormat;
use domain::vms::{BootDevice, DiskInterface};

fn body<T: Api>(xml: &str) -> T {
    Format::Xml.read(xml.as_bytes()).unwrap()
}

fn refused<T: std::fmt::Debug>(result: Result<T, Fault>) -> (FaultKind, String) {
    let fault = result.unwrap_err();
    (fault.kind, fault.messages.join(" "))
}

const NEW: &str = "<name>x</name><cluster><name>Default</name></cluster>\
                   <template><name>Blank</name></template>";

#[test]
fn a_new_vm_is_read_with_references_by_name() {
    let snapshot = down();
    let wanted = body(&format!(
        "<vm>{NEW}<memory>536870912</memory><memory_policy><guaranteed>1048576</guaranteed>\
         </memory_policy><type>server</type><cpu><topology><sockets>3</sockets></topology></cpu>\
         <os><type>RHEL_8X64</type><boot><devices><device>hd</device></devices></boot></os>\
         <placement_policy><hosts><host><name>host1</name></host></hosts></placement_policy>\
         <stateless>false</stateless><description>d</description></vm>"
    ));
    let add = vm_add(&snapshot, &wanted).unwrap();
    assert_eq!((add.name.as_str(), add.description.as_str()), ("x", "d"));
    assert_eq!((add.cluster, add.template), (CLUSTER, TemplateId::BLANK));
    let hardware = add.hardware;
    assert_eq!(hardware.memory_bytes, Some(536_870_912));
    assert_eq!(hardware.memory_guaranteed_bytes, Some(MIB));
    assert_eq!((hardware.sockets, hardware.cores), (Some(3), None));
    assert_eq!(hardware.os.as_deref(), Some("rhel_8x64"));
    assert_eq!(hardware.boot, Some(vec![BootDevice::Hd]));
    assert_eq!(hardware.hosts, Some(vec![HOST]));
}

#[test]
fn a_new_vm_that_is_incomplete_or_beyond_this_version_is_refused() {
    let snapshot = down();
    let add = |inner: &str| refused(vm_add(&snapshot, &body(&format!("<vm>{inner}</vm>"))));
    let with = |inner: &str| add(&format!("{NEW}{inner}"));
    for (inner, missing) in [
        ("", "`vm.name` is missing"),
        ("<name>x</name>", "`vm.cluster` is missing"),
        (
            "<name>x</name><cluster/>",
            "`vm.cluster.id|name` is missing",
        ),
        (
            "<name>x</name><cluster><name>Default</name></cluster>",
            "`vm.template` is missing",
        ),
    ] {
        let (kind, words) = add(inner);
        assert_eq!(kind, FaultKind::BadRequest);
        assert!(words.starts_with(missing), "{words}");
    }
    let (kind, words) = add("<name>x</name><cluster><name>nope</name></cluster>");
    assert_eq!(
        (kind, words.as_str()),
        (FaultKind::NotFound, "There is no cluster `nope`.")
    );
    let (kind, _) = add("<name>x</name><cluster id='nonsense'/>");
    assert_eq!(kind, FaultKind::NotFound);
    let (kind, words) = with("<memory>-5</memory>");
    assert_eq!(kind, FaultKind::BadRequest);
    assert!(
        words.starts_with("`vm.memory`: -5 is not allowed"),
        "{words}"
    );
    for (inner, named) in [
        ("<stateless>true</stateless>", "`vm.stateless` = `true`"),
        (
            "<bios><type>q35_ovmf</type></bios>",
            "`vm.bios.type` = `q35_ovmf`",
        ),
        (
            "<initialization><host_name>a</host_name></initialization>",
            "`vm.initialization`",
        ),
        (
            "<rng_device><source>hwrng</source></rng_device>",
            "`vm.rng_device.source` = `hwrng`",
        ),
        (
            "<custom_properties><custom_property><name>a</name></custom_property></custom_properties>",
            "`vm.custom_properties`",
        ),
    ] {
        let (kind, words) = with(inner);
        assert_eq!(kind, FaultKind::NotSupported, "{words}");
        assert_eq!(words, format!("not supported yet: {named}"));
    }
}

#[test]
fn what_was_read_may_be_written_back() {
    for snapshot in [down(), up()] {
        let entity = find_vm(&snapshot);
        let update = vm_update(&snapshot, &entity, &vm(&snapshot, &entity)).unwrap();
        let mut hardware = entity.hardware.clone();
        hardware.time_zone = "Etc/GMT".into();
        let mut changed = entity.hardware.clone();
        update.hardware.apply(&mut changed).unwrap();
        assert_eq!(changed, hardware);
        assert_eq!(update.name.as_deref(), Some("web"));

        let entity = snapshot.disk(DISK).unwrap();
        disk_update(&snapshot, entity, &disk(&snapshot, entity)).unwrap();

        let entity = find_vm(&snapshot);
        let attachment = &entity.hardware.disks[0];
        let shown = vm_disk_attachment(&snapshot, &entity, attachment);
        attachment_update(&snapshot, attachment, &shown).unwrap();
        let shown = vm_nic(&snapshot, &entity, &entity.hardware.nics[0]);
        nic_update(&snapshot, &entity, &shown).unwrap();
    }
}

#[test]
fn an_update_changes_only_what_it_names() {
    let snapshot = down();
    let entity = find_vm(&snapshot);
    let update = vm_update(&snapshot, &entity, &body("<vm><description/></vm>")).unwrap();
    assert_eq!(update.description.as_deref(), Some(""));
    assert_eq!(
        (update.name, update.comment, update.cluster),
        (None, None, None)
    );
    assert_eq!(update.hardware, Default::default());
    let update = body("<vm><rng_device/><placement_policy><hosts/></placement_policy></vm>");
    let update = vm_update(&snapshot, &entity, &update).unwrap();
    assert_eq!(update.hardware.rng, Some(false));
    assert_eq!(update.hardware.hosts, Some(vec![]));
    let (kind, words) = refused(vm_update(
        &snapshot,
        &entity,
        &body("<vm><template id='00000000-0000-0000-0000-000000000001'/></vm>"),
    ));
    assert_eq!(
        (kind, words.as_str()),
        (FaultKind::NotSupported, "not supported yet: `vm.template`")
    );
}

#[test]
fn cards_are_read() {
    let snapshot = down();
    let entity = find_vm(&snapshot);
    let add = |xml: &str| nic_add(&snapshot, &entity, &body(xml));
    let named = "<nic><name>n</name><vnic_profile><name>ovirtmgmt</name></vnic_profile></nic>";
    let card = add(named).unwrap();
    assert_eq!(
        (card.profile, card.plugged, card.linked),
        (Some(PROFILE), true, true)
    );
    assert_eq!(add("<nic><name>n</name></nic>").unwrap().profile, None);
    assert_eq!(refused(add("<nic/>")).0, FaultKind::BadRequest);
    let (_, words) = refused(add(
        "<nic><name>n</name><mac><address>x</address></mac></nic>",
    ));
    assert!(
        words.starts_with("`nic.mac.address`: `x` is not a MAC address"),
        "{words}"
    );
    let (kind, _) = refused(add(
        "<nic><name>n</name><interface>pci_passthrough</interface></nic>",
    ));
    assert_eq!(kind, FaultKind::NotSupported);
    let update = |xml: &str| nic_update(&snapshot, &entity, &body(xml)).unwrap();
    assert_eq!(update("<nic><vnic_profile/></nic>").profile, Some(None));
    assert_eq!(
        update("<nic><linked>false</linked></nic>").linked,
        Some(false)
    );
}

#[test]
fn disks_are_read() {
    let snapshot = down();
    let entity = find_vm(&snapshot);
    let add = |inner: &str| disk_add(&snapshot, &body(&format!("<disk>{inner}</disk>")));
    let size = "<provisioned_size>1024</provisioned_size>";
    let place =
        "<storage_domains><storage_domain><name>data</name></storage_domain></storage_domains>";
    let disk = add(&format!(
        "<alias>a</alias><format>cow</format>{size}{place}"
    ))
    .unwrap();
    assert_eq!(
        (disk.name.as_deref(), disk.storage_domain),
        (Some("a"), DOMAIN)
    );
    assert_eq!(
        (disk.format, disk.provisioned_bytes),
        (Some(DiskFormat::Cow), 1024)
    );
    assert!(
        refused(add(place))
            .1
            .starts_with("`disk.provisioned_size` is missing")
    );
    assert!(
        refused(add(size))
            .1
            .starts_with("`disk.storage_domains` is missing")
    );
    let more = |inner: &str| refused(add(&format!("{size}{place}{inner}"))).1;
    assert_eq!(
        more("<backup>incremental</backup>"),
        "not supported yet: `disk.backup` = `incremental`"
    );
    assert_eq!(
        more("<content_type>iso</content_type>"),
        "not supported yet: `disk.content_type` = `iso`"
    );

    let attached = body(&format!(
        "<disk_attachment><interface>virtio</interface><bootable>false</bootable>\
         <disk>{size}</disk></disk_attachment>"
    ));
    let disk = disk_add_attached(&snapshot, &entity, &attached).unwrap();
    assert_eq!(disk.storage_domain, DOMAIN);
    let attach = disk.attach.unwrap();
    assert_eq!(
        (attach.vm, attach.interface, attach.active),
        (VM, DiskInterface::Virtio, true)
    );

    let there = body(&format!(
        "<disk_attachment><disk id='{DISK}'/></disk_attachment>"
    ));
    let (_, words) = refused(disk_attach(&snapshot, &there));
    assert!(
        words.starts_with("`disk_attachment.interface` is missing"),
        "{words}"
    );

    let before = &entity.hardware.disks[0];
    let larger =
        "<disk_attachment><disk><provisioned_size>5</provisioned_size></disk></disk_attachment>";
    let update = attachment_update(&snapshot, before, &body(larger)).unwrap();
    assert_eq!(update.disk.provisioned_bytes, Some(5));
    assert_eq!(update.active, None);
}

#[test]
fn a_new_template_is_read_with_its_disks() {
    let snapshot = down();
    let wanted = body(&format!(
        "<template><name>t</name><vm><name>web</name><disk_attachments><disk_attachment>\
         <disk id='{DISK}'><format>raw</format><sparse>true</sparse></disk></disk_attachment>\
         </disk_attachments></vm></template>"
    ));
    let add = template_add(&snapshot, &wanted).unwrap();
    assert_eq!((add.vm, add.disks[0].source), (VM, DISK));
    assert_eq!(add.disks[0].format, Some(DiskFormat::Raw));
    let (kind, words) = refused(template_add(
        &snapshot,
        &body(
            "<template><name>t</name><vm><name>web</name></vm>\
             <version><version_name>v2</version_name></version></template>",
        ),
    ));
    assert_eq!(
        (kind, words.as_str()),
        (
            FaultKind::NotSupported,
            "not supported yet: `template.version`"
        )
    );
}
