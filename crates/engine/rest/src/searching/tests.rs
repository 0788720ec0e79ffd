//! Searches over generated inventories, compared with an evaluator that knows nothing of indexes,
//! joins by sets or this room's code: plain structs, nested loops, a recursive wildcard.
//!
//! The seeds are fixed and printed with each difference; `VIREO_SEARCH_SEED` draws another one.

use super::Inventory;
use crate::convert::tests::fixture;
use base::{
    ClusterId, DataCenterId, DiskId, HostId, MembershipId, NicId, StorageDomainId, TagId,
    TemplateId, Timestamp, VmId, VolumeId,
};
use domain::clusters::Cluster;
use domain::data_centers::{CompatibilityVersion, DataCenter};
use domain::disks::{Disk, DiskFormat, DiskStatus, Volume};
use domain::hosts::{Host, HostObserved, HostStatus};
use domain::memberships::Membership;
use domain::storage::{StorageBacking, StorageDomain, StorageDomainStatus};
use domain::tags::Tag;
use domain::templates::Template;
use domain::vms::{
    DiskAttachment, DiskInterface, GuestInfo, Nic, Run, RunState, Vm, VmKind, VmObserved,
};
use domain::{Entity, Key, Noun};
use projection::{Projection, Snapshot};
use search::{Joined, Object, Window, World};
use std::cmp::Ordering;
use std::fmt::Write as _;
use store::Contents;
use uuid::Uuid;

/// Numbers from a seed (splitmix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(n).unwrap()).unwrap()
    }
    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }
    fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }
}

/// What a field holds, for the plain evaluator.
#[derive(Clone, Debug, PartialEq)]
enum Plain {
    Null,
    Text(String),
    Number(f64),
    Truth(bool),
    Word(String),
}

