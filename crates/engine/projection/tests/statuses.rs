//! Statuses: what is stored, merged with what was observed.

mod common;

use base::*;
use common::*;
use domain::Noun;
use domain::data_centers::DataCenterStatus;
use domain::hosts::{HostObserved, HostStatus};
use domain::storage::StorageDomainStatus;
use domain::vms::status::VmStatus;
use domain::vms::{GuestInfo, PauseReason, RunState, VmObserved, VmStats};
use projection::{HostSample, Projection};
use store::{Change, Contents};

const VM: VmId = VmId::known(21);
const HOST: HostId = HostId::known(3);
const STORAGE: StorageDomainId = StorageDomainId::known(5);
const DC: DataCenterId = DataCenterId::known(1);

fn world() -> Projection {
    let projection = Projection::new(&Contents {
        entities: vec![
            data_center(1, "Default"),
            cluster(2, "Default", 1),
            host(3, "h", 2, false),
            storage(5, "data", Some(1), "Active"),
            vm(21, "a", 2, 1, &[], None),
        ],
        ..Contents::default()
    });
    assert_eq!(projection.snapshot().vm_status(VM), Some(VmStatus::Down));
    projection
}

fn host_is(projection: &Projection, status: HostStatus, storage: &[StorageDomainId]) {
    projection.host_observed(
        HOST,
        HostObserved {
            status,
            reason: None,
            since: Timestamp(1),
            storage: storage.to_vec(),
            stats: None,
        },
    );
}

fn runs(projection: &Projection, epoch: u64, started: bool) {
    let run = Some((epoch, 3, started));
    commit(projection, puts(vec![vm(21, "a", 2, 1, &[], run)]));
}

fn seen(epoch: u64, state: RunState) -> VmObserved {
    VmObserved {
        host: HOST,
        epoch,
        state,
        pause: Some(PauseReason::Eio),
        since: Timestamp(1),
        guest: GuestInfo::default(),
        consoles: Vec::new(),
    }
}

#[test]
fn a_vm_is_what_its_host_says_of_its_present_run() {
    let p = world();
    host_is(&p, HostStatus::Up, &[]);
    runs(&p, 2, false);
    let status = |p: &Projection| p.snapshot().vm_status(VM).unwrap();
    assert_eq!(status(&p), VmStatus::WaitForLaunch);
    p.vm_observed(VM, Some(seen(1, RunState::Up)));
    assert_eq!(status(&p), VmStatus::WaitForLaunch, "an older run");
    assert!(p.snapshot().vm_observed(VM).is_none());
    p.vm_observed(VM, Some(seen(2, RunState::Up)));
    assert_eq!(status(&p), VmStatus::Up);
    assert_eq!(p.snapshot().vm_pause_reason(VM), None);
    p.vm_observed(VM, Some(seen(2, RunState::Paused)));
    assert_eq!(p.snapshot().vm_pause_reason(VM), Some(PauseReason::Eio));
    host_is(&p, HostStatus::NonResponsive, &[]);
    assert_eq!(status(&p), VmStatus::Unknown);
    commit(&p, puts(vec![vm(21, "a", 2, 1, &[], None)]));
    assert_eq!(status(&p), VmStatus::Down);
    assert!(p.snapshot().vm_observed(VM).is_none());
    commit(&p, vec![deletion(Noun::Vm, 21)]);
    assert_eq!(p.snapshot().vm_status(VM), None);
}

#[test]
fn after_a_restart_a_running_vm_is_unknown_until_its_host_has_spoken() {
    let p = world();
    runs(&p, 2, true);
    let status = |p: &Projection| p.snapshot().vm_status(VM).unwrap();
    assert_eq!(p.snapshot().host_status(HOST), Some(HostStatus::Connecting));
    assert_eq!(status(&p), VmStatus::Unknown);
    host_is(&p, HostStatus::Initializing, &[]);
    assert_eq!(status(&p), VmStatus::Unknown);
    p.vm_observed(VM, Some(seen(2, RunState::Up)));
    assert_eq!(status(&p), VmStatus::Up);
    // Lost within grace time: what was said last still counts.
    host_is(&p, HostStatus::Connecting, &[]);
    assert_eq!(status(&p), VmStatus::Up);
    // A start that is under way meanwhile is not unknown.
    runs(&p, 3, false);
    assert_eq!(status(&p), VmStatus::WaitForLaunch);
    commit(&p, vec![deletion(Noun::Host, 3)]);
    assert_eq!(status(&p), VmStatus::Unknown);
}

