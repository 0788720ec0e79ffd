//! The port: looking at the kernel's network and changing one thing of it.

use crate::{NetworkError, Observed, Step};

/// The network of one host (of one network namespace).
#[async_trait::async_trait]
pub trait NetworkControl: Send + Sync + 'static {
    /// Every link there is, now.
    async fn observe(&self) -> Result<Observed, NetworkError>;

    /// Makes one step true. A step that is true already is success.
    ///
    /// # Errors
    /// When the kernel refuses; then nothing was changed.
    async fn perform(&self, step: &Step) -> Result<(), NetworkError>;
}