/// One object of any kind: its fields, and which other objects belong to it by kind.
#[derive(Clone, Debug, Default)]
struct Thing {
    id: Uuid,
    name: String,
    fields: Vec<(&'static str, Vec<Plain>)>,
    related: Vec<(Object, Vec<usize>)>,
}

impl Thing {
    fn values(&self, field: &str) -> &[Plain] {
        let found = self.fields.iter().find(|(name, _)| *name == field);
        found.map_or(&[], |(_, values)| values)
    }
    fn related(&self, object: Object) -> &[usize] {
        let found = self.related.iter().find(|(kind, _)| *kind == object);
        found.map_or(&[], |(_, things)| things)
    }
}

/// All of them, by kind.
#[derive(Default)]
struct Plainly(Vec<(Object, Vec<Thing>)>);

impl Plainly {
    fn of(&self, object: Object) -> &[Thing] {
        &self.0.iter().find(|(kind, _)| *kind == object).unwrap().1
    }
}

fn text(of: &str) -> Vec<Plain> {
    vec![if of.is_empty() {
        Plain::Null
    } else {
        Plain::Text(of.to_owned())
    }]
}

fn word(of: &str) -> Vec<Plain> {
    vec![Plain::Word(of.to_owned())]
}

fn number(of: f64) -> Vec<Plain> {
    vec![Plain::Number(of)]
}

const SYLLABLES: &[&str] = &[
    "web", "db", "Żółw", "app", "Mail", "x_y", "a.b", "中文", "BIG",
];
const COMMENTS: &[&str] = &["", "old", "keep it", "Rack 7", "plan=a,profile=b", "Żaba"];

fn name(dice: &mut Dice, kind: &str, n: usize) -> String {
    format!("{}-{kind}{}{n}", dice.pick(SYLLABLES), dice.pick(SYLLABLES))
}

/// Ids that do not go with the names.
fn id(dice: &mut Dice) -> Uuid {
    Uuid::from_u128((u128::from(dice.next()) << 64) | u128::from(dice.next()))
}

struct Sizes {
    clusters: usize,
    hosts: usize,
    domains: usize,
    templates: usize,
    disks: usize,
    vms: usize,
}

/// Some ten thousand objects.
const SIZES: Sizes = Sizes {
    clusters: 30,
    hosts: 300,
    domains: 20,
    templates: 50,
    disks: 3600,
    vms: 6000,
};

#[allow(clippy::too_many_lines)]
fn generate(dice: &mut Dice) -> (Snapshot, Plainly) {
    let sizes = &SIZES;
    let mut entities: Vec<Entity> = Vec::new();
    let mut dcs: Vec<Thing> = Vec::new();
    for n in 0..3 {
        let id = id(dice);
        let name = format!("dc{n}");
        entities.push(
            DataCenter {
                id: DataCenterId(id),
                generation: base::Generation(1),
                name: name.clone(),
                description: String::new(),
                comment: String::new(),
                local: n == 2,
                version: CompatibilityVersion::NEWEST,
                created: Timestamp(1),
            }
            .into(),
        );
        let fields = vec![("name", text(&name)), ("local", vec![Plain::Truth(n == 2)])];
        dcs.push(Thing {
            id,
            name,
            fields,
            related: Vec::new(),
        });
    }
    let template_of_cluster = fixture::contents(fixture::vm_entity(None));
    let cluster_like = template_of_cluster.entities.iter().find_map(|e| match e {
        Entity::Cluster(c) => Some((**c).clone()),
        _ => None,
    });
    let cluster_like = cluster_like.unwrap();
    let mut clusters: Vec<Thing> = Vec::new();
    let mut cluster_dc = Vec::new();
    for n in 0..sizes.clusters {
        let (id, dc) = (id(dice), dice.below(3));
        let name = name(dice, "c", n);
        let version = dice.pick(CompatibilityVersion::ALL);
        entities.push(
            Cluster {
                id: ClusterId(id),
                name: name.clone(),
                data_center: DataCenterId(dcs[dc].id),
                version,
                ..cluster_like.clone()
            }
            .into(),
        );
        cluster_dc.push(dc);
        let level: f64 = version.to_string().parse().unwrap();
        let fields = vec![
            ("name", text(&name)),
            ("datacenter", text(&dcs[dc].name)),
            ("compatibility_level", number(level)),
        ];
        clusters.push(Thing {
            id,
            name,
            fields,
            related: Vec::new(),
        });
    }
    let mut domains: Vec<Thing> = Vec::new();
    let mut domain_dc = Vec::new();
    for n in 0..sizes.domains {
        let (id, dc) = (id(dice), dice.below(3));
        let name = format!("sd{}-{n}", dice.pick(&["fast", "slow", "Old"]));
        entities.push(
            StorageDomain {
                id: StorageDomainId(id),
                generation: base::Generation(1),
                name: name.clone(),
                description: String::new(),
                comment: String::new(),
                backing: StorageBacking::LocalFs { path: "/x".into() },
                data_center: Some(DataCenterId(dcs[dc].id)),
                status: StorageDomainStatus::Maintenance,
                master: false,
                warning_low_space_percent: 10,
                critical_space_gib: 5,
                created: Timestamp(1),
            }
            .into(),
        );
        domain_dc.push(dc);
        let fields = vec![
            ("name", text(&name)),
            ("datacenter", text(&dcs[dc].name)),
            ("status", word("maintenance")),
        ];
        domains.push(Thing {
            id,
            name,
            fields,
            related: Vec::new(),
        });
    }
    let mut hosts: Vec<Thing> = Vec::new();
    let mut host_cluster = Vec::new();
    let mut host_up = Vec::new();
    for n in 0..sizes.hosts {
        let (id, cluster) = (id(dice), dice.below(sizes.clusters));
        let (name, up) = (name(dice, "h", n), !dice.one_in(5));
        let memory = 1024 * (1 + dice.below(8));
        let comment = dice.pick(COMMENTS);
        let mut host = Host {
            id: HostId(id),
            name: name.clone(),
            comment: comment.into(),
            address: format!("10.0.{}.{}", n / 250, n % 250),
            cluster: ClusterId(clusters[cluster].id),
            maintenance: !up,
            ..fixture::host_entity()
        };
        let facts = host.facts.as_mut().unwrap();
        facts.memory_bytes = u64::try_from(memory).unwrap() << 20;
        entities.push(host.clone().into());
        host_cluster.push(cluster);
        host_up.push(up);
        let fields = vec![
            ("name", text(&name)),
            ("comment", text(comment)),
            ("status", word(if up { "up" } else { "maintenance" })),
            ("cluster", text(&clusters[cluster].name)),
            ("datacenter", text(&dcs[cluster_dc[cluster]].name)),
            ("address", text(&host.address)),
            #[allow(clippy::cast_precision_loss)]
            ("memory", number(memory as f64)),
            ("version", text("0.1.0")),
            ("cpu_model", text("Intel(R) Xeon(R)")),
        ];
        hosts.push(Thing {
            id,
            name,
            fields,
            related: Vec::new(),
        });
    }
    let mut templates: Vec<Thing> = Vec::new();
    for n in 0..sizes.templates {
        let (id, cluster) = (id(dice), dice.below(sizes.clusters));
        let name = name(dice, "t", n);
        let dc = cluster_dc[cluster];
        entities.push(
            Template {
                id: TemplateId(id),
                name: name.clone(),
                cluster: Some(ClusterId(clusters[cluster].id)),
                data_center: Some(DataCenterId(dcs[dc].id)),
                ..fixture::blank()
            }
            .into(),
        );
        let fields = vec![
            ("name", text(&name)),
            ("cluster", text(&clusters[cluster].name)),
            ("datacenter", text(&dcs[dc].name)),
            ("os", text("rhel_9x64")),
            ("version_name", text("base version")),
        ];
        let related = vec![(Object::Cluster, vec![cluster])];
        templates.push(Thing {
            id,
            name,
            fields,
            related,
        });
    }
    let mut tags: Vec<(Uuid, String, Option<usize>)> = Vec::new();
    for n in 0..20usize {
        let id = id(dice);
        let parent = (n > 3).then(|| dice.below(n));
        let name = format!("tag{n}{}", dice.pick(SYLLABLES));
        let above = parent.map_or(TagId::ROOT, |p| TagId(tags[p].0));
        entities.push(
            Tag {
                id: TagId(id),
                generation: base::Generation(1),
                name: name.clone(),
                description: String::new(),
                parent: above,
            }
            .into(),
        );
        tags.push((id, name, parent));
    }
    let mut disks: Vec<Thing> = Vec::new();
    let mut disk_domain = Vec::new();
    for n in 0..sizes.disks {
        let (id, domain) = (id(dice), dice.below(sizes.domains));
        let name = name(dice, "d", n);
        let gib = 1 + dice.below(40);
        let status = dice.pick(&[DiskStatus::Ok, DiskStatus::Ok, DiskStatus::Illegal]);
        let sparse = dice.one_in(2);
        entities.push(
            Disk {
                id: DiskId(id),
                generation: base::Generation(1),
                name: name.clone(),
                description: String::new(),
                storage_domain: StorageDomainId(domains[domain].id),
                format: DiskFormat::Cow,
                sparse,
                provisioned_bytes: u64::try_from(gib).unwrap() << 30,
                actual_bytes: 1 << 29,
                volumes: vec![Volume {
                    id: VolumeId(id),
                    format: DiskFormat::Cow,
                    sparse,
                    capacity_bytes: 1 << 30,
                }],
                backing: None,
                template: None,
                shareable: false,
                wipe_after_delete: false,
                propagate_errors: false,
                status,
                locked_by: None,
                created: Timestamp(1),
            }
            .into(),
        );
        disk_domain.push(domain);
        let allocation = if sparse {
            vec![Plain::Word("sparse".into()), Plain::Word("thin".into())]
        } else {
            word("preallocated")
        };
        let fields = vec![
            ("alias", text(&name)),
            ("name", text(&name)),
            #[allow(clippy::cast_precision_loss)]
            ("provisioned_size", number(gib as f64)),
            ("actual_size", number(0.5)),
            (
                "status",
                word(if status == DiskStatus::Ok {
                    "ok"
                } else {
                    "illegal"
                }),
            ),
            ("allocation_policy", allocation),
            ("datacenter", text(&dcs[domain_dc[domain]].name)),
        ];
        let related = vec![(Object::Storage, vec![domain])];
        disks.push(Thing {
            id,
            name,
            fields,
            related,
        });
    }
    let mut vms: Vec<Thing> = Vec::new();
    let mut observed = Vec::new();
    let mut disk_vms: Vec<Vec<usize>> = vec![Vec::new(); sizes.disks];
    let mut next_disk = 0;
    for n in 0..sizes.vms {
        let (id, cluster) = (id(dice), dice.below(sizes.clusters));
        let name = name(dice, "v", n);
        let dc = cluster_dc[cluster];
        let template = dice.below(sizes.templates);
        let (comment, description) = (dice.pick(COMMENTS), dice.pick(COMMENTS));
        let memory = 256 * (1 + dice.below(16));
        let sockets = 1 + dice.below(8);
        let created = Timestamp(i64::try_from(dice.below(400)).unwrap() * 86_400_000_000);
        let kind = dice.pick(&[VmKind::Desktop, VmKind::Server, VmKind::HighPerformance]);
        let mut own_disks = Vec::new();
        while next_disk < sizes.disks && dice.one_in(2) {
            own_disks.push(next_disk);
            disk_vms[next_disk].push(n);
            next_disk += 1;
        }
        let mac = format!(
            "56:6f:00:{:02x}:{:02x}:{:02x}",
            n >> 16,
            (n >> 8) & 255,
            n & 255
        );
        let mut vm = Vm {
            id: VmId(id),
            name: name.clone(),
            description: description.into(),
            comment: comment.into(),
            cluster: ClusterId(clusters[cluster].id),
            data_center: DataCenterId(dcs[dc].id),
            template: TemplateId(templates[template].id),
            created,
            ..fixture::vm_entity(None)
        };
        vm.hardware.kind = kind;
        vm.hardware.memory_bytes = u64::try_from(memory).unwrap() << 20;
        vm.hardware.topology.sockets = u32::try_from(sockets).unwrap();
        vm.hardware.nics = vec![Nic {
            id: NicId(id),
            mac: mac.parse().unwrap(),
            profile: None,
            ..fixture::hardware().nics[0].clone()
        }];
        vm.hardware.disks = own_disks
            .iter()
            .map(|d| DiskAttachment {
                disk: DiskId(disks[*d].id),
                interface: DiskInterface::Virtio,
                bootable: false,
                active: true,
                read_only: false,
                pass_discard: false,
            })
            .collect();
        let (mut status, mut host, mut hostname) = ("down", None, String::new());
        let runs_on: Vec<usize> = (0..sizes.hosts)
            .filter(|h| host_cluster[*h] == cluster && host_up[*h])
            .collect();
        if !runs_on.is_empty() && dice.one_in(2) {
            let on = dice.pick(&runs_on);
            vm.run = Some(Run {
                epoch: 1,
                host: Some(HostId(hosts[on].id)),
                requested: Timestamp(1),
                started: Some(Timestamp(1)),
                up: None,
                ending: None,
                migration: None,
                arrived: None,
            });
            let (state, shown) = dice.pick(&[
                (RunState::Up, "up"),
                (RunState::Up, "up"),
                (RunState::Paused, "paused"),
                (RunState::PoweringUp, "powering_up"),
            ]);
            (status, host) = (shown, Some(on));
            hostname = format!("guest{n}.example");
            let seen = VmObserved {
                host: HostId(hosts[on].id),
                epoch: 1,
                state,
                pause: None,
                since: Timestamp(1),
                guest: GuestInfo {
                    hostname: Some(hostname.clone()),
                    ..GuestInfo::default()
                },
                consoles: Vec::new(),
            };
            observed.push((vm.id, seen));
        }
        let mut carried = Vec::new();
        for tag in 0..tags.len() {
            if dice.one_in(25) {
                entities.push(
                    Membership {
                        id: MembershipId(super::tests::id(dice)),
                        generation: base::Generation(1),
                        name: String::new(),
                        holder: Key {
                            noun: Noun::Tag,
                            id: tags[tag].0,
                        },
                        member: Key { noun: Noun::Vm, id },
                    }
                    .into(),
                );
                let mut at = Some(tag);
                while let Some(tag) = at {
                    carried.push(Plain::Text(tags[tag].1.clone()));
                    at = tags[tag].2;
                }
            }
        }
        entities.push(vm.into());
        let host_name = host.map_or("", |h: usize| hosts[h].name.as_str());
        let illegal = own_disks
            .iter()
            .any(|d| disks[*d].values("status") == word("illegal"));
        let fields = vec![
            ("name", text(&name)),
            ("id", text(&id.to_string())),
            ("comment", text(comment)),
            ("description", text(description)),
            ("status", word(status)),
            ("host", text(host_name)),
            ("fqdn", text(&hostname)),
            ("address", text(&hostname)),
            ("os", text("rhel_9x64")),
            ("cluster", text(&clusters[cluster].name)),
            ("datacenter", text(&dcs[dc].name)),
            (
                "tag",
                if carried.is_empty() {
                    vec![Plain::Null]
                } else {
                    carried
                },
            ),
            #[allow(clippy::cast_precision_loss)]
            ("memory", number(memory as f64)),
            #[allow(clippy::cast_precision_loss)]
            ("vcpus", number(sockets as f64)),
            (
                "type",
                word(match kind {
                    VmKind::Desktop => "desktop",
                    VmKind::Server => "server",
                    VmKind::HighPerformance => "high_performance",
                }),
            ),
            ("has_illegal_images", vec![Plain::Truth(illegal)]),
            ("pool", vec![Plain::Null]),
            ("mac", text(&mac)),
        ];
        let related = vec![
            (Object::Host, host.into_iter().collect()),
            (Object::Template, vec![template]),
            (Object::Cluster, vec![cluster]),
            (Object::DataCenter, vec![dc]),
            (Object::Disk, own_disks.clone()),
            (
                Object::Storage,
                own_disks.iter().map(|d| disk_domain[*d]).collect(),
            ),
        ];
        vms.push(Thing {
            id,
            name,
            fields,
            related,
        });
    }
    // Relations back.
    for (d, disk) in disks.iter_mut().enumerate() {
        let names: Vec<Plain> = disk_vms[d]
            .iter()
            .map(|v| Plain::Text(vms[*v].name.clone()))
            .collect();
        let count = names.len();
        disk.fields.push((
            "vm_names",
            if names.is_empty() {
                vec![Plain::Null]
            } else {
                names
            },
        ));
        #[allow(clippy::cast_precision_loss)]
        disk.fields.push(("number_of_vms", number(count as f64)));
        disk.related.push((Object::Vm, disk_vms[d].clone()));
    }
    let back = |of: &[Thing], object: Object, n: usize| -> Vec<usize> {
        (0..of.len())
            .filter(|i| of[*i].related(object).contains(&n))
            .collect()
    };
    for (h, host) in hosts.iter_mut().enumerate() {
        let running = back(&vms, Object::Host, h);
        #[allow(clippy::cast_precision_loss)]
        host.fields
            .push(("active_vms", number(running.len() as f64)));
        host.related.push((Object::Vm, running));
        host.related.push((Object::Cluster, vec![host_cluster[h]]));
        let dc = cluster_dc[host_cluster[h]];
        host.related.push((
            Object::Storage,
            (0..domains.len()).filter(|d| domain_dc[*d] == dc).collect(),
        ));
    }
    for (c, cluster) in clusters.iter_mut().enumerate() {
        let here = |h: &usize| host_cluster[*h] == c;
        cluster
            .related
            .push((Object::Host, (0..hosts.len()).filter(here).collect()));
        cluster
            .related
            .push((Object::Vm, back(&vms, Object::Cluster, c)));
        cluster
            .related
            .push((Object::DataCenter, vec![cluster_dc[c]]));
        let dc = cluster_dc[c];
        cluster.related.push((
            Object::Storage,
            (0..domains.len()).filter(|d| domain_dc[*d] == dc).collect(),
        ));
    }
    for (d, dc) in dcs.iter_mut().enumerate() {
        dc.related.push((
            Object::Cluster,
            (0..clusters.len())
                .filter(|c| cluster_dc[*c] == d)
                .collect(),
        ));
        dc.related.push((
            Object::Storage,
            (0..domains.len()).filter(|s| domain_dc[*s] == d).collect(),
        ));
    }
    for (s, domain) in domains.iter_mut().enumerate() {
        domain
            .related
            .push((Object::Disk, back(&disks, Object::Storage, s)));
        domain
            .related
            .push((Object::Vm, back(&vms, Object::Storage, s)));
        let dc = domain_dc[s];
        domain.related.push((
            Object::Host,
            (0..hosts.len())
                .filter(|h| cluster_dc[host_cluster[*h]] == dc)
                .collect(),
        ));
    }
    for (t, template) in templates.iter_mut().enumerate() {
        let children = back(&vms, Object::Template, t);
        #[allow(clippy::cast_precision_loss)]
        template
            .fields
            .push(("childcount", number(children.len() as f64)));
        template.related.push((Object::Vm, children));
    }
    let projection = Projection::new(&Contents {
        entities,
        ..Contents::default()
    });
    for (n, host) in hosts.iter().enumerate() {
        if host_up[n] {
            let seen = HostObserved {
                status: HostStatus::Up,
                reason: None,
                since: Timestamp(1),
                storage: Vec::new(),
                stats: None,
            };
            projection.host_observed(HostId(host.id), seen);
        }
    }
    projection.vms_observed(observed);
    let plain = Plainly(vec![
        (Object::Vm, vms),
        (Object::Host, hosts),
        (Object::Disk, disks),
        (Object::Storage, domains),
        (Object::Template, templates),
        (Object::Cluster, clusters),
        (Object::DataCenter, dcs),
    ]);
    (projection.snapshot(), plain)
}

/// A condition as the plain evaluator knows it.
#[derive(Clone, Debug)]
struct Asked {
    join: Option<Object>,
    /// `None` asks for text anywhere.
    field: Option<&'static str>,
    sign: &'static str,
    value: Plain,
}

/// Fields that text without a field looks at.
const FREE: &[&str] = &[
    "name",
    "comment",
    "description",
    "host",
    "fqdn",
    "address",
    "os",
    "cluster",
    "datacenter",
    "version",
    "cpu_model",
    "version_name",
    "alias",
    "vm_names",
];

fn like(pattern: &[char], value: &[char]) -> bool {
    match pattern.split_first() {
        None => value.is_empty(),
        Some(('*', rest)) => (0..=value.len()).any(|n| like(rest, &value[n..])),
        Some((c, rest)) => value
            .split_first()
            .is_some_and(|(v, after)| v == c && like(rest, after)),
    }
}

fn equal(wanted: &Plain, held: &Plain, case: bool) -> bool {
    match (wanted, held) {
        (Plain::Text(pattern), Plain::Text(value)) => {
            let chars = |t: &str| -> Vec<char> {
                if case {
                    t.chars().collect()
                } else {
                    t.to_lowercase().chars().collect()
                }
            };
            like(&chars(pattern), &chars(value))
        }
        (wanted, held) => wanted == held,
    }
}

impl Asked {
    fn fits(&self, thing: &Thing, object: Object, case: bool) -> bool {
        let Some(field) = self.field else {
            let has = |f: &&&str| {
                object
                    .field(f)
                    .is_some_and(|d| d.kind == search::Kind::Text)
            };
            let fields = FREE.iter().filter(has);
            let found = fields
                .flat_map(|f| thing.values(f))
                .any(|held| equal(&self.value, held, case));
            return found != (self.sign == "!=");
        };
        let values = thing.values(field);
        match (self.sign, &self.value) {
            ("=", wanted) => values.iter().any(|held| equal(wanted, held, case)),
            ("!=", Plain::Truth(yes)) => values == [Plain::Truth(!yes)],
            ("!=", wanted) => !values.iter().any(|held| equal(wanted, held, case)),
            (sign, Plain::Number(wanted)) => match values {
                [Plain::Number(held)] => match sign {
                    "<" => held < wanted,
                    "<=" => held <= wanted,
                    ">" => held > wanted,
                    _ => held >= wanted,
                },
                _ => false,
            },
            other => panic!("{other:?}"),
        }
    }

