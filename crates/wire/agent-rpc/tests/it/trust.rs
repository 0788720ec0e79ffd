//! Only this engine reaches this host.

use crate::far_host::FarHost;
use crate::{HOST, Lab, clock, enrolled, pki};
use agent_rpc::{DialError, DialTo, dial};
use base::HostId;
use ports::HostSession;
use testkit::TestDir;

#[tokio::test]
async fn the_engine_that_the_host_enrolled_with_says_hello() {
    let lab = Lab::new().await;
    let client = lab.client(1).await;
    let hello = client.hello().await.unwrap();
    assert_eq!((hello.facts, hello.agent_epoch), (FarHost::facts(), 5));
    assert_eq!(client.host(), HOST);
    assert!(client.is_connected());
}

#[tokio::test]
async fn a_foreign_engine_and_nobody_are_refused_and_the_port_stays_open() {
    let lab = Lab::new().await;
    let dir = TestDir::new();
    let foreign = pki(&dir);
    let error = lab
        .dial_with(foreign.host_config(HOST, None).unwrap(), 1)
        .await
        .err()
        .unwrap();
    assert!(matches!(error, DialError::Tls { .. }), "{error}");

    // Nobody in particular: the handshake may look good to the client, but no call gets through.
    let nobody = pki::enrolment_config(lab.pki.ca_fingerprint(), clock()).unwrap();
    assert!(lab.dial_with(nobody, 1).await.is_err());

    // Not even TLS.
    let mut tcp = tokio::net::TcpStream::connect(("127.0.0.1", lab.port))
        .await
        .unwrap();
    tokio::io::AsyncWriteExt::write_all(&mut tcp, b"GET / HTTP/1.1\r\n\r\n")
        .await
        .unwrap();
    let mut answer = Vec::new();
    let _ = tokio::io::AsyncReadExt::read_to_end(&mut tcp, &mut answer).await;
    assert!(!answer.starts_with(b"HTTP"));

    assert!(lab.client(1).await.hello().await.is_ok());
}

#[tokio::test]
async fn another_host_at_the_address_is_refused() {
    let lab = Lab::new().await;
    let expected = lab.pki.host_config(HostId::known(0x99), None).unwrap();
    let error = lab.dial_with(expected, 1).await.err().unwrap();
    assert!(matches!(&error, DialError::Tls { .. }), "{error}");
    // The same host after it enrolled again: the old certificate does not count any more.
    let newer = enrolled(&lab.pki, HOST).fingerprint();
    let expected = lab.pki.host_config(HOST, Some(newer)).unwrap();
    assert!(lab.dial_with(expected, 1).await.is_err());
}

#[tokio::test]
async fn an_address_where_nobody_listens_and_one_that_is_none_are_told_apart() {
    let dir = TestDir::new();
    let pki = pki(&dir);
    let to = |address: &str, port| DialTo {
        host: HOST,
        address: address.to_owned(),
        port,
        tls: pki.host_config(HOST, None).unwrap(),
        fence_epoch: 1,
        clock: clock(),
    };
    let error = dial(to("127.0.0.1", testkit::free_port())).await.err();
    assert!(matches!(error, Some(DialError::Connect { .. })));
    let error = dial(to("not an address", 1)).await.err();
    assert!(matches!(error, Some(DialError::Address(_))));
}
