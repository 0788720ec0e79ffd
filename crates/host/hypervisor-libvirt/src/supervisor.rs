//! Keeps the connection: opens it, hands events on, notices its end, opens it again.

use crate::calls::NoAnswer;
use crate::link::Link;
use crate::machines::{Seen, one};
use crate::shared::{Look, Shared};
use crate::sys::{RawEvent, Signal};
use base::VmId;
use hypervisor::HypervisorError;
use std::sync::Arc;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// A connection that somebody no longer trusts, and why.
pub(crate) struct Suspicion {
    pub link: u64,
    pub message: String,
}

/// Runs until it is dropped.
pub(crate) async fn supervise(shared: Arc<Shared>, mut suspicions: UnboundedReceiver<Suspicion>) {
    let (first, longest) = shared.config.reconnect;
    let mut wait = first;
    for number in 1.. {
        let (sender, mut signals) = unbounded_channel();
        let config = shared.config.clone();
        let opened = shared.calls.run(shared.config.launch_deadline, move || {
            Link::open(number, &config, &sender)
        });
        let problem = match opened.await {
            Ok(Ok((link, seen))) => {
                wait = first;
                let found: Vec<_> = seen.iter().map(Seen::found).collect();
                shared.memory().resync(&found, shared.clock.now());
                shared.link_set(Some(Arc::new(link)));
                shared.hub.back();
                tracing::info!(
                    machines = found.len(),
                    "connected with {}",
                    shared.config.uri
                );
                let problem = listen(&shared, number, &mut signals, &mut suspicions).await;
                shared.link_set(None);
                problem
            }
            Ok(Err(error)) => error.to_string(),
            Err(NoAnswer::Deadline) => "libvirt did not answer in time".into(),
            Err(NoAnswer::Full) => format!(
                "all {} threads wait for libvirt, {} of them without hope",
                shared.config.max_calls,
                shared.calls.abandoned()
            ),
            Err(NoAnswer::Thread) => "no thread for the connection".into(),
        };
        if shared.hub.lost_because().as_ref() != Some(&problem) {
            tracing::warn!("no connection with {}: {problem}", shared.config.uri);
        }
        shared.hub.lost(problem);
        tokio::time::sleep(wait).await;
        wait = (wait * 2).min(longest);
    }
}

/// Hands on events until the connection is lost; says how.
async fn listen(
    shared: &Arc<Shared>,
    number: u64,
    signals: &mut UnboundedReceiver<Signal>,
    suspicions: &mut UnboundedReceiver<Suspicion>,
) -> String {
    loop {
        tokio::select! {
            signal = signals.recv() => match signal {
                Some(Signal::Domain { vm, event }) => note(shared, vm, &event).await,
                Some(Signal::Closed { reason }) => return close_reason(reason).into(),
                None => return "libvirt listens no more".into(),
            },
            Some(suspicion) = suspicions.recv() => {
                if suspicion.link == number {
                    return suspicion.message;
                }
            }
        }
    }
}

async fn note(shared: &Arc<Shared>, vm: VmId, event: &RawEvent) {
    let look = shared.note(vm, event);
    if look == Look::No {
        return;
    }
    // Coming from another host, or begun by an agent before us whose command came through late.
    let looked = shared.call(shared.config.call_deadline, move |shared, link| {
        one(shared, link, vm)
    });
    match looked.await {
        Ok(machine) => {
            if let Look::Began { arriving } = look {
                shared.began(vm, machine.epoch, arriving);
            }
        }
        Err(HypervisorError::NoMachine { .. }) => {}
        Err(error) => tracing::warn!(vm.id = %vm, "a new machine could not be looked at: {error}"),
    }
}

/// `virConnectCloseReason`.
fn close_reason(reason: i32) -> &'static str {
    match reason {
        1 => "libvirt's daemon closed the connection",
        2 => "libvirt's daemon gives no sign of life",
        3 => "the connection was closed here",
        _ => "the connection with libvirt's daemon broke",
    }
}
