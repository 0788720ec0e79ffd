//! Certificates: the engine's own and its hosts' are renewed long before they end, without a restart
//! and without a break of connections. Who was not renewed in time is told of, once.
//!
//! A host's next certificate goes this way:
//!
//! ```text
//!  host: key, request ──▶ sign ──▶ noted as next ──▶ host: keeps it, shows it ──▶ noted as present
//! ```
//!
//! From the note on, the host may show either; when something breaks between two steps, the next look
//! finds out from the host itself which one it shows.

use crate::reconciler::Shared;
use audit::AuditEvent;
use base::{HostId, Timestamp};
use domain::hosts::{Enrolment, Host, NextCertificate};
use futures::StreamExt;
use pki::{Pki, Renewed};
use ports::hosts::HostError;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;
use store::{Batch, EventQuery, StoreError};
use tokio::sync::mpsc;

/// How often everything is looked at.
const EVERY: Duration = Duration::from_secs(3600);
/// Hosts whose certificates are renewed at the same time.
const HOSTS_AT_ONCE: usize = 8;
/// The engine's own are renewed 30 days before their end; half of it was in vain.
const OWN_WARN: Duration = Duration::from_secs(15 * 24 * 3600);
/// oVirt's period for the CA, which nobody renews.
const CA_WARN: Duration = Duration::from_secs(365 * 24 * 3600);
/// Somebody has to get a new outside certificate.
const OUTSIDE_WARN: Duration = Duration::from_secs(30 * 24 * 3600);
/// Older events of the same words are looked for in this many of the newest.
const TOLD_SEARCHED: u32 = 100;

/// What is to be looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Look {
    /// Everything, files included.
    All,
    /// One host that has just connected.
    Host(HostId),
}

/// Looks at everything now and then, and at what it is told to.
pub(crate) async fn keep(shared: Arc<Shared>, pki: Pki, mut looks: mpsc::UnboundedReceiver<Look>) {
    loop {
        everything(&shared, &pki).await;
        let next = shared.rooms.clock.now().after(EVERY);
        loop {
            let first = tokio::select! {
                () = shared.rooms.clock.sleep_until(next) => break,
                look = looks.recv() => look,
            };
            let Some(first) = first else { return };
            let mut hosts = HashSet::new();
            let mut all = false;
            let mut look = Some(first);
            while let Some(one) = look {
                match one {
                    Look::All => all = true,
                    Look::Host(id) => drop(hosts.insert(id)),
                }
                look = looks.try_recv().ok();
            }
            if all {
                break;
            }
            renew_hosts(&shared, &pki, hosts.into_iter().collect()).await;
        }
    }
}

async fn everything(shared: &Arc<Shared>, pki: &Pki) {
    own(shared, pki).await;
    let snapshot = shared.rooms.projection.snapshot();
    let hosts = snapshot.hosts().map(|host| host.id).collect();
    renew_hosts(shared, pki, hosts).await;
    let snapshot = shared.rooms.projection.snapshot();
    let now = shared.rooms.clock.now();
    for host in snapshot.hosts() {
        let Enrolment::Done { expires, .. } = &host.enrolment else {
            continue;
        };
        let (host, expires) = ((**host).clone(), *expires);
        if expires <= now {
            once(shared, AuditEvent::HostCertificateEnded { host, expires }).await;
        } else if pki.host_is_late(expires) {
            once(shared, AuditEvent::HostCertificateEnds { host, expires }).await;
        }
    }
}

/// The engine's own, and the outside one of the API.
async fn own(shared: &Arc<Shared>, pki: &Pki) {
    let renewing = pki.clone();
    let renewed = match tokio::task::spawn_blocking(move || renewing.renew()).await {
        Ok(Ok(renewed)) => renewed,
        Ok(Err(error)) => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "the engine's certificates could not be renewed"
            );
            return;
        }
        Err(error) => {
            tracing::error!(%error, "the engine's certificates could not be renewed");
            return;
        }
    };
    if renewed.api || renewed.engine {
        tracing::info!(
            api = renewed.api,
            engine = renewed.engine,
            "the engine's certificates were renewed"
        );
    }
    if let Some(problem) = renewed.outside_problem.clone() {
        tracing::error!(problem, "the API's outside certificate cannot be used");
        once(shared, AuditEvent::ApiCertificateRefused { problem }).await;
    }
    for event in ends(&renewed, shared.rooms.clock.now()) {
        once(shared, event).await;
    }
}

fn ends(renewed: &Renewed, now: Timestamp) -> Vec<AuditEvent> {
    let all = [
        ("the API", Some(renewed.api_expires), OWN_WARN),
        (
            "the engine towards hosts",
            Some(renewed.engine_expires),
            OWN_WARN,
        ),
        (
            "the API, which is an outside one,",
            renewed.outside_expires,
            OUTSIDE_WARN,
        ),
        ("the engine's CA", Some(renewed.ca_expires), CA_WARN),
    ];
    let told = all.into_iter().filter_map(|(whose, expires, before)| {
        let (whose, expires) = (whose.to_owned(), expires?);
        if expires <= now {
            Some(AuditEvent::EngineCertificateEnded { whose, expires })
        } else if expires <= now.after(before) {
            Some(AuditEvent::EngineCertificateEnds { whose, expires })
        } else {
            None
        }
    });
    told.collect()
}

