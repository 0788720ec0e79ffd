//! One HTTP connection from its first byte to its end, whatever it came in through.

use super::ServerError;
use super::watched::Watched;
use axum::Router;
use base::Clock;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::UnixListener;
use tokio::sync::{Semaphore, watch};
use tower::ServiceExt as _;
use tracing::{debug, warn};

/// Where a request came from; requests on the operator's socket have none.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// Bounds of what one peer, and all together, may take.
#[derive(Clone, Debug)]
pub struct Limits {
    /// A TLS handshake must be over by then.
    pub handshake: Duration,
    /// The head of a request must have come by then; also how long an idle connection is kept.
    pub head: Duration,
    /// A peer that takes nothing of its answer for so long is given up.
    pub stall: Duration,
    /// Bytes of a request's head that are taken in at most. Those above `RequestLimits::head_bytes` are
    /// refused with words, those above this one with a status alone.
    pub head_bytes: usize,
    /// Connections at once on one listener. One neighbour (an IPv4 address, a /64 of IPv6) may hold three
    /// quarters of them; whoever finds none is told so with a 503.
    pub connections: usize,
    /// Requests at once on one HTTP/2 connection.
    pub streams: u32,
    /// After the wish to stop, requests get this long to end.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            handshake: Duration::from_secs(10),
            head: Duration::from_secs(60),
            stall: Duration::from_secs(60),
            head_bytes: 64 * 1024,
            connections: 4096,
            streams: 100,
            drain: Duration::from_secs(10),
        }
    }
}

/// Most connections, where open files allow them: each takes 20 to 30 KiB.
const CONNECTIONS_MOST: usize = 16_384;

impl Limits {
    /// As many connections as a process that may have `files` open can hold, with a quarter of its files
    /// left for hosts and the database.
    #[must_use]
    pub fn for_open_files(files: usize) -> Self {
        Limits {
            connections: (files - files / 4).clamp(64, CONNECTIONS_MOST),
            ..Limits::default()
        }
    }
}

/// The wish to stop, as listeners see it.
#[derive(Clone, Debug)]
pub struct Stop(watch::Receiver<bool>);

/// Expresses the wish to stop.
#[derive(Debug)]
pub struct StopHandle(watch::Sender<bool>);

/// A wish to stop and its handle. Dropping the handle is the wish, too.
#[must_use]
pub fn stop_channel() -> (StopHandle, Stop) {
    let (sender, receiver) = watch::channel(false);
    (StopHandle(sender), Stop(receiver))
}

impl StopHandle {
    /// Listeners take nobody any more; requests that run may end.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

impl Stop {
    /// Returns when the wish is there.
    pub async fn wished(&mut self) {
        // An error means that the handle is gone, which is the wish, too.
        let _ = self.0.wait_for(|stop| *stop).await;
    }
}

/// Talks HTTP/1.1 or HTTP/2 with one peer until it goes, is too slow, or the engine stops.
pub(super) async fn talk<S>(
    stream: S,
    peer: Option<SocketAddr>,
    app: Router,
    limits: &Limits,
    clock: &dyn Clock,
    mut stop: Stop,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_buf_size(limits.head_bytes.max(8192));
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(Some(limits.head))
        .max_concurrent_streams(limits.streams)
        .max_header_list_size(u32::try_from(limits.head_bytes).unwrap_or(u32::MAX));
    let service = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
        let mut request = request.map(axum::body::Body::new);
        if let Some(address) = peer {
            request.extensions_mut().insert(Peer(address));
        }
        app.clone().oneshot(request)
    });
    let mut stream = Watched::new(stream, limits.head, limits.stall);
    let ended = {
        let connection = builder.serve_connection(TokioIo::new(stream.clone()), service);
        tokio::pin!(connection);
        tokio::select! {
            ended = connection.as_mut() => ended,
            () = stop.wished() => {
                connection.as_mut().graceful_shutdown();
                tokio::select! {
                    ended = connection.as_mut() => ended,
                    () = clock.sleep(limits.drain) => Ok(()),
                }
            }
        }
    };
    let Err(e) = ended else { return };
    if is_slow(&*e) && stream.waits() {
        // HTTP's machinery only closes; the peer should know why.
        let seconds = limits.head.as_secs();
        let text = format!("The request's head did not come within {seconds} seconds.\n");
        if let Err(e) = stream
            .say(&farewell("408 Request Timeout", "", &text))
            .await
        {
            debug!(error = %e, "a slow peer could not be told so");
        }
    }
    debug!(error = %e, "a connection ended early");
}

/// A whole answer after which the connection is closed.
pub(super) fn farewell(status: &str, header: &str, text: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n{header}Connection: close\r\n\r\n{text}",
        text.len()
    )
}

/// Whether somebody's patience ended.
fn is_slow(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(e) = next {
        let slow = e
            .downcast_ref::<hyper::Error>()
            .is_some_and(hyper::Error::is_timeout)
            || e.downcast_ref::<std::io::Error>()
                .is_some_and(|e| e.kind() == std::io::ErrorKind::TimedOut);
        if slow {
            return true;
        }
        next = e.source();
    }
    false
}

/// Answers `app` on a Unix socket at `path` until the wish to stop; the socket is mode 0600, and
/// a file left there by an earlier process is replaced.
///
/// # Errors
/// When the socket can't be made or breaks.
pub async fn serve_operator_socket(
    path: &Path,
    app: Router,
    limits: Limits,
    clock: Arc<dyn Clock>,
    mut stop: Stop,
) -> Result<(), ServerError> {
    let listener = bind_private(path).map_err(|cause| ServerError::Socket {
        path: path.to_owned(),
        cause,
    })?;
    let places = Arc::new(Semaphore::new(64));
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.wished() => break,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(e) => {
                warn!(error = %e, "a connection to the operator's socket was lost");
                clock.sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let Ok(place) = places.clone().try_acquire_owned() else {
            continue;
        };
        let (app, limits, clock, stop) = (app.clone(), limits.clone(), clock.clone(), stop.clone());
        tokio::spawn(async move {
            talk(stream, None, app, &limits, &*clock, stop).await;
            drop(place);
        });
    }
    let _ = std::fs::remove_file(path);
    Ok(())
}

/// The socket is born without rights for anybody else: it is bound under a private name beside its
/// place, and moved there when its mode is set.
fn bind_private(path: &Path) -> std::io::Result<UnixListener> {
    use std::os::unix::fs::PermissionsExt as _;
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(".new");
    let temporary = std::path::PathBuf::from(temporary);
    match std::fs::remove_file(&temporary) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(e),
        _ => {}
    }
    let listener = UnixListener::bind(&temporary)?;
    std::fs::set_permissions(&temporary, std::fs::Permissions::from_mode(0o600))?;
    std::fs::rename(&temporary, path)?;
    Ok(listener)
}
