//! The board: what every VM does now, and streams of what changes on it.

use base::VmId;
use futures::stream::{self, BoxStream, StreamExt};
use ports::hosts::{HostEvent, VmReport};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::broadcast::{self, error::RecvError};

/// Reports a reader may lag behind before it gets everything again instead.
const LAG: usize = 256;

/// All reports. Clones share it.
#[derive(Clone)]
pub(crate) struct Board {
    reports: Arc<Mutex<BTreeMap<VmId, VmReport>>>,
    changes: broadcast::Sender<VmReport>,
}

impl Board {
    pub(crate) fn new() -> Self {
        Self::with_lag(LAG)
    }

    fn with_lag(lag: usize) -> Self {
        Board {
            reports: Arc::default(),
            changes: broadcast::Sender::new(lag),
        }
    }

    fn reports(&self) -> MutexGuard<'_, BTreeMap<VmId, VmReport>> {
        self.reports.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Shows a VM; readers hear of it when something changed.
    pub(crate) fn show(&self, report: VmReport) {
        let mut reports = self.reports();
        if reports.get(&report.vm) == Some(&report) {
            return;
        }
        reports.insert(report.vm, report.clone());
        // Sent under the lock, so that a snapshot is either before or after it. Nobody may listen.
        let _ = self.changes.send(report);
    }

    /// Shows a VM no longer. Readers hear nothing: they asked for it.
    pub(crate) fn remove(&self, vm: VmId) {
        self.reports().remove(&vm);
    }

    /// Is it shown?
    pub(crate) fn get(&self, vm: VmId) -> Option<VmReport> {
        self.reports().get(&vm).cloned()
    }

    /// Everything, then each change; everything again after a reader fell behind.
    pub(crate) fn watch(&self) -> BoxStream<'static, HostEvent> {
        stream::unfold((self.clone(), None), |(board, reader)| async move {
            let mut reader = match reader {
                None => {
                    let (event, reader) = board.all();
                    return Some((event, (board, Some(reader))));
                }
                Some(reader) => reader,
            };
            match broadcast::Receiver::recv(&mut reader).await {
                Ok(report) => Some((HostEvent::Vm(report), (board, Some(reader)))),
                Err(RecvError::Lagged(_)) => {
                    let (event, reader) = board.all();
                    Some((event, (board, Some(reader))))
                }
                Err(RecvError::Closed) => None,
            }
        })
        .boxed()
    }

    fn all(&self) -> (HostEvent, broadcast::Receiver<VmReport>) {
        let reports = self.reports();
        let reader = self.changes.subscribe();
        (
            HostEvent::Report(reports.values().cloned().collect()),
            reader,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::Timestamp;
    use domain::vms::{GuestInfo, RunState};
    use ports::hosts::VmPhase;

    fn report(vm: u128, epoch: u64) -> VmReport {
        VmReport {
            vm: VmId::known(vm),
            epoch,
            phase: VmPhase::Running {
                state: RunState::Up,
                pause: None,
            },
            guest: GuestInfo::default(),
            consoles: Vec::new(),
            since: Timestamp(0),
        }
    }

    #[tokio::test]
    async fn a_reader_that_falls_behind_gets_everything_again() {
        let board = Board::with_lag(2);
        board.show(report(1, 1));
        let mut watch = board.watch();
        assert_eq!(
            watch.next().await,
            Some(HostEvent::Report(vec![report(1, 1)]))
        );
        board.show(report(1, 1));
        board.show(report(1, 2));
        assert_eq!(watch.next().await, Some(HostEvent::Vm(report(1, 2))));
        for epoch in 3..9 {
            board.show(report(2, epoch));
        }
        board.remove(VmId::known(1));
        assert_eq!(
            watch.next().await,
            Some(HostEvent::Report(vec![report(2, 8)]))
        );
        board.show(report(2, 9));
        assert_eq!(watch.next().await, Some(HostEvent::Vm(report(2, 9))));
    }
}
