//! Runs that leave for another host or come from one, and disks that move under a running machine.
//!
//! Long work is asked for again and again (see [`ports::hosts::PATIENCE`]); what goes on is in the
//! hypervisor's hands, and it is asked each time. What a VM's task must know goes through its mailbox.

use crate::HostVms;
use crate::error::hypervisor_said;
use crate::vm::Message;
use base::VmId;
use futures::StreamExt;
use futures::stream::BoxStream;
use hypervisor::{
    BlockCommit, BlockCopy, DiskOverlay, DiskSource, HypervisorError, HypervisorEvent,
    MachineChange, MigrateOut, MigrationDone,
};
use ports::failpoint;
use ports::hosts::{
    DiskMerge, DiskMirror, DiskProgress, DiskSnapshot, HostError, MigrationEndpoint,
    MigrationPrepare, MigrationSend, MigrationState, PATIENCE, RunDisk, RunPlace,
};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// A migration that is given up ends within this time.
const ABORT_PATIENCE: Duration = Duration::from_secs(120);
/// One that was begun before the agent was started is looked at so often while it is given up.
const ABORT_LOOK: Duration = Duration::from_millis(100);

/// How other hosts reach this one's libvirt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationSettings {
    /// URI; `{address}` stands for the host's address.
    pub libvirt_uri: String,
    /// QEMU sends memory through TLS.
    pub encrypted: bool,
}

impl Default for MigrationSettings {
    fn default() -> Self {
        MigrationSettings {
            libvirt_uri: "qemu+tls://{address}/system".into(),
            encrypted: false,
        }
    }
}

type Outcome = Option<Result<MigrationDone, HypervisorError>>;

/// What goes on.
#[derive(Default)]
pub(crate) struct Moving {
    settings: OnceLock<MigrationSettings>,
    sends: Mutex<HashMap<VmId, (MigrationSend, watch::Receiver<Outcome>)>>,
}

impl Moving {
    fn sends(&self) -> MutexGuard<'_, HashMap<VmId, (MigrationSend, watch::Receiver<Outcome>)>> {
        self.sends.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets how the VM's last migration ended.
    fn ended_forget(&self, vm: VmId) {
        let mut sends = self.sends();
        let ended = |(_, outcome): &(MigrationSend, watch::Receiver<Outcome>)| {
            // A sender that is gone without an outcome has none to tell either.
            outcome.borrow().is_some() || outcome.has_changed().is_err()
        };
        if sends.get(&vm).is_some_and(ended) {
            sends.remove(&vm);
        }
    }
}

impl HostVms {
    /// How other hosts reach this one; said once, before the first migration.
    pub fn migration_settings(&self, settings: MigrationSettings) {
        // Said twice: the first stays.
        let _ = self.whole.moving.settings.set(settings);
    }

    pub(crate) async fn migrate_prepare(
        &self,
        prepare: MigrationPrepare,
    ) -> Result<MigrationEndpoint, HostError> {
        let (vm, address) = (prepare.machine.id, prepare.address.clone());
        let order = |reply| Message::Prepare(Box::new(prepare), reply);
        self.whole.registry.ask(vm, order).await??;
        // A run that comes back may leave again, by the same words: that it left before is no answer.
        self.whole.moving.ended_forget(vm);
        let settings = self
            .whole
            .moving
            .settings
            .get()
            .cloned()
            .unwrap_or_default();
        let address = match address.contains(':') {
            true => format!("[{address}]"),
            false => address,
        };
        let around = self.whole.registry.around();
        Ok(MigrationEndpoint {
            libvirt_uri: settings.libvirt_uri.replace("{address}", &address),
            memory_uri: Some(format!("tcp://{address}")),
            encrypted: settings.encrypted,
            console_listen: around.console_listen.clone(),
            serial_log: around.serial.path(vm).display().to_string(),
        })
    }

