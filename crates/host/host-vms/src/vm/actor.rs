//! The task that owns one virtual machine: commands and events come through its mailbox one after
//! the other, so that nothing about the VM is ever decided twice.

use super::{Run, guest};
use crate::board::Board;
use crate::journal::{Journal, Record};
use base::{Clock, Timestamp, VmId};
use domain::vms::{ConsoleAddress, Exit, GuestInfo};
use host_network::NetworkControl;
use host_storage::VolumeStore;
use hypervisor::{Hypervisor, HypervisorError, Machine, MachineChange, MachineState};
use ports::hosts::{HostError, MigrationPrepare, RunPlace, StopHow, VmLaunch, VmPhase, VmReport};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// A guest agent that has just appeared is asked this soon, then ever more seldom.
const ASK_FIRST: Duration = Duration::from_secs(1);
/// An agent that answers and has nothing new is asked this often; addresses may change silently.
const ASK_LEAST: Duration = Duration::from_secs(60);
/// A machine that is suddenly missing may have an event on its way that says why.
const EVENT_PATIENCE: Duration = Duration::from_secs(2);
/// A machine that was found without a note: oVirt's wait for a guest without an agent.
const PATIENCE_SECONDS: u32 = 60;

/// What an actor is told. Events are few (floods are kept out by the pump), so the mailbox needs no
/// bound; commands wait for their answer.
pub(crate) enum Message {
    /// Start it.
    Launch(Box<VmLaunch>, oneshot::Sender<Result<(), HostError>>),
    /// End a run.
    Stop(u64, StopHow, oneshot::Sender<Result<(), HostError>>),
    /// Make ready for a run that will arrive.
    Prepare(
        Box<MigrationPrepare>,
        oneshot::Sender<Result<(), HostError>>,
    ),
    /// The run `.0` may leave for another host from now on, or will not.
    Sending(u64, bool, oneshot::Sender<Result<RunPlace, HostError>>),
    /// Where is run `.0`? `.1`: if it is still to arrive, it does not.
    Place(u64, bool, oneshot::Sender<Result<RunPlace, HostError>>),
    /// Forget a run that has ended.
    Forget(u64, oneshot::Sender<Result<(), HostError>>),
    /// The hypervisor said so of run `.0`.
    Happened(u64, Timestamp, MachineChange),
    /// Look whether the machine is there, since events may be missing.
    Check(oneshot::Sender<()>),
    /// What the guest agent answered (question `.0`).
    Told(u64, Option<GuestInfo>),
    /// The agent stops: end when everything is noted.
    Halt(oneshot::Sender<()>),
}

/// What all actors of a host share.
pub(crate) struct Surroundings {
    pub(crate) hypervisor: Arc<dyn Hypervisor>,
    pub(crate) storage: Arc<dyn VolumeStore>,
    pub(crate) network: Arc<dyn NetworkControl>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) journal: Journal,
    pub(crate) board: Board,
    pub(crate) serial: crate::serial::SerialLogs,
    pub(crate) boot_id: String,
    pub(crate) console_listen: String,
}

/// Starts the actor of a VM; it begins with what the journal says.
pub(crate) fn spawn(
    vm: VmId,
    around: Arc<Surroundings>,
) -> (mpsc::UnboundedSender<Message>, tokio::task::AbortHandle) {
    let (mailbox, messages) = mpsc::unbounded_channel();
    let actor = Actor {
        vm,
        around,
        mailbox: mailbox.clone(),
        record: None,
        written: None,
        guest: GuestInfo::default(),
        consoles: Vec::new(),
        questions: Questions::default(),
        seen: false,
        missing_since: None,
    };
    let task = tokio::spawn(actor.live(messages));
    (mailbox, task.abort_handle())
}

/// When the guest agent is asked.
#[derive(Default)]
struct Questions {
    /// Its channel is open.
    connected: bool,
    /// Grows whenever the agent comes or goes: answers to older questions are void.
    number: u64,
    waits_for_answer: bool,
    next: Option<Timestamp>,
    pause: Duration,
}

