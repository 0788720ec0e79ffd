//! The directory through which programs are told where to die (`VIREO_FAILPOINTS`).

use super::lab::HOSTS;
use anyhow::Context as _;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;
use vireo_lab::wait;

/// The engine's program.
pub const ENGINE: &str = "vireo-engine";
/// The agent's program; there is one on each host.
pub const AGENT: &str = "vireo-agent";
const PROGRAMS: [&str; 2] = [ENGINE, AGENT];

/// How often each place was passed. Of a program that runs on several hosts, where it was most often.
pub type Passed = BTreeMap<(&'static str, String), u64>;

/// The directory. Each host has one of its own in it, so that its agent can be told apart.
#[derive(Debug)]
pub struct Points {
    /// Where it is.
    pub dir: PathBuf,
}

/// The passages of each running program, by where its files lie.
#[derive(Debug)]
pub struct Passages(BTreeMap<(&'static str, PathBuf, String), u64>);

impl Passages {
    /// What was passed between two moments.
    pub fn since(&self, before: &Passages) -> Passed {
        let mut new = Passed::new();
        for (key, n) in &self.0 {
            let n = n.saturating_sub(before.0.get(key).copied().unwrap_or(0));
            let (program, _, name) = key;
            if n > 0 {
                let most = new.entry((*program, name.clone())).or_default();
                *most = n.max(*most);
            }
        }
        new
    }
}

impl Points {
    /// A new directory of that name.
    pub fn below(dir: PathBuf) -> anyhow::Result<Self> {
        for made in HOSTS.iter().map(|host| dir.join(host)) {
            std::fs::create_dir_all(&made)
                .with_context(|| format!("cannot make {}", made.display()))?;
        }
        Ok(Points { dir })
    }

    /// A program's files without their endings, on each machine where it runs.
    fn places(&self, program: &str) -> Vec<PathBuf> {
        match program {
            AGENT => HOSTS
                .iter()
                .map(|host| self.dir.join(host).join(program))
                .collect(),
            _ => vec![self.dir.join(program)],
        }
    }

    /// All passages so far.
    pub fn passed(&self) -> anyhow::Result<Passages> {
        let mut passed = BTreeMap::new();
        for program in PROGRAMS {
            for place in self.places(program) {
                let file = place.with_extension("seen");
                let text = std::fs::read_to_string(&file).with_context(|| {
                    format!(
                        "{} is missing: was {program} built without debug assertions?",
                        file.display()
                    )
                })?;
                for line in text.lines() {
                    *passed
                        .entry((program, place.clone(), line.to_owned()))
                        .or_default() += 1;
                }
            }
        }
        Ok(Passages(passed))
    }

    /// Tells a program where to die; of agents the one that comes there first.
    pub fn arm(&self, program: &str, name: &str, number: u64) -> anyhow::Result<()> {
        self.disarm(program)?;
        for place in self.places(program) {
            let new = place.with_extension("new");
            std::fs::write(&new, format!("{name} {number}\n"))?;
            std::fs::rename(new, place.with_extension("arm"))?;
        }
        Ok(())
    }

    /// Waits until the program has died, or `over` says that it passed the place for good.
    pub async fn fired(
        &self,
        program: &str,
        over: impl AsyncFn() -> anyhow::Result<bool>,
    ) -> anyhow::Result<bool> {
        let places = self.places(program);
        let mut quiet = 0;
        wait::until("the kill", Duration::from_secs(120), async || {
            if places.iter().any(|p| p.with_extension("fired").exists()) {
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
        for place in self.places(program) {
            for ending in ["arm", "fired"] {
                match std::fs::remove_file(place.with_extension(ending)) {
                    Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(e.into()),
                    _ => {}
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_agents_the_one_that_passed_most_often_counts() {
        let at = |host: &str, n| ((AGENT, PathBuf::from(host), "a".to_owned()), n);
        let before = Passages(BTreeMap::from([at("host1", 4)]));
        let after = Passages(BTreeMap::from([at("host1", 5), at("host2", 3)]));
        let new = after.since(&before);
        assert_eq!(new, Passed::from([((AGENT, "a".to_owned()), 3)]));
        assert!(after.since(&after).is_empty());
    }
}
