//! A request as a service sees it.

use super::negotiation::Format;
use super::parameters::Parameters;
use super::rights::Asker;
use crate::Front;
use access::Permitted;
use api_schema::Api;
use base::{Call, Fault};
use bytes::Bytes;
use domain::users::User;
use projection::{Rights, Snapshot};
use std::str::FromStr;
use std::sync::Arc;

/// One request: who asks, what for, on which state of the world.
pub struct Ask {
    /// The engine.
    pub front: Front,
    /// Who asks, under which correlation.
    pub call: Call,
    /// The user behind it; the operator has none.
    pub user: Option<Arc<User>>,
    /// Whose rights count; the operator needs none.
    pub asker: Asker,
    /// That the route's rule was asked; `permitted` hands it out.
    pub(super) granted: Option<Permitted>,
    /// Query and matrix parameters.
    pub parameters: Parameters,
    /// The path's segments that stand for ids, from left to right.
    pub ids: Vec<String>,
    /// The world when the request was let in, as far as the caller sees it.
    pub snapshot: Snapshot,
    /// The body and its form.
    pub body: Bytes,
    /// In which form the body came.
    pub sent: Format,
}

/// Flags that are taken where they change nothing; only nonsense in them is refused. Everything that can
/// be shown is shown, with and without `all_content`; `next_run` shows the configuration of the next start,
/// which is the only one a VM has; `current` is looked at where both can be seen.
pub const CHECKED: &[&str] = &[
    "all_content",
    "case_sensitive",
    "current",
    "filter",
    "next_run",
];

impl Ask {
    /// The nth id of the path. What is no id can't be found, which is 404 as for an unknown one.
    ///
    /// # Errors
    /// 404.
    pub fn id<T: FromStr>(&self, n: usize, what: &str) -> Result<T, Fault> {
        let text = self.ids.get(n).map_or("", String::as_str);
        text.parse()
            .map_err(|_| Fault::not_found(what, text.chars().take(64).collect::<String>()))
    }

    /// The world now, with everything that this request changed, as far as the caller sees it.
    #[must_use]
    pub fn fresh(&self) -> Snapshot {
        self.as_seen(self.front.rooms.projection.snapshot())
    }

    fn as_seen(&self, snapshot: Snapshot) -> Snapshot {
        match self.snapshot.viewer() {
            None => snapshot,
            Some(user) => {
                let rights = Rights::of(&snapshot, user);
                snapshot.seen_by(Arc::new(rights))
            }
        }
    }

    /// The body as a value of a v4 type.
    ///
    /// # Errors
    /// 400 that tells where the body is wrong.
    pub fn read<T: Api>(&self) -> Result<T, Fault> {
        self.sent
            .read(&self.body)
            .map_err(|e| Fault::bad_request("INVALID_BODY", format!("{e}.")))
    }

    /// The body as a value, or an empty one when there is no body (actions).
    ///
    /// # Errors
    /// As `read`.
    pub fn read_or_empty<T: Api>(&self) -> Result<T, Fault> {
        if self.body.iter().all(u8::is_ascii_whitespace) {
            return Ok(T::default());
        }
        self.read()
    }
}

impl Ask {
    /// The same request in another world, as far as the caller sees it.
    #[must_use]
    pub fn at(&self, snapshot: Snapshot) -> Ask {
        let mut ask = self.beside(self.parameters.clone(), self.ids.clone());
        ask.snapshot = self.as_seen(snapshot);
        ask
    }

    /// The same request pointing elsewhere, to read what stands behind a link.
    #[must_use]
    pub fn beside(&self, parameters: Parameters, ids: Vec<String>) -> Ask {
        Ask {
            front: self.front.clone(),
            call: self.call.clone(),
            user: self.user.clone(),
            asker: self.asker.clone(),
            granted: None,
            parameters,
            ids,
            snapshot: self.snapshot.clone(),
            body: Bytes::new(),
            sent: Format::Xml,
        }
    }
}
