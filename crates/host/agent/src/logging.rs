//! The log on standard error.

use crate::command_line::LogForm;
use anyhow::Context as _;
use tracing_subscriber::EnvFilter;

/// What is logged when the variable does not say otherwise.
const DEFAULT: &str = "info";

/// Starts logging; panics are logged, too, since nobody may see a daemon's standard error.
///
/// # Errors
/// When `VIREO_LOG` is not a filter.
pub fn start(form: LogForm) -> anyhow::Result<()> {
    let text = std::env::var("VIREO_LOG").unwrap_or_else(|_| DEFAULT.to_owned());
    let filter = EnvFilter::try_new(&text).with_context(|| {
        format!("VIREO_LOG is `{text}`; expected something like info,host_vms=debug")
    })?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    match form {
        LogForm::Text => log.with_ansi(false).init(),
        LogForm::Json => log.json().init(),
    }
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        let words = panic.payload_as_str().unwrap_or("no words");
        tracing::error!(place, "a task panicked: {words}");
    }));
    Ok(())
}
