//! A client of the engine's operator socket: JSON over HTTP/1.1, no login.

use http::{Method, Request, Response, header};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use std::fmt;
use std::path::{Path, PathBuf};
use tokio::net::UnixStream;
use tokio::task::JoinHandle;

/// Longest answer that is read; a list of everything in a big data center stays far below.
const ANSWER_MAX: usize = 256 * 1024 * 1024;

/// Why a request got no good answer.
#[derive(Debug)]
pub enum OperatorError {
    /// No engine listens on the socket.
    Unreachable {
        /// The socket.
        socket: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// The conversation broke off.
    Broken(String),
    /// The engine refused.
    Refused {
        /// HTTP status.
        status: u16,
        /// The engine's words.
        detail: String,
    },
}

impl fmt::Display for OperatorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OperatorError::Unreachable { socket, .. } => {
                write!(f, "no engine answers on {}", socket.display())
            }
            OperatorError::Broken(what) => write!(f, "the engine broke off: {what}"),
            OperatorError::Refused { status, detail } => {
                write!(f, "the engine refused ({status}): {detail}")
            }
        }
    }
}

impl std::error::Error for OperatorError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            OperatorError::Unreachable { cause, .. } => Some(cause),
            _ => None,
        }
    }
}

impl OperatorError {
    /// The HTTP status of a refusal.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self {
            OperatorError::Refused { status, .. } => Some(*status),
            _ => None,
        }
    }
}

/// An engine on this machine.
#[derive(Clone, Debug)]
pub struct Operator {
    socket: PathBuf,
}

impl Operator {
    /// The engine whose home this is. Nothing is connected yet.
    #[must_use]
    pub fn of_home(engine_home: &Path) -> Self {
        Operator {
            socket: engine_home.join("operator.sock"),
        }
    }

    /// Reads a JSON document.
    ///
    /// # Errors
    /// When nobody answers, or with a refusal.
    pub async fn get(&self, path: &str) -> Result<Value, OperatorError> {
        json(&self.send(Method::GET, path, None).await?)
    }

    /// Reads bytes as they are.
    ///
    /// # Errors
    /// As [`Operator::get`].
    pub async fn bytes(&self, path: &str) -> Result<Bytes, OperatorError> {
        self.send(Method::GET, path, None).await
    }

    /// Sends a JSON document and reads the answer.
    ///
    /// # Errors
    /// As [`Operator::get`].
    pub async fn post(&self, path: &str, body: &Value) -> Result<Value, OperatorError> {
        json(&self.send(Method::POST, path, Some(body)).await?)
    }

    /// Sends a JSON document that changes something, and reads the answer.
    ///
    /// # Errors
    /// As [`Operator::get`].
    pub async fn put(&self, path: &str, body: &Value) -> Result<Value, OperatorError> {
        json(&self.send(Method::PUT, path, Some(body)).await?)
    }

    /// Sends a JSON document and writes the answer's bytes, however many, to `out`; answers how many.
    ///
    /// # Errors
    /// As [`Operator::get`]; also when the answer ends too early or can't be written.
    pub async fn save(
        &self,
        path: &str,
        body: &Value,
        out: &mut impl std::io::Write,
    ) -> Result<u64, OperatorError> {
        let broken = |e: &dyn fmt::Display| OperatorError::Broken(e.to_string());
        let (mut answer, driver) = self.answer(Method::POST, path, Some(body)).await?;
        if !answer.status().is_success() {
            return Err(refused(answer).await);
        }
        let mut written = 0;
        while let Some(frame) = answer.frame().await {
            if let Ok(data) = frame.map_err(|e| broken(&e))?.into_data() {
                out.write_all(&data).map_err(|e| broken(&e))?;
                written += data.len() as u64;
            }
        }
        driver.abort();
        Ok(written)
    }

