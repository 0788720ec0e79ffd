//! The door of the API: who asks, how big, how long; then the service; then the reply.

use super::answer::{self, Answer, List};
use super::ask::{Ask, CHECKED};
use super::credentials::{self, CHALLENGE, Credentials, SessionEnd};
use super::faults;
use super::follow;
use super::intake;
use super::location::Location;
use super::negotiation::{self, Format};
use super::parameters::Parameters;
use super::rights::{self, Asker};
use super::routes::{Found, Handler, Route, TREE};
use super::validators::Conditions;
use crate::server::Peer;
use crate::services::subject;
use crate::web::account::covers;
use crate::{Front, publish};
use access::Permitted;
use axum::body::Body;
use axum::response::Response;
use base::{Actor, Call, Fault, Origin};
use bytes::Bytes;
use domain::users::{Scope, User};
use futures::FutureExt as _;
use http::header::{ALLOW, SET_COOKIE, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue, Method, Request};
use operations::{Guard, guarded};
use projection::{Rights, Snapshot};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use tracing::{debug, error, warn};

/// Where the API begins.
pub const ROOT: &str = "/ovirt-engine/api";

/// oVirt's limit.
const CORRELATION_MAX: usize = 50;

/// Through which door requests come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// HTTPS: everybody must show who he is.
    Public,
    /// The operator's own socket: only the operator can open it.
    Operator,
}

/// The path below the API's root, if it is the API's: `/vms/7`, or empty for the root.
#[must_use]
pub fn below_root(path: &str) -> Option<&str> {
    let rest = path.strip_prefix(ROOT)?;
    (rest.is_empty() || rest.starts_with(['/', ';'])).then_some(rest)
}

/// Answers one request of the API.
pub async fn answer(front: Front, door: Door, request: Request<Body>) -> Response {
    let (head, body) = request.into_parts();
    let is_head = head.method == Method::HEAD;
    let format = negotiation::wanted(&head.headers);
    let mut reply = Reply {
        format: format.unwrap_or(Format::Xml),
        correlation_id: String::new(),
        action: false,
    };
    let work = serve(&front, door, &head, body, format.is_some(), &mut reply);
    let mut response = match AssertUnwindSafe(work).catch_unwind().await {
        Ok(response) => response,
        Err(panic) => {
            error!(
                http.method = %head.method,
                http.path = head.uri.path(),
                "a service panicked: {}",
                words_of(&*panic)
            );
            reply.refuse(Fault::internal("a service panicked"))
        }
    };
    if let Ok(id) = HeaderValue::from_str(&reply.correlation_id)
        && !id.is_empty()
    {
        response.headers_mut().insert("correlation-id", id);
    }
    debug!(
        http.method = %head.method,
        http.path = head.uri.path(),
        http.status = response.status().as_u16(),
        correlation_id = reply.correlation_id,
        "answered"
    );
    if is_head {
        *response.body_mut() = Body::empty();
    }
    response
}

/// What is known of the reply before the service gave it.
struct Reply {
    format: Format,
    correlation_id: String,
    action: bool,
}

impl Reply {
    fn refuse(&self, fault: Fault) -> Response {
        let fault = faults::public(fault, &self.correlation_id);
        answer::refuse(self.format, self.action, &fault)
    }
}

