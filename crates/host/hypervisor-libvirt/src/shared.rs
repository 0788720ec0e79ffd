//! What the adapter's parts share: the connection, what is remembered, who listens.

use crate::calls::{Calls, NoAnswer};
use crate::config::LibvirtConfig;
use crate::link::Link;
use crate::memory::{Memory, Noted};
use crate::migration::Departures;
use crate::supervisor::Suspicion;
use crate::sys::RawEvent;
use base::{Clock, VmId};
use hypervisor::{EventHub, HypervisorError, HypervisorEvent, MachineChange};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc::UnboundedSender;

/// One adapter's state.
pub(crate) struct Shared {
    pub config: LibvirtConfig,
    pub clock: Arc<dyn Clock>,
    pub calls: Calls,
    pub agent_calls: Calls,
    pub migration_calls: Calls,
    pub departures: Departures,
    pub hub: EventHub,
    memory: Mutex<Memory>,
    link: Mutex<Option<Arc<Link>>>,
    suspicions: UnboundedSender<Suspicion>,
    /// One launch of a machine at a time.
    launches: Mutex<HashMap<VmId, Arc<tokio::sync::Mutex<()>>>>,
}

/// Must a machine be looked at after an event?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// No.
    No,
    /// It is unknown and has just begun.
    Began {
        /// It comes from another host.
        arriving: bool,
    },
    /// It has come from another host: its devices are shown from now on.
    Arrived,
}

impl Shared {
    pub(crate) fn new(
        config: LibvirtConfig,
        clock: Arc<dyn Clock>,
        suspicions: UnboundedSender<Suspicion>,
    ) -> Self {
        Shared {
            calls: Calls::new(config.max_calls),
            agent_calls: Calls::new(config.max_agent_calls),
            migration_calls: Calls::new(config.max_migrations),
            departures: Departures::default(),
            hub: EventHub::new("the connection is being made"),
            config,
            clock,
            memory: Mutex::default(),
            link: Mutex::default(),
            suspicions,
            launches: Mutex::default(),
        }
    }

    pub(crate) fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn link_set(&self, link: Option<Arc<Link>>) {
        *self.link.lock().unwrap_or_else(PoisonError::into_inner) = link;
    }

    pub(crate) fn link(&self) -> Result<Arc<Link>, HypervisorError> {
        let link = self.link.lock().unwrap_or_else(PoisonError::into_inner);
        link.clone().ok_or_else(|| self.lost())
    }

    pub(crate) fn lost(&self) -> HypervisorError {
        HypervisorError::lost(self.hub.lost_because().unwrap_or_default())
    }

    /// Tells listeners what happened to a machine.
    pub(crate) fn tell(&self, vm: VmId, epoch: u64, changes: Vec<MachineChange>) {
        let at = self.clock.now();
        for change in changes {
            self.hub.send(HypervisorEvent::Machine {
                vm,
                epoch,
                at,
                change,
            });
        }
    }

    /// Takes in an event and tells of it; says whether the machine is to be looked at.
    pub(crate) fn note(&self, vm: VmId, event: &RawEvent) -> Look {
        let mut look = Look::No;
        {
            // Held while telling, so that a launch that ends now does not come in between.
            let mut memory = self.memory();
            match memory.note(vm, event, self.clock.now()) {
                Noted::Run { epoch, changes } => {
                    if changes.contains(&MachineChange::MigratedIn) {
                        look = Look::Arrived;
                    }
                    self.tell(vm, epoch, changes);
                }
                Noted::Stranger { arriving } => look = Look::Began { arriving },
                Noted::Nothing => {}
            }
        }
        self.departures.heard(vm, event);
        look
    }

    /// A machine that was unknown was looked at: tells of it.
    pub(crate) fn began(&self, vm: VmId, epoch: u64, arriving: bool) {
        let mut memory = self.memory();
        let changes = memory.began(vm, epoch, arriving);
        self.tell(vm, epoch, changes);
    }

    /// A launch succeeded: tells what was held back meanwhile.
    pub(crate) fn launch_done(&self, vm: VmId, epoch: u64) {
        let mut memory = self.memory();
        let changes = memory.launch_done(vm, epoch);
        self.tell(vm, epoch, changes);
    }

    /// Runs `work` with the connection on a thread.
    pub(crate) async fn call<T: Send + 'static>(
        self: &Arc<Self>,
        deadline: Duration,
        work: impl FnOnce(&Shared, &Link) -> Result<T, HypervisorError> + Send + 'static,
    ) -> Result<T, HypervisorError> {
        self.call_among(&self.calls, deadline, work).await
    }

    pub(crate) async fn call_among<T: Send + 'static>(
        self: &Arc<Self>,
        calls: &Calls,
        deadline: Duration,
        work: impl FnOnce(&Shared, &Link) -> Result<T, HypervisorError> + Send + 'static,
    ) -> Result<T, HypervisorError> {
        let link = self.link()?;
        let (shared, number) = (self.clone(), link.number);
        let answer = calls.run(deadline, move || work(&shared, &link)).await;
        match answer {
            Ok(result) => result,
            Err(NoAnswer::Deadline) => {
                let message = format!("libvirt did not answer within {} s", deadline.as_secs());
                let _ = self.suspicions.send(Suspicion {
                    link: number,
                    message: message.clone(),
                });
                Err(HypervisorError::lost(message))
            }
            Err(NoAnswer::Full) => Err(HypervisorError::lost(
                "too many calls wait for libvirt already",
            )),
            Err(NoAnswer::Thread) => Err(HypervisorError::lost("the call to libvirt broke off")),
        }
    }

    pub(crate) fn launch_lock(&self, vm: VmId) -> Arc<tokio::sync::Mutex<()>> {
        let mut locks = self.launches.lock().unwrap_or_else(PoisonError::into_inner);
        locks.retain(|_, lock| Arc::strong_count(lock) > 1);
        locks.entry(vm).or_default().clone()
    }
}