    pub(crate) async fn migrate_send(
        &self,
        send: MigrationSend,
    ) -> Result<MigrationState, HostError> {
        let (vm, epoch) = (send.vm, send.epoch);
        let known = self.whole.moving.sends().get(&vm).cloned();
        let mut outcome = match known {
            Some((_, outcome)) if outcome.borrow().is_none() => outcome,
            Some((last, outcome)) if last == send => outcome,
            _ => match self.leaving(vm, epoch, true).await? {
                RunPlace::Here => self.begin(send),
                RunPlace::Left => return Ok(MigrationState::Gone { downtime_ms: None }),
                RunPlace::Arriving | RunPlace::Nowhere => return Err(not_here(vm)),
            },
        };
        let ended = outcome.wait_for(Option::is_some);
        let ended = tokio::select! {
            ended = ended => ended.ok().and_then(|o| o.clone()),
            () = self.whole.ports.clock.sleep(PATIENCE) => None,
        };
        match ended {
            Some(Ok(done)) => Ok(MigrationState::Gone {
                downtime_ms: done
                    .downtime
                    .map(|d| u64::try_from(d.as_millis()).unwrap_or(u64::MAX)),
            }),
            Some(Err(error)) => Err(hypervisor_said(error)),
            None => {
                let progress = self.whole.ports.hypervisor.migration(vm, epoch).await;
                // What it says can't be had between its beginning and its end.
                let percent = progress.ok().flatten().map_or(0, |p| p.percent());
                Ok(MigrationState::Going { percent })
            }
        }
    }

    /// Moves the run in a task of its own, which outlives the command.
    fn begin(&self, send: MigrationSend) -> watch::Receiver<Outcome> {
        let (ended, outcome) = watch::channel(None);
        let entry = (send.clone(), outcome.clone());
        self.whole.moving.sends().insert(send.vm, entry);
        let whole = Arc::clone(&self.whole);
        tokio::spawn(async move {
            let (vm, epoch) = (send.vm, send.epoch);
            let mut out = MigrateOut::plain(vm, epoch, send.to.libvirt_uri);
            out.migrate_uri = send.to.memory_uri;
            out.encrypted = send.to.encrypted;
            out.auto_converge = true;
            out.console_listen = Some(send.to.console_listen);
            out.serial_log = Some(PathBuf::from(send.to.serial_log));
            let done = whole.ports.hypervisor.migrate(out).await;
            match &done {
                Ok(done) => tracing::info!(vm.id = %vm, ?done, "run {epoch} was moved"),
                Err(error) => tracing::warn!(vm.id = %vm, %error, "run {epoch} was not moved"),
            }
            let stays = matches!(
                done,
                Err(HypervisorError::Failed { .. }
                    | HypervisorError::Cancelled { .. }
                    | HypervisorError::Unfit { .. }
                    | HypervisorError::Busy { .. })
            );
            // Before anybody hears of the end: the VM's task looks where the run is.
            let place = |reply| Message::Place(epoch, false, reply);
            if whole.registry.ask(vm, place).await.is_ok() && stays {
                let order = |reply| Message::Sending(epoch, false, reply);
                let _ = whole.registry.ask(vm, order).await;
            }
            ended.send_replace(Some(done));
        });
        outcome
    }

    async fn leaving(&self, vm: VmId, epoch: u64, on: bool) -> Result<RunPlace, HostError> {
        let order = |reply| Message::Sending(epoch, on, reply);
        self.whole.registry.ask(vm, order).await?
    }

