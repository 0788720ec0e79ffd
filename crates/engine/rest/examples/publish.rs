//! Writes the files that are made from the API's tables, or compares those that are there.
//!
//! `publish DIRECTORY` writes below the repository's root, `publish --check DIRECTORY` names each file that
//! is not as the tables say, and fails.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let check = arguments.first().is_some_and(|a| a == "--check");
    if check {
        arguments.remove(0);
    }
    let [root] = arguments.as_slice() else {
        eprintln!("usage: publish [--check] DIRECTORY");
        return ExitCode::from(2);
    };
    match publish(Path::new(root), check) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(e) => {
            eprintln!("publish: {e}");
            ExitCode::from(2)
        }
    }
}

/// Writes or compares; answers whether all is as it should be.
fn publish(root: &Path, check: bool) -> std::io::Result<bool> {
    let files = rest::published();
    let mut well = true;
    for (name, text) in &files {
        let path = root.join(name);
        let there = match std::fs::read_to_string(&path) {
            Ok(there) => there,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(e) => return Err(e),
        };
        if there == *text {
            continue;
        }
        if check {
            println!("{name} is not what the API's tables say; run `cargo xtask api`");
            well = false;
        } else {
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)?;
            }
            std::fs::write(&path, text)?;
            println!("{name}");
        }
    }
    // A page whose group is gone would stay for ever.
    let names: BTreeSet<PathBuf> = files.iter().map(|(name, _)| root.join(name)).collect();
    for folder in ["docs/api", "crates/api/api-v4/generated"] {
        let folder = root.join(folder);
        if !folder.is_dir() {
            continue;
        }
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if names.contains(&path) {
                continue;
            }
            println!("{} is made from no table", path.display());
            well = false;
            if !check {
                std::fs::remove_file(&path)?;
                well = true;
            }
        }
    }
    Ok(well)
}
