//! Thousands of broken requests, made from a seed: none is a defect of ours, each has a fault.

mod common;

use axum::body::Body;
use base::Random as _;
use common::World;
use http::{Method, Request, StatusCode};
use testkit::SeededRandom;

const PATHS: &[&str] = &[
    "/vms",
    "/disks",
    "/templates",
    "/hosts",
    "/clusters",
    "/datacenters",
    "/events",
    "/jobs",
    "/users",
    "/networks",
    "/storagedomains",
    "/options",
    "/start",
    "/nics",
    "/diskattachments",
    "/statistics",
    "/00000000-0000-0000-0000-000000000000",
    "/00000000-0000-0000-0000-000000000010",
    "/-1",
    "/%00",
    "/%ff",
    "/..",
    "//",
    "/%2F",
    "/\u{e9}",
    ";max=1",
    ";max=-5",
    ";=",
    ";;",
    ";current",
    "/9223372036854775808",
];
const QUERIES: &[&str] = &[
    "search=name%3D*",
    "search=((((",
    "search=%22",
    "search=name%3D",
    "search=page%20999999999999",
    "search=%00",
    "search=sortby%20name%20desc%20page%202",
    "search=id!%3Dx",
    "max=99999999999999999999",
    "max=0",
    "from=-9",
    "follow=a.b.c",
    "follow=host.cluster.data_center",
    "follow=,,,",
    "follow=..",
    "all_content=true",
    "case_sensitive",
    "correlation_id=%0d%0aX:y",
    "detach_only=yes",
    "clone=1",
    "version=4.8",
    "%",
    "%%",
    "=",
    "&&",
];
const BODIES: &[&str] = &[
    "",
    "<vm/>",
    "<vm><name>a</name></vm>",
    "{}",
    "{\"name\":{}}",
    "[[[[",
    "<vm><cluster/></vm>",
    "<disk/>",
    "{\"name\":\"x\",\"cluster\":{\"id\":\"x\"},\"template\":{\"id\":\"\"},\"memory\":\"-1\"}",
    "<vm><memory>18446744073709551616</memory></vm>",
    "<vm><cpu><topology><cores>-1</cores></topology></cpu></vm>",
    "<disk><provisioned_size>9223372036854775807</provisioned_size></disk>",
    "<action><async>maybe</async></action>",
    "<nic><mac><address>zz</address></mac></nic>",
    "<vm><name>\u{202e}</name></vm>",
    "<![CDATA[",
    "<?xml",
    "\u{feff}<vm/>",
    "<vm xmlns:a='b'><a:name/></vm>",
    "{\"vm\":[{\"vm\":[{}]}]}",
    "null",
    "true",
    "\"\\ud800\"",
];

fn pick<'a>(random: &SeededRandom, from: &[&'a str]) -> &'a str {
    let mut byte = [0u8; 2];
    random.fill(&mut byte);
    from[usize::from(u16::from_le_bytes(byte)) % from.len()]
}

fn request(random: &SeededRandom, token: &str) -> Option<Request<Body>> {
    let mut uri = "/ovirt-engine/api".to_owned();
    for _ in 0..random.uuid().as_bytes()[0] % 4 {
        uri.push_str(pick(random, PATHS));
    }
    uri.push('?');
    for _ in 0..random.uuid().as_bytes()[0] % 3 {
        uri.push_str(pick(random, QUERIES));
        uri.push('&');
    }
    let method = pick(
        random,
        &["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS"],
    );
    let body = pick(random, BODIES);
    Request::builder()
        .method(Method::from_bytes(method.as_bytes()).ok()?)
        .uri(uri)
        .header("authorization", format!("Bearer {token}"))
        .header(
            "content-type",
            pick(
                random,
                &["application/xml", "application/json", "text/plain", ""],
            ),
        )
        .header(
            "accept",
            pick(
                random,
                &[
                    "application/xml",
                    "application/json",
                    "*/*",
                    "image/png",
                    "",
                ],
            ),
        )
        .body(Body::from(body))
        .ok()
}

#[tokio::test]
async fn no_request_is_a_defect_of_ours() {
    let world = World::new().await;
    let token = world.token().await;
    let random = SeededRandom::new(20_261_125);
    let mut seen = 0;
    for _ in 0..4000 {
        // Some are no requests at all: hyper would have refused them.
        let Some(request) = request(&random, &token) else {
            continue;
        };
        let what = format!("{} {}", request.method(), request.uri());
        let reply = world.send(request).await;
        assert_ne!(
            reply.status,
            StatusCode::INTERNAL_SERVER_ERROR,
            "{what}: {}",
            reply.text()
        );
        if reply.status.is_client_error() || reply.status.is_server_error() {
            let body = reply.text();
            assert!(
                body.is_empty() || body.contains("Operation Failed"),
                "{what}: {body}"
            );
        }
        seen += 1;
    }
    assert!(seen > 2000, "{seen}");
}
