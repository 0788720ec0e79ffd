//! Blocking calls on threads of their own, with a deadline.
//!
//! libvirt's calls can't be cancelled. One that exceeds its deadline is abandoned: its thread goes on
//! by itself and keeps its place among the allowed ones until it comes back, so that a dead daemon
//! costs a bounded number of threads.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::{Semaphore, oneshot};

/// Why a call gave nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoAnswer {
    /// It was begun and did not come back in time: the connection is not to be trusted.
    Deadline,
    /// It was not begun: all threads are busy or abandoned.
    Full,
    /// It was not begun, or it panicked.
    Thread,
}

/// A bounded set of calls.
#[derive(Debug)]
pub(crate) struct Calls {
    places: Arc<Semaphore>,
    abandoned: Arc<AtomicUsize>,
}

const RUNNING: u8 = 0;
const ABANDONED: u8 = 1;
const DONE: u8 = 2;

impl Calls {
    pub(crate) fn new(places: usize) -> Self {
        Calls {
            places: Arc::new(Semaphore::new(places)),
            abandoned: Arc::default(),
        }
    }

    /// Threads that never came back so far.
    pub(crate) fn abandoned(&self) -> usize {
        self.abandoned.load(Ordering::Relaxed)
    }

    /// Runs `work`. It is carried out to its end even if the caller stops waiting.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        deadline: Duration,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, NoAnswer> {
        let place = tokio::time::timeout(deadline, self.places.clone().acquire_owned());
        let place = place.await.map_err(|_| NoAnswer::Full)?;
        let place = place.map_err(|_| NoAnswer::Thread)?;
        let (sender, receiver) = oneshot::channel();
        let state = Arc::new(AtomicU8::new(RUNNING));
        let (thread_state, abandoned) = (state.clone(), self.abandoned.clone());
        let body = move || {
            let result = work();
            if thread_state.swap(DONE, Ordering::AcqRel) == ABANDONED {
                abandoned.fetch_sub(1, Ordering::Relaxed);
            }
            // The place is free before the answer is seen.
            drop(place);
            let _ = sender.send(result);
        };
        let thread = std::thread::Builder::new().name("libvirt-call".into());
        thread.spawn(body).map_err(|_| NoAnswer::Thread)?;
        match tokio::time::timeout(deadline, receiver).await {
            Ok(answer) => answer.map_err(|_| NoAnswer::Thread),
            Err(_) => {
                self.abandoned.fetch_add(1, Ordering::Relaxed);
                let was =
                    state.compare_exchange(RUNNING, ABANDONED, Ordering::AcqRel, Ordering::Acquire);
                if was.is_err() {
                    // It came back in the same moment.
                    self.abandoned.fetch_sub(1, Ordering::Relaxed);
                }
                Err(NoAnswer::Deadline)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    const LONG: Duration = Duration::from_secs(60);
    const SHORT: Duration = Duration::from_millis(20);

    #[tokio::test]
    async fn a_call_answers_from_another_thread() {
        let calls = Calls::new(1);
        let thread = calls.run(LONG, || std::thread::current().id()).await;
        assert_ne!(thread, Ok(std::thread::current().id()));
        assert_eq!(calls.run(LONG, || 7).await, Ok(7));
        let lost = calls.run(LONG, || panic!("a defect")).await;
        assert_eq!(lost, Err::<(), _>(NoAnswer::Thread));
        assert_eq!(calls.run(LONG, || 8).await, Ok(8));
    }

    #[tokio::test]
    async fn abandoned_calls_are_counted_and_keep_their_place() {
        let calls = Calls::new(1);
        let (release, wait) = mpsc::channel::<()>();
        let hung = calls.run(SHORT, move || wait.recv()).await;
        assert_eq!(hung.map(drop), Err(NoAnswer::Deadline));
        assert_eq!(calls.abandoned(), 1);
        assert_eq!(calls.run(SHORT, || ()).await, Err(NoAnswer::Full));
        release.send(()).unwrap();
        assert_eq!(calls.run(LONG, || ()).await, Ok(()));
        assert_eq!(calls.abandoned(), 0);
    }
}
