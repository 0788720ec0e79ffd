//! The directory through which programs are told where to die (`VIREO_FAILPOINTS`).

use anyhow::Context as _;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;
use vireo_lab::wait;

/// The engine's program.
pub const ENGINE: &str = "vireo-engine";
const PROGRAMS: [&str; 2] = [ENGINE, "vireo-agent"];

/// How often each place was passed.
pub type Passed = BTreeMap<(&'static str, String), u64>;

/// The directory.
#[derive(Debug)]
pub struct Points {
    /// Where it is.
    pub dir: PathBuf,
}

impl Points {
    fn file(&self, program: &str, ending: &str) -> PathBuf {
        self.dir.join(format!("{program}.{ending}"))
    }

    /// All passages so far.
    pub fn passed(&self) -> anyhow::Result<Passed> {
        let mut passed = Passed::new();
        for program in PROGRAMS {
            let file = self.file(program, "seen");
            let text = std::fs::read_to_string(&file).with_context(|| {
                format!(
                    "{} is missing: was {program} built without debug assertions?",
                    file.display()
                )
            })?;
            for line in text.lines() {
                *passed.entry((program, line.to_owned())).or_default() += 1;
            }
        }
        Ok(passed)
    }

    /// What was passed between two moments.
    pub fn new_since(before: &Passed, after: &Passed) -> Passed {
        let new = after.iter().map(|(place, n)| {
            let known = before.get(place).copied().unwrap_or(0);
            (place.clone(), n.saturating_sub(known))
        });
        new.filter(|(_, n)| *n > 0).collect()
    }

    /// Tells a program where to die.
    pub fn arm(&self, program: &str, name: &str, number: u64) -> anyhow::Result<()> {
        self.disarm(program)?;
        let new = self.file(program, "new");
        std::fs::write(&new, format!("{name} {number}\n"))?;
        std::fs::rename(new, self.file(program, "arm"))?;
        Ok(())
    }

    /// Waits until the program has died, or `over` says that it passed the place for good.
    pub async fn fired(
        &self,
        program: &str,
        over: impl AsyncFn() -> anyhow::Result<bool>,
    ) -> anyhow::Result<bool> {
        let fired = self.file(program, "fired");
        let mut quiet = 0;
        wait::until("the kill", Duration::from_secs(120), async || {
            if fired.exists() {
                return Ok(Some(true));
            }
            // What follows a job (a host's report of its end) comes a little later.
            quiet = if over().await? { quiet + 1 } else { 0 };
            Ok((quiet > 10).then_some(false))
        })
        .await
    }

    /// Takes it back.
    pub fn disarm(&self, program: &str) -> anyhow::Result<()> {
        for ending in ["arm", "fired"] {
            match std::fs::remove_file(self.file(program, ending)) {
                Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(e.into()),
                _ => {}
            }
        }
        Ok(())
    }
}
