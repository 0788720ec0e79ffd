//! What a database holds when it is opened: everything that is served from memory.

use domain::Entity;
use domain::events::Event;
use domain::jobs::WorkflowRow;

/// How many of the last events are handed out with the contents.
pub const EVENTS_KEPT: usize = 4096;

/// The state at the moment of opening.
#[derive(Clone, Debug, Default)]
pub struct Contents {
    /// All objects; nouns in the order of `Noun::ALL`, those of one noun by id.
    pub entities: Vec<Entity>,
    /// All workflow rows, oldest first.
    pub workflows: Vec<WorkflowRow>,
    /// The last events (at most [`EVENTS_KEPT`]), oldest first.
    pub events: Vec<Event>,
    /// Number of the last change in the feed.
    pub seq: i64,
}
