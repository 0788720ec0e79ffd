//! `operatingsystems`: what a machine's `os` may name.

use super::{href, listing};
use crate::api::answer::Answer;
use crate::api::ask::Ask;
use api_v4::{Architecture, OperatingSystemInfo, TpmSupport};
use base::Fault;
use domain::operating_systems::{ALL, OperatingSystem, by_id};

fn shown(os: &OperatingSystem) -> OperatingSystemInfo {
    OperatingSystemInfo {
        id: Some(os.id.to_string()),
        href: Some(href(&format!("operatingsystems/{}", os.id))),
        name: Some(os.name.to_owned()),
        description: Some(os.title.to_owned()),
        architecture: Architecture::named(os.architecture.name()),
        tpm_support: TpmSupport::named(os.tpm.name()),
        ..OperatingSystemInfo::default()
    }
}

/// `GET operatingsystems`.
pub fn list(ask: &Ask) -> Result<Answer, Fault> {
    listing::plain(ask, ALL.iter().map(shown).collect())
}

/// `GET operatingsystems/{}`.
pub fn get(ask: &Ask) -> Result<Answer, Fault> {
    let id: u32 = ask.id(0, "operating system")?;
    by_id(id)
        .map(|os| Answer::entity(shown(os)))
        .ok_or_else(|| Fault::not_found("operating system", id))
}
