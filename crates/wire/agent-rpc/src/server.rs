//! Listening for the engine: TCP, mutual TLS, then the service.

use crate::MESSAGE_MAX_BYTES;
use crate::proto::agent_server::AgentServer;
use crate::service::AgentService;
use base::Clock;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::Server;

/// A peer must have shown its certificate in this time.
const HANDSHAKE_LIMIT: Duration = Duration::from_secs(10);
/// So many peers may be in the middle of it; more wait in the kernel's queue.
const HANDSHAKES_AT_ONCE: usize = 32;
/// Commands under way have so long to end when the agent stops.
const STOP_LIMIT: Duration = Duration::from_secs(10);
/// A ping goes out when nothing was heard for so long, so that dead connections end here, too.
const PING_EVERY: Duration = Duration::from_secs(20);
/// A rest after an error of accept(2), which is nearly always a lack of file descriptors.
const ACCEPT_REST: Duration = Duration::from_millis(200);

/// Why serving ended with an error.
#[derive(Debug, thiserror::Error)]
#[error("the agent's port is no longer served")]
pub struct ServeError(#[source] tonic::transport::Error);

/// Serves `service` on `listener` until `stop`; then ends the streams, lets commands under way end
/// (10 s at most) and returns. Peers without a certificate that `tls` accepts never reach it.
///
/// # Errors
/// [`ServeError`] when HTTP/2 can't be served at all; a single bad peer is only logged.
pub async fn serve(
    listener: TcpListener,
    tls: Arc<rustls::ServerConfig>,
    service: AgentService,
    clock: Arc<dyn Clock>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    let (ready, connections) = mpsc::channel(8);
    let acceptor = tokio::spawn(accept(listener, tls, Arc::clone(&clock), ready));
    let (stopped, stopping) = tokio::sync::oneshot::channel::<()>();
    let ender = service.clone();
    let grpc = AgentServer::new(service)
        .max_decoding_message_size(MESSAGE_MAX_BYTES)
        .max_encoding_message_size(MESSAGE_MAX_BYTES);
    let server = Server::builder()
        .http2_keepalive_interval(Some(PING_EVERY))
        .add_service(grpc)
        .serve_with_incoming_shutdown(ReceiverStream::new(connections), async move {
            stop.await;
            ender.stop();
            let _ = stopped.send(());
        });
    let late = async {
        match stopping.await {
            Ok(()) => clock.sleep(STOP_LIMIT).await,
            Err(_) => std::future::pending().await,
        }
    };
    let outcome = tokio::select! {
        outcome = server => outcome.map_err(ServeError),
        () = late => {
            tracing::warn!("commands under way did not end within {STOP_LIMIT:?}; the agent stops without them");
            Ok(())
        }
    };
    acceptor.abort();
    outcome
}

type Connection = Result<TlsStream<TcpStream>, std::io::Error>;

async fn accept(
    listener: TcpListener,
    tls: Arc<rustls::ServerConfig>,
    clock: Arc<dyn Clock>,
    ready: mpsc::Sender<Connection>,
) {
    let acceptor = TlsAcceptor::from(tls);
    let places = Arc::new(Semaphore::new(HANDSHAKES_AT_ONCE));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else {
            return;
        };
        let (tcp, peer) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                clock.sleep(ACCEPT_REST).await;
                continue;
            }
        };
        let (acceptor, clock, ready) = (acceptor.clone(), Arc::clone(&clock), ready.clone());
        tokio::spawn(async move {
            let _ = tcp.set_nodelay(true);
            let shaken = tokio::select! {
                shaken = acceptor.accept(tcp) => shaken,
                () = clock.sleep(HANDSHAKE_LIMIT) => Err(std::io::ErrorKind::TimedOut.into()),
            };
            drop(place);
            match shaken {
                // The receiver is gone only when the agent stops.
                Ok(tls) => drop(ready.send(Ok(tls)).await),
                Err(error) => tracing::warn!(%peer, %error, "a peer is not the engine"),
            }
        });
    }
}
