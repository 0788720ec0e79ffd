//! The verbs that are driven: what each needs, does, leaves, and how that is taken away again.

use super::lab::{HOSTS, Lab};
use super::truth;
use super::world::{EXTRA, MARKED, STORAGE, SUBJECT, TINY, World, mark, text};
use anyhow::{Context as _, ensure};
use serde_json::{Value, json};
use std::path::PathBuf;

/// A verb of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verb {
    VmAdd,
    VmStart,
    VmMigrate,
    HostMaintenance,
    DiskMoveLive,
    VmShutdown,
    DiskMove,
    HostActivate,
    VmStop,
    DiskAdd,
    DiskExtend,
    DiskImport,
    DiskRemove,
    TemplateAdd,
    TemplateRemove,
    VmRemove,
    StorageDomainAdd,
}

/// What a verb works on.
#[derive(Debug, Default)]
pub struct Stage {
    id: String,
    /// A number from before.
    size: u64,
    /// The id of what it goes to, or the name of what is new.
    to: String,
    /// The run of the VM that has to go on.
    run: Option<String>,
}

/// How many of each kind a verb adds or removes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Changes {
    pub vms: i8,
    pub templates: i8,
    pub disks: i8,
    pub domains: i8,
}

impl Verb {
    /// All of them, in an order in which each finds its things.
    pub const ALL: [Verb; 17] = [
        Verb::VmAdd,
        Verb::VmStart,
        Verb::VmMigrate,
        Verb::HostMaintenance,
        Verb::DiskMoveLive,
        Verb::VmShutdown,
        Verb::DiskMove,
        Verb::HostActivate,
        Verb::VmStop,
        Verb::DiskAdd,
        Verb::DiskExtend,
        Verb::DiskImport,
        Verb::DiskRemove,
        Verb::TemplateAdd,
        Verb::TemplateRemove,
        Verb::VmRemove,
        Verb::StorageDomainAdd,
    ];

    /// What it adds or removes when it happens.
    pub fn changes(self) -> Changes {
        let none = Changes::default();
        match self {
            Verb::VmAdd => Changes {
                vms: 1,
                disks: 1,
                ..none
            },
            Verb::VmRemove => Changes {
                vms: -1,
                disks: -1,
                ..none
            },
            // The VM has the template's disk and the marked one.
            Verb::TemplateAdd => Changes {
                templates: 1,
                disks: 2,
                ..none
            },
            Verb::TemplateRemove => Changes {
                templates: -1,
                disks: -2,
                ..none
            },
            Verb::DiskAdd | Verb::DiskImport => Changes { disks: 1, ..none },
            Verb::DiskRemove => Changes { disks: -1, ..none },
            Verb::StorageDomainAdd => Changes { domains: 1, ..none },
            Verb::VmStart
            | Verb::VmMigrate
            | Verb::HostMaintenance
            | Verb::HostActivate
            | Verb::VmShutdown
            | Verb::VmStop
            | Verb::DiskExtend
            | Verb::DiskMove
            | Verb::DiskMoveLive => none,
        }
    }

