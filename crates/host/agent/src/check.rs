//! `vireo-agent check`: what this host can do, and what is missing. It changes nothing.

use crate::config::Config;
use crate::home::Home;
use crate::run::{hypervisor_stands, real_ports};
use base::Clock;
use domain::hosts::HostFacts;
use host_network::{NetworkControl as _, Rtnetlink, bridge_names, nic_facts};
use host_vms::{HostPorts, SystemFiles};
use serde::Serialize;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// libvirt must answer in this time.
const PATIENCE: Duration = Duration::from_secs(10);

/// The answer, as it is printed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Checked {
    /// What the engine would be told; what could not be found out is empty.
    pub facts: HostFacts,
    /// What keeps the host from running virtual machines, as sentences.
    pub problems: Vec<String>,
}

/// Looks. Needs neither an engine nor a running agent.
pub async fn check(home: &Path, clock: Arc<dyn Clock>) -> Checked {
    let mut problems = Vec::new();
    let config = Config::read(&Home::config_file(home)).unwrap_or_else(|e| {
        problems.push(format!("{e:#}."));
        Config::default()
    });
    let system = SystemFiles::default();
    let mut facts = system.facts().unwrap_or_else(|e| {
        problems.push(format!("{e}."));
        HostFacts::default()
    });
    facts.agent_version = env!("CARGO_PKG_VERSION").to_owned();
    facts.hardware_uuid = system.hardware_uuid().unwrap_or_default();
    match Rtnetlink.observe().await {
        Ok(network) => {
            facts.bridges = bridge_names(&network);
            facts.nics = nic_facts(&network);
        }
        Err(e) => problems.push(format!("{e}.")),
    }
    match real_ports(&config, Arc::clone(&clock)) {
        Ok(ports) => libvirt(&ports, &mut facts, &mut problems).await,
        Err(e) => problems.push(format!("{e:#}.")),
    }
    Checked { facts, problems }
}

async fn libvirt(ports: &HostPorts, facts: &mut HostFacts, problems: &mut Vec<String>) {
    let connected = tokio::select! {
        () = hypervisor_stands(&*ports.hypervisor) => true,
        () = ports.clock.sleep(PATIENCE) => false,
    };
    let found = match ports.hypervisor.facts().await {
        Ok(found) if connected => found,
        Ok(_) => return problems.push("libvirt does not answer.".to_owned()),
        Err(e) => return problems.push(format!("{e}.")),
    };
    if found.machine_types.is_empty() {
        problems.push("QEMU offers no machine type; is it installed?".to_owned());
    }
    facts.cpu_model_libvirt = found.cpu_model;
    facts.architecture = found.architecture;
    facts.kvm = found.kvm;
    facts.kvm_reason = found.kvm_reason;
    facts.libvirt_version = found.libvirt_version;
    facts.qemu_version = found.qemu_version;
    facts.machine_types = found.machine_types;
}
