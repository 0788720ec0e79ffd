//! One host's task: dial, hello, then events and samples until the connection breaks; again.

use crate::LinkOptions;
use crate::backoff::Backoff;
use crate::dial::{Dial, Link};
use crate::session::Session;
use base::{Clock, HostId, Random};
use futures::StreamExt;
use ports::hosts::{HostError, HostObserver};
use std::sync::Arc;
use tokio::sync::watch;

/// Whom to speak with, and as which incarnation of the engine.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Target {
    pub address: String,
    pub port: u16,
    pub fence_epoch: u64,
}

pub(crate) struct Keeper {
    pub host: HostId,
    pub dial: Arc<dyn Dial>,
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
    pub options: LinkOptions,
    pub observer: Arc<dyn HostObserver>,
    pub session: Arc<Session>,
}

/// How one try ended.
struct Ended {
    message: String,
    /// The connection stood.
    stood: bool,
    /// The host obeys a newer engine: nothing but another fence epoch helps.
    fenced: bool,
    /// That engine's fence epoch, when it was told.
    newest: Option<u64>,
}

impl Keeper {
    /// Lives until the target is `None`, or its sender is gone.
    pub async fn run(self, mut target: watch::Receiver<Option<Target>>) {
        let mut backoff = Backoff::new(self.options.pause_first, self.options.pause_most);
        let mut logged = String::new();
        loop {
            let Some(now) = target.borrow_and_update().clone() else {
                self.session.away("the engine has hung up".to_owned());
                return;
            };
            let ended = tokio::select! {
                ended = self.once(&now) => Some(ended),
                () = other(&mut target) => None,
            };
            let Some(ended) = ended else {
                // Dropping the try has broken the connection off; the next target is tried at once.
                self.session
                    .away("the connection is being made anew".to_owned());
                backoff.reset();
                continue;
            };
            if ended.stood {
                backoff.reset();
            }
            self.session.away(ended.message.clone());
            // A host that stays away for the same reason is not told of every few seconds.
            if ended.stood || ended.message != logged {
                tracing::warn!(host.id = %self.host, address = now.address, port = now.port, reason = ended.message, "no connection with the host");
                logged.clone_from(&ended.message);
            }
            if let Some(newest) = ended.newest {
                self.observer.superseded(self.host, newest).await;
            }
            self.observer.lost(self.host, ended.message).await;
            let pause = backoff.next(&*self.random);
            let rest = async {
                if ended.fenced {
                    std::future::pending::<()>().await;
                }
                self.clock.sleep(pause).await;
            };
            tokio::select! {
                () = rest => {}
                () = other(&mut target) => backoff.reset(),
            }
        }
    }

    /// One connection from its beginning to its end.
    async fn once(&self, to: &Target) -> Ended {
        let dialled = self
            .dial
            .dial(self.host, &to.address, to.port, to.fence_epoch)
            .await;
        let link = match dialled {
            Ok(link) => Open(link),
            Err(e) => return Ended::before(e.to_string(), false),
        };
        let hello = match link.0.hello().await {
            Ok(hello) => hello,
            Err(e) => return Ended::refused(&e),
        };
        tracing::info!(host.id = %self.host, address = to.address, port = to.port, fence_epoch = to.fence_epoch, "the host is connected");
        self.session.connected(Arc::clone(&link.0));
        self.observer.connected(self.host, hello).await;
        let error = self.listen(&*link.0).await;
        Ended {
            stood: true,
            ..Ended::refused(&error)
        }
    }

    /// Hands on what the host says, in order, until a stream ends.
    async fn listen(&self, link: &dyn Link) -> HostError {
        let over = |what: &str| HostError::Unreachable {
            host: self.host,
            message: format!("the host ended its stream of {what}"),
        };
        let mut events = match link.watch().await {
            Ok(events) => events,
            Err(e) => return e,
        };
        let mut samples = match link.stats(self.options.stats_every).await {
            Ok(samples) => samples,
            Err(e) => return e,
        };
        loop {
            tokio::select! {
                biased;
                event = events.next() => match event {
                    Some(Ok(event)) => self.observer.event(self.host, event).await,
                    Some(Err(e)) => return e,
                    None => return over("events"),
                },
                frame = samples.next() => match frame {
                    Some(Ok(frame)) => self.observer.stats(self.host, frame).await,
                    Some(Err(e)) => return e,
                    None => return over("samples"),
                },
            }
        }
    }
}

/// Returns when the target is another one, or nobody wants a connection any more.
async fn other(target: &mut watch::Receiver<Option<Target>>) {
    // An error says that the sender is gone: then the target never changes, and the process ends.
    if target.changed().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// A connection that is closed when its task ends, however it ends.
struct Open(Arc<dyn Link>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl Ended {
    fn before(message: String, fenced: bool) -> Self {
        Ended {
            message,
            stood: false,
            fenced,
            newest: None,
        }
    }

    fn refused(error: &HostError) -> Self {
        match error {
            HostError::Stale { message, newest } => Ended {
                newest: *newest,
                ..Ended::before(
                    format!(
                        "another engine has taken the host over ({message}); \
                         restart this engine to take it back, unless the other one was restored \
                         from a backup"
                    ),
                    true,
                )
            },
            HostError::Unreachable { message, .. } => Ended::before(message.clone(), false),
            other => Ended::before(other.to_string(), false),
        }
    }
}
