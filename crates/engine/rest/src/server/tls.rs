//! The HTTPS listener.

use super::ServerError;
use super::connection::{Limits, Stop, farewell, talk};
use super::places::{Full, Places};
use axum::Router;
use base::Clock;
use rustls::ServerConfig;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tracing::{debug, warn};

/// Peers at once that are told that there is no place; more are just closed.
const REFUSALS: usize = 64;

/// How long telling so may take, and how many bytes of their request are taken in meanwhile.
const REFUSAL: Duration = Duration::from_secs(5);
const REFUSAL_BYTES: u64 = 64 * 1024;

/// Answers `app` over TLS until the wish to stop, then until requests that run have ended.
///
/// # Errors
/// When the listener breaks for good.
pub async fn serve_https(
    listener: TcpListener,
    tls: Arc<ServerConfig>,
    app: Router,
    limits: Limits,
    clock: Arc<dyn Clock>,
    mut stop: Stop,
) -> Result<(), ServerError> {
    let acceptor = TlsAcceptor::from(tls);
    let places = Places::new(limits.connections);
    let refusals = Arc::new(Semaphore::new(REFUSALS));
    let mut talks = JoinSet::new();
    loop {
        while talks.try_join_next().is_some() {}
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.wished() => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(e) if is_fatal(&e) => {
                return Err(ServerError::Accept {
                    address: address_of(&listener),
                    cause: e,
                });
            }
            Err(e) => {
                // Out of file descriptors, or the peer is gone already: others may still come.
                warn!(error = %e, "a connection could not be accepted");
                clock.sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let (acceptor, app, limits, clock, stop) = (
            acceptor.clone(),
            app.clone(),
            limits.clone(),
            clock.clone(),
            stop.clone(),
        );
        let place = match places.take(peer.ip()) {
            Ok(place) => place,
            Err(full) => {
                debug!(%peer, ?full, "a connection is refused");
                if let Ok(turn) = refusals.clone().try_acquire_owned() {
                    talks.spawn(async move {
                        let _turn = turn;
                        tokio::select! {
                            () = refuse(stream, acceptor, full) => {}
                            () = clock.sleep(REFUSAL) => {}
                        }
                    });
                }
                continue;
            }
        };
        talks.spawn(async move {
            let _place = place;
            greet(stream, acceptor, app, &limits, &*clock, stop).await;
        });
    }
    drop(listener);
    while talks.join_next().await.is_some() {}
    Ok(())
}

/// Says why there is no place, in the peer's own terms.
async fn refuse(stream: TcpStream, acceptor: TlsAcceptor, full: Full) {
    let Ok(mut stream) = acceptor.accept(stream).await else {
        return;
    };
    let text = match full {
        Full::All(most) => format!("All {most} connections are taken; try again later.\n"),
        Full::Share(share) => format!(
            "Your address holds {share} connections, which is its share; close some or try again later.\n"
        ),
    };
    let words = farewell("503 Service Unavailable", "Retry-After: 5\r\n", &text);
    if stream.write_all(words.as_bytes()).await.is_ok() && stream.shutdown().await.is_ok() {
        // Closed with bytes that nobody read, the connection would be reset and the words lost.
        let mut rest = stream.take(REFUSAL_BYTES);
        let _ = tokio::io::copy(&mut rest, &mut tokio::io::sink()).await;
    }
}

async fn greet(
    stream: TcpStream,
    acceptor: TlsAcceptor,
    app: Router,
    limits: &Limits,
    clock: &dyn Clock,
    stop: Stop,
) {
    let peer = stream.peer_addr().ok();
    // Small answers should not wait for acknowledgements of earlier ones.
    let _ = stream.set_nodelay(true);
    let handshake = tokio::select! {
        handshake = acceptor.accept(stream) => handshake,
        () = clock.sleep(limits.handshake) => return,
    };
    match handshake {
        Ok(stream) => talk(stream, peer, app, limits, clock, stop).await,
        Err(e) => debug!(error = %e, "a TLS handshake failed"),
    }
}

fn is_fatal(e: &std::io::Error) -> bool {
    matches!(
        e.kind(),
        std::io::ErrorKind::InvalidInput | std::io::ErrorKind::NotConnected
    )
}

fn address_of(listener: &TcpListener) -> String {
    listener
        .local_addr()
        .map_or_else(|_| "its address".to_owned(), |a| a.to_string())
}
