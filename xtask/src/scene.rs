//! What a run must not leave behind: processes, namespaces, mounts, bridges, control groups, files.

use crate::ledger::Tier;
use crate::shell;
use anyhow::Context as _;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Every process that a run starts inherits this variable.
const MARK: &str = "VIREO_TEST_RUN";

/// The machine as it was before the run, and the run's own place for temporary files.
#[derive(Debug)]
pub struct Scene {
    mark: String,
    dir: PathBuf,
    before: State,
}

#[derive(Debug)]
struct State {
    links: BTreeSet<String>,
    namespaces: BTreeSet<String>,
    groups: BTreeSet<String>,
    checkout: String,
}

impl Scene {
    /// Looks at the machine and makes the place.
    ///
    /// # Errors
    /// When either fails.
    pub fn set() -> anyhow::Result<Self> {
        let mark = format!("{}", std::process::id());
        // Short: paths of sockets have 108 bytes.
        let dir = PathBuf::from(format!("/tmp/vireo-test-{mark}"));
        std::fs::create_dir_all(dir.join("tmp"))
            .with_context(|| format!("cannot make {}", dir.display()))?;
        Ok(Scene {
            mark,
            dir,
            before: State::now()?,
        })
    }

    /// The run's own directory.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Gives a program the mark and the place for temporary files.
    pub fn mark(&self, command: &mut Command) {
        command
            .env(MARK, &self.mark)
            .env("TMPDIR", self.dir.join("tmp"));
    }

    /// Compares, and removes the place.
    pub fn check(self) -> Tier {
        let mut tier = Tier::new("leftovers", "processes, namespaces, mounts, bridges, files");
        tier.step("processes", none(self.processes()));
        tier.step("mounts", self.mounts().and_then(none));
        match State::now() {
            Ok(after) => {
                tier.step("links", none(new(&self.before.links, &after.links)));
                tier.step(
                    "network namespaces",
                    none(new(&self.before.namespaces, &after.namespaces)),
                );
                tier.step(
                    "control groups",
                    none(new(&self.before.groups, &after.groups)),
                );
                let files = if after.checkout == self.before.checkout {
                    Vec::new()
                } else {
                    vec![format!(
                        "git status was\n{}and is\n{}",
                        self.before.checkout, after.checkout
                    )]
                };
                tier.step("files in the checkout", none(files));
            }
            Err(e) => tier.fail(format!("{e:#}")),
        }
        tier.step(
            "temporary files",
            names(&self.dir.join("tmp")).and_then(|n| none(n.into_iter().collect())),
        );
        if let Err(e) = std::fs::remove_dir_all(&self.dir) {
            tier.fail(format!("cannot remove {}: {e}", self.dir.display()));
        }
        tier.end()
    }

    /// Processes that bear the mark.
    fn processes(&self) -> Vec<String> {
        let wanted = format!("{MARK}={}", self.mark);
        let mut found = Vec::new();
        for pid in names(Path::new("/proc")).unwrap_or_default() {
            if !pid.bytes().all(|b| b.is_ascii_digit()) {
                continue;
            }
            let proc = Path::new("/proc").join(&pid);
            let Ok(environment) = std::fs::read(proc.join("environ")) else {
                continue;
            };
            if environment
                .split(|b| *b == 0)
                .any(|v| v == wanted.as_bytes())
            {
                let line = std::fs::read(proc.join("cmdline")).unwrap_or_default();
                found.push(format!(
                    "{pid} {}",
                    String::from_utf8_lossy(&line).replace('\0', " ")
                ));
            }
        }
        found
    }

    fn mounts(&self) -> anyhow::Result<Vec<String>> {
        let place = self.dir.display().to_string();
        Ok(std::fs::read_to_string("/proc/self/mounts")?
            .lines()
            .filter(|l| l.contains(&place))
            .map(str::to_owned)
            .collect())
    }
}

impl State {
    fn now() -> anyhow::Result<Self> {
        let ours = |names: BTreeSet<String>| {
            // Links that others make meanwhile are not ours to judge.
            let prefixes = ["vl", "vnet", "virbr", "ovirt", "vireo"];
            names
                .into_iter()
                .filter(|n| prefixes.iter().any(|p| n.starts_with(p)))
                .collect()
        };
        let mut groups = BTreeSet::new();
        for hierarchy in names(Path::new("/sys/fs/cgroup"))? {
            let dir = Path::new("/sys/fs/cgroup").join(&hierarchy);
            if hierarchy.starts_with("vireo") {
                groups.insert(hierarchy);
            } else if dir.is_dir() {
                let below = names(&dir).unwrap_or_default();
                groups.extend(
                    below
                        .into_iter()
                        .filter(|n| n.starts_with("vireo"))
                        .map(|n| format!("{hierarchy}/{n}")),
                );
            }
        }
        Ok(State {
            links: ours(names(Path::new("/sys/class/net"))?),
            namespaces: ours(names(Path::new("/run/netns")).unwrap_or_default()),
            groups,
            checkout: shell::output(shell::command("git").args(["status", "--porcelain"]))
                .unwrap_or_default(),
        })
    }
}

fn names(dir: &Path) -> anyhow::Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(dir).with_context(|| format!("cannot list {}", dir.display()))? {
        found.insert(entry?.file_name().to_string_lossy().into_owned());
    }
    Ok(found)
}

fn new(before: &BTreeSet<String>, after: &BTreeSet<String>) -> Vec<String> {
    after.difference(before).cloned().collect()
}

fn none(left: Vec<String>) -> anyhow::Result<()> {
    anyhow::ensure!(left.is_empty(), "left behind: {}", left.join("; "));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_and_a_file_that_stay_are_found() {
        let scene = Scene {
            mark: format!("test-{}", std::process::id()),
            dir: std::env::temp_dir().join(format!("vireo-leftovers-{}", std::process::id())),
            before: State::now().unwrap(),
        };
        std::fs::create_dir_all(scene.dir.join("tmp")).unwrap();
        let mut command = Command::new("cat");
        command.stdin(std::process::Stdio::piped());
        scene.mark(&mut command);
        let mut child = command.spawn().unwrap();
        assert_eq!(scene.processes().len(), 1, "{:?}", scene.processes());
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(scene.processes(), Vec::<String>::new());
        std::fs::write(scene.dir.join("tmp/x"), "").unwrap();
        let kept = names(&scene.dir.join("tmp")).unwrap();
        assert!(
            none(kept.into_iter().collect())
                .unwrap_err()
                .to_string()
                .contains("left behind: x")
        );
        std::fs::remove_dir_all(&scene.dir).unwrap();
    }
}
