//! What every workflow must keep, asked of each by one harness: it succeeds; every command twice is
//! once; a failure of any command leaves everything as before; a crash at any journal write leads
//! to the same end.

mod common;

use async_trait::async_trait;
use base::{DiskId, TemplateId, VmId, WorkflowId};
use common::hosts::Trouble;
use common::{DATA2, GIB, HOST1, Picture, World, call, disk_add, template_add};
use domain::disks::DiskStatus;
use domain::jobs::{WorkflowRow, WorkflowState};
use domain::storage::StorageBacking;
use domain::templates::TemplateStatus;
use domain::vms::status::VmStatus;
use operations::storage_domains::add::StorageDomainAdd;
use operations::vms::add::VmAdd;
use operations::vms::remove::VmRemove;
use operations::vms::start::StartOptions;
use operations::{disks, storage_domains, templates, vms};
use std::sync::{Arc, Mutex};
use workflow::{JournalHook, JournalPoint};

/// One workflow in one situation.
#[async_trait]
trait Scenario: Sync {
    /// Makes what is needed before.
    async fn prepare(&self, world: &World);
    /// Begins the job.
    async fn act(&self, world: &World) -> WorkflowId;
    /// What must be true at the end.
    fn done(&self, world: &World);
    /// The command that is broken when the way back is tried.
    fn breaks(&self) -> &'static str;
    /// What must be true after command `number` has failed for good; by default all is as before.
    fn failed(&self, world: &World, before: &Picture, number: usize, row: &WorkflowRow) {
        assert_eq!(row.state, WorkflowState::Failed, "command {number}");
        assert_eq!(&world.picture(), before, "command {number} failed");
    }
}

/// The whole harness.
async fn quartet(scenario: &dyn Scenario) {
    let (good, commands) = succeeds(scenario).await;
    twice_is_once(scenario, &good).await;
    for number in 1..=commands {
        fails_at(scenario, number).await;
        answer_lost_at(scenario, number, &good).await;
    }
    let mut write = 1;
    while crashes_at(scenario, write, None, &good).await {
        write += 1;
    }
    assert!(write > 2, "no journal write was seen");
    // The way back crashes too.
    let breaks = scenario.breaks();
    let failed = broken(scenario, breaks).await;
    let mut write = 1;
    while crashes_at(scenario, write, Some(breaks), &failed).await {
        write += 1;
    }
}

async fn prepared(scenario: &dyn Scenario) -> World {
    let world = World::new().await;
    scenario.prepare(&world).await;
    world.hosts.count_from_here();
    world
}

async fn succeeds(scenario: &dyn Scenario) -> (Picture, usize) {
    let world = prepared(scenario).await;
    let job = scenario.act(&world).await;
    let row = world.end(job).await;
    assert_eq!(row.state, WorkflowState::Finished, "{row:#?}");
    scenario.done(&world);
    (world.picture(), world.hosts.asked())
}

async fn twice_is_once(scenario: &dyn Scenario, good: &Picture) {
    let world = prepared(scenario).await;
    world.hosts.twice();
    let job = scenario.act(&world).await;
    assert_eq!(world.end(job).await.state, WorkflowState::Finished);
    assert_eq!(&world.picture(), good, "every command was done twice");
}

async fn fails_at(scenario: &dyn Scenario, number: usize) -> Picture {
    let world = prepared(scenario).await;
    let before = world.picture();
    world
        .hosts
        .trouble(&format!("#{number}"), Trouble::Fails, 1);
    let job = scenario.act(&world).await;
    let row = world.end(job).await;
    scenario.failed(&world, &before, number, &row);
    world.picture()
}

/// The end when that command never works.
async fn broken(scenario: &dyn Scenario, command: &str) -> Picture {
    let world = prepared(scenario).await;
    world.hosts.trouble(command, Trouble::Fails, usize::MAX);
    let job = scenario.act(&world).await;
    world.end(job).await;
    world.picture()
}

