//! A new password for a user.

use super::call;
use super::json::{Fallible, answer, read};
use crate::Front;
use access::Permitted;
use audit::AuditEvent;
use axum::extract::{Path, State};
use axum::response::Response;
use base::Fault;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use store::Batch;

/// Shorter ones are guessed too soon.
const PASSWORD_MIN: usize = 8;

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Wanted {
    #[serde(default)]
    password: Option<String>,
}

#[derive(Serialize)]
struct Given {
    /// Only when it was made up here.
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<String>,
}

/// `POST /operator/users/{login}/password {password?}`: sets it, or makes one up and shows it once.
pub async fn password(
    State(front): State<Front>,
    Path(login): Path<String>,
    body: Bytes,
) -> Response {
    let call = call(&front);
    let answered = given(&front, &call, &login, &body).await;
    answer(&call, answered)
}

async fn given(front: &Front, call: &Permitted, login: &str, body: &[u8]) -> Fallible<Given> {
    let wanted = if body.trim_ascii().is_empty() {
        Wanted::default()
    } else {
        read(body)?
    };
    let (password, shown) = match wanted.password {
        Some(password) if password.chars().count() < PASSWORD_MIN => {
            return Err(Fault::bad_request(
                "PASSWORD_TOO_SHORT",
                format!("A password needs at least {PASSWORD_MIN} characters."),
            ));
        }
        Some(password) => (password, None),
        None => {
            let mut bytes = [0u8; 18];
            front.rooms.random.fill(&mut bytes);
            let made = URL_SAFE_NO_PAD.encode(bytes);
            (made.clone(), Some(made))
        }
    };
    front.access.password_set(login, &password).await?;
    let event = AuditEvent::PasswordChanged {
        user: login.to_owned(),
    };
    let mut batch = Batch::new();
    batch.event(event.at(call, front.rooms.clock.now()));
    front.rooms.store.commit(batch).await?;
    Ok(Given { password: shown })
}
