//! Making a connection as a port, so that a simulation can put another wire under the same keeper.

use agent_rpc::{AgentClient, DialTo, EventStream, FrameStream};
use async_trait::async_trait;
use base::{Clock, HostId};
use pki::{Fingerprint, Pki};
use ports::HostSession;
use ports::hosts::{HostError, HostHello};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// Why no connection was made, as a sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct DialFailed(pub String);

/// Makes connections.
#[async_trait]
pub trait Dial: Send + Sync + 'static {
    /// Connects with the agent at `address:port`, which must prove to be `host`'s.
    ///
    /// # Errors
    /// Why there is no connection.
    async fn dial(
        &self,
        host: HostId,
        address: &str,
        port: u16,
        fence_epoch: u64,
    ) -> Result<Arc<dyn Link>, DialFailed>;
}

/// One connection while it lasts.
#[async_trait]
pub trait Link: HostSession {
    /// The first call: claims the host and hears what it can do.
    ///
    /// # Errors
    /// `Stale` when the host has heard a newer engine.
    async fn hello(&self) -> Result<HostHello, HostError>;
    /// Events in order, beginning with a `Report`.
    ///
    /// # Errors
    /// As the host's.
    async fn watch(&self) -> Result<EventStream, HostError>;
    /// Samples, one each `interval`.
    ///
    /// # Errors
    /// As the host's.
    async fn stats(&self, interval: Duration) -> Result<FrameStream, HostError>;
    /// Nothing goes over it any more; commands that wait for their answers are `Unreachable`.
    fn close(&self);
}

#[async_trait]
impl Link for AgentClient {
    async fn hello(&self) -> Result<HostHello, HostError> {
        AgentClient::hello(self).await
    }
    async fn watch(&self) -> Result<EventStream, HostError> {
        AgentClient::watch(self).await
    }
    async fn stats(&self, interval: Duration) -> Result<FrameStream, HostError> {
        AgentClient::stats(self, interval).await
    }
    fn close(&self) {
        AgentClient::close(self);
    }
}

/// Finds the certificates that a host may show: the present one, and the next while it is renewed.
pub type FingerprintsOf = dyn Fn(HostId) -> Vec<Fingerprint> + Send + Sync;

/// The real wire: gRPC over mutual TLS under the engine's CA.
pub struct MutualTls {
    /// Who trusts whom.
    pub pki: Pki,
    /// Where known, only these certificates are accepted.
    pub fingerprints_of: Arc<FingerprintsOf>,
    /// For time limits.
    pub clock: Arc<dyn Clock>,
    /// Connections that prove who is who at the same time.
    pub places: Semaphore,
}

impl MutualTls {
    /// So many at once are enough for all cores, and leave the others' handshakes short.
    pub const PLACES: usize = 64;
}

#[async_trait]
impl Dial for MutualTls {
    async fn dial(
        &self,
        host: HostId,
        address: &str,
        port: u16,
        fence_epoch: u64,
    ) -> Result<Arc<dyn Link>, DialFailed> {
        let failed = |e: &dyn std::error::Error| {
            let mut words = e.to_string();
            let mut source = e.source();
            while let Some(cause) = source {
                words.push_str(": ");
                words.push_str(&cause.to_string());
                source = cause.source();
            }
            DialFailed(words)
        };
        let tls = self
            .pki
            .host_config(host, (self.fingerprints_of)(host))
            .map_err(|e| failed(&e))?;
        let to = DialTo {
            host,
            address: address.to_owned(),
            port,
            tls,
            fence_epoch,
            clock: Arc::clone(&self.clock),
        };
        let client = agent_rpc::dial_in_turn(to, &self.places)
            .await
            .map_err(|e| failed(&e))?;
        Ok(Arc::new(client))
    }
}
