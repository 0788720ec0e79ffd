//! Adding a data center, with its management network.

use super::rules;
use crate::deciding::decide;
use crate::{Accepted, Rooms, bootstrap, configured};
use access::Permitted;
use audit::Change;
use base::{DataCenterId, Fault, Generation};
use domain::data_centers::{CompatibilityVersion, DataCenter};
use store::Batch;

/// The data center to be added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DataCenterAdd {
    /// Name.
    pub name: String,
    /// Free text.
    pub description: String,
    /// Free text.
    pub comment: String,
    /// Local storage of one host.
    pub local: bool,
    /// Compatibility version; `None` is the newest.
    pub version: Option<CompatibilityVersion>,
}

const VERB: &str = "Cannot create Data Center";

/// Adds a data center, and in it the management network with its vNIC profile.
///
/// # Errors
/// 400 for a bad name or version; 409 for a name in use.
pub async fn add(
    call: &Permitted,
    rooms: &Rooms,
    add: DataCenterAdd,
) -> Result<Accepted<DataCenterId>, Fault> {
    let id = DataCenterId::random(&*rooms.random);
    decide(rooms, |snapshot, now| {
        let dc = DataCenter {
            id,
            generation: Generation::NEW,
            name: add.name.clone(),
            description: add.description.clone(),
            comment: add.comment.clone(),
            local: add.local,
            version: add.version.unwrap_or(CompatibilityVersion::NEWEST),
            created: now,
        };
        rules::check_texts(&dc)?;
        rules::check_version(dc.version, VERB)?;
        rules::name_is_free(snapshot, &dc.name, VERB)?;
        let (network, profile) = bootstrap::management(&*rooms.random, id);
        let about = configured::of_data_center(id);
        let event = configured::about(call, now, Change::DataCenterAdded, &dc.name, about);
        let mut batch = Batch::new();
        batch.event(event);
        batch.put(dc).put(network).put(profile);
        Ok((batch, Accepted::done(id)))
    })
    .await
}
