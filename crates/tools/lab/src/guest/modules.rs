//! Which kernel modules the guest loads, and in which order.

use anyhow::{Context as _, bail};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The two lists of `guest/modules`.
#[derive(Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Before the guest says that it is up.
    pub early: Vec<String>,
    /// Afterwards.
    pub late: Vec<String>,
}

impl Wanted {
    /// Reads the list.
    ///
    /// # Errors
    /// When a name stands outside of `[early]` and `[late]`.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let mut wanted = Wanted {
            early: Vec::new(),
            late: Vec::new(),
        };
        let mut part: Option<&mut Vec<String>> = None;
        for line in text
            .lines()
            .map(str::trim)
            .filter(|l| !l.is_empty() && !l.starts_with('#'))
        {
            match (line, &mut part) {
                ("[early]", _) => part = Some(&mut wanted.early),
                ("[late]", _) => part = Some(&mut wanted.late),
                (name, Some(list)) => list.push(name.to_owned()),
                (name, None) => bail!("module `{name}` stands in no part"),
            }
        }
        Ok(wanted)
    }
}

/// The modules that were unpacked from a kernel package.
#[derive(Debug)]
pub struct Modules {
    files: BTreeMap<String, PathBuf>,
}

impl Modules {
    /// Finds all modules below a directory.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn below(dir: &Path) -> anyhow::Result<Self> {
        let mut files = BTreeMap::new();
        let mut folders = vec![dir.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder)
                .with_context(|| format!("cannot list {}", folder.display()))?
            {
                let path = entry?.path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|e| e == "ko")
                    && let Some(stem) = path.file_stem()
                {
                    files.insert(plain(&stem.to_string_lossy()), path);
                }
            }
        }
        Ok(Modules { files })
    }

    /// The files to load for these names, each after what it stands on; `done` grows by them.
    ///
    /// # Errors
    /// When a module is missing or can't be read.
    pub fn order(
        &self,
        names: &[String],
        done: &mut BTreeSet<String>,
    ) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
        let mut order = Vec::new();
        for name in names {
            self.add(&plain(name), done, &mut order)?;
        }
        Ok(order)
    }

    fn add(
        &self,
        name: &str,
        done: &mut BTreeSet<String>,
        order: &mut Vec<(String, Vec<u8>)>,
    ) -> anyhow::Result<()> {
        if !done.insert(name.to_owned()) {
            return Ok(());
        }
        let file = self
            .files
            .get(name)
            .with_context(|| format!("the kernel package has no module `{name}`"))?;
        let bytes =
            std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        for other in stands_on(&bytes) {
            self.add(&plain(&other), done, order)?;
        }
        order.push((name.to_owned(), bytes));
        Ok(())
    }
}

/// `a-b` and `a_b` name the same module.
fn plain(name: &str) -> String {
    name.replace('-', "_")
}

/// A module's information is text between zeros: `depends=a,b`.
fn stands_on(module: &[u8]) -> Vec<String> {
    let key = b"\0depends=";
    let Some(at) = module.windows(key.len()).position(|w| w == key) else {
        return Vec::new();
    };
    let rest = &module[at + key.len()..];
    let end = rest.iter().position(|b| *b == 0).unwrap_or(rest.len());
    String::from_utf8_lossy(&rest[..end])
        .split(',')
        .filter(|n| !n.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_the_repository_can_be_read() {
        let wanted = Wanted::parse(include_str!("../../guest/modules")).unwrap();
        assert!(wanted.early.contains(&"virtio_blk".to_owned()));
        assert!(wanted.late.contains(&"ahci".to_owned()));
        assert!(Wanted::parse("ahci\n[late]\n").is_err());
    }

    #[test]
    fn modules_come_after_what_they_stand_on() {
        let dir = tempfile::tempdir().unwrap();
        let sub = dir.path().join("drivers");
        std::fs::create_dir(&sub).unwrap();
        for (name, info) in [
            ("virtio_net", "x\0depends=net-failover,virtio\0y"),
            ("net-failover", "x\0depends=\0"),
            ("virtio", "x\0depends=\0"),
        ] {
            std::fs::write(sub.join(format!("{name}.ko")), info).unwrap();
        }
        let modules = Modules::below(dir.path()).unwrap();
        let mut done = BTreeSet::new();
        let order = modules
            .order(&["virtio_net".to_owned(), "virtio".to_owned()], &mut done)
            .unwrap();
        let names: Vec<&str> = order.iter().map(|(n, _)| n.as_str()).collect();
        assert_eq!(names, ["net_failover", "virtio", "virtio_net"]);
        assert!(modules.order(&["absent".to_owned()], &mut done).is_err());
    }
}