async fn answer_lost_at(scenario: &dyn Scenario, number: usize, good: &Picture) {
    let world = prepared(scenario).await;
    world
        .hosts
        .trouble(&format!("#{number}"), Trouble::AnswerLost, 1);
    let job = scenario.act(&world).await;
    let row = world.end(job).await;
    assert_eq!(
        row.state,
        WorkflowState::Finished,
        "answer {number}: {row:#?}"
    );
    assert_eq!(&world.picture(), good, "answer {number} was lost");
}

/// Kills the engine at the `write`th time its hook is asked. Answers whether it came to that.
async fn crashes_at(
    scenario: &dyn Scenario,
    write: usize,
    trouble: Option<&str>,
    expected: &Picture,
) -> bool {
    let died = Arc::new(Mutex::new((0, false)));
    let hook: JournalHook = {
        let died = died.clone();
        Arc::new(move |_: JournalPoint, _: &WorkflowRow| {
            let mut died = died.lock().unwrap();
            died.0 += 1;
            if died.0 == write {
                died.1 = true;
            }
            died.0 == write
        })
    };
    // The engine that will die is one whose store was opened before, with everything prepared.
    let world = prepared(scenario).await.restart(Some(hook)).await;
    world.hosts.count_from_here();
    if let Some(command) = trouble {
        world.hosts.trouble(command, Trouble::Fails, usize::MAX);
    }
    let job = scenario.act(&world).await;
    let over = loop {
        if died.lock().unwrap().1 {
            break false;
        }
        let row = world.snapshot().workflow(job).cloned();
        if row.is_some_and(|r| r.state.is_over()) {
            break true;
        }
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        world.clock.advance(std::time::Duration::from_millis(500));
    };
    if over && !died.lock().unwrap().1 {
        return false;
    }
    let world = world.restart(None).await;
    world.end(job).await;
    // Ids are drawn from another seed after the restart: compare without them.
    let (got, wanted) = (without_ids(&world.picture()), without_ids(expected));
    let only = |a: &[String], b: &[String]| -> Vec<String> {
        let mut rest = b.to_vec();
        let mut extra = Vec::new();
        for line in a {
            match rest.iter().position(|l| l == line) {
                Some(i) => drop(rest.swap_remove(i)),
                None => extra.push(line.clone()),
            }
        }
        extra
    };
    assert!(
        got == wanted,
        "crash {write}, trouble {trouble:?}: {:#?} instead of {:#?}; job {:#?}",
        only(&got, &wanted),
        only(&wanted, &got),
        world.snapshot().workflow(job)
    );
    true
}

/// The lines of a picture in no order; every id is the same id.
fn without_ids(picture: &Picture) -> Vec<String> {
    let text = format!("{picture:#?}");
    let mut out = String::new();
    let mut run = String::new();
    for c in text.chars().chain(std::iter::once(' ')) {
        if c.is_ascii_hexdigit() || c == '-' {
            run.push(c);
        } else {
            if run.len() == 36 {
                out.push('*');
            } else {
                out.push_str(&run);
            }
            run.clear();
            out.push(c);
        }
    }
    let mut lines: Vec<String> = out.lines().map(str::to_owned).collect();
    lines.sort_unstable();
    lines
}

fn vm_named(world: &World, name: &str) -> Option<VmId> {
    world
        .snapshot()
        .vm_named(world.data_center(), name)
        .map(|v| v.id)
}

fn disk_named(world: &World, name: &str) -> Option<DiskId> {
    let snapshot = world.snapshot();
    snapshot.disks().find(|d| d.name == name).map(|d| d.id)
}

fn template_named(world: &World, name: &str) -> Option<TemplateId> {
    let snapshot = world.snapshot();
    snapshot
        .template_named(world.data_center(), name)
        .map(|t| t.id)
}

fn disk_is(world: &World, id: DiskId, status: DiskStatus) {
    let snapshot = world.snapshot();
    let disk = snapshot.disk(id).expect("the disk is there");
    assert_eq!(disk.status, status);
    assert_eq!(disk.locked_by, None);
}

