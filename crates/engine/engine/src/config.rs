//! `engine.toml`: every key, its default and what it means.

use anyhow::{Context as _, bail};
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use store::DatabaseUrl;

/// The engine's settings. A key that is not known here is an error, so that a typing mistake never
/// passes in silence.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Addresses with ports that the API listens on.
    pub listen: Vec<SocketAddr>,
    /// Names and IP addresses that clients reach the engine by; the certificate bears them. Empty:
    /// the machine's host name, `localhost` and the addresses of `listen`.
    pub names: Vec<String>,
    /// An outside certificate for the API: the file with it and those between it and its CA (PEM).
    /// Read again each hour and on SIGHUP. Empty: the engine's CA signs one.
    pub api_certificate_file: PathBuf,
    /// The file with the outside certificate's private key (PEM).
    pub api_key_file: PathBuf,
    /// Days a host's certificate lasts; it is renewed by itself when a third is left.
    pub host_certificate_days: u64,
    /// Where the database is: `sqlite://PATH` or `postgres://USER:PASSWORD@HOST:PORT/DATABASE`.
    /// Empty: the file `engine.db` in the home. The variable `DATABASE_URL` comes before it.
    pub database_url: Secret,
    /// A VM whose guest agent is silent counts as up after this many seconds (oVirt: 60).
    pub up_without_agent_seconds: u64,
    /// Seconds a host gets to start a VM before another one is tried.
    pub launch_timeout_seconds: u64,
    /// Hosts that are tried for one start (oVirt's `MaxRerunVmOnVdsCount`: 3).
    pub start_attempts: u32,
    /// Seconds after which a host that goes to maintenance tries again to move VMs that could not be
    /// moved.
    pub maintenance_retry_seconds: u64,
    /// Seconds a host may be silent before it is non responsive (oVirt: 60).
    pub host_grace_seconds: u64,
    /// Per cent of free space below which a new storage domain warns (oVirt: 10).
    pub storage_warning_low_space_percent: u32,
    /// GiB of free space below which no disks are made on a new storage domain (oVirt: 5).
    pub storage_critical_space_gib: u64,
    /// Seconds a host's one-time enrolment token is good for.
    pub enrolment_token_seconds: u64,
    /// Minutes after which an unused session ends (`UserSessionTimeOutInterval`: 30).
    pub session_idle_minutes: u64,
    /// Hours after which any session ends.
    pub session_longest_hours: u64,
    /// Minutes a finished job is listed (oVirt: 10).
    pub job_keep_finished_minutes: u64,
    /// Minutes a failed job is listed (oVirt: 60).
    pub job_keep_failed_minutes: u64,
    /// Days an event is kept (`AuditLogAgingThreshold`: 30).
    pub event_keep_days: u64,
    /// Manufacturer that guests see in SMBIOS.
    pub smbios_manufacturer: String,
}

/// A text that is never shown.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

impl Default for Config {
    fn default() -> Self {
        Config {
            listen: vec![SocketAddr::from(([0, 0, 0, 0], 8443))],
            names: Vec::new(),
            api_certificate_file: PathBuf::new(),
            api_key_file: PathBuf::new(),
            host_certificate_days: 30,
            database_url: Secret::default(),
            up_without_agent_seconds: 60,
            launch_timeout_seconds: 120,
            start_attempts: 3,
            maintenance_retry_seconds: 300,
            host_grace_seconds: 60,
            storage_warning_low_space_percent: 10,
            storage_critical_space_gib: 5,
            enrolment_token_seconds: 600,
            session_idle_minutes: 30,
            session_longest_hours: 7 * 24,
            job_keep_finished_minutes: 10,
            job_keep_failed_minutes: 60,
            event_keep_days: 30,
            smbios_manufacturer: "Vireo".to_owned(),
        }
    }
}

