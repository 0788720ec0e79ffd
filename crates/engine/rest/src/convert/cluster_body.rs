//! From the body of a cluster to the verbs that add and change one.

use super::attributes::{self, names};
use super::numbers::{missing, unsigned, wrong};
use super::{carry, data_center, find, scheduling};
use api_v4::{
    Architecture, BiosType, FipsMode, FirewallType, InheritableBoolean,
    LogMaxMemoryUsedThresholdType, MigrateOnError, MigrationBandwidthAssignmentMethod, RngSource,
    SerialNumberPolicy, SwitchType,
};
use base::{DataCenterId, Fault, Generation, MacPoolId, SchedulingPolicyId};
use domain::clusters::{
    self, Cluster, ClusterPolicies, MemoryThreshold, MigrationBandwidth, OnHostError, SerialNumber,
};
use domain::cpu_types::CpuArchitecture;
use operations::clusters::ClusterChange;
use projection::Snapshot;

/// A new cluster, and where; a name and a data center are needed.
///
/// # Errors
/// 400 for what is missing or can't be; 404 for references to nothing; 501 for what can't be set yet.
pub fn cluster_add(
    snapshot: &Snapshot,
    wanted: &api_v4::Cluster,
) -> Result<(DataCenterId, ClusterChange), Fault> {
    let dc = wanted
        .data_center
        .as_deref()
        .ok_or_else(|| missing("cluster.data_center"))?;
    let dc = find::data_center(snapshot, "cluster.data_center", dc)?;
    let shown = api_v4::Cluster {
        bios_type: Some(BiosType::Q35SeaBios),
        fips_mode: Some(FipsMode::Undefined),
        firewall_type: Some(FirewallType::Firewalld),
        switch_type: Some(SwitchType::Legacy),
        virt_service: Some(true),
        ..api_v4::Cluster::default()
    };
    let known = names(&[attributes::CLUSTER, attributes::CLUSTER_NEW]);
    carry::check(wanted, &shown, &known)?;
    if wanted.name.is_none() {
        return Err(missing("cluster.name"));
    }
    let before = (Generation::NEW, ClusterPolicies::default());
    Ok((dc.id, change(snapshot, wanted, before)?))
}

/// What a body changes of a cluster.
///
/// # Errors
/// As `cluster_add`.
pub fn cluster_update(
    snapshot: &Snapshot,
    cluster: &Cluster,
    wanted: &api_v4::Cluster,
) -> Result<ClusterChange, Fault> {
    let mut shown = super::cluster(snapshot, cluster);
    if let (Some(shown), Some(wanted)) = (&mut shown.data_center, &wanted.data_center) {
        shown.name = snapshot
            .data_center(cluster.data_center)
            .map(|dc| dc.name.clone());
        if wanted.id.is_none() {
            shown.id = None;
        }
    }
    carry::check(wanted, &shown, &names(&[attributes::CLUSTER]))?;
    let before = (cluster.generation, cluster.policies.clone());
    change(snapshot, wanted, before)
}

fn change(
    snapshot: &Snapshot,
    wanted: &api_v4::Cluster,
    before: (Generation, ClusterPolicies),
) -> Result<ClusterChange, Fault> {
    let memory = wanted.memory_policy.as_deref();
    let over_commit = memory.and_then(|m| m.over_commit.as_deref());
    let (generation, old) = before;
    let mut policies = old.clone();
    set_policies(snapshot, wanted, &mut policies)?;
    Ok(ClusterChange {
        name: wanted.name.clone(),
        description: wanted.description.clone(),
        comment: wanted.comment.clone(),
        version: wanted
            .version
            .as_deref()
            .map(|v| data_center::version_of("cluster.version", v))
            .transpose()?,
        cpu_type: wanted.cpu.as_deref().and_then(|cpu| cpu.type_.clone()),
        memory_overcommit_percent: unsigned(
            "cluster.memory_policy.over_commit.percent",
            over_commit.and_then(|o| o.percent),
        )?,
        threads_as_cores: wanted.threads_as_cores,
        ballooning: wanted.ballooning_enabled,
        ksm: wanted.ksm.as_deref().and_then(|k| k.enabled),
        mac_pool: wanted
            .mac_pool
            .as_deref()
            .map(|pool| mac_pool(snapshot, pool))
            .transpose()?,
        policies: (policies != old).then_some((generation, policies)),
    })
}

