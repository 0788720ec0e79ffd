//! Joining an engine.

use crate::engine::answering;
use crate::{HOST, clock, pki};
use base::HostId;
use clap::Parser;
use pki::{Fingerprint, HostIdentity, Pki};
use serde_json::json;
use testkit::TestDir;
use vireo_agent::{Command, CommandLine, Enrol, Home};

fn to(engine: &str, ca: Fingerprint, home: &TestDir) -> Enrol {
    let line = CommandLine::parse_from([
        "vireo-agent",
        "enrol",
        "--engine",
        engine,
        "--ca-sha256",
        &ca.to_string(),
        "--token",
        "once",
        "--home",
        home.path().to_str().unwrap(),
    ]);
    match line.command {
        Command::Enrol(to) => to,
        _ => unreachable!("it was asked to enrol"),
    }
}

fn signed(pki: &Pki, host: HostId, request: &serde_json::Value) -> (&'static str, String) {
    let csr = request["csr_pem"].as_str().unwrap();
    let signed = pki.sign_host(host, csr).unwrap();
    let answer = json!({
        "host_id": host.to_string(), "certificate_pem": signed.pem, "ca_pem": pki.ca_pem(),
    });
    ("200 OK", answer.to_string())
}

#[tokio::test]
async fn a_host_joins_and_keeps_its_certificate() {
    let (dir, home) = (TestDir::new(), TestDir::new());
    let pki = pki(dir.path());
    let signing = pki.clone();
    let (engine, asked) = answering(&pki, move |request| {
        assert_eq!(request["token"], "once");
        signed(&signing, HOST, &request)
    })
    .await;
    let host = vireo_agent::enrol(&to(&engine, pki.ca_fingerprint(), &home), clock())
        .await
        .unwrap();
    assert_eq!(host, HOST);
    let head = asked.await.unwrap();
    assert!(
        head.starts_with("POST /ovirt-engine/services/vireo-enrol HTTP/1.1"),
        "{head}"
    );
    let kept = HostIdentity::load(home.path(), clock().now())
        .unwrap()
        .unwrap();
    assert_eq!(kept.host(), HOST);
}

#[tokio::test]
async fn another_engine_is_refused_before_the_token_is_told() {
    let (dir, other, home) = (TestDir::new(), TestDir::new(), TestDir::new());
    let (expected, impostor) = (pki(dir.path()), pki(other.path()));
    let (engine, asked) = answering(&impostor, |_| ("200 OK", "{}".to_owned())).await;
    let e = vireo_agent::enrol(&to(&engine, expected.ca_fingerprint(), &home), clock())
        .await
        .unwrap_err();
    assert!(
        format!("{e:#}").contains("does not have the fingerprint"),
        "{e:#}"
    );
    assert_eq!(asked.await.unwrap(), "", "nothing was asked");
    assert!(
        HostIdentity::load(home.path(), clock().now())
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn refusals_and_nonsense_are_told_in_words() {
    let (dir, home) = (TestDir::new(), TestDir::new());
    let pki = pki(dir.path());
    let foreign = TestDir::new();
    let foreign = crate::pki(foreign.path());
    type Answer = Box<dyn FnOnce(serde_json::Value) -> (&'static str, String) + Send>;
    let cases: [(Answer, &str); 4] = [
        (
            Box::new(|_| {
                (
                    "403 Forbidden",
                    json!({"detail": "[The token is spent.]"}).to_string(),
                )
            }),
            "The token is spent.",
        ),
        (
            Box::new(|_| ("200 OK", "[]".to_owned())),
            "not what an engine answers",
        ),
        (
            Box::new(|_| ("500 Internal Server Error", "x".repeat(5000))),
            "the engine refuses (500",
        ),
        // The right CA is named, but somebody else's signature stands below.
        (
            Box::new(move |r| signed(&foreign, HOST, &r)),
            "cannot be used",
        ),
    ];
    for (answer, words) in cases {
        let (engine, _asked) = answering(&pki, answer).await;
        let e = vireo_agent::enrol(&to(&engine, pki.ca_fingerprint(), &home), clock())
            .await
            .unwrap_err();
        assert!(format!("{e:#}").contains(words), "{words}: {e:#}");
    }
    for (url, words) in [
        ("http://127.0.0.1:1", "https://"),
        ("https://", "URL"),
        ("https://127.0.0.1:1", "cannot connect"),
    ] {
        let e = vireo_agent::enrol(&to(url, pki.ca_fingerprint(), &home), clock())
            .await
            .unwrap_err();
        assert!(format!("{e:#}").contains(words), "{url}: {e:#}");
    }
}

#[tokio::test]
async fn joining_another_engine_forgets_the_old_ones_fence_and_the_same_one_keeps_it() {
    let (dir, other, home) = (TestDir::new(), TestDir::new(), TestDir::new());
    let (one, two) = (pki(dir.path()), pki(other.path()));
    let fence = || async { Home::take(home.path()).unwrap().fence().unwrap() };
    for (engine, newest) in [(&one, 0), (&one, 9), (&two, 0)] {
        let signing = engine.clone();
        let (address, _asked) = answering(engine, move |r| signed(&signing, HOST, &r)).await;
        vireo_agent::enrol(&to(&address, engine.ca_fingerprint(), &home), clock())
            .await
            .unwrap();
        assert_eq!(fence().await.newest(), newest);
        fence().await.admit(9).await.unwrap();
    }
}
