//! Rights bind: the golden matrix, every route, and two tenants who learn nothing of each other.

mod common;

use axum::body::Body;
use base::{Generation, PermissionId, RoleId, UserId};
use common::{DOMAIN, HOST, Reply, World};
use domain::rights::{Object, Permission, Principal};
use domain::roles::permits::{CONFIGURE_MAC_POOL, CONFIGURE_VM_NETWORK, CREATE_VM};
use domain::roles::{PERMITS, PermitId, Role, SHIPPED, known};
use domain::users::User;
use domain::{Key, Noun};
use http::{Method, Request};
use projection::{Rights, Snapshot};
use rest::api::rights::Rule;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;
use store::Batch;
use uuid::Uuid;

const XML: &[(&str, &str)] = &[("content-type", "application/xml")];

/// A route that changes something, and what it asks.
struct Asked {
    method: &'static str,
    pattern: &'static str,
    rule: Rule,
    permit: PermitId,
}

impl Asked {
    /// Everybody has some permits somewhere; a rule that leaves the place to the service lets them by.
    fn lets_everybody_by(&self) -> bool {
        let everybody = [CREATE_VM, CONFIGURE_VM_NETWORK, CONFIGURE_MAC_POOL];
        matches!(self.rule, Rule::Asked(_)) && everybody.contains(&self.permit)
    }
}

fn asking() -> impl Iterator<Item = Asked> {
    rest::services::ROUTES.iter().filter_map(|route| {
        Some(Asked {
            method: match route.method {
                Method::POST => "POST",
                Method::PUT => "PUT",
                Method::DELETE => "DELETE",
                _ => return None,
            },
            pattern: route.pattern,
            rule: route.rule,
            permit: route.rule.permit()?,
        })
    })
}

struct Somebody {
    id: UserId,
    token: String,
}

async fn somebody(world: &World, name: &str) -> Somebody {
    let rooms = &world.front.rooms;
    let id = UserId::random(&*rooms.random);
    let user: User = serde_json::from_value(json!({
        "id": id, "generation": 0, "name": name, "domain": "internal",
        "password_hash": "none", "created": 0
    }))
    .unwrap();
    let mut batch = Batch::new();
    batch.put(user.clone());
    rooms.store.commit(batch).await.unwrap();
    let login = world
        .front
        .access
        .open(&Arc::new(user), None)
        .await
        .unwrap();
    Somebody {
        id,
        token: login.secret.reveal().to_owned(),
    }
}

async fn give(world: &World, user: UserId, role: RoleId, object: Object) -> PermissionId {
    let rooms = &world.front.rooms;
    let id = PermissionId::random(&*rooms.random);
    let mut batch = Batch::new();
    batch.put(Permission {
        id,
        generation: Generation::NEW,
        name: String::new(),
        principal: Principal::User(user),
        role,
        object,
        created: rooms.clock.now(),
    });
    rooms.store.commit(batch).await.unwrap();
    id
}

async fn take(world: &World, id: PermissionId) {
    let rooms = &world.front.rooms;
    let snapshot = rooms.projection.snapshot();
    let mut batch = Batch::new();
    batch.delete(snapshot.permission(id).unwrap().clone());
    rooms.store.commit(batch).await.unwrap();
}

/// A role with these permits.
async fn role(world: &World, mut permits: Vec<PermitId>) -> RoleId {
    permits.sort_unstable();
    let rooms = &world.front.rooms;
    let id = RoleId::random(&*rooms.random);
    let mut batch = Batch::new();
    batch.put(Role {
        id,
        generation: Generation::NEW,
        name: format!("role-{id}"),
        description: String::new(),
        administrative: false,
        sees_children: false,
        permits,
    });
    rooms.store.commit(batch).await.unwrap();
    id
}

async fn send(world: &World, token: &str, method: &str, path: &str, body: &str) -> Reply {
    let mut request = Request::builder()
        .method(method)
        .uri(format!("/ovirt-engine/api{path}"))
        .header("authorization", format!("Bearer {token}"))
        .header("correlation-id", "same");
    if !body.is_empty() {
        request = request.header("content-type", "application/xml");
    }
    world
        .send(request.body(Body::from(body.to_owned())).unwrap())
        .await
}

fn one(noun: Noun, id: impl Into<Uuid>) -> Object {
    Object::One(Key {
        noun,
        id: id.into(),
    })
}

