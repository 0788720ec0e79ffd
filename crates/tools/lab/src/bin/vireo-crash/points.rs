//! The directory through which programs are told where to die (`VIREO_FAILPOINTS`).

use super::draw::Draw;
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
    pub fn arm(&self, draw: &Draw) -> anyhow::Result<()> {
        self.disarm(draw)?;
        let new = self.file(draw.program, "new");
        std::fs::write(&new, format!("{} {}\n", draw.name, draw.number))?;
        std::fs::rename(new, self.file(draw.program, "arm"))?;
        Ok(())
    }

    /// Waits until the program has died, or `over` says that it passed the place for good.
    pub async fn fired(
        &self,
        draw: &Draw,
        over: impl AsyncFn() -> anyhow::Result<bool>,
    ) -> anyhow::Result<bool> {
        let fired = self.file(draw.program, "fired");
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
    pub fn disarm(&self, draw: &Draw) -> anyhow::Result<()> {
        for ending in ["arm", "fired"] {
            match std::fs::remove_file(self.file(draw.program, ending)) {
                Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(e.into()),
                _ => {}
            }
        }
        Ok(())
    }
}
