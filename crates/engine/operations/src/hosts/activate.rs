//! Using a host again that was in maintenance, or on its way there.

use crate::deciding::decide;
use crate::{Accepted, Rooms};
use access::Permitted;
use audit::AuditEvent;
use base::{Fault, HostId};
use store::Batch;

/// Activates a host. On its way to maintenance it is kept from going there instead: the job that
/// empties it is cancelled, VMs that have left stay where they are.
///
/// # Errors
/// 404 for an unknown host, 409 when it is in use already.
pub async fn activate(
    call: &Permitted,
    rooms: &Rooms,
    id: HostId,
) -> Result<Accepted<HostId>, Fault> {
    let preparing = decide(rooms, |snapshot, now| {
        let host = snapshot
            .host(id)
            .ok_or_else(|| Fault::not_found(HostId::WHAT, id))?;
        if let Some(job) = host.preparing {
            return Ok((Batch::new(), Some(job)));
        }
        if !host.maintenance {
            return Err(Fault::conflict(
                "VDS_ALREADY_UP",
                format!(
                    "Cannot activate Host. Host {} is not in maintenance.",
                    host.name
                ),
            ));
        }
        let mut next = (**host).clone();
        next.maintenance = false;
        let mut batch = Batch::new();
        batch.event(AuditEvent::HostActivated { host: next.clone() }.at(call, now));
        batch.put(next);
        Ok((batch, None))
    })
    .await?;
    let Some(job) = preparing else {
        return Ok(Accepted::done(id));
    };
    rooms.workflows.cancel(job)?;
    Ok(Accepted::with_job(id, job))
}
