//! What holds of HTTP itself, over real TLS sockets: which version is spoken, compression, ETags and the
//! conditions of requests, the API as machines read it.

mod common;

use bytes::Bytes;
use common::World;
use http::{HeaderMap, Request, StatusCode, Version};
use http_body_util::{BodyExt as _, Full};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rest::{Limits, StopHandle, serve_https, stop_channel};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::io::Read as _;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsConnector;

const BLANK: &str = "/ovirt-engine/api/templates/00000000-0000-0000-0000-000000000000";

/// An engine that listens.
struct Listening {
    world: World,
    address: SocketAddr,
    token: String,
    _stop: StopHandle,
}

#[derive(Debug)]
struct Reply {
    status: StatusCode,
    version: Version,
    headers: HeaderMap,
    body: Bytes,
}

impl Reply {
    fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |v| v.to_str().unwrap_or_default())
    }
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
    fn unpacked(&self) -> String {
        assert_eq!(self.header("content-encoding"), "gzip");
        let mut text = String::new();
        flate2::read::GzDecoder::new(&self.body[..])
            .read_to_string(&mut text)
            .unwrap();
        text
    }
}

impl Listening {
    async fn new() -> Self {
        let world = World::new().await;
        let clock: Arc<dyn base::Clock> = Arc::new(ports::SystemClock::default());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let tls = world.front.pki.api_config().unwrap();
        let (stop, wish) = stop_channel();
        tokio::spawn(serve_https(
            listener,
            tls,
            world.router.clone(),
            Limits::default(),
            clock,
            wish,
        ));
        let token = world.token().await;
        Listening {
            world,
            address,
            token,
            _stop: stop,
        }
    }

    /// One request on a connection that offers these protocols.
    async fn ask(
        &self,
        offers: &[&str],
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Reply {
        let mut roots = RootCertStore::empty();
        let ca = self.world.front.pki.ca_pem();
        roots
            .add(CertificateDer::from_pem_slice(ca.as_bytes()).unwrap())
            .unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = offers.iter().map(|o| o.as_bytes().to_vec()).collect();
        let tcp = TcpStream::connect(self.address).await.unwrap();
        let stream = TlsConnector::from(Arc::new(config))
            .connect(ServerName::try_from("localhost").unwrap(), tcp)
            .await
            .unwrap();
        let spoken = stream.get_ref().1.alpn_protocol().map(<[u8]>::to_vec);
        let http2 = spoken.as_deref() == Some(b"h2");
        let mut request = Request::builder().method(method);
        request = match http2 {
            true => request.uri(format!("https://localhost{path}")),
            false => request.uri(path).header("host", "localhost"),
        };
        let token = format!("Bearer {}", self.token);
        for (name, value) in [("authorization", token.as_str())].iter().chain(headers) {
            request = request.header(*name, *value);
        }
        let request = request
            .body(Full::new(Bytes::from(body.to_owned())))
            .unwrap();
        let response = if http2 {
            let (mut sender, connection) =
                hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream))
                    .await
                    .unwrap();
            tokio::spawn(connection);
            sender.send_request(request).await.unwrap()
        } else {
            let (mut sender, connection) =
                hyper::client::conn::http1::handshake(TokioIo::new(stream))
                    .await
                    .unwrap();
            tokio::spawn(connection);
            sender.send_request(request).await.unwrap()
        };
        let (head, body) = response.into_parts();
        Reply {
            status: head.status,
            version: head.version,
            headers: head.headers,
            body: body.collect().await.unwrap().to_bytes(),
        }
    }

    async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Reply {
        self.ask(&["http/1.1"], "GET", path, headers, "").await
    }

    /// A new tag: its address.
    async fn tag(&self, name: &str) -> String {
        let body = format!("{{\"name\":\"{name}\"}}");
        let made = self
            .ask(&["h2"], "POST", "/ovirt-engine/api/tags", &[], &body)
            .await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
        made.header("location").to_owned()
    }
}

#[tokio::test]
async fn http_2_and_1_are_spoken_as_the_client_offers_and_say_the_same() {
    let engine = Listening::new().await;
    let one = engine.ask(&["http/1.1"], "GET", BLANK, &[], "").await;
    let two = engine.ask(&["h2", "http/1.1"], "GET", BLANK, &[], "").await;
    let none = engine.ask(&[], "GET", BLANK, &[], "").await;
    assert_eq!(one.version, Version::HTTP_11);
    assert_eq!(two.version, Version::HTTP_2);
    assert_eq!(none.version, Version::HTTP_11);
    for reply in [&one, &two, &none] {
        assert_eq!(reply.status, StatusCode::OK);
        assert_eq!(reply.body, one.body);
    }
}

