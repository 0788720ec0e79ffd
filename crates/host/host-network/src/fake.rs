//! A model of the kernel's network for tests and simulated hosts, with failures on demand.

use crate::{Link, LinkKind, NetworkControl, NetworkError, Observed, Step};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

#[derive(Default)]
struct World {
    links: BTreeMap<String, Link>,
    /// Names whose next step is refused, with the reason.
    refused: BTreeMap<String, String>,
    /// Links that stay down whatever is done.
    stubborn: BTreeSet<String>,
}

/// Links in memory. Clones share them.
#[derive(Clone, Default)]
pub struct FakeKernel {
    world: Arc<Mutex<World>>,
}

impl FakeKernel {
    /// A kernel with these cards, down.
    #[must_use]
    pub fn with_cards(names: &[&str]) -> Self {
        let kernel = Self::default();
        for name in names {
            kernel.link_put(Link {
                name: (*name).to_owned(),
                mac: "02:00:00:00:00:01".into(),
                mtu: 1500,
                carrier: true,
                ..Link::default()
            });
        }
        kernel
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds or replaces a link.
    pub fn link_put(&self, link: Link) {
        self.world().links.insert(link.name.clone(), link);
    }

    /// The next step at this link is refused.
    pub fn refuse_next(&self, link: &str, reason: &str) {
        self.world()
            .refused
            .insert(link.to_owned(), reason.to_owned());
    }

    /// The link can't be switched on, although the kernel says it was.
    pub fn keep_down(&self, link: &str) {
        self.world().stubborn.insert(link.to_owned());
    }
}

#[async_trait::async_trait]
impl NetworkControl for FakeKernel {
    async fn observe(&self) -> Result<Observed, NetworkError> {
        Ok(Observed::new(
            self.world().links.values().cloned().collect(),
        ))
    }

    async fn perform(&self, step: &Step) -> Result<(), NetworkError> {
        self.world().perform(step)
    }
}

impl World {
    fn perform(&mut self, step: &Step) -> Result<(), NetworkError> {
        let name = match step {
            Step::BridgeAdd { bridge } | Step::BridgeRemove { bridge } => bridge,
            Step::PortAdd { port, .. } | Step::PortRemove { port, .. } => port,
            Step::Mtu { link, .. } | Step::Up { link } | Step::Down { link } => link,
        };
        if let Some(reason) = self.refused.remove(name) {
            return Err(NetworkError::step(step, reason));
        }
        match step {
            Step::BridgeAdd { bridge } => {
                let new = Link {
                    name: bridge.clone(),
                    kind: LinkKind::Bridge,
                    mac: "02:00:00:00:00:02".into(),
                    mtu: 1500,
                    ..Link::default()
                };
                let there = self.links.entry(bridge.clone()).or_insert(new);
                if there.kind != LinkKind::Bridge {
                    return Err(NetworkError::step(step, "File exists"));
                }
            }
            Step::BridgeRemove { bridge } => {
                self.links.remove(bridge);
                for link in self.links.values_mut() {
                    if link.master.as_ref() == Some(bridge) {
                        link.master = None;
                    }
                }
            }
            Step::Mtu { link, to, .. } => self.link(step, link)?.mtu = *to,
            Step::PortAdd { port, bridge } => {
                self.link(step, bridge)?;
                self.link(step, port)?.master = Some(bridge.clone());
            }
            Step::PortRemove { port, .. } => self.link(step, port)?.master = None,
            Step::Up { link } => {
                let up = !self.stubborn.contains(link);
                self.link(step, link)?.up = up;
            }
            Step::Down { link } => self.link(step, link)?.up = false,
        }
        Ok(())
    }

    fn link(&mut self, step: &Step, name: &str) -> Result<&mut Link, NetworkError> {
        self.links
            .get_mut(name)
            .ok_or_else(|| NetworkError::step(step, "No such device"))
    }
}
