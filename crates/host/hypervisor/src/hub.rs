//! Hands an adapter's events to any number of listeners.

use crate::HypervisorEvent;
use futures::StreamExt;
use futures::stream::{self, BoxStream};
use std::sync::{Mutex, PoisonError};
use tokio::sync::broadcast::{self, error::RecvError};

/// Events a slow listener may be behind before it is told `Missed`.
const BACKLOG: usize = 4096;

/// The state of the connection and everybody who listens. Each listener first hears whether the
/// connection stands, and then everything that follows, in order.
#[derive(Debug)]
pub struct EventHub {
    // Held while sending too, so that a new listener's first event fits what follows.
    lost: Mutex<Option<String>>,
    sender: broadcast::Sender<HypervisorEvent>,
}

impl EventHub {
    /// A hub whose connection does not stand yet.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self::with_backlog(message, BACKLOG)
    }

    /// The same for listeners that are told `Missed` when they are `backlog` events behind; its memory
    /// is taken at once.
    #[must_use]
    pub fn with_backlog(message: impl Into<String>, backlog: usize) -> Self {
        EventHub {
            lost: Mutex::new(Some(message.into())),
            sender: broadcast::channel(backlog.max(1)).0,
        }
    }

    /// Why there is no connection; `None` when it stands.
    #[must_use]
    pub fn lost_because(&self) -> Option<String> {
        self.state().clone()
    }

    /// Tells of a loss, once; a second one in a row only changes the reason.
    pub fn lost(&self, message: impl Into<String>) {
        let message = message.into();
        let was = self.state().replace(message.clone());
        if was.is_none() {
            self.send(HypervisorEvent::Lost { message });
        }
    }

    /// Tells that the connection stands.
    pub fn back(&self) {
        let mut state = self.state();
        *state = None;
        let _ = self.sender.send(HypervisorEvent::Back);
    }

    /// Tells everybody.
    pub fn send(&self, event: HypervisorEvent) {
        let _state = self.state();
        // Nobody listening is fine.
        let _ = self.sender.send(event);
    }

    /// A new listener.
    #[must_use]
    pub fn events(&self) -> BoxStream<'static, HypervisorEvent> {
        let state = self.state();
        let receiver = self.sender.subscribe();
        let first = match &*state {
            None => HypervisorEvent::Back,
            Some(message) => HypervisorEvent::Lost {
                message: message.clone(),
            },
        };
        let rest = stream::unfold(receiver, |mut receiver| async {
            match receiver.recv().await {
                Ok(event) => Some((event, receiver)),
                Err(RecvError::Lagged(count)) => {
                    Some((HypervisorEvent::Missed { count }, receiver))
                }
                Err(RecvError::Closed) => None,
            }
        });
        stream::once(async { first }).chain(rest).boxed()
    }

    fn state(&self) -> std::sync::MutexGuard<'_, Option<String>> {
        self.lost.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn each_listener_hears_first_how_it_is_now() {
        let hub = EventHub::new("not connected yet");
        let mut early = hub.events();
        hub.back();
        let mut late = hub.events();
        hub.lost("gone");
        hub.lost("still gone");
        hub.back();
        let lost = |m: &str| HypervisorEvent::Lost { message: m.into() };
        drop(hub);
        let mut heard = Vec::new();
        while let Some(event) = early.next().await {
            heard.push(event);
        }
        use HypervisorEvent::Back;
        assert_eq!(heard, [lost("not connected yet"), Back, lost("gone"), Back]);
        assert_eq!(late.next().await, Some(Back));
        assert_eq!(late.next().await, Some(lost("gone")));
    }

    #[tokio::test]
    async fn a_slow_listener_is_told_that_it_missed_something() {
        let hub = EventHub::new("");
        let mut events = hub.events();
        for _ in 0..BACKLOG + 5 {
            hub.send(HypervisorEvent::Back);
        }
        events.next().await;
        let missed = events.next().await;
        assert_eq!(missed, Some(HypervisorEvent::Missed { count: 5 }));
    }
}
