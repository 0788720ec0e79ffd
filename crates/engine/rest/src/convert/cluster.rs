//! A cluster as the API shows it.
//!
//! Clients compare `ksm`, `memory_policy`, `fencing_policy`, `migration` and others without asking
//! whether they are there, so they are always shown, also where they only say "off".

use super::{data_center, links, numbers::int, references};
use api_v4::{
    Architecture, BiosType, ErrorHandling, FencingPolicy, FipsMode, FirewallType,
    InheritableBoolean, Ksm, LogMaxMemoryUsedThresholdType, MemoryOverCommit, MemoryPolicy,
    MigrateOnError, MigrationBandwidth, MigrationBandwidthAssignmentMethod, MigrationOptions,
    MigrationPolicy, RngSource, SchedulingPolicy, SerialNumber, SerialNumberPolicy,
    SkipIfConnectivityBroken, SkipIfSdActive, SwitchType, TransparentHugePages,
};
use domain::clusters::Cluster;
use projection::Snapshot;

/// oVirt's migration policy "Minimal downtime", the default.
const MIGRATION_POLICY: &str = "80554327-0569-496b-bdeb-fcbbf52b827b";
/// oVirt's scheduling policy "none", the default.
const SCHEDULING_POLICY: &str = "b4ed2332-a7ac-4d5f-9596-99a439cb2812";

/// All of it.
#[must_use]
pub fn cluster(snapshot: &Snapshot, cluster: &Cluster) -> api_v4::Cluster {
    let management = snapshot
        .networks_of(cluster.data_center)
        .find(|network| network.management);
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
        custom_scheduling_policy_properties: Some(Vec::new()),
        data_center: Some(references::data_center(cluster.data_center)),
        error_handling: Some(Box::new(ErrorHandling {
            on_error: Some(MigrateOnError::Migrate),
        })),
        fencing_policy: Some(Box::new(fencing())),
        fips_mode: Some(FipsMode::Undefined),
        firewall_type: Some(FirewallType::Firewalld),
        gluster_service: Some(false),
        ha_reservation: Some(false),
        ksm: Some(Box::new(Ksm {
            enabled: Some(cluster.ksm),
            merge_across_nodes: Some(true),
        })),
        log_max_memory_used_threshold: Some(95),
        log_max_memory_used_threshold_type: Some(LogMaxMemoryUsedThresholdType::Percentage),
        mac_pool: Some(references::mac_pool(cluster.mac_pool)),
        maintenance_reason_required: Some(false),
        management_network: management.map(|network| references::network(network.id)),
        memory_policy: Some(Box::new(MemoryPolicy {
            over_commit: Some(Box::new(MemoryOverCommit {
                percent: int(cluster.memory_overcommit_percent),
            })),
            transparent_huge_pages: Some(Box::new(TransparentHugePages {
                enabled: Some(true),
            })),
            ..MemoryPolicy::default()
        })),
        migration: Some(Box::new(migration())),
        optional_reason: Some(false),
        required_rng_sources: Some(vec![RngSource::Urandom]),
        scheduling_policy: Some(Box::new(SchedulingPolicy {
            id: Some(SCHEDULING_POLICY.to_owned()),
            href: Some(links::href(&format!(
                "schedulingpolicies/{SCHEDULING_POLICY}"
            ))),
            ..SchedulingPolicy::default()
        })),
        serial_number: Some(Box::new(SerialNumber {
            policy: Some(SerialNumberPolicy::Host),
            value: None,
        })),
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

/// That of its hosts; undefined until the first one told.
fn architecture(snapshot: &Snapshot, cluster: &Cluster) -> Architecture {
    snapshot
        .hosts_of(cluster.id)
        .find_map(|host| Architecture::named(&host.facts.as_ref()?.architecture))
        .unwrap_or(Architecture::Undefined)
}

/// No host is fenced in this version.
fn fencing() -> FencingPolicy {
    FencingPolicy {
        enabled: Some(false),
        skip_if_connectivity_broken: Some(Box::new(SkipIfConnectivityBroken {
            enabled: Some(false),
            threshold: Some(50),
        })),
        skip_if_gluster_bricks_up: Some(false),
        skip_if_gluster_quorum_not_met: Some(false),
        skip_if_sd_active: Some(Box::new(SkipIfSdActive {
            enabled: Some(false),
        })),
    }
}

fn migration() -> MigrationOptions {
    MigrationOptions {
        auto_converge: Some(InheritableBoolean::Inherit),
        bandwidth: Some(Box::new(MigrationBandwidth {
            assignment_method: Some(MigrationBandwidthAssignmentMethod::Auto),
            custom_value: None,
        })),
        compressed: Some(InheritableBoolean::Inherit),
        encrypted: Some(InheritableBoolean::Inherit),
        policy: Some(Box::new(MigrationPolicy {
            id: Some(MIGRATION_POLICY.to_owned()),
            ..MigrationPolicy::default()
        })),
        ..MigrationOptions::default()
    }
}