impl Config {
    /// Reads a file; `required` says whether its absence is an error or means the defaults.
    ///
    /// # Errors
    /// When it can't be read, holds an unknown key, or a value out of range.
    pub fn read(path: &Path, required: bool) -> anyhow::Result<Self> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound && !required => String::new(),
            Err(e) => return Err(e).with_context(|| format!("cannot read {}", path.display())),
        };
        Self::parse(&text).with_context(|| format!("in {}", path.display()))
    }

    /// Are there settings that name files outside the home?
    #[must_use]
    pub fn names_outside_files(&self) -> bool {
        !self.api_certificate_file.as_os_str().is_empty()
    }

    /// Settings as text.
    ///
    /// # Errors
    /// When a key or a value can't be.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let config: Config = toml::from_str(text).map_err(|e| without_lines(text, &e))?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> anyhow::Result<()> {
        let positive = [
            ("launch_timeout_seconds", self.launch_timeout_seconds),
            ("start_attempts", u64::from(self.start_attempts)),
            ("maintenance_retry_seconds", self.maintenance_retry_seconds),
            ("host_grace_seconds", self.host_grace_seconds),
            ("enrolment_token_seconds", self.enrolment_token_seconds),
            ("session_idle_minutes", self.session_idle_minutes),
            ("session_longest_hours", self.session_longest_hours),
            ("event_keep_days", self.event_keep_days),
            ("host_certificate_days", self.host_certificate_days),
        ];
        if let Some((key, _)) = positive.iter().find(|(_, value)| *value == 0) {
            bail!("`{key}` is 0; it must be at least 1");
        }
        if self.host_certificate_days > 3650 {
            bail!("`host_certificate_days` is above 3650, the life of the CA");
        }
        let outside = [&self.api_certificate_file, &self.api_key_file];
        if outside
            .iter()
            .filter(|file| file.as_os_str().is_empty())
            .count()
            == 1
        {
            bail!("`api_certificate_file` and `api_key_file` belong together; only one is set");
        }
        if self.storage_warning_low_space_percent > 100 {
            bail!("`storage_warning_low_space_percent` is a share; it must be at most 100");
        }
        if self.listen.is_empty() {
            bail!("`listen` is empty; at least one address such as \"0.0.0.0:8443\" is needed");
        }
        Ok(())
    }

    /// The database to open: the environment's, the setting's, or `file`. Empty is not set.
    ///
    /// # Errors
    /// When it is set and names no database.
    pub fn database(&self, environment: Option<&str>, file: &Path) -> anyhow::Result<DatabaseUrl> {
        let set = |line: &str| (!line.is_empty()).then(|| line.to_owned());
        if let Some(line) = environment.and_then(set) {
            return line.parse().context("in the variable `DATABASE_URL`");
        }
        match set(&self.database_url.0) {
            Some(line) => line.parse().context("in the setting `database_url`"),
            None => Ok(DatabaseUrl::file(file)),
        }
    }

    /// How certificates are made, and which one the API's clients see.
    #[must_use]
    pub fn pki_options(&self) -> pki::PkiOptions {
        let outside = !self.api_certificate_file.as_os_str().is_empty();
        pki::PkiOptions {
            host_life: Duration::from_secs(self.host_certificate_days.saturating_mul(24 * 3600)),
            outside: outside.then(|| pki::OutsideFiles {
                certificate: self.api_certificate_file.clone(),
                key: self.api_key_file.clone(),
            }),
            outside_names: self.names.clone(),
        }
    }

    /// What the verbs need to know.
    #[must_use]
    pub fn settings(&self) -> operations::Settings {
        operations::Settings {
            up_without_agent: Duration::from_secs(self.up_without_agent_seconds),
            launch_timeout: Duration::from_secs(self.launch_timeout_seconds),
            start_attempts: self.start_attempts,
            maintenance_retry: Duration::from_secs(self.maintenance_retry_seconds),
            host_grace: Duration::from_secs(self.host_grace_seconds),
            enrolment_token_life: Duration::from_secs(self.enrolment_token_seconds),
            smbios_manufacturer: self.smbios_manufacturer.clone(),
            warning_low_space_percent: self.storage_warning_low_space_percent,
            critical_space_gib: self.storage_critical_space_gib,
        }
    }

    /// How long sessions live.
    #[must_use]
    pub fn token_rules(&self) -> access::TokenRules {
        access::TokenRules {
            idle: Duration::from_secs(self.session_idle_minutes.saturating_mul(60)),
            longest: Duration::from_secs(self.session_longest_hours.saturating_mul(3600)),
        }
    }
}

