//! What the engine says, and the few things that the verbs work on.

use super::lab::Lab;
use super::truth;
use super::verbs::{Changes, Verb};
use anyhow::{Context as _, bail, ensure};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::PathBuf;
use std::time::Duration;
use vireo_lab::wait;
use vireoctl::operator::{Operator, OperatorError};

pub const API: &str = "/ovirt-engine/api";
/// The template of all VMs here: one small empty disk, from which a machine can't boot.
pub const TINY: &str = "crash-tiny";
/// The VM that verbs work on; it stays.
pub const SUBJECT: &str = "crash-vm";
/// Its disk with a content that may not change, wherever it is moved.
pub const MARKED: &str = "crash-marked";
/// What verbs make and remove.
pub const EXTRA: &str = "crash-extra";
/// Where disks are made, and where they are moved to.
pub const STORAGE: [&str; 2] = ["shared", "shared2"];
const DISK_BYTES: u64 = 1 << 20;
const PATIENCE: Duration = Duration::from_secs(120);

/// The engine of the lab.
#[derive(Debug)]
pub struct World {
    operator: Operator,
    /// Below it are the storage domains.
    pub storage: PathBuf,
}

/// Which entities there are, by name.
#[derive(Debug, Default)]
pub struct Census {
    vms: BTreeSet<String>,
    templates: BTreeSet<String>,
    disks: BTreeSet<String>,
    domains: BTreeSet<String>,
}

impl Census {
    /// Nothing was lost or doubled but what the verb is for.
    pub fn follows(&self, before: &Census, verb: Verb, happened: bool) -> anyhow::Result<()> {
        let change = match happened {
            true => verb.changes(),
            false => Changes::default(),
        };
        for (what, now, then, change) in [
            ("VMs", &self.vms, &before.vms, change.vms),
            (
                "templates",
                &self.templates,
                &before.templates,
                change.templates,
            ),
            ("disks", &self.disks, &before.disks, change.disks),
            (
                "storage domains",
                &self.domains,
                &before.domains,
                change.domains,
            ),
        ] {
            let lost: Vec<_> = then.difference(now).collect();
            let new: Vec<_> = now.difference(then).collect();
            let many = |n: i8| usize::try_from(n.max(0)).unwrap_or(0);
            let wanted = (many(-change), many(change));
            ensure!(
                (lost.len(), new.len()) == wanted,
                "{what}: lost {lost:?}, new {new:?}"
            );
        }
        Ok(())
    }
}

impl World {
    /// The engine of a lab.
    pub fn of(lab: &Lab) -> Self {
        World {
            operator: Operator::of_home(&lab.engine_home()),
            storage: lab.storage(),
        }
    }

    /// Makes the template and the VM, and ends the demo VM, so that nothing happens by itself.
    pub async fn furnish(&self) -> anyhow::Result<()> {
        for vm in self.list("vms", "vm").await? {
            if text(&vm, "status") != "down" {
                self.power(&vm, "down").await?;
            }
        }
        let model = json!({ "name": EXTRA, "cluster": { "name": "Default" },
            "template": { "name": "Blank" }, "memory": (32 << 20).to_string() });
        let model = self.post("vms", &model).await?;
        let model = text(&model, "id").to_owned();
        self.post(&format!("vms/{model}/diskattachments"), &self.disk(TINY))
            .await?;
        self.idle().await?;
        let template = json!({ "name": TINY, "vm": { "id": model } });
        self.post("templates", &template).await?;
        self.idle().await?;
        self.delete(&format!("vms/{model}")).await?;
        self.idle().await?;
        let subject = self.vm(SUBJECT, "down").await?;
        let path = format!("vms/{}/diskattachments", text(&subject, "id"));
        self.post(&path, &self.disk(MARKED)).await?;
        self.idle().await?;
        let disk = self.named("disks", "disk", MARKED).await?;
        let disk = disk.context("there is no new disk")?;
        let file = truth::volume(self, text(&disk, "id")).await?;
        let mut file = std::fs::OpenOptions::new().write(true).open(file)?;
        file.write_all(&mark())?;
        file.sync_all().context("cannot write the mark")
    }

    /// The disk of that id holds the mark.
    pub async fn marked(&self, disk: &str) -> anyhow::Result<()> {
        let file = truth::volume(self, disk).await?;
        let found =
            std::fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
        ensure!(
            found == mark(),
            "the content of {} is another",
            file.display()
        );
        Ok(())
    }

    /// The body of a small disk's attachment.
    pub fn disk(&self, name: &str) -> Value {
        json!({ "bootable": "false", "active": "true", "interface": "virtio",
            "disk": { "name": name, "provisioned_size": DISK_BYTES.to_string(), "format": "raw",
                "storage_domains": { "storage_domain": [{ "name": STORAGE[0] }] } } })
    }

    /// The VM of that name, made from the template if there is none, with `up` or `down` power.
    pub async fn vm(&self, name: &str, power: &str) -> anyhow::Result<Value> {
        let vm = match self.named("vms", "vm", name).await? {
            Some(vm) => vm,
            None => {
                let wanted = json!({ "name": name, "cluster": { "name": "Default" },
                    "template": { "name": TINY } });
                self.post("vms", &wanted).await?;
                self.idle().await?;
                self.named("vms", "vm", name)
                    .await?
                    .with_context(|| format!("there is no VM `{name}`"))?
            }
        };
        self.power(&vm, power).await?;
        Ok(vm)
    }

