//! The switch: what joins the hosts, the machine, and the guests' internal network.

use super::{Space, control_groups_remove};
use crate::plan::Plan;
use crate::tools;
use anyhow::Context as _;
use std::path::Path;

/// A switch that runs.
#[derive(Debug)]
pub struct Switch {
    space: Space,
}

impl Switch {
    /// Starts it and plugs in the machine itself.
    ///
    /// # Errors
    /// When a program fails.
    pub fn start(plan: &Plan, dir: &Path) -> anyhow::Result<Self> {
        std::fs::create_dir_all(dir).with_context(|| format!("cannot make {}", dir.display()))?;
        let script = include_str!("switch.sh");
        let group = format!("vireo-{}-switch", plan.id);
        let dir_text = dir.display().to_string();
        let space = Space::start(
            "switch",
            &group,
            script,
            &[&dir_text],
            &dir.join("switch.log"),
        )?;
        let link = plan.link();
        link_remove(&link)?;
        tools::line(&format!(
            "ip link add {link} type veth peer name machine netns {}",
            space.first()
        ))?;
        space.ip("link set machine master ovirtmgmt up")?;
        tools::line(&format!("ip address add {}/24 dev {link}", plan.gateway()))?;
        tools::line(&format!("ip link set {link} up"))?;
        Ok(Switch { space })
    }

    /// Plugs in a host: its `eth0` joins the hosts' network, its `eth1` the guests'.
    ///
    /// # Errors
    /// When `ip` fails.
    pub fn plug(&self, host: &Space, number: u8) -> anyhow::Result<()> {
        for (nic, port, bridge) in [("eth0", "m", "ovirtmgmt"), ("eth1", "i", "internal")] {
            let port = format!("{port}{number}");
            tools::line(&format!(
                "ip link add {nic} netns {} type veth peer name {port} netns {}",
                host.first(),
                self.space.first()
            ))?;
            self.space
                .ip(&format!("link set {port} master {bridge} up"))?;
        }
        Ok(())
    }

    /// Whether it has ended by itself.
    ///
    /// # Errors
    /// When the system can't tell.
    pub fn ended(&mut self) -> anyhow::Result<bool> {
        Ok(self.space.ended()?.is_some())
    }

    /// Ends it, and with it every link.
    ///
    /// # Errors
    /// When something of it stays.
    pub fn end(self, plan: &Plan) -> anyhow::Result<()> {
        self.space.end();
        link_remove(&plan.link())?;
        control_groups_remove(&format!("vireo-{}-switch", plan.id))
    }
}

/// Removes a link of the machine if it is there.
///
/// # Errors
/// When it stays.
pub fn link_remove(link: &str) -> anyhow::Result<()> {
    let there = || Path::new("/sys/class/net").join(link).exists();
    if there() {
        // It may go by itself just now, with the other end's namespace.
        let removed = tools::line(&format!("ip link delete {link}"));
        if there() {
            removed?;
        }
    }
    Ok(())
}