pub(super) struct Actor {
    pub(super) vm: VmId,
    pub(super) around: Arc<Surroundings>,
    mailbox: mpsc::UnboundedSender<Message>,
    /// What is known of the newest run.
    pub(super) record: Option<Record>,
    /// What the journal holds.
    written: Option<Record>,
    guest: GuestInfo,
    consoles: Vec<ConsoleAddress>,
    questions: Questions,
    /// The machine was seen in this life of the agent, so that events tell how it ends.
    seen: bool,
    /// Since when it is missing without a word.
    missing_since: Option<Timestamp>,
}

impl Actor {
    async fn live(mut self, mut messages: mpsc::UnboundedReceiver<Message>) {
        match self.around.journal.load(self.vm).await {
            Ok(record) => {
                self.record = record.clone();
                self.written = record;
            }
            Err(error) => {
                tracing::error!(vm.id = %self.vm, %error, "what ran here before is not known");
            }
        }
        self.show();
        if matches!(self.record, Some(Record::Running(_) | Record::Arriving(_))) {
            Box::pin(self.check()).await;
        }
        loop {
            let due = self.due();
            tokio::select! {
                message = messages.recv() => match message {
                    Some(Message::Halt(reply)) => {
                        let _ = reply.send(());
                        return;
                    }
                    // Boxed: an actor that waits, as nearly all do, keeps no room for its work.
                    Some(message) => Box::pin(self.handle(message)).await,
                    None => return,
                },
                () = sleep(&*self.around.clock, due) => Box::pin(self.tick()).await,
            }
        }
    }

