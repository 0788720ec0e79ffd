//! Files of a simulation's home, one directory for each part (process).

use anyhow::Context as _;
use base::{DataCenterId, HostId};
use ports::hosts::{StorageDomainSpec, VmLaunch, VolumeCreate};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// What one process simulates.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Its data center.
    pub data_center: DataCenterId,
    /// The data center's name.
    pub name: String,
    /// Bridges that each host has.
    pub bridges: Vec<String>,
    /// Storage domains with their names.
    pub domains: Vec<(String, StorageDomainSpec)>,
    /// The hosts.
    pub hosts: Vec<HostPlace>,
}

/// A simulated host.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HostPlace {
    /// Its id in the engine.
    pub id: HostId,
    /// Its name in the engine.
    pub name: String,
    /// Where its agent listens.
    pub address: SocketAddr,
}

/// A machine that runs when the simulation begins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Running {
    /// Where.
    pub host: HostId,
    /// How it was launched.
    pub launch: VmLaunch,
}

/// The directory of one part.
#[derive(Clone, Debug)]
pub struct PartHome(PathBuf);

impl PartHome {
    /// Part `number` (from 1) of the simulation in `home`.
    #[must_use]
    pub fn of(home: &Path, number: u32) -> Self {
        PartHome(home.join(format!("part-{number}")))
    }
    /// A part's own directory.
    #[must_use]
    pub fn at(dir: &Path) -> Self {
        PartHome(dir.to_owned())
    }
    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
    /// Key and certificates of a host.
    #[must_use]
    pub fn identity(&self, host: HostId) -> PathBuf {
        self.0.join("hosts").join(host.to_string())
    }
    /// The socket of [`crate::control`].
    #[must_use]
    pub fn control(&self) -> PathBuf {
        self.0.join("control.sock")
    }
    /// Homes of the agents, unless another place is named.
    #[must_use]
    pub fn state(&self) -> PathBuf {
        self.0.join("state")
    }
    fn manifest(&self) -> PathBuf {
        self.0.join("manifest.json")
    }
    fn running(&self) -> PathBuf {
        self.0.join("running.jsonl")
    }
    fn volumes(&self) -> PathBuf {
        self.0.join("volumes.jsonl")
    }

    /// Makes the directory.
    ///
    /// # Errors
    /// The system's word.
    pub fn make(&self) -> anyhow::Result<()> {
        std::fs::create_dir_all(&self.0)
            .with_context(|| format!("cannot make {}", self.0.display()))
    }

    /// # Errors
    /// When it can't be written.
    pub fn manifest_write(&self, manifest: &Manifest) -> anyhow::Result<()> {
        write_lines(&self.manifest(), [manifest])
    }
    /// # Errors
    /// When it is missing or damaged: the simulation was not seeded.
    pub fn manifest_read(&self) -> anyhow::Result<Manifest> {
        let all = read_lines(&self.manifest())?.next();
        all.context("the manifest is empty; seed the simulation again")?
    }
    /// # Errors
    /// When it can't be written.
    pub fn running_write<'a>(
        &self,
        all: impl IntoIterator<Item = &'a Running>,
    ) -> anyhow::Result<()> {
        write_lines(&self.running(), all)
    }
    /// # Errors
    /// When it can't be opened.
    pub fn running_read(
        &self,
    ) -> anyhow::Result<impl Iterator<Item = anyhow::Result<Running>> + use<>> {
        read_lines(&self.running())
    }
    /// # Errors
    /// When it can't be written.
    pub fn volumes_write<'a>(
        &self,
        all: impl IntoIterator<Item = &'a VolumeCreate>,
    ) -> anyhow::Result<()> {
        write_lines(&self.volumes(), all)
    }
    /// # Errors
    /// When it can't be opened.
    pub fn volumes_read(
        &self,
    ) -> anyhow::Result<impl Iterator<Item = anyhow::Result<VolumeCreate>> + use<>> {
        read_lines(&self.volumes())
    }
}

/// One JSON document a line; the file appears whole or not at all.
fn write_lines<'a, T: Serialize + 'a>(
    path: &Path,
    all: impl IntoIterator<Item = &'a T>,
) -> anyhow::Result<()> {
    let failed = || format!("cannot write {}", path.display());
    let new = path.with_extension("new");
    let mut file = BufWriter::new(File::create(&new).with_context(failed)?);
    for one in all {
        serde_json::to_writer(&mut file, one).with_context(failed)?;
        file.write_all(b"\n").with_context(failed)?;
    }
    file.flush().with_context(failed)?;
    drop(file);
    std::fs::rename(&new, path).with_context(failed)
}

fn read_lines<T: DeserializeOwned>(
    path: &Path,
) -> anyhow::Result<impl Iterator<Item = anyhow::Result<T>> + use<T>> {
    let path = path.to_owned();
    let file = File::open(&path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(BufReader::new(file).lines().map(move |line| {
        let failed = || format!("{} is damaged; seed the simulation again", path.display());
        serde_json::from_str(&line.with_context(failed)?).with_context(failed)
    }))
}