async fn serve(
    front: &Front,
    door: Door,
    head: &http::request::Parts,
    body: Body,
    readable: bool,
    reply: &mut Reply,
) -> Response {
    let location = intake::head_fits(front, head)
        .and_then(|()| {
            below_root(head.uri.path()).ok_or_else(|| Fault::not_found("path", head.uri.path()))
        })
        .and_then(|path| Location::parse(path, head.uri.query()));
    let location = match location {
        Ok(location) => location,
        Err(fault) => {
            reply.correlation_id = fresh_correlation(front);
            return reply.refuse(fault);
        }
    };
    let parameters = Parameters::new(location.parameters);
    match correlation(front, &head.headers, &parameters) {
        Ok(id) => reply.correlation_id = id,
        Err(fault) => {
            reply.correlation_id = fresh_correlation(front);
            return reply.refuse(fault);
        }
    }
    let (call, user, end) = match admit(front, door, head, &reply.correlation_id).await {
        Ok(admitted) => admitted,
        Err(fault) => return challenge(reply.refuse(fault), &head.headers),
    };
    let inside = Inside {
        front,
        head,
        segments: &location.segments,
        parameters,
        call,
        user,
        readable,
    };
    let mut response = match inside.serve(body, reply).await {
        Ok(response) => response,
        Err(Refusal { fault, allow }) => {
            let mut response = match allow {
                None => reply.refuse(fault),
                Some(_) => answer::refuse_method(reply.format, &fault),
            };
            if let Some(Ok(allow)) = allow.map(|a| HeaderValue::from_str(&a)) {
                response.headers_mut().insert(ALLOW, allow);
            }
            response
        }
    };
    match end {
        SessionEnd::Keep => {}
        SessionEnd::Begun(secret) => {
            if let Ok(cookie) = HeaderValue::from_str(&credentials::session_cookie(&secret)) {
                response.headers_mut().insert(SET_COOKIE, cookie);
            }
        }
        SessionEnd::Over(secret) => {
            if let Err(e) = front.access.logout(&secret).await {
                warn!(error = %e, "a session that is over could not be ended; it will expire");
            }
        }
    }
    response
}

fn fresh_correlation(front: &Front) -> String {
    front.rooms.random.uuid().to_string()
}

fn correlation(
    front: &Front,
    headers: &HeaderMap,
    parameters: &Parameters,
) -> Result<String, Fault> {
    let given = match parameters.text("correlation_id") {
        Some(text) => Some(text.to_owned()),
        None => headers
            .get("correlation-id")
            .map(|v| String::from_utf8_lossy(v.as_bytes()).into_owned()),
    };
    match given {
        None => Ok(fresh_correlation(front)),
        Some(id) if id.is_empty() => Ok(fresh_correlation(front)),
        Some(id) if id.chars().count() > CORRELATION_MAX || id.chars().any(char::is_control) => {
            Err(Fault::bad_request(
                "INVALID_CORRELATION_ID",
                format!(
                    "A correlation id may have at most {CORRELATION_MAX} characters and no control characters."
                ),
            ))
        }
        Some(id) => Ok(id),
    }
}

async fn admit(
    front: &Front,
    door: Door,
    head: &http::request::Parts,
    correlation_id: &str,
) -> Result<(Call, Option<Arc<User>>, SessionEnd), Fault> {
    if door == Door::Operator {
        let call = Call {
            actor: Actor::Operator,
            correlation_id: correlation_id.to_owned(),
            origin: Origin::Operator,
            deadline: None,
            source: base::Source::default(),
        };
        return Ok((call, None, SessionEnd::Keep));
    }
    let address = head.extensions.get::<Peer>().map(|p| p.0.ip().to_string());
    let (who, end) = credentials::admit(&front.access, &head.headers, address.clone()).await?;
    let scope = match head.method {
        Method::GET | Method::HEAD => Scope::Read,
        _ => Scope::Write,
    };
    covers(who.token.as_ref(), scope)?;
    let call = who.call(Origin::Rest, correlation_id.to_owned(), address);
    Ok((call, Some(who.user), end))
}

/// A client that showed a token is not asked for a password: it would not have one.
fn challenge(mut response: Response, headers: &HeaderMap) -> Response {
    if response.status() == http::StatusCode::UNAUTHORIZED {
        let value = match Credentials::of(headers) {
            Some(Credentials::Token(_)) => "Bearer realm=\"RESTAPI\", error=\"invalid_token\"",
            _ => CHALLENGE,
        };
        response
            .headers_mut()
            .insert(WWW_AUTHENTICATE, HeaderValue::from_static(value));
    }
    response
}

/// A fault, with the methods that would have been allowed if the method was the trouble.
struct Refusal {
    fault: Fault,
    allow: Option<String>,
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Refusal { fault, allow: None }
    }
}

