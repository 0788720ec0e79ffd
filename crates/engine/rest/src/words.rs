//! oVirt's words for states, as searches and the operator's tools name them.

use domain::data_centers::DataCenterStatus;
use domain::hosts::HostStatus;
use domain::storage::StorageDomainStatus;

/// Of a data center.
pub fn data_center(status: Option<DataCenterStatus>) -> &'static str {
    match status {
        Some(DataCenterStatus::Uninitialized) => "uninitialized",
        Some(DataCenterStatus::Up) => "up",
        Some(DataCenterStatus::Maintenance) => "maintenance",
        Some(DataCenterStatus::NonResponsive) => "not_operational",
        None => "unknown",
    }
}

/// Of a host.
pub fn host(status: Option<HostStatus>) -> &'static str {
    match status {
        Some(HostStatus::Installing) => "installing",
        Some(HostStatus::Connecting) => "connecting",
        Some(HostStatus::Initializing) => "initializing",
        Some(HostStatus::Up) => "up",
        Some(HostStatus::NonResponsive) => "non_responsive",
        Some(HostStatus::NonOperational) => "non_operational",
        Some(HostStatus::PreparingForMaintenance) => "preparing_for_maintenance",
        Some(HostStatus::Maintenance) => "maintenance",
        None => "unknown",
    }
}

/// Of a storage domain.
pub fn storage_domain(status: Option<StorageDomainStatus>) -> &'static str {
    match status {
        Some(StorageDomainStatus::Locked) => "locked",
        Some(StorageDomainStatus::Active) => "active",
        Some(StorageDomainStatus::Inactive) => "inactive",
        Some(StorageDomainStatus::Maintenance) => "maintenance",
        Some(StorageDomainStatus::Unattached) => "unattached",
        Some(StorageDomainStatus::Unknown) | None => "unknown",
    }
}
