//! An engine's HTTPS door as far as enrolment needs it.

use pki::Pki;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

/// Takes one request on loopback and answers what `answer` makes of its body (status line and body).
/// Gives the address, and the request's head when it was answered.
pub async fn answering(
    pki: &Pki,
    answer: impl FnOnce(serde_json::Value) -> (&'static str, String) + Send + 'static,
) -> (String, JoinHandle<String>) {
    let (listener, address) = testkit::loopback_listener();
    listener.set_nonblocking(true).unwrap();
    let listener = TcpListener::from_std(listener).unwrap();
    let acceptor = TlsAcceptor::from(Arc::clone(&pki.api_config().unwrap()));
    let task = tokio::spawn(async move {
        let (tcp, _) = listener.accept().await.unwrap();
        let Ok(mut tls) = acceptor.accept(tcp).await else {
            return String::new();
        };
        let mut request = Vec::new();
        let mut buffer = [0; 4096];
        let (head, body) = loop {
            let count = tls.read(&mut buffer).await.unwrap();
            assert_ne!(count, 0, "the request is cut");
            request.extend_from_slice(&buffer[..count]);
            let text = String::from_utf8_lossy(&request).into_owned();
            if let Some((head, body)) = text.split_once("\r\n\r\n")
                && let Ok(body) = serde_json::from_str(body)
            {
                break (head.to_owned(), body);
            }
        };
        let (status, body) = answer(body);
        let text = format!(
            "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        tls.write_all(text.as_bytes()).await.unwrap();
        tls.shutdown().await.unwrap();
        head
    });
    (format!("https://{address}"), task)
}
