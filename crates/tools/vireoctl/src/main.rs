//! `vireoctl`: what the operator of an engine does on its own machine.

use anyhow::{Context as _, bail};
use clap::{Parser, Subcommand};
use serde_json::{Value, json};
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use vireoctl::backup;
use vireoctl::doctor::{self, Verdict};
use vireoctl::operator::{Operator, encoded};
use vireoctl::users::{self, AuditVerb, UserVerb};

/// Tool of the operator of a Vireo engine; speaks to it over the socket in its home.
#[derive(Debug, Parser)]
#[command(name = "vireoctl", version, about)]
struct CommandLine {
    /// The engine's home, or the home of a lab.
    #[arg(
        long,
        value_name = "DIR",
        env = "VIREO_HOME",
        default_value = "/var/lib/vireo/engine",
        global = true
    )]
    home: PathBuf,

    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// How the engine, its hosts and its storage are.
    Status {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// What a VM wrote to its serial console.
    Serial {
        /// Name or id of the VM.
        vm: String,
        /// Only the last so many bytes.
        #[arg(long, default_value_t = 65536)]
        max: u64,
    },
    /// What is missing on this machine, and how to mend it.
    Doctor {
        /// The API's port.
        #[arg(long, env = "VIREO_PORT", default_value_t = 8443)]
        port: u16,
    },
    /// Hosts.
    Host {
        #[command(subcommand)]
        verb: HostVerb,
    },
    /// Everything another machine needs to go on, in one file: database, keys, settings. The engine
    /// goes on meanwhile. Without a passphrase whoever reads the file has the CA's key.
    Backup {
        /// The new file.
        file: PathBuf,
        /// File that holds a passphrase to encrypt with.
        #[arg(long, value_name = "FILE")]
        passphrase_file: Option<PathBuf>,
    },
    /// Makes a new home (--home) from a backup, on this machine or another; the engine is started
    /// afterwards. Hosts and their VMs may go on running.
    Restore {
        /// The backup.
        file: PathBuf,
        /// The new, empty database (sqlite://PATH or postgres://...); a file in the home without it.
        #[arg(long, value_name = "URL", env = "DATABASE_URL", hide_env_values = true)]
        database_url: Option<String>,
        /// File that holds the passphrase of an encrypted backup.
        #[arg(long, value_name = "FILE")]
        passphrase_file: Option<PathBuf>,
    },
    /// After a restore: this host runs nothing (it is off, or gone), do not wait for it before VMs are
    /// started. If it comes back it has to enrol anew.
    ConfirmOff {
        /// Name or id of the host.
        host: String,
    },
    /// Users of the internal directory.
    User {
        #[command(subcommand)]
        verb: UserVerb,
    },
    /// Who did what.
    Audit {
        #[command(subcommand)]
        verb: AuditVerb,
    },
    /// The same as `user password`.
    Password {
        /// Login name.
        #[arg(default_value = "admin@internal")]
        user: String,
        /// Read the password from standard input.
        #[arg(long)]
        stdin: bool,
    },
}

#[derive(Debug, Subcommand)]
enum HostVerb {
    /// Lets a known host join anew, for instance when its certificate has ended: prints the command
    /// to run on the host, whether its agent runs or not. Its VMs run on.
    RenewToken {
        /// Name or id of the host.
        host: String,
        /// The engine's address as the host reaches it.
        #[arg(long, value_name = "URL", default_value_t = engine_url())]
        engine: String,
    },
}

