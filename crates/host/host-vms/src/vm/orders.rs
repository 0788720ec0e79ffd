//! The engine's commands to one VM: launch, stop, forget. Each may come twice, too late, or after
//! the agent was restarted in the middle of it.

use super::Run;
use super::actor::Actor;
use crate::error::hypervisor_said;
use crate::journal::Record;
use domain::vms::{Exit, ExitReason, ExitStatus};
use host_network::bridge_names;
use hypervisor::{DiskSource, HypervisorError, MachineLaunch};
use ports::failpoint;
use ports::hosts::{HostError, StopHow, VmLaunch};
use std::collections::HashMap;

impl Actor {
    /// Starts a run. The run is noted before QEMU is, so that nothing runs that nobody knows of.
    pub(super) async fn launch(&mut self, launch: VmLaunch) -> Result<(), HostError> {
        let epoch = launch.epoch;
        match &self.record {
            Some(record) if epoch < record.epoch() => {
                return Err(stale(epoch, record.epoch(), "was seen here"));
            }
            Some(Record::Running(run)) if epoch == run.epoch && run.launched => return Ok(()),
            // The agent stopped, or lost libvirt, in the middle: the hypervisor knows how far it came.
            Some(Record::Running(run)) if epoch == run.epoch => {}
            Some(Record::Running(run)) => {
                return Err(HostError::Refused {
                    message: format!(
                        "run {} of virtual machine {} is still here; stop it first",
                        run.epoch, self.vm
                    ),
                });
            }
            Some(record) if epoch == record.epoch() => {
                return Err(stale(epoch, epoch, "has ended here already"));
            }
            _ => {}
        }
        let machine = self.prepared(&launch).await?;
        let before = self.record.clone();
        if self.run().is_none() {
            self.reset();
            let (boot, now) = (self.around.boot_id.clone(), self.now());
            let run = Run::new(epoch, launch.up_without_agent_seconds, &boot, now);
            self.record = Some(Record::Running(run));
        }
        if let Err(error) = self.write().await {
            self.record = before;
            return Err(error);
        }
        self.show();
        failpoint::pass(format_args!("vm/launch/before"));
        match self.around.hypervisor.launch(machine).await {
            Ok(machine) => {
                failpoint::pass(format_args!("vm/launch/after"));
                self.see(&machine);
                self.show();
                Ok(())
            }
            // It may have been carried out; the check after the next `Back` tells.
            Err(error @ HypervisorError::Lost { .. }) => Err(hypervisor_said(error)),
            Err(error) => {
                // Nothing is left of it: the same run may come again, older ones may not.
                self.record = match before {
                    Some(Record::Running(_)) => Some(Record::Gone {
                        epoch: epoch.saturating_sub(1),
                        at: self.now(),
                    }),
                    before => before,
                };
                self.note().await;
                Err(hypervisor_said(error))
            }
        }
    }

    /// Everything the machine needs on this host; nothing is changed by it.
    pub(super) async fn prepared(&self, launch: &VmLaunch) -> Result<MachineLaunch, HostError> {
        let spec = &launch.machine;
        if spec.nics.iter().any(|nic| nic.bridge.is_some()) {
            let observed = self.around.network.observe().await;
            let observed = observed.map_err(|error| HostError::Failed {
                message: error.to_string(),
            })?;
            let there = bridge_names(&observed);
            let wanted = spec.nics.iter().filter_map(|nic| nic.bridge.as_ref());
            for bridge in wanted {
                if !there.contains(bridge) {
                    return Err(HostError::Refused {
                        message: format!("this host has no bridge `{bridge}`"),
                    });
                }
            }
        }
        let mut disks = HashMap::new();
        for disk in &spec.disks {
            let at = MachineLaunch::address_of(disk);
            let path = self.around.storage.path(at).await?;
            disks.insert(at, DiskSource::file(path));
        }
        self.around
            .serial
            .make_ready(self.vm)
            .await
            .map_err(|error| error.told())?;
        Ok(MachineLaunch {
            machine: spec.clone(),
            epoch: launch.epoch,
            paused: launch.paused,
            disks,
            serial_log: Some(self.around.serial.path(self.vm)),
            console_listen: self.around.console_listen.clone(),
        })
    }

    /// Ends a run. One that is not here is noted as gone, so that a launch of it that still travels
    /// comes too late.
    pub(super) async fn stop(&mut self, epoch: u64, how: StopHow) -> Result<(), HostError> {
        let known = self.record.as_ref().map(Record::epoch);
        if known.is_none_or(|known| known < epoch) {
            if self.run().is_some() {
                // An older run is here, and nobody asked to end that.
                return Ok(());
            }
            if let Some(Record::Ended { .. }) = self.record {
                // Its end must still be told; the engine forgets it when it knows.
                return Ok(());
            }
            let at = self.now();
            self.record = Some(Record::Gone { epoch, at });
            self.show();
            return self.write().await;
        }
        let now = self.now();
        let vm = self.vm;
        let Some(run) = self.run().filter(|run| run.epoch == epoch) else {
            return Ok(());
        };
        match how {
            StopHow::Shutdown => match self.around.hypervisor.shutdown(vm, epoch).await {
                Ok(by) => {
                    failpoint::pass(format_args!("vm/shutdown/after"));
                    tracing::info!(vm.id = %vm, "the guest was asked to end ({by:?})");
                    if let Some(run) = self.run() {
                        run.ask(how, now);
                    }
                    self.note().await;
                    Ok(())
                }
                Err(HypervisorError::NoMachine { .. }) => {
                    self.check().await;
                    Ok(())
                }
                Err(error) => Err(hypervisor_said(error)),
            },
            StopHow::Destroy => {
                run.ask(how, now);
                // Noted first: if the agent stops now, the end is still known to be wanted.
                self.write().await?;
                self.show();
                failpoint::pass(format_args!("vm/destroy/before"));
                self.around
                    .hypervisor
                    .destroy(vm, epoch)
                    .await
                    .map_err(hypervisor_said)?;
                failpoint::pass(format_args!("vm/destroy/after"));
                let at = self.now();
                self.ended(Exit {
                    status: ExitStatus::Normal,
                    reason: ExitReason::AdminShutdown,
                    message: "an administrator ended the virtual machine".into(),
                    at,
                })
                .await;
                Ok(())
            }
        }
    }

    /// The engine has noted the end.
    pub(super) async fn forget(&mut self, epoch: u64) -> Result<(), HostError> {
        match &self.record {
            Some(Record::Running(run)) if run.epoch == epoch => Err(HostError::Refused {
                message: format!(
                    "run {epoch} of virtual machine {} still runs and can't be forgotten",
                    self.vm
                ),
            }),
            Some(Record::Ended { epoch: ended, .. }) if *ended <= epoch => {
                let at = self.now();
                self.record = Some(Record::Gone { epoch, at });
                self.show();
                self.write().await
            }
            _ => Ok(()),
        }
    }
}

fn stale(epoch: u64, newest: u64, what: &str) -> HostError {
    HostError::Stale {
        message: format!("run {epoch} was to be launched, but run {newest} {what}"),
        newest: Some(newest),
    }
}
