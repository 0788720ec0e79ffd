//! What the environment asks for.

use anyhow::{Context as _, bail};
use std::path::{Path, PathBuf};

/// A lab's settings; the variables are documented in the README.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// All state.
    pub home: PathBuf,
    /// Port of the API.
    pub port: u16,
    /// How many hosts.
    pub hosts: u8,
    /// How many simulated hosts, in a data center of their own; made at the first start that asks.
    pub sim_hosts: u32,
    /// How many VMs run on them.
    pub sim_vms: u32,
    /// Whether hosts use KVM.
    pub accel: String,
    /// What is costly to make and the same for every home.
    pub cache: PathBuf,
    /// Where our other programs are.
    pub programs: PathBuf,
}

/// Addresses of hosts end in 11 to 40.
const HOSTS_MAX: u8 = 30;
/// Each simulated host has a loopback address; so many were tried.
const SIM_HOSTS_MAX: u32 = 20_000;
const SIM_VMS_MAX: u32 = 500_000;
/// VMs of a simulated host, where nothing else is said.
const SIM_VMS_OF_HOST: u32 = 20;

/// A number from 0 to `most`, if there is one.
fn number(text: Option<String>, name: &str, most: u32) -> anyhow::Result<Option<u32>> {
    let Some(text) = text else { return Ok(None) };
    match text.parse() {
        Ok(number) if number <= most => Ok(Some(number)),
        _ => bail!("{name} is `{text}`; it must be a number from 0 to {most}"),
    }
}

impl Settings {
    /// Reads the environment.
    ///
    /// # Errors
    /// When a variable has a value that can't be; the message names it.
    pub fn read() -> anyhow::Result<Self> {
        let here = std::env::current_dir().context("cannot tell the current directory")?;
        let program = std::env::current_exe().context("cannot tell where this program is")?;
        let programs = program
            .parent()
            .map(Path::to_owned)
            .context("this program is nowhere")?;
        Self::of(|name| std::env::var(name).ok(), &here, programs)
    }

    fn of(
        variable: impl Fn(&str) -> Option<String>,
        here: &Path,
        programs: PathBuf,
    ) -> anyhow::Result<Self> {
        let given = |name| variable(name).filter(|v| !v.is_empty());
        let home = here.join(given("VIREO_HOME").unwrap_or_else(|| ".vireo".to_owned()));
        let cache = given("VIREO_CACHE").map_or_else(|| home.join("cache"), |c| here.join(c));
        let port = match given("VIREO_PORT") {
            None => 8443,
            Some(text) => match text.parse() {
                Ok(port) if port > 0 => port,
                _ => bail!("VIREO_PORT is `{text}`; it must be a port number from 1 to 65535"),
            },
        };
        let hosts = match given("HOSTS") {
            None => 1,
            Some(text) => match text.parse() {
                Ok(hosts) if (1..=HOSTS_MAX).contains(&hosts) => hosts,
                _ => bail!("HOSTS is `{text}`; it must be a number from 1 to {HOSTS_MAX}"),
            },
        };
        let sim_hosts = number(given("SIM_HOSTS"), "SIM_HOSTS", SIM_HOSTS_MAX)?.unwrap_or(0);
        let sim_vms = number(given("SIM_VMS"), "SIM_VMS", SIM_VMS_MAX)?;
        let sim_vms = sim_vms.unwrap_or(sim_hosts.saturating_mul(SIM_VMS_OF_HOST));
        if sim_vms > 0 && sim_hosts == 0 {
            bail!("SIM_VMS is `{sim_vms}`, but there are no simulated hosts; set SIM_HOSTS");
        }
        let accel = given("VIREO_ACCEL").unwrap_or_else(|| "auto".to_owned());
        if !["auto", "kvm", "tcg"].contains(&accel.as_str()) {
            bail!("VIREO_ACCEL is `{accel}`; it must be auto, kvm or tcg");
        }
        Ok(Settings {
            home,
            port,
            hosts,
            sim_hosts,
            sim_vms,
            accel,
            cache,
            programs,
        })
    }

    /// The engine's home.
    #[must_use]
    pub fn engine_home(&self) -> PathBuf {
        self.home.join("engine")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(variables: &[(&str, &str)]) -> anyhow::Result<Settings> {
        let find = |name: &str| {
            variables
                .iter()
                .find(|(n, _)| *n == name)
                .map(|(_, v)| (*v).to_owned())
        };
        Settings::of(find, Path::new("/here"), PathBuf::from("/bin"))
    }

    #[test]
    fn nothing_said_means_the_defaults() {
        let settings = of(&[("HOSTS", "")]).unwrap();
        assert_eq!(settings.home, Path::new("/here/.vireo"));
        assert_eq!(settings.cache, Path::new("/here/.vireo/cache"));
        assert_eq!(
            (settings.port, settings.hosts, settings.accel.as_str()),
            (8443, 1, "auto")
        );
    }

    #[test]
    fn values_are_read() {
        let settings = of(&[
            ("VIREO_HOME", "/h"),
            ("VIREO_PORT", "9443"),
            ("HOSTS", "3"),
            ("VIREO_CACHE", "c"),
        ])
        .unwrap();
        assert_eq!(settings.home, Path::new("/h"));
        assert_eq!(settings.cache, Path::new("/here/c"));
        assert_eq!((settings.port, settings.hosts), (9443, 3));
        assert_eq!((settings.sim_hosts, settings.sim_vms), (0, 0));
        let settings = of(&[("SIM_HOSTS", "10")]).unwrap();
        assert_eq!((settings.sim_hosts, settings.sim_vms), (10, 200));
        let settings = of(&[("SIM_HOSTS", "10"), ("SIM_VMS", "7")]).unwrap();
        assert_eq!((settings.sim_hosts, settings.sim_vms), (10, 7));
    }

    #[test]
    fn bad_values_are_refused_by_name() {
        for (name, value) in [
            ("VIREO_PORT", "0"),
            ("VIREO_PORT", "x"),
            ("HOSTS", "0"),
            ("HOSTS", "31"),
            ("VIREO_ACCEL", "xen"),
            ("SIM_HOSTS", "many"),
            ("SIM_HOSTS", "20001"),
            ("SIM_VMS", "5"),
        ] {
            assert!(
                of(&[(name, value)]).unwrap_err().to_string().contains(name),
                "{name}={value}"
            );
        }
    }
}
