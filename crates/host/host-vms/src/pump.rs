//! Carries the hypervisor's events to the actors, and makes them look for themselves whenever events
//! may be missing.

use crate::registry::Registry;
use crate::vm::Message;
use base::VmId;
use futures::StreamExt;
use hypervisor::{HypervisorEvent, MachineChange};
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::sync::watch;

/// Runs until the hypervisor's events end. `synced` becomes true when every machine was looked at
/// for the first time.
pub(crate) async fn pump(registry: Arc<Registry>, synced: watch::Sender<bool>) {
    let mut events = registry.around().hypervisor.events();
    while let Some(event) = events.next().await {
        match event {
            HypervisorEvent::Machine {
                vm,
                epoch,
                at,
                change,
            } => carry(&registry, vm, epoch, at, change),
            HypervisorEvent::Back => look(&registry, &synced, "the connection stands").await,
            HypervisorEvent::Missed { count } => {
                look(&registry, &synced, &format!("{count} events were missed")).await;
            }
            HypervisorEvent::Lost { message } => {
                tracing::error!("the connection with the hypervisor is lost: {message}");
            }
        }
    }
    tracing::warn!("the hypervisor has no more events");
}

fn carry(registry: &Registry, vm: VmId, epoch: u64, at: base::Timestamp, change: MachineChange) {
    match change {
        // A failing disk can send thousands; what stops the machine comes as `Paused` too.
        MachineChange::IoError {
            disk,
            reason,
            stops,
        } => {
            tracing::warn!(vm.id = %vm, ?disk, ?reason, stops, "a disk of a VM failed");
        }
        MachineChange::Watchdog { action } => {
            tracing::warn!(vm.id = %vm, action, "the watchdog of a VM fired");
        }
        change => registry.tell(vm, Message::Happened(epoch, at, change)),
    }
}

/// Every VM that is known, and every machine that is there, is looked at.
async fn look(registry: &Registry, synced: &watch::Sender<bool>, why: &str) {
    let listed = match registry.around().hypervisor.list().await {
        Ok(machines) => machines,
        // Lost again; the next `Back` brings us here once more.
        Err(error) => {
            tracing::warn!(%error, "the machines of this host can't be listed");
            return;
        }
    };
    tracing::info!("{why}: {} machines run", listed.len());
    let mut all: BTreeSet<VmId> = registry.known().into_iter().collect();
    all.extend(listed.iter().map(|machine| machine.vm));
    // Ordered now, so that later events come after it; waited for elsewhere, since one VM may be busy
    // for long and the others' events must not wait for it.
    let looks: Vec<_> = all
        .into_iter()
        .map(|vm| registry.order(vm, Message::Check))
        .collect();
    let synced = synced.clone();
    tokio::spawn(async move {
        futures::future::join_all(looks).await;
        synced.send_replace(true);
    });
}
