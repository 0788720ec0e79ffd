//! A data center as the API shows it.

use super::{links, numbers::int};
use api_v4::{DataCenterStatus, QuotaModeType, StorageFormat, Version};
use domain::data_centers::{self, CompatibilityVersion, DataCenter};
use projection::Snapshot;

/// All of it.
#[must_use]
pub fn data_center(snapshot: &Snapshot, dc: &DataCenter) -> api_v4::DataCenter {
    use data_centers::DataCenterStatus as Status;
    let status = match snapshot.data_center_status(dc.id) {
        None | Some(Status::Uninitialized) => DataCenterStatus::Uninitialized,
        Some(Status::Up) => DataCenterStatus::Up,
        Some(Status::Maintenance) => DataCenterStatus::Maintenance,
        Some(Status::NonResponsive) => DataCenterStatus::NotOperational,
    };
    let has_storage = snapshot.storage_domains_of(dc.id).next().is_some();
    let mut shown = api_v4::DataCenter {
        name: Some(dc.name.clone()),
        description: Some(dc.description.clone()),
        comment: Some(dc.comment.clone()),
        local: Some(dc.local),
        quota_mode: Some(QuotaModeType::Disabled),
        status: Some(status),
        storage_format: has_storage.then_some(StorageFormat::V5),
        supported_versions: Some(vec![version(CompatibilityVersion::NEWEST)]),
        version: Some(Box::new(version(dc.version))),
        ..api_v4::DataCenter::default()
    };
    links::place(&mut shown, "datacenters/{}", &[&dc.id.to_string()]);
    shown
}

/// A compatibility version.
pub(super) fn version(version: CompatibilityVersion) -> Version {
    Version {
        major: int(version.major),
        minor: int(version.minor),
        ..Version::default()
    }
}
