//! Finds the actor of a VM, and starts one where there is none (or where one broke: a defect in the
//! handling of one VM must not end the others).

use crate::vm::{Message, Surroundings, spawn};
use base::VmId;
use ports::hosts::HostError;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{mpsc, oneshot};
use tokio::task::AbortHandle;

type Actors = HashMap<VmId, (mpsc::UnboundedSender<Message>, AbortHandle)>;

/// All actors of a host. They end with it; the machines run on.
pub(crate) struct Registry {
    around: Arc<Surroundings>,
    actors: Mutex<Actors>,
}

impl Registry {
    pub(crate) fn new(around: Arc<Surroundings>) -> Self {
        Registry {
            around,
            actors: Mutex::default(),
        }
    }

    pub(crate) fn around(&self) -> &Arc<Surroundings> {
        &self.around
    }

    fn actors(&self) -> MutexGuard<'_, Actors> {
        self.actors.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Everybody who has an actor.
    pub(crate) fn known(&self) -> Vec<VmId> {
        self.actors().keys().copied().collect()
    }

    /// Starts the actor of a VM whose run was noted; it looks for its machine, if it can.
    pub(crate) fn wake(&self, vm: VmId) {
        let mut actors = self.actors();
        actors
            .entry(vm)
            .or_insert_with(|| spawn(vm, Arc::clone(&self.around)));
    }

    /// Puts a message into a VM's mailbox.
    pub(crate) fn tell(&self, vm: VmId, message: Message) {
        let mut actors = self.actors();
        let mut message = message;
        if let Some((mailbox, task)) = actors.get(&vm) {
            if !task.is_finished() {
                match mailbox.send(message) {
                    Ok(()) => return,
                    Err(back) => message = back.0,
                }
            }
            tracing::error!(vm.id = %vm, "the task of a VM broke; it begins again from the journal");
        }
        let (mailbox, task) = spawn(vm, Arc::clone(&self.around));
        // A new mailbox is open.
        let _ = mailbox.send(message);
        actors.insert(vm, (mailbox, task));
    }

    /// Gives a VM an order; the answer comes later.
    pub(crate) fn order<T>(
        &self,
        vm: VmId,
        order: impl FnOnce(oneshot::Sender<T>) -> Message,
    ) -> oneshot::Receiver<T> {
        let (reply, answer) = oneshot::channel();
        self.tell(vm, order(reply));
        answer
    }

    /// Gives a VM an order and waits for its answer.
    pub(crate) async fn ask<T>(
        &self,
        vm: VmId,
        order: impl FnOnce(oneshot::Sender<T>) -> Message,
    ) -> Result<T, HostError> {
        self.order(vm, order).await.map_err(|_| HostError::Failed {
            message: format!(
                "the work on virtual machine {vm} broke off; the agent's log says more"
            ),
        })
    }
}

impl Registry {
    /// Ends all actors; each finishes what it has begun and noted.
    pub(crate) async fn halt(&self) {
        let actors = std::mem::take(&mut *self.actors());
        let mut answers = Vec::new();
        for (mailbox, _) in actors.values() {
            let (reply, answer) = oneshot::channel();
            // One that broke has nothing to finish.
            let _ = mailbox.send(Message::Halt(reply));
            answers.push(answer);
        }
        futures::future::join_all(answers).await;
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        for (_, task) in self.actors().values() {
            task.abort();
        }
    }
}
