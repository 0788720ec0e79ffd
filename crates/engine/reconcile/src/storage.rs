//! The storage domain monitor: how full domains are, and which are reached at all.

use crate::host::data_center_of;
use crate::reconciler::Shared;
use audit::AuditEvent;
use base::{HostId, StorageDomainId, Timestamp};
use domain::storage::{StorageDomain, StorageDomainObserved, StorageDomainStatus};
use ports::hosts::StorageDomainUsage;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

const GIB: u64 = 1 << 30;
/// Work on a domain is woken at most this often because hosts come back.
const WAKE_EVERY: Duration = Duration::from_secs(1);

/// How full a domain is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
enum Space {
    #[default]
    Enough,
    Low,
    Critical,
}

/// What was told of each domain.
#[derive(Default)]
pub(crate) struct StorageMonitor {
    told: Mutex<HashMap<StorageDomainId, Told>>,
}

#[derive(Default)]
struct Told {
    space: Space,
    status: Option<StorageDomainStatus>,
    /// It was told that nobody reaches it.
    lost: bool,
    /// When work on it was last woken.
    woken: Option<Timestamp>,
}

impl StorageMonitor {
    fn told(&self) -> MutexGuard<'_, HashMap<StorageDomainId, Told>> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A host has measured a domain.
    pub fn usage(&self, shared: &Arc<Shared>, id: StorageDomainId, usage: StorageDomainUsage) {
        let rooms = &shared.rooms;
        let seen = observed(usage, rooms.clock.now());
        rooms.projection.storage_domain_observed(id, Some(seen));
        self.warn(shared, id, usage);
    }

    /// Warns when there is little space: once, until the domain has been better. O(1).
    pub fn warn(&self, shared: &Arc<Shared>, id: StorageDomainId, usage: StorageDomainUsage) {
        let snapshot = shared.rooms.projection.snapshot();
        let Some(domain) = snapshot.storage_domain(id) else {
            return;
        };
        let space = space_of(domain, usage);
        let before = std::mem::replace(&mut self.told().entry(id).or_default().space, space);
        if space > before {
            let (domain, available_bytes) = ((**domain).clone(), usage.available_bytes);
            tell(
                shared,
                if space == Space::Critical {
                    AuditEvent::StorageDomainSpaceCritical {
                        domain,
                        available_bytes,
                    }
                } else {
                    AuditEvent::StorageDomainSpaceLow {
                        domain,
                        available_bytes,
                    }
                },
            );
        }
    }

    /// A host that is up again reaches a domain: work on it that rests goes on. Each try is counted,
    /// so when many hosts come back together they wake it once a second, not once each.
    pub fn wake(&self, shared: &Arc<Shared>, id: StorageDomainId) {
        let now = shared.rooms.clock.now();
        {
            let mut told = self.told();
            let told = told.entry(id).or_default();
            if told
                .woken
                .is_some_and(|woken| now < woken.after(WAKE_EVERY))
            {
                return;
            }
            told.woken = Some(now);
        }
        shared.rooms.workflows.wake(id.0);
    }

    /// What a host reaches has changed: domains of its data center may have been lost or found.
    /// O(domains of the data center).
    pub fn review(&self, shared: &Arc<Shared>, host: HostId) {
        use StorageDomainStatus::{Active, Inactive};
        let snapshot = shared.rooms.projection.snapshot();
        let Some(center) = data_center_of(&snapshot, host) else {
            return;
        };
        for domain in snapshot.storage_domains_of(center) {
            let status = snapshot.storage_domain_status(domain.id);
            let (before, was_lost) = {
                let mut told = self.told();
                let told = told.entry(domain.id).or_default();
                let before = std::mem::replace(&mut told.status, status);
                let was_lost = told.lost;
                match (before, status) {
                    (Some(Active), Some(Inactive)) => told.lost = true,
                    (_, Some(Active)) => told.lost = false,
                    _ => {}
                }
                (before, was_lost)
            };
            if before == status {
                continue;
            }
            shared.rooms.workflows.signal(domain.id.0);
            let domain = (**domain).clone();
            if (before, status) == (Some(Active), Some(Inactive)) {
                let message = "No host that is up reaches it any more.".to_owned();
                tell(shared, AuditEvent::StorageDomainLost { domain, message });
            } else if was_lost && status == Some(Active) {
                tell(shared, AuditEvent::StorageDomainActivated { domain });
            }
        }
    }
}

/// What a host measured, as it is kept.
pub(crate) fn observed(usage: StorageDomainUsage, at: Timestamp) -> StorageDomainObserved {
    StorageDomainObserved {
        available_bytes: usage.available_bytes,
        used_bytes: usage.total_bytes.saturating_sub(usage.available_bytes),
        at,
    }
}

fn tell(shared: &Arc<Shared>, event: AuditEvent) {
    let beside = Arc::clone(shared);
    shared.spawn(async move { beside.tell(vec![event]).await });
}

fn space_of(domain: &StorageDomain, usage: StorageDomainUsage) -> Space {
    let free_percent = u128::from(usage.available_bytes) * 100;
    let low = u128::from(usage.total_bytes) * u128::from(domain.warning_low_space_percent);
    if usage.available_bytes < domain.critical_space_gib.saturating_mul(GIB) {
        Space::Critical
    } else if free_percent < low {
        Space::Low
    } else {
        Space::Enough
    }
}
