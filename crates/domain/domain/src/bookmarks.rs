//! Bookmarks: searches that administrators keep, the same for all of them.

use crate::entity::Claim;
use base::{BookmarkId, Generation};
use serde::{Deserialize, Serialize};

/// Longest search text of a bookmark.
pub const VALUE_MAX: usize = 300;

/// A named search.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Bookmark {
    /// Its id.
    pub id: BookmarkId,
    /// Bumped by each stored change.
    pub generation: Generation,
    /// Unique name, any characters.
    pub name: String,
    /// The search, with its object in front (`Vms: name=web*`).
    pub value: String,
}

impl Bookmark {
    /// Its name is unique.
    #[must_use]
    pub fn claims(&self) -> Vec<Claim> {
        vec![Claim::new(
            "bookmark-name",
            crate::names::claim_form(&self.name),
        )]
    }
}
