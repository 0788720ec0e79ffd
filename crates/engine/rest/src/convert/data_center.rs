//! A data center as the API shows it.

use super::attributes::{DATA_CENTER, names};
use super::numbers::{int, missing, wrong};
use super::{carry, links};
use api_v4::{DataCenterStatus, QuotaModeType, StorageFormat, Version};
use base::Fault;
use domain::data_centers::{self, CompatibilityVersion, DataCenter};
use operations::data_centers::add::DataCenterAdd;
use operations::data_centers::update::DataCenterUpdate;
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
        supported_versions: Some(
            CompatibilityVersion::ALL
                .iter()
                .filter(|v| **v >= dc.version)
                .map(|v| version(*v))
                .collect(),
        ),
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

/// A version from a body.
///
/// # Errors
/// 400 when a number is missing or can't be one.
pub(super) fn version_of(path: &str, wanted: &Version) -> Result<CompatibilityVersion, Fault> {
    let part = |name: &str, number: Option<i64>| {
        let path = format!("{path}.{name}");
        let number = number.ok_or_else(|| missing(&path))?;
        u16::try_from(number).map_err(|_| wrong(&path, format!("{number} is no version number")))
    };
    Ok(CompatibilityVersion {
        major: part("major", wanted.major)?,
        minor: part("minor", wanted.minor)?,
    })
}

/// A new data center: only its name is needed.
///
/// # Errors
/// 400 for what is missing or can't be; 501 for what can't be set yet.
pub fn data_center_add(wanted: &api_v4::DataCenter) -> Result<DataCenterAdd, Fault> {
    let shown = api_v4::DataCenter {
        quota_mode: Some(QuotaModeType::Disabled),
        ..api_v4::DataCenter::default()
    };
    carry::check(wanted, &shown, &names(&[DATA_CENTER]))?;
    Ok(DataCenterAdd {
        name: wanted
            .name
            .clone()
            .ok_or_else(|| missing("data_center.name"))?,
        description: wanted.description.clone().unwrap_or_default(),
        comment: wanted.comment.clone().unwrap_or_default(),
        local: wanted.local.unwrap_or(false),
        version: wanted
            .version
            .as_deref()
            .map(|v| version_of("data_center.version", v))
            .transpose()?,
    })
}

/// What a body changes of a data center.
///
/// # Errors
/// As `data_center_add`.
pub fn data_center_update(
    snapshot: &Snapshot,
    dc: &DataCenter,
    wanted: &api_v4::DataCenter,
) -> Result<DataCenterUpdate, Fault> {
    carry::check(wanted, &data_center(snapshot, dc), &names(&[DATA_CENTER]))?;
    Ok(DataCenterUpdate {
        name: wanted.name.clone(),
        description: wanted.description.clone(),
        comment: wanted.comment.clone(),
        local: wanted.local,
        version: wanted
            .version
            .as_deref()
            .map(|v| version_of("data_center.version", v))
            .transpose()?,
    })
}
