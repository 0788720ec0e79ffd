//! The part of `cargo metadata` that the checks read.

use crate::places;
use anyhow::{Context as _, ensure};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::process::{Command, Stdio};

/// Packages and how they stand on each other.
#[derive(Debug, Deserialize)]
pub struct Metadata {
    pub packages: Vec<Package>,
    pub workspace_members: Vec<String>,
    pub resolve: Resolve,
}

#[derive(Debug, Deserialize)]
pub struct Package {
    pub id: String,
    pub name: String,
    pub version: String,
    pub license: Option<String>,
    pub manifest_path: String,
    pub dependencies: Vec<Dependency>,
    #[serde(default)]
    pub targets: Vec<Target>,
}

#[derive(Debug, Deserialize)]
pub struct Target {
    pub name: String,
    pub kind: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub struct Dependency {
    pub name: String,
    /// `dev`, `build`, or nothing for what the crate itself uses.
    pub kind: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct Resolve {
    pub nodes: Vec<Node>,
}

#[derive(Debug, Deserialize)]
pub struct Node {
    pub id: String,
}

impl Metadata {
    /// Asks cargo, for this machine's platform.
    ///
    /// # Errors
    /// When cargo fails.
    pub fn read() -> anyhow::Result<Self> {
        let rustc = Command::new("rustc")
            .arg("-vV")
            .output()
            .context("cannot run rustc")?;
        let text = String::from_utf8_lossy(&rustc.stdout).into_owned();
        let host = text
            .lines()
            .find_map(|l| l.strip_prefix("host: "))
            .context("rustc does not name its host")?;
        let output = Command::new("cargo")
            .args([
                "metadata",
                "--format-version",
                "1",
                "--locked",
                "--filter-platform",
                host,
            ])
            .current_dir(places::checkout())
            .stderr(Stdio::inherit())
            .output()
            .context("cannot run cargo metadata")?;
        ensure!(output.status.success(), "cargo metadata failed");
        serde_json::from_slice(&output.stdout).context("cannot read what cargo metadata says")
    }

    /// The crates of this workspace.
    pub fn rooms(&self) -> impl Iterator<Item = &Package> {
        let members: BTreeSet<&str> = self.workspace_members.iter().map(String::as_str).collect();
        self.packages
            .iter()
            .filter(move |p| members.contains(p.id.as_str()))
    }

    /// Every package that is built for this platform, ours included.
    pub fn built(&self) -> impl Iterator<Item = &Package> {
        let nodes: BTreeMap<&str, &Node> = self
            .resolve
            .nodes
            .iter()
            .map(|n| (n.id.as_str(), n))
            .collect();
        self.packages
            .iter()
            .filter(move |p| nodes.contains_key(p.id.as_str()))
    }
}
