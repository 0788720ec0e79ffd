//! How to reach libvirt, and how patient to be.

use hypervisor::AccelChoice;
use std::time::Duration;

/// Settings of the adapter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LibvirtConfig {
    /// libvirt's URI (`qemu:///system`).
    pub uri: String,
    /// KVM or TCG.
    pub accel: AccelChoice,
    /// A call that takes longer means that the connection is dead.
    pub call_deadline: Duration,
    /// The same for starting a machine.
    pub launch_deadline: Duration,
    /// The same for ending one: libvirt itself waits 15 seconds for a QEMU that hangs.
    pub destroy_deadline: Duration,
    /// Seconds of silence before libvirt's daemon is asked for a sign of life.
    pub keepalive_seconds: u32,
    /// Signs of life that may be missing before the connection is closed.
    pub keepalive_misses: u32,
    /// The first and the longest wait between two attempts to connect.
    pub reconnect: (Duration, Duration),
    /// Calls at a time, abandoned ones included.
    pub max_calls: usize,
    /// Calls to guest agents at a time: hanging guests must not hold up commands.
    pub max_agent_calls: usize,
    /// Machines on their way to another host at a time; further ones wait. Each has a connection of
    /// its own.
    pub max_migrations: usize,
}

impl LibvirtConfig {
    /// As connections take it: seconds, and how often.
    pub(crate) fn keepalive(&self) -> (i32, u32) {
        let interval = i32::try_from(self.keepalive_seconds).unwrap_or(i32::MAX);
        (interval, self.keepalive_misses)
    }
}

impl Default for LibvirtConfig {
    fn default() -> Self {
        LibvirtConfig {
            uri: "qemu:///system".into(),
            accel: AccelChoice::Auto,
            call_deadline: Duration::from_secs(30),
            launch_deadline: Duration::from_secs(120),
            destroy_deadline: Duration::from_secs(60),
            keepalive_seconds: 5,
            keepalive_misses: 3,
            reconnect: (Duration::from_millis(100), Duration::from_secs(5)),
            max_calls: 32,
            max_agent_calls: 16,
            max_migrations: 16,
        }
    }
}
