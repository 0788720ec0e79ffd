//! The ready file: how scripts and tests learn that the engine answers, and where.

use crate::home::{Home, write_file};
use serde::Serialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

#[derive(Serialize)]
struct Ready<'a> {
    url: String,
    ca_file: PathBuf,
    password_file: PathBuf,
    operator_socket: PathBuf,
    /// Every address that is listened on.
    listen: &'a [SocketAddr],
}

/// Writes the file.
///
/// # Errors
/// When it can't be written.
pub fn write(
    path: &Path,
    home: &Home,
    names: &[String],
    listen: &[SocketAddr],
) -> anyhow::Result<()> {
    let ready = Ready {
        url: url(names, listen),
        ca_file: home.ca_file(),
        password_file: home.password_file(),
        operator_socket: home.operator_socket(),
        listen,
    };
    let mut text = serde_json::to_vec_pretty(&ready)?;
    text.push(b'\n');
    write_file(path, &text, 0o644)
}

/// Removes the file; one that is not there is fine.
pub fn remove(path: &Path) {
    // What is left of it only points at an engine that does not answer.
    let _ = std::fs::remove_file(path);
}

/// `https://` with the first configured name or the first address that is listened on.
fn url(names: &[String], listen: &[SocketAddr]) -> String {
    let first = listen.first();
    let port = first.map_or(443, SocketAddr::port);
    let host = match (names.first(), first) {
        (Some(name), _) => name.clone(),
        (None, Some(SocketAddr::V4(v4))) if v4.ip().is_unspecified() => "127.0.0.1".to_owned(),
        (None, Some(SocketAddr::V4(v4))) => v4.ip().to_string(),
        (None, Some(SocketAddr::V6(v6))) if v6.ip().is_unspecified() => "[::1]".to_owned(),
        (None, Some(SocketAddr::V6(v6))) => format!("[{}]", v6.ip()),
        (None, None) => "localhost".to_owned(),
    };
    format!("https://{host}:{port}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_is_one_that_a_client_on_this_machine_can_use() {
        let at = |text: &str| [text.parse::<SocketAddr>().unwrap()];
        assert_eq!(url(&[], &at("0.0.0.0:8443")), "https://127.0.0.1:8443");
        assert_eq!(url(&[], &at("[::]:8443")), "https://[::1]:8443");
        assert_eq!(url(&[], &at("192.0.2.7:1")), "https://192.0.2.7:1");
        let name = ["engine.example.org".to_owned()];
        assert_eq!(
            url(&name, &at("0.0.0.0:443")),
            "https://engine.example.org:443"
        );
    }
}