struct Inside<'a> {
    front: &'a Front,
    head: &'a http::request::Parts,
    segments: &'a [String],
    parameters: Parameters,
    call: Call,
    user: Option<Arc<User>>,
    readable: bool,
}

impl Inside<'_> {
    async fn serve(self, body: Body, reply: &mut Reply) -> Result<Response, Refusal> {
        if !self.readable {
            return Err(Fault::not_supported(
                "an answer in another form than application/xml or application/json",
            )
            .into());
        }
        let version = self.head.headers.get("version");
        if let Some(other) = version.filter(|v| v.as_bytes().trim_ascii() != b"4") {
            let other = String::from_utf8_lossy(other.as_bytes());
            let other: String = other.chars().take(20).collect();
            return Err(Fault::not_supported(format!(
                "version `{other}` of the API; this engine speaks version 4"
            ))
            .into());
        }
        let method = match self.head.method {
            Method::HEAD => Method::GET,
            ref other => other.clone(),
        };
        let path = format!("/{}", self.segments.join("/"));
        if path == "/" && method == Method::GET && self.parameters.text("schema").is_some() {
            return Ok(publish::openapi(&self.head.headers));
        }
        let (route, ids) = match TREE.find(&method, self.segments) {
            Found::Bound(route, ids) => (route, ids),
            Found::NotYet(known, operation) => {
                return Err(Fault::not_supported(format!(
                    "{method} {path} ({}.{}, {})",
                    known.service.name,
                    operation.name,
                    subject(known, operation)
                ))
                .into());
            }
            Found::Unknown => {
                return Err(Fault::not_found("path", format!("{ROOT}{path}")).into());
            }
            Found::WrongMethod(allowed) => {
                let names: Vec<&str> = allowed.iter().map(Method::as_str).collect();
                let names = names.join(", ");
                let has = if names.is_empty() { "none" } else { &names };
                return Err(Refusal {
                    fault: Fault::bad_request(
                        "METHOD_NOT_ALLOWED",
                        format!("`{path}` has no {method}; it has {has}."),
                    ),
                    allow: Some(names),
                });
            }
        };
        reply.action = route.action;
        if let Some(name) = self.parameters.unsupported(route.parameters) {
            let name: String = name.chars().take(100).collect();
            return Err(Fault::not_supported(format!(
                "{method} {path} with the parameter `{name}`"
            ))
            .into());
        }
        let ids = ids.into_iter().map(str::to_owned).collect();
        let whole = self.front.rooms.projection.snapshot();
        let asker = self
            .user
            .as_ref()
            .map(|user| Arc::new(Rights::of(&whole, user.id)));
        let world = rights::world(&whole, &asker, &self.head.headers)?;
        let granted = rights::check(route.rule, self.segments, &world, &asker, &self.call)?;
        let body = intake::receive(self.front, &method, body).await?;
        let conditions = Conditions::of(&self.head.headers);
        let segments = self.segments;
        let ask = self.ask(route, ids, body, (asker, granted, world))?;
        if method == Method::GET {
            let (ask, answer) = run(route, ask, None).await;
            let answer = seen(&ask.snapshot, answer?);
            conditions.hold_for_reading(&answer)?;
            let alone = match &answer {
                Answer::Entity(record) if ask.parameters.text("follow").is_some() => {
                    Some(reply.format.write(&**record))
                }
                _ => None,
            };
            let answer = follow::embed(&ask, answer)?;
            let response =
                answer::render_read(reply.format, answer, alone.as_deref(), &conditions)?;
            return Ok(response);
        }
        let guard = match conditions.is_empty() {
            true => None,
            false => guard(route, segments, &ask, conditions).await?,
        };
        let (ask, answer) = run(route, ask, guard).await;
        let answer = follow::embed(&ask, seen(&ask.snapshot, answer?))?;
        Ok(answer::render(reply.format, answer)?)
    }

    fn ask(
        self,
        route: &Route,
        ids: Vec<String>,
        body: Bytes,
        (asker, granted, snapshot): (Asker, Option<Permitted>, Snapshot),
    ) -> Result<Ask, Fault> {
        let headers = &self.head.headers;
        let sent = match route.handler {
            // A body that comes with a GET means nothing (libgovirt sends one).
            Handler::Read(_) => Format::Xml,
            Handler::Act(_) if body.is_empty() => Format::Xml,
            Handler::Act(_) => negotiation::sent(headers, &body)?,
        };
        for name in CHECKED {
            self.parameters.flag(name)?;
        }
        Ok(Ask {
            snapshot,
            asker,
            granted,
            front: self.front.clone(),
            call: self.call,
            user: self.user,
            parameters: self.parameters,
            ids,
            body,
            sent,
        })
    }
}

