//! The Python of the tests: a virtual environment with oVirt's SDK and other clients, kept in the cache.

use crate::places;
use crate::shell;
use anyhow::Context as _;
use std::path::PathBuf;
use std::process::Command;

/// What is installed; a change makes a new environment. About 150 MB on disk.
const PACKAGES: [&str; 6] = [
    "ansible-core==2.19.14",
    "olvm-aiops==0.6.0",
    "ovirt-engine-sdk-python==4.6.3",
    "pytest==8.4.2",
    "requests==2.32.5",
    "pyyaml==6.0.3",
];

/// The package that oVirt's Ansible collection comes in. Unpacked it would be some 200 MB of other
/// collections, so only this one (2 MB) is taken out of it.
const COLLECTIONS: &str = "ansible==12.3.0";

/// Unpacks `ovirt.ovirt` from the one wheel in the first directory into the second.
const UNPACK: &str = "import glob, sys, zipfile
wheel, = glob.glob(sys.argv[1] + '/ansible-*.whl')
with zipfile.ZipFile(wheel) as z:
    z.extractall(sys.argv[2], [n for n in z.namelist() if n.startswith('ansible_collections/ovirt/ovirt/')])";

/// Answers the environment's `bin`, made if it is not there.
///
/// # Errors
/// When it can't be made.
pub fn bin() -> anyhow::Result<PathBuf> {
    let dir = places::cache().join("python");
    let made = dir.join("made");
    let wanted = [&PACKAGES[..], &[COLLECTIONS]].concat().join("\n");
    let bin = dir.join("bin");
    if std::fs::read_to_string(&made).is_ok_and(|have| have == wanted)
        && bin.join("python").exists()
    {
        return Ok(bin);
    }
    if dir.exists() {
        std::fs::remove_dir_all(&dir)
            .with_context(|| format!("cannot remove {}", dir.display()))?;
    }
    // Debian's own Python: the headers that the SDK's C part needs are installed for it.
    let python = if std::path::Path::new("/usr/bin/python3").exists() {
        "/usr/bin/python3"
    } else {
        "python3"
    };
    shell::run(Command::new(python).args(["-m", "venv"]).arg(&dir))?;
    let pip = |verb: &str| {
        let mut command = Command::new(bin.join("python"));
        command.args(["-m", "pip", verb, "--quiet", "--disable-pip-version-check"]);
        command
    };
    shell::run(pip("install").args(PACKAGES))?;
    let wheel = dir.join("wheel");
    shell::run(
        pip("download")
            .args(["--no-deps", "--only-binary=:all:", "--dest"])
            .arg(&wheel)
            .arg(COLLECTIONS),
    )?;
    let packages = shell::output(Command::new(bin.join("python")).args([
        "-c",
        "import sysconfig; print(sysconfig.get_path('purelib'))",
    ]))?;
    shell::run(
        Command::new(bin.join("python"))
            .args(["-c", UNPACK])
            .arg(&wheel)
            .arg(packages.trim()),
    )?;
    std::fs::remove_dir_all(&wheel)
        .with_context(|| format!("cannot remove {}", wheel.display()))?;
    std::fs::write(&made, wanted).with_context(|| format!("cannot write {}", made.display()))?;
    Ok(bin)
}
