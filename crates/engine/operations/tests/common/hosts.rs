//! Hosts in memory: each has runs of its own, all share one storage.

use async_trait::async_trait;
use base::{DiskId, HostId, StorageDomainId, VmId};
use domain::disks::DiskFormat;
use ports::Agents;
use ports::hosts::{
    CopySource, DiskMerge, DiskMirror, DiskProgress, DiskSnapshot, HostError, HostSession,
    ImageProbe, MigrationEndpoint, MigrationPrepare, MigrationSend, MigrationState, RunDisk,
    RunPlace, StopHow, StorageDomainSpec, StorageDomainUsage, VmLaunch, VolumeAddress, VolumeCopy,
    VolumeCreate, VolumeInfo,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};

/// What a guest writes to the copy that it has just begun to use.
pub const AFTER_PIVOT: &str = "written after the switch";

/// What goes wrong with a command.
#[derive(Clone, Debug, PartialEq)]
pub enum Trouble {
    /// It is tried and fails.
    Fails,
    /// This host can't.
    Refuses,
    /// The host is not reached; nothing happens.
    Unreachable,
    /// It happens, but the answer is lost.
    AnswerLost,
    /// It happens, but never answers.
    Hangs,
}

#[derive(Clone, Debug, PartialEq)]
struct Volume {
    capacity_bytes: u64,
    format: DiskFormat,
    parent: Option<(DiskId, base::VolumeId)>,
    content: String,
    /// A machine has left it for its copy.
    retired: bool,
}

#[derive(Default)]
struct State {
    domains: BTreeSet<StorageDomainId>,
    connected: BTreeSet<(HostId, StorageDomainId)>,
    volumes: BTreeMap<(StorageDomainId, DiskId, base::VolumeId), Volume>,
    files: BTreeMap<String, String>,
    runs: BTreeMap<(HostId, VmId), (u64, bool)>,
    /// Runs that a host is ready for, and those that have left one.
    arriving: BTreeMap<(HostId, VmId), u64>,
    left: BTreeMap<(HostId, VmId), u64>,
    /// Migrations that have begun: whereto.
    sending: BTreeMap<VmId, HostId>,
    /// Migrations never end.
    slow: bool,
    /// Agents die as soon as a machine has left a layer for its copy.
    dies_at_pivot: bool,
    /// What a running machine uses for a disk, and what it is mirrored to; without an entry the last
    /// volume of the disk.
    used: BTreeMap<(VmId, DiskId), VolumeAddress>,
    mirrors: BTreeMap<(VmId, DiskId), VolumeAddress>,
    away: BTreeSet<HostId>,
    log: Vec<String>,
    /// Command number from 1, or a command's name: what goes wrong, how often.
    troubles: Vec<(String, Trouble, usize)>,
    twice: bool,
    asked: usize,
}

/// All hosts.
#[derive(Clone, Default)]
pub struct Hosts(Arc<Mutex<State>>);