struct AddDisk;
#[async_trait]
impl Scenario for AddDisk {
    fn breaks(&self) -> &'static str {
        "volume_create"
    }
    async fn prepare(&self, world: &World) {
        world.vm("web1").await;
    }
    async fn act(&self, world: &World) -> WorkflowId {
        let add = disk_add("data", vm_named(world, "web1"));
        let added = disks::add::add(&call(), &world.rooms, add).await.unwrap();
        added.job.unwrap()
    }
    fn done(&self, world: &World) {
        let id = disk_named(world, "data").unwrap();
        disk_is(world, id, DiskStatus::Ok);
        assert_eq!(world.hosts.content(id), Some(String::new()));
        assert_eq!(world.snapshot().vms_with_disk(id).count(), 1);
    }
}

struct ImportDisk;
#[async_trait]
impl Scenario for ImportDisk {
    fn breaks(&self) -> &'static str {
        "volume_copy"
    }
    async fn prepare(&self, world: &World) {
        world.hosts.file("/tmp/a.qcow2", "guest");
    }
    async fn act(&self, world: &World) -> WorkflowId {
        let import = disks::import::DiskImport {
            name: "imported".into(),
            description: String::new(),
            path: "/tmp/a.qcow2".into(),
            host: HOST1,
            storage_domain: DATA2,
        };
        let imported = disks::import::import(&call(), &world.rooms, import).await;
        imported.unwrap().job.unwrap()
    }
    fn done(&self, world: &World) {
        let id = disk_named(world, "imported").unwrap();
        disk_is(world, id, DiskStatus::Ok);
        assert_eq!(world.hosts.content(id).unwrap(), "guest");
    }
}

struct ExtendDisk;
#[async_trait]
impl Scenario for ExtendDisk {
    fn breaks(&self) -> &'static str {
        "volume_extend"
    }
    async fn prepare(&self, world: &World) {
        world.vm_with_disk("web1").await;
    }
    async fn act(&self, world: &World) -> WorkflowId {
        let id = disk_named(world, "web1-disk").unwrap();
        let extended = disks::extend::extend(&call(), &world.rooms, id, 2 * GIB).await;
        extended.unwrap().job.unwrap()
    }
    fn done(&self, world: &World) {
        let id = disk_named(world, "web1-disk").unwrap();
        disk_is(world, id, DiskStatus::Ok);
        let snapshot = world.snapshot();
        assert_eq!(snapshot.disk(id).unwrap().provisioned_bytes, 2 * GIB);
        assert_eq!(
            snapshot.disk(id).unwrap().volumes[0].capacity_bytes,
            2 * GIB
        );
    }
}

struct RemoveDisk;
#[async_trait]
impl Scenario for RemoveDisk {
    fn breaks(&self) -> &'static str {
        "disk_remove"
    }
    async fn prepare(&self, world: &World) {
        world.vm_with_disk("web1").await;
    }
    async fn act(&self, world: &World) -> WorkflowId {
        let id = disk_named(world, "web1-disk").unwrap();
        let removed = disks::remove::remove(&call(), &world.rooms, id).await;
        removed.unwrap().job.unwrap()
    }
    fn done(&self, world: &World) {
        assert_eq!(disk_named(world, "web1-disk"), None);
        let vm = vm_named(world, "web1").unwrap();
        let snapshot = world.snapshot();
        assert!(snapshot.vm(vm).unwrap().hardware.disks.is_empty());
    }
    fn failed(&self, world: &World, before: &Picture, _: usize, row: &WorkflowRow) {
        assert_eq!(row.state, WorkflowState::Failed);
        let id = disk_named(world, "web1-disk").unwrap();
        disk_is(world, id, DiskStatus::Illegal);
        assert_eq!(world.picture().hosts, before.hosts);
        assert_eq!(world.snapshot().vms_with_disk(id).count(), 1);
    }
}

