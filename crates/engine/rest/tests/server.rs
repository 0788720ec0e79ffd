//! The listeners over real sockets: TLS on loopback, and the operator's Unix socket.

mod common;

use axum::Router;
use axum::body::Body;
use common::World;
use rest::{Limits, StopHandle, serve_https, serve_operator_socket, stop_channel};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use testkit::TestDir;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream, UnixStream};
use tokio::sync::oneshot;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

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

/// A listener of `app` with `limits`, until the handle is dropped.
async fn listening(
    world: &World,
    app: Router,
    limits: Limits,
) -> (SocketAddr, TlsConnector, StopHandle) {
    let clock: Arc<dyn base::Clock> = Arc::new(ports::SystemClock::default());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let tls = world.front.pki.api_config().unwrap();
    let (stop, wish) = stop_channel();
    tokio::spawn(serve_https(listener, tls, app, limits, clock, wish));
    (address, trusting(&world.front.pki.ca_pem()), stop)
}

async fn connect(address: SocketAddr, connector: &TlsConnector) -> TlsStream<TcpStream> {
    let tcp = TcpStream::connect(address).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    connector.connect(name, tcp).await.unwrap()
}

const HEALTH: &str = "GET /ovirt-engine/services/health HTTP/1.1\r\nHost: localhost\r\n\r\n";

/// One answer on a connection that stays open.
async fn healthy(stream: &mut (impl AsyncRead + AsyncWrite + Unpin)) {
    stream.write_all(HEALTH.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let mut byte = [0; 1];
    while !answer.ends_with(b"Health Status!") {
        stream.read_exact(&mut byte).await.unwrap();
        answer.push(byte[0]);
    }
}

#[tokio::test]
async fn heads_that_are_too_large_are_refused_with_their_limit() {
    let world = World::new().await;
    let (address, tls, _stop) = listening(&world, world.router.clone(), Limits::default()).await;
    let head = |name: &str, more: String| {
        format!(
            "GET /ovirt-engine/api{name} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{more}\r\n"
        )
    };
    let long = |n: usize| format!("X-Long: {}\r\n", "a".repeat(n));
    let answer = exchange(connect(address, &tls).await, &head("", long(40_000))).await;
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
    assert!(answer.contains("32768 are allowed"), "{answer}");
    let path = format!("/vms?search={}", "a".repeat(40_000));
    let answer = exchange(connect(address, &tls).await, &head(&path, String::new())).await;
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
    // What is larger still, or has more lines than anybody needs, is not even read.
    for more in [long(100_000), "A: b\r\n".repeat(101)] {
        let answer = exchange(connect(address, &tls).await, &head("", more)).await;
        assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
    }
}

#[tokio::test]
async fn a_body_that_is_announced_too_large_is_refused_before_it_comes() {
    let world = World::new().await;
    let (address, tls, _stop) = listening(&world, world.router.clone(), Limits::default()).await;
    let token = world.token().await;
    let head = format!(
        "POST /ovirt-engine/api/vms HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\
         Content-Length: 99999999999\r\nExpect: 100-continue\r\n\r\n"
    );
    let answer = exchange(connect(address, &tls).await, &head).await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    assert!(answer.contains("larger than 8388608 bytes"), "{answer}");
}

#[tokio::test]
async fn a_slow_head_is_408_and_silence_is_closed_without_a_word() {
    let world = World::new().await;
    let limits = Limits {
        head: Duration::from_millis(100),
        ..Limits::default()
    };
    let (address, tls, _stop) = listening(&world, world.router.clone(), limits).await;
    for half in ["GET / HTTP/1.1\r\nHost: x\r\n", "P", "PRI * HTTP/2.0\r\n"] {
        let answer = exchange(connect(address, &tls).await, half).await;
        assert!(answer.starts_with("HTTP/1.1 408"), "{half}: {answer}");
        assert!(answer.contains("did not come within"), "{half}: {answer}");
    }
    assert_eq!(exchange(connect(address, &tls).await, "").await, "");
    // A connection that had its answer and asks nothing more is closed, too.
    let mut idle = connect(address, &tls).await;
    healthy(&mut idle).await;
    assert_eq!(exchange(idle, "").await, "");
}

#[tokio::test]
async fn a_neighbour_that_has_its_share_is_told_so_and_others_still_come_in() {
    let world = World::new().await;
    let limits = Limits {
        connections: 4,
        ..Limits::default()
    };
    let (address, tls, _stop) = listening(&world, world.router.clone(), limits).await;
    let mut held = Vec::new();
    for _ in 0..3 {
        let mut stream = connect(address, &tls).await;
        healthy(&mut stream).await;
        held.push(stream);
    }
    let answer = exchange(connect(address, &tls).await, HEALTH).await;
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    assert!(answer.contains("Retry-After") && answer.contains("holds 3 connections"));
    // Those that it holds still work, and another neighbour finds a place.
    healthy(&mut held[0]).await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.2:0".parse().unwrap()).unwrap();
    let tcp = socket.connect(address).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let mut other = tls.connect(name, tcp).await.unwrap();
    healthy(&mut other).await;
    // One that goes makes room for the next; the engine sees it a moment later.
    held.pop();
    loop {
        let tcp = TcpStream::connect(address).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        let Ok(stream) = tls.connect(name, tcp).await else {
            continue;
        };
        let close = HEALTH.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
        if exchange(stream, &close).await.starts_with("HTTP/1.1 200") {
            break;
        }
    }
}

#[tokio::test]
async fn a_peer_that_takes_nothing_of_its_answer_is_given_up() {
    struct Gone(Option<oneshot::Sender<()>>);
    impl Drop for Gone {
        fn drop(&mut self) {
            let _ = self.0.take().map(|gone| gone.send(()));
        }
    }
    let world = World::new().await;
    let (gone, ended) = oneshot::channel();
    let gone = Arc::new(Mutex::new(Some(Gone(Some(gone)))));
    let endless = move || async move {
        let gone = gone.lock().unwrap().take();
        let chunk = bytes::Bytes::from_static(&[0; 64 * 1024]);
        Body::from_stream(futures::stream::repeat_with(move || {
            let _held = &gone;
            Ok::<_, std::io::Error>(chunk.clone())
        }))
    };
    let app = Router::new().route("/", axum::routing::get(endless));
    let limits = Limits {
        stall: Duration::from_millis(200),
        ..Limits::default()
    };
    let (address, tls, _stop) = listening(&world, app, limits).await;
    let mut stream = connect(address, &tls).await;
    stream
        .write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        .await
        .unwrap();
    // Nothing is read; the answer ends with its connection.
    ended.await.unwrap();
    drop(stream);
}

#[tokio::test]
async fn a_peer_that_says_nothing_is_sent_away() {
    let world = World::new().await;
    let limits = Limits {
        handshake: Duration::from_millis(50),
        ..Limits::default()
    };
    let (address, _tls, _stop) = listening(&world, world.router.clone(), limits).await;
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