impl Hosts {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }
    /// A domain that is there already.
    pub fn domain(&self, id: StorageDomainId) {
        self.state().domains.insert(id);
    }
    /// A file on every host.
    pub fn file(&self, path: &str, content: &str) {
        self.state().files.insert(path.into(), content.into());
    }
    /// `command` is a name (`vm_launch`), a name at a host (`vm_launch@<id>`) or a number as `#3`.
    pub fn trouble(&self, command: &str, trouble: Trouble, times: usize) {
        self.state().troubles.push((command.into(), trouble, times));
    }
    /// Every command is done twice from now on.
    pub fn twice(&self) {
        self.state().twice = true;
    }
    /// Counting begins anew.
    pub fn count_from_here(&self) {
        let mut state = self.state();
        state.asked = 0;
        state.log.clear();
    }
    /// Commands since then.
    pub fn asked(&self) -> usize {
        self.state().asked
    }
    pub fn log(&self) -> Vec<String> {
        self.state().log.clone()
    }
    /// No connection with a host.
    pub fn away(&self, host: HostId, away: bool) {
        let mut state = self.state();
        if away {
            state.away.insert(host);
        } else {
            state.away.remove(&host);
        }
    }
    pub fn is_away(&self, host: HostId) -> bool {
        self.state().away.contains(&host)
    }
    /// Hosts a VM runs on.
    /// A run of the VM was here and is over.
    pub fn knows(&self, host: HostId, vm: VmId, epoch: u64) {
        self.state().runs.insert((host, vm), (epoch, false));
    }
    pub fn running(&self, vm: VmId) -> Vec<HostId> {
        let state = self.state();
        let runs = state.runs.iter();
        runs.filter(|((_, v), (_, on))| *v == vm && *on)
            .map(|((h, _), _)| *h)
            .collect()
    }
    /// Migrations go on for ever from now on.
    pub fn slow(&self) {
        self.state().slow = true;
    }
    /// From now on agents die as soon as a machine has left a layer for its copy; the guest then
    /// writes [`AFTER_PIVOT`] to the copy.
    pub fn die_at_pivot(&self) {
        self.state().dies_at_pivot = true;
    }
    /// What a running machine's disk is, as far as it was changed, and what goes on with it.
    pub fn used(&self, vm: VmId, disk: DiskId) -> (Option<VolumeAddress>, bool) {
        let state = self.state();
        (
            state.used.get(&(vm, disk)).copied(),
            state.mirrors.contains_key(&(vm, disk)),
        )
    }
    /// A machine ends by itself, its host knows.
    pub fn ends(&self, vm: VmId) {
        let mut state = self.state();
        state.runs.retain(|(_, v), _| *v != vm);
        state.mirrors.retain(|(v, _), _| *v != vm);
    }
    /// Domains on which a disk has volumes, with their number.
    pub fn places(&self, disk: DiskId) -> BTreeMap<StorageDomainId, usize> {
        let mut places = BTreeMap::new();
        for (domain, d, _) in self.state().volumes.keys() {
            if *d == disk {
                *places.entry(*domain).or_default() += 1;
            }
        }
        places
    }
    /// What a disk's last volume holds, read through its parents.
    pub fn content(&self, disk: DiskId) -> Option<String> {
        let state = self.state();
        let (key, _) = state
            .volumes
            .iter()
            .rev()
            .find(|((_, d, _), _)| *d == disk)?;
        Some(read(&state, key.1, key.2))
    }
    pub fn write(&self, disk: DiskId, content: &str) {
        let mut state = self.state();
        for ((_, d, _), volume) in &mut state.volumes {
            if *d == disk {
                volume.content = content.into();
            }
        }
    }
    /// A disk on a domain of which this engine knows nothing.
    pub fn disk_of_another_engine(&self, domain: StorageDomainId) {
        let mut state = self.state();
        state.domains.insert(domain);
        let volume = Volume {
            capacity_bytes: 1 << 20,
            format: DiskFormat::Raw,
            parent: None,
            retired: false,
            content: String::new(),
        };
        let (disk, id) = (DiskId::known(0xaa), base::VolumeId::known(0xab));
        state.volumes.insert((domain, disk, id), volume);
    }

    /// Is the domain there?
    pub fn holds(&self, domain: StorageDomainId) -> bool {
        self.state().domains.contains(&domain)
    }

    /// Everything on the hosts, for comparing.
    pub fn picture(&self) -> Vec<String> {
        let state = self.state();
        let mut lines: Vec<String> = state.domains.iter().map(|d| format!("{d:?}")).collect();
        lines.extend(state.volumes.iter().map(|(k, v)| format!("{k:?} {v:?}")));
        let runs = state.runs.iter();
        lines.extend(runs.map(|((host, vm), (_, on))| format!("{vm:?} at {host:?} runs: {on}")));
        let mirrors = state.mirrors.iter();
        lines.extend(mirrors.map(|(of, to)| format!("{of:?} is mirrored to {to:?}")));
        let on_way = state
            .arriving
            .keys()
            .chain(
                state
                    .sending
                    .keys()
                    .map(|vm| (HostId::known(0), *vm))
                    .collect::<Vec<_>>()
                    .iter(),
            )
            .map(|(h, vm)| format!("{vm:?} moves to {h:?}"))
            .collect::<Vec<_>>();
        lines.extend(on_way);
        lines
    }
}

