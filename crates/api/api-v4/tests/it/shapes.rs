//! The shapes on the wire, as clients know them.

use api_schema::{Api, Format, Link};
use api_v4::{
    Action, Boot, BootDevice, Cluster, Cpu, CpuTopology, Disk, Fault, Host, Job, Nic,
    OperatingSystem, Statistic, StorageDomain, Value, Vm, VmStatus,
};

fn vm() -> Vm {
    Vm {
        id: Some("123".into()),
        href: Some("/ovirt-engine/api/vms/123".into()),
        links: vec![Link::new("nics", "/ovirt-engine/api/vms/123/nics")],
        actions: vec![Link::new("start", "/ovirt-engine/api/vms/123/start")],
        name: Some("ż <b>&amp;</b> \"\u{1F600}\"".into()),
        description: Some(String::new()),
        memory: Some(268_435_456),
        stateless: Some(false),
        status: Some(VmStatus::WaitForLaunch),
        creation_time: Some(base::Timestamp(1_763_787_600_123_000)),
        cluster: Some(Box::new(Cluster {
            id: Some("c".into()),
            href: Some("/ovirt-engine/api/clusters/c".into()),
            ..Cluster::default()
        })),
        os: Some(Box::new(OperatingSystem {
            type_: Some("rhel_9x64".into()),
            boot: Some(Box::new(Boot {
                devices: Some(vec![BootDevice::Hd, BootDevice::Network]),
            })),
            ..OperatingSystem::default()
        })),
        tags: Some(vec![]),
        nics: Some(vec![Nic {
            id: Some("n".into()),
            ..Nic::default()
        }]),
        ..Vm::default()
    }
}

#[test]
fn a_vm_in_xml() {
    assert_eq!(
        Format::Xml.write(&vm()),
        concat!(
            r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
            r#"<vm href="/ovirt-engine/api/vms/123" id="123">"#,
            r#"<actions><link href="/ovirt-engine/api/vms/123/start" rel="start"/></actions>"#,
            r#"<link href="/ovirt-engine/api/vms/123/nics" rel="nics"/>"#,
            "<name>ż &lt;b&gt;&amp;amp;&lt;/b&gt; \"\u{1F600}\"</name>",
            "<description></description>",
            r#"<cluster href="/ovirt-engine/api/clusters/c" id="c"/>"#,
            "<creation_time>2025-11-22T05:00:00.123+00:00</creation_time>",
            "<memory>268435456</memory>",
            r#"<nics><nic id="n"/></nics>"#,
            "<os><boot><devices><device>hd</device><device>network</device></devices></boot>",
            "<type>rhel_9x64</type></os>",
            "<stateless>false</stateless><status>wait_for_launch</status><tags/></vm>",
        )
    );
}

#[test]
fn a_vm_in_json() {
    assert_eq!(
        Format::Json.write(&vm()),
        concat!(
            "{\"name\":\"ż <b>&amp;</b> \\\"\u{1F600}\\\"\",\"description\":\"\",",
            r#""cluster":{"href":"/ovirt-engine/api/clusters/c","id":"c"},"#,
            r#""creation_time":1763787600123,"memory":"268435456","#,
            r#""nics":{"nic":[{"id":"n"}]},"#,
            r#""os":{"boot":{"devices":{"device":["hd","network"]}},"type":"rhel_9x64"},"#,
            r#""stateless":"false","status":"wait_for_launch","tags":{},"#,
            r#""actions":{"link":[{"href":"/ovirt-engine/api/vms/123/start","rel":"start"}]},"#,
            r#""link":[{"href":"/ovirt-engine/api/vms/123/nics","rel":"nics"}],"#,
            r#""href":"/ovirt-engine/api/vms/123","id":"123"}"#,
        )
    );
}

