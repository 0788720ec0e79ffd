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
    /// The password was right, but it has ended.
    #[error(
        "Cannot authenticate user '{login}': the password has expired; change it at /vireo/password"
    )]
    Expired {
        /// Whose.
        login: String,
    },
    /// The password was right, but no role lets the user log in.
    #[error("The user {login} is not authorized to perform login")]
    NotPermitted {
        /// Whose.
        login: String,
    },
    /// A new password breaks a rule.
    #[error("The new password is not good enough: {why}")]
    Weak {
        /// Which rule.
        why: String,
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
            AccessError::Expired { .. } => Fault::new(
                base::FaultKind::Unauthenticated,
                "USER_PASSWORD_EXPIRED",
                e.to_string(),
            ),
            AccessError::NotPermitted { .. } => Fault::new(
                base::FaultKind::Forbidden,
                "USER_NOT_AUTHORIZED_TO_PERFORM_ACTION",
                e.to_string(),
            ),
            AccessError::Weak { .. } => {
                Fault::bad_request("PASSWORD_NOT_GOOD_ENOUGH", format!("{e}."))
            }
            AccessError::Busy => Fault::unavailable("LOGIN_BUSY", e.to_string()),
            AccessError::UnknownUser { login } => Fault::not_found("user", login),
            AccessError::Hash { .. } => Fault::internal(e.to_string()),
            AccessError::Store(e) => e.into(),
        }
    }
}
