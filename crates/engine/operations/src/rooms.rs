//! What every verb may use, handed over as one value.

use base::{Clock, Random};
use ports::Agents;
use projection::Projection;
use std::sync::Arc;
use std::time::Duration;
use store::Store;
use workflow::Engine;

/// The rooms a verb may enter.
#[derive(Clone)]
pub struct Rooms {
    /// Durable changes.
    pub store: Store,
    /// What is true now.
    pub projection: Projection,
    /// Hosts.
    pub agents: Arc<dyn Agents>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Ids and secrets.
    pub random: Arc<dyn Random>,
    /// Long work.
    pub workflows: Engine,
    /// Values an operator may change.
    pub settings: Arc<Settings>,
}

/// Values an operator may change, with oVirt's defaults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// A VM whose guest agent is silent counts as up after this time (oVirt: 60 s).
    pub up_without_agent: Duration,
    /// A host gets this long to start a VM before another is tried.
    pub launch_timeout: Duration,
    /// How many hosts are tried for one start (`MaxRerunVmOnVdsCount`).
    pub start_attempts: u32,
    /// A host may be silent this long before it is non responsive (`TimeoutToResetVdsInSeconds`).
    pub host_grace: Duration,
    /// A one-time enrolment token lives this long.
    pub enrolment_token_life: Duration,
    /// A VM that could not leave a host on its way to maintenance is tried again after this time
    /// (`HostPreparingForMaintenanceIdleTime`).
    pub maintenance_retry: Duration,
    /// Manufacturer that guests see in SMBIOS.
    pub smbios_manufacturer: String,
    /// New storage domains warn below this free space, per cent (`WarningLowSpaceIndicator`).
    pub warning_low_space_percent: u32,
    /// On new storage domains no disks are made below this free space, GiB
    /// (`CriticalSpaceActionBlocker`).
    pub critical_space_gib: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            up_without_agent: Duration::from_secs(60),
            launch_timeout: Duration::from_secs(120),
            start_attempts: 3,
            host_grace: Duration::from_secs(60),
            enrolment_token_life: Duration::from_secs(600),
            maintenance_retry: Duration::from_secs(300),
            smbios_manufacturer: "Vireo".to_owned(),
            warning_low_space_percent: 10,
            critical_space_gib: 5,
        }
    }
}