fn text_between<'a>(text: &'a str, before: &str) -> &'a str {
    let rest = text.split_once(before).expect(before).1;
    &rest[..36]
}

/// A VM with a disk and a network card, a free disk, a template, and one object of each other kind.
async fn objects(world: &World) -> BTreeMap<&'static str, (Noun, Uuid)> {
    let post = async |path: &str, body: String| {
        let reply = world.ask("POST", path, XML, body).await;
        assert!(reply.status.is_success(), "{path}: {}", reply.text());
        world.settle().await;
        let text = reply.text();
        text_between(&text, " id=\"").parse::<Uuid>().unwrap()
    };
    let named = "<cluster><name>Default</name></cluster><template><name>Blank</name></template>";
    let vm = post("/vms", format!("<vm><name>m</name>{named}</vm>")).await;
    let attached = post(
        &format!("/vms/{vm}/diskattachments"),
        format!("<disk_attachment><interface>virtio</interface><bootable>true</bootable><active>true</active><disk><name>d</name><format>raw</format><provisioned_size>1048576</provisioned_size><storage_domains><storage_domain id=\"{DOMAIN}\"/></storage_domains></disk></disk_attachment>"),
    )
    .await;
    let free = post("/disks", format!("<disk><name>f</name><format>raw</format><provisioned_size>1048576</provisioned_size><storage_domains><storage_domain id=\"{DOMAIN}\"/></storage_domains></disk>")).await;
    let template = post(
        "/templates",
        format!("<template><name>t</name><vm id=\"{vm}\"/></template>"),
    )
    .await;
    post(
        &format!("/vms/{vm}/nics"),
        "<nic><name>nic1</name></nic>".to_owned(),
    )
    .await;
    let group = post(
        &format!("/clusters/{}/affinitygroups", world.cluster()),
        "<affinity_group><name>g</name><positive>true</positive><enforcing>true</enforcing></affinity_group>".to_owned(),
    )
    .await;
    let tag = post("/tags", "<tag><name>blue</name></tag>".to_owned()).await;
    let bookmark = post(
        "/bookmarks",
        "<bookmark><name>b</name><value>vms:</value></bookmark>".to_owned(),
    )
    .await;
    let label = post(
        "/affinitylabels",
        "<affinity_label><name>l</name></affinity_label>".to_owned(),
    )
    .await;
    let snapshot = world.front.rooms.projection.snapshot();
    let network = snapshot.networks().next().unwrap();
    let profile = snapshot.vnic_profiles().next().unwrap();
    let dc = snapshot.data_centers().next().unwrap();
    let kind = snapshot.instance_types().next().unwrap();
    BTreeMap::from([
        ("data center", (Noun::DataCenter, dc.id.0)),
        ("cluster", (Noun::Cluster, world.cluster().0)),
        ("host", (Noun::Host, HOST.0)),
        ("vm", (Noun::Vm, vm)),
        ("attached disk", (Noun::Disk, attached)),
        ("free disk", (Noun::Disk, free)),
        ("template", (Noun::Template, template)),
        ("storage domain", (Noun::StorageDomain, DOMAIN.0)),
        ("network", (Noun::Network, network.id.0)),
        ("vnic profile", (Noun::VnicProfile, profile.id.0)),
        ("affinity group", (Noun::AffinityGroup, group)),
        ("affinity label", (Noun::AffinityLabel, label)),
        ("instance type", (Noun::InstanceType, kind.id.0)),
        (
            "mac pool",
            (Noun::MacPool, snapshot.mac_pools().next().unwrap().id.0),
        ),
        ("tag", (Noun::Tag, tag)),
        ("bookmark", (Noun::Bookmark, bookmark)),
    ])
}

