//! What a user does with his own account, in JSON beside oVirt's API, which has no words for it: sessions,
//! personal access tokens, another password.

use crate::Front;
use crate::api::credentials::{self, Credentials};
use crate::operator::json::{Fallible, answer, read};
use crate::server::Peer;
use access::{Authenticated, Permitted, PersonalToken};
use audit::{AuditEvent, Change};
use axum::Extension;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use base::{Call, Fault, FaultKind, Origin, Timestamp, TokenId};
use bytes::Bytes;
use domain::events::About;
use domain::rights::Object;
use domain::roles::permits::MANIPULATE_USERS;
use domain::users::{Scope, Token, TokenKind};
use http::HeaderMap;
use projection::{Rights, Snapshot};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;
use store::Batch;

/// Longest life of a personal token, days.
const DAYS_MAX: u64 = 366;
/// Life of one whose maker says nothing, days.
const DAYS: u64 = 30;
/// Personal tokens that one user may have.
const TOKENS_MAX: usize = 100;
/// Longest description.
const DESCRIPTION_MAX: usize = 255;
const DAY: Duration = Duration::from_secs(24 * 3600);

type Caller = Option<Extension<Peer>>;

fn address(from: &Caller) -> Option<String> {
    from.as_ref().map(|peer| peer.0.0.ip().to_string())
}

fn nobody(front: &Front) -> Call {
    Call::internal(front.rooms.random.uuid().to_string())
}

/// Who asks, by token or password in the header; a session's cookie does not come here.
async fn admit(
    front: &Front,
    headers: &HeaderMap,
    from: &Caller,
) -> Result<(Authenticated, Call), Fault> {
    if matches!(Credentials::of(headers), Some(Credentials::Session(_))) {
        return Err(Fault::new(
            FaultKind::Unauthenticated,
            "NOT_AUTHENTICATED",
            "Send a bearer token or a user name and password; cookies do not count here.",
        ));
    }
    let (who, _) = credentials::admit(&front.access, headers, address(from)).await?;
    let id = front.rooms.random.uuid().to_string();
    let call = who.call(Origin::Rest, id, address(from));
    Ok((who, call))
}

/// A program with a personal token makes no further ones and ends none: it could outlive itself.
fn only_people(who: &Authenticated) -> Result<(), Fault> {
    match &who.token {
        Some(token) if token.kind == TokenKind::Personal => Err(Fault::new(
            FaultKind::Forbidden,
            "PERSONAL_TOKEN_NOT_ALLOWED",
            "A personal access token can't manage sessions and tokens; log in.",
        )),
        _ => Ok(()),
    }
}

#[derive(Serialize)]
struct Shown {
    id: String,
    user: String,
    kind: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    description: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    scopes: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    /// Milliseconds since 1970, as everywhere in oVirt's API.
    created: i64,
    expires: i64,
    /// It is the one that asks.
    current: bool,
    /// The secret; only when it is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
}

fn milliseconds(at: Timestamp) -> i64 {
    at.0 / 1000
}

fn shown(snapshot: &Snapshot, token: &Token, mine: Option<TokenId>) -> Shown {
    let user = snapshot.user(token.user);
    Shown {
        id: token.id.to_string(),
        user: user.map_or_else(|| token.user.to_string(), |u| u.principal()),
        kind: match token.kind {
            TokenKind::Session => "session",
            TokenKind::Personal => "personal",
        },
        description: token.description.clone(),
        scopes: token.scopes.iter().map(|s| s.name()).collect(),
        address: token.address.clone(),
        created: milliseconds(token.created),
        expires: milliseconds(token.expires),
        current: mine == Some(token.id),
        token: None,
    }
}

/// `GET /vireo/sessions`: one's own sessions and personal tokens; `?all=true`: everybody's.
pub async fn list(
    State(front): State<Front>,
    from: Caller,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let answered = listed(&front, &headers, &from, query.as_deref()).await;
    answer(&nobody(&front), answered)
}

async fn listed(
    front: &Front,
    headers: &HeaderMap,
    from: &Caller,
    query: Option<&str>,
) -> Fallible<Vec<Shown>> {
    let all = match query.unwrap_or_default() {
        "" | "all=false" => false,
        "all=true" => true,
        _ => {
            return Err(Fault::bad_request(
                "INVALID_PARAMETER",
                "There is only the parameter `all`, which is `true` or `false`.",
            ));
        }
    };
    let (who, call) = admit(front, headers, from).await?;
    let snapshot = front.rooms.projection.snapshot();
    if all {
        may_manage(&snapshot, &who, &call)?;
    }
    let now = front.rooms.clock.now();
    let mine = who.token.as_ref().map(|t| t.id);
    let tokens = snapshot.tokens();
    let tokens = tokens.filter(|t| t.expires > now && (all || t.user == who.user.id));
    Ok(tokens.map(|t| shown(&snapshot, t, mine)).collect())
}

fn may_manage(snapshot: &Snapshot, who: &Authenticated, call: &Call) -> Result<Permitted, Fault> {
    let rights = Rights::of(snapshot, who.user.id);
    Permitted::check(snapshot, &rights, call, MANIPULATE_USERS, Object::System)
}

