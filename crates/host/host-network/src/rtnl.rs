//! The kernel's network over rtnetlink.
//!
//! Each question opens its own connection: they are rare, and a broken one can't stay.

use crate::{Link, LinkKind, NetworkControl, NetworkError, Observed, Step};
use domain::hosts::NicCounters;
use futures::TryStreamExt;
use rtnetlink::packet_route::address::{AddressAttribute, AddressMessage};
use rtnetlink::packet_route::link::{
    InfoKind, LinkAttribute, LinkFlags, LinkInfo, LinkLayerType, LinkMessage,
};
use rtnetlink::{Handle, LinkBridge, LinkMessageBuilder, LinkUnspec};
use std::collections::HashMap;
use std::fmt::Write;
use std::future::Future;

/// [`NetworkControl`] of the network namespace the calling thread is in.
#[derive(Debug, Clone, Copy, Default)]
pub struct Rtnetlink;

/// Runs `work` with a connection that is closed afterwards.
async fn with_kernel<T, F>(work: impl FnOnce(Handle) -> F) -> Result<T, String>
where
    F: Future<Output = Result<T, rtnetlink::Error>>,
{
    let (connection, handle, _) = rtnetlink::new_connection().map_err(|e| e.to_string())?;
    let driver = tokio::spawn(connection);
    let outcome = work(handle).await;
    driver.abort();
    outcome.map_err(|e| e.to_string())
}

#[async_trait::async_trait]
impl NetworkControl for Rtnetlink {
    async fn observe(&self) -> Result<Observed, NetworkError> {
        let found = with_kernel(|handle| async move {
            let links: Vec<_> = handle.link().get().execute().try_collect().await?;
            let addresses: Vec<_> = handle.address().get().execute().try_collect().await?;
            Ok((links, addresses))
        })
        .await;
        let (links, addresses) = found.map_err(|message| NetworkError::Observe { message })?;
        let names: HashMap<u32, String> = links.iter().map(|l| (l.header.index, name(l))).collect();
        let mut by_link: HashMap<u32, Vec<String>> = HashMap::new();
        for message in &addresses {
            let texts = by_link.entry(message.header.index).or_default();
            texts.extend(address(message));
        }
        let links = links.iter().map(|message| Link {
            addresses: by_link.remove(&message.header.index).unwrap_or_default(),
            ..link(message, &names)
        });
        Ok(Observed::new(links.collect()))
    }

    async fn perform(&self, step: &Step) -> Result<(), NetworkError> {
        let done = with_kernel(|handle| async move { perform(&handle, step).await }).await;
        done.map_err(|message| NetworkError::step(step, message))
    }
}

async fn perform(handle: &Handle, step: &Step) -> Result<(), rtnetlink::Error> {
    let change = |message| handle.link().change(message).execute();
    let unspec = |name: &String| LinkUnspec::new_with_name(name);
    match step {
        Step::BridgeAdd { bridge } => {
            if find(handle, bridge)
                .await?
                .is_some_and(|l| kind(&l) == LinkKind::Bridge)
            {
                return Ok(());
            }
            let new = LinkMessageBuilder::<LinkBridge>::new(bridge).build();
            handle.link().add(new).execute().await
        }
        Step::BridgeRemove { bridge } => match find(handle, bridge).await? {
            Some(link) => handle.link().del(link.header.index).execute().await,
            None => Ok(()),
        },
        Step::Mtu { link, to, .. } => change(unspec(link).mtu(*to).build()).await,
        Step::PortAdd { port, bridge } => {
            // An unknown bridge has no index; the kernel says what is wrong with index -1.
            let master = find(handle, bridge)
                .await?
                .map_or(u32::MAX, |l| l.header.index);
            change(unspec(port).controller(master).build()).await
        }
        Step::PortRemove { port, .. } => change(unspec(port).nocontroller().build()).await,
        Step::Up { link } => change(unspec(link).up().build()).await,
        Step::Down { link } => change(unspec(link).down().build()).await,
    }
}

async fn find(handle: &Handle, wanted: &str) -> Result<Option<LinkMessage>, rtnetlink::Error> {
    let links: Vec<_> = handle.link().get().execute().try_collect().await?;
    Ok(links.into_iter().find(|link| name(link) == wanted))
}

fn name(message: &LinkMessage) -> String {
    let name = message.attributes.iter().find_map(|a| match a {
        LinkAttribute::IfName(name) => Some(name.clone()),
        _ => None,
    });
    name.unwrap_or_default()
}

fn kind(message: &LinkMessage) -> LinkKind {
    if message.header.link_layer_type == LinkLayerType::Loopback {
        return LinkKind::Loopback;
    }
    let infos = message.attributes.iter().filter_map(|a| match a {
        LinkAttribute::LinkInfo(infos) => Some(infos),
        _ => None,
    });
    for info in infos.flatten() {
        match info {
            LinkInfo::Kind(InfoKind::Bridge) => return LinkKind::Bridge,
            LinkInfo::Kind(InfoKind::Tun) => return LinkKind::Tap,
            _ => {}
        }
    }
    LinkKind::Card
}

fn link(message: &LinkMessage, names: &HashMap<u32, String>) -> Link {
    let flags = message.header.flags;
    let mut link = Link {
        name: name(message),
        kind: kind(message),
        up: flags.contains(LinkFlags::Up),
        carrier: flags.contains(LinkFlags::LowerUp),
        ..Link::default()
    };
    for attribute in &message.attributes {
        match attribute {
            LinkAttribute::Address(bytes) => link.mac = mac(bytes),
            LinkAttribute::Mtu(mtu) => link.mtu = *mtu,
            LinkAttribute::Controller(index) => link.master = names.get(index).cloned(),
            LinkAttribute::Stats64(stats) => {
                link.counters = NicCounters {
                    rx_bytes: stats.rx_bytes,
                    tx_bytes: stats.tx_bytes,
                    rx_errors: stats.rx_errors,
                    tx_errors: stats.tx_errors,
                };
            }
            _ => {}
        }
    }
    link.speed_mbps = speed(&link.name);
    link
}

fn mac(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 3);
    for (i, byte) in bytes.iter().enumerate() {
        let colon = if i == 0 { "" } else { ":" };
        let _ = write!(text, "{colon}{byte:02x}");
    }
    text
}

/// The link's own address: of a point-to-point link the near end, else the only one.
fn address(message: &AddressMessage) -> Option<String> {
    let pick = |wanted: fn(&AddressAttribute) -> Option<std::net::IpAddr>| {
        message.attributes.iter().find_map(wanted)
    };
    let ip = pick(|a| match a {
        AddressAttribute::Local(ip) => Some(*ip),
        _ => None,
    })
    .or_else(|| {
        pick(|a| match a {
            AddressAttribute::Address(ip) => Some(*ip),
            _ => None,
        })
    })?;
    Some(format!("{ip}/{}", message.header.prefix_len))
}

/// What sysfs tells of a link's speed: nothing for bridges, for cards without a signal, and where
/// sysfs shows another namespace.
fn speed(name: &str) -> u64 {
    if name.contains('/') || name.starts_with('.') {
        return 0;
    }
    let text = std::fs::read_to_string(format!("/sys/class/net/{name}/speed"));
    text.ok().and_then(|t| t.trim().parse().ok()).unwrap_or(0)
}
