//! A run that comes from another host, or leaves for one, as the task of its VM sees it.

use super::Run;
use super::actor::Actor;
use crate::error::hypervisor_said;
use crate::journal::Record;
use hypervisor::{HypervisorError, MachineState};
use ports::hosts::{HostError, MigrationPrepare, RunPlace, VmLaunch};

impl Actor {
    /// Makes ready for a run. It is noted before QEMU is here, so that it is known when it comes.
    pub(super) async fn prepare(&mut self, prepare: MigrationPrepare) -> Result<(), HostError> {
        let epoch = prepare.epoch;
        match &self.record {
            Some(record) if epoch < record.epoch() => {
                return Err(HostError::Stale {
                    message: format!("run {} was seen here", record.epoch()),
                    newest: Some(record.epoch()),
                });
            }
            // It has come already.
            Some(Record::Running(run)) if run.epoch == epoch => return Ok(()),
            Some(Record::Running(run)) => {
                return Err(HostError::Refused {
                    message: format!(
                        "run {} of virtual machine {} is still here; stop it first",
                        run.epoch, self.vm
                    ),
                });
            }
            Some(Record::Ended { epoch: ended, .. } | Record::Gone { epoch: ended, .. })
                if *ended == epoch =>
            {
                return Err(HostError::Stale {
                    message: format!("run {epoch} has ended here already"),
                    newest: Some(epoch),
                });
            }
            _ => {}
        }
        let launch = VmLaunch {
            machine: prepare.machine,
            epoch,
            paused: false,
            up_without_agent_seconds: prepare.up_without_agent_seconds,
        };
        self.prepared(&launch).await?;
        let (boot, now) = (self.around.boot_id.clone(), self.now());
        let mut run = Run::new(epoch, prepare.up_without_agent_seconds, &boot, now);
        run.up = prepare.up;
        let before = self.record.replace(Record::Arriving(run));
        if let Err(error) = self.write().await {
            self.record = before;
            return Err(error);
        }
        self.show();
        Ok(())
    }

    /// The run leaves, or stays after all. Noted before it does: when QEMU is gone then, it has left.
    pub(super) async fn sending(&mut self, epoch: u64, on: bool) -> Result<RunPlace, HostError> {
        if matches!(&self.record, Some(Record::Left { epoch: left, .. }) if *left == epoch) {
            return Ok(RunPlace::Left);
        }
        let Some(run) = self.run().filter(|run| run.epoch == epoch) else {
            return Ok(RunPlace::Nowhere);
        };
        run.sending = on;
        self.write().await?;
        Ok(RunPlace::Here)
    }

    /// The run went to another host, as far as can be seen from here.
    pub(super) async fn left(&mut self) {
        let Some(run) = self.run() else { return };
        let epoch = run.epoch;
        let at = self.now();
        self.reset();
        tracing::info!(vm.id = %self.vm, "run {epoch} has left for another host");
        self.record = Some(Record::Left { epoch, at });
        self.note().await;
    }

    /// Where the run is; asked of the hypervisor.
    pub(super) async fn place(&mut self, epoch: u64, cancel: bool) -> Result<RunPlace, HostError> {
        let found = match self.around.hypervisor.machine(self.vm).await {
            Ok(machine) => Some(machine).filter(|m| m.epoch == epoch),
            Err(HypervisorError::NoMachine { .. }) => None,
            Err(error) => return Err(hypervisor_said(error)),
        };
        match found {
            Some(machine) if machine.state == MachineState::Incoming => Ok(RunPlace::Arriving),
            // QEMU may be on its way out, memory and all gone.
            Some(_) if self.has_left(epoch) => Ok(RunPlace::Left),
            Some(_) => {
                self.check().await;
                Ok(RunPlace::Here)
            }
            None => {
                if self
                    .run()
                    .is_some_and(|run| run.epoch == epoch && run.sending)
                {
                    self.left().await;
                }
                let waits = matches!(&self.record, Some(Record::Arriving(r)) if r.epoch == epoch);
                if waits && cancel {
                    // The same run may come again, older ones may not.
                    self.record = Some(Record::Gone {
                        epoch: epoch.saturating_sub(1),
                        at: self.now(),
                    });
                    self.note().await;
                }
                Ok(match self.has_left(epoch) {
                    true => RunPlace::Left,
                    false => RunPlace::Nowhere,
                })
            }
        }
    }

    fn has_left(&self, epoch: u64) -> bool {
        matches!(&self.record, Some(Record::Left { epoch: left, .. }) if *left == epoch)
    }
}
