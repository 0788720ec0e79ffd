//! What a data center may be.

use crate::checks;
use base::Fault;
use domain::data_centers::{CompatibilityVersion, DataCenter};
use domain::names::{self, Alphabet};
use projection::Snapshot;

/// Its name and texts are legal.
pub(crate) fn check_texts(dc: &DataCenter) -> Result<(), Fault> {
    names::check_name(
        "data center",
        &dc.name,
        names::CLUSTER_NAME_MAX,
        Alphabet::Ascii,
    )?;
    names::check_text("description", &dc.description, names::DESCRIPTION_MAX)?;
    names::check_text("comment", &dc.comment, checks::COMMENT_MAX)
}

/// Nobody has the name.
pub(crate) fn name_is_free(snapshot: &Snapshot, name: &str, verb: &str) -> Result<(), Fault> {
    match snapshot.data_center_named(name) {
        None => Ok(()),
        Some(_) => Err(Fault::conflict(
            "ACTION_TYPE_FAILED_STORAGE_POOL_NAME_ALREADY_EXIST",
            format!("{verb}. The name {name} is already in use; choose another one."),
        )),
    }
}

/// The version is one that this engine knows.
pub(crate) fn check_version(version: CompatibilityVersion, verb: &str) -> Result<(), Fault> {
    if CompatibilityVersion::ALL.contains(&version) {
        return Ok(());
    }
    let known: Vec<String> = CompatibilityVersion::ALL
        .iter()
        .map(ToString::to_string)
        .collect();
    Err(Fault::bad_request(
        "ACTION_TYPE_FAILED_GIVEN_VERSION_NOT_SUPPORTED",
        format!(
            "{verb}. There is no compatibility version {version}; there are {}.",
            known.join(", ")
        ),
    ))
}
