//! The verbs that are driven: what each needs, does, leaves, and how that is taken away again.

use super::world::{EXTRA, SUBJECT, TINY, World, text};
use anyhow::Context as _;
use serde_json::{Value, json};

/// A verb of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verb {
    VmAdd,
    VmStart,
    VmShutdown,
    VmStop,
    DiskAdd,
    DiskExtend,
    DiskRemove,
    TemplateAdd,
    TemplateRemove,
    VmRemove,
}

/// What a verb works on.
#[derive(Debug)]
pub struct Stage {
    id: String,
    /// A number from before.
    size: u64,
}

impl Verb {
    /// All of them, in an order in which each finds its things.
    pub const ALL: [Verb; 10] = [
        Verb::VmAdd,
        Verb::VmStart,
        Verb::VmShutdown,
        Verb::VmStop,
        Verb::DiskAdd,
        Verb::DiskExtend,
        Verb::DiskRemove,
        Verb::TemplateAdd,
        Verb::TemplateRemove,
        Verb::VmRemove,
    ];

    /// How many VMs, templates and disks it adds or removes.
    pub fn changes(self) -> (i8, i8, i8) {
        match self {
            Verb::VmAdd => (1, 0, 1),
            Verb::VmRemove => (-1, 0, -1),
            Verb::TemplateAdd => (0, 1, 1),
            Verb::TemplateRemove => (0, -1, -1),
            Verb::DiskAdd => (0, 0, 1),
            Verb::DiskRemove => (0, 0, -1),
            Verb::VmStart | Verb::VmShutdown | Verb::VmStop | Verb::DiskExtend => (0, 0, 0),
        }
    }

    /// Makes what it works on.
    pub async fn prepare(self, world: &World) -> anyhow::Result<Stage> {
        let power = match self {
            Verb::VmShutdown | Verb::VmStop => "up",
            _ => "down",
        };
        let subject = text(&world.vm(SUBJECT, power).await?, "id").to_owned();
        let (id, size) = match self {
            Verb::VmAdd => (String::new(), 0),
            Verb::VmStart | Verb::VmShutdown | Verb::VmStop | Verb::TemplateAdd | Verb::DiskAdd => {
                (subject, 0)
            }
            Verb::VmRemove => (text(&world.vm(EXTRA, "down").await?, "id").to_owned(), 0),
            Verb::TemplateRemove => {
                let template = json!({ "name": EXTRA, "vm": { "id": subject } });
                let made = world.post("templates", &template).await?;
                (text(&made, "id").to_owned(), 0)
            }
            Verb::DiskExtend | Verb::DiskRemove => {
                let path = format!("vms/{subject}/diskattachments");
                world.post(&path, &world.disk(EXTRA)).await?;
                world.idle().await?;
                let disk = extra_disk(world).await?.context("there is no new disk")?;
                (text(&disk, "id").to_owned(), size_of(&disk))
            }
        };
        world.idle().await?;
        Ok(Stage { id, size })
    }

    /// Asks the engine for it.
    pub async fn act(self, world: &World, stage: &Stage) -> anyhow::Result<()> {
        let Stage { id, size } = stage;
        match self {
            Verb::VmAdd => {
                let vm = json!({ "name": EXTRA, "cluster": { "name": "Default" },
                    "template": { "name": TINY } });
                world.post("vms", &vm).await?;
            }
            Verb::VmStart => drop(world.post(&format!("vms/{id}/start"), &json!({})).await?),
            Verb::VmShutdown => {
                world
                    .post(&format!("vms/{id}/shutdown"), &json!({}))
                    .await?;
            }
            Verb::VmStop => drop(world.post(&format!("vms/{id}/stop"), &json!({})).await?),
            Verb::DiskAdd => {
                let path = format!("vms/{id}/diskattachments");
                world.post(&path, &world.disk(EXTRA)).await?;
            }
            Verb::DiskExtend => {
                let body = json!({ "provisioned_size": (size + (1 << 20)).to_string() });
                world.put(&format!("disks/{id}"), &body).await?;
            }
            Verb::DiskRemove => world.delete(&format!("disks/{id}")).await?,
            Verb::TemplateAdd => {
                let template = json!({ "name": EXTRA, "vm": { "id": id } });
                world.post("templates", &template).await?;
            }
            Verb::TemplateRemove => world.delete(&format!("templates/{id}")).await?,
            Verb::VmRemove => world.delete(&format!("vms/{id}")).await?,
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
        Ok(match self {
            Verb::VmAdd => extra("vms", "vm").await?,
            Verb::VmRemove => !extra("vms", "vm").await?,
            Verb::TemplateAdd => extra("templates", "template").await?,
            Verb::TemplateRemove => !extra("templates", "template").await?,
            Verb::DiskAdd => extra_disk(world).await?.is_some(),
            Verb::DiskRemove => extra_disk(world).await?.is_none(),
            Verb::DiskExtend => {
                size_of(&world.get(&format!("disks/{}", stage.id)).await?) > stage.size
            }
            Verb::VmStart => status().await? != "down",
            Verb::VmStop => status().await? == "down",
            // This guest has no system that could follow; it was asked.
            Verb::VmShutdown => ["powering_down", "down"].contains(&status().await?.as_str()),
        })
    }

    /// Removes what it made, or what it did not remove.
    pub async fn tidy(self, world: &World) -> anyhow::Result<()> {
        match self {
            Verb::VmStart | Verb::VmShutdown | Verb::VmStop => {
                world.vm(SUBJECT, "down").await.map(drop)?;
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
            Verb::DiskAdd | Verb::DiskExtend | Verb::DiskRemove => {
                if let Some(disk) = extra_disk(world).await? {
                    world
                        .delete(&format!("disks/{}", text(&disk, "id")))
                        .await?;
                }
            }
        }
        world.idle().await
    }
}

async fn extra_disk(world: &World) -> anyhow::Result<Option<Value>> {
    world.named("disks", "disk", EXTRA).await
}

fn size_of(disk: &Value) -> u64 {
    text(disk, "provisioned_size").parse().unwrap_or(0)
}