    fn write(&self, to: &mut String) {
        let value = match &self.value {
            Plain::Null => "\"\"".to_owned(),
            Plain::Text(text) => match self.field {
                Some(_) => format!("\"{text}\""),
                None => format!("\"{}\"", text.trim_matches('*')),
            },
            Plain::Number(n) => n.to_string(),
            Plain::Truth(yes) => yes.to_string(),
            Plain::Word(word) => word.clone(),
        };
        let sign = self.sign;
        match (self.join, self.field) {
            (None, None) => to.push_str(&value),
            (Some(join), None) => write!(to, "{} {sign} {value}", join.many()).unwrap(),
            (None, Some(field)) => write!(to, "{field} {sign} {value}").unwrap(),
            (Some(join), Some(field)) => {
                write!(to, "{}.{field}{sign}{value}", join.one().to_lowercase()).unwrap();
            }
        }
    }
}

/// A search as the plain evaluator knows it.
#[derive(Debug)]
struct Search {
    object: Object,
    any: Vec<Vec<Asked>>,
    sort: Option<(&'static str, bool)>,
    page: Option<usize>,
    case: bool,
}

fn fields_of(object: Object) -> &'static [&'static str] {
    match object {
        Object::Vm => &[
            "name",
            "comment",
            "description",
            "status",
            "host",
            "cluster",
            "datacenter",
            "tag",
            "memory",
            "vcpus",
            "type",
            "has_illegal_images",
            "fqdn",
            "pool",
            "id",
        ],
        Object::Host => &[
            "name",
            "status",
            "cluster",
            "address",
            "memory",
            "active_vms",
            "comment",
        ],
        Object::Disk => &[
            "alias",
            "provisioned_size",
            "status",
            "vm_names",
            "number_of_vms",
            "allocation_policy",
        ],
        Object::Storage => &["name", "datacenter", "status"],
        Object::Template => &["name", "cluster", "childcount"],
        Object::Cluster => &["name", "datacenter", "compatibility_level"],
        Object::DataCenter => &["name", "local"],
        _ => &["mac"],
    }
}

fn joins_of(object: Object) -> &'static [Object] {
    match object {
        Object::Vm => &[
            Object::Host,
            Object::Template,
            Object::Storage,
            Object::Cluster,
            Object::DataCenter,
            Object::Disk,
        ],
        Object::Host => &[Object::Vm, Object::Storage, Object::Cluster],
        Object::Disk => &[Object::Storage, Object::Vm],
        Object::Storage => &[Object::Host, Object::Vm, Object::Disk],
        Object::Template => &[Object::Vm, Object::Cluster],
        Object::Cluster => &[
            Object::DataCenter,
            Object::Storage,
            Object::Host,
            Object::Vm,
        ],
        Object::DataCenter => &[Object::Cluster, Object::Storage],
        _ => &[],
    }
}