struct AddVm {
    clone: bool,
}
#[async_trait]
impl Scenario for AddVm {
    fn breaks(&self) -> &'static str {
        "volume_create"
    }
    async fn prepare(&self, world: &World) {
        let (vm, disk) = world.vm_with_disk("web1").await;
        world.hosts.write(disk, "installed");
        world.template("golden", vm).await;
    }
    async fn act(&self, world: &World) -> WorkflowId {
        let template = template_named(world, "golden").unwrap();
        let mut add = VmAdd::new("web2", world.cluster(), template);
        add.clone = self.clone;
        if self.clone {
            add.storage_domain = Some(DATA2);
        }
        let added = vms::add::add(&call(), &world.rooms, add).await.unwrap();
        assert_eq!(
            world.snapshot().vm_status(added.id),
            Some(VmStatus::ImageLocked)
        );
        added.job.unwrap()
    }
    fn done(&self, world: &World) {
        let snapshot = world.snapshot();
        let id = vm_named(world, "web2").unwrap();
        assert_eq!(snapshot.vm_status(id), Some(VmStatus::Down));
        let vm = snapshot.vm(id).unwrap();
        let disk = snapshot.disk(vm.hardware.disks[0].disk).unwrap();
        assert_eq!(disk.backing.is_none(), self.clone);
        assert_eq!(disk.storage_domain == DATA2, self.clone);
        assert_eq!(vm.template == TemplateId::BLANK, self.clone);
        assert_eq!(world.hosts.content(disk.id).unwrap(), "installed");
    }
}

struct RemoveVm;
#[async_trait]
impl Scenario for RemoveVm {
    fn breaks(&self) -> &'static str {
        "disk_remove"
    }
    async fn prepare(&self, world: &World) {
        let (vm, _) = world.vm_with_disk("web1").await;
        let mut second = disk_add("web1-second", Some(vm));
        second.attach.as_mut().unwrap().bootable = false;
        let added = disks::add::add(&call(), &world.rooms, second).await;
        world.done(added.unwrap()).await;
    }
    async fn act(&self, world: &World) -> WorkflowId {
        let id = vm_named(world, "web1").unwrap();
        let removed = vms::remove::remove(&call(), &world.rooms, id, VmRemove::default()).await;
        removed.unwrap().job.unwrap()
    }
    fn done(&self, world: &World) {
        assert_eq!(vm_named(world, "web1"), None);
        assert_eq!(world.snapshot().disk_count(), 0);
    }
    fn failed(&self, world: &World, _: &Picture, _: usize, row: &WorkflowRow) {
        // The VM goes, the disk that could not be removed is illegal.
        assert_eq!(row.state, WorkflowState::Finished);
        assert_eq!(vm_named(world, "web1"), None);
        let snapshot = world.snapshot();
        let left: Vec<_> = snapshot.disks().collect();
        assert_eq!(left.len(), 1);
        disk_is(world, left[0].id, DiskStatus::Illegal);
        assert!(world.events().contains(&172));
    }
}

struct AddTemplate;
#[async_trait]
impl Scenario for AddTemplate {
    fn breaks(&self) -> &'static str {
        "volume_copy"
    }
    async fn prepare(&self, world: &World) {
        let (_, disk) = world.vm_with_disk("web1").await;
        world.hosts.write(disk, "installed");
    }
    async fn act(&self, world: &World) -> WorkflowId {
        let vm = vm_named(world, "web1").unwrap();
        let add = template_add("golden", vm);
        let added = templates::add::add(&call(), &world.rooms, add).await;
        assert_eq!(world.snapshot().vm_status(vm), Some(VmStatus::ImageLocked));
        added.unwrap().job.unwrap()
    }
    fn done(&self, world: &World) {
        let snapshot = world.snapshot();
        let id = template_named(world, "golden").unwrap();
        let template = snapshot.template(id).unwrap();
        assert_eq!(template.status, TemplateStatus::Ok);
        let disk = template.hardware.disks[0].disk;
        assert_eq!(snapshot.disk(disk).unwrap().template, Some(id));
        assert_eq!(world.hosts.content(disk).unwrap(), "installed");
        let vm = vm_named(world, "web1").unwrap();
        assert_eq!(snapshot.vm_status(vm), Some(VmStatus::Down));
    }
}

