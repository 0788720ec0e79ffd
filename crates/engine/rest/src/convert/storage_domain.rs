//! A storage domain as the API shows it.

use super::{links, numbers::int, references};
use api_v4::{ExternalStatus, StorageDomainStatus, StorageDomainType, StorageFormat, StorageType};
use domain::storage::{self, StorageBacking, StorageDomain};
use projection::Snapshot;

/// All of it, with what hosts last measured.
#[must_use]
pub fn storage_domain(snapshot: &Snapshot, domain: &StorageDomain) -> api_v4::StorageDomain {
    let seen = snapshot.storage_domain_observed(domain.id);
    let committed: u64 = snapshot
        .disks_on(domain.id)
        .map(|disk| disk.provisioned_bytes)
        .fold(0, u64::saturating_add);
    let mut shown = api_v4::StorageDomain {
        name: Some(domain.name.clone()),
        description: Some(domain.description.clone()),
        comment: Some(domain.comment.clone()),
        type_: Some(StorageDomainType::Data),
        status: Some(status(
            snapshot
                .storage_domain_status(domain.id)
                .unwrap_or(storage::StorageDomainStatus::Unknown),
        )),
        external_status: Some(ExternalStatus::Ok),
        available: seen.and_then(|s| int(s.available_bytes)),
        used: seen.and_then(|s| int(s.used_bytes)),
        committed: int(committed),
        backup: Some(false),
        block_size: Some(512),
        critical_space_action_blocker: int(domain.critical_space_gib),
        warning_low_space_indicator: int(domain.warning_low_space_percent),
        discard_after_delete: Some(false),
        supports_discard: Some(false),
        supports_discard_zeroes_data: Some(false),
        wipe_after_delete: Some(false),
        master: Some(domain.master),
        storage: Some(Box::new(backing(&domain.backing))),
        storage_format: Some(StorageFormat::V5),
        data_centers: domain
            .data_center
            .map(|id| vec![*references::data_center(id)]),
        ..api_v4::StorageDomain::default()
    };
    links::place(&mut shown, "storagedomains/{}", &[&domain.id.to_string()]);
    shown
}

fn backing(backing: &StorageBacking) -> api_v4::HostStorage {
    let mut shown = api_v4::HostStorage {
        path: Some(backing.path().to_owned()),
        ..api_v4::HostStorage::default()
    };
    match backing {
        StorageBacking::LocalFs { .. } => shown.type_ = Some(StorageType::Localfs),
        StorageBacking::PosixFs {
            vfs_type,
            mount_options,
            ..
        } => {
            shown.type_ = Some(StorageType::Posixfs);
            shown.vfs_type = Some(vfs_type.clone());
            shown.mount_options = (!mount_options.is_empty()).then(|| mount_options.clone());
        }
    }
    shown
}

fn status(status: storage::StorageDomainStatus) -> StorageDomainStatus {
    use storage::StorageDomainStatus as Status;
    match status {
        Status::Locked => StorageDomainStatus::Locked,
        Status::Active => StorageDomainStatus::Active,
        Status::Inactive => StorageDomainStatus::Inactive,
        Status::Maintenance => StorageDomainStatus::Maintenance,
        Status::Unattached => StorageDomainStatus::Unattached,
        Status::Unknown => StorageDomainStatus::Unknown,
    }
}