fn condition(dice: &mut Dice, plain: &Plainly, of: Object, join: Option<Object>) -> Asked {
    let object = join.unwrap_or(of);
    let field = dice.pick(fields_of(object));
    let things = plain.of(object);
    let example = &things[dice.below(things.len())];
    let value = dice.pick(example.values(field));
    let value = match value {
        // Whole, or a part of it with stars.
        Plain::Text(text) if !dice.one_in(3) => {
            let chars: Vec<char> = text.chars().collect();
            let (from, to) = (dice.below(chars.len()), dice.below(chars.len() + 1));
            let part: String = chars[from.min(to)..from.max(to)].iter().collect();
            let form = dice.below(3);
            Plain::Text(match form {
                0 => format!("{}*", chars[..to].iter().collect::<String>()),
                1 => format!("*{part}*"),
                _ => format!("*{}", chars[from..].iter().collect::<String>()),
            })
        }
        Plain::Text(text) if dice.one_in(2) => Plain::Text(text.to_uppercase()),
        value => value,
    };
    let sign = match value {
        Plain::Number(_) => dice.pick(&["=", "!=", "<", "<=", ">", ">="]),
        _ => dice.pick(&["=", "=", "!="]),
    };
    Asked {
        join,
        field: Some(field),
        sign,
        value,
    }
}

