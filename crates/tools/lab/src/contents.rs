//! What a lab holds: hosts, storage, a template, a VM. Only what is missing is made, so a start that
//! broke off anywhere is finished by the next one.

use crate::ready::{DEMO_VM, NETWORK, TEMPLATE, storage_domains};
use crate::spaces::host::{AGENT_PORT, Host};
use crate::wait;
use anyhow::{Context as _, bail};
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;
use vireoctl::operator::{Operator, encoded};

const API: &str = "/ovirt-engine/api";
const DATA_CENTER: &str = "Default";
const CLUSTER: &str = "Default";
/// The VM that the template is made from; it goes when the template is there.
const MODEL: &str = "vireo-demo-model";
const MEMORY: u64 = 256 << 20;
/// For anything that only takes long when the machine is very busy.
const PATIENCE: Duration = Duration::from_secs(180);

/// The engine, as the lab fills it.
#[derive(Debug)]
pub struct Contents<'a> {
    /// Its operator's socket.
    pub operator: &'a Operator,
}

impl Contents<'_> {
    /// Makes the data center local or shared, and the guests' network.
    ///
    /// # Errors
    /// When the engine refuses.
    pub async fn data_center(&self, hosts: u8) -> anyhow::Result<()> {
        let dc = self.need("datacenters", "data_center", DATA_CENTER).await?;
        let local = hosts == 1;
        if text(&dc, "local") != local.to_string() {
            self.operator
                .post(
                    &format!("/operator/data-centers/{DATA_CENTER}"),
                    &json!({ "local": local }),
                )
                .await
                .context("cannot say whether the data center is local")?;
        }
        if self.find("networks", "network", NETWORK).await?.is_none() {
            let wanted = json!({ "name": NETWORK, "data_center": DATA_CENTER, "bridge": NETWORK,
                "description": "guests of the lab, with addresses by DHCP" });
            self.operator
                .post("/operator/networks", &wanted)
                .await
                .context("cannot add the guests' network")?;
        }
        Ok(())
    }

    /// Lets a host join, if it has not, and its agent run.
    ///
    /// # Errors
    /// When the engine or the agent refuses.
    pub async fn host(&self, host: &mut Host, engine: &str) -> anyhow::Result<()> {
        let joined = host.dir.join("joined");
        if !joined.exists() {
            let wanted = json!({ "name": host.name, "address": host.address.to_string(),
                "port": AGENT_PORT, "cluster": CLUSTER });
            let added = self
                .operator
                .post("/operator/hosts", &wanted)
                .await
                .with_context(|| format!("cannot add {}", host.name))?;
            host.enrol(engine, text(&added, "ca_sha256"), text(&added, "token"))?;
            std::fs::write(&joined, "")
                .with_context(|| format!("cannot write {}", joined.display()))?;
        }
        host.run_agent()
    }

    /// Waits until all hosts are up; answers why KVM is used or not.
    ///
    /// # Errors
    /// When one does not come up in time; the message has the engine's reason.
    pub async fn hosts_up(&self, names: &[String]) -> anyhow::Result<String> {
        let mut last = Value::Null;
        let up = wait::until("the hosts", PATIENCE, async || {
            last = self.operator.get("/operator/status").await?;
            let up = items(&last, "hosts")
                .filter(|h| names.iter().any(|n| n == text(h, "name")) && text(h, "status") == "up")
                .count();
            Ok((up == names.len()).then_some(()))
        });
        if let Err(e) = up.await {
            let states: Vec<String> = items(&last, "hosts")
                .map(|h| {
                    format!(
                        "{} is {} {}",
                        text(h, "name"),
                        text(h, "status"),
                        text(h, "reason")
                    )
                })
                .collect();
            return Err(e.context(states.join("; ")));
        }
        let host = items(&last, "hosts").next().cloned().unwrap_or_default();
        Ok(if host.get("kvm").and_then(Value::as_bool) == Some(true) {
            "KVM".to_owned()
        } else {
            format!("TCG (emulation): {}", text(&host, "kvm_reason"))
        })
    }

    /// Makes the data domains and waits until they are active.
    ///
    /// # Errors
    /// When one can't be made or does not become active.
    pub async fn storage(&self, hosts: u8, dir: &Path) -> anyhow::Result<()> {
        for name in storage_domains(hosts) {
            if self
                .find("storagedomains", "storage_domain", name)
                .await?
                .is_none()
            {
                let path = dir.join(name);
                std::fs::create_dir_all(&path)
                    .with_context(|| format!("cannot make {}", path.display()))?;
                let path = path.display().to_string();
                let backing = if hosts == 1 {
                    json!({ "type": "localfs", "path": path })
                } else {
                    json!({ "type": "posixfs", "path": path, "vfs_type": "none", "mount_options": "bind" })
                };
                let wanted = json!({ "name": name, "data_center": DATA_CENTER, "host": "host1",
                    "backing": backing });
                let made = self
                    .operator
                    .post("/operator/storage-domains", &wanted)
                    .await
                    .with_context(|| format!("cannot add storage domain {name}"))?;
                self.job(&made)
                    .await
                    .with_context(|| format!("cannot make storage domain {name}"))?;
            }
        }
        let names = storage_domains(hosts);
        wait::until("the storage domains to be active", PATIENCE, async || {
            let status = self.operator.get("/operator/status").await?;
            let active = items(&status, "storage_domains")
                .filter(|d| names.contains(&text(d, "name")) && text(d, "status") == "active")
                .count();
            let usable = items(&status, "data_centers")
                .any(|dc| text(dc, "name") == DATA_CENTER && text(dc, "status") == "up");
            Ok((active == names.len() && usable).then_some(()))
        })
        .await
    }

    /// Makes the demo template out of the guest's disk.
    ///
    /// # Errors
    /// When the engine refuses.
    pub async fn template(&self, storage: &str, image: &Path) -> anyhow::Result<()> {
        if self
            .find("templates", "template", TEMPLATE)
            .await?
            .is_none()
        {
            let disk = match self.find("disks", "disk", TEMPLATE).await? {
                Some(disk) => text(&disk, "id").to_owned(),
                None => {
                    let wanted = json!({ "name": TEMPLATE, "path": image.display().to_string(),
                        "host": "host1", "storage_domain": storage });
                    let made = self
                        .operator
                        .post("/operator/disks/import", &wanted)
                        .await
                        .context("cannot import the demo guest's disk")?;
                    self.job(&made)
                        .await
                        .context("cannot import the demo guest's disk")?;
                    text(&made, "id").to_owned()
                }
            };
            self.settled("disks", &disk, "ok").await?;
            let model = match self.find("vms", "vm", MODEL).await? {
                Some(vm) => text(&vm, "id").to_owned(),
                None => {
                    let wanted = json!({ "name": MODEL, "cluster": { "name": CLUSTER },
                        "template": { "name": "Blank" }, "memory": MEMORY.to_string(), "type": "server" });
                    let vm = self
                        .add("vms", &wanted)
                        .await
                        .context("cannot make the template's model")?;
                    text(&vm, "id").to_owned()
                }
            };
            self.settled("vms", &model, "down").await?;
            let attachments = format!("vms/{model}/diskattachments");
            if self.list(&attachments, "disk_attachment").await?.is_empty() {
                let wanted = json!({ "disk": { "id": disk }, "bootable": "true", "active": "true",
                    "interface": "virtio" });
                self.add(&attachments, &wanted)
                    .await
                    .context("cannot attach the demo guest's disk")?;
            }
            let wanted = json!({ "name": TEMPLATE, "vm": { "id": model },
                "description": "a tiny Linux with the guest agent; log in as root, no password" });
            self.add("templates", &wanted)
                .await
                .context("cannot make the demo template")?;
        }
        let template = self.need("templates", "template", TEMPLATE).await?;
        self.settled("templates", text(&template, "id"), "ok")
            .await?;
        if let Some(model) = self.find("vms", "vm", MODEL).await? {
            let id = text(&model, "id");
            self.settled("vms", id, "down").await?;
            self.operator
                .delete(&format!("{API}/vms/{id}"))
                .await
                .context("cannot remove the template's model")?;
        }
        Ok(())
    }

    /// Makes the demo VM with a NIC and starts it. The first time it waits until the VM is up: a new
    /// user is to find it so. Later it is enough that it runs.
    ///
    /// # Errors
    /// When the engine refuses, or it does not come up.
    pub async fn demo_vm(&self) -> anyhow::Result<()> {
        let found = self.find("vms", "vm", DEMO_VM).await?;
        let enough: &[&str] = if found.is_some() {
            &["powering_up", "up"]
        } else {
            &["up"]
        };
        let vm = match found {
            Some(vm) => vm,
            None => {
                let wanted = json!({ "name": DEMO_VM, "cluster": { "name": CLUSTER },
                    "template": { "name": TEMPLATE } });
                self.add("vms", &wanted)
                    .await
                    .context("cannot make the demo VM")?
            }
        };
        let id = text(&vm, "id").to_owned();
        let path = format!("{API}/vms/{id}");
        let status = wait::until("the demo VM's disk", PATIENCE, async || {
            let vm = self.operator.get(&path).await?;
            let status = text(&vm, "status").to_owned();
            Ok(["down", "powering_up", "up"]
                .contains(&status.as_str())
                .then_some(status))
        })
        .await?;
        let nics = format!("vms/{id}/nics");
        if self.list(&nics, "nic").await?.is_empty() {
            let profile = self
                .list("vnicprofiles", "vnic_profile")
                .await?
                .into_iter()
                .find(|p| text(p, "name") == NETWORK)
                .with_context(|| format!("there is no vNIC profile `{NETWORK}`"))?;
            let wanted = json!({ "name": "nic1", "vnic_profile": { "id": text(&profile, "id") } });
            self.add(&nics, &wanted)
                .await
                .context("cannot add a NIC to the demo VM")?;
        }
        if status == "down" {
            self.operator
                .post(&format!("{path}/start"), &json!({}))
                .await
                .context("cannot start the demo VM")?;
        }
        wait::until("the demo VM to be up", PATIENCE, async || {
            let vm = self.operator.get(&path).await?;
            match text(&vm, "status") {
                status if enough.contains(&status) => Ok(Some(())),
                "down" if !text(&vm, "stop_reason").is_empty() => {
                    bail!("the demo VM went down: {}", text(&vm, "stop_reason"))
                }
                _ => Ok(None),
            }
        })
        .await
    }

    async fn list(&self, path: &str, tag: &str) -> anyhow::Result<Vec<Value>> {
        let answer = self
            .operator
            .get(&format!("{API}/{path}"))
            .await
            .with_context(|| format!("cannot list {path}"))?;
        Ok(items(&answer, tag).cloned().collect())
    }

    async fn find(&self, path: &str, tag: &str, name: &str) -> anyhow::Result<Option<Value>> {
        let search = encoded(&format!("name=\"{name}\""));
        let found = self.list(&format!("{path}?search={search}"), tag).await?;
        Ok(found.into_iter().find(|v| text(v, "name") == name))
    }

    async fn need(&self, path: &str, tag: &str, name: &str) -> anyhow::Result<Value> {
        self.find(path, tag, name)
            .await?
            .with_context(|| format!("the engine has no {tag} `{name}`"))
    }

    async fn add(&self, path: &str, wanted: &Value) -> anyhow::Result<Value> {
        Ok(self.operator.post(&format!("{API}/{path}"), wanted).await?)
    }

    /// Waits until an entity has this status.
    async fn settled(&self, path: &str, id: &str, status: &str) -> anyhow::Result<()> {
        wait::until(
            &format!("{path} {id} to be {status}"),
            PATIENCE,
            async || {
                let entity = self.operator.get(&format!("{API}/{path}/{id}")).await?;
                Ok((text(&entity, "status") == status).then_some(()))
            },
        )
        .await
    }

    /// Waits until the job of an answer has ended well.
    async fn job(&self, made: &Value) -> anyhow::Result<()> {
        let Some(id) = made.get("job").and_then(Value::as_str) else {
            return Ok(());
        };
        let job = self
            .operator
            .get(&format!("/operator/jobs/{id}?wait={}", PATIENCE.as_secs()))
            .await?;
        match text(&job, "state") {
            "finished" => Ok(()),
            state => bail!(
                "job `{}` is {state}: {}",
                text(&job, "title"),
                text(&job, "fault")
            ),
        }
    }
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or("")
}

fn items<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> + use<'v> {
    value
        .get(key)
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default()
        .iter()
}