fn mac_pool(snapshot: &Snapshot, wanted: &api_v4::MacPool) -> Result<MacPoolId, Fault> {
    match (&wanted.id, &wanted.name) {
        (Some(id), _) => find::id(id, MacPoolId::WHAT),
        (None, Some(name)) => snapshot
            .mac_pool_named(name)
            .map(|p| p.id)
            .ok_or_else(|| Fault::not_found(MacPoolId::WHAT, name)),
        (None, None) => Err(missing("cluster.mac_pool.id|name")),
    }
}

/// Sets a field where the body says something.
fn set<T>(field: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *field = value;
    }
}

fn set_policies(
    snapshot: &Snapshot,
    wanted: &api_v4::Cluster,
    to: &mut ClusterPolicies,
) -> Result<(), Fault> {
    match wanted.cpu.as_deref().and_then(|cpu| cpu.architecture) {
        Some(Architecture::X8664) => to.architecture = Some(CpuArchitecture::X86_64),
        Some(Architecture::Undefined) => to.architecture = None,
        Some(other) => {
            return Err(Fault::not_supported(format!(
                "`cluster.cpu.architecture` = `{}`",
                other.name()
            )));
        }
        None => {}
    }
    let on_error = wanted.error_handling.as_deref().and_then(|e| e.on_error);
    set(
        &mut to.on_error,
        on_error.map(|e| match e {
            MigrateOnError::Migrate => OnHostError::Migrate,
            MigrateOnError::DoNotMigrate => OnHostError::DoNotMigrate,
            MigrateOnError::MigrateHighlyAvailable => OnHostError::MigrateHighlyAvailable,
        }),
    );
    set_fencing(wanted, &mut to.fencing)?;
    set_migration(wanted, &mut to.migration)?;
    if let Some(policy) = wanted.scheduling_policy.as_deref() {
        let next = scheduling_policy(snapshot, policy)?;
        if next != to.scheduling {
            to.scheduling = next;
            to.scheduling_properties.clear();
        }
    }
    if let Some(properties) = &wanted.custom_scheduling_policy_properties {
        to.scheduling_properties = scheduling::properties("cluster", properties)?;
    }
    if let Some(number) = wanted.serial_number.as_deref() {
        to.serial_number = match number.policy {
            None => return Err(missing("cluster.serial_number.policy")),
            Some(SerialNumberPolicy::None) => SerialNumber::None,
            Some(SerialNumberPolicy::Host) => SerialNumber::Host,
            Some(SerialNumberPolicy::Vm) => SerialNumber::Vm,
            Some(SerialNumberPolicy::Custom) => SerialNumber::Custom(
                number
                    .value
                    .clone()
                    .ok_or_else(|| missing("cluster.serial_number.value"))?,
            ),
        };
    }
    if let Some(sources) = &wanted.required_rng_sources {
        to.rng_sources = [clusters::RngSource::Urandom].into();
        for source in sources {
            match source {
                RngSource::Urandom => {}
                RngSource::Hwrng => drop(to.rng_sources.insert(clusters::RngSource::Hwrng)),
                RngSource::Random => {
                    return Err(Fault::bad_request(
                        "ACTION_TYPE_FAILED_RANDOM_RNG_SOURCE_CANT_BE_ADDED_TO_CLUSTER_ADDITIONAL_RNG_SOURCES",
                        "`random` is no source of random numbers any more; use `urandom`.",
                    ));
                }
            }
        }
    }
    set_threshold(wanted, to)?;
    let pages = wanted
        .memory_policy
        .as_deref()
        .and_then(|m| m.transparent_huge_pages.as_deref());
    set(
        &mut to.transparent_huge_pages,
        pages.and_then(|p| p.enabled),
    );
    let across = wanted.ksm.as_deref().and_then(|k| k.merge_across_nodes);
    set(&mut to.ksm_across_nodes, across);
    set(&mut to.ha_reservation, wanted.ha_reservation);
    set(&mut to.optional_reason, wanted.optional_reason);
    set(
        &mut to.maintenance_reason,
        wanted.maintenance_reason_required,
    );
    Ok(())
}

