//! Taking a request in within its bounds: how large its head and body may be, how long a body may take,
//! and how much of all bodies together is held at once.

use crate::Front;
use axum::body::Body;
use base::{Fault, FaultKind};
use bytes::Bytes;
use http::Method;
use http_body_util::BodyExt as _;
use hyper::body::Body as _;
use tokio::sync::OwnedSemaphorePermit;

/// The fault key of a head over the limit (431).
pub const HEAD_TOO_LARGE: &str = "HEAD_TOO_LARGE";
/// The fault key of a body over the limit (413).
pub const BODY_TOO_LARGE: &str = "BODY_TOO_LARGE";
/// The fault key of a body that does not come (408).
pub const BODY_TOO_SLOW: &str = "BODY_TOO_SLOW";

/// Bytes of a head as HTTP/1.1 would carry them, without what stands between.
fn head_bytes(head: &http::request::Parts) -> usize {
    let target = head.uri.path_and_query().map_or(0, |p| p.as_str().len());
    let headers = head
        .headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len());
    target + headers.sum::<usize>()
}

/// Is the head no larger than allowed?
///
/// # Errors
/// 431 with its size and the limit.
pub fn head_fits(front: &Front, head: &http::request::Parts) -> Result<(), Fault> {
    let (found, limit) = (head_bytes(head), front.limits.head_bytes);
    if found <= limit {
        return Ok(());
    }
    Err(Fault::bad_request(
        HEAD_TOO_LARGE,
        format!("The request's target and headers have {found} bytes; {limit} are allowed."),
    ))
}

/// Takes the body in, within its bounds. What it holds counts until the last part of it is dropped.
///
/// # Errors
/// 413 for one that is larger, before it is taken in where its length is told; 408 for one that is too
/// slow; 503 when bodies of others have taken all room; 400 for one that breaks off.
pub async fn receive(front: &Front, method: &Method, body: Body) -> Result<Bytes, Fault> {
    if matches!(*method, Method::GET | Method::HEAD) {
        return Ok(Bytes::new());
    }
    tokio::select! {
        taken = take(front, body) => taken,
        () = front.rooms.clock.sleep(front.limits.body) => Err(Fault::bad_request(
            BODY_TOO_SLOW,
            format!("The body did not come within {} seconds.", front.limits.body.as_secs()),
        )),
    }
}

/// Bytes that count as held while they are.
struct Counted {
    bytes: Vec<u8>,
    _room: Option<OwnedSemaphorePermit>,
}

impl AsRef<[u8]> for Counted {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

async fn take(front: &Front, mut body: Body) -> Result<Bytes, Fault> {
    let limit = front.limits.body_bytes;
    let too_large = || {
        Fault::bad_request(
            BODY_TOO_LARGE,
            format!("The body is larger than {limit} bytes."),
        )
    };
    if body.size_hint().lower() > u64::try_from(limit).unwrap_or(u64::MAX) {
        return Err(too_large());
    }
    let mut taken = Counted {
        bytes: Vec::new(),
        _room: None,
    };
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Fault::bad_request("BODY_BROKEN", "The body broke off."))?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        if data.len() > limit - taken.bytes.len() {
            return Err(too_large());
        }
        let room = front.body_room(data.len()).ok_or_else(|| {
            Fault::new(
                FaultKind::Unavailable,
                "TOO_MANY_BODIES",
                "Bodies of other requests have taken all room that there is for them; try again later.",
            )
        })?;
        match &mut taken._room {
            Some(all) => all.merge(room),
            none => *none = Some(room),
        }
        taken.bytes.extend_from_slice(&data);
    }
    Ok(Bytes::from_owner(taken))
}
