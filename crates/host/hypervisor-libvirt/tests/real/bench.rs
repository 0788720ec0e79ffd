//! The surroundings of the adapter for the conformance suite.

use crate::guest::{self, LINE};
use crate::lab::{Lab, THERE};
use base::{Random, VmId};
use domain::disks::DiskFormat;
use hypervisor::conformance::{Bench, Neighbour};
use hypervisor::{AccelChoice, DiskSource, Hypervisor, MachineLaunch};
use hypervisor_libvirt::{LibvirtConfig, LibvirtHypervisor};
use ports::SystemClock;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(60);

pub struct LibvirtBench {
    adapter: Mutex<Arc<LibvirtHypervisor>>,
    neighbour: Arc<LibvirtHypervisor>,
    disks: PathBuf,
    // Last: the adapters go before their daemons.
    lab: Mutex<Lab>,
    _there: Lab,
}

pub fn config(lab: &Lab) -> LibvirtConfig {
    LibvirtConfig {
        uri: lab.uri(),
        accel: AccelChoice::Auto,
        ..LibvirtConfig::default()
    }
}

pub async fn connect(lab: &Lab, config: LibvirtConfig) -> Arc<LibvirtHypervisor> {
    let adapter = LibvirtHypervisor::start(config, Arc::new(SystemClock::default()));
    let adapter = Arc::new(adapter.expect("libvirt is installed"));
    let ready = adapter.ready(PATIENCE).await;
    assert_eq!(ready, Ok(()), "{}", lab.logs());
    adapter
}

/// Waits until the guest has printed its line.
pub async fn booted(launch: &MachineLaunch) {
    let log = launch.serial_log.as_ref().unwrap();
    let printed = async {
        loop {
            let text = tokio::fs::read_to_string(log).await.unwrap_or_default();
            if text.contains(LINE) {
                return;
            }
            // The log has no event to wait for.
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let waited = tokio::time::timeout(PATIENCE, printed).await;
    assert!(waited.is_ok(), "`{}` does not boot", launch.machine.name);
}

impl LibvirtBench {
    pub async fn start() -> Self {
        let (lab, there) = Lab::pair();
        let adapter = connect(&lab, config(&lab)).await;
        let neighbour = connect(&there, config(&there)).await;
        let disks = lab.dir.join("disks");
        std::fs::create_dir(&disks).unwrap();
        LibvirtBench {
            adapter: Mutex::new(adapter),
            neighbour,
            disks,
            lab: Mutex::new(lab),
            _there: there,
        }
    }

    /// Where a new file may be; its name is no plain word.
    fn file(&self) -> PathBuf {
        let id = base::OsRandom.uuid();
        self.disks.join(format!("größe & {id}"))
    }
}

#[async_trait::async_trait]
impl Bench for LibvirtBench {
    fn hypervisor(&self) -> Arc<dyn Hypervisor> {
        self.adapter.lock().unwrap().clone()
    }
    fn deaf_guest(&self, name: &str) -> MachineLaunch {
        guest::launch(&self.disks, name)
    }
    async fn booted(&self, launch: &MachineLaunch) {
        booted(launch).await;
    }
    async fn qemu_killed(&self, vm: VmId) {
        self.lab.lock().unwrap().kill(vm);
    }
    async fn daemon_restarted(&self) {
        self.lab.lock().unwrap().daemon("restart");
    }
    async fn agent_restarted(&self) {
        let config = config(&self.lab.lock().unwrap());
        let adapter = LibvirtHypervisor::start(config, Arc::new(SystemClock::default())).unwrap();
        adapter.ready(PATIENCE).await.unwrap();
        // The old one goes here.
        *self.adapter.lock().unwrap() = Arc::new(adapter);
    }
    fn neighbour(&self) -> Neighbour {
        Neighbour {
            hypervisor: self.neighbour.clone(),
            uri: format!("qemu+tcp://{THERE}/system"),
            migrate_uri: Some(format!("tcp://{THERE}")),
        }
    }
    fn busy_guest(&self, name: &str) -> MachineLaunch {
        let launch = guest::launch(&self.disks, name);
        let mut image = guest::dirtying();
        image.resize(1 << 20, 0);
        for source in launch.disks.values() {
            std::fs::write(&source.path, &image).unwrap();
        }
        launch
    }
    async fn layer(&self, on: &Path, format: DiskFormat) -> DiskSource {
        let path = self.file();
        let format = match format {
            DiskFormat::Raw => "raw",
            DiskFormat::Cow => "qcow2",
        };
        let made = Command::new("qemu-img")
            .args(["create", "-q", "-f", "qcow2", "-F", format, "-b"])
            .args([on, path.as_path()])
            .status();
        assert!(made.unwrap().success());
        DiskSource::file(path)
    }
    async fn copied(&self, file: &Path) -> PathBuf {
        let path = self.file();
        std::fs::copy(file, &path).unwrap();
        path
    }
}
