//! XML or JSON: what the caller wants to read, and what it sent.

use base::Fault;
use http::HeaderMap;
use http::header::{ACCEPT, CONTENT_TYPE};

pub use api_schema::Format;

/// What the caller wants to read. `None` when it wants neither form.
#[must_use]
pub fn wanted(headers: &HeaderMap) -> Option<Format> {
    let mut best: Option<(f32, Format)> = None;
    let mut any = false;
    for value in headers.get_all(ACCEPT) {
        for range in value.to_str().unwrap_or_default().split(',') {
            any = true;
            let mut parts = range.split(';').map(str::trim);
            let format = match parts
                .next()
                .unwrap_or_default()
                .to_ascii_lowercase()
                .as_str()
            {
                "application/json" | "text/json" => Format::Json,
                "application/xml" | "text/xml" | "application/*" | "*/*" | "" => Format::Xml,
                // Browsers name it first and can show XML.
                "text/html" | "application/xhtml+xml" | "text/*" => Format::Xml,
                _ => continue,
            };
            let quality = parts
                .find_map(|p| p.strip_prefix("q=")?.parse::<f32>().ok())
                .unwrap_or(1.0);
            if quality > 0.0 && best.is_none_or(|(q, _)| quality > q) {
                best = Some((quality, format));
            }
        }
    }
    match best {
        Some((_, format)) => Some(format),
        None if any => None,
        None => Some(Format::Xml),
    }
}

/// The form of a body. What it begins with decides before its `Content-Type` does: the VM portal
/// sends `<action />` as `application/json`.
///
/// # Errors
/// 400 for a type that is neither XML nor JSON.
pub fn sent(headers: &HeaderMap, body: &[u8]) -> Result<Format, Fault> {
    match body.iter().find(|b| !b.is_ascii_whitespace()) {
        Some(b'<') => return Ok(Format::Xml),
        Some(b'{') => return Ok(Format::Json),
        // A byte order mark is XML's business.
        Some(0xEF) => return Ok(Format::Xml),
        _ => {}
    }
    let content_type = headers
        .get(CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .unwrap_or("application/xml");
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    match essence.to_ascii_lowercase().as_str() {
        "application/xml" | "text/xml" => Ok(Format::Xml),
        "application/json" | "text/json" => Ok(Format::Json),
        other => Err(Fault::bad_request(
            "UNSUPPORTED_MEDIA_TYPE",
            format!(
                "A body of type `{other}` can't be read; allowed are application/xml and application/json."
            ),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accept(value: &str) -> Option<Format> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, value.parse().unwrap());
        wanted(&headers)
    }

    #[test]
    fn xml_is_the_default_and_quality_decides() {
        assert_eq!(wanted(&HeaderMap::new()), Some(Format::Xml));
        assert_eq!(accept("*/*"), Some(Format::Xml));
        assert_eq!(accept("application/json"), Some(Format::Json));
        assert_eq!(
            accept("application/xml;q=0.5, application/json"),
            Some(Format::Json)
        );
        assert_eq!(
            accept("text/html,application/xml;q=0.9,*/*;q=0.8"),
            Some(Format::Xml)
        );
        assert_eq!(accept("application/json;q=0"), None);
        assert_eq!(accept("application/x-virt-viewer"), None);
    }

    #[test]
    fn an_xml_action_sent_as_json_is_xml() {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, "application/json".parse().unwrap());
        assert_eq!(sent(&headers, b" <action />").unwrap(), Format::Xml);
        assert_eq!(sent(&headers, b"").unwrap(), Format::Json);
        headers.insert(CONTENT_TYPE, "text/plain".parse().unwrap());
        assert!(sent(&headers, b"x").is_err());
    }
}