/// Compares with a file beside this test; `VIREO_GOLDEN=write` writes it instead.
fn golden(name: &str, text: &str) {
    let path = format!("{}/tests/golden/{name}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("VIREO_GOLDEN").is_some_and(|v| v == "write") {
        std::fs::write(&path, text).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    let differing = text.lines().zip(expected.lines()).find(|(a, b)| a != b);
    assert!(
        text == expected,
        "{name} differs, first at {differing:?}; look at it, then write it with VIREO_GOLDEN=write"
    );
}

/// Each role on each object: which permits reach which objects. What a role holds does not depend on
/// the object, and what an object reaches does not depend on the role, so the golden file has one list of
/// each; that both are right for every pair is asked of the engine, permit by permit.
#[tokio::test]
async fn each_role_on_each_object_reaches_what_it_did() {
    let world = World::new().await;
    let objects = objects(&world).await;
    let user = somebody(&world, "matrix").await;
    // Everybody's permissions would show through.
    let snapshot = world.front.rooms.projection.snapshot();
    let mut batch = Batch::new();
    for permission in snapshot.permissions_of(domain::rights::EVERYONE.0) {
        batch.delete(permission.clone());
    }
    world.front.rooms.store.commit(batch).await.unwrap();

    let mut all: Vec<(&str, Object)> = vec![("system", Object::System)];
    all.extend(
        objects
            .iter()
            .map(|(name, (noun, id))| (*name, one(*noun, *id))),
    );
    let mut text = String::from("# What each role holds.\n");
    for role in SHIPPED.iter() {
        let names: Vec<&str> = role.permits().map(|p| p.name).collect();
        let kind = if role.administrative { "admin" } else { "user" };
        let view = if role.sees_children {
            "shows what is below"
        } else {
            "shows itself"
        };
        writeln!(text, "{} {kind}, {view}: {}", role.name, names.join(" ")).unwrap();
    }
    text.push_str("\n# What a role on an object reaches.\n");
    for (name, on) in &all {
        let mut reached: Option<BTreeSet<&str>> = None;
        for role in SHIPPED.iter() {
            let given = give(&world, user.id, role.id, *on).await;
            let snapshot = world.front.rooms.projection.snapshot();
            let rights = Rights::of(&snapshot, user.id);
            let mut mine = BTreeSet::new();
            for (target, object) in &all {
                let may =
                    |p: &domain::roles::Permit| rights.may(&snapshot, PermitId(p.id), *object);
                let held: Vec<u16> = PERMITS.iter().filter(|p| may(p)).map(|p| p.id).collect();
                let whole: Vec<u16> = role.permits.iter().map(|p| p.0).collect();
                assert!(
                    held.is_empty() || held == whole,
                    "{} on {name} at {target}",
                    role.name
                );
                if !held.is_empty() {
                    mine.insert(*target);
                }
            }
            assert_eq!(rights.is_administrator(&snapshot), role.administrative);
            assert_eq!(
                reached.get_or_insert_with(|| mine.clone()),
                &mine,
                "{}",
                role.name
            );
            take(&world, given).await;
        }
        let reached: Vec<&str> = reached.unwrap().into_iter().collect();
        writeln!(text, "{name}: {}", reached.join(", ")).unwrap();
    }
    text.push_str("\n# What a role on an object lets see: with children, without.\n");
    for (name, on) in &all {
        for role in [known::USER_VM_MANAGER, known::USER_TEMPLATE_BASED_VM] {
            let given = give(&world, user.id, role, *on).await;
            let snapshot = world.front.rooms.projection.snapshot();
            let seen = snapshot.seen_by(Arc::new(Rights::of(&snapshot, user.id)));
            let names: Vec<&str> = all
                .iter()
                .filter(|(n, o)| *n != "system" && seen.has(*o))
                .map(|(n, _)| *n)
                .collect();
            writeln!(text, "{name}: {}", names.join(", ")).unwrap();
            take(&world, given).await;
        }
    }
    golden("rights.txt", &text);
}

/// A path of a route with the objects' ids; ids of parts of objects are made up.
fn path_of(pattern: &str, objects: &BTreeMap<&str, (Noun, Uuid)>) -> String {
    let mut path = String::new();
    let mut before = "";
    for segment in pattern.split('/') {
        path.push('/');
        if segment != "{}" {
            path.push_str(segment);
            before = segment;
            continue;
        }
        let name = match before {
            "vms" => "vm",
            "disks" => "free disk",
            "hosts" => "host",
            "clusters" => "cluster",
            "datacenters" => "data center",
            "networks" => "network",
            "vnicprofiles" => "vnic profile",
            "storagedomains" => "storage domain",
            "templates" => "template",
            "macpools" => "mac pool",
            _ => "",
        };
        match objects.get(name) {
            Some((_, id)) => path.push_str(&id.to_string()),
            None => path.push_str("12300000-0000-0000-0000-000000000321"),
        }
    }
    path
}

#[tokio::test]
async fn every_route_that_changes_something_asks_for_its_permit() {
    let world = World::new().await;
    let objects = objects(&world).await;
    let mut text = String::new();
    let mut unasked = Vec::new();
    for route in rest::services::ROUTES {
        writeln!(text, "{} {}: {}", route.method, route.pattern, route.rule).unwrap();
        if route.method != Method::GET && route.rule.permit().is_none() {
            unasked.push(format!("{} {}", route.method, route.pattern));
        }
    }
    assert!(
        unasked.is_empty(),
        "endpoints without a permit: {unasked:?}"
    );
    golden("routes.txt", &text);

    let everything: Vec<PermitId> = PERMITS.iter().map(|p| PermitId(p.id)).collect();
    let stranger = somebody(&world, "stranger").await;
    let mut asked = 0;
    for (n, rule) in asking().enumerate() {
        let permit = rule.permit;
        let path = path_of(rule.pattern, &objects);
        let place = format!("{} {path}", rule.method);
        let body = if rule.method == "DELETE" {
            ""
        } else {
            "<action/>"
        };
        // All but the permit, on everything: seen, and refused.
        let others = everything
            .iter()
            .copied()
            .filter(|p| *p != permit)
            .collect();
        let others = role(&world, others).await;
        let lacking = somebody(&world, &format!("lacking{n}")).await;
        give(&world, lacking.id, others, Object::System).await;
        for (noun, id) in objects.values() {
            give(&world, lacking.id, others, one(*noun, *id)).await;
        }
        let reply = send(&world, &lacking.token, rule.method, &path, body).await;
        let free = rule.lets_everybody_by();
        if !free {
            assert_eq!(reply.status.as_u16(), 403, "{place}: {}", reply.text());
        }
        assert!(
            free || reply.text().contains(permit.name()),
            "{place}: {}",
            reply.text()
        );
        // A stranger: as if it were not there where it is about an object, refused where not.
        let reply = send(&world, &stranger.token, rule.method, &path, body).await;
        let status = reply.status.as_u16();
        assert!(
            status == 404 || status == 403 || free,
            "{place}: {}",
            reply.text()
        );
        if matches!(rule.rule, Rule::On(_)) {
            let open = ["networks", "vnicprofiles", "macpools"];
            let known = open.iter().any(|o| rule.pattern.starts_with(o));
            assert_eq!(
                status,
                if known { 403 } else { 404 },
                "{place}: {}",
                reply.text()
            );
        }
        asked += 1;
    }
    assert!(asked > 100, "{asked}");
}

/// The permit alone is enough, by route; what comes then is the service's own answer.
#[tokio::test]
async fn the_permit_of_a_route_is_enough() {
    let world = World::new().await;
    let objects = objects(&world).await;
    for (n, rule) in asking().enumerate() {
        let permit = rule.permit;
        // Only those that would change the world under the other routes are left out.
        if rule.method == "DELETE" || rule.pattern.ends_with("/deactivate") {
            continue;
        }
        let path = path_of(rule.pattern, &objects);
        let alone = role(&world, vec![permit, PermitId(1300)]).await;
        let user = somebody(&world, &format!("alone{n}")).await;
        give(&world, user.id, alone, Object::System).await;
        for (noun, id) in objects.values() {
            give(&world, user.id, alone, one(*noun, *id)).await;
        }
        let reply = send(&world, &user.token, rule.method, &path, "<action/>").await;
        assert_ne!(
            reply.status.as_u16(),
            403,
            "{} {path}: {}",
            rule.method,
            reply.text()
        );
        world.settle().await;
    }
}

/// Numbers from a seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        usize::try_from((self.0 >> 33) % sides as u64).unwrap()
    }
}