    pub(crate) async fn migrate_cancel(&self, vm: VmId, epoch: u64) -> Result<RunPlace, HostError> {
        let ports = &self.whole.ports;
        match ports.hypervisor.migrate_abort(vm, epoch).await {
            Ok(()) | Err(HypervisorError::NoMachine { .. }) => {}
            Err(error) => return Err(hypervisor_said(error)),
        }
        let known = self.whole.moving.sends().get(&vm).cloned();
        let over = async {
            if let Some((_, mut outcome)) = known {
                // It ends only with its outcome.
                let _ = outcome.wait_for(Option::is_some).await;
            }
            while let Ok(Some(_)) = ports.hypervisor.migration(vm, epoch).await {
                ports.clock.sleep(ABORT_LOOK).await;
            }
        };
        tokio::select! {
            () = over => {}
            () = ports.clock.sleep(ABORT_PATIENCE) => {
                return Err(HostError::Failed {
                    message: format!("the migration of virtual machine {vm} does not end"),
                });
            }
        }
        let order = |reply| Message::Place(epoch, true, reply);
        let place = self.whole.registry.ask(vm, order).await??;
        if place == RunPlace::Here {
            self.leaving(vm, epoch, false).await?;
        }
        Ok(place)
    }
}

fn not_here(vm: VmId) -> HostError {
    HostError::NotFound {
        what: format!("virtual machine {vm}"),
    }
}

impl HostVms {
    pub(crate) async fn layer_snapshot(&self, snapshot: DiskSnapshot) -> Result<(), HostError> {
        let (ports, of, layer) = (&self.whole.ports, snapshot.of, snapshot.layer);
        let overlay = DiskOverlay {
            disk: of.disk,
            to: DiskSource::file(ports.storage.path(layer).await?),
            format: snapshot.format,
        };
        ports
            .hypervisor
            .snapshot(of.vm, of.epoch, vec![overlay], false)
            .await
            .map_err(hypervisor_said)?;
        self.placed(of, layer).await
    }

    /// Notes with the machine where the disk lies.
    async fn placed(&self, of: RunDisk, at: ports::hosts::VolumeAddress) -> Result<(), HostError> {
        let hypervisor = &self.whole.ports.hypervisor;
        hypervisor
            .disk_placed(of.vm, of.epoch, of.disk, at.domain, at.volume)
            .await
            .map_err(hypervisor_said)
    }

    /// Waits until something happens to a job on the disk, not longer than [`PATIENCE`].
    async fn job_moves(&self, events: &mut BoxStream<'static, HypervisorEvent>, of: RunDisk) {
        let happened = async {
            while let Some(event) = events.next().await {
                let HypervisorEvent::Machine { vm, change, .. } = event else {
                    continue;
                };
                match change {
                    MachineChange::BlockJob { disk, .. } if vm == of.vm && disk == of.disk => {
                        return;
                    }
                    MachineChange::Ended(_) if vm == of.vm => return,
                    _ => {}
                }
            }
            std::future::pending().await
        };
        tokio::select! {
            () = happened => {}
            () = self.whole.ports.clock.sleep(PATIENCE) => {}
        }
    }

    pub(crate) async fn layer_mirror(&self, mirror: DiskMirror) -> Result<DiskProgress, HostError> {
        let (ports, of) = (&self.whole.ports, mirror.of);
        let to = ports.storage.path(mirror.to).await?;
        let mut events = ports.hypervisor.events();
        let copy = BlockCopy {
            vm: of.vm,
            epoch: of.epoch,
            disk: of.disk,
            to: DiskSource::file(to.clone()),
            format: mirror.format,
            shallow: true,
            reuse_external: true,
            bandwidth: None,
        };
        ports
            .hypervisor
            .block_copy(copy)
            .await
            .map_err(hypervisor_said)?;
        let mut job = self.job(of).await?;
        if job.is_some_and(|job| !job.ready) {
            self.job_moves(&mut events, of).await;
            job = self.job(of).await?;
        }
        match job {
            Some(job) => Ok(DiskProgress {
                percent: job.percent(),
                done: job.ready,
            }),
            None => {
                let chain = ports.hypervisor.disk_chain(of.vm, of.epoch, of.disk).await;
                let chain = chain.map_err(hypervisor_said)?;
                match chain.active() == Some(&*to) {
                    true => Ok(DiskProgress {
                        percent: 100,
                        done: true,
                    }),
                    false => Err(HostError::Failed {
                        message: "the mirror of the disk broke off".into(),
                    }),
                }
            }
        }
    }

