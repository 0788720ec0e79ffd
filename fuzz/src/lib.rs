//! Everything that reads what others wrote, as functions of bytes: a network's, a disk's, a person's.
//!
//! A target panics when a reader does, or when it breaks a promise (what was read and written again is
//! the same). Without libFuzzer the targets are plain functions: the tests of this crate run them over
//! the seeds and over every input that once broke one (`seeds/TARGET/`). Not here: requests as a
//! whole (`rest`'s test `hostile`), credentials and forms.

#![recursion_limit = "1024"]

mod documents;
mod expressions;
mod hosts;

/// One reader, or a family of them.
#[derive(Debug)]
pub struct Target {
    /// Its name, and that of its folder of seeds.
    pub name: &'static str,
    /// What it reads.
    pub about: &'static str,
    /// Reads; panics when something is wrong with the reader.
    pub run: fn(&[u8]),
}

/// All of them.
pub static TARGETS: &[Target] = &[
    Target {
        name: "xml",
        about: "bodies in XML, every type of the API",
        run: documents::xml,
    },
    Target {
        name: "json",
        about: "bodies in JSON, every type of the API",
        run: documents::json,
    },
    Target {
        name: "search",
        about: "the search language",
        run: expressions::search,
    },
    Target {
        name: "rpc",
        about: "messages between engine and agent",
        run: hosts::rpc,
    },
    Target {
        name: "storage",
        about: "metadata of storage domains, volumes and disks",
        run: hosts::storage,
    },
    Target {
        name: "domain",
        about: "libvirt's XML of domains and capabilities",
        run: hosts::domain,
    },
];

/// The target of a name.
#[must_use]
pub fn named(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|t| t.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::path::Path;

    fn seeds() -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds")
    }

    #[test]
    fn every_seed_is_read_without_a_panic() {
        for target in TARGETS {
            let dir = seeds().join(target.name);
            let mut count = 0;
            for entry in std::fs::read_dir(&dir).unwrap() {
                let path = entry.unwrap().path();
                // Shown when the next line panics.
                println!("{}", path.display());
                (target.run)(&std::fs::read(&path).unwrap());
                count += 1;
            }
            assert!(count > 0, "{} holds no seed", dir.display());
        }
    }

    #[test]
    fn folders_of_seeds_and_targets_are_the_same() {
        let folders: BTreeSet<String> = std::fs::read_dir(seeds())
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect();
        let targets: BTreeSet<String> = TARGETS.iter().map(|t| t.name.to_owned()).collect();
        assert_eq!(folders, targets);
    }
}
