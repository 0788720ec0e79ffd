//! What holds whatever the service: who comes in, forms of answers, bounds, hostile requests.

mod common;

use axum::body::Body;
use common::World;
use http::{Request, StatusCode};
use std::sync::atomic::Ordering;
use std::time::Duration;

const XML: (&str, &str) = ("content-type", "application/xml");

#[tokio::test]
async fn every_path_of_the_api_is_bound_or_answers_501() {
    let world = World::new().await;
    let token = world.token().await;
    let (mut bound, mut later) = (0, 0);
    for known in api_v4::services::ALL {
        let mut path = String::new();
        for segment in known.path.split('/').filter(|s| !s.is_empty()) {
            path.push('/');
            path.push_str(if segment.starts_with('{') {
                "00000000-0000-0000-dead-000000000000"
            } else {
                segment
            });
        }
        for operation in known.service.operations {
            let method = operation.method;
            let path = match operation.action {
                "" => path.clone(),
                action => format!("{path}/{action}"),
            };
            let request = Request::builder()
                .method(method)
                .uri(format!("/ovirt-engine/api{path}"))
                .header("authorization", format!("Bearer {token}"))
                .header("content-type", "application/xml")
                .body(Body::empty())
                .unwrap();
            let reply = world.send(request).await;
            let text = reply.text();
            match reply.status {
                StatusCode::NOT_IMPLEMENTED => {
                    let path = if path.is_empty() { "/" } else { &path };
                    let says = format!(
                        "not supported yet: {method} {path} ({}.{}, ",
                        known.service.name, operation.name
                    );
                    assert!(text.contains(&says), "{says}: {text}");
                    later += 1;
                }
                // A bound GET of a collection; of an entity that is not there; a body that is missing.
                StatusCode::OK | StatusCode::NOT_FOUND | StatusCode::BAD_REQUEST => {
                    assert!(!text.contains("no path"), "{method} {path}: {text}");
                    bound += 1;
                }
                other => panic!("{method} {path} answers {other}: {text}"),
            }
        }
    }
    assert!(bound > 50 && later > 300, "{bound} bound, {later} later");
}

#[tokio::test]
async fn head_is_get_without_a_body() {
    let world = World::new().await;
    let reply = world.ask("HEAD", "/templates", &[], "").await;
    assert_eq!(reply.status, StatusCode::OK);
    assert!(reply.header("content-type").starts_with("application/xml"));
    assert!(reply.body.is_empty());
}

