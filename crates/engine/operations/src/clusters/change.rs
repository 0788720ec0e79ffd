//! What is set in a cluster when it is made or changed, and what it may be.

use crate::{checks, data_centers};
use base::{Fault, Generation, MacPoolId};
use domain::clusters::{Cluster, ClusterPolicies, MemoryThreshold, MigrationSettings};
use domain::cpu_types;
use domain::data_centers::CompatibilityVersion;
use domain::names::{self, Alphabet};
use projection::Snapshot;

/// What is to be set; `None` stays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClusterChange {
    /// Name.
    pub name: Option<String>,
    /// Description.
    pub description: Option<String>,
    /// Comment.
    pub comment: Option<String>,
    /// Compatibility version.
    pub version: Option<CompatibilityVersion>,
    /// CPU type by oVirt's name; empty lets the first host tell it.
    pub cpu_type: Option<String>,
    /// Memory over-commit, per cent.
    pub memory_overcommit_percent: Option<u32>,
    /// Threads count as cores.
    pub threads_as_cores: Option<bool>,
    /// Balloons.
    pub ballooning: Option<bool>,
    /// Kernel same-page merging.
    pub ksm: Option<bool>,
    /// MAC pool.
    pub mac_pool: Option<MacPoolId>,
    /// Everything else, made from what the cluster had at that generation.
    pub policies: Option<(Generation, ClusterPolicies)>,
}

impl ClusterChange {
    /// Sets it.
    pub(crate) fn apply(&self, cluster: &mut Cluster, verb: &str) -> Result<(), Fault> {
        fn set<T: Clone>(field: &mut T, value: Option<&T>) {
            if let Some(value) = value {
                field.clone_from(value);
            }
        }
        set(&mut cluster.name, self.name.as_ref());
        set(&mut cluster.description, self.description.as_ref());
        set(&mut cluster.comment, self.comment.as_ref());
        set(&mut cluster.version, self.version.as_ref());
        set(&mut cluster.cpu_type, self.cpu_type.as_ref());
        set(
            &mut cluster.memory_overcommit_percent,
            self.memory_overcommit_percent.as_ref(),
        );
        set(
            &mut cluster.threads_as_cores,
            self.threads_as_cores.as_ref(),
        );
        set(&mut cluster.ballooning, self.ballooning.as_ref());
        set(&mut cluster.ksm, self.ksm.as_ref());
        set(&mut cluster.mac_pool, self.mac_pool.as_ref());
        if let Some((generation, policies)) = &self.policies {
            if *generation != cluster.generation {
                return Err(Fault::conflict(
                    "ACTION_TYPE_FAILED_CLUSTER_IS_BEING_UPDATED",
                    format!(
                        "{verb}. Cluster {} was changed by somebody else at the same moment. Try again.",
                        cluster.name
                    ),
                ));
            }
            cluster.policies.clone_from(policies);
        }
        Ok(())
    }
}

/// Largest over-commit.
const OVERCOMMIT_MAX: u32 = 10_000;

/// The cluster may be so, whatever it was.
pub(crate) fn check(snapshot: &Snapshot, cluster: &Cluster, verb: &str) -> Result<(), Fault> {
    names::check_name(
        "cluster",
        &cluster.name,
        names::CLUSTER_NAME_MAX,
        Alphabet::International,
    )?;
    names::check_text("description", &cluster.description, names::DESCRIPTION_MAX)?;
    names::check_text("comment", &cluster.comment, checks::COMMENT_MAX)?;
    let dc = snapshot
        .data_center(cluster.data_center)
        .ok_or_else(|| Fault::not_found("data center", cluster.data_center))?;
    data_centers::check_version(cluster.version, verb)?;
    if cluster.version < dc.version {
        return Err(Fault::conflict(
            "ACTION_TYPE_FAILED_CANNOT_DECREASE_COMPATIBILITY_VERSION_UNDER_DC",
            format!(
                "{verb}. Data center {} has compatibility version {}; a cluster in it can't have {}.",
                dc.name, dc.version, cluster.version
            ),
        ));
    }
    if !cluster.cpu_type.is_empty()
        && cpu_types::named(cluster.version, &cluster.cpu_type).is_none()
    {
        return Err(Fault::bad_request(
            "ACTION_TYPE_FAILED_CPU_NOT_FOUND",
            format!(
                "{verb}. There is no CPU type `{}` in compatibility version {}; see /clusterlevels.",
                cluster.cpu_type, cluster.version
            ),
        ));
    }
    snapshot
        .mac_pool(cluster.mac_pool)
        .ok_or_else(|| Fault::not_found("MAC pool", cluster.mac_pool))?;
    check_memory(cluster, verb)?;
    check_policies(snapshot, &cluster.policies)
}

fn check_memory(cluster: &Cluster, verb: &str) -> Result<(), Fault> {
    let percent = cluster.memory_overcommit_percent;
    if !(1..=OVERCOMMIT_MAX).contains(&percent) {
        return Err(Fault::bad_request(
            "ACTION_TYPE_FAILED_MEMORY_OVERCOMMIT_OUT_OF_RANGE",
            format!(
                "{verb}. Memory over-commit goes from 1 to {OVERCOMMIT_MAX} per cent, not {percent}."
            ),
        ));
    }
    if percent > 100 && !cluster.ksm && !cluster.ballooning {
        return Err(Fault::conflict(
            "CLUSTER_TO_ALLOW_MEMORY_OPTIMIZATION_YOU_MUST_ALLOW_KSM_OR_BALLOONING",
            format!("{verb}. Memory over-commit needs kernel same-page merging or balloons."),
        ));
    }
    Ok(())
}

fn check_policies(snapshot: &Snapshot, policies: &ClusterPolicies) -> Result<(), Fault> {
    snapshot
        .scheduling_policy(policies.scheduling)
        .ok_or_else(|| Fault::not_found("scheduling policy", policies.scheduling))?;
    let migration = policies.migration.policy;
    if !MigrationSettings::POLICIES.contains(&migration) {
        return Err(Fault::not_found("migration policy", migration));
    }
    let percent = |what: &str, value: u32| {
        if value <= 100 {
            return Ok(());
        }
        Err(Fault::bad_request(
            "VALIDATION_PERCENTAGE_OUT_OF_RANGE",
            format!("The {what} goes from 0 to 100 per cent, not {value}."),
        ))
    };
    percent(
        "threshold of broken connectivity",
        policies.fencing.connectivity_threshold,
    )?;
    if let MemoryThreshold::Percent(value) = policies.memory_threshold {
        percent("memory threshold", value)?;
    }
    Ok(())
}

/// Nobody has the name.
pub(crate) fn name_is_free(snapshot: &Snapshot, name: &str, verb: &str) -> Result<(), Fault> {
    match snapshot.cluster_named(name) {
        None => Ok(()),
        Some(_) => Err(Fault::conflict(
            "CLUSTER_CANNOT_DO_ACTION_NAME_IN_USE",
            format!("{verb}. The name {name} is already in use; choose another one."),
        )),
    }
}
