//! A pair of connections that lives until it is lost.

use crate::config::LibvirtConfig;
use crate::facts::facts;
use crate::failure::failure;
use crate::machines::{Seen, see};
use crate::sys::{Connection, Library, Signal};
use hypervisor::{HypervisorError, HypervisorFacts};
use tokio::sync::mpsc::UnboundedSender;

/// One connection for commands and events, one for statistics, so that a slow sample holds up
/// nothing.
pub(crate) struct Link {
    /// Counts the connections of this adapter.
    pub number: u64,
    pub facts: HypervisorFacts,
    connections: Option<(Connection, Connection)>,
}

impl Link {
    /// Connects, listens, and looks at every machine of ours. Blocks.
    pub(crate) fn open(
        number: u64,
        config: &LibvirtConfig,
        signals: &UnboundedSender<Signal>,
    ) -> Result<(Link, Vec<Seen>), HypervisorError> {
        let library = Library::get().map_err(|message| HypervisorError::Library { message })?;
        let doing = format!("connecting with {}", config.uri);
        let connect = || {
            Connection::open(library, &config.uri, config.keepalive())
                .map_err(|e| failure(&doing, e))
        };
        let (control, stats) = (connect()?, connect()?);
        let listening = |e| failure("listening to libvirt's events", e);
        // Before the list: what happens in between is heard, at worst twice.
        control.listen(signals, true).map_err(listening)?;
        stats.listen(signals, false).map_err(listening)?;
        let facts = facts(&control, config)?;
        let domains = control.domains();
        let domains = domains.map_err(|e| failure("listing the machines", e))?;
        let mut seen = Vec::new();
        for domain in &domains {
            seen.extend(see(domain)?);
        }
        let link = Link {
            number,
            facts,
            connections: Some((control, stats)),
        };
        Ok((link, seen))
    }

    /// For commands.
    pub(crate) fn control(&self) -> &Connection {
        &self.pair().0
    }

    /// For samples.
    pub(crate) fn stats(&self) -> &Connection {
        &self.pair().1
    }

    fn pair(&self) -> &(Connection, Connection) {
        self.connections.as_ref().expect("only drop takes them")
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        let connections = self.connections.take();
        // Closing may wait for a daemon that does not answer.
        let thread = std::thread::Builder::new().name("libvirt-close".into());
        if let Err(error) = thread.spawn(move || drop(connections)) {
            tracing::warn!("a connection with libvirt was closed without a thread: {error}");
        }
    }
}