struct RemoveTemplate;
#[async_trait]
impl Scenario for RemoveTemplate {
    fn breaks(&self) -> &'static str {
        "disk_remove"
    }
    async fn prepare(&self, world: &World) {
        let (vm, _) = world.vm_with_disk("web1").await;
        world.template("golden", vm).await;
    }
    async fn act(&self, world: &World) -> WorkflowId {
        let id = template_named(world, "golden").unwrap();
        let removed = templates::remove::remove(&call(), &world.rooms, id).await;
        removed.unwrap().job.unwrap()
    }
    fn done(&self, world: &World) {
        assert_eq!(template_named(world, "golden"), None);
        assert_eq!(world.snapshot().disk_count(), 1);
    }
    fn failed(&self, world: &World, before: &Picture, _: usize, row: &WorkflowRow) {
        assert_eq!(row.state, WorkflowState::Failed);
        let snapshot = world.snapshot();
        let id = template_named(world, "golden").unwrap();
        let template = snapshot.template(id).unwrap();
        assert_eq!(template.status, TemplateStatus::Illegal);
        disk_is(world, template.hardware.disks[0].disk, DiskStatus::Illegal);
        assert_eq!(world.picture().hosts, before.hosts);
    }
}

struct AddStorageDomain;
#[async_trait]
impl Scenario for AddStorageDomain {
    fn breaks(&self) -> &'static str {
        "storage_connect"
    }
    async fn prepare(&self, _: &World) {}
    async fn act(&self, world: &World) -> WorkflowId {
        let add = StorageDomainAdd {
            name: "third".into(),
            description: String::new(),
            comment: String::new(),
            data_center: world.data_center(),
            host: HOST1,
            backing: StorageBacking::PosixFs {
                path: "/srv/third".into(),
                vfs_type: "none".into(),
                mount_options: "bind".into(),
            },
        };
        let added = storage_domains::add::add(&call(), &world.rooms, add).await;
        added.unwrap().job.unwrap()
    }
    fn done(&self, world: &World) {
        let snapshot = world.snapshot();
        let domain = snapshot.storage_domain_named("third").unwrap();
        assert_eq!(domain.status, domain::storage::StorageDomainStatus::Active);
        assert!(!domain.master);
    }
}

/// How the last run ended is not what it was before a start that failed.
fn without_exit(picture: &Picture) -> Picture {
    let mut picture = picture.clone();
    for value in picture.objects.values_mut() {
        if let Some(fields) = value.as_object_mut() {
            fields.remove("last_exit");
        }
    }
    picture
}

struct StartVm;
#[async_trait]
impl Scenario for StartVm {
    fn breaks(&self) -> &'static str {
        "vm_launch"
    }
    async fn prepare(&self, world: &World) {
        world.vm_with_disk("web1").await;
        // One host only: the same one in every run.
        world.hosts.away(common::HOST2, true);
        world.observe();
    }
    async fn act(&self, world: &World) -> WorkflowId {
        let id = vm_named(world, "web1").unwrap();
        let started = vms::start::start(&call(), &world.rooms, id, StartOptions::default()).await;
        started.unwrap().job.unwrap()
    }
    fn done(&self, world: &World) {
        let id = vm_named(world, "web1").unwrap();
        assert_eq!(world.hosts.running(id), [HOST1]);
        let snapshot = world.snapshot();
        let run = snapshot.vm(id).unwrap().run.clone().unwrap();
        assert_eq!(run.host, Some(HOST1));
        assert!(run.started.is_some());
    }
    fn failed(&self, world: &World, before: &Picture, _: usize, row: &WorkflowRow) {
        assert_eq!(row.state, WorkflowState::Failed);
        assert_eq!(without_exit(&world.picture()), without_exit(before));
        assert!(world.events().contains(&54));
    }
}