struct Tenant {
    user: Somebody,
    /// Ids that only this tenant knows of.
    secrets: Vec<String>,
    vms: Vec<Uuid>,
}

async fn tenant(world: &World, name: &str) -> Tenant {
    let user = somebody(world, name).await;
    let creator = role(world, [1, 1100, 1300, 9].map(PermitId).to_vec()).await;
    for object in [
        one(Noun::Cluster, world.cluster()),
        one(Noun::StorageDomain, DOMAIN),
    ] {
        give(world, user.id, creator, object).await;
    }
    let mut secrets = vec![user.id.to_string()];
    let mut vms = Vec::new();
    let named = "<cluster><name>Default</name></cluster><template><name>Blank</name></template>";
    let take_id = |reply: &Reply| {
        assert!(reply.status.is_success(), "{}", reply.text());
        text_between(&reply.text(), " id=\"").to_owned()
    };
    for n in 0..3 {
        let body = format!("<vm><name>{name}-{n}</name>{named}</vm>");
        let vm = take_id(&send(world, &user.token, "POST", "/vms", &body).await);
        let body = format!(
            "<disk_attachment><interface>virtio</interface><active>true</active><bootable>true</bootable><disk><name>{name}-disk-{n}</name><format>raw</format><provisioned_size>1048576</provisioned_size><storage_domains><storage_domain id=\"{DOMAIN}\"/></storage_domains></disk></disk_attachment>"
        );
        let path = format!("/vms/{vm}/diskattachments");
        let disk = take_id(&send(world, &user.token, "POST", &path, &body).await);
        world.settle().await;
        let body = "<nic><name>nic1</name></nic>";
        let nic =
            take_id(&send(world, &user.token, "POST", &format!("/vms/{vm}/nics"), body).await);
        vms.push(vm.parse().unwrap());
        secrets.extend([vm, disk, nic]);
    }
    let snapshot = world.front.rooms.projection.snapshot();
    secrets.extend(snapshot.permissions_of(user.id.0).map(|p| p.id.to_string()));
    let jobs = snapshot.workflows();
    let mine = jobs.filter(|w| w.call.actor.user_id() == Some(user.id));
    secrets.extend(mine.map(|w| w.id.to_string()));
    secrets.extend(snapshot.tokens_of(user.id).map(|t| t.id.to_string()));
    Tenant { user, secrets, vms }
}

