//! The page one lands on: what this is and where things are. The portals come later.

use crate::Front;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};

const POLICY: &str = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:42rem;margin:4rem auto;padding:0 1rem;\
color:#1b2430;background:#fff}h1{font-weight:600}code{background:#eef1f4;padding:.1em .3em;border-radius:3px}\
a{color:#0b62a8}@media(prefers-color-scheme:dark){body{color:#dde3ea;background:#14181d}\
code{background:#242b33}a{color:#7cbcf2}}\n";

/// `GET /` and `/ovirt-engine/`.
pub async fn page(State(front): State<Front>) -> Response {
    let name = escaped(&front.product.name);
    let version = escaped(&front.product.full_version);
    let body = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
<title>{name}</title><link rel=\"stylesheet\" href=\"/vireo.css\"></head><body>\n\
<h1>{name}</h1>\n\
<p>This is the engine of a virtual data center, version {version}. It speaks version 4 of oVirt's REST API.</p>\n\
<ul>\n\
<li>The API: <a href=\"/ovirt-engine/api\"><code>/ovirt-engine/api</code></a> \
(log in as <code>admin@internal</code>)</li>\n\
<li>The certificate authority to trust: <a href=\"/ca.crt\"><code>/ca.crt</code></a></li>\n\
<li>Health: <a href=\"/ovirt-engine/services/health\"><code>/ovirt-engine/services/health</code></a></li>\n\
</ul>\n\
<p>The web portals are not part of this version; they come with a later one.</p>\n\
</body></html>\n"
    );
    (
        [
            (CONTENT_TYPE, "text/html; charset=utf-8"),
            (CONTENT_SECURITY_POLICY, POLICY),
            (CACHE_CONTROL, "no-cache"),
        ],
        body,
    )
        .into_response()
}

/// The page's style sheet.
pub async fn style() -> Response {
    (
        [
            (CONTENT_TYPE, "text/css; charset=utf-8"),
            (CACHE_CONTROL, "max-age=3600"),
        ],
        STYLE,
    )
        .into_response()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