/// An error of the file, in words. The reader's own text shows the line it is about, and a line may
/// hold the database's password: where there is one, no line is shown.
fn without_lines(text: &str, e: &toml::de::Error) -> anyhow::Error {
    if !text.contains("database_url") {
        return anyhow::anyhow!("{e}");
    }
    let line = e.span().and_then(|span| text.get(..span.start));
    match line.map(|before| before.matches('\n').count() + 1) {
        Some(line) => anyhow::anyhow!("line {line}: {}", e.message()),
        None => anyhow::anyhow!("{}", e.message()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_file_means_the_defaults() {
        assert_eq!(Config::parse("").unwrap(), Config::default());
    }

    #[test]
    fn the_sample_shows_every_key_with_its_default() {
        let sample = include_str!("../engine.toml");
        assert_eq!(Config::parse(sample).unwrap(), Config::default());
        let shown: toml::Table = sample.parse().unwrap();
        let e = Config::parse("no_such_key = 1").unwrap_err().to_string();
        // The refusal lists all keys there are.
        let known = e
            .split('`')
            .filter(|w| w.contains('_') || matches!(*w, "listen" | "names"));
        for key in known.filter(|w| *w != "no_such_key" && !w.contains(' ')) {
            assert!(shown.contains_key(key), "{key} is missing in the sample");
        }
    }

    #[test]
    fn keys_are_read_and_unknown_ones_are_refused_by_name() {
        let config =
            Config::parse("listen = [\"[::1]:9443\"]\nup_without_agent_seconds = 20\n").unwrap();
        assert_eq!(config.listen[0].port(), 9443);
        assert_eq!(config.settings().up_without_agent, Duration::from_secs(20));
        let e = Config::parse("up_without_agent_second = 20").unwrap_err();
        assert!(
            format!("{e:#}").contains("up_without_agent_second"),
            "{e:#}"
        );
    }

    #[test]
    fn values_out_of_range_are_refused_by_name() {
        let e = Config::parse("session_idle_minutes = 0").unwrap_err();
        assert!(e.to_string().contains("session_idle_minutes"));
        assert!(Config::parse("listen = []").is_err());
        let e = Config::parse("api_key_file = \"k.pem\"").unwrap_err();
        assert!(e.to_string().contains("belong together"), "{e}");
    }

    #[test]
    fn the_environment_comes_before_the_setting_and_the_setting_before_the_home() {
        let file = Path::new("/home/engine.db");
        let config = Config::parse("database_url = \"sqlite:///other.db\"").unwrap();
        let shown = |c: &Config, e| c.database(e, file).unwrap().to_string();
        assert_eq!(shown(&Config::default(), None), "/home/engine.db");
        assert_eq!(shown(&config, Some("")), "/other.db");
        let server = Some("postgres://vireo:s3cret@db/engine");
        assert_eq!(shown(&config, server), "engine on PostgreSQL at db:5432");
    }

    #[test]
    fn a_password_is_in_no_error_and_no_log() {
        let line = "database_url = \"postgres://vireo:s3cret@db/engine\"";
        let config = Config::parse(line).unwrap();
        assert!(!format!("{config:?}").contains("s3cret"));
        for bad in [
            format!("{line} nonsense"),
            line[..line.len() - 1].to_owned(),
            format!("{line}\nlisten = 5"),
            line.replace('"', ""),
        ] {
            let e = Config::parse(&bad).unwrap_err();
            assert!(!format!("{e:?} {e:#}").contains("s3cret"), "{e:#}");
        }
        let config = Config::parse(&line.replace("postgres:", "mysql:")).unwrap();
        let e = config.database(None, Path::new("f")).unwrap_err();
        let said = format!("{e:#}");
        assert!(
            said.contains("database_url") && !said.contains("s3cret"),
            "{said}"
        );
    }
}