fn search(dice: &mut Dice, plain: &Plainly) -> Search {
    let object = dice.pick(&[
        Object::Vm,
        Object::Vm,
        Object::Vm,
        Object::Host,
        Object::Disk,
        Object::Storage,
        Object::Template,
        Object::Cluster,
        Object::DataCenter,
    ]);
    let mut free = false;
    let mut any = Vec::new();
    for _ in 0..dice.below(4) {
        let mut all = Vec::new();
        for _ in 0..=dice.below(3) {
            let join = dice.one_in(3).then(|| dice.pick(joins_of(object)));
            if !free && dice.one_in(8) {
                free = true;
                let text = dice.pick(&["eb", "RACK", "ó", "7", "guest1", "keep it", "中"]);
                all.push(Asked {
                    join: None,
                    field: None,
                    sign: "=",
                    value: Plain::Text(format!("*{text}*")),
                });
            } else {
                all.push(condition(dice, plain, object, join));
            }
        }
        any.push(all);
    }
    Search {
        object,
        any,
        sort: dice.one_in(2).then(|| {
            let sortable = fields_of(object)
                .iter()
                .filter(|f| !matches!(**f, "tag" | "vm_names"));
            let sortable: Vec<&str> = sortable.copied().collect();
            (dice.pick(&sortable), dice.one_in(2))
        }),
        page: dice.one_in(3).then(|| 1 + dice.below(3)),
        case: dice.one_in(6),
    }
}

