//! Statuses that users see: what is stored, merged with what was observed.
//!
//! They don't depend on who looks: what a status follows from counts, seen or not.

use crate::Snapshot;
use base::{DataCenterId, HostId, StorageDomainId, VmId};
use domain::data_centers::DataCenterStatus;
use domain::hosts::{Enrolment, HostStatus};
use domain::storage::StorageDomainStatus;
use domain::vms::status::{VmStatus, status_of};
use domain::vms::{PauseReason, Vm};

impl Snapshot {
    /// A VM's status; `Unknown` when the engine knows nothing of the host it runs on.
    #[must_use]
    pub fn vm_status(&self, id: VmId) -> Option<VmStatus> {
        Some(self.vm_status_of(self.vm(id)?))
    }

    /// The status of a VM of this snapshot.
    #[must_use]
    pub fn vm_status_of(&self, vm: &Vm) -> VmStatus {
        if vm.run.is_none() {
            return status_of(vm, None, true);
        }
        let seen = self.vm_observed_of(vm).map(|o| &**o);
        status_of(vm, seen, self.whole().host_reachable(vm))
    }

    /// Is anything known of the run's host? A run that is under way and was not heard of since the
    /// engine started is not known either, until its host has reported.
    fn host_reachable(&self, vm: &Vm) -> bool {
        let Some((run, host)) = vm.run.as_ref().and_then(|r| Some((r, r.host?))) else {
            return true;
        };
        match self.host_link(host) {
            None | Some(HostStatus::NonResponsive | HostStatus::Installing) => false,
            Some(HostStatus::Connecting | HostStatus::Initializing) => {
                run.started.is_none() || self.vm_observed(vm.id).is_some()
            }
            Some(
                HostStatus::Up
                | HostStatus::NonOperational
                | HostStatus::PreparingForMaintenance
                | HostStatus::Maintenance,
            ) => true,
        }
    }

    /// Why a VM is paused; `None` when it is not.
    #[must_use]
    pub fn vm_pause_reason(&self, id: VmId) -> Option<PauseReason> {
        match self.vm_status(id)? {
            VmStatus::Paused => self.vm_observed(id)?.pause,
            _ => None,
        }
    }

    /// A host's status: what an administrator or its enrolment made of it, else what was observed;
    /// `Connecting` for an enrolled host that was not heard yet.
    #[must_use]
    pub fn host_status(&self, id: HostId) -> Option<HostStatus> {
        let host = self.host(id)?;
        if host.maintenance {
            return Some(HostStatus::Maintenance);
        }
        match self.host_link(id)? {
            // One that is lost shows that it is, whatever is wanted of it.
            HostStatus::NonResponsive => Some(HostStatus::NonResponsive),
            _ if host.preparing.is_some() => Some(HostStatus::PreparingForMaintenance),
            status => Some(status),
        }
    }

    /// What is known of a host's connection, whatever an administrator wants of it.
    #[must_use]
    pub fn host_link(&self, id: HostId) -> Option<HostStatus> {
        let host = self.host(id)?;
        if matches!(host.enrolment, Enrolment::Pending { .. }) {
            return Some(HostStatus::Installing);
        }
        Some(
            self.host_observed(id)
                .map_or(HostStatus::Connecting, |o| o.status),
        )
    }

    /// A storage domain's status. One that is stored as active is so only while a host that is up
    /// has it connected: `Inactive` when hosts are up and none has it, `Unknown` when none is up.
    ///
    /// O(1) where it is active; O(hosts that are up) at worst.
    #[must_use]
    pub fn storage_domain_status(&self, id: StorageDomainId) -> Option<StorageDomainStatus> {
        let domain = self.storage_domain(id)?;
        if domain.status != StorageDomainStatus::Active {
            return Some(domain.status);
        }
        let Some(dc) = domain.data_center else {
            return Some(StorageDomainStatus::Unattached);
        };
        // Whose sight it may be, the domain's state is one.
        let whole = self.whole();
        let is_up = |host: HostId| whole.is_up_in(host, dc);
        let mut having = self.0.storage_reach.at(id.0).map(HostId);
        Some(if having.any(is_up) {
            StorageDomainStatus::Active
        } else if self.0.hosts_up.iter().copied().any(is_up) {
            StorageDomainStatus::Inactive
        } else {
            StorageDomainStatus::Unknown
        })
    }

    /// Is it a host of the data center, and up?
    fn is_up_in(&self, host: HostId, dc: DataCenterId) -> bool {
        let cluster = self.host(host).and_then(|h| self.cluster(h.cluster));
        cluster.is_some_and(|c| c.data_center == dc)
            && self.host_status(host) == Some(HostStatus::Up)
    }

    /// A data center's status, from its storage domains.
    ///
    /// O(its storage domains) where it is up.
    #[must_use]
    pub fn data_center_status(&self, id: DataCenterId) -> Option<DataCenterStatus> {
        self.data_center(id)?;
        let whole = self.whole();
        let mut any = false;
        let mut maintenance = true;
        for domain in whole.storage_domains_of(id) {
            match whole.storage_domain_status(domain.id) {
                Some(StorageDomainStatus::Active) => return Some(DataCenterStatus::Up),
                // Being made: it does not count yet.
                None | Some(StorageDomainStatus::Locked | StorageDomainStatus::Unattached) => {}
                Some(StorageDomainStatus::Maintenance) => any = true,
                Some(StorageDomainStatus::Inactive | StorageDomainStatus::Unknown) => {
                    any = true;
                    maintenance = false;
                }
            }
        }
        Some(match (any, maintenance) {
            (false, _) => DataCenterStatus::Uninitialized,
            (true, true) => DataCenterStatus::Maintenance,
            (true, false) => DataCenterStatus::NonResponsive,
        })
    }
}
