//! The reply as a service gives it, and its way onto the wire.

use super::validators::{self, Conditions};
use super::{faults, intake};
use api_schema::{Api, Format, ListWriter, Record, TypeDesc};
use api_v4::types::{Action, Fault as FaultType, Job};
use axum::body::Body;
use axum::response::Response;
use base::{Fault, WorkflowId};
use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, LOCATION, VARY};
use http::{HeaderValue, StatusCode};
use tracing::error;

/// Bytes of a streamed list that are handed on at once.
const CHUNK: usize = 32 * 1024;

/// A value of some v4 type.
pub type Entity = Box<dyn Record>;

/// Entities of a list, made one by one while it is written.
pub type Items = Box<dyn Iterator<Item = Result<Entity, Fault>> + Send>;

/// A list that is written entity by entity.
pub struct List {
    /// The type of its items.
    pub desc: &'static TypeDesc,
    /// Its items.
    pub items: Items,
}

/// What a service answers.
pub enum Answer {
    /// One entity (200).
    Entity(Entity),
    /// A new entity: 201, or 202 while a job still works on it.
    Added {
        /// It.
        entity: Entity,
        /// Does a job go on?
        pending: bool,
    },
    /// Many entities (200).
    List(List),
    /// Something that version 4 has no type for: JSON, whatever form is asked for (200).
    Json(serde_json::Value),
    /// An action is done or accepted (200).
    Done {
        /// The job that goes on with it.
        job: Option<WorkflowId>,
        /// What the action answers besides.
        action: Box<Action>,
    },
}

impl Answer {
    /// One entity.
    pub fn entity(record: impl Record) -> Self {
        Answer::Entity(Box::new(record))
    }

    /// A new entity, on which `job` may still work.
    pub fn added(record: impl Record, job: Option<WorkflowId>) -> Self {
        Answer::Added {
            entity: Box::new(record),
            pending: job.is_some(),
        }
    }

    /// Many entities of one type.
    pub fn list<T: Api>(items: impl Iterator<Item = T> + Send + 'static) -> Self {
        Answer::List(List {
            desc: T::type_desc(),
            items: Box::new(items.map(|item| Ok(Box::new(item) as Entity))),
        })
    }

    /// An action or a removal that is done, or that `job` goes on with.
    #[must_use]
    pub fn done(job: Option<WorkflowId>) -> Self {
        Answer::Done {
            job,
            action: Box::default(),
        }
    }
}

/// Puts an answer on the wire.
///
/// # Errors
/// When the first entities of a list can't be made; later ones break the reply off.
pub fn render(format: Format, answer: Answer) -> Result<Response, Fault> {
    match answer {
        Answer::Entity(record) => Ok(document(format, StatusCode::OK, &*record)),
        Answer::Added { entity, pending } => {
            let status = if pending {
                StatusCode::ACCEPTED
            } else {
                StatusCode::CREATED
            };
            let mut response = document(format, status, &*entity);
            let href = entity.identity().and_then(|i| i.href);
            if let Some(Ok(href)) = href.map(HeaderValue::from_str) {
                response.headers_mut().insert(LOCATION, href);
            }
            Ok(response)
        }
        Answer::Done { job, mut action } => {
            action.status = Some("complete".to_owned());
            action.job = job.map(|id| {
                Box::new(Job {
                    href: Some(format!("/ovirt-engine/api/jobs/{id}")),
                    id: Some(id.to_string()),
                    ..Job::default()
                })
            });
            Ok(document(format, StatusCode::OK, &*action))
        }
        Answer::List(list) => stream(format, list),
        Answer::Json(value) => Ok(response(
            Format::Json,
            StatusCode::OK,
            Body::from(value.to_string()),
        )),
    }
}

/// Puts the answer of a GET on the wire: `alone` is the entity as it was written before links were
/// followed, if they were; one that the caller has already is not written again.
///
/// # Errors
/// As `render`.
pub fn render_read(
    format: Format,
    answer: Answer,
    alone: Option<&str>,
    conditions: &Conditions,
) -> Result<Response, Fault> {
    let mut response = match answer {
        Answer::Entity(record) => {
            let text = format.write(&*record);
            let tag = match alone {
                None => validators::tag(format, &text, None),
                Some(alone) => validators::tag(format, alone, Some(&text)),
            };
            let mut response = if conditions.known(&tag) {
                let mut response = Response::new(Body::empty());
                *response.status_mut() = StatusCode::NOT_MODIFIED;
                response
            } else {
                response(format, StatusCode::OK, Body::from(text))
            };
            if let Ok(tag) = HeaderValue::from_str(&format!("\"{tag}\"")) {
                response.headers_mut().insert(ETAG, tag);
            }
            response
        }
        other => render(format, other)?,
    };
    let headers = response.headers_mut();
    // What is kept must be asked for again, and belongs to the one who asked.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.append(
        VARY,
        HeaderValue::from_static("accept, authorization, cookie"),
    );
    Ok(response)
}