struct StopVm;
#[async_trait]
impl Scenario for StopVm {
    fn breaks(&self) -> &'static str {
        "vm_stop"
    }
    async fn prepare(&self, world: &World) {
        StartVm.prepare(world).await;
        let job = StartVm.act(world).await;
        world.end(job).await;
    }
    async fn act(&self, world: &World) -> WorkflowId {
        let id = vm_named(world, "web1").unwrap();
        let stopped = vms::stop::stop(&call(), &world.rooms, id).await;
        stopped.unwrap().job.unwrap()
    }
    fn done(&self, world: &World) {
        let id = vm_named(world, "web1").unwrap();
        assert!(world.hosts.running(id).is_empty());
        assert_eq!(world.snapshot().vm_status(id), Some(VmStatus::Down));
        assert!(world.events().contains(&61));
    }
    fn failed(&self, world: &World, before: &Picture, number: usize, row: &WorkflowRow) {
        if number == 1 {
            assert_eq!(row.state, WorkflowState::Failed);
            assert_eq!(&world.picture(), before);
        } else {
            // It is down; the host tells of it once more when it is connected again.
            assert_eq!(row.state, WorkflowState::Finished);
            let id = vm_named(world, "web1").unwrap();
            assert_eq!(world.snapshot().vm_status(id), Some(VmStatus::Down));
        }
    }
}

/// A VM that is up on the first host.
async fn up_on_first(world: &World) {
    StartVm.prepare(world).await;
    let job = StartVm.act(world).await;
    world.end(job).await;
    world.hosts.away(common::HOST2, false);
    world.observe();
    let id = vm_named(world, "web1").unwrap();
    world.vm_is_up(id);
}

struct MigrateVm;
#[async_trait]
impl Scenario for MigrateVm {
    fn breaks(&self) -> &'static str {
        "migration_send"
    }
    async fn prepare(&self, world: &World) {
        up_on_first(world).await;
    }
    async fn act(&self, world: &World) -> WorkflowId {
        let id = vm_named(world, "web1").unwrap();
        world.vm_is_up(id);
        let options = vms::migrate::MigrateOptions::default();
        let moved = vms::migrate::migrate(&call(), &world.rooms, id, options).await;
        assert_eq!(world.snapshot().vm_status(id), Some(VmStatus::Migrating));
        moved.unwrap().job.unwrap()
    }
    fn done(&self, world: &World) {
        let id = vm_named(world, "web1").unwrap();
        assert_eq!(world.hosts.running(id), [common::HOST2]);
        let snapshot = world.snapshot();
        let run = snapshot.vm(id).unwrap().run.clone().unwrap();
        assert_eq!((run.host, run.migration), (Some(common::HOST2), None));
        assert!(world.events().contains(&62) && world.events().contains(&63));
    }
    fn failed(&self, world: &World, before: &Picture, number: usize, row: &WorkflowRow) {
        assert_eq!(row.state, WorkflowState::Failed, "command {number}");
        assert_eq!(&world.picture(), before, "command {number} failed");
        let id = vm_named(world, "web1").unwrap();
        assert_eq!(world.hosts.running(id), [HOST1]);
        assert!(world.events().contains(&65));
    }
}

async fn move_to_second(world: &World) -> WorkflowId {
    let id = disk_named(world, "web1-disk").unwrap();
    let moved = disks::move_disk::move_disk(&call(), &world.rooms, id, DATA2).await;
    moved.unwrap().job.unwrap()
}

fn moved_to_second(world: &World, content: &str) {
    let id = disk_named(world, "web1-disk").unwrap();
    disk_is(world, id, DiskStatus::Ok);
    let snapshot = world.snapshot();
    let disk = snapshot.disk(id).unwrap();
    assert_eq!((disk.storage_domain, disk.volumes.len()), (DATA2, 1));
    assert_eq!(
        world.hosts.places(id).into_iter().collect::<Vec<_>>(),
        [(DATA2, 1)]
    );
    assert_eq!(world.hosts.content(id).unwrap(), content);
    assert!(world.events().contains(&2008) && world.events().contains(&2010));
}

struct MoveDisk;
#[async_trait]
impl Scenario for MoveDisk {
    fn breaks(&self) -> &'static str {
        "volume_copy"
    }
    async fn prepare(&self, world: &World) {
        let (_, disk) = world.vm_with_disk("web1").await;
        world.hosts.write(disk, "installed");
    }
    async fn act(&self, world: &World) -> WorkflowId {
        move_to_second(world).await
    }
    fn done(&self, world: &World) {
        moved_to_second(world, "installed");
    }
    fn failed(&self, world: &World, before: &Picture, number: usize, row: &WorkflowRow) {
        // Removing the old files goes on until it works.
        if number == 4 {
            assert_eq!(row.state, WorkflowState::Finished);
            return self.done(world);
        }
        assert_eq!(row.state, WorkflowState::Failed, "command {number}");
        assert_eq!(&world.picture(), before, "command {number} failed");
        assert!(world.events().contains(&2011));
    }
}

