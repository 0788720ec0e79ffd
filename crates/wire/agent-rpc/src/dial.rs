//! Making one connection with one agent over mutual TLS.
//!
//! A connection is made once and never again by itself: after a break the engine must say hello
//! anew before it commands, so whoever dialled (`host-link`) dials again.

use crate::client::AgentClient;
use base::{Clock, HostId};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio_rustls::TlsConnector;
use tonic::transport::Endpoint;

/// TCP, and then TLS and HTTP/2 together, must be done in this time.
const DIAL_LIMIT: Duration = Duration::from_secs(10);
/// A ping goes out when nothing was heard for so long.
const PING_EVERY: Duration = Duration::from_secs(5);
/// The connection is dead when a ping is not answered in this time.
const PING_LIMIT: Duration = Duration::from_secs(10);

/// Whom to dial, and as which engine.
#[derive(Clone)]
pub struct DialTo {
    /// The host; `tls` must check that the certificate is this host's.
    pub host: HostId,
    /// FQDN or IP.
    pub address: String,
    /// TCP port.
    pub port: u16,
    /// The engine's certificate and what it trusts, for this host only.
    pub tls: Arc<rustls::ClientConfig>,
    /// This engine's incarnation.
    pub fence_epoch: u64,
    /// For time limits.
    pub clock: Arc<dyn Clock>,
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub enum DialError {
    /// Neither a host name nor an IP address.
    #[error("`{0}` is neither a host name nor an IP address")]
    Address(String),
    /// Nobody listens there, or no way leads there.
    #[error("no connection to {address} port {port}: {cause}")]
    Connect {
        /// Where.
        address: String,
        /// TCP port.
        port: u16,
        /// The system's word.
        cause: std::io::Error,
    },
    /// The other side is not the host, or does not take us for the engine.
    #[error("no trust with {address} port {port}: {cause}")]
    Tls {
        /// Where.
        address: String,
        /// TCP port.
        port: u16,
        /// What TLS found.
        cause: std::io::Error,
    },
    /// It does not speak HTTP/2.
    #[error("{address} port {port} does not speak the agent's protocol: {cause}")]
    Protocol {
        /// Where.
        address: String,
        /// TCP port.
        port: u16,
        /// What went wrong.
        cause: tonic::transport::Error,
    },
    /// It took too long.
    #[error("{address} port {port} did not answer within {limit:?}")]
    Timeout {
        /// Where.
        address: String,
        /// TCP port.
        port: u16,
        /// The limit.
        limit: Duration,
    },
}

/// Connects, proves who is who, and gives the client. Nothing was said to the agent yet.
///
/// # Errors
/// See [`DialError`]; TCP and TLS may take 10 s each.
pub async fn dial(to: DialTo) -> Result<AgentClient, DialError> {
    let tcp = within(&to, connect(&to)).await?;
    within(&to, prove(&to, tcp)).await
}

/// As [`dial`], but proves who is who only while it holds a place of `places`: that costs CPU time,
/// and a thousand hosts that come back at once shall not all be slow together. Waiting for TCP takes
/// no place, so that hosts that don't answer keep no others waiting.
///
/// # Errors
/// See [`DialError`]; the time limit begins anew with the place.
pub async fn dial_in_turn(to: DialTo, places: &Semaphore) -> Result<AgentClient, DialError> {
    let tcp = within(&to, connect(&to)).await?;
    // Places are never closed; without one it would go on all the same.
    let _place = places.acquire().await;
    within(&to, prove(&to, tcp)).await
}

async fn within<T>(
    to: &DialTo,
    work: impl Future<Output = Result<T, DialError>>,
) -> Result<T, DialError> {
    tokio::select! {
        done = work => done,
        () = to.clock.sleep(DIAL_LIMIT) => Err(DialError::Timeout {
            address: to.address.clone(),
            port: to.port,
            limit: DIAL_LIMIT,
        }),
    }
}

async fn connect(to: &DialTo) -> Result<TcpStream, DialError> {
    let (address, port) = (to.address.clone(), to.port);
    let connect = |cause| DialError::Connect {
        address: address.clone(),
        port,
        cause,
    };
    // What can't be proved afterwards is not connected to.
    name_of(to)?;
    let tcp = TcpStream::connect((address.as_str(), port))
        .await
        .map_err(connect)?;
    tcp.set_nodelay(true).map_err(connect)?;
    Ok(tcp)
}

fn name_of(to: &DialTo) -> Result<ServerName<'static>, DialError> {
    let name = ServerName::try_from(to.address.clone());
    name.map_err(|_| DialError::Address(to.address.clone()))
}

async fn prove(to: &DialTo, tcp: TcpStream) -> Result<AgentClient, DialError> {
    let (address, port) = (to.address.clone(), to.port);
    let name = name_of(to)?;
    let tls = TlsConnector::from(Arc::clone(&to.tls))
        .connect(name, tcp)
        .await
        .map_err(|cause| DialError::Tls {
            address: address.clone(),
            port,
            cause,
        })?;
    let mut once = Some(TokioIo::new(tls));
    let connector = tower::service_fn(move |_: http::Uri| {
        let io = once.take();
        async move { io.ok_or_else(|| std::io::Error::other("the connection is closed")) }
    });
    // The name is never looked up: the connector has its connection already.
    let channel = Endpoint::from_static("http://vireo-agent")
        .http2_keep_alive_interval(PING_EVERY)
        .keep_alive_timeout(PING_LIMIT)
        .keep_alive_while_idle(true)
        .connect_with_connector(connector)
        .await
        .map_err(|cause| DialError::Protocol {
            address: address.clone(),
            port,
            cause,
        })?;
    let clock = Arc::clone(&to.clock);
    Ok(AgentClient::new(to.host, channel, to.fence_epoch, clock))
}
