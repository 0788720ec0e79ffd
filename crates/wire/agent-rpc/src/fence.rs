//! The fence: calls of an engine incarnation older than the newest heard are refused.
//!
//! Each engine that claims a host counts the host's fence epoch up. A newer epoch is written down
//! before it is obeyed, so that neither a restart of the agent nor a restored engine brings an old
//! one back.

use ports::hosts::HostError;
use std::sync::Arc;
use tokio::sync::{Mutex, watch};

/// Where the newest fence epoch is kept over restarts of the agent.
pub trait FenceStore: Send + Sync + 'static {
    /// Writes it durably. May block; it is called on a thread for blocking work.
    ///
    /// # Errors
    /// The system's word; the epoch is then not obeyed.
    fn save(&self, epoch: u64) -> std::io::Result<()>;
}

/// The newest fence epoch heard, shared by all connections.
pub struct Fence {
    newest: watch::Sender<u64>,
    store: Mutex<Arc<dyn FenceStore>>,
}

impl std::fmt::Debug for Fence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Fence({})", self.newest())
    }
}

impl Fence {
    /// A fence that stands at `newest`, as the store last kept it.
    #[must_use]
    pub fn new(newest: u64, store: Arc<dyn FenceStore>) -> Self {
        Fence {
            newest: watch::Sender::new(newest),
            store: Mutex::new(store),
        }
    }

    /// The newest epoch heard.
    #[must_use]
    pub fn newest(&self) -> u64 {
        *self.newest.borrow()
    }

    /// Lets a call of `epoch` through; a newer epoch than any before is kept first.
    ///
    /// # Errors
    /// `Stale` for an older epoch; `Failed` when a newer one can't be kept.
    pub async fn admit(&self, epoch: u64) -> Result<(), HostError> {
        if epoch > self.newest() {
            let store = self.store.lock().await;
            if epoch > self.newest() {
                let keeper = Arc::clone(&store);
                let kept = tokio::task::spawn_blocking(move || keeper.save(epoch)).await;
                let problem = match kept {
                    Ok(Ok(())) => None,
                    Ok(Err(e)) => Some(e.to_string()),
                    Err(e) => Some(e.to_string()),
                };
                if let Some(problem) = problem {
                    return Err(HostError::Failed {
                        message: format!("the host cannot keep fence epoch {epoch}: {problem}"),
                    });
                }
                self.newest.send_replace(epoch);
            }
        }
        match self.newest() {
            newest if epoch < newest => Err(stale(epoch, newest)),
            _ => Ok(()),
        }
    }

    /// Returns when a newer epoch than `epoch` was heard, with the reason for the older engine.
    pub async fn superseded(&self, epoch: u64) -> HostError {
        let mut newest = self.newest.subscribe();
        let newer = newest.wait_for(|n| *n > epoch).await.map(|n| *n);
        // The sender lives in `self`, which is borrowed here: the wait ends only with a newer epoch.
        stale(epoch, newer.unwrap_or_else(|_| self.newest()))
    }
}

fn stale(epoch: u64, newest: u64) -> HostError {
    HostError::Stale {
        message: format!(
            "the engine's fence epoch is {epoch}, the host has heard an engine with {newest}"
        ),
        newest: Some(newest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU64, Ordering};

    #[derive(Default)]
    struct Kept(AtomicU64, std::sync::atomic::AtomicBool);
    impl FenceStore for Kept {
        fn save(&self, epoch: u64) -> std::io::Result<()> {
            if self.1.load(Ordering::SeqCst) {
                return Err(std::io::Error::other("disk full"));
            }
            self.0.store(epoch, Ordering::SeqCst);
            Ok(())
        }
    }

    #[tokio::test]
    async fn a_newer_epoch_is_kept_and_shuts_out_older_ones() {
        let kept = Arc::new(Kept::default());
        let fence = Fence::new(3, kept.clone());
        fence.admit(3).await.unwrap();
        assert_eq!(kept.0.load(Ordering::SeqCst), 0, "nothing new to keep");
        fence.admit(5).await.unwrap();
        assert_eq!(kept.0.load(Ordering::SeqCst), 5);
        assert!(matches!(fence.admit(4).await, Err(HostError::Stale { .. })));
        assert!(matches!(fence.superseded(4).await, HostError::Stale { .. }));
    }

    #[tokio::test]
    async fn an_epoch_that_cannot_be_kept_is_not_obeyed() {
        let kept = Arc::new(Kept::default());
        kept.1.store(true, Ordering::SeqCst);
        let fence = Fence::new(3, kept);
        let e = fence.admit(4).await.unwrap_err();
        assert!(e.to_string().contains("disk full"), "{e}");
        assert_eq!(fence.newest(), 3);
    }
}