fn key(at: VolumeAddress) -> (StorageDomainId, DiskId, base::VolumeId) {
    (at.domain, at.disk, at.volume)
}

/// Takes the top layer of a disk away.
fn drop_top(state: &mut State, at: VolumeAddress, merge: bool) {
    let Some(top) = state.volumes.remove(&key(at)) else {
        return;
    };
    if let Some((disk, below)) = top.parent
        && merge
        && !top.content.is_empty()
        && let Some(below) = state.volumes.get_mut(&(at.domain, disk, below))
    {
        below.content = top.content;
    }
}

impl Session {
    fn runs(&self, state: &State, of: RunDisk) -> Result<(), HostError> {
        match state.runs.get(&(self.host, of.vm)) {
            Some((epoch, true)) if *epoch == of.epoch => Ok(()),
            _ => Err(missing(of.vm)),
        }
    }
}

fn read(state: &State, disk: DiskId, volume: base::VolumeId) -> String {
    let found = state
        .volumes
        .iter()
        .find(|((_, d, v), _)| *d == disk && *v == volume);
    match found {
        None => "?".into(),
        Some((_, v)) if v.content.is_empty() => v
            .parent
            .map_or_else(String::new, |(d, p)| read(state, d, p)),
        Some((_, v)) => v.content.clone(),
    }
}

impl Agents for Hosts {
    fn session(&self, host: HostId) -> Option<Arc<dyn HostSession>> {
        Some(Arc::new(Session {
            host,
            hosts: self.clone(),
        }))
    }
}

struct Session {
    host: HostId,
    hosts: Hosts,
}

impl Session {
    fn unreachable(&self) -> HostError {
        HostError::Unreachable {
            host: self.host,
            message: "no route".into(),
        }
    }

    /// Does a command as the troubles say.
    fn command<T>(
        &self,
        name: &str,
        what: String,
        mut effect: impl FnMut(&mut State) -> Result<T, HostError>,
    ) -> Result<T, HostError> {
        let mut state = self.hosts.state();
        if state.away.contains(&self.host) {
            return Err(self.unreachable());
        }
        state.asked += 1;
        let number = format!("#{}", state.asked);
        let at_host = format!("{name}@{}", self.host);
        let trouble = state
            .troubles
            .iter_mut()
            .find(|(on, _, times)| *times > 0 && [name, &number, &at_host].contains(&on.as_str()))
            .map(|(_, trouble, times)| {
                *times -= 1;
                trouble.clone()
            });
        state.log.push(match &trouble {
            None => format!("{name} {what}"),
            Some(t) => format!("{name} {what}: {t:?}"),
        });
        match trouble {
            Some(Trouble::Fails) => Err(HostError::Failed {
                message: "the disk broke.".into(),
            }),
            Some(Trouble::Refuses) => Err(HostError::Refused {
                message: "no memory.".into(),
            }),
            Some(Trouble::Unreachable) => Err(self.unreachable()),
            Some(Trouble::Hangs) => {
                effect(&mut state)?;
                Err(HostError::Failed {
                    message: HANGS.into(),
                })
            }
            Some(Trouble::AnswerLost) => {
                effect(&mut state)?;
                Err(self.unreachable())
            }
            None => {
                if state.twice {
                    effect(&mut state)?;
                }
                effect(&mut state)
            }
        }
    }
}

/// Stands for an answer that never comes, inside of this file.
const HANGS: &str = "hangs";

const USAGE: StorageDomainUsage = StorageDomainUsage {
    total_bytes: 1 << 40,
    available_bytes: 1 << 39,
};

fn info(volume: &Volume) -> VolumeInfo {
    VolumeInfo {
        capacity_bytes: volume.capacity_bytes,
        actual_bytes: 4096 + volume.content.len() as u64,
    }
}

fn missing(what: impl std::fmt::Debug) -> HostError {
    HostError::NotFound {
        what: format!("{what:?}"),
    }
}