    async fn power(&self, vm: &Value, power: &str) -> anyhow::Result<()> {
        let id = text(vm, "id");
        let now = if text(vm, "status") == "down" {
            "down"
        } else {
            "up"
        };
        if now != power {
            let verb = if power == "up" { "start" } else { "stop" };
            self.post(&format!("vms/{id}/{verb}"), &json!({})).await?;
            self.idle().await?;
        }
        match power {
            "up" => self.becomes(id, &["powering_up", "up"]).await,
            _ => self.becomes(id, &["down"]).await,
        }
    }

    /// Waits until a VM has one of these states.
    pub async fn becomes(&self, vm: &str, states: &[&str]) -> anyhow::Result<()> {
        let what = format!("VM {vm} to be {}", states.join(" or "));
        wait::until(&what, PATIENCE, async || {
            let vm = self.get(&format!("vms/{vm}")).await?;
            Ok(states.contains(&text(&vm, "status")).then_some(()))
        })
        .await
    }

    /// Who is there.
    pub async fn census(&self) -> anyhow::Result<Census> {
        let names = async |path: &str, tag: &str| -> anyhow::Result<BTreeSet<String>> {
            let all = self.list(path, tag).await?;
            let names = all
                .iter()
                .map(|e| format!("{} {}", text(e, "name"), text(e, "id")));
            Ok(names.collect())
        };
        Ok(Census {
            vms: names("vms", "vm").await?,
            templates: names("templates", "template").await?,
            disks: names("disks", "disk").await?,
            domains: names("storagedomains", "storage_domain").await?,
        })
    }

    /// How many jobs are not over; `None` when the engine does not answer.
    pub async fn unfinished(&self) -> Option<u64> {
        let status = self.operator.get("/operator/status").await.ok()?;
        status.get("jobs")?.get("unfinished")?.as_u64()
    }

    /// The id of a host.
    pub async fn host(&self, name: &str) -> anyhow::Result<String> {
        let host = self.named("hosts", "host", name).await?;
        let host = host.with_context(|| format!("there is no host `{name}`"))?;
        Ok(text(&host, "id").to_owned())
    }

    /// Waits until the engine answers, its hosts are up or in maintenance and its storage is active,
    /// and no job is left.
    pub async fn idle(&self) -> anyhow::Result<()> {
        let mut last = Value::Null;
        let idle = wait::until("the engine to have nothing to do", PATIENCE, async || {
            let Ok(status) = self.operator.get("/operator/status").await else {
                last = json!("the engine does not answer");
                return Ok(None);
            };
            let all = |key: &str, states: &[&str]| {
                items(&status, key).all(|entity| states.contains(&text(entity, "status")))
            };
            let over = status["jobs"]["unfinished"] == 0;
            let good =
                over && all("hosts", &["up", "maintenance"]) && all("storage_domains", &["active"]);
            last = status;
            Ok(good.then_some(()))
        });
        if let Err(e) = idle.await {
            bail!("{e:#}: {last}");
        }
        Ok(())
    }

    /// After something went wrong: what verbs left is removed, so that the next one can be tried.
    pub async fn repair(&self) -> anyhow::Result<()> {
        self.idle().await?;
        for verb in Verb::ALL {
            verb.tidy(self).await?;
        }
        Ok(())
    }

    /// All of a collection.
    pub async fn list(&self, path: &str, tag: &str) -> anyhow::Result<Vec<Value>> {
        let answer = self.get(path).await?;
        Ok(items(&answer, tag).cloned().collect())
    }

    /// The one of that name.
    pub async fn named(&self, path: &str, tag: &str, name: &str) -> anyhow::Result<Option<Value>> {
        let all = self.list(path, tag).await?;
        Ok(all.into_iter().find(|e| text(e, "name") == name))
    }

    /// Reads below the API.
    pub async fn get(&self, path: &str) -> Result<Value, OperatorError> {
        self.operator.get(&format!("{API}/{path}")).await
    }

    /// Asks the engine for what oVirt's API has no word for.
    pub async fn operate(&self, path: &str, body: &Value) -> Result<Value, OperatorError> {
        self.operator.post(&format!("/operator/{path}"), body).await
    }

    /// Adds something, or does it.
    pub async fn post(&self, path: &str, body: &Value) -> Result<Value, OperatorError> {
        self.operator.post(&format!("{API}/{path}"), body).await
    }

    /// Changes something.
    pub async fn put(&self, path: &str, body: &Value) -> Result<Value, OperatorError> {
        self.operator.put(&format!("{API}/{path}"), body).await
    }

    /// Removes something.
    pub async fn delete(&self, path: &str) -> Result<(), OperatorError> {
        self.operator.delete(&format!("{API}/{path}")).await
    }
}

/// The content of marked disks: no two sectors are alike.
pub fn mark() -> Vec<u8> {
    (0..DISK_BYTES / 8).flat_map(u64::to_le_bytes).collect()
}

/// A text of an entity.
pub fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or("")
}

/// The entities of an answer.
pub fn items<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> + use<'v> {
    value
        .get(key)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}
