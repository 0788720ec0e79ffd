//! `ready.json`: what tests, examples and measurements need to know of a lab that is ready.

use crate::settings::Settings;
use anyhow::Context as _;
use serde::Serialize;
use std::path::PathBuf;

/// The demo template, and the VM that is made from it.
pub const TEMPLATE: &str = "vireo-demo";
/// The VM that runs when a lab is ready.
pub const DEMO_VM: &str = "demo";
/// The network on which guests get an address.
pub const NETWORK: &str = "internal";

/// The content of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ready {
    /// Where the engine answers; the API is below `/ovirt-engine/api`.
    pub url: String,
    /// Who may do everything.
    pub user: String,
    /// The file with his password.
    pub password_file: PathBuf,
    /// The engine's CA certificate.
    pub ca_file: PathBuf,
    /// The data center.
    pub data_center: String,
    /// The cluster.
    pub cluster: String,
    /// Names of the hosts.
    pub hosts: Vec<String>,
    /// Names of the active data domains.
    pub storage_domains: Vec<String>,
    /// A network with DHCP.
    pub network: String,
    /// A template with a guest operating system on one disk.
    pub template: String,
}

impl Ready {
    /// What these settings lead to.
    #[must_use]
    pub fn of(settings: &Settings) -> Self {
        let engine = settings.engine_home();
        Ready {
            url: format!("https://localhost:{}", settings.port),
            user: "admin@internal".to_owned(),
            password_file: engine.join("admin.password"),
            ca_file: engine.join("ca.pem"),
            data_center: "Default".to_owned(),
            cluster: "Default".to_owned(),
            hosts: (1..=settings.hosts).map(|n| format!("host{n}")).collect(),
            storage_domains: storage_domains(settings.hosts)
                .iter()
                .map(|n| (*n).to_owned())
                .collect(),
            network: NETWORK.to_owned(),
            template: TEMPLATE.to_owned(),
        }
    }

    /// Writes it whole.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn write(&self, settings: &Settings) -> anyhow::Result<()> {
        let file = settings.home.join("ready.json");
        let new = settings.home.join("ready.json.new");
        let failed = || format!("cannot write {}", file.display());
        std::fs::write(&new, serde_json::to_vec_pretty(self)?).with_context(failed)?;
        std::fs::rename(&new, &file).with_context(failed)
    }

    /// Removes it: the lab is not ready.
    ///
    /// # Errors
    /// When it stays.
    pub fn remove(settings: &Settings) -> anyhow::Result<()> {
        let file = settings.home.join("ready.json");
        match std::fs::remove_file(&file) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                Err(e).with_context(|| format!("cannot remove {}", file.display()))
            }
            _ => Ok(()),
        }
    }
}

/// The data domains of a lab with so many hosts: a directory of the only host, or two that all share.
#[must_use]
pub fn storage_domains(hosts: u8) -> &'static [&'static str] {
    if hosts == 1 {
        &["local"]
    } else {
        &["shared", "shared2"]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn the_file_has_the_keys_that_others_read() {
        let settings = Settings {
            home: Path::new("/h").to_owned(),
            port: 9,
            hosts: 2,
            sim_hosts: 0,
            sim_vms: 0,
            accel: "auto".to_owned(),
            cache: Path::new("/c").to_owned(),
            programs: Path::new("/p").to_owned(),
        };
        let value = serde_json::to_value(Ready::of(&settings)).unwrap();
        assert_eq!(value["url"], "https://localhost:9");
        assert_eq!(value["password_file"], "/h/engine/admin.password");
        assert_eq!(value["hosts"], serde_json::json!(["host1", "host2"]));
        assert_eq!(
            value["storage_domains"],
            serde_json::json!(["shared", "shared2"])
        );
        assert_eq!(value.as_object().unwrap().len(), 10);
    }
}