#[test]
fn lists_have_a_wrapper_and_an_empty_one_is_an_empty_object() {
    let (a, b) = (Disk::default(), Disk::default());
    let disks: [&dyn api_schema::Record; 2] = [&a, &b];
    let desc = Disk::type_desc();
    let xml = |d: &[&dyn api_schema::Record]| Format::Xml.write_list(desc, d.iter().copied());
    let json = |d: &[&dyn api_schema::Record]| Format::Json.write_list(desc, d.iter().copied());
    assert!(xml(&disks).ends_with("?><disks><disk/><disk/></disks>"));
    assert!(xml(&[]).ends_with("?><disks></disks>"));
    assert_eq!(json(&disks), r#"{"disk":[{},{}]}"#);
    assert_eq!(json(&[]), "{}");
}

#[test]
fn a_list_is_read_again() {
    let hosts = vec![
        Host {
            name: Some("a".into()),
            ..Host::default()
        },
        Host::default(),
    ];
    for format in [Format::Xml, Format::Json] {
        let text = format.write_list(
            Host::type_desc(),
            hosts.iter().map(|h| h as &dyn api_schema::Record),
        );
        assert_eq!(format.read_list::<Host>(text.as_bytes()).unwrap(), hosts);
    }
    assert_eq!(Format::Json.read_list::<Host>(b"{}").unwrap(), []);
}

#[test]
fn an_action_and_a_fault() {
    let action = Action {
        status: Some("complete".into()),
        job: Some(Box::new(Job {
            id: Some("j".into()),
            href: Some("/ovirt-engine/api/jobs/j".into()),
            ..Job::default()
        })),
        ..Action::default()
    };
    assert!(Format::Xml.write(&action).ends_with(
        r#"?><action><job href="/ovirt-engine/api/jobs/j" id="j"/><status>complete</status></action>"#
    ));
    let fault = Fault {
        reason: Some("Operation Failed".into()),
        detail: Some("[Cannot run VM.]".into()),
    };
    assert_eq!(
        Format::Json.write(&fault),
        r#"{"detail":"[Cannot run VM.]","reason":"Operation Failed"}"#
    );
}

#[test]
fn statistics_are_numbers_in_json() {
    let statistic = Statistic {
        values: Some(vec![Value {
            datum: Some(12.5),
            ..Value::default()
        }]),
        ..Statistic::default()
    };
    assert_eq!(
        Format::Json.write(&statistic),
        r#"{"values":{"value":[{"datum":12.5}]}}"#
    );
    let broken = Statistic {
        values: Some(vec![Value {
            datum: Some(f64::NAN),
            ..Value::default()
        }]),
        ..Statistic::default()
    };
    assert!(Format::Xml.write(&broken).contains("<value/>"));
}

#[test]
fn what_xml_cannot_carry_is_replaced() {
    let vm = Vm {
        comment: Some("a\u{0}b\u{b}c\u{fffe}\r\n".into()),
        ..Vm::default()
    };
    let text = Format::Xml.write(&vm);
    assert!(text.contains("<comment>a\u{fffd}b\u{fffd}c\u{fffd}&#13;\n</comment>"));
    assert!(Format::Xml.read::<Vm>(text.as_bytes()).is_ok());
}

#[test]
fn requests_are_read_as_clients_write_them() {
    let vm: Vm = Format::Xml
        .read(
            concat!(
                "\u{feff}\n<?xml version='1.0'?><!-- hi --><vm foo='x'>\n  <name>web</name>",
                "<unknown a='1'><name>other</name></unknown>",
                "<cluster><name>Default</name></cluster><template id='t'/>",
                "<cpu><topology><sockets>2</sockets><cores> 1 </cores></topology></cpu>",
                "<type>SERVER</type><stateless>1</stateless><description/>",
                "<comment><![CDATA[<&>]]>&#x1F600;&lt;</comment>",
                "<nics><nic><name>nic1</name></nic></nics></vm>\n",
            )
            .as_bytes(),
        )
        .unwrap();
    assert_eq!(vm.name.as_deref(), Some("web"));
    assert_eq!(vm.cluster.unwrap().name.as_deref(), Some("Default"));
    assert_eq!(vm.template.unwrap().id.as_deref(), Some("t"));
    assert_eq!(
        vm.cpu,
        Some(Box::new(Cpu {
            topology: Some(Box::new(CpuTopology {
                sockets: Some(2),
                cores: Some(1),
                threads: None,
            })),
            ..Cpu::default()
        }))
    );
    assert_eq!(vm.type_.map(|t| t.name()), Some("server"));
    assert_eq!(vm.stateless, Some(true));
    assert_eq!(vm.description.as_deref(), Some(""));
    assert_eq!(vm.comment.as_deref(), Some("<&>\u{1F600}<"));
    assert_eq!(vm.nics.unwrap()[0].name.as_deref(), Some("nic1"));
    assert_eq!(vm.memory, None);
}

#[test]
fn json_scalars_may_be_strings_numbers_or_booleans() {
    let body = br#"{"name":"j","memory":268435456,"stateless":"true","delete_protected":false,
        "creation_time":1763787600000,"status":null,"unknown":{"a":[1]},
        "cluster":{"name":"Default"},"disk_attachments":[{"disk":{"provisioned_size":"5"}}],
        "os":{"boot":{"devices":{"device":["HD"]}}},"custom_properties":{"custom_property":{"name":"x"}}}"#;
    let vm: Vm = Format::Json.read(body).unwrap();
    assert_eq!(vm.memory, Some(268_435_456));
    assert_eq!(
        (vm.stateless, vm.delete_protected),
        (Some(true), Some(false))
    );
    assert_eq!(vm.creation_time.unwrap().0, 1_763_787_600_000_000);
    assert_eq!(vm.cluster.unwrap().name.as_deref(), Some("Default"));
    let attachments = vm.disk_attachments.unwrap();
    assert_eq!(
        attachments[0].disk.as_ref().unwrap().provisioned_size,
        Some(5)
    );
    assert_eq!(
        vm.os.unwrap().boot.unwrap().devices,
        Some(vec![BootDevice::Hd])
    );
    assert_eq!(vm.custom_properties.unwrap().len(), 1);
}

