//! The host monitor: one task owns what is known of one host.
//!
//! ```text
//!              connected            checked and reported
//!  Connecting ───────────▶ Initializing ───────────────▶ Up ◀──▶ NonOperational
//!      ▲  │                     │                         │            │
//!      │  │ grace is over       └────────── lost ─────────┴────────────┘
//!      │  ▼                                   │
//!  NonResponsive ──connected──▶ Initializing  └──▶ Connecting
//! ```
//!
//! `state.rs` holds the moves, `checks.rs` what a host must reach before it is up, `vms.rs` what
//! reports mean for VMs, `notes.rs` what of it is durable.

mod checks;
mod notes;
mod restored;
mod state;
mod vms;

use crate::reconciler::Shared;
use base::{HostId, Timestamp};
use checks::Checked;
pub(crate) use checks::data_center_of;
use ports::hosts::{HostEvent, HostHello, StatsFrame};
use state::State;
use std::sync::Arc;
use tokio::sync::mpsc;

/// What a host's task is told.
pub(crate) enum Note {
    /// A connection stands.
    Connected(Box<HostHello>),
    /// Something happened there.
    Event(HostEvent),
    /// A sample.
    Stats(Box<StatsFrame>),
    /// There is no connection.
    Lost(String),
    /// What the host must reach has changed.
    CheckAgain,
    /// The checks of a connection have ended.
    Checked { connection: u64, outcome: Checked },
}

/// The task of one host.
pub(crate) struct HostTask {
    shared: Arc<Shared>,
    id: HostId,
    /// For results of work that is done beside.
    inbox: mpsc::WeakSender<Note>,
    state: State,
}

impl HostTask {
    pub fn new(shared: Arc<Shared>, id: HostId, inbox: mpsc::WeakSender<Note>) -> Self {
        let now = shared.rooms.clock.now();
        let grace = shared.rooms.settings.host_grace;
        HostTask {
            state: State::new(now, now.after(grace)),
            shared,
            id,
            inbox,
        }
    }

    /// Until the host is removed or the room is stopped.
    pub async fn run(mut self, mut notes: mpsc::Receiver<Note>) {
        self.publish();
        loop {
            let note = tokio::select! {
                // News first: a host that is back needs no alarm.
                biased;
                note = notes.recv() => note,
                () = self.alarm() => {
                    self.rang().await;
                    continue;
                }
            };
            match note {
                Some(note) => self.take(note).await,
                None => return,
            }
        }
    }

    async fn take(&mut self, note: Note) {
        match note {
            Note::Connected(hello) => self.connected(*hello),
            Note::Event(event) => {
                self.take_over(&event).await;
                self.event(event);
            }
            Note::Stats(frame) => self.stats(*frame),
            Note::Lost(message) => self.lost(message).await,
            Note::CheckAgain => self.check(),
            Note::Checked {
                connection,
                outcome,
            } => self.checked(connection, outcome).await,
        }
    }

    /// Returns when it is time to look by itself.
    async fn alarm(&self) {
        let at: Option<Timestamp> = [self.state.grace_until, self.state.recheck_at]
            .into_iter()
            .flatten()
            .min();
        match at {
            Some(at) => self.shared.rooms.clock.sleep_until(at).await,
            None => std::future::pending().await,
        }
    }

    async fn rang(&mut self) {
        let now = self.shared.rooms.clock.now();
        if self.state.grace_until.is_some_and(|at| at <= now) {
            self.grace_over().await;
        }
        if self.state.recheck_at.is_some_and(|at| at <= now) {
            self.state.recheck_at = None;
            self.check();
        }
    }
}
