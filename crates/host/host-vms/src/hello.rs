//! What the host says of itself when the engine connects.

use crate::HostVms;
use crate::durable::{blocking, read, replace};
use crate::error::hypervisor_said;
use base::{OsRandom, Random};
use domain::hosts::HostFacts;
use host_network::{bridge_names, nic_facts};
use ports::hosts::{HostError, HostHello};
use std::path::Path;

impl HostVms {
    /// Who this host is and what it can do, looked up now.
    ///
    /// # Errors
    /// `Failed` when the hypervisor, the kernel's network or the system's files don't answer.
    pub async fn hello(&self) -> Result<HostHello, HostError> {
        let whole = &self.whole;
        let hypervisor = whole.ports.hypervisor.facts().await;
        let hypervisor = hypervisor.map_err(hypervisor_said)?;
        let network = whole.ports.network.observe().await;
        let network = network.map_err(|error| HostError::Failed {
            message: error.to_string(),
        })?;
        let (system, home) = (whole.config.system.clone(), whole.config.home.clone());
        let found = blocking(move || {
            let uuid = match system.hardware_uuid() {
                Some(uuid) => uuid,
                None => made_up_uuid(&home)?,
            };
            Ok((system.facts()?, uuid))
        });
        let (system, hardware_uuid) = found.await.map_err(|error| error.told())?;
        Ok(HostHello {
            facts: HostFacts {
                agent_version: whole.config.agent_version.clone(),
                hardware_uuid,
                cpu_model_libvirt: hypervisor.cpu_model,
                architecture: hypervisor.architecture,
                kvm: hypervisor.kvm,
                kvm_reason: hypervisor.kvm_reason,
                libvirt_version: hypervisor.libvirt_version,
                qemu_version: hypervisor.qemu_version,
                machine_types: hypervisor.machine_types,
                bridges: bridge_names(&network),
                nics: nic_facts(&network),
                ..system
            },
            agent_epoch: whole.agent_epoch,
        })
    }
}

/// For machines whose firmware has no UUID: made once, kept in the agent's home.
fn made_up_uuid(home: &Path) -> Result<String, crate::HostVmsError> {
    let path = home.join("hardware-uuid");
    if let Some(text) = read(&path)? {
        let text = String::from_utf8_lossy(&text).trim().to_owned();
        if !text.is_empty() {
            return Ok(text);
        }
    }
    let uuid = OsRandom.uuid().to_string();
    replace(&path, uuid.as_bytes())?;
    Ok(uuid)
}