#[async_trait]
impl HostSession for Session {
    fn host(&self) -> HostId {
        self.host
    }
    fn is_connected(&self) -> bool {
        !self.hosts.state().away.contains(&self.host)
    }

    async fn vm_launch(&self, launch: VmLaunch) -> Result<(), HostError> {
        let vm = launch.machine.id;
        let launched = self.command("vm_launch", launch.machine.name.clone(), |state| {
            let known = state.runs.get(&(self.host, vm)).copied();
            match known {
                Some((epoch, _)) if epoch > launch.epoch => Err(HostError::Stale {
                    message: format!("run {epoch}"),
                    newest: Some(epoch),
                }),
                Some((epoch, _)) if epoch == launch.epoch => Ok(()),
                _ => {
                    state.runs.insert((self.host, vm), (launch.epoch, true));
                    Ok(())
                }
            }
        });
        match launched {
            Err(HostError::Failed { message }) if message == HANGS => std::future::pending().await,
            other => other,
        }
    }
    async fn vm_stop(&self, vm: VmId, epoch: u64, how: StopHow) -> Result<(), HostError> {
        self.command("vm_stop", format!("{how:?}"), |state| {
            if let Some((known, on)) = state.runs.get_mut(&(self.host, vm))
                && *known == epoch
            {
                *on = false;
            }
            Ok(())
        })
    }
    async fn vm_forget(&self, vm: VmId, epoch: u64) -> Result<(), HostError> {
        self.command("vm_forget", String::new(), |state| {
            if state.runs.get(&(self.host, vm)) == Some(&(epoch, false)) {
                state.runs.remove(&(self.host, vm));
            }
            Ok(())
        })
    }
    async fn vm_serial_log(&self, _: VmId, _: u64) -> Result<Vec<u8>, HostError> {
        Ok(Vec::new())
    }

    async fn storage_connect(
        &self,
        domain: StorageDomainSpec,
    ) -> Result<StorageDomainUsage, HostError> {
        self.command("storage_connect", String::new(), |state| {
            if !state.domains.contains(&domain.id) {
                return Err(missing(domain.id));
            }
            state.connected.insert((self.host, domain.id));
            Ok(USAGE)
        })
    }
    async fn storage_create(
        &self,
        domain: StorageDomainSpec,
        name: String,
    ) -> Result<StorageDomainUsage, HostError> {
        self.command("storage_create", name, |state| {
            state.domains.insert(domain.id);
            Ok(USAGE)
        })
    }
    async fn storage_remove(&self, domain: StorageDomainSpec) -> Result<(), HostError> {
        self.command("storage_remove", String::new(), |state| {
            if state.volumes.keys().any(|(at, ..)| *at == domain.id) {
                return Err(HostError::Refused {
                    message: "it holds disks".into(),
                });
            }
            state.domains.remove(&domain.id);
            state.connected.remove(&(self.host, domain.id));
            Ok(())
        })
    }