#[tokio::test]
async fn a_method_that_a_path_never_had_is_405_with_those_it_has() {
    let world = World::new().await;
    let reply = world.ask("DELETE", "/vms", &[], "").await;
    assert_eq!(reply.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(reply.header("allow"), "GET, POST");
    let reply = world.ask("PATCH", "/vms", &[], "").await;
    assert_eq!(reply.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn hostile_bodies_are_refused_with_a_fault() {
    let world = World::new().await;
    let deep = format!(
        "{}{}",
        "<vm><cluster>".repeat(5000),
        "</cluster></vm>".repeat(5000)
    );
    let deep_json = format!("{}1{}", "{\"vm\":".repeat(5000), "}".repeat(5000));
    let many = format!("<vm>{}</vm>", "<a/>".repeat(900_000));
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (deep.into_bytes(), "application/xml"),
        (deep_json.into_bytes(), "application/json"),
        (many.into_bytes(), "application/xml"),
        (
            b"<vm><name>\xff\xfe</name></vm>".to_vec(),
            "application/xml",
        ),
        (
            b"<!DOCTYPE vm [<!ENTITY a 'b'>]><vm><name>&a;</name></vm>".to_vec(),
            "application/xml",
        ),
        (
            b"<vm><memory>lots</memory></vm>".to_vec(),
            "application/xml",
        ),
        (b"<vm><memory>".to_vec(), "application/xml"),
        (b"<disk/>".to_vec(), "application/xml"),
        (b"{\"memory\":[1]}".to_vec(), "application/json"),
        (b"{\"memory\":".to_vec(), "application/json"),
        (b"[]".to_vec(), "application/json"),
        (b"\x00\x01".to_vec(), "application/xml"),
        (b"name=x".to_vec(), "application/x-www-form-urlencoded"),
        (b"".to_vec(), "application/xml"),
    ];
    for (body, kind) in cases {
        let shown = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
        let reply = world
            .ask("POST", "/vms", &[("content-type", kind)], body)
            .await;
        assert_eq!(
            reply.status,
            StatusCode::BAD_REQUEST,
            "{shown}: {}",
            reply.text()
        );
        assert!(
            reply.text().contains("<reason>Operation Failed</reason>"),
            "{shown}"
        );
    }
}

#[tokio::test]
async fn a_body_over_the_limit_is_413() {
    let world = World::new().await;
    let reply = world.ask("POST", "/vms", &[XML], vec![b' '; 9 << 20]).await;
    assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(reply.text().contains("larger than 8388608 bytes"));
}

/// A request whose body never ends.
fn endless(token: &str, first: &'static [u8]) -> Request<Body> {
    use futures::StreamExt as _;
    let begun = futures::stream::iter([Ok::<_, std::io::Error>(first)]);
    Request::post("/ovirt-engine/api/vms")
        .header("authorization", format!("Bearer {token}"))
        .body(Body::from_stream(begun.chain(futures::stream::pending())))
        .unwrap()
}

#[tokio::test]
async fn bodies_together_are_bounded_and_their_room_comes_back() {
    let world = World::new().await;
    let token = world.token().await;
    let all = world.front.limits.bodies_bytes;
    let most = all - 4;
    let held = world.front.body_room(most).unwrap();
    let waiting = world.clock.sleepers() + 1;
    let asked = world.send(endless(&token, b"<vm>"));
    tokio::pin!(asked);
    // Four bytes have room, and more may come.
    tokio::select! {
        reply = &mut asked => panic!("{}: {}", reply.status, reply.text()),
        () = world.clock.wait_for_sleepers(waiting) => {}
    }
    let reply = world.ask("POST", "/vms", &[XML], "<vm/>").await;
    assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(reply.text().contains("have taken all room"));
    drop(held);
    let reply = world.ask("POST", "/vms", &[XML], "<vm/>").await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{}", reply.text());
    assert!(world.front.body_room(all - 4).is_some());
    assert!(
        world.front.body_room(all - 3).is_none(),
        "one body is still held"
    );
}

#[tokio::test]
async fn parameters_that_would_be_ignored_are_named() {
    let world = World::new().await;
    let reply = world
        .ask(
            "GET",
            "/vms?filter=true&all_content=true&migration_target_of=x",
            &[],
            "",
        )
        .await;
    assert_eq!(reply.status, StatusCode::NOT_IMPLEMENTED);
    assert!(
        reply
            .text()
            .contains("not supported yet: GET /vms with the parameter `migration_target_of`")
    );
    for wrong in [
        "max=x",
        "case_sensitive=maybe",
        "follow=nothing",
        "all_content=perhaps",
    ] {
        let reply = world.ask("GET", &format!("/vms?{wrong}"), &[], "").await;
        assert_eq!(
            reply.status,
            StatusCode::BAD_REQUEST,
            "{wrong}: {}",
            reply.text()
        );
    }
}

#[tokio::test]
async fn a_session_lives_as_long_as_it_is_preferred() {
    let world = World::new().await;
    let get = |cookie: Option<String>, prefer: bool, password: bool| {
        let mut request = Request::get("/ovirt-engine/api");
        if password {
            request = request.header(
                "authorization",
                "Basic YWRtaW5AaW50ZXJuYWw6czNjcmV0OnBhc3M=",
            );
        }
        if let Some(cookie) = cookie {
            request = request.header("cookie", cookie);
        }
        if prefer {
            request = request.header("prefer", "persistent-auth");
        }
        request.body(Body::empty()).unwrap()
    };
    let first = world.send(get(None, true, true)).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text());
    let set = first.header("set-cookie").to_owned();
    assert!(
        set.starts_with("JSESSIONID=") && set.contains("Secure; HttpOnly"),
        "{set}"
    );
    let cookie = set.split(';').next().unwrap().to_owned();
    assert_eq!(
        world
            .send(get(Some(cookie.clone()), true, false))
            .await
            .status,
        StatusCode::OK
    );
    // Without the preference it ends with the request.
    assert_eq!(
        world
            .send(get(Some(cookie.clone()), false, false))
            .await
            .status,
        StatusCode::OK
    );
    let over = world.send(get(Some(cookie), true, false)).await;
    assert_eq!(over.status, StatusCode::UNAUTHORIZED);
    assert_eq!(over.header("www-authenticate"), "Basic realm=\"RESTAPI\"");
    // A password alone opens no session.
    assert_eq!(
        world
            .send(get(None, false, true))
            .await
            .header("set-cookie"),
        ""
    );
}

#[tokio::test]
async fn a_correlation_id_comes_back_and_is_bounded() {
    let world = World::new().await;
    let reply = world
        .ask("GET", "/vms", &[("correlation-id", "from-header")], "")
        .await;
    assert_eq!(reply.header("correlation-id"), "from-header");
    let reply = world
        .ask(
            "GET",
            "/vms?correlation_id=from-query",
            &[("correlation-id", "x")],
            "",
        )
        .await;
    assert_eq!(reply.header("correlation-id"), "from-query");
    let reply = world
        .ask(
            "GET",
            &format!("/vms?correlation_id={}", "x".repeat(51)),
            &[],
            "",
        )
        .await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_operator_needs_no_login_and_others_do_not_reach_his_paths() {
    let world = World::new().await;
    let get = |path: &str| Request::get(path).body(Body::empty()).unwrap();
    let reply = world.send_operator(get("/ovirt-engine/api/vms")).await;
    assert_eq!(reply.status, StatusCode::OK);
    let reply = world.send_operator(get("/operator/status")).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    let status: serde_json::Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!(status["hosts"][0]["status"], "up");
    assert_eq!(status["storage_domains"][0]["status"], "active");
    assert_eq!(
        world.send(get("/operator/status")).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn answers_are_compressed_for_those_who_ask() {
    let world = World::new().await;
    let reply = world
        .ask("GET", "", &[("accept-encoding", "deflate, gzip, br")], "")
        .await;
    assert_eq!(reply.header("content-encoding"), "gzip");
    assert_eq!(reply.body[..2], [0x1f, 0x8b]);
}

#[tokio::test]
async fn a_defect_of_ours_is_500_without_its_words_and_the_next_request_works() {
    let world = World::new().await;
    let token = world.token().await;
    let get = || {
        Request::get("/ovirt-engine/api")
            .header("authorization", format!("Bearer {token}"))
            .header("accept", "application/json")
            .body(Body::empty())
            .unwrap()
    };
    world.broken.store(true, Ordering::Relaxed);
    let reply = world.send(get()).await;
    world.broken.store(false, Ordering::Relaxed);
    assert_eq!(reply.status, StatusCode::INTERNAL_SERVER_ERROR);
    let fault: serde_json::Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!(fault["reason"], "Operation Failed");
    let detail = fault["detail"].as_str().unwrap();
    assert!(
        detail.contains(reply.header("correlation-id")) && !detail.contains("secret"),
        "{detail}"
    );
    assert_eq!(world.send(get()).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_body_that_does_not_come_is_not_waited_for_without_end() {
    let world = World::new().await;
    let token = world.token().await;
    let sleepers = world.clock.sleepers();
    let (reply, ()) = tokio::join!(world.send(endless(&token, b"<vm>")), async {
        world.clock.wait_for_sleepers(sleepers + 1).await;
        world.clock.advance(Duration::from_secs(60));
    });
    assert_eq!(reply.status, StatusCode::REQUEST_TIMEOUT);
    assert!(reply.text().contains("did not come within 60 seconds"));
}

#[tokio::test]
async fn a_verb_runs_to_its_end_when_its_caller_goes_away() {
    let world = World::new().await;
    let token = world.token().await;
    let body = r#"{"name":"left","cluster":{"name":"Default"},"template":{"name":"Blank"}}"#;
    let request = Request::post("/ovirt-engine/api/vms")
        .header("authorization", format!("Bearer {token}"))
        .body(Body::from(body))
        .unwrap();
    tokio::select! {
        biased;
        reply = world.send(request) => panic!("answered at once: {}", reply.status),
        () = std::future::ready(()) => {}
    }
    let projection = &world.front.rooms.projection;
    let mut version = projection.version();
    let made = version.wait_for(|_| projection.snapshot().vm_count() == 1);
    assert!(
        tokio::time::timeout(Duration::from_secs(20), made)
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn every_method_with_a_body_takes_it_in_both_forms() {
    let world = World::new().await;
    let token = world.token().await;
    let mut seen = 0;
    for known in api_v4::services::ALL {
        for operation in known.service.operations {
            let pattern: Vec<&str> = [known.path, operation.action]
                .into_iter()
                .flat_map(|p| p.split('/'))
                .filter(|s| !s.is_empty())
                .map(|s| if s.starts_with('{') { "{}" } else { s })
                .collect();
            let pattern = pattern.join("/");
            let bound = rest::services::ROUTES
                .iter()
                .any(|r| r.pattern == pattern && r.method.as_str() == operation.method);
            if !bound || operation.method == "GET" {
                continue;
            }
            let path = pattern.replace("{}", "00000000-0000-0000-dead-000000000000");
            let tag = match operation.is_action() {
                true => "action",
                false => (known.service.of)().tag,
            };
            let mut said = Vec::new();
            for (form, body) in [
                ("application/xml", format!("<{tag}/>")),
                ("application/json", "{}".to_owned()),
            ] {
                let request = Request::builder()
                    .method(operation.method)
                    .uri(format!("/ovirt-engine/api/{path}"))
                    .header("authorization", format!("Bearer {token}"))
                    .header("content-type", form)
                    .header("correlation-id", "same")
                    .body(Body::from(body))
                    .unwrap();
                let reply = world.send(request).await;
                assert_ne!(
                    reply.status,
                    StatusCode::NOT_IMPLEMENTED,
                    "{} {path} does not take {form}: {}",
                    operation.method,
                    reply.text()
                );
                assert!(!reply.status.is_server_error(), "{}", reply.text());
                assert!(!reply.text().contains("can't be read"), "{}", reply.text());
                said.push((reply.status, reply.text()));
            }
            assert_eq!(said[0], said[1], "{} {path}", operation.method);
            seen += 1;
        }
    }
    assert!(seen > 60, "{seen}");
}