    async fn job(&self, of: RunDisk) -> Result<Option<hypervisor::BlockJob>, HostError> {
        let hypervisor = &self.whole.ports.hypervisor;
        hypervisor
            .block_job(of.vm, of.epoch, of.disk)
            .await
            .map_err(hypervisor_said)
    }

    /// Lets the guest use the copy of its layer and removes the layer.
    ///
    /// From the switch on the layer is older than its copy. So it is retired before, as soon as both
    /// are equal: nobody takes it for the disk when agent and machine end before it is removed.
    pub(crate) async fn layer_pivot(&self, mirror: DiskMirror) -> Result<(), HostError> {
        let (ports, of) = (&self.whole.ports, mirror.of);
        let to = ports.storage.path(mirror.to).await?;
        let chain = ports.hypervisor.disk_chain(of.vm, of.epoch, of.disk).await;
        let other = chain.map_err(hypervisor_said)?.mirror;
        if other.is_some_and(|other| other.ready && other.path == to) {
            ports.storage.volume_retire(mirror.replaces, true).await?;
        }
        failpoint::pass(format_args!("disk/pivot/before"));
        let switched = ports
            .hypervisor
            .block_pivot(of.vm, of.epoch, of.disk, &to)
            .await;
        failpoint::pass(format_args!("disk/pivot/after"));
        if let Err(error) = switched {
            let chain = ports.hypervisor.disk_chain(of.vm, of.epoch, of.disk).await;
            if chain.is_ok_and(|chain| chain.active() != Some(&*to)) {
                ports.storage.volume_retire(mirror.replaces, false).await?;
            }
            return Err(hypervisor_said(error));
        }
        if let Err(error) = ports.storage.volume_remove(mirror.replaces).await {
            tracing::warn!(vm.id = %of.vm, disk.id = %of.disk, %error, "the layer that the machine has left can't be removed");
        }
        self.placed(of, mirror.to).await
    }

    pub(crate) async fn layer_mirror_abort(&self, of: RunDisk) -> Result<(), HostError> {
        let hypervisor = &self.whole.ports.hypervisor;
        match hypervisor.block_abort(of.vm, of.epoch, of.disk).await {
            Ok(()) | Err(HypervisorError::NoMachine { .. }) => Ok(()),
            Err(error) => Err(hypervisor_said(error)),
        }
    }

    pub(crate) async fn layer_merge(&self, merge: DiskMerge) -> Result<DiskProgress, HostError> {
        let (ports, of) = (&self.whole.ports, merge.of);
        let base = ports.storage.path(merge.base).await?;
        let done = DiskProgress {
            percent: 100,
            done: true,
        };
        let chain = ports.hypervisor.disk_chain(of.vm, of.epoch, of.disk).await;
        let chain = chain.map_err(hypervisor_said)?;
        if chain.active() == Some(&*base) {
            self.placed(of, merge.base).await?;
            return Ok(done);
        }
        let top = ports.storage.path(merge.top).await?;
        let mut events = ports.hypervisor.events();
        let commit = BlockCommit {
            vm: of.vm,
            epoch: of.epoch,
            disk: of.disk,
            top,
            base: base.clone(),
            bandwidth: None,
        };
        ports
            .hypervisor
            .block_commit(commit)
            .await
            .map_err(hypervisor_said)?;
        let mut job = self.job(of).await?;
        if job.is_some_and(|job| !job.ready) {
            self.job_moves(&mut events, of).await;
            job = self.job(of).await?;
        }
        match job {
            Some(job) if !job.ready => Ok(DiskProgress {
                percent: job.percent().min(99),
                done: false,
            }),
            _ => {
                ports
                    .hypervisor
                    .block_pivot(of.vm, of.epoch, of.disk, &base)
                    .await
                    .map_err(hypervisor_said)?;
                self.placed(of, merge.base).await?;
                Ok(done)
            }
        }
    }
}
