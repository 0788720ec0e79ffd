//! Users of the internal directory: add, list, password, unlock, groups.

use super::json::{Fallible, answer, read};
use super::{call, short};
use crate::Front;
use access::Permitted;
use audit::AuditEvent;
use axum::extract::{Path, State};
use axum::response::Response;
use base::{Fault, GroupId};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use domain::users::User;
use domain::{Key, Noun};
use operations::users::add::{UserAdd, add as user_add};
use operations::{groups, memberships};
use projection::{Rights, Snapshot};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;
use store::Batch;

const DAY: Duration = Duration::from_secs(24 * 3600);
/// Longest life of a password that can be asked for, days.
const DAYS_MAX: u64 = 36_500;

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Wanted {
    #[serde(default)]
    password: Option<String>,
    /// The password ends after so many days.
    #[serde(default)]
    days: Option<u64>,
}

#[derive(Serialize)]
struct Given {
    /// Only when it was made up here.
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<String>,
}

/// `POST /operator/users/{login}/password {password?,days?}`: sets it, or makes one up and shows it once.
pub async fn password(
    State(front): State<Front>,
    Path(login): Path<String>,
    body: Bytes,
) -> Response {
    let call = call(&front);
    let answered = given(&front, &call, &login, &body).await;
    answer(&call, answered)
}

/// The password that was given, or one made up here with the same to show.
fn chosen(
    front: &Front,
    login: &str,
    password: Option<String>,
) -> Fallible<(String, Option<String>)> {
    match password {
        Some(password) => {
            front.access.password_rules().check(login, &password)?;
            Ok((password, None))
        }
        None => {
            let mut bytes = [0u8; 18];
            front.rooms.random.fill(&mut bytes);
            let made = URL_SAFE_NO_PAD.encode(bytes);
            Ok((made.clone(), Some(made)))
        }
    }
}

async fn given(front: &Front, call: &Permitted, login: &str, body: &[u8]) -> Fallible<Given> {
    let wanted = if body.trim_ascii().is_empty() {
        Wanted::default()
    } else {
        read(body)?
    };
    let expires = match wanted.days {
        None => None,
        Some(days @ 1..=DAYS_MAX) => {
            let life = DAY.saturating_mul(u32::try_from(days).unwrap_or(u32::MAX));
            Some(front.rooms.clock.now().after(life))
        }
        Some(days) => {
            return Err(super::wrong(
                "days",
                &days.to_string(),
                &format!("1 to {DAYS_MAX}"),
            ));
        }
    };
    let (password, shown) = chosen(front, login, wanted.password)?;
    front.access.password_put(login, &password, expires).await?;
    let event = AuditEvent::PasswordChanged {
        user: login.to_owned(),
    };
    let mut batch = Batch::new();
    batch.event(event.at(call, front.rooms.clock.now()));
    front.rooms.store.commit(batch).await?;
    Ok(Given { password: shown })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewUser {
    login: String,
    #[serde(default)]
    password: Option<String>,
    #[serde(default)]
    first_name: String,
    #[serde(default)]
    last_name: String,
    #[serde(default)]
    email: String,
}

#[derive(Serialize)]
struct Added {
    id: String,
    /// Only when it was made up here.
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<String>,
}

/// `POST /operator/users {login,password?,first_name?,last_name?,email?}`.
pub async fn add(State(front): State<Front>, body: Bytes) -> Response {
    let call = call(&front);
    let answered = added(&front, &call, &body).await;
    answer(&call, answered)
}

async fn added(front: &Front, call: &Permitted, body: &[u8]) -> Fallible<Added> {
    let wanted: NewUser = read(body)?;
    let login = wanted.login.as_str();
    let name = login.strip_suffix("@internal").unwrap_or(login).to_owned();
    let (password, shown) = chosen(front, login, wanted.password)?;
    let add = UserAdd {
        name,
        first_name: wanted.first_name,
        last_name: wanted.last_name,
        email: wanted.email,
        password_hash: Some(front.access.password_hash(&password).await?),
    };
    let accepted = user_add(call, &front.rooms, add).await?;
    Ok(Added {
        id: accepted.id.to_string(),
        password: shown,
    })
}

#[derive(Serialize)]
struct Listed {
    login: String,
    id: String,
    /// Repeated failures have closed it for a while.
    locked: bool,
    /// Milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    password_expires: Option<i64>,
    tokens: usize,
    roles: Vec<String>,
    groups: Vec<String>,
}

/// `GET /operator/users`.
pub async fn list(State(front): State<Front>) -> Response {
    let snapshot = front.rooms.projection.snapshot();
    let listed = |user: &Arc<User>| {
        let rights = Rights::of(&snapshot, user.id);
        let permissions = snapshot.permissions_of(user.id.0);
        let groups = snapshot.groups().filter(|g| rights.stands_for(g.id.0));
        Listed {
            login: user.principal(),
            id: user.id.to_string(),
            locked: front.access.is_locked(&user.principal()),
            password_expires: user.password_expires.map(|at| at.0 / 1000),
            tokens: snapshot.tokens_of(user.id).count(),
            roles: permissions
                .filter_map(|p| {
                    let role = snapshot.role(p.role)?;
                    Some(format!("{} on {}", role.name, p.object))
                })
                .collect(),
            groups: groups.map(|g| g.name.clone()).collect(),
        }
    };
    let all: Vec<Listed> = snapshot.users().map(listed).collect();
    answer(&call(&front), Ok(all))
}

#[derive(Serialize)]
struct Unlocked {
    was_locked: bool,
}

fn find(snapshot: &Snapshot, login: &str) -> Fallible<Arc<User>> {
    let mut users = snapshot.users();
    let found = users.find(|u| u.principal() == login || u.name == login);
    found
        .cloned()
        .ok_or_else(|| Fault::not_found("user", short(login)))
}

/// `POST /operator/users/{login}/unlock`: failures are forgotten.
pub async fn unlock(State(front): State<Front>, Path(login): Path<String>) -> Response {
    let found = find(&front.rooms.projection.snapshot(), &login);
    let answered = found.map(|user| Unlocked {
        was_locked: front.access.unlock(&user.principal()),
    });
    answer(&call(&front), answered)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Membership {
    group: String,
    /// In, or out.
    member: bool,
}

/// `POST /operator/users/{login}/groups {group,member}`: puts a user into a group, which is made when there is
/// none of that name, or takes him out.
pub async fn member(
    State(front): State<Front>,
    Path(login): Path<String>,
    body: Bytes,
) -> Response {
    let call = call(&front);
    let answered = joined(&front, &call, &login, &body).await;
    answer(&call, answered)
}

async fn joined(front: &Front, call: &Permitted, login: &str, body: &[u8]) -> Fallible<()> {
    let wanted: Membership = read(body)?;
    let rooms = &front.rooms;
    let snapshot = rooms.projection.snapshot();
    let user = find(&snapshot, login)?;
    let group: GroupId = match snapshot.group_named(&wanted.group) {
        Some(group) => group.id,
        None if wanted.member => groups::add(call, rooms, &wanted.group).await?.id,
        None => return Err(Fault::not_found("group", short(&wanted.group))),
    };
    let key = |noun, id| Key { noun, id };
    let (holder, member) = (key(Noun::Group, group.0), key(Noun::User, user.id.0));
    if wanted.member {
        memberships::add(call, rooms, holder, member).await?;
    } else {
        memberships::remove(call, rooms, holder, member).await?;
    }
    Ok(())
}
