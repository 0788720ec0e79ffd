//! The proof that a call may do what it is about to do. Verbs take it, so none of them runs unasked.

use base::{Actor, Call, Fault, FaultKind, Origin};
use domain::rights::Object;
use domain::roles::PermitId;
use projection::{Rights, Snapshot};
use std::ops::Deref;

/// A call that may go on: a user's after a passed check of his permissions, or one of the engine itself
/// or its operator, who are not asked. There is no other way to make one of a user's call.
#[derive(Clone, Debug)]
pub struct Permitted(Call);

impl Permitted {
    /// Asks whether the user behind the call has the permit on the object.
    ///
    /// # Errors
    /// 404, as for what does not exist, when the user does not see the object (oVirt answers 403 and so
    /// tells that it exists); 403 when he sees it and lacks the permit.
    pub fn check(
        snapshot: &Snapshot,
        rights: &Rights,
        call: &Call,
        permit: PermitId,
        object: Object,
    ) -> Result<Permitted, Fault> {
        if call.actor.user_id() == Some(rights.user())
            && rights.may(snapshot, permit, object)
            && snapshot.has(object)
        {
            return Ok(Permitted(call.clone()));
        }
        Err(match object {
            Object::One(key) if !snapshot.has(object) => Fault::not_found(key.noun.what(), key.id),
            _ => lacking(permit, &object.to_string()),
        })
    }

    /// A call of the engine itself or of its operator; `None` for a user's.
    #[must_use]
    pub fn unasked(call: &Call) -> Option<Permitted> {
        match call.actor {
            Actor::System | Actor::Operator => Some(Permitted(call.clone())),
            Actor::User { .. } => None,
        }
    }

    /// A call of the operator, through his own socket.
    #[must_use]
    pub fn operator(correlation_id: impl Into<String>) -> Permitted {
        Permitted(Call {
            actor: Actor::Operator,
            correlation_id: correlation_id.into(),
            origin: Origin::Operator,
            deadline: None,
            source: base::Source::default(),
        })
    }

    /// A call that the engine makes for itself.
    #[must_use]
    pub fn engine(correlation_id: impl Into<String>) -> Permitted {
        Permitted(Call::internal(correlation_id))
    }
}

/// 403: the permit is lacking there.
#[must_use]
pub fn lacking(permit: PermitId, place: &str) -> Fault {
    Fault::new(
        FaultKind::Forbidden,
        "USER_NOT_AUTHORIZED_TO_PERFORM_ACTION",
        format!(
            "You are not allowed to do this. It takes the permit `{}` on {place}.",
            permit.name()
        ),
    )
}

impl Deref for Permitted {
    type Target = Call;
    fn deref(&self) -> &Call {
        &self.0
    }
}