/// A fault as a reply; inside an action when it was asked for one.
#[must_use]
pub fn refuse(format: Format, action: bool, fault: &Fault) -> Response {
    let status = match fault.key.as_str() {
        intake::BODY_TOO_LARGE => StatusCode::PAYLOAD_TOO_LARGE,
        intake::BODY_TOO_SLOW => StatusCode::REQUEST_TIMEOUT,
        intake::HEAD_TOO_LARGE => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
        validators::FAILED => StatusCode::PRECONDITION_FAILED,
        _ => faults::status(fault.kind),
    };
    let body = fault_type(fault);
    if action {
        let action = Action {
            status: Some("failed".to_owned()),
            fault: Some(Box::new(body)),
            ..Action::default()
        };
        return document(format, status, &action);
    }
    document(format, status, &body)
}

/// A fault for a path that has no such method.
#[must_use]
pub fn refuse_method(format: Format, fault: &Fault) -> Response {
    document(format, StatusCode::METHOD_NOT_ALLOWED, &fault_type(fault))
}

fn fault_type(fault: &Fault) -> FaultType {
    FaultType {
        reason: Some(faults::REASON.to_owned()),
        detail: Some(fault.detail()),
    }
}

fn document(format: Format, status: StatusCode, record: &dyn Record) -> Response {
    response(format, status, Body::from(format.write(record)))
}

fn response(format: Format, status: StatusCode, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(
        CONTENT_TYPE,
        HeaderValue::from_static(format.content_type()),
    );
    response
}

/// A list that fits into one chunk gets a length; a longer one is streamed.
fn stream(format: Format, list: List) -> Result<Response, Fault> {
    let mut chunks = Chunks {
        writer: Some(ListWriter::new(format, list.desc)),
        items: list.items,
    };
    let first = chunks.fill()?;
    if chunks.writer.is_none() {
        return Ok(response(format, StatusCode::OK, Body::from(first)));
    }
    let rest = std::iter::from_fn(move || {
        chunks.writer.as_ref()?;
        Some(chunks.fill().map_err(|fault| {
            chunks.writer = None;
            error!("a list broke off while it was written: {fault}");
            std::io::Error::other("the list broke off")
        }))
    });
    let all = std::iter::once(Ok(first)).chain(rest);
    Ok(response(
        format,
        StatusCode::OK,
        Body::from_stream(futures::stream::iter(all)),
    ))
}

struct Chunks {
    /// `None` when the list has ended.
    writer: Option<ListWriter>,
    items: Items,
}

impl Chunks {
    fn fill(&mut self) -> Result<Bytes, Fault> {
        let mut out = String::with_capacity(CHUNK / 4);
        while let Some(writer) = self.writer.as_mut() {
            if out.len() >= CHUNK {
                break;
            }
            match self.items.next().transpose()? {
                Some(record) => writer.item(&mut out, &*record),
                None => {
                    if let Some(writer) = self.writer.take() {
                        writer.end(&mut out);
                    }
                }
            }
        }
        Ok(Bytes::from(out))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use api_v4::Vm;
    use http_body_util::BodyExt as _;

    fn vms(count: usize) -> impl Iterator<Item = Vm> + Send {
        (0..count).map(|n| Vm {
            id: Some(n.to_string()),
            name: Some("x".repeat(100)),
            ..Vm::default()
        })
    }

    async fn body(response: Response) -> Option<Bytes> {
        response
            .into_body()
            .collect()
            .await
            .ok()
            .map(|b| b.to_bytes())
    }

    #[tokio::test]
    async fn a_long_list_is_streamed_and_whole() {
        for format in [Format::Xml, Format::Json] {
            let response = render(format, Answer::list(vms(2000))).unwrap();
            assert!(
                axum::body::HttpBody::size_hint(response.body())
                    .exact()
                    .is_none()
            );
            let body = body(response).await.unwrap();
            let read: Vec<Vm> = format.read_list(&body).unwrap();
            assert_eq!(read.len(), 2000);
            assert_eq!(read[1999].id.as_deref(), Some("1999"));
        }
    }

    #[tokio::test]
    async fn a_short_list_has_a_length() {
        let response = render(Format::Json, Answer::list(vms(2))).unwrap();
        assert!(
            axum::body::HttpBody::size_hint(response.body())
                .exact()
                .is_some()
        );
        let response = render(Format::Json, Answer::list(vms(0))).unwrap();
        assert_eq!(body(response).await.unwrap(), "{}");
    }

    #[tokio::test]
    async fn a_list_is_made_while_it_is_written() {
        let made = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let counted = made.clone();
        let items = vms(100_000).inspect(move |_| {
            counted.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        });
        let response = render(Format::Xml, Answer::list(items)).unwrap();
        let mut body = response.into_body();
        let frame = body.frame().await.unwrap().unwrap();
        assert!(frame.data_ref().unwrap().len() < 2 * CHUNK);
        assert!(made.load(std::sync::atomic::Ordering::Relaxed) < 1000);
    }

    #[tokio::test]
    async fn a_list_that_can_t_go_on_breaks_off() {
        let failing = |at: usize| {
            let items = vms(2000).enumerate().map(move |(n, vm)| {
                if n == at {
                    return Err(Fault::internal("gone"));
                }
                Ok(Box::new(vm) as Entity)
            });
            Answer::List(List {
                desc: Vm::type_desc(),
                items: Box::new(items),
            })
        };
        // At its beginning it is still a fault.
        assert!(render(Format::Xml, failing(0)).is_err());
        let response = render(Format::Xml, failing(1000)).unwrap();
        assert_eq!(body(response).await, None);
    }
}
