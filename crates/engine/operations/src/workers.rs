//! Which host does storage work, and what its refusals mean for a step.

use crate::Rooms;
use base::{Fault, FaultKind, HostId, StorageDomainId};
use domain::hosts::HostStatus;
use ports::hosts::{HostError, HostSession};
use std::sync::Arc;
use uuid::Uuid;
use workflow::StepError;

/// A host that can do the work.
pub(crate) struct Worker {
    /// How to speak with it.
    pub session: Arc<dyn HostSession>,
    /// Its name, for messages.
    pub name: String,
    /// There are others that could do it.
    pub others: bool,
}

/// Picks one of the hosts that are up, answer, and have all the domains connected. The same salt
/// picks the same host, other salts spread; each further attempt picks the next one.
///
/// # Errors
/// `Passing` when there is none now.
pub(crate) fn worker(
    rooms: &Rooms,
    domains: &[StorageDomainId],
    salt: Uuid,
    attempt: u32,
) -> Result<Worker, StepError> {
    let snapshot = rooms.projection.snapshot();
    let able = |id: HostId| {
        snapshot.host_status(id) == Some(HostStatus::Up)
            && snapshot
                .host_observed(id)
                .is_some_and(|o| domains.iter().all(|d| o.storage.contains(d)))
    };
    let mut fit: Vec<Worker> = snapshot
        .hosts()
        .filter(|h| able(h.id))
        .filter_map(|h| {
            let session = rooms
                .agents
                .session(h.id)
                .filter(|session| session.is_connected())?;
            Some(Worker {
                session,
                name: h.name.clone(),
                others: true,
            })
        })
        .collect();
    if fit.is_empty() {
        let names: Vec<String> = domains
            .iter()
            .map(|d| {
                snapshot
                    .storage_domain(*d)
                    .map_or_else(|| d.to_string(), |d| d.name.clone())
            })
            .collect();
        return Err(StepError::Passing(Fault::unavailable(
            "ACTION_TYPE_FAILED_NO_VDS_IN_POOL",
            format!(
                "No host is up that has storage domain {} connected.",
                names.join(" and ")
            ),
        )));
    }
    let count = fit.len();
    let turn = salt
        .as_u128()
        .wrapping_add(u128::from(attempt.saturating_sub(1)));
    let index = usize::try_from(turn % (count as u128)).unwrap_or(0);
    let mut chosen = fit.swap_remove(index);
    chosen.others = count > 1;
    Ok(chosen)
}

/// The session of one host.
///
/// # Errors
/// `Passing` when it has none.
pub(crate) fn worker_at(rooms: &Rooms, host: HostId) -> Result<Worker, StepError> {
    let snapshot = rooms.projection.snapshot();
    let name = snapshot
        .host(host)
        .map_or_else(|| host.to_string(), |h| h.name.clone());
    let session = rooms.agents.session(host).ok_or_else(|| {
        StepError::Passing(Fault::unavailable(
            "VDS_NOT_CONNECTED",
            format!("Host {name} is not connected."),
        ))
    })?;
    Ok(Worker {
        session,
        name,
        others: false,
    })
}

impl Worker {
    /// What a refusal of this host means: passing when it can't be reached, or when another host may
    /// do what this one can't.
    pub(crate) fn refused(&self, doing: &str, error: &HostError) -> StepError {
        let passing = match error {
            HostError::Unreachable { .. } => true,
            HostError::Refused { .. } | HostError::Unsupported { .. } => self.others,
            HostError::Stale { .. } | HostError::NotFound { .. } | HostError::Failed { .. } => {
                false
            }
        };
        let words = format!("Host {} could not {doing}: {error}", self.name);
        if passing {
            StepError::Passing(Fault::unavailable("VDS_NETWORK_ERROR", words))
        } else {
            StepError::Final(Fault::new(
                FaultKind::Conflict,
                "STORAGE_OPERATION_FAILED",
                words,
            ))
        }
    }
}