#[tokio::test]
async fn answers_are_compressed_for_those_who_ask_and_have_tags_of_their_own() {
    let engine = Listening::new().await;
    let plain = engine.get(BLANK, &[]).await;
    assert_eq!(plain.header("content-encoding"), "");
    for offers in [&["h2"][..], &["http/1.1"]] {
        // As libcurl does it for oVirt's SDK.
        let wants = [("accept-encoding", "deflate, gzip, br")];
        let packed = engine.ask(offers, "GET", BLANK, &wants, "").await;
        assert!(packed.body.len() < plain.body.len());
        assert_eq!(packed.unpacked(), plain.text());
        let tag = packed.header("etag");
        assert_eq!(
            tag,
            format!("{}-gzip\"", plain.header("etag").trim_end_matches('"'))
        );
        let list = engine
            .ask(
                offers,
                "GET",
                "/ovirt-engine/api/operatingsystems",
                &wants,
                "",
            )
            .await;
        let whole = engine.get("/ovirt-engine/api/operatingsystems", &[]).await;
        assert_eq!(list.unpacked(), whole.text());
    }
    assert!(plain.headers.get_all("vary").iter().count() > 0);
}

#[tokio::test]
async fn what_has_not_changed_is_not_sent_again() {
    let engine = Listening::new().await;
    let path = engine.tag("a").await;
    let first = engine.get(&path, &[]).await;
    let tag = first.header("etag").to_owned();
    assert!(tag.starts_with('"') && tag.len() > 20, "{tag}");
    let gzip = format!("{}-gzip\"", tag.trim_end_matches('"'));
    for known in [
        tag.clone(),
        format!("W/{tag}"),
        format!("\"other\", {tag}"),
        gzip,
        "*".to_owned(),
    ] {
        for method in ["GET", "HEAD"] {
            let again = engine
                .ask(&["h2"], method, &path, &[("if-none-match", &known)], "")
                .await;
            assert_eq!(again.status, StatusCode::NOT_MODIFIED, "{method} {known}");
            assert!(again.body.is_empty());
            assert_eq!(again.header("etag"), tag);
        }
    }
    // Another form is another answer.
    let json = [("accept", "application/json"), ("if-none-match", &tag)];
    assert_eq!(engine.get(&path, &json).await.status, StatusCode::OK);
    let body = "<tag><description>b</description></tag>";
    let changed = engine.ask(&["h2"], "PUT", &path, &[], body).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.text());
    let now = engine.get(&path, &[("if-none-match", &tag)]).await;
    assert_eq!(now.status, StatusCode::OK);
    assert_ne!(now.header("etag"), tag);
}

