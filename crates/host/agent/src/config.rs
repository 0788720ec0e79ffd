//! `agent.toml`: every key, its default and what it means.

use anyhow::{Context as _, bail};
use hypervisor::AccelChoice;
use serde::Deserialize;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

/// The agent's settings. A key that is not known here is an error, so that a typing mistake never
/// passes in silence.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Address and port that the engine dials (oVirt's port: 54321).
    pub listen: SocketAddr,
    /// libvirt's URI.
    pub libvirt_uri: String,
    /// `auto` (KVM where it really works), `kvm` or `tcg`.
    #[serde(deserialize_with = "accel")]
    pub accel: AccelChoice,
    /// Bridges that are made at the start if they are not there; one that is there is left as it is.
    pub bridges: Vec<String>,
    /// Directory below which storage domains are mounted and linked.
    pub data_root: PathBuf,
    /// User and group that files on storage are given to (oVirt: `[36, 36]`); without it they belong
    /// to whoever runs the agent.
    pub storage_owner: Option<(u32, u32)>,
    /// IP address that graphics consoles listen on. They have no password yet: keep it local, or on a
    /// network that only the engine's users reach.
    pub console_address: IpAddr,
    /// URI by which other hosts' libvirt reaches this one's when a virtual machine moves here;
    /// `{address}` stands for the host's address. libvirt's own TLS (`qemu+tls`) is the default;
    /// `qemu+tcp` is for closed networks only.
    pub migration_uri: String,
    /// QEMU sends the memory of a moving virtual machine through TLS (libvirt's
    /// `migrate_tls_x509_cert_dir` holds the certificates).
    pub migration_tls: bool,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            listen: SocketAddr::from((Ipv4Addr::UNSPECIFIED, 54321)),
            libvirt_uri: "qemu:///system".to_owned(),
            accel: AccelChoice::Auto,
            bridges: vec!["ovirtmgmt".to_owned()],
            data_root: PathBuf::from(host_storage::DEFAULT_DATA_ROOT),
            storage_owner: None,
            console_address: IpAddr::V4(Ipv4Addr::LOCALHOST),
            migration_uri: "qemu+tls://{address}/system".to_owned(),
            migration_tls: false,
        }
    }
}

fn accel<'de, D: serde::Deserializer<'de>>(from: D) -> Result<AccelChoice, D::Error> {
    let text = String::deserialize(from)?;
    text.parse().map_err(serde::de::Error::custom)
}

impl Config {
    /// Reads the file; without one the defaults hold.
    ///
    /// # Errors
    /// Names the key that is unknown or has a bad value.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        match std::fs::read_to_string(path) {
            Ok(text) => {
                Self::parse(&text).with_context(|| format!("{} cannot be used", path.display()))
            }
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(Config::default()),
            Err(e) => Err(e).with_context(|| format!("cannot read {}", path.display())),
        }
    }

    fn parse(text: &str) -> anyhow::Result<Self> {
        let config: Config = toml::from_str(text)?;
        if !config.data_root.is_absolute() {
            bail!(
                "`data_root` is `{}`; it must be absolute",
                config.data_root.display()
            );
        }
        if !config.migration_uri.contains("{address}") {
            bail!(
                "`migration_uri` is `{}`; it must hold `{{address}}`",
                config.migration_uri
            );
        }
        if let Some(bad) = config.bridges.iter().find(|name| !is_link_name(name)) {
            bail!(
                "`bridges` names `{bad}`; a bridge's name has 1 to 15 bytes without `/` and white space"
            );
        }
        Ok(config)
    }
}

/// The kernel's rule.
fn is_link_name(name: &str) -> bool {
    (1..=15).contains(&name.len())
        && !matches!(name, "." | "..")
        && !name.contains(|c: char| c == '/' || c == ':' || c.is_whitespace() || c.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_file_and_none_mean_the_defaults() {
        assert_eq!(Config::parse("").unwrap(), Config::default());
        assert_eq!(
            Config::read(Path::new("/no/such/file")).unwrap(),
            Config::default()
        );
    }

    #[test]
    fn keys_are_read() {
        let config = Config::parse(
            "listen = \"10.0.0.2:54321\"\naccel = \"tcg\"\nbridges = [\"ovirtmgmt\", \"internal\"]\n\
             data_root = \"/run/d\"\nconsole_address = \"10.0.0.2\"\nstorage_owner = [36, 36]\n",
        )
        .unwrap();
        assert_eq!(config.listen.port(), 54321);
        assert_eq!(config.accel, AccelChoice::Tcg);
        assert_eq!(config.bridges.len(), 2);
        assert_eq!(config.storage_owner, Some((36, 36)));
    }

    #[test]
    fn mistakes_are_refused_by_name() {
        for (text, word) in [
            ("listn = \"x\"", "listn"),
            ("accel = \"fast\"", "expected auto, kvm or tcg"),
            ("data_root = \"here\"", "data_root"),
            ("bridges = [\"a/b\"]", "a/b"),
            ("bridges = [\"sixteen-bytes-xx\"]", "1 to 15 bytes"),
            ("console_address = \"everywhere\"", "IP address"),
            ("migration_uri = \"qemu+tcp://h/system\"", "{address}"),
        ] {
            let e = format!("{:#}", Config::parse(text).unwrap_err());
            assert!(e.contains(word), "{text}: {e}");
        }
    }
}
