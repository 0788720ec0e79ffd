//! Why somebody did not come in.

use base::Fault;

/// Failures of this room.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// Unknown user, wrong password, or too many failures lately: nobody is told which.
    #[error("Cannot authenticate user '{login}': the user name or password is incorrect")]
    Refused {
        /// What was typed as the login.
        login: String,
    },
    /// Too many logins wait already.
    #[error("too many logins are being checked; try again in a moment")]
    Busy,
    /// There is no such user to give a password to.
    #[error("there is no user `{login}`")]
    UnknownUser {
        /// The login.
        login: String,
    },
    /// A password could not be hashed.
    #[error("cannot hash a password: {message}")]
    Hash {
        /// The library's word.
        message: String,
    },
    /// The store failed.
    #[error("cannot store the change")]
    Store(#[from] store::StoreError),
}

impl From<AccessError> for Fault {
    fn from(e: AccessError) -> Self {
        match e {
            AccessError::Refused { .. } => Fault::new(
                base::FaultKind::Unauthenticated,
                "USER_FAILED_TO_AUTHENTICATE",
                e.to_string(),
            ),
            AccessError::Busy => Fault::unavailable("LOGIN_BUSY", e.to_string()),
            AccessError::UnknownUser { login } => Fault::not_found("user", login),
            AccessError::Hash { .. } => Fault::internal(e.to_string()),
            AccessError::Store(e) => e.into(),
        }
    }
}