struct MoveLiveDisk;
#[async_trait]
impl Scenario for MoveLiveDisk {
    fn breaks(&self) -> &'static str {
        "volume_copy"
    }
    async fn prepare(&self, world: &World) {
        up_on_first(world).await;
        let disk = disk_named(world, "web1-disk").unwrap();
        world.hosts.write(disk, "installed");
    }
    async fn act(&self, world: &World) -> WorkflowId {
        world.vm_is_up(vm_named(world, "web1").unwrap());
        move_to_second(world).await
    }
    fn done(&self, world: &World) {
        moved_to_second(world, "written meanwhile");
        let (vm, disk) = (
            vm_named(world, "web1").unwrap(),
            disk_named(world, "web1-disk").unwrap(),
        );
        let (used, mirrored) = world.hosts.used(vm, disk);
        assert_eq!((used.map(|at| at.domain), mirrored), (Some(DATA2), false));
        assert_eq!(world.hosts.running(vm), [HOST1]);
    }
    fn failed(&self, world: &World, before: &Picture, number: usize, row: &WorkflowRow) {
        let row_is = row.state;
        if row_is == WorkflowState::Finished {
            // Past the pivot it only goes forward.
            assert!(number > 8, "command {number}");
            return self.done(world);
        }
        assert_eq!(row_is, WorkflowState::Failed, "command {number}");
        let written = |picture: &Picture| {
            // What the guest wrote into the layer is in the disk now.
            let text = format!("{picture:#?}");
            text.replace("written meanwhile", "installed")
        };
        assert_eq!(
            written(&world.picture()),
            written(before),
            "command {number}"
        );
    }
}

struct EmptyHost;
#[async_trait]
impl Scenario for EmptyHost {
    fn breaks(&self) -> &'static str {
        "never"
    }
    async fn prepare(&self, world: &World) {
        up_on_first(world).await;
    }
    async fn act(&self, world: &World) -> WorkflowId {
        world.vm_is_up(vm_named(world, "web1").unwrap());
        let call = call();
        let asked = operations::hosts::maintenance::deactivate(&call, &world.rooms, HOST1, None);
        asked.await.unwrap().job.unwrap()
    }
    fn done(&self, world: &World) {
        let id = vm_named(world, "web1").unwrap();
        assert_eq!(world.hosts.running(id), [common::HOST2]);
        let snapshot = world.snapshot();
        let status = domain::hosts::HostStatus::Maintenance;
        assert_eq!(snapshot.host_status(HOST1), Some(status));
    }
    fn failed(&self, world: &World, _: &Picture, _: usize, row: &WorkflowRow) {
        // It is tried again after a while.
        assert_eq!(row.state, WorkflowState::Finished);
        self.done(world);
    }
}

macro_rules! quartets {
    ($($name:ident: $scenario:expr;)*) => {$(
        #[tokio::test]
        async fn $name() {
            quartet(&$scenario).await;
        }
    )*};
}

quartets! {
    adding_a_disk: AddDisk;
    importing_a_disk: ImportDisk;
    extending_a_disk: ExtendDisk;
    removing_a_disk: RemoveDisk;
    adding_a_thin_vm: AddVm { clone: false };
    adding_a_cloned_vm: AddVm { clone: true };
    removing_a_vm: RemoveVm;
    adding_a_template: AddTemplate;
    removing_a_template: RemoveTemplate;
    adding_a_storage_domain: AddStorageDomain;
    starting_a_vm: StartVm;
    stopping_a_vm: StopVm;
    migrating_a_vm: MigrateVm;
    moving_a_disk: MoveDisk;
    moving_a_running_machines_disk: MoveLiveDisk;
    emptying_a_host: EmptyHost;
}