#[test]
fn an_action_in_xml_announced_as_json_is_read_and_an_empty_one_too() {
    for body in ["<action />", "{}", "", " \n"] {
        let action: Action = Format::Json.read_or_default(body.as_bytes()).unwrap();
        assert_eq!(action, Action::default(), "{body}");
    }
    assert!(Format::Xml.read::<Action>(b"").is_err());
}

#[test]
fn a_followed_link_is_put_in_place() {
    let mut vm = Vm::default();
    let desc = Vm::type_desc();
    let slot = |rel| desc.field_for_rel(rel).unwrap();
    assert_eq!(slot("disk_attachments"), slot("diskattachments"));
    assert!(desc.fields[slot("nics")].linked);
    assert!(desc.field_for_rel("numanodes").is_some());
    use api_schema::Record as _;
    let nics = vm.slot_mut(slot("nics")).unwrap();
    assert!(nics.put(Box::new(Nic::default())));
    assert!(!nics.put(Box::new(Disk::default())));
    let cluster = vm.slot_mut(slot("cluster")).unwrap();
    assert!(cluster.put(Box::new(Cluster::default())));
    assert_eq!(vm.nics.map(|n| n.len()), Some(1));
    assert!(vm.cluster.is_some());
}

#[test]
fn passwords_are_not_printed() {
    let text = format!(
        "{:?}",
        StorageDomain {
            host: Some(Box::new(Host {
                root_password: Some("secret".into()),
                ..Host::default()
            })),
            ..StorageDomain::default()
        }
    );
    assert_eq!(
        text,
        "StorageDomain { host: Host { root_password: \"…\" } }"
    );
}