fn state_of(snapshot: &Snapshot, tenant: &Tenant) -> String {
    let mut text = String::new();
    for id in &tenant.vms {
        let vm = snapshot.vm(base::VmId(*id)).expect("it is still there");
        write!(text, "{vm:?}").unwrap();
        for a in &vm.hardware.disks {
            write!(text, "{:?}", snapshot.disk(a.disk)).unwrap();
        }
    }
    for p in snapshot.permissions_of(tenant.user.id.0) {
        write!(text, "{p:?}").unwrap();
    }
    write!(text, "{:?}", snapshot.user(tenant.user.id)).unwrap();
    text
}

const LISTS: &[&str] = &[
    "/vms",
    "/vms?search=name%3D*",
    "/vms?follow=disk_attachments.disk,nics,permissions",
    "/disks",
    "/disks?search=name%3D*",
    "/events",
    "/events?search=severity%3Dnormal",
    "/jobs",
    "/users",
    "/groups",
    "/permissions",
    "/tags",
    "/hosts",
    "/clusters?follow=networks,permissions",
    "/templates?follow=nics,disk_attachments.disk,permissions",
    "/storagedomains?follow=permissions,disks",
    "/datacenters?follow=permissions,storage_domains",
    "/vnicprofiles?follow=network,permissions",
    "/networks",
    "/affinitylabels",
    "/bookmarks",
    "/macpools",
    "/instancetypes",
    "/domains",
    "/schedulingpolicies",
    "",
    "/roles?follow=permits",
];

const PATHS: &[&str] = &[
    "/vms/{}",
    "/vms/{}?follow=nics",
    "/vms/{}/nics",
    "/vms/{}/nics/{}",
    "/vms/{}/diskattachments",
    "/vms/{}/diskattachments/{}",
    "/vms/{}/permissions",
    "/vms/{}/permissions/{}",
    "/vms/{}/start",
    "/vms/{}/stop",
    "/vms/{}/shutdown",
    "/vms/{}/migrate",
    "/vms/{}/statistics",
    "/vms/{}/tags",
    "/vms/{}/reporteddevices",
    "/vms/{}/graphicsconsoles",
    "/disks/{}",
    "/disks/{}/permissions",
    "/disks/{}/move",
    "/jobs/{}",
    "/jobs/{}/steps",
    "/users/{}",
    "/users/{}/permissions",
    "/users/{}/tags",
    "/permissions/{}",
    "/groups/{}",
    "/templates/{}",
    "/hosts/{}",
    "/clusters/{}",
    "/storagedomains/{}",
    "/storagedomains/00000000-0000-0000-0000-000000000020/disks/{}",
    "/tags/{}",
    "/networks/{}",
    "/vnicprofiles/{}",
    "/vms?search=id%3D{}",
    "/disks?search=id%3D{}",
    "/events?search=vm.id%3D{}",
    "/jobs?search=correlation_id%3D{}",
];