impl Search {
    fn text(&self) -> String {
        let mut text = format!("{}: ", self.object.many());
        for (n, all) in self.any.iter().enumerate() {
            for (m, asked) in all.iter().enumerate() {
                text.push_str(match (n, m) {
                    (0, 0) => "",
                    (_, 0) => " or ",
                    _ => " AND ",
                });
                asked.write(&mut text);
            }
        }
        if let Some((field, descending)) = self.sort {
            write!(
                text,
                " sortby {field} {}",
                if descending { "desc" } else { "asc" }
            )
            .unwrap();
        }
        if let Some(page) = self.page {
            write!(text, " page {page}").unwrap();
        }
        text
    }

    /// Nested loops over everything.
    fn answer(&self, plain: &Plainly) -> Vec<Uuid> {
        let joined: Vec<Object> = self.any.iter().flatten().filter_map(|a| a.join).collect();
        let fits = |thing: &&Thing| {
            let counterparts = |object: Object| -> Vec<&Thing> {
                let things = plain.of(object);
                thing.related(object).iter().map(|n| &things[*n]).collect()
            };
            if joined.iter().any(|object| counterparts(*object).is_empty()) {
                return false;
            }
            self.any.is_empty()
                || self.any.iter().any(|all| {
                    let own = all.iter().filter(|a| a.join.is_none());
                    let own = own.clone().all(|a| a.fits(thing, self.object, self.case));
                    own && joined.iter().all(|object| {
                        counterparts(*object).iter().any(|other| {
                            let on_it = all.iter().filter(|a| a.join == Some(*object));
                            on_it.clone().all(|a| a.fits(other, *object, self.case))
                        })
                    })
                })
        };
        let mut found: Vec<&Thing> = plain.of(self.object).iter().filter(fits).collect();
        found.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
        if let Some((field, descending)) = self.sort {
            found.sort_by(|a, b| {
                let order = order(&a.values(field)[0], &b.values(field)[0]);
                if descending { order.reverse() } else { order }
            });
        }
        let ids = found.into_iter().map(|thing| thing.id);
        match self.page {
            Some(page) => ids.skip((page - 1) * 100).take(100).collect(),
            None => ids.collect(),
        }
    }
}

