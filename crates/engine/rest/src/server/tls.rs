//! The HTTPS listener.

use super::ServerError;
use super::connection::{Limits, Stop, talk};
use axum::Router;
use base::Clock;
use rustls::ServerConfig;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tracing::{debug, warn};

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
    let places = Arc::new(Semaphore::new(limits.connections.max(1)));
    let mut talks = JoinSet::new();
    loop {
        while talks.try_join_next().is_some() {}
        let next = async {
            // A place first: beyond the limit peers wait in the kernel's queue.
            let place = places.clone().acquire_owned().await;
            (listener.accept().await, place)
        };
        let (accepted, place) = tokio::select! {
            next = next => next,
            () = stop.wished() => break,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
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
        talks.spawn(async move {
            let _place = place;
            greet(stream, acceptor, app, &limits, &*clock, stop).await;
        });
    }
    drop(listener);
    while talks.join_next().await.is_some() {}
    Ok(())
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