    async fn volume_create(&self, create: VolumeCreate) -> Result<VolumeInfo, HostError> {
        self.command("volume_create", create.alias.clone(), |state| {
            if let Some((disk, volume)) = create.parent
                && !state
                    .volumes
                    .contains_key(&(create.at.domain, disk, volume))
            {
                return Err(missing(disk));
            }
            let key = (create.at.domain, create.at.disk, create.at.volume);
            let volume = state.volumes.entry(key).or_insert_with(|| Volume {
                capacity_bytes: create.capacity_bytes,
                format: create.format,
                parent: create.parent,
                content: String::new(),
                retired: false,
            });
            Ok(info(volume))
        })
    }
    async fn volume_extend(
        &self,
        at: VolumeAddress,
        capacity_bytes: u64,
    ) -> Result<VolumeInfo, HostError> {
        self.command("volume_extend", String::new(), |state| {
            let volume = state
                .volumes
                .get_mut(&(at.domain, at.disk, at.volume))
                .ok_or_else(|| missing(at))?;
            volume.capacity_bytes = volume.capacity_bytes.max(capacity_bytes);
            Ok(info(volume))
        })
    }
    async fn volume_copy(&self, copy: VolumeCopy) -> Result<VolumeInfo, HostError> {
        self.command("volume_copy", String::new(), |state| {
            let content = match &copy.source {
                CopySource::Volume(from) => read(state, from.disk, from.volume),
                CopySource::Layer(from) => match state.volumes.get(&key(*from)) {
                    Some(layer) if !layer.retired => layer.content.clone(),
                    _ => return Err(missing(from)),
                },
                CopySource::File { path, .. } => state
                    .files
                    .get(path)
                    .cloned()
                    .ok_or_else(|| missing(path))?,
            };
            let to = copy.to;
            let volume = state
                .volumes
                .get_mut(&(to.domain, to.disk, to.volume))
                .ok_or_else(|| missing(to))?;
            volume.content = content;
            Ok(info(volume))
        })
    }
    async fn disk_remove(
        &self,
        domain: StorageDomainId,
        disk: DiskId,
        _: bool,
    ) -> Result<(), HostError> {
        self.command("disk_remove", String::new(), |state| {
            state
                .volumes
                .retain(|(sd, d, _), _| !(*sd == domain && *d == disk));
            Ok(())
        })
    }
    async fn volume_info(&self, at: VolumeAddress) -> Result<VolumeInfo, HostError> {
        self.command("volume_info", String::new(), |state| {
            let volume = state.volumes.get(&(at.domain, at.disk, at.volume));
            volume.map(info).ok_or_else(|| missing(at))
        })
    }
    /// Asked before the job: no trouble reaches it.
    async fn image_probe(&self, path: String) -> Result<ImageProbe, HostError> {
        let state = self.hosts.state();
        if state.away.contains(&self.host) {
            return Err(self.unreachable());
        }
        let content = state.files.get(&path).ok_or_else(|| missing(&path))?;
        Ok(ImageProbe {
            format: DiskFormat::Cow,
            virtual_bytes: 1 << 30,
            actual_bytes: content.len() as u64,
        })
    }

    async fn migration_prepare(
        &self,
        prepare: MigrationPrepare,
    ) -> Result<MigrationEndpoint, HostError> {
        let vm = prepare.machine.id;
        self.command("migration_prepare", prepare.machine.name.clone(), |state| {
            if !state.runs.contains_key(&(self.host, vm)) {
                state.left.remove(&(self.host, vm));
                state.arriving.insert((self.host, vm), prepare.epoch);
            }
            Ok(MigrationEndpoint {
                libvirt_uri: self.host.to_string(),
                memory_uri: None,
                encrypted: false,
                console_listen: "::".into(),
                serial_log: "/log".into(),
            })
        })
    }
    /// The first time it begins, the second time it is over.
    async fn migration_send(&self, send: MigrationSend) -> Result<MigrationState, HostError> {
        self.command("migration_send", String::new(), |state| {
            let to: HostId = send.to.libvirt_uri.parse().unwrap();
            if state.left.get(&(self.host, send.vm)) == Some(&send.epoch) {
                return Ok(MigrationState::Gone { downtime_ms: None });
            }
            if state.runs.get(&(self.host, send.vm)) != Some(&(send.epoch, true)) {
                return Err(missing(send.vm));
            }
            if state.sending.insert(send.vm, to).is_none() || state.slow {
                return Ok(MigrationState::Going { percent: 50 });
            }
            state.sending.remove(&send.vm);
            if state.arriving.remove(&(to, send.vm)) != Some(send.epoch) {
                return Err(HostError::Failed {
                    message: "the other host was not ready.".into(),
                });
            }
            let run = state.runs.remove(&(self.host, send.vm));
            state.left.insert((self.host, send.vm), send.epoch);
            state.runs.extend(run.map(|run| ((to, send.vm), run)));
            Ok(MigrationState::Gone { downtime_ms: None })
        })
    }
    async fn migration_cancel(&self, vm: VmId, epoch: u64) -> Result<RunPlace, HostError> {
        self.command("migration_cancel", String::new(), |state| {
            state.arriving.remove(&(self.host, vm));
            let place = place(state, self.host, vm, epoch);
            if place == RunPlace::Here {
                state.sending.remove(&vm);
            }
            Ok(place)
        })
    }
    async fn run_place(&self, vm: VmId, epoch: u64) -> Result<RunPlace, HostError> {
        self.command("run_place", String::new(), |state| {
            Ok(place(state, self.host, vm, epoch))
        })
    }