fn order(a: &Plain, b: &Plain) -> Ordering {
    match (a, b) {
        (Plain::Null, Plain::Null) => Ordering::Equal,
        (Plain::Null, _) => Ordering::Less,
        (_, Plain::Null) => Ordering::Greater,
        (Plain::Number(a), Plain::Number(b)) => a.partial_cmp(b).unwrap(),
        (Plain::Truth(a), Plain::Truth(b)) => a.cmp(b),
        (Plain::Text(a) | Plain::Word(a), Plain::Text(b) | Plain::Word(b)) => {
            a.to_lowercase().cmp(&b.to_lowercase())
        }
        other => panic!("{other:?}"),
    }
}

fn engine(snapshot: &Snapshot, text: &str, object: Object, case: bool) -> Vec<Uuid> {
    let query = search::parse(object, text).unwrap_or_else(|e| panic!("{text}: {e}"));
    let query = query.case_sensitive(case);
    let window = query.page.map_or(Window::ALL, |page| Window {
        skip: (page as usize - 1) * 100,
        take: 100,
    });
    let now = Timestamp(1);
    let world = Inventory::new(snapshot, now);
    let found = search::select(&world, &query, now, &Joined::new(), None, window);
    found.into_iter().map(|item| world.id(item)).collect()
}

#[test]
fn searches_answer_what_nested_loops_answer() {
    let drawn = std::env::var("VIREO_SEARCH_SEED")
        .ok()
        .and_then(|s| s.parse().ok());
    let seeds: Vec<u64> = drawn.map_or_else(|| vec![1, 2], |seed| vec![seed]);
    for seed in seeds {
        println!("seed {seed}");
        let mut dice = Dice(seed);
        let (snapshot, plain) = generate(&mut dice);
        let (mut some, mut joins) = (0, 0);
        for n in 0..60 {
            let search = search(&mut dice, &plain);
            let text = search.text();
            let found = engine(&snapshot, &text, search.object, search.case);
            let expected = search.answer(&plain);
            assert!(
                found == expected,
                "seed {seed}, search {n}: {text} (case sensitive: {}) found {} and not {}: first {:?}",
                search.case,
                found.len(),
                expected.len(),
                found.iter().zip(&expected).find(|(a, b)| a != b),
            );
            some += usize::from(!found.is_empty());
            joins += usize::from(search.any.iter().flatten().any(|a| a.join.is_some()));
        }
        // The searches are worth something.
        assert!(
            some > 25 && joins > 15,
            "seed {seed}: {some} found something, {joins} joined"
        );
    }
}
