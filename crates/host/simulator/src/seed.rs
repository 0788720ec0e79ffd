//! Writes a simulated inventory into the database of an engine that does not run, makes the hosts'
//! keys and certificates, and leaves for each part what its process needs.

use crate::inventory::{Center, Size, volumes_of};
use crate::places::{PartHome, Running};
use anyhow::{Context as _, bail};
use base::{Clock, HostId, OsRandom, Random, TemplateId};
use domain::Entity;
use domain::hosts::{Enrolment, Host};
use domain::vms::{Hardware, Vm};
use operations::vms::machine::machine_of;
use pki::{Fingerprint, HostIdentity, HostKey, Pki};
use ports::SystemClock;
use ports::hosts::VmLaunch;
use projection::{Projection, Snapshot};
use std::path::Path;
use std::sync::Arc;
use store::{Batch, CommitObserver as _, Contents, Store};

/// Objects that one commit stores.
const BATCH: usize = 2000;
/// Commits that wait together.
const AHEAD: usize = 4;
/// As the engine orders it.
const UP_WITHOUT_AGENT_SECONDS: u32 = 60;
const MANUFACTURER: &str = "Vireo";

/// Seeds the engine's home and the simulation's. The engine must have been started once.
///
/// # Errors
/// When the engine runs, was never started, or holds a simulated data center already.
pub async fn seed(engine_home: &Path, sim_home: &Path, size: Size) -> anyhow::Result<()> {
    let random: Arc<dyn Random> = Arc::new(OsRandom);
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    let dir = engine_home.join("pki");
    if !dir.join("ca.pem").exists() {
        bail!(
            "{} is no home of an engine; start the engine once",
            engine_home.display()
        );
    }
    let pki = Pki::open(
        &dir,
        &["localhost".to_owned()],
        Arc::clone(&clock),
        Arc::clone(&random),
    )
    .context("cannot open the engine's certificates")?;
    let (store, contents) = Store::open(&engine_home.join("engine.db"))
        .await
        .context("cannot open the engine's database; stop the engine first")?;
    let seeder = Seeder {
        hardware: blank(&contents)?,
        store: store.clone(),
        pki,
        clock,
        random,
    };
    let snapshot = Projection::new(&contents).snapshot();
    if snapshot.data_center_named("Simulated").is_some() {
        bail!("the engine has a data center `Simulated` already");
    }
    drop(contents);
    for part in 1..=size.parts.max(1) {
        seeder
            .part(&PartHome::of(sim_home, part), size, part)
            .await?;
    }
    store.close().await;
    Ok(())
}

fn blank(contents: &Contents) -> anyhow::Result<Hardware> {
    let blank = contents.entities.iter().find_map(|entity| match entity {
        Entity::Template(t) if t.id == TemplateId::BLANK => Some(t.hardware.clone()),
        _ => None,
    });
    blank.context("the engine's database is empty; start the engine once")
}

struct Seeder {
    store: Store,
    pki: Pki,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    hardware: Hardware,
}

impl Seeder {
    async fn part(&self, home: &PartHome, size: Size, part: u32) -> anyhow::Result<()> {
        home.make()?;
        let (hosts, vms) = size.share(part);
        let random = &*self.random;
        let mut center = Center::new(random, part, self.hardware.clone(), self.clock.now());
        let mut entities = center.entities.clone();
        for n in hosts {
            entities.push(self.host(home, &mut center, n)?.into());
        }
        let frame = Projection::new(&Contents {
            entities: entities.clone(),
            ..Contents::default()
        });
        self.commit(entities).await?;
        let (mut running, mut volumes) = (Vec::new(), Vec::new());
        let first = vms.start;
        let numbers: Vec<u32> = vms.collect();
        for some in numbers.chunks(BATCH / 3) {
            let mut entities = Vec::new();
            for n in some {
                let (vm, disks) = center.vm(random, *n, first)?;
                volumes.extend(disks.iter().flat_map(volumes_of));
                let shown = with_disks(&frame, &vm, &disks);
                running.push(launch_of(&shown, &vm)?);
                entities.extend(disks.into_iter().map(Entity::from));
                entities.push(vm.into());
            }
            self.commit(entities).await?;
        }
        home.running_write(&running)?;
        home.volumes_write(&volumes)?;
        home.manifest_write(&center.manifest)
    }

    fn host(&self, home: &PartHome, center: &mut Center, n: u32) -> anyhow::Result<Host> {
        let id = HostId::random(&*self.random);
        let key = HostKey::make()?;
        let certificate = self.pki.sign_host(id, &key.request()?)?;
        let enrolment = Enrolment::Done {
            fingerprint: certificate.fingerprint.to_string(),
            expires: certificate.expires,
            renewal: domain::hosts::Renewal::default(),
        };
        let (ca, of): (String, Fingerprint) = (self.pki.ca_pem(), self.pki.ca_fingerprint());
        let identity = HostIdentity::accept(key, id, &certificate.pem, &ca, of, self.clock.now())?;
        let dir = home.identity(id);
        std::fs::create_dir_all(&dir).with_context(|| format!("cannot make {}", dir.display()))?;
        identity.save(&dir)?;
        Ok(center.host(id, n, enrolment))
    }

    /// In parts that the store takes at once.
    async fn commit(&self, entities: Vec<Entity>) -> anyhow::Result<()> {
        let batches = entities.chunks(BATCH).map(|some| {
            let mut batch = Batch::new();
            for entity in some {
                batch.put(entity.clone());
            }
            batch
        });
        let batches: Vec<Batch> = batches.collect();
        for some in batches.chunks(AHEAD) {
            let all = some.iter().map(|batch| self.store.commit(batch.clone()));
            for done in futures::future::join_all(all).await {
                done.context("the inventory cannot be stored")?;
            }
        }
        Ok(())
    }
}

/// A moment that knows the frame and this VM's disks.
fn with_disks(frame: &Projection, vm: &Vm, disks: &[domain::disks::Disk]) -> Snapshot {
    let put = |entity: Entity| store::Change::Put(entity);
    let mut changes: Vec<_> = disks.iter().map(|d| put(d.clone().into())).collect();
    changes.push(put(vm.clone().into()));
    frame.committed(&store::Committed { seq: 0, changes });
    frame.snapshot()
}

/// The machine as the engine would have ordered it.
fn launch_of(snapshot: &Snapshot, vm: &Vm) -> anyhow::Result<Running> {
    let run = vm.run.as_ref().context("a simulated VM runs")?;
    let machine = machine_of(snapshot, vm, MANUFACTURER)
        .map_err(|fault| anyhow::anyhow!("VM {} makes no machine: {fault}", vm.name))?;
    Ok(Running {
        host: run.host.context("a simulated VM runs on a host")?,
        launch: VmLaunch {
            machine,
            epoch: run.epoch,
            paused: false,
            up_without_agent_seconds: UP_WITHOUT_AGENT_SECONDS,
        },
    })
}