#[test]
fn statistics_belong_to_what_was_observed_and_survive_the_next_word() {
    let p = world();
    host_is(&p, HostStatus::Up, &[]);
    runs(&p, 1, true);
    let sample = VmStats {
        cpu_time_ns: 7,
        ..VmStats::default()
    };
    let measured = |p: &Projection| {
        let seen = p.snapshot().host_observed(HOST).unwrap().clone();
        let sample = HostSample {
            seen: (*seen).clone(),
            vms: [(VM, sample.clone())].into(),
            domains: Vec::new(),
        };
        p.host_sampled(HOST, sample);
    };
    measured(&p);
    assert!(p.snapshot().vm_stats(VM).is_none());
    p.vm_observed(VM, Some(seen(1, RunState::PoweringUp)));
    assert!(
        p.snapshot().vm_stats(VM).is_none(),
        "it may be of an earlier run"
    );
    measured(&p);
    p.vm_observed(VM, Some(seen(1, RunState::Up)));
    assert_eq!(p.snapshot().vm_stats(VM), Some(&sample));
    runs(&p, 2, true);
    p.vm_observed(VM, Some(seen(2, RunState::Up)));
    assert_eq!(p.snapshot().vm_stats(VM), None);
    p.vm_observed(VM, None);
    assert!(p.snapshot().vm_observed(VM).is_none());
}

#[test]
fn a_host_that_has_not_enrolled_is_installing() {
    let p = world();
    commit(&p, puts(vec![host(4, "new", 2, true)]));
    let now = p.snapshot();
    assert_eq!(
        now.host_status(HostId::known(4)),
        Some(HostStatus::Installing)
    );
    assert_eq!(now.host_status(HostId::known(9)), None);
}

#[test]
fn storage_is_active_while_a_host_that_is_up_has_it() {
    let p = world();
    let of = |p: &Projection| {
        let now = p.snapshot();
        (
            now.storage_domain_status(STORAGE).unwrap(),
            now.data_center_status(DC).unwrap(),
        )
    };
    assert_eq!(
        of(&p),
        (
            StorageDomainStatus::Unknown,
            DataCenterStatus::NonResponsive
        )
    );
    host_is(&p, HostStatus::Up, &[]);
    assert_eq!(
        of(&p),
        (
            StorageDomainStatus::Inactive,
            DataCenterStatus::NonResponsive
        )
    );
    host_is(&p, HostStatus::Up, &[STORAGE]);
    assert_eq!(of(&p), (StorageDomainStatus::Active, DataCenterStatus::Up));
    host_is(&p, HostStatus::NonResponsive, &[STORAGE]);
    assert_eq!(
        of(&p),
        (
            StorageDomainStatus::Unknown,
            DataCenterStatus::NonResponsive
        )
    );
    let stored = |p: &Projection, dc, status| {
        commit(p, vec![Change::Put(storage(5, "data", dc, status))]);
    };
    stored(&p, Some(1), "Maintenance");
    assert_eq!(
        of(&p),
        (
            StorageDomainStatus::Maintenance,
            DataCenterStatus::Maintenance
        )
    );
    stored(&p, Some(1), "Locked");
    assert_eq!(
        of(&p),
        (StorageDomainStatus::Locked, DataCenterStatus::Uninitialized)
    );
    stored(&p, None, "Unattached");
    assert_eq!(
        of(&p),
        (
            StorageDomainStatus::Unattached,
            DataCenterStatus::Uninitialized
        )
    );
}