    /// Removes something.
    ///
    /// # Errors
    /// As [`Operator::get`].
    pub async fn delete(&self, path: &str) -> Result<(), OperatorError> {
        self.send(Method::DELETE, path, None).await.map(|_| ())
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Bytes, OperatorError> {
        let (answer, driver) = self.answer(method, path, body).await?;
        if !answer.status().is_success() {
            return Err(refused(answer).await);
        }
        let body = whole(answer).await?;
        driver.abort();
        Ok(body)
    }

    /// Sends a request; answers when the answer's head is there, with what drives the connection.
    async fn answer(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<(Response<Incoming>, JoinHandle<hyper::Result<()>>), OperatorError> {
        let broken = |e: &dyn fmt::Display| OperatorError::Broken(e.to_string());
        let stream = UnixStream::connect(&self.socket).await.map_err(|cause| {
            OperatorError::Unreachable {
                socket: self.socket.clone(),
                cause,
            }
        })?;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .map_err(|e| broken(&e))?;
        let driver = tokio::spawn(connection);
        let bytes = body.map(|b| Bytes::from(b.to_string())).unwrap_or_default();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "localhost")
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, "application/json")
            .body(Full::new(bytes))
            .map_err(|e| broken(&e))?;
        let answer = sender.send_request(request).await.map_err(|e| broken(&e))?;
        Ok((answer, driver))
    }
}

async fn whole(answer: Response<Incoming>) -> Result<Bytes, OperatorError> {
    let body = http_body_util::Limited::new(answer.into_body(), ANSWER_MAX);
    let body = body.collect().await;
    Ok(body
        .map_err(|e| OperatorError::Broken(e.to_string()))?
        .to_bytes())
}

async fn refused(answer: Response<Incoming>) -> OperatorError {
    let status = answer.status().as_u16();
    match whole(answer).await {
        Ok(body) => OperatorError::Refused {
            status,
            detail: detail(&body),
        },
        Err(e) => e,
    }
}

fn json(body: &[u8]) -> Result<Value, OperatorError> {
    if body.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_slice(body)
        .map_err(|e| OperatorError::Broken(format!("its answer is not JSON: {e}")))
}

/// The words of a fault document, or the beginning of whatever came instead.
fn detail(body: &[u8]) -> String {
    let told = serde_json::from_slice::<Value>(body).ok();
    let told = told
        .as_ref()
        .and_then(|v| v.get("detail").or_else(|| v.pointer("/fault/detail")));
    match told.and_then(Value::as_str) {
        Some(text) => text.to_owned(),
        None => String::from_utf8_lossy(body).chars().take(200).collect(),
    }
}

/// Text as part of a URL's path or query.
#[must_use]
pub fn encoded(text: &str) -> String {
    text.bytes()
        .map(|b| match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                char::from(b).to_string()
            }
            _ => format!("%{b:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::UnixListener;

    async fn answered(status: &'static str, body: &'static str) -> Result<Value, OperatorError> {
        let dir = tempfile::tempdir().unwrap();
        let listener = UnixListener::bind(dir.path().join("operator.sock")).unwrap();
        let server = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = vec![0; 4096];
            let n = stream.read(&mut request).await.unwrap();
            let reply = format!(
                "HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            );
            stream.write_all(reply.as_bytes()).await.unwrap();
            String::from_utf8_lossy(&request[..n]).into_owned()
        });
        let outcome = Operator::of_home(dir.path()).get("/operator/status").await;
        let request = server.await.unwrap();
        assert!(
            request.starts_with("GET /operator/status HTTP/1.1\r\n"),
            "{request}"
        );
        outcome
    }

    #[tokio::test]
    async fn an_answer_is_read_as_json() {
        let value = answered("200 OK", "{\"name\":\"\u{fc}b\"}").await.unwrap();
        assert_eq!(value["name"], "\u{fc}b");
        let e = answered("200 OK", "<name/>").await.unwrap_err();
        assert!(e.to_string().contains("not JSON"), "{e}");
    }

    #[tokio::test]
    async fn a_refusal_bears_the_engines_words() {
        let e = answered("409 Conflict", "{\"detail\":\"[In use.]\"}")
            .await
            .unwrap_err();
        assert_eq!(e.status(), Some(409));
        assert_eq!(e.to_string(), "the engine refused (409): [In use.]");
        let e = answered("502 Bad Gateway", "broken").await.unwrap_err();
        assert_eq!(e.to_string(), "the engine refused (502): broken");
    }

    #[tokio::test]
    async fn a_missing_engine_is_told_with_the_socket() {
        let e = Operator::of_home(Path::new("/nowhere"))
            .get("/")
            .await
            .unwrap_err();
        assert_eq!(e.to_string(), "no engine answers on /nowhere/operator.sock");
    }

    #[test]
    fn text_is_encoded_for_urls() {
        assert_eq!(encoded("name=a b&\u{fc}"), "name%3Da%20b%26%C3%BC");
    }
}
