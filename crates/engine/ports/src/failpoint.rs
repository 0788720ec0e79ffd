//! Places where a program of ours can be told to die as if somebody had said `kill -9`, for tests of
//! what a crash leaves behind. Only in builds with debug assertions: a release build holds no code for
//! it.
//!
//! The variable `VIREO_FAILPOINTS` names a directory. A program called `P` then appends the name of each
//! place that it passes to `P.seen`; when the file `P.arm` holds the line `NAME N`, it renames that
//! file to `P.fired` and dies at the `N`th passage of `NAME` since the file is there. Places are named
//! by what happens there: `workflow/vm.start/forward/launch/before`, `commit/vm/after`,
//! `runs/running/before`, `volume/create/after`, `file/replace/after`.

use std::fmt::Arguments;

/// Where the directory is named.
pub const VARIABLE: &str = "VIREO_FAILPOINTS";

/// Whether this build has failpoints.
pub const BUILT_IN: bool = cfg!(debug_assertions);

/// The program passes a place; it may not come out of it.
#[inline]
pub fn pass(name: Arguments<'_>) {
    #[cfg(debug_assertions)]
    armed::pass(name);
    #[cfg(not(debug_assertions))]
    let _ = name;
}

#[cfg(debug_assertions)]
mod armed {
    use nix::sys::signal::{Signal, kill};
    use nix::unistd::Pid;
    use std::fmt::Arguments;
    use std::fs::OpenOptions;
    use std::io::Write as _;
    use std::path::{Path, PathBuf};
    use std::sync::{LazyLock, Mutex, PoisonError};

    /// The program's files without their endings.
    static PLACE: LazyLock<Option<PathBuf>> = LazyLock::new(|| {
        let dir = std::env::var_os(super::VARIABLE).filter(|d| !d.is_empty())?;
        let program = std::env::current_exe().ok()?;
        Some(Path::new(&dir).join(program.file_name()?))
    });
    /// The line that is counted for, and the passages since.
    static COUNTED: Mutex<(String, u64)> = Mutex::new((String::new(), 0));

    pub(super) fn pass(name: Arguments<'_>) {
        if let Some(place) = PLACE.as_ref() {
            let name = name.to_string();
            if due(
                place,
                &name,
                &mut COUNTED.lock().unwrap_or_else(PoisonError::into_inner),
            ) {
                let _ = kill(Pid::this(), Signal::SIGKILL);
                // The signal is on its way to this thread, too.
                loop {
                    std::thread::park();
                }
            }
        }
    }

    /// Notes the passage and tells whether it is the one that was waited for.
    pub(super) fn due(place: &Path, name: &str, counted: &mut (String, u64)) -> bool {
        let seen = OpenOptions::new()
            .create(true)
            .append(true)
            .open(place.with_extension("seen"));
        // Whoever looks for a name misses it then.
        let _ = seen.and_then(|mut file| file.write_all(format!("{name}\n").as_bytes()));
        let file = place.with_extension("arm");
        let Ok(line) = std::fs::read_to_string(&file) else {
            return false;
        };
        let (wanted, number) = line.trim().rsplit_once(' ').unwrap_or((line.trim(), "1"));
        if wanted != name {
            return false;
        }
        if counted.0 != line {
            *counted = (line.clone(), 0);
        }
        counted.1 += 1;
        number.parse() == Ok(counted.1)
            && std::fs::rename(&file, place.with_extension("fired")).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_the_variable_a_place_is_passed() {
        pass(format_args!("test/nothing"));
    }

    #[cfg(debug_assertions)]
    #[test]
    fn the_named_passage_is_found_once() {
        let dir = std::env::temp_dir().join(format!("vireo-failpoints-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        let place = dir.join("p");
        let mut counted = (String::new(), 0);
        assert!(!armed::due(&place, "a", &mut counted));
        std::fs::write(dir.join("p.arm"), "a 2\n").unwrap();
        assert!(!armed::due(&place, "a", &mut counted));
        assert!(!armed::due(&place, "b", &mut counted));
        assert!(armed::due(&place, "a", &mut counted));
        assert!(!armed::due(&place, "a", &mut counted));
        assert!(dir.join("p.fired").exists());
        let seen = std::fs::read_to_string(dir.join("p.seen")).unwrap();
        assert_eq!(seen, "a\na\nb\na\na\n");
        std::fs::remove_dir_all(&dir).unwrap();
    }
}
