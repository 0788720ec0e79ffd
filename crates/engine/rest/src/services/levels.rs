//! `clusterlevels`: compatibility levels that clusters may have.

use super::{href, listing};
use crate::api::answer::Answer;
use crate::api::ask::Ask;
use crate::convert;
use api_v4::ClusterLevel;
use base::Fault;
use domain::data_centers::CompatibilityVersion;
use domain::{cpu_types, roles};

/// Levels that clusters of this version may have, oldest first.
pub fn levels() -> Vec<String> {
    CompatibilityVersion::ALL
        .iter()
        .map(ToString::to_string)
        .collect()
}

fn shown(level: String) -> ClusterLevel {
    let types = CompatibilityVersion::ALL
        .iter()
        .find(|v| v.to_string() == level)
        .map_or(&[][..], |v| cpu_types::of_level(*v));
    ClusterLevel {
        cpu_types: Some(types.iter().map(cpu_type).collect()),
        permits: Some(roles::PERMITS.iter().map(convert::permit).collect()),
        href: Some(href(&format!("clusterlevels/{level}"))),
        id: Some(level.clone()),
        name: Some(level),
        ..ClusterLevel::default()
    }
}

fn cpu_type(of: &cpu_types::CpuType) -> api_v4::CpuType {
    api_v4::CpuType {
        name: Some(of.name.to_owned()),
        architecture: api_v4::Architecture::named(of.architecture.name()),
        level: Some(i64::from(of.level)),
    }
}

/// `GET clusterlevels/{}/clusterfeatures`: there are none yet.
pub fn features(ask: &Ask) -> Result<Answer, Fault> {
    get(ask)?;
    listing::empty::<api_v4::ClusterFeature>(ask)
}

/// `GET clusterlevels`.
pub fn list(ask: &Ask) -> Result<Answer, Fault> {
    listing::plain(ask, levels().into_iter().map(shown).collect())
}

/// `GET clusterlevels/{}`.
pub fn get(ask: &Ask) -> Result<Answer, Fault> {
    let id: String = ask.id(0, "cluster level")?;
    levels()
        .into_iter()
        .find(|level| *level == id)
        .map(|level| Answer::entity(shown(level)))
        .ok_or_else(|| Fault::not_found("cluster level", id.chars().take(40).collect::<String>()))
}