    /// How the VM has to be before.
    fn power(self) -> Option<&'static str> {
        match self {
            Verb::VmMigrate
            | Verb::HostMaintenance
            | Verb::DiskMoveLive
            | Verb::VmShutdown
            | Verb::VmStop => Some("up"),
            Verb::VmStart
            | Verb::DiskMove
            | Verb::HostActivate
            | Verb::DiskAdd
            | Verb::DiskExtend
            | Verb::DiskRemove
            | Verb::TemplateAdd
            | Verb::TemplateRemove => Some("down"),
            Verb::VmAdd | Verb::VmRemove | Verb::DiskImport | Verb::StorageDomainAdd => None,
        }
    }

    /// Makes what it works on.
    pub async fn prepare(self, lab: &Lab, world: &World) -> anyhow::Result<Stage> {
        let subject = match self.power() {
            Some(power) => world.vm(SUBJECT, power).await?,
            None => Value::Null,
        };
        let mut stage = Stage {
            id: text(&subject, "id").to_owned(),
            ..Stage::default()
        };
        if self.power() == Some("up") {
            stage.run = truth::run_of(lab, &stage.id)?;
        }
        match self {
            Verb::VmAdd
            | Verb::VmStart
            | Verb::VmShutdown
            | Verb::VmStop
            | Verb::TemplateAdd
            | Verb::DiskAdd => {}
            Verb::VmMigrate => {
                let here = host_of(world, &stage.id).await?;
                for host in HOSTS {
                    let id = world.host(host).await?;
                    if id != here {
                        stage.to = id;
                    }
                }
            }
            Verb::HostMaintenance => stage.to = host_of(world, &stage.id).await?,
            Verb::HostActivate => {
                stage.to = world.host(HOSTS[0]).await?;
                let path = format!("hosts/{}/deactivate", stage.to);
                world.post(&path, &json!({})).await?;
            }
            Verb::DiskMove | Verb::DiskMoveLive => {
                if self == Verb::DiskMoveLive {
                    world.becomes(&stage.id, &["up"]).await?;
                }
                let disk = world.named("disks", "disk", MARKED).await?;
                let disk = disk.context("the marked disk is not there")?;
                let here = truth::domain_of(&disk)?;
                for name in STORAGE {
                    let domain = world.named("storagedomains", "storage_domain", name);
                    let domain = domain.await?.context("a storage domain is not there")?;
                    if text(&domain, "id") != here {
                        stage.to = text(&domain, "id").to_owned();
                    }
                }
                stage.id = text(&disk, "id").to_owned();
            }
            Verb::VmRemove => {
                let vm = world.vm(EXTRA, "down").await?;
                stage.id = text(&vm, "id").to_owned();
            }
            Verb::TemplateRemove => {
                let template = json!({ "name": EXTRA, "vm": { "id": stage.id } });
                let made = world.post("templates", &template).await?;
                stage.id = text(&made, "id").to_owned();
            }
            Verb::DiskExtend | Verb::DiskRemove => {
                let path = format!("vms/{}/diskattachments", stage.id);
                world.post(&path, &world.disk(EXTRA)).await?;
                world.idle().await?;
                let disk = extra_disk(world).await?.context("there is no new disk")?;
                stage.id = text(&disk, "id").to_owned();
                stage.size = size_of(&disk);
            }
            Verb::DiskImport => {
                std::fs::write(image(world), mark()).context("cannot write an image to import")?;
            }
            Verb::StorageDomainAdd => {
                let there = world.list("storagedomains", "storage_domain").await?.len();
                stage.to = format!("{EXTRA}-{there}");
                let place = world.storage.join(&stage.to);
                std::fs::create_dir_all(&place)
                    .with_context(|| format!("cannot make {}", place.display()))?;
            }
        }
        world.idle().await?;
        Ok(stage)
    }

    /// Asks the engine for it.
    pub async fn act(self, world: &World, stage: &Stage) -> anyhow::Result<()> {
        let Stage { id, size, to, .. } = stage;
        let nothing = json!({});
        match self {
            Verb::VmAdd => {
                let vm = json!({ "name": EXTRA, "cluster": { "name": "Default" },
                    "template": { "name": TINY } });
                world.post("vms", &vm).await?;
            }
            Verb::VmStart => drop(world.post(&format!("vms/{id}/start"), &nothing).await?),
            Verb::VmMigrate => {
                let body = json!({ "host": { "id": to } });
                world.post(&format!("vms/{id}/migrate"), &body).await?;
            }
            Verb::HostMaintenance => {
                world
                    .post(&format!("hosts/{to}/deactivate"), &nothing)
                    .await?;
            }
            Verb::HostActivate => {
                world
                    .post(&format!("hosts/{to}/activate"), &nothing)
                    .await?;
            }
            Verb::VmShutdown => drop(world.post(&format!("vms/{id}/shutdown"), &nothing).await?),
            Verb::VmStop => drop(world.post(&format!("vms/{id}/stop"), &nothing).await?),
            Verb::DiskAdd => {
                let path = format!("vms/{id}/diskattachments");
                world.post(&path, &world.disk(EXTRA)).await?;
            }
            Verb::DiskExtend => {
                let body = json!({ "provisioned_size": (size + (1 << 20)).to_string() });
                world.put(&format!("disks/{id}"), &body).await?;
            }
            Verb::DiskMove | Verb::DiskMoveLive => {
                let body = json!({ "storage_domain": { "id": to } });
                world.post(&format!("disks/{id}/move"), &body).await?;
            }
            Verb::DiskImport => {
                let body = json!({ "name": EXTRA, "path": image(world).display().to_string(),
                    "host": HOSTS[0], "storage_domain": STORAGE[0] });
                world.operate("disks/import", &body).await?;
            }
            Verb::DiskRemove => world.delete(&format!("disks/{id}")).await?,
            Verb::TemplateAdd => {
                let template = json!({ "name": EXTRA, "vm": { "id": id } });
                world.post("templates", &template).await?;
            }
            Verb::TemplateRemove => world.delete(&format!("templates/{id}")).await?,
            Verb::VmRemove => world.delete(&format!("vms/{id}")).await?,
            Verb::StorageDomainAdd => {
                let path = world.storage.join(to).display().to_string();
                let body = json!({ "name": to, "data_center": "Default",
                    "host": HOSTS[0], "backing": { "type": "posixfs", "path": path,
                        "vfs_type": "none", "mount_options": "bind" } });
                world.operate("storage-domains", &body).await?;
            }
        }
        Ok(())
    }

    /// Whether what it is for is true now.
    pub async fn happened(self, world: &World, stage: &Stage) -> anyhow::Result<bool> {
        let extra = async |path: &str, tag: &str| -> anyhow::Result<bool> {
            Ok(world.named(path, tag, EXTRA).await?.is_some())
        };
        let status = async || -> anyhow::Result<String> {
            let vm = world.get(&format!("vms/{}", stage.id)).await?;
            Ok(text(&vm, "status").to_owned())
        };
        let host = async || -> anyhow::Result<String> {
            let host = world.get(&format!("hosts/{}", stage.to)).await?;
            Ok(text(&host, "status").to_owned())
        };
        Ok(match self {
            Verb::VmAdd => extra("vms", "vm").await?,
            Verb::VmRemove => !extra("vms", "vm").await?,
            Verb::TemplateAdd => extra("templates", "template").await?,
            Verb::TemplateRemove => !extra("templates", "template").await?,
            Verb::DiskAdd | Verb::DiskImport => extra_disk(world).await?.is_some(),
            Verb::DiskRemove => extra_disk(world).await?.is_none(),
            Verb::DiskExtend => {
                size_of(&world.get(&format!("disks/{}", stage.id)).await?) > stage.size
            }
            Verb::DiskMove | Verb::DiskMoveLive => {
                let disk = world.get(&format!("disks/{}", stage.id)).await?;
                truth::domain_of(&disk)? == stage.to
            }
            Verb::VmStart => status().await? != "down",
            Verb::VmStop => status().await? == "down",
            // This guest has no system that could follow; it was asked.
            Verb::VmShutdown => ["powering_down", "down"].contains(&status().await?.as_str()),
            Verb::VmMigrate => host_of(world, &stage.id).await? == stage.to,
            Verb::HostMaintenance => host().await? == "maintenance",
            Verb::HostActivate => host().await? == "up",
            Verb::StorageDomainAdd => {
                let domain = world.named("storagedomains", "storage_domain", &stage.to);
                domain.await?.is_some()
            }
        })
    }

    /// What may not change, whether it happened or not: a VM that was not to end is in the same
    /// run, and what was imported is what the image held.
    pub async fn kept(self, lab: &Lab, world: &World, stage: &Stage) -> anyhow::Result<()> {
        match self {
            Verb::VmMigrate | Verb::HostMaintenance | Verb::DiskMoveLive => {
                let vm = world.named("vms", "vm", SUBJECT).await?;
                let vm = vm.context("the VM is lost")?;
                let run = truth::run_of(lab, text(&vm, "id"))?;
                ensure!(
                    run.is_some() && run == stage.run,
                    "the VM was in run {:?} and is in {run:?} now",
                    stage.run
                );
            }
            Verb::DiskImport => {
                if let Some(disk) = extra_disk(world).await? {
                    world.marked(text(&disk, "id")).await?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Removes what it made, or what it did not remove. A storage domain stays: none can be removed.
    pub async fn tidy(self, world: &World) -> anyhow::Result<()> {
        match self {
            Verb::VmShutdown => {
                world.vm(SUBJECT, "down").await.map(drop)?;
            }
            Verb::HostMaintenance | Verb::HostActivate => {
                for host in world.list("hosts", "host").await? {
                    if text(&host, "status") == "maintenance" {
                        let path = format!("hosts/{}/activate", text(&host, "id"));
                        world.post(&path, &json!({})).await?;
                    }
                }
            }
            Verb::VmAdd | Verb::VmRemove => {
                if let Some(vm) = world.named("vms", "vm", EXTRA).await? {
                    world.vm(EXTRA, "down").await?;
                    world.delete(&format!("vms/{}", text(&vm, "id"))).await?;
                }
            }
            Verb::TemplateAdd | Verb::TemplateRemove => {
                if let Some(found) = world.named("templates", "template", EXTRA).await? {
                    let id = text(&found, "id");
                    world.delete(&format!("templates/{id}")).await?;
                }
            }
            Verb::DiskAdd | Verb::DiskExtend | Verb::DiskImport | Verb::DiskRemove => {
                if let Some(disk) = extra_disk(world).await? {
                    world
                        .delete(&format!("disks/{}", text(&disk, "id")))
                        .await?;
                }
            }
            Verb::VmStart
            | Verb::VmStop
            | Verb::VmMigrate
            | Verb::DiskMove
            | Verb::DiskMoveLive
            | Verb::StorageDomainAdd => {}
        }
        world.idle().await
    }
}

async fn extra_disk(world: &World) -> anyhow::Result<Option<Value>> {
    world.named("disks", "disk", EXTRA).await
}

/// The host that a VM runs on.
async fn host_of(world: &World, vm: &str) -> anyhow::Result<String> {
    let vm = world.get(&format!("vms/{vm}")).await?;
    let host = vm.get("host").map_or("", |host| text(host, "id"));
    ensure!(!host.is_empty(), "the VM runs on no host");
    Ok(host.to_owned())
}

/// The file that is imported.
fn image(world: &World) -> PathBuf {
    world.storage.with_file_name("crash-image")
}

fn size_of(disk: &Value) -> u64 {
    text(disk, "provisioned_size").parse().unwrap_or(0)
}