/// `DELETE /vireo/sessions/{id}`: ends a session or personal token; others' for who may manage users.
pub async fn end(
    State(front): State<Front>,
    from: Caller,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Response {
    let answered = ended(&front, &headers, &from, &id).await;
    answer(&nobody(&front), answered)
}

#[derive(Serialize)]
struct Done {}

async fn ended(front: &Front, headers: &HeaderMap, from: &Caller, id: &str) -> Fallible<Done> {
    let (who, call) = admit(front, headers, from).await?;
    only_people(&who)?;
    let snapshot = front.rooms.projection.snapshot();
    let unknown = || Fault::not_found("session", id.chars().take(64).collect::<String>());
    let id: TokenId = id.parse().map_err(|_| unknown())?;
    let token = snapshot.token(id).ok_or_else(unknown)?;
    if token.user != who.user.id && may_manage(&snapshot, &who, &call).is_err() {
        return Err(unknown());
    }
    front.access.end(id).await?;
    let owner = snapshot.user(token.user).map(|u| u.principal());
    let name = format!("{id} of {}", owner.unwrap_or_default());
    note(front, &call, Change::TokenRevoked, name).await?;
    Ok(Done {})
}

async fn note(front: &Front, call: &Call, change: Change, name: String) -> Result<(), Fault> {
    let about = About::default();
    let event = AuditEvent::Configured {
        change,
        name,
        about,
    };
    let mut batch = Batch::new();
    batch.event(event.at(call, front.rooms.clock.now()));
    front.rooms.store.commit(batch).await?;
    Ok(())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    description: String,
    scopes: Vec<String>,
    #[serde(default)]
    days: Option<u64>,
}

/// `POST /vireo/tokens {description,scopes,days?}`: a personal access token; its secret is shown once.
pub async fn make(
    State(front): State<Front>,
    from: Caller,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let answered = made(&front, &headers, &from, &body).await;
    answer(&nobody(&front), answered)
}

async fn made(front: &Front, headers: &HeaderMap, from: &Caller, body: &[u8]) -> Fallible<Shown> {
    let (who, call) = admit(front, headers, from).await?;
    only_people(&who)?;
    let wanted: Wanted = read(body)?;
    let wrong = |text: String| Fault::bad_request("INVALID_PARAMETER", text);
    domain::names::check_text("description", &wanted.description, DESCRIPTION_MAX)?;
    if wanted.description.trim().is_empty() {
        return Err(wrong(
            "`description` is empty; it tells you later what the token is for.".to_owned(),
        ));
    }
    let scopes: Result<Vec<Scope>, Fault> = wanted
        .scopes
        .iter()
        .map(|word| {
            let found: String = word.chars().take(64).collect();
            Scope::named(word).ok_or_else(|| {
                wrong(format!(
                    "`scopes` holds `{found}`; there are read and write."
                ))
            })
        })
        .collect();
    let mut scopes = scopes?;
    scopes.sort_unstable();
    scopes.dedup();
    if scopes.is_empty() {
        return Err(wrong(
            "`scopes` is empty; name read, write or both.".to_owned(),
        ));
    }
    let days = wanted.days.unwrap_or(DAYS);
    if !(1..=DAYS_MAX).contains(&days) {
        return Err(wrong(format!(
            "`days` is {days}; allowed is 1 to {DAYS_MAX}."
        )));
    }
    let snapshot = front.rooms.projection.snapshot();
    let own = snapshot.tokens_of(who.user.id);
    if own.filter(|t| t.kind == TokenKind::Personal).count() >= TOKENS_MAX {
        return Err(Fault::conflict(
            "TOO_MANY_TOKENS",
            format!("You have {TOKENS_MAX} personal access tokens; end one first."),
        ));
    }
    let personal = PersonalToken {
        description: wanted.description,
        scopes,
        life: DAY.saturating_mul(u32::try_from(days).unwrap_or(1)),
        address: address(from),
    };
    let login = front.access.personal(&who.user, personal).await?;
    let snapshot = front.rooms.projection.snapshot();
    let token = snapshot
        .token(login.id)
        .ok_or_else(|| Fault::internal("the token that was stored is not there"))?;
    let name = format!("{} ({})", login.id, token.description);
    note(front, &call, Change::TokenAdded, name).await?;
    Ok(Shown {
        token: Some(login.secret.reveal().to_owned()),
        ..shown(&snapshot, token, None)
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PasswordWanted {
    login: String,
    old: String,
    new: String,
}

/// `POST /vireo/password {login,old,new}`: another password; the old one may have expired. All tokens of the
/// user end.
pub async fn password(State(front): State<Front>, from: Caller, body: Bytes) -> Response {
    let answered = changed(&front, &from, &body).await;
    answer(&nobody(&front), answered)
}

async fn changed(front: &Front, from: &Caller, body: &[u8]) -> Fallible<Done> {
    let wanted: PasswordWanted = read(body)?;
    let access = &front.access;
    access
        .password_change(&wanted.login, &wanted.old, &wanted.new)
        .await?;
    let who = access.verify(&wanted.login, &wanted.new).await?;
    let id = front.rooms.random.uuid().to_string();
    let call = who.call(Origin::Rest, id, address(from));
    let event = AuditEvent::PasswordChanged {
        user: who.user.principal(),
    };
    let mut batch = Batch::new();
    batch.event(event.at(&call, front.rooms.clock.now()));
    front.rooms.store.commit(batch).await?;
    Ok(Done {})
}

/// What a token that came with a request may be used for.
///
/// # Errors
/// 403 for a personal token that does not cover it.
pub fn covers(token: Option<&Arc<Token>>, scope: Scope) -> Result<(), Fault> {
    match token {
        Some(token) if !token.covers(scope) => Err(Fault::new(
            FaultKind::Forbidden,
            "TOKEN_SCOPE",
            format!(
                "The access token {} does not cover `{}`.",
                token.id,
                scope.name()
            ),
        )),
        _ => Ok(()),
    }
}
