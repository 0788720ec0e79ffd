//! A cluster as the API shows it.
//!
//! Clients compare `ksm`, `memory_policy`, `fencing_policy`, `migration` and others without asking
//! whether they are there, so they are always shown, also where they only say "off".

use super::{data_center, links, numbers::int, references, scheduling};
use api_v4::{
    Architecture, BiosType, ErrorHandling, FencingPolicy, FipsMode, FirewallType,
    InheritableBoolean, Ksm, LogMaxMemoryUsedThresholdType, MemoryOverCommit, MemoryPolicy,
    MigrateOnError, MigrationBandwidth, MigrationBandwidthAssignmentMethod, MigrationOptions,
    MigrationPolicy, RngSource, SerialNumber, SerialNumberPolicy, SkipIfConnectivityBroken,
    SkipIfSdActive, SwitchType, TransparentHugePages,
};
use domain::clusters::{self, Cluster, MemoryThreshold, OnHostError};
use domain::cpu_types;
use projection::Snapshot;

/// All of it.
#[must_use]
pub fn cluster(snapshot: &Snapshot, cluster: &Cluster) -> api_v4::Cluster {
    let management = snapshot
        .networks_of(cluster.data_center)
        .find(|network| network.management);
    let policies = &cluster.policies;
    let (threshold, threshold_type) = match policies.memory_threshold {
        MemoryThreshold::Percent(value) => (value, LogMaxMemoryUsedThresholdType::Percentage),
        MemoryThreshold::FreeMib(value) => {
            (value, LogMaxMemoryUsedThresholdType::AbsoluteValueInMb)
        }
    };
    let mut shown = api_v4::Cluster {
        name: Some(cluster.name.clone()),
        description: Some(cluster.description.clone()),
        comment: Some(cluster.comment.clone()),
        ballooning_enabled: Some(cluster.ballooning),
        bios_type: Some(BiosType::Q35SeaBios),
        cpu: Some(Box::new(api_v4::Cpu {
            architecture: Some(architecture(snapshot, cluster)),
            type_: Some(cluster.cpu_type.clone()),
            ..api_v4::Cpu::default()
        })),
        custom_scheduling_policy_properties: Some(
            policies
                .scheduling_properties
                .iter()
                .map(|(name, value)| scheduling::property(name, value))
                .collect(),
        ),
        data_center: Some(references::data_center(cluster.data_center)),
        error_handling: Some(Box::new(ErrorHandling {
            on_error: Some(match policies.on_error {
                OnHostError::Migrate => MigrateOnError::Migrate,
                OnHostError::DoNotMigrate => MigrateOnError::DoNotMigrate,
                OnHostError::MigrateHighlyAvailable => MigrateOnError::MigrateHighlyAvailable,
            }),
        })),
        fencing_policy: Some(Box::new(fencing(&policies.fencing))),
        fips_mode: Some(FipsMode::Undefined),
        firewall_type: Some(FirewallType::Firewalld),
        gluster_service: Some(false),
        ha_reservation: Some(policies.ha_reservation),
        ksm: Some(Box::new(Ksm {
            enabled: Some(cluster.ksm),
            merge_across_nodes: Some(policies.ksm_across_nodes),
        })),
        log_max_memory_used_threshold: int(threshold),
        log_max_memory_used_threshold_type: Some(threshold_type),
        mac_pool: Some(references::mac_pool(cluster.mac_pool)),
        maintenance_reason_required: Some(policies.maintenance_reason),
        management_network: management.map(|network| references::network(network.id)),
        memory_policy: Some(Box::new(MemoryPolicy {
            over_commit: Some(Box::new(MemoryOverCommit {
                percent: int(cluster.memory_overcommit_percent),
            })),
            transparent_huge_pages: Some(Box::new(TransparentHugePages {
                enabled: Some(policies.transparent_huge_pages),
            })),
            ..MemoryPolicy::default()
        })),
        migration: Some(Box::new(migration(&policies.migration))),
        optional_reason: Some(policies.optional_reason),
        required_rng_sources: Some(
            policies
                .rng_sources
                .iter()
                .map(|source| match source {
                    clusters::RngSource::Urandom => RngSource::Urandom,
                    clusters::RngSource::Hwrng => RngSource::Hwrng,
                })
                .collect(),
        ),
        scheduling_policy: Some(references::scheduling_policy(policies.scheduling)),
        serial_number: Some(Box::new(serial_number(&policies.serial_number))),
        switch_type: Some(SwitchType::Legacy),
        threads_as_cores: Some(cluster.threads_as_cores),
        trusted_service: Some(false),
        tunnel_migration: Some(false),
        upgrade_in_progress: Some(false),
        upgrade_percent_complete: Some(0),
        version: Some(Box::new(data_center::version(cluster.version))),
        virt_service: Some(true),
        vnc_encryption: Some(false),
        ..api_v4::Cluster::default()
    };
    links::place(&mut shown, "clusters/{}", &[&cluster.id.to_string()]);
    shown
}

