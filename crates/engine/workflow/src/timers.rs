//! Waking slots whose time has come: one task for all of them.

use crate::engine::{Engine, Inner};
use crate::slots::SlotState;
use std::cmp::Reverse;
use std::sync::Weak;

/// Wakes slots whose time has come. Ends with the last handle of the engine.
pub(crate) async fn run_timers(engine: Weak<Inner>) {
    loop {
        let Some(inner) = engine.upgrade() else {
            return;
        };
        let engine_now = Engine(inner);
        let now = engine_now.0.clock.now();
        let (due, next) = {
            let mut slots = engine_now.slots();
            let mut due = Vec::new();
            while let Some(Reverse((at, id))) = slots.timers.peek().copied() {
                if at > now {
                    break;
                }
                slots.timers.pop();
                if let Some(slot) = slots.by_id.get_mut(&id)
                    && matches!(slot.state, SlotState::Waiting { until, .. } if until <= now)
                {
                    slot.state = SlotState::Running { signalled: false };
                    due.push(id);
                }
            }
            (due, slots.timers.peek().map(|Reverse((at, _))| *at))
        };
        for id in due {
            engine_now.spawn(id);
        }
        let mut stopped = engine_now.0.stopped.subscribe();
        tokio::select! {
            _ = stopped.wait_for(|s| *s) => return,
            () = engine_now.0.timer.notified() => {}
            () = async {
                match next {
                    Some(at) => engine_now.0.clock.sleep_until(at).await,
                    None => std::future::pending().await,
                }
            } => {}
        }
    }
}