/// Notes an event unless it was noted before in the same words: they name the certificate's end, so
/// each certificate is told of once for each threshold, also over restarts.
async fn once(shared: &Arc<Shared>, event: AuditEvent) {
    let record = event.clone().at(&shared.call(), shared.rooms.clock.now());
    let told = EventQuery {
        code: Some(record.code),
        about: domain::events::About {
            host: record.about.host,
            ..Default::default()
        },
        max: Some(TOLD_SEARCHED),
        newest_first: true,
        ..EventQuery::default()
    };
    match shared.rooms.store.events(told).await {
        Ok(told) if told.iter().any(|e| e.event.message == record.message) => {}
        Ok(_) => shared.tell(vec![event]).await,
        Err(error) => tracing::warn!(
            error = &error as &dyn std::error::Error,
            "older events could not be read; a warning of certificates comes later"
        ),
    }
}

/// Renews the certificates of those hosts that are connected and due.
async fn renew_hosts(shared: &Arc<Shared>, pki: &Pki, hosts: Vec<HostId>) {
    futures::stream::iter(hosts)
        .for_each_concurrent(HOSTS_AT_ONCE, |id| async move {
            match renew_host(shared, pki, id).await {
                Ok(()) => {}
                // It is asked again when it connects.
                Err(Failed::Host(error @ HostError::Unreachable { .. })) => {
                    tracing::debug!(host.id = %id, %error, "the host's certificate is renewed later");
                }
                Err(error) => {
                    tracing::warn!(host.id = %id, error = &error as &dyn std::error::Error, "the host's certificate could not be renewed");
                }
            }
        })
        .await;
}

#[derive(Debug, thiserror::Error)]
enum Failed {
    #[error("the host did not do its part: {0}")]
    Host(#[from] HostError),
    #[error("its request cannot be signed")]
    Pki(#[from] pki::PkiError),
    #[error("it cannot be noted")]
    Store(#[from] StoreError),
}

/// The certificate in use, and one that is on its way.
fn certificates(host: &Host) -> Option<(&str, Timestamp, Option<&NextCertificate>)> {
    match &host.enrolment {
        Enrolment::Pending { .. } => None,
        Enrolment::Done {
            fingerprint,
            expires,
            renewal,
        } => Some((fingerprint, *expires, renewal.next.as_ref())),
    }
}

async fn renew_host(shared: &Arc<Shared>, pki: &Pki, id: HostId) -> Result<(), Failed> {
    let snapshot = shared.rooms.projection.snapshot();
    let Some((_, expires, next)) = snapshot.host(id).and_then(|h| certificates(h)) else {
        return Ok(());
    };
    if next.is_none() && !pki.host_is_due(expires) {
        return Ok(());
    }
    let session = shared.rooms.agents.session(id);
    let Some(session) = session.filter(|s| s.is_connected()) else {
        return Ok(());
    };
    let asked = session.certificate_request().await?;
    if let Some(next) = next.filter(|next| next.fingerprint == asked.fingerprint) {
        // It has got the last one, but that was not noted.
        arrived(shared, id, next).await?;
        if !pki.host_is_due(next.expires) {
            return Ok(());
        }
    }
    let signed = pki.sign_host(id, &asked.csr_pem)?;
    let next = NextCertificate {
        fingerprint: signed.fingerprint.to_string(),
        expires: signed.expires,
    };
    let noted = shared
        .commit(|snapshot, _| {
            let mut host = (**snapshot.host(id)?).clone();
            match &mut host.enrolment {
                // Else it has joined anew meanwhile: the request is of the past.
                Enrolment::Done {
                    fingerprint,
                    renewal,
                    ..
                } if *fingerprint == asked.fingerprint => renewal.next = Some(next.clone()),
                _ => return None,
            }
            let mut batch = Batch::new();
            batch.put(host);
            Some(batch)
        })
        .await?;
    if !noted {
        tracing::warn!(host.id = %id, shown = asked.fingerprint, "the host shows another certificate than it has; join it anew");
        return Ok(());
    }
    session.certificate_install(signed.pem).await?;
    arrived(shared, id, &next).await?;
    tracing::info!(host.id = %id, certificate.expires = %next.expires, "the host's certificate was renewed");
    Ok(())
}

/// The host shows its next certificate: the one before is no longer taken.
async fn arrived(shared: &Shared, id: HostId, next: &NextCertificate) -> Result<(), StoreError> {
    shared
        .commit(|snapshot, _| {
            let mut host = (**snapshot.host(id)?).clone();
            let Enrolment::Done {
                fingerprint,
                expires,
                renewal,
            } = &mut host.enrolment
            else {
                return None;
            };
            if renewal.next.as_ref() != Some(next) {
                return None;
            }
            let before = std::mem::replace(fingerprint, next.fingerprint.clone());
            *expires = next.expires;
            renewal.joined.get_or_insert(before);
            renewal.next = None;
            let mut batch = Batch::new();
            batch.put(host);
            Some(batch)
        })
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_secs(24 * 3600);

    #[test]
    fn each_certificate_has_its_own_time_to_be_told_of() {
        let now = Timestamp(1_767_225_600_000_000);
        let mut renewed = Renewed {
            api: false,
            engine: false,
            api_expires: now.after(DAY * 16),
            engine_expires: now.after(DAY * 16),
            outside_expires: None,
            outside_problem: None,
            ca_expires: now.after(DAY * 366),
        };
        assert!(ends(&renewed, now).is_empty());
        renewed.outside_expires = Some(now.after(DAY * 29));
        renewed.ca_expires = now.after(DAY * 364);
        renewed.engine_expires = now;
        let told: Vec<i32> = ends(&renewed, now).iter().map(|e| e.kind().code).collect();
        assert_eq!(told, [846, 847, 847]);
    }
}