/// That of its CPU type, of its hosts, or what was asked for.
#[must_use]
pub fn architecture(snapshot: &Snapshot, cluster: &Cluster) -> Architecture {
    let of_type = cpu_types::named(cluster.version, &cluster.cpu_type).map(|t| t.architecture);
    snapshot
        .hosts_of(cluster.id)
        .find_map(|host| Architecture::named(&host.facts.as_ref()?.architecture))
        .or_else(|| {
            let wanted = of_type.or(cluster.policies.architecture)?;
            Architecture::named(wanted.name())
        })
        .unwrap_or(Architecture::Undefined)
}

fn fencing(policy: &clusters::FencingPolicy) -> FencingPolicy {
    FencingPolicy {
        enabled: Some(policy.enabled),
        skip_if_connectivity_broken: Some(Box::new(SkipIfConnectivityBroken {
            enabled: Some(policy.skip_if_connectivity_broken),
            threshold: int(policy.connectivity_threshold),
        })),
        skip_if_gluster_bricks_up: Some(policy.skip_if_gluster_bricks_up),
        skip_if_gluster_quorum_not_met: Some(policy.skip_if_gluster_quorum_not_met),
        skip_if_sd_active: Some(Box::new(SkipIfSdActive {
            enabled: Some(policy.skip_if_sd_active),
        })),
    }
}

fn migration(settings: &clusters::MigrationSettings) -> MigrationOptions {
    use clusters::MigrationBandwidth as Bandwidth;
    let (method, custom) = match settings.bandwidth {
        Bandwidth::Auto => (MigrationBandwidthAssignmentMethod::Auto, None),
        Bandwidth::HypervisorDefault => {
            (MigrationBandwidthAssignmentMethod::HypervisorDefault, None)
        }
        Bandwidth::Custom(mbps) => (MigrationBandwidthAssignmentMethod::Custom, int(mbps)),
    };
    MigrationOptions {
        auto_converge: Some(inheritable(settings.auto_converge)),
        bandwidth: Some(Box::new(MigrationBandwidth {
            assignment_method: Some(method),
            custom_value: custom,
        })),
        compressed: Some(inheritable(settings.compressed)),
        encrypted: Some(inheritable(settings.encrypted)),
        policy: Some(Box::new(MigrationPolicy {
            id: Some(settings.policy.to_string()),
            ..MigrationPolicy::default()
        })),
        ..MigrationOptions::default()
    }
}

fn inheritable(value: Option<bool>) -> InheritableBoolean {
    match value {
        None => InheritableBoolean::Inherit,
        Some(true) => InheritableBoolean::True,
        Some(false) => InheritableBoolean::False,
    }
}

fn serial_number(number: &clusters::SerialNumber) -> SerialNumber {
    use clusters::SerialNumber as Number;
    let (policy, value) = match number {
        Number::None => (SerialNumberPolicy::None, None),
        Number::Host => (SerialNumberPolicy::Host, None),
        Number::Vm => (SerialNumberPolicy::Vm, None),
        Number::Custom(text) => (SerialNumberPolicy::Custom, Some(text.clone())),
    };
    SerialNumber {
        policy: Some(policy),
        value,
    }
}
