//! What the engine says, and the few things that the verbs work on.

use super::lab::Lab;
use super::verbs::Verb;
use anyhow::{Context as _, bail, ensure};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::Duration;
use vireo_lab::wait;
use vireoctl::operator::{Operator, OperatorError};

pub const API: &str = "/ovirt-engine/api";
/// The template of all VMs here: one small empty disk, from which a machine can't boot.
pub const TINY: &str = "crash-tiny";
/// The VM that verbs work on; it stays.
pub const SUBJECT: &str = "crash-vm";
/// What verbs make and remove.
pub const EXTRA: &str = "crash-extra";
const PATIENCE: Duration = Duration::from_secs(120);

/// The engine of the lab.
#[derive(Debug)]
pub struct World {
    operator: Operator,
}

/// Which entities there are, by name.
#[derive(Debug, Default)]
pub struct Census {
    vms: BTreeSet<String>,
    templates: BTreeSet<String>,
    disks: BTreeSet<String>,
}

impl Census {
    /// Nothing was lost or doubled but what the verb is for.
    pub fn follows(&self, before: &Census, verb: Verb, happened: bool) -> anyhow::Result<()> {
        let (vm, template, disk) = if happened { verb.changes() } else { (0, 0, 0) };
        for (what, now, then, change) in [
            ("VMs", &self.vms, &before.vms, vm),
            ("templates", &self.templates, &before.templates, template),
            ("disks", &self.disks, &before.disks, disk),
        ] {
            let lost: Vec<_> = then.difference(now).collect();
            let new: Vec<_> = now.difference(then).collect();
            let wanted = (usize::from(change < 0), usize::from(change > 0));
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
        self.vm(SUBJECT, "down").await.map(drop)
    }

    /// The body of a small disk's attachment.
    pub fn disk(&self, name: &str) -> Value {
        json!({ "bootable": "false", "active": "true", "interface": "virtio",
            "disk": { "name": name, "provisioned_size": (1 << 20).to_string(), "format": "raw",
                "storage_domains": { "storage_domain": [{ "name": "local" }] } } })
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
        let what = format!("`{}` to be {power}", text(vm, "name"));
        wait::until(&what, PATIENCE, async || {
            let vm = self.get(&format!("vms/{id}")).await?;
            let good = match power {
                "up" => ["powering_up", "up"].contains(&text(&vm, "status")),
                _ => text(&vm, "status") == "down",
            };
            Ok(good.then_some(()))
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
        })
    }

    /// How many jobs are not over; `None` when the engine does not answer.
    pub async fn unfinished(&self) -> Option<u64> {
        let status = self.operator.get("/operator/status").await.ok()?;
        status.get("jobs")?.get("unfinished")?.as_u64()
    }

    /// Waits until the engine answers, its host is up and its storage active, and no job is left.
    pub async fn idle(&self) -> anyhow::Result<()> {
        let mut last = Value::Null;
        let idle = wait::until("the engine to have nothing to do", PATIENCE, async || {
            let Ok(status) = self.operator.get("/operator/status").await else {
                last = json!("the engine does not answer");
                return Ok(None);
            };
            let all = |key: &str, state: &str| {
                items(&status, key).all(|entity| text(entity, "status") == state)
            };
            let over = status["jobs"]["unfinished"] == 0;
            let good = over && all("hosts", "up") && all("storage_domains", "active");
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
