//! Waits for events, never for time to pass.

use crate::{Hypervisor, HypervisorEvent, MachineChange};
use base::VmId;
use futures::StreamExt;
use futures::stream::BoxStream;
use std::time::Duration;

/// How long an event may take on a busy machine before the test fails.
const PATIENCE: Duration = Duration::from_secs(60);

/// A listener that waits for what it is told.
pub struct Watch {
    events: BoxStream<'static, HypervisorEvent>,
    heard: Vec<HypervisorEvent>,
}

impl Watch {
    /// Listens from now on.
    #[must_use]
    pub fn on(hypervisor: &dyn Hypervisor) -> Self {
        Watch {
            events: hypervisor.events(),
            heard: Vec::new(),
        }
    }

    /// The next event.
    ///
    /// # Panics
    /// When none comes in time.
    pub async fn next(&mut self, expected: &str) -> HypervisorEvent {
        match tokio::time::timeout(PATIENCE, self.events.next()).await {
            Ok(Some(event)) => {
                self.heard.push(event.clone());
                event
            }
            _ => panic!("no event: expected {expected}; heard {:#?}", self.heard),
        }
    }

    /// Skips events until one fits, and gives what it says.
    ///
    /// # Panics
    /// When none comes in time.
    pub async fn until<T>(
        &mut self,
        expected: &str,
        fits: impl Fn(&HypervisorEvent) -> Option<T>,
    ) -> T {
        loop {
            if let Some(found) = fits(&self.next(expected).await) {
                return found;
            }
        }
    }

    /// Skips events until one of this machine fits.
    ///
    /// # Panics
    /// When none comes in time.
    pub async fn machine<T>(
        &mut self,
        vm: VmId,
        expected: &str,
        fits: impl Fn(&MachineChange) -> Option<T>,
    ) -> T {
        let of_vm = |event: &HypervisorEvent| match event {
            HypervisorEvent::Machine { vm: id, change, .. } if *id == vm => fits(change),
            _ => None,
        };
        self.until(expected, of_vm).await
    }
}
