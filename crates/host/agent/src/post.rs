//! One request to an engine over HTTPS, small on purpose.

use anyhow::{Context as _, bail};
use base::Clock;
use bytes::Bytes;
use http::{Method, Request, StatusCode, Uri, header};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_util::rt::TokioIo;
use pki::ENROLMENT_NAME;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// The whole exchange must be done in this time.
const LIMIT: Duration = Duration::from_secs(30);
/// No answer to us is longer.
const ANSWER_MAX: usize = 256 * 1024;
/// So much of a refusal is shown.
const WORDS_MAX: usize = 1000;

/// Sends JSON to `path` of the engine at `engine` (`https://host[:port]`) and gives the answer's body.
///
/// # Errors
/// When the engine can't be reached or trusted, or refuses (with its words).
pub(crate) async fn post(
    engine: &str,
    path: &str,
    body: String,
    tls: Arc<ClientConfig>,
    clock: &dyn Clock,
) -> anyhow::Result<Bytes> {
    tokio::select! {
        answer = exchange(engine, path, body, tls) => answer,
        () = clock.sleep(LIMIT) => bail!("{engine} did not answer within {LIMIT:?}"),
    }
}

async fn exchange(
    engine: &str,
    path: &str,
    body: String,
    tls: Arc<ClientConfig>,
) -> anyhow::Result<Bytes> {
    let uri: Uri = engine
        .parse()
        .with_context(|| format!("`{engine}` is not a URL"))?;
    let authority = uri.authority().cloned();
    let (Some("https"), Some(authority)) = (uri.scheme_str(), authority) else {
        bail!("`{engine}` is not an address like https://engine.example:8443");
    };
    // An IPv6 address stands in brackets.
    let host = authority.host().trim_matches(['[', ']']).to_owned();
    let port = authority.port_u16().unwrap_or(443);
    // The engine is known by its CA, not by its address; this name asks for that CA's certificate.
    let name = ServerName::try_from(ENROLMENT_NAME).context("the engine's name is none")?;
    let tcp = TcpStream::connect((host.as_str(), port))
        .await
        .with_context(|| format!("cannot connect to {host} port {port}"))?;
    let stream = TlsConnector::from(tls)
        .connect(name, tcp)
        .await
        .with_context(|| format!("{host} port {port} is not the engine"))?;
    let talk = || format!("{engine} does not answer as an engine does");
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .with_context(talk)?;
    let driver = tokio::spawn(connection);
    let request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(header::HOST, authority.as_str())
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "application/json")
        .body(Full::new(Bytes::from(body)))
        .context("cannot make the request")?;
    let answer = sender.send_request(request).await.with_context(talk)?;
    let status = answer.status();
    let body = Limited::new(answer.into_body(), ANSWER_MAX)
        .collect()
        .await
        .map_err(|e| anyhow::anyhow!("the engine's answer cannot be read: {e}"))?
        .to_bytes();
    driver.abort();
    if status != StatusCode::OK {
        bail!("the engine refuses ({status}): {}", words(&body));
    }
    Ok(body)
}

/// The engine's own words, if it has any.
fn words(body: &[u8]) -> String {
    let fault: Option<serde_json::Value> = serde_json::from_slice(body).ok();
    let detail = fault.as_ref().and_then(|f| f.get("detail")?.as_str());
    let text = match detail {
        Some(detail) => detail.to_owned(),
        None => String::from_utf8_lossy(body).into_owned(),
    };
    text.chars().take(WORDS_MAX).collect()
}
