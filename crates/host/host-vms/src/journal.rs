//! The journal of runs: one small file for each VM that ran here, so that a run which ends while the
//! agent is away is still reported, and a command that comes too late is still refused.

use crate::HostVmsError;
use crate::durable::{blocking, read, replace};
use crate::vm::Run;
use base::{Timestamp, VmId};
use domain::vms::Exit;
use ports::failpoint;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A run that was forgotten is remembered by its number for this long: no command travels longer.
const REMEMBERED: Duration = Duration::from_secs(30 * 24 * 3600);

/// What the agent knows of a VM's newest run here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Record {
    /// QEMU runs, or was about to.
    Running(Run),
    /// QEMU is to take a run from another host, or takes it just now. Nothing of it is shown.
    Arriving(Run),
    /// The run has left for another host. It is here again only when it arrives anew.
    Left {
        /// The run.
        epoch: u64,
        /// When that was noticed.
        at: Timestamp,
    },
    /// QEMU is gone and the engine may not know yet.
    Ended {
        /// The run.
        epoch: u64,
        /// How.
        exit: Exit,
    },
    /// The engine knows (or stopped a run that never began): only commands of newer runs count.
    Gone {
        /// The run.
        epoch: u64,
        /// When it was forgotten.
        at: Timestamp,
    },
}

impl Record {
    /// The run it speaks of.
    pub(crate) fn epoch(&self) -> u64 {
        match self {
            Record::Running(run) | Record::Arriving(run) => run.epoch,
            Record::Ended { epoch, .. }
            | Record::Gone { epoch, .. }
            | Record::Left { epoch, .. } => *epoch,
        }
    }
}

/// The directory of records.
#[derive(Debug, Clone)]
pub(crate) struct Journal {
    dir: PathBuf,
}

impl Journal {
    /// Opens `home/runs`; old numbers and half-written files are thrown away.
    pub(crate) fn open(home: &Path, now: Timestamp) -> Result<(Self, Vec<VmId>), HostVmsError> {
        let dir = home.join("runs");
        std::fs::create_dir_all(&dir).map_err(HostVmsError::io("make the directory", &dir))?;
        let journal = Journal { dir };
        let mut known = Vec::new();
        for vm in journal.names()? {
            match journal.load_now(vm) {
                Ok(Some(Record::Gone { at, .. } | Record::Left { at, .. }))
                    if now.since(at) > REMEMBERED =>
                {
                    journal.remove(vm)?;
                }
                Ok(Some(Record::Gone { .. } | Record::Left { .. }) | None) => {}
                Ok(Some(_)) => known.push(vm),
                Err(error) => {
                    // The hypervisor still knows it if it runs.
                    tracing::error!(vm.id = %vm, %error, "the note of a run can't be read; it is set aside");
                    let path = journal.path(vm);
                    let aside = path.with_extension("damaged");
                    std::fs::rename(&path, &aside).map_err(HostVmsError::io("rename", &path))?;
                }
            }
        }
        Ok((journal, known))
    }

    fn names(&self) -> Result<Vec<VmId>, HostVmsError> {
        let list = || -> std::io::Result<Vec<VmId>> {
            let mut names = Vec::new();
            for entry in std::fs::read_dir(&self.dir)? {
                let name = entry?.file_name();
                let id = name.to_str().and_then(|n| n.strip_suffix(".json"));
                names.extend(id.and_then(|id| id.parse::<VmId>().ok()));
            }
            Ok(names)
        };
        list().map_err(HostVmsError::io("read the directory", &self.dir))
    }

    fn path(&self, vm: VmId) -> PathBuf {
        self.dir.join(format!("{vm}.json"))
    }

    fn load_now(&self, vm: VmId) -> Result<Option<Record>, HostVmsError> {
        let path = self.path(vm);
        let Some(content) = read(&path)? else {
            return Ok(None);
        };
        match serde_json::from_slice(&content) {
            Ok(record) => Ok(Some(record)),
            Err(e) => Err(HostVmsError::Damaged {
                path,
                reason: e.to_string(),
            }),
        }
    }

    fn remove(&self, vm: VmId) -> Result<(), HostVmsError> {
        let path = self.path(vm);
        match std::fs::remove_file(&path) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                Err(HostVmsError::io("remove", &path)(e))
            }
            _ => Ok(()),
        }
    }

    /// What is noted of a VM.
    pub(crate) async fn load(&self, vm: VmId) -> Result<Option<Record>, HostVmsError> {
        let journal = self.clone();
        blocking(move || journal.load_now(vm)).await
    }

    /// Notes it for good; `None` forgets the VM altogether.
    pub(crate) async fn store(
        &self,
        vm: VmId,
        record: Option<&Record>,
    ) -> Result<(), HostVmsError> {
        let journal = self.clone();
        let path = self.path(vm);
        let content = match record {
            None => None,
            Some(record) => {
                Some(
                    serde_json::to_vec(record).map_err(|e| HostVmsError::Damaged {
                        path: path.clone(),
                        reason: e.to_string(),
                    })?,
                )
            }
        };
        let word = match record {
            None => "none",
            Some(Record::Running(_)) => "running",
            Some(Record::Arriving(_)) => "arriving",
            Some(Record::Left { .. }) => "left",
            Some(Record::Ended { .. }) => "ended",
            Some(Record::Gone { .. }) => "gone",
        };
        blocking(move || {
            failpoint::pass(format_args!("runs/{word}/before"));
            match content {
                None => journal.remove(vm)?,
                Some(content) => replace(&path, &content)?,
            }
            failpoint::pass(format_args!("runs/{word}/after"));
            Ok(())
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::TestDir;

    #[tokio::test]
    async fn old_numbers_go_and_damaged_notes_are_set_aside() {
        let home = TestDir::new();
        let day = Duration::from_secs(24 * 3600);
        let now = Timestamp(0).after(day * 100);
        let (journal, known) = Journal::open(home.path(), now).unwrap();
        assert_eq!(known, []);
        let gone = |days: u32| Record::Gone {
            epoch: 3,
            at: Timestamp(0).after(day * days),
        };
        let [old, young, bad] = [1, 2, 3].map(VmId::known);
        journal.store(old, Some(&gone(1))).await.unwrap();
        journal.store(young, Some(&gone(99))).await.unwrap();
        std::fs::write(journal.path(bad), b"{").unwrap();
        let (journal, known) = Journal::open(home.path(), now).unwrap();
        assert_eq!(known, []);
        assert_eq!(journal.load(old).await.unwrap(), None);
        assert_eq!(journal.load(young).await.unwrap(), Some(gone(99)));
        assert_eq!(journal.load(bad).await.unwrap(), None);
        assert!(journal.path(bad).with_extension("damaged").exists());
    }
}