fn scheduling_policy(
    snapshot: &Snapshot,
    wanted: &api_v4::SchedulingPolicy,
) -> Result<SchedulingPolicyId, Fault> {
    match (&wanted.id, &wanted.name) {
        (Some(id), _) => find::id(id, SchedulingPolicyId::WHAT),
        (None, Some(name)) => snapshot
            .scheduling_policy_named(name)
            .map(|p| p.id)
            .ok_or_else(|| Fault::not_found(SchedulingPolicyId::WHAT, name)),
        (None, None) => Err(missing("cluster.scheduling_policy.id|name")),
    }
}

fn set_fencing(wanted: &api_v4::Cluster, to: &mut clusters::FencingPolicy) -> Result<(), Fault> {
    let Some(policy) = wanted.fencing_policy.as_deref() else {
        return Ok(());
    };
    set(&mut to.enabled, policy.enabled);
    let broken = policy.skip_if_connectivity_broken.as_deref();
    set(
        &mut to.skip_if_connectivity_broken,
        broken.and_then(|b| b.enabled),
    );
    set(
        &mut to.connectivity_threshold,
        unsigned(
            "cluster.fencing_policy.skip_if_connectivity_broken.threshold",
            broken.and_then(|b| b.threshold),
        )?,
    );
    set(
        &mut to.skip_if_sd_active,
        policy.skip_if_sd_active.as_deref().and_then(|s| s.enabled),
    );
    set(
        &mut to.skip_if_gluster_bricks_up,
        policy.skip_if_gluster_bricks_up,
    );
    set(
        &mut to.skip_if_gluster_quorum_not_met,
        policy.skip_if_gluster_quorum_not_met,
    );
    Ok(())
}

fn set_migration(
    wanted: &api_v4::Cluster,
    to: &mut clusters::MigrationSettings,
) -> Result<(), Fault> {
    let Some(migration) = wanted.migration.as_deref() else {
        return Ok(());
    };
    let inherited = |value: InheritableBoolean| match value {
        InheritableBoolean::Inherit => None,
        InheritableBoolean::True => Some(true),
        InheritableBoolean::False => Some(false),
    };
    set(
        &mut to.auto_converge,
        migration.auto_converge.map(inherited),
    );
    set(&mut to.compressed, migration.compressed.map(inherited));
    set(&mut to.encrypted, migration.encrypted.map(inherited));
    if let Some(bandwidth) = migration.bandwidth.as_deref() {
        let path = "cluster.migration.bandwidth.custom_value";
        to.bandwidth = match bandwidth.assignment_method {
            None => return Err(missing("cluster.migration.bandwidth.assignment_method")),
            Some(MigrationBandwidthAssignmentMethod::Auto) => MigrationBandwidth::Auto,
            Some(MigrationBandwidthAssignmentMethod::HypervisorDefault) => {
                MigrationBandwidth::HypervisorDefault
            }
            Some(MigrationBandwidthAssignmentMethod::Custom) => MigrationBandwidth::Custom(
                unsigned(path, bandwidth.custom_value)?.ok_or_else(|| missing(path))?,
            ),
        };
    }
    if let Some(policy) = migration.policy.as_deref() {
        let id = policy.id.as_deref();
        let id = id.ok_or_else(|| missing("cluster.migration.policy.id"))?;
        to.policy = find::id(id, "migration policy")?;
    }
    Ok(())
}

fn set_threshold(wanted: &api_v4::Cluster, to: &mut ClusterPolicies) -> Result<(), Fault> {
    let path = "cluster.log_max_memory_used_threshold";
    let value: Option<u32> = unsigned(path, wanted.log_max_memory_used_threshold)?;
    let percent = match wanted.log_max_memory_used_threshold_type {
        Some(LogMaxMemoryUsedThresholdType::Percentage) => true,
        Some(LogMaxMemoryUsedThresholdType::AbsoluteValueInMb) => false,
        None => matches!(to.memory_threshold, MemoryThreshold::Percent(_)),
    };
    let (was_percent, old) = match to.memory_threshold {
        MemoryThreshold::Percent(value) => (true, value),
        MemoryThreshold::FreeMib(value) => (false, value),
    };
    let value = match value {
        Some(value) => value,
        None if percent == was_percent => old,
        None => return Err(wrong(path, "it has to come with its type")),
    };
    to.memory_threshold = if percent {
        MemoryThreshold::Percent(value)
    } else {
        MemoryThreshold::FreeMib(value)
    };
    Ok(())
}