/// What must hold of the entity that a request is about, at the moment of its commit; it is looked at once
/// before, so that nothing is begun in vain.
async fn guard(
    route: &Route,
    segments: &[String],
    ask: &Ask,
    conditions: Conditions,
) -> Result<Option<Guard>, Fault> {
    let about = match (route.action, segments.split_last()) {
        (true, Some((_, about))) => about,
        _ => segments,
    };
    let Found::Bound(read, ids) = TREE.find(&Method::GET, about) else {
        return Err(Fault::not_supported(
            "`If-Match` and `If-None-Match` for what can't be read",
        ));
    };
    let ids = ids.into_iter().map(str::to_owned).collect();
    let look = ask.beside(Parameters::default(), ids);
    match read.read(&look) {
        Some(now) => {
            conditions.hold(&now?)?;
            Ok(Some(Box::new(move |snapshot| {
                let look = look.at(snapshot.clone());
                read.read(&look)
                    .map_or(Ok(()), |now| conditions.hold(&now?))
            })))
        }
        None => {
            let (_, now) = run(read, look, None).await;
            conditions.hold(&now?)?;
            Ok(None)
        }
    }
}

/// The answer without what its reader does not see.
pub fn seen(snapshot: &Snapshot, answer: Answer) -> Answer {
    if snapshot.viewer().is_none() {
        return answer;
    }
    match answer {
        Answer::Entity(mut record) => {
            rights::scrub(snapshot, &mut *record);
            Answer::Entity(record)
        }
        Answer::Added {
            mut entity,
            pending,
        } => {
            rights::scrub(snapshot, &mut *entity);
            Answer::Added { entity, pending }
        }
        Answer::List(list) => {
            let snapshot = snapshot.clone();
            let items = list.items.map(move |item| {
                let mut record = item?;
                rights::scrub(&snapshot, &mut *record);
                Ok(record)
            });
            Answer::List(List {
                desc: list.desc,
                items: Box::new(items),
            })
        }
        other => other,
    }
}

/// A verb runs to its end in a task of its own: a caller that goes away does not cut it in two.
async fn run(
    route: &'static Route,
    ask: Ask,
    guard: Option<Guard>,
) -> (Ask, Result<Answer, Fault>) {
    match route.handler {
        Handler::Read(read) => {
            let answer = read(&ask);
            (ask, answer)
        }
        Handler::Act(act) => {
            let task = tokio::spawn(async move {
                let answer = match guard {
                    None => act(&ask).await,
                    Some(guard) => guarded(guard, act(&ask)).await,
                };
                (ask, answer)
            });
            match task.await {
                Ok(ended) => ended,
                Err(e) => match e.try_into_panic() {
                    Ok(panic) => std::panic::resume_unwind(panic),
                    // Nobody cancels it; the runtime is going down.
                    Err(_) => std::future::pending().await,
                },
            }
        }
    }
}

fn words_of(panic: &(dyn std::any::Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(|s| (*s).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no words".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_api_is_what_stands_below_its_root() {
        assert_eq!(below_root("/ovirt-engine/api"), Some(""));
        assert_eq!(below_root("/ovirt-engine/api/"), Some("/"));
        assert_eq!(
            below_root("/ovirt-engine/api;current/vms"),
            Some(";current/vms")
        );
        assert_eq!(below_root("/ovirt-engine/apis"), None);
        assert_eq!(below_root("/"), None);
    }
}
