//! The listeners over real sockets: TLS on loopback, and the operator's Unix socket.

mod common;

use common::World;
use rest::{Limits, serve_https, serve_operator_socket, stop_channel};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;
use std::time::Duration;
use testkit::TestDir;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio_rustls::TlsConnector;

async fn exchange(mut stream: impl AsyncRead + AsyncWrite + Unpin, request: &str) -> String {
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // A peer may close without TLS's goodbye.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

fn trusting(ca_pem: &str) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_slice(ca_pem.as_bytes()).unwrap())
        .unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    TlsConnector::from(Arc::new(config))
}

#[tokio::test]
async fn https_answers_until_it_is_stopped_and_then_not() {
    let world = World::new().await;
    let clock: Arc<dyn base::Clock> = Arc::new(ports::SystemClock::default());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let tls = world.front.pki.api_config().unwrap();
    let (stop, wish) = stop_channel();
    let serving = tokio::spawn(serve_https(
        listener,
        tls,
        world.router.clone(),
        Limits::default(),
        clock,
        wish,
    ));

    let connector = trusting(&world.front.pki.ca_pem());
    let connect = || async {
        let tcp = TcpStream::connect(address).await.unwrap();
        connector
            .connect(ServerName::try_from("localhost").unwrap(), tcp)
            .await
            .unwrap()
    };
    let health = "GET /ovirt-engine/services/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let answer = exchange(connect().await, health).await;
    assert!(
        answer.starts_with("HTTP/1.1 200") && answer.ends_with("DB Up!Welcome to Health Status!"),
        "{answer}"
    );

    // libcurl asks before it sends a large body.
    let token = world.token().await;
    let mut stream = connect().await;
    let head = format!(
        "POST /ovirt-engine/api/vms HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/xml\r\nContent-Length: 5\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut go = [0u8; 25];
    stream.read_exact(&mut go).await.unwrap();
    assert_eq!(&go, b"HTTP/1.1 100 Continue\r\n\r\n");
    let answer = exchange(stream, "<vm/>").await;
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");

    stop.stop();
    serving.await.unwrap().unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_peer_that_says_nothing_is_sent_away() {
    let world = World::new().await;
    let clock: Arc<dyn base::Clock> = Arc::new(ports::SystemClock::default());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let tls = world.front.pki.api_config().unwrap();
    let limits = Limits {
        handshake: Duration::from_millis(50),
        ..Limits::default()
    };
    let (_stop, wish) = stop_channel();
    tokio::spawn(serve_https(
        listener,
        tls,
        world.router.clone(),
        limits,
        clock,
        wish,
    ));
    let mut silent = TcpStream::connect(address).await.unwrap();
    let mut nothing = [0u8; 1];
    let read = tokio::time::timeout(Duration::from_secs(10), silent.read(&mut nothing)).await;
    assert!(
        matches!(read, Ok(Ok(0) | Err(_))),
        "the connection is still open"
    );
}

#[tokio::test]
async fn the_operator_s_socket_is_private_and_needs_no_login() {
    let world = World::new().await;
    let dir = TestDir::new();
    let path = dir.join("operator.sock");
    // What an earlier process left behind.
    std::fs::write(&path, "").unwrap();
    let clock: Arc<dyn base::Clock> = Arc::new(ports::SystemClock::default());
    let (stop, wish) = stop_channel();
    let serving = tokio::spawn({
        let (path, app) = (path.clone(), world.operator.clone());
        async move { serve_operator_socket(&path, app, Limits::default(), clock, wish).await }
    });
    let stream = loop {
        match UnixStream::connect(&path).await {
            Ok(stream) => break stream,
            Err(_) => tokio::task::yield_now().await,
        }
    };
    assert_eq!(
        std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let request = "GET /operator/status HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let answer = exchange(stream, request).await;
    assert!(
        answer.starts_with("HTTP/1.1 200") && answer.contains("\"database\":\"up\""),
        "{answer}"
    );
    stop.stop();
    serving.await.unwrap().unwrap();
    assert!(!path.exists());
}
