//! `options/{name}`: the settings that clients ask for by name.
//!
//! A value that this engine has as a setting is told from there; the others are oVirt's constants
//! that bound what a request may hold, or that tell a portal how to behave.

use crate::Front;
use crate::api::answer::Answer;
use crate::api::ask::Ask;
use api_v4::{SystemOption, SystemOptionValue};
use base::Fault;

/// The version of options that don't depend on one.
const GENERAL: &str = "general";

/// Values by compatibility version.
type Values = Vec<(String, String)>;

fn general(value: impl Into<String>) -> Values {
    vec![(GENERAL.to_owned(), value.into())]
}

/// One value for each compatibility version that clusters may have.
fn versioned(value: &str) -> Values {
    super::levels::levels()
        .into_iter()
        .map(|version| (version, value.to_owned()))
        .collect()
}

fn values(front: &Front, name: &str) -> Option<Values> {
    Some(match name {
        "UserSessionTimeOutInterval" => general((front.session_idle.as_secs() / 60).to_string()),
        // Every login of this version is an administrator's.
        "AlwaysFilterResultsForWebUi" => general("false"),
        "ClientModeConsoleDefault" => general("vnc"),
        "ClientModeVncDefault" => general("Native"),
        "DefaultGeneralTimeZone" => general("Etc/GMT"),
        "DefaultWindowsTimeZone" => general("GMT Standard Time"),
        "SpiceUsbAutoShare" => general("true"),
        "WebSocketProxy" => general("Off"),
        "SearchResultsLimit" => general(super::listing::PAGE.to_string()),
        "VmPriorityMaxValue" => general("100"),
        "MaxNumOfCpuPerSocket" => versioned("254"),
        "MaxNumOfThreadsPerCpu" => versioned("8"),
        "MaxNumOfVmCpus" => versioned("{x86=710, ppc=384, s390x=384}"),
        "MaxNumOfVmSockets" => versioned("10000"),
        _ => return None,
    })
}

/// `GET options/{name}`, with `version` one value only.
pub fn get(ask: &Ask) -> Result<Answer, Fault> {
    let name = ask.ids.first().map_or("", String::as_str);
    let short: String = name.chars().take(100).collect();
    let values = values(&ask.front, name).ok_or_else(|| Fault::not_found("option", &short))?;
    let version = ask.parameters.text("version");
    let shown: Vec<SystemOptionValue> = values
        .into_iter()
        .filter(|(v, _)| version.is_none_or(|wanted| wanted == v))
        .map(|(version, value)| SystemOptionValue {
            value: Some(value),
            version: Some(version),
        })
        .collect();
    if let (Some(version), true) = (version, shown.is_empty()) {
        let version: String = version.chars().take(40).collect();
        return Err(Fault::not_found("version of this option", version));
    }
    Ok(Answer::entity(SystemOption {
        id: Some(short.clone()),
        href: Some(super::href(&format!("options/{short}"))),
        name: Some(short),
        values: Some(shown),
        ..SystemOption::default()
    }))
}