#[tokio::test]
async fn a_change_of_what_has_changed_meanwhile_is_refused_and_does_nothing() {
    let engine = Listening::new().await;
    let path = engine.tag("a").await;
    let tag = engine.get(&path, &[]).await.header("etag").to_owned();
    let json = [("accept", "application/json")];
    let in_json = engine.get(&path, &json).await.header("etag").to_owned();
    let put = async |tag: &str, name: &str| {
        let body = format!("<tag><name>{name}</name></tag>");
        let headers = [("if-match", tag)];
        engine.ask(&["h2"], "PUT", &path, &headers, &body).await
    };
    assert_eq!(put(&tag, "b").await.status, StatusCode::OK);
    for stale in [&tag, &in_json, &format!("W/{tag}"), "\"nonsense\""] {
        let refused = put(stale, "c").await;
        assert_eq!(refused.status, StatusCode::PRECONDITION_FAILED, "{stale}");
        assert!(
            refused.text().contains("read it again"),
            "{}",
            refused.text()
        );
        let headers = [("if-match", stale)];
        let refused = engine.ask(&["h2"], "DELETE", &path, &headers, "").await;
        assert_eq!(refused.status, StatusCode::PRECONDITION_FAILED);
    }
    let now = engine.get(&path, &json).await;
    assert!(now.text().contains("\"name\":\"b\""), "{}", now.text());
    // In either form, and whatever the client was told in.
    let headers = [("if-match", now.header("etag"))];
    let removed = engine.ask(&["h2"], "DELETE", &path, &headers, "").await;
    assert_eq!(removed.status, StatusCode::OK, "{}", removed.text());
    assert_eq!(engine.get(&path, &[]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn of_many_who_change_one_state_one_wins() {
    let engine = Listening::new().await;
    let path = engine.tag("a").await;
    let tag = engine.get(&path, &[]).await.header("etag").to_owned();
    let changes = (0..16).map(|n| {
        let (engine, path, tag) = (&engine, &path, &tag);
        async move {
            let body = format!("<tag><description>{n}</description></tag>");
            let headers = [("if-match", tag.as_str())];
            let reply = engine.ask(&["h2"], "PUT", path, &headers, &body).await;
            reply.status
        }
    });
    let mut said: Vec<StatusCode> = futures::future::join_all(changes).await;
    said.sort_unstable();
    assert_eq!(said[0], StatusCode::OK);
    assert!(
        said[1..]
            .iter()
            .all(|s| *s == StatusCode::PRECONDITION_FAILED),
        "{said:?}"
    );
}

#[tokio::test]
async fn what_was_read_with_its_links_can_be_changed_and_an_action_can_depend_on_it() {
    let engine = Listening::new().await;
    let host = format!("/ovirt-engine/api/hosts/{}", common::HOST);
    let alone = engine.get(&host, &[]).await.header("etag").to_owned();
    let read = engine
        .get(&format!("{host}?follow=nics,cluster"), &[])
        .await;
    let tag = read.header("etag").to_owned();
    assert_ne!(tag, alone);
    let stale = [("if-match", "\"00-x\"")];
    let act = format!("{host}/deactivate");
    let refused = engine.ask(&["h2"], "POST", &act, &stale, "<action/>").await;
    assert_eq!(refused.status, StatusCode::PRECONDITION_FAILED);
    assert!(refused.text().contains("<action>"), "{}", refused.text());
    let held = [("if-match", tag.as_str())];
    let done = engine.ask(&["h2"], "POST", &act, &held, "<action/>").await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text());
}

#[tokio::test]
async fn the_api_tells_machines_what_it_is() {
    let engine = Listening::new().await;
    let inside = engine.get("/ovirt-engine/api?schema", &[]).await;
    assert_eq!(inside.status, StatusCode::OK);
    let no_login = [("authorization", "Bearer wrong")];
    let open = "/ovirt-engine/apidoc/openapi.json";
    let outside = engine.get(open, &no_login).await;
    assert_eq!(outside.body, inside.body);
    let document: serde_json::Value = serde_json::from_slice(&inside.body).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    let tag = outside.header("etag").to_owned();
    let again = engine.get(open, &[("if-none-match", &tag)]).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    // The API itself, and its schema there, need a login.
    let request = Request::get("/ovirt-engine/api?schema")
        .body(axum::body::Body::empty())
        .unwrap();
    assert_eq!(
        engine.world.send(request).await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn flags_are_read_and_nonsense_in_them_is_refused() {
    let engine = Listening::new().await;
    let host = format!("/ovirt-engine/api/hosts/{}", common::HOST);
    let plain = engine.get(&host, &[]).await;
    for same in [
        "?all_content=true",
        "?all_content",
        ";all_content=false",
        ";current",
        "?next_run=True",
        "?filter=true",
    ] {
        let reply = engine
            .get(&format!("{host}{same}"), &[("all-content", "true")])
            .await;
        assert_eq!(reply.status, StatusCode::OK, "{same}: {}", reply.text());
        assert_eq!(reply.text(), plain.text(), "{same}");
    }
    for wrong in [
        "all_content=maybe",
        "next_run=2",
        "current=x",
        "case_sensitive=-",
    ] {
        let reply = engine.get(&format!("{host}?{wrong}"), &[]).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{wrong}");
        assert!(
            reply.text().contains("allowed is `true` or `false`"),
            "{}",
            reply.text()
        );
    }
}

#[tokio::test]
async fn links_are_followed_wherever_they_lead() {
    let engine = Listening::new().await;
    let get = async |path: &str| {
        let path = format!("/ovirt-engine/api{path}");
        let reply = engine.get(&path, &[("accept", "application/json")]).await;
        let body: serde_json::Value = serde_json::from_slice(&reply.body).unwrap();
        (reply.status, body)
    };
    let (status, host) = get(&format!(
        "/hosts/{}?follow=cluster.data_center.storage_domains,cluster.macpool,nics",
        common::HOST
    ))
    .await;
    assert_eq!(status, StatusCode::OK, "{host}");
    let cluster = &host["cluster"];
    assert_eq!(cluster["name"], "Default");
    assert_eq!(cluster["mac_pool"]["name"], "Default");
    assert_eq!(
        cluster["data_center"]["storage_domains"]["storage_domain"][0]["name"],
        "data"
    );
    // Through a part of the root that is no entity itself.
    let (status, root) = get("?follow=special_objects.blank_template.cluster").await;
    assert_eq!(status, StatusCode::OK, "{root}");
    assert_eq!(root["special_objects"]["blank_template"]["name"], "Blank");
    for (wrong, why) in [
        ("special_objects", "no link"),
        ("special_objects.nothing", "no link"),
        ("time", "no link"),
        ("a.b.c.d.e.f.g.h.i", "at most 8"),
    ] {
        let (status, fault) = get(&format!("?follow={wrong}")).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{wrong}");
        assert!(fault["detail"].as_str().unwrap().contains(why), "{fault}");
    }
}