/// This machine, as hosts may know it.
fn engine_url() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let name = Some(name.trim())
        .filter(|n| !n.is_empty())
        .unwrap_or("localhost");
    format!("https://{name}:8443")
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(CommandLine::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("vireoctl: {e:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(line: CommandLine) -> anyhow::Result<()> {
    // A lab's home holds the engine's in `engine`.
    let inside = line.home.join("engine");
    let engine_home = if inside.is_dir() {
        inside
    } else {
        line.home.clone()
    };
    let operator = Operator::of_home(&engine_home);
    match line.verb {
        Verb::Status { json } => {
            let status = operator.get("/operator/status").await?;
            if json {
                println!("{}", serde_json::to_string_pretty(&status)?);
            } else {
                print!("{}", status_text(&status));
            }
        }
        Verb::Serial { vm, max } => {
            let bytes = operator
                .bytes(&format!("/operator/vms/{}/serial?max={max}", encoded(&vm)))
                .await?;
            std::io::stdout().write_all(&bytes)?;
        }
        Verb::Doctor { port } => {
            let answers = operator.get("/operator/status").await.is_ok();
            let findings = doctor::examine(&line.home, port, answers);
            for finding in &findings {
                println!("{finding}");
            }
            let bad = findings
                .iter()
                .filter(|f| f.verdict == Verdict::Bad)
                .count();
            if bad > 0 {
                bail!("{bad} of {} checks are bad", findings.len());
            }
        }
        Verb::Host {
            verb: HostVerb::RenewToken { host, engine },
        } => {
            let path = format!("/operator/hosts/{}/token", encoded(&host));
            let answer = operator.post(&path, &json!({})).await?;
            println!("{}", enrol_line(&engine, &answer)?);
        }
        Verb::Backup {
            file,
            passphrase_file,
        } => {
            let bytes = backup::fetch(&operator, &file, passphrase_file.as_deref()).await?;
            let open = if passphrase_file.is_none() {
                "; it holds the CA's key and is not encrypted, keep it closed"
            } else {
                ""
            };
            println!("{bytes} bytes in {}{open}", file.display());
        }
        Verb::Restore {
            file,
            database_url,
            passphrase_file,
        } => {
            let mut arguments = vec!["restore".into(), file.into_os_string()];
            arguments.extend(["--home".into(), engine_home.into_os_string()]);
            if let Some(file) = passphrase_file {
                arguments.extend(["--passphrase-file".into(), file.into_os_string()]);
            }
            if let Some(url) = database_url {
                // Not as an argument: everybody sees those, and there may be a password in it.
                return Err(backup::restore(&arguments, Some(&url)));
            }
            return Err(backup::restore(&arguments, None));
        }
        Verb::ConfirmOff { host } => {
            let path = format!("/operator/hosts/{}/confirm-off", encoded(&host));
            operator.post(&path, &json!({})).await?;
            println!("nothing waits for {host} any more");
        }
        Verb::User { verb } => users::user(&operator, verb).await?,
        Verb::Audit {
            verb: AuditVerb::Export { from },
        } => {
            let mut out = std::io::BufWriter::new(std::io::stdout().lock());
            users::export(&operator, from, &mut out).await?;
        }
        Verb::Password { user: login, stdin } => {
            let verb = UserVerb::Password {
                login,
                stdin,
                days: None,
            };
            users::user(&operator, verb).await?;
        }
    }
    Ok(())
}

/// What is to be run on the host.
fn enrol_line(engine: &str, given: &Value) -> anyhow::Result<String> {
    let word = |key: &str| {
        let word = given.get(key).and_then(Value::as_str);
        word.with_context(|| format!("the engine's answer has no `{key}`"))
    };
    Ok(format!(
        "vireo-agent enrol --engine {engine} --ca-sha256 {} --token {}",
        word("ca_sha256")?,
        word("token")?
    ))
}

/// The engine's status on one page.
fn status_text(status: &Value) -> String {
    let word = |v: &Value, key: &str| v.get(key).and_then(Value::as_str).unwrap_or("").to_owned();
    let list = |key: &str| {
        status
            .get(key)
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default()
    };
    let mut text = format!(
        "engine          {} {}, database {}\n",
        word(status, "product"),
        word(status, "version"),
        word(status, "database")
    );
    for dc in list("data_centers") {
        let kind = if dc.get("local").and_then(Value::as_bool) == Some(true) {
            "local"
        } else {
            "shared"
        };
        text.push_str(&format!(
            "data center     {:<16} {} ({kind})\n",
            word(&dc, "name"),
            word(&dc, "status")
        ));
    }
    for host in list("hosts") {
        let kvm = match host.get("kvm").and_then(Value::as_bool) {
            Some(true) => ", KVM".to_owned(),
            Some(false) => format!(", TCG ({})", word(&host, "kvm_reason")),
            None => String::new(),
        };
        let reason = word(&host, "reason");
        let reason = if reason.is_empty() {
            reason
        } else {
            format!(": {reason}")
        };
        let awaited = match host.get("awaited").and_then(Value::as_bool) {
            Some(true) => "; has not told since the restore what it runs",
            _ => "",
        };
        text.push_str(&format!(
            "host            {:<16} {}{reason} at {}{kvm}{awaited}\n",
            word(&host, "name"),
            word(&host, "status"),
            word(&host, "address")
        ));
    }
    for sd in list("storage_domains") {
        let mib = |key: &str| sd.get(key).and_then(Value::as_u64).map(|b| b >> 20);
        let space = match (mib("available_bytes"), mib("used_bytes")) {
            (Some(free), Some(used)) => format!(", {used} MiB used, {free} MiB free"),
            _ => String::new(),
        };
        text.push_str(&format!(
            "storage domain  {:<16} {}{space}\n",
            word(&sd, "name"),
            word(&sd, "status")
        ));
    }
    let number = |pointer: &str| status.pointer(pointer).and_then(Value::as_u64).unwrap_or(0);
    text.push_str(&format!(
        "VMs             {} of {} run\n",
        number("/vms/running"),
        number("/vms/total")
    ));
    text.push_str(&format!(
        "jobs            {} unfinished\n",
        number("/jobs/unfinished")
    ));
    for job in status
        .pointer("/jobs/need_operator")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        text.push_str(&format!("needs you       {}\n", job.as_str().unwrap_or("")));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_sound() {
        CommandLine::command().debug_assert();
    }

    #[test]
    fn the_line_for_the_host_is_complete_or_an_error() {
        let given = json!({"token": "t", "ca_sha256": "c", "id": "i", "expires": "e"});
        assert_eq!(
            enrol_line("https://e:1", &given).unwrap(),
            "vireo-agent enrol --engine https://e:1 --ca-sha256 c --token t"
        );
        assert!(enrol_line("https://e:1", &json!({"token": "t"})).is_err());
    }

    #[test]
    fn the_status_names_hosts_domains_and_jobs_that_wait() {
        let text = status_text(&json!({
            "product": "Vireo", "version": "0.1", "database": "up",
            "data_centers": [{"name": "Default", "status": "up", "local": true}],
            "hosts": [{"name": "host1", "status": "up", "address": "a:1", "kvm": false, "kvm_reason": "no vmx"}],
            "storage_domains": [{"name": "local", "status": "active", "available_bytes": 3 << 20, "used_bytes": 1 << 20}],
            "vms": {"total": 2, "running": 1},
            "jobs": {"unfinished": 1, "need_operator": ["Starting VM x"]}
        }));
        for part in [
            "Vireo 0.1",
            "Default          up (local)",
            "host1            up at a:1, TCG (no vmx)",
            "active, 1 MiB used, 3 MiB free",
            "1 of 2 run",
            "needs you       Starting VM x",
        ] {
            assert!(text.contains(part), "{part}\n{text}");
        }
    }
}
