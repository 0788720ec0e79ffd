//! What `host-vms` says, as the wire asks for it.

use agent_rpc::HostFeed;
use async_trait::async_trait;
use futures::stream::BoxStream;
use host_vms::HostVms;
use ports::hosts::{HostError, HostEvent, HostHello, StatsFrame};
use std::time::Duration;

/// The host's voice.
pub(crate) struct Feed(pub HostVms);

#[async_trait]
impl HostFeed for Feed {
    async fn hello(&self) -> Result<HostHello, HostError> {
        self.0.hello().await
    }
    async fn watch(&self) -> BoxStream<'static, HostEvent> {
        self.0.watch().await
    }
    fn stats(&self, interval: Duration) -> BoxStream<'static, StatsFrame> {
        self.0.stats(interval)
    }
}
