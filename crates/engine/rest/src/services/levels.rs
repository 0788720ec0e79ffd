//! `clusterlevels`: compatibility levels that clusters may have.

use super::{href, listing};
use crate::api::answer::Answer;
use crate::api::ask::Ask;
use api_v4::ClusterLevel;
use base::Fault;
use domain::data_centers::CompatibilityVersion;

/// Levels that clusters of this version may have, oldest first.
pub fn levels() -> Vec<String> {
    vec![CompatibilityVersion::NEWEST.to_string()]
}

fn shown(level: String) -> ClusterLevel {
    ClusterLevel {
        href: Some(href(&format!("clusterlevels/{level}"))),
        id: Some(level.clone()),
        name: Some(level),
        ..ClusterLevel::default()
    }
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
