//! Events (oVirt's audit log): what happened, to what, who did it.
//!
//! Codes and texts of single events are in the `audit` room; here is only the record.

use base::{
    ClusterId, DataCenterId, DiskId, HostId, StorageDomainId, TemplateId, Timestamp, TokenId,
    UserId, VmId,
};
use serde::{Deserialize, Serialize};

/// oVirt's severities with their numbers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[repr(u8)]
pub enum Severity {
    /// 0.
    Normal = 0,
    /// 1.
    Warning = 1,
    /// 2.
    Error = 2,
    /// 10.
    Alert = 10,
}

impl Severity {
    /// The API's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Severity::Normal => "normal",
            Severity::Warning => "warning",
            Severity::Error => "error",
            Severity::Alert => "alert",
        }
    }
}

/// What an event is about; `None` where it is about nothing of that kind.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct About {
    /// The user who did it.
    pub user: Option<UserId>,
    /// Login of that user, kept when the user is gone.
    pub user_name: Option<String>,
    /// The IP address from where it was done.
    #[serde(default)]
    pub address: Option<String>,
    /// The token or session with which it was done.
    #[serde(default)]
    pub token: Option<TokenId>,
    /// VM.
    pub vm: Option<VmId>,
    /// Host.
    pub host: Option<HostId>,
    /// Cluster.
    pub cluster: Option<ClusterId>,
    /// Data center.
    pub data_center: Option<DataCenterId>,
    /// Storage domain.
    pub storage_domain: Option<StorageDomainId>,
    /// Template.
    pub template: Option<TemplateId>,
    /// Disk.
    pub disk: Option<DiskId>,
}

/// An event before it has a number.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct NewEvent {
    /// oVirt's code (`USER_RUN_VM` = 32).
    pub code: i32,
    /// How bad.
    pub severity: Severity,
    /// Whole sentences, at most 10,000 characters (`MaxAuditLogMessageLength`).
    pub message: String,
    /// When.
    pub at: Timestamp,
    /// Of the call behind it.
    pub correlation_id: String,
    /// What it is about.
    pub about: About,
    /// Who reported it from outside; `None` is the engine itself.
    #[serde(default)]
    pub external: Option<ExternalSource>,
}

/// Where an event from outside comes from.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ExternalSource {
    /// The program that reported it.
    pub origin: String,
    /// That program's number of it.
    pub custom_id: i64,
}

/// A stored event.
#[derive(Clone, PartialEq, Debug)]
pub struct Event {
    /// Grows by one with each event; the API's id.
    pub id: i64,
    /// What happened.
    pub event: NewEvent,
}