    async fn handle(&mut self, message: Message) {
        // Whoever asked may be gone; the work is done all the same.
        match message {
            Message::Launch(launch, reply) => {
                let done = self.launch(*launch).await;
                let _ = reply.send(done);
                // That QEMU was seen is noted when the answer is on its way: a start needs no second
                // wait for the disk, and an agent that stops here finds the machine by looking.
                self.note().await;
            }
            Message::Stop(epoch, how, reply) => drop(reply.send(self.stop(epoch, how).await)),
            Message::Prepare(prepare, reply) => drop(reply.send(self.prepare(*prepare).await)),
            Message::Sending(epoch, on, reply) => {
                drop(reply.send(self.sending(epoch, on).await));
            }
            Message::Place(epoch, cancel, reply) => {
                drop(reply.send(self.place(epoch, cancel).await));
            }
            Message::Forget(epoch, reply) => drop(reply.send(self.forget(epoch).await)),
            Message::Check(reply) => {
                self.check().await;
                let _ = reply.send(());
            }
            Message::Happened(epoch, at, change) => self.happened(epoch, at, change).await,
            Message::Told(number, told) => self.told(number, told).await,
            Message::Halt(_) => {}
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.around.clock.now()
    }

    pub(super) fn run(&mut self) -> Option<&mut Run> {
        match &mut self.record {
            Some(Record::Running(run)) => Some(run),
            _ => None,
        }
    }

    /// Puts what is known on the board.
    pub(super) fn show(&self) {
        let (epoch, phase, since) = match &self.record {
            None | Some(Record::Gone { .. } | Record::Arriving(_)) => {
                return self.around.board.remove(self.vm);
            }
            Some(Record::Left { epoch, at }) => (*epoch, VmPhase::Left, *at),
            Some(Record::Running(run)) => (run.epoch, run.phase(), run.since),
            Some(Record::Ended { epoch, exit }) => (*epoch, VmPhase::Ended(exit.clone()), exit.at),
        };
        self.around.board.show(VmReport {
            vm: self.vm,
            epoch,
            phase,
            guest: self.guest.clone(),
            consoles: self.consoles.clone(),
            since,
        });
        if matches!(self.record, Some(Record::Left { .. })) {
            // Told once; the host where it is now tells the rest.
            self.around.board.remove(self.vm);
        }
    }

    /// Brings what is known to the journal, when it is new there.
    pub(super) async fn write(&mut self) -> Result<(), HostError> {
        if self.record == self.written {
            return Ok(());
        }
        let stored = self
            .around
            .journal
            .store(self.vm, self.record.as_ref())
            .await;
        stored.map_err(|error| error.told())?;
        self.written = self.record.clone();
        Ok(())
    }

    /// Shows and writes; a journal that can't be written is no reason to hide what happened.
    pub(super) async fn note(&mut self) {
        self.show();
        if let Err(error) = self.write().await {
            tracing::error!(vm.id = %self.vm, %error, "a run can't be noted; it is lost if the agent stops now");
        }
    }

    /// The machine as it is now.
    pub(super) fn see(&mut self, machine: &Machine) {
        let now = self.now();
        self.seen = true;
        self.missing_since = None;
        self.consoles.clone_from(&machine.consoles);
        if let Some(run) = self.run() {
            run.see(machine, now);
        }
        if machine.agent_connected != self.questions.connected {
            self.agent(machine.agent_connected);
        }
    }

    /// Asks the hypervisor whether the machine is there.
    pub(super) async fn check(&mut self) {
        let found = self.around.hypervisor.machine(self.vm).await;
        match found {
            Ok(machine) => self.found(&machine).await,
            Err(HypervisorError::NoMachine { .. }) if self.seen => {
                let now = self.now();
                self.missing_since.get_or_insert(now);
            }
            Err(HypervisorError::NoMachine { .. }) => self.ended_unseen().await,
            // The next `Back` brings the next check.
            Err(error) => {
                tracing::warn!(vm.id = %self.vm, %error, "whether the VM runs is not known");
            }
        }
    }

    async fn found(&mut self, machine: &Machine) {
        let known = self.record.as_ref().map(Record::epoch);
        if machine.state == MachineState::Incoming {
            // The run is still where it was.
            return;
        }
        if let Some(Record::Arriving(run)) = &self.record
            && run.epoch == machine.epoch
        {
            let mut run = run.clone();
            run.begun = machine.started;
            run.since = self.now();
            self.reset();
            self.record = Some(Record::Running(run));
            tracing::info!(vm.id = %self.vm, "run {} has come from another host", machine.epoch);
        }
        match known {
            Some(epoch) if machine.epoch == epoch => {
                if self.run().is_none() {
                    // It was said to have ended; QEMU is still on its way out.
                    return;
                }
            }
            Some(epoch) if machine.epoch < epoch => return,
            _ => {
                tracing::warn!(vm.id = %self.vm, "VM `{}` runs and was not noted; it is taken on", machine.name);
                self.reset();
                let (boot, begun) = (self.around.boot_id.clone(), machine.started);
                let run = Run::new(machine.epoch, PATIENCE_SECONDS, &boot, begun);
                self.record = Some(Record::Running(run));
            }
        }
        self.see(machine);
        self.note().await;
    }

    /// Nothing of an earlier run counts any more.
    pub(super) fn reset(&mut self) {
        self.guest = GuestInfo::default();
        self.consoles.clear();
        self.seen = false;
        self.missing_since = None;
        self.agent(false);
    }

    async fn ended_unseen(&mut self) {
        let (boot_id, now) = (self.around.boot_id.clone(), self.now());
        if self.run().is_some_and(|run| run.sending) {
            return self.left().await;
        }
        if let Some(run) = self.run() {
            let exit = run.exit_unseen(&boot_id, now);
            self.ended(exit).await;
        }
    }

    pub(super) async fn ended(&mut self, exit: Exit) {
        let Some(run) = self.run() else { return };
        let epoch = run.epoch;
        self.reset();
        tracing::info!(vm.id = %self.vm, "run {epoch} ended: {}", exit.message);
        self.record = Some(Record::Ended { epoch, exit });
        self.note().await;
    }

    async fn happened(&mut self, epoch: u64, at: Timestamp, change: MachineChange) {
        let known = self.record.as_ref().map(Record::epoch);
        if known.is_none_or(|known| known < epoch) {
            return self.check().await;
        }
        if matches!(&self.record, Some(Record::Arriving(run)) if run.epoch == epoch) {
            return self.check().await;
        }
        let Some(run) = self.run().filter(|run| run.epoch == epoch) else {
            return;
        };
        match change {
            MachineChange::Ended(exit) => {
                let exit = run.exit(&exit);
                return self.ended(exit).await;
            }
            MachineChange::MigratedAway => return self.left().await,
            MachineChange::AgentConnected => self.agent(true),
            MachineChange::AgentDisconnected => self.agent(false),
            MachineChange::Rebooted => {
                run.happened(&change, at);
                self.ask_again();
            }
            MachineChange::Resumed => {
                run.happened(&change, at);
                self.ask_again();
            }
            _ => run.happened(&change, at),
        }
        self.note().await;
    }

    /// The guest agent came or went.
    fn agent(&mut self, connected: bool) {
        self.questions.connected = connected;
        self.guest.agent &= connected;
        self.ask_again();
    }

    /// Whatever was asked is void; an agent that is there is asked anew.
    fn ask_again(&mut self) {
        self.questions.number += 1;
        self.questions.waits_for_answer = false;
        self.questions.pause = ASK_FIRST;
        self.questions.next = self.questions.connected.then(|| self.now());
    }

    fn due(&self) -> Option<Timestamp> {
        let Some(Record::Running(run)) = &self.record else {
            return None;
        };
        let ask = self.questions.next.filter(|_| self.may_ask(run));
        let missing = self.missing_since.map(|m| m.after(EVENT_PATIENCE));
        [run.deadline(), ask, missing].into_iter().flatten().min()
    }

    fn may_ask(&self, run: &Run) -> bool {
        // Standing CPUs answer nothing.
        self.questions.connected && !self.questions.waits_for_answer && run.pause.is_none()
    }

    async fn tick(&mut self) {
        let now = self.now();
        if self
            .missing_since
            .is_some_and(|m| m.after(EVENT_PATIENCE) <= now)
        {
            return self.ended_unseen().await;
        }
        let Some(run) = self.run() else { return };
        run.tick(now);
        let run = run.clone();
        if self.may_ask(&run) && self.questions.next.is_some_and(|next| next <= now) {
            self.ask();
        }
        self.note().await;
    }

    fn ask(&mut self) {
        self.questions.waits_for_answer = true;
        self.questions.next = None;
        let (vm, number) = (self.vm, self.questions.number);
        let (hypervisor, mailbox) = (Arc::clone(&self.around.hypervisor), self.mailbox.clone());
        tokio::spawn(async move {
            let told = guest::ask(&hypervisor, vm).await;
            let _ = mailbox.send(Message::Told(number, told));
        });
    }

    async fn told(&mut self, number: u64, told: Option<GuestInfo>) {
        if number != self.questions.number {
            return;
        }
        let now = self.now();
        self.questions.waits_for_answer = false;
        let news = match told {
            None => {
                let news = self.guest.agent;
                self.guest.agent = false;
                news
            }
            Some(told) => {
                if let Some(run) = self.run() {
                    run.heard(now);
                }
                let news = told != self.guest;
                self.guest = told;
                news
            }
        };
        // Something new is often followed by more: addresses come one after the other.
        self.questions.pause = match news {
            true => ASK_FIRST,
            false => (self.questions.pause * 2).min(ASK_LEAST),
        };
        self.questions.next = Some(now.after(self.questions.pause));
        self.note().await;
    }
}

async fn sleep(clock: &dyn Clock, until: Option<Timestamp>) {
    match until {
        Some(until) => clock.sleep_until(until).await,
        None => std::future::pending().await,
    }
}