const BODIES: &[&str] = &[
    "",
    "<action/>",
    "<vm><name>mine-now</name></vm>",
    "<disk><name>mine-now</name></disk>",
    "<nic><name>nic9</name></nic>",
    "<tag><name>x</name></tag>",
    "<permission><role><name>UserRole</name></role><user id=\"{me}\"/></permission>",
    "<disk_attachment><interface>virtio</interface><disk id=\"{}\"/></disk_attachment>",
    "<template><name>steal</name><vm id=\"{}\"/></template>",
    "<permission><role><name>UserRole</name></role><vm id=\"{}\"/></permission>",
    "<permission><role><name>UserRole</name></role><user id=\"{}\"/></permission>",
    "<vm><name>steal</name><cluster><name>Default</name></cluster><template id=\"{}\"/></vm>",
];

/// Bodies with another's ids go where such a body is read.
const TAKERS: &[&str] = &[
    "/vms/{mine}/diskattachments",
    "/templates",
    "/permissions",
    "/vms/{mine}/permissions",
    "/vms",
];

#[tokio::test]
async fn two_tenants_learn_nothing_of_each_other_in_10_000_requests() {
    let world = World::new().await;
    let (left, right) = (tenant(&world, "left").await, tenant(&world, "right").await);
    let before = world.front.rooms.projection.snapshot();
    let mut dice = Dice(42);
    let mut seen = BTreeMap::<u16, u32>::new();
    let mut sent = 0;
    while sent < 10_000 {
        let (me, other) = if dice.roll(2) == 0 {
            (&left, &right)
        } else {
            (&right, &left)
        };
        if dice.roll(10) == 0 {
            let path = LISTS[dice.roll(LISTS.len())];
            let reply = send(&world, &me.user.token, "GET", path, "").await;
            assert_eq!(reply.status.as_u16(), 200, "{path}: {}", reply.text());
            let text = reply.text();
            let told = other.secrets.iter().find(|id| text.contains(id.as_str()));
            assert_eq!(told, None, "{path}: {text}");
            *seen.entry(200).or_default() += 1;
            sent += 1;
            continue;
        }
        let method = ["GET", "POST", "PUT", "DELETE"][dice.roll(4)];
        let (path, body) = if dice.roll(4) == 0 {
            (
                TAKERS[dice.roll(TAKERS.len())],
                BODIES[dice.roll(BODIES.len())],
            )
        } else {
            (
                PATHS[dice.roll(PATHS.len())],
                BODIES[dice.roll(BODIES.len())],
            )
        };
        if !path.contains("{}") && (method != "POST" || !body.contains("{}")) {
            continue;
        }
        let secret = &other.secrets[dice.roll(other.secrets.len())];
        let nobody = world.front.rooms.random.uuid().to_string();
        let mine = me.vms[dice.roll(me.vms.len())].to_string();
        let fill = |text: &str, id: &str| {
            text.replace("{mine}", &mine)
                .replace("{me}", &me.user.id.to_string())
                .replace("{}", id)
        };
        let mut answers = Vec::new();
        for id in [secret, &nobody] {
            let (path, body) = (fill(path, id), fill(body, id));
            let body = if method == "GET" { "" } else { body.as_str() };
            let reply = send(&world, &me.user.token, method, &path, body).await;
            let text = reply.text().replace(id.as_str(), "ID");
            answers.push((reply.status.as_u16(), text));
            sent += 1;
        }
        assert_eq!(
            answers[0], answers[1],
            "{method} {path} {body} with {secret}"
        );
        assert!(
            answers[0].0 != 201 && answers[0].0 != 202,
            "{method} {path} {body}"
        );
        *seen.entry(answers[0].0).or_default() += 1;
    }
    assert!(seen[&404] > 1_000 && seen[&200] > 500, "{seen:?}");
    world.settle().await;
    let after = world.front.rooms.projection.snapshot();
    assert_eq!(state_of(&before, &left), state_of(&after, &left));
    assert_eq!(state_of(&before, &right), state_of(&after, &right));
    let strangers = |s: &Snapshot| {
        (
            s.vm_count(),
            s.disk_count(),
            s.template_count(),
            s.permission_count(),
        )
    };
    assert_eq!(strangers(&before), strangers(&after));
}