    async fn disk_snapshot(&self, snapshot: DiskSnapshot) -> Result<(), HostError> {
        self.command("disk_snapshot", String::new(), |state| {
            self.runs(state, snapshot.of)?;
            let of = (snapshot.of.vm, snapshot.of.disk);
            if !state.volumes.contains_key(&key(snapshot.layer)) {
                return Err(missing(snapshot.layer));
            }
            state.used.insert(of, snapshot.layer);
            if let Some(layer) = state.volumes.get_mut(&key(snapshot.layer)) {
                layer.content = "written meanwhile".into();
            }
            Ok(())
        })
    }
    async fn disk_mirror(&self, mirror: DiskMirror) -> Result<DiskProgress, HostError> {
        self.command("disk_mirror", String::new(), |state| {
            self.runs(state, mirror.of)?;
            let of = (mirror.of.vm, mirror.of.disk);
            if !state.volumes.contains_key(&key(mirror.to)) {
                return Err(missing(mirror.to));
            }
            let known = state.mirrors.insert(of, mirror.to).is_some();
            Ok(DiskProgress {
                percent: if known { 100 } else { 50 },
                done: known,
            })
        })
    }
    async fn disk_pivot(&self, mirror: DiskMirror) -> Result<(), HostError> {
        self.command("disk_pivot", String::new(), |state| {
            self.runs(state, mirror.of)?;
            let of = (mirror.of.vm, mirror.of.disk);
            if state.used.get(&of) == Some(&mirror.to) {
                return Ok(());
            }
            if state.mirrors.remove(&of) != Some(mirror.to) {
                return Err(HostError::Refused {
                    message: "there is no mirror.".into(),
                });
            }
            let content = read(state, mirror.of.disk, mirror.replaces.volume);
            state.volumes.get_mut(&key(mirror.to)).unwrap().content = content;
            state.used.insert(of, mirror.to);
            if state.dies_at_pivot {
                state
                    .volumes
                    .get_mut(&key(mirror.replaces))
                    .unwrap()
                    .retired = true;
                state.volumes.get_mut(&key(mirror.to)).unwrap().content = AFTER_PIVOT.into();
                return Err(self.unreachable());
            }
            state.volumes.remove(&key(mirror.replaces));
            Ok(())
        })
    }
    async fn disk_mirror_abort(&self, of: RunDisk) -> Result<(), HostError> {
        self.command("disk_mirror_abort", String::new(), |state| {
            state.mirrors.remove(&(of.vm, of.disk));
            Ok(())
        })
    }
    async fn disk_merge(&self, merge: DiskMerge) -> Result<DiskProgress, HostError> {
        self.command("disk_merge", String::new(), |state| {
            self.runs(state, merge.of)?;
            let of = (merge.of.vm, merge.of.disk);
            if state.used.get(&of) == Some(&merge.top) {
                let content = read(state, merge.of.disk, merge.top.volume);
                state.volumes.get_mut(&key(merge.base)).unwrap().content = content;
                state.used.insert(of, merge.base);
            }
            Ok(DiskProgress {
                percent: 100,
                done: true,
            })
        })
    }
    async fn volume_merge(&self, at: VolumeAddress) -> Result<(), HostError> {
        self.command("volume_merge", String::new(), |state| {
            drop_top(state, at, true);
            Ok(())
        })
    }
    async fn volume_remove(&self, at: VolumeAddress) -> Result<(), HostError> {
        self.command("volume_remove", String::new(), |state| {
            drop_top(state, at, false);
            Ok(())
        })
    }
}

fn place(state: &State, host: HostId, vm: VmId, epoch: u64) -> RunPlace {
    if state.runs.get(&(host, vm)) == Some(&(epoch, true)) {
        RunPlace::Here
    } else if state.left.get(&(host, vm)) == Some(&epoch) {
        RunPlace::Left
    } else {
        RunPlace::Nowhere
    }
}
