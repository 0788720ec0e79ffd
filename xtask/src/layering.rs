//! Which room may use which: the list in `xtask/layering.toml` against what the manifests say.

use crate::metadata::{Metadata, Package};
use crate::places;
use anyhow::Context as _;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Rules {
    /// Room to the rooms it uses.
    rooms: BTreeMap<String, BTreeSet<String>>,
    /// Room to what its tests use besides; `any` is for all.
    tests: BTreeMap<String, BTreeSet<String>>,
    /// Guest to the rooms that may name it.
    guests: BTreeMap<String, BTreeSet<String>>,
    runtime_free: RuntimeFree,
    #[serde(rename = "unsafe")]
    unsafe_: Unsafe,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RuntimeFree {
    rooms: BTreeSet<String>,
    forbidden: BTreeSet<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Unsafe {
    rooms: BTreeSet<String>,
}

/// Prints every breach.
///
/// # Errors
/// When the rules or the manifests can't be read.
pub fn run() -> anyhow::Result<bool> {
    let rules: Rules =
        toml::from_str(&places::read("xtask/layering.toml")?).context("in xtask/layering.toml")?;
    let metadata = Metadata::read()?;
    let rooms: Vec<&Package> = metadata.rooms().collect();
    let mut breaches = check(&rules, &rooms);
    breaches.extend(check_unsafe(&rules, &rooms)?);
    for breach in &breaches {
        eprintln!("layering: {breach}");
    }
    println!(
        "layering: {} rooms, {} breaches",
        rooms.len(),
        breaches.len()
    );
    Ok(breaches.is_empty())
}

fn check(rules: &Rules, rooms: &[&Package]) -> Vec<String> {
    let ours: BTreeSet<&str> = rooms.iter().map(|p| p.name.as_str()).collect();
    let nothing = BTreeSet::new();
    let any_test = rules.tests.get("any").unwrap_or(&nothing);
    let mut breaches = Vec::new();
    for room in rooms {
        let name = &room.name;
        let Some(allowed) = rules.rooms.get(name) else {
            breaches.push(format!(
                "room `{name}` is not listed; add it with the rooms it uses"
            ));
            continue;
        };
        let in_tests = rules.tests.get(name).unwrap_or(&nothing);
        let mut used = BTreeSet::new();
        for d in &room.dependencies {
            let test = d.kind.as_deref() == Some("dev");
            if ours.contains(d.name.as_str()) {
                if !test {
                    used.insert(d.name.clone());
                }
                let ok = allowed.contains(&d.name)
                    || (test && (any_test.contains(&d.name) || in_tests.contains(&d.name)));
                if !ok {
                    let who = if test { "tests of " } else { "" };
                    breaches.push(format!("{who}`{name}` may not use `{}`", d.name));
                }
                continue;
            }
            if test {
                continue;
            }
            if rules
                .guests
                .get(&d.name)
                .is_some_and(|hosts| !hosts.contains(name))
            {
                breaches.push(format!("`{name}` may not name the guest `{}`", d.name));
            }
            if rules.runtime_free.rooms.contains(name)
                && rules.runtime_free.forbidden.contains(&d.name)
            {
                breaches.push(format!("`{name}` knows no runtime, but names `{}`", d.name));
            }
        }
        for idle in allowed.difference(&used) {
            breaches.push(format!(
                "`{name}` no longer uses `{idle}`; take it off the list"
            ));
        }
    }
    for name in rules.rooms.keys().filter(|r| !ours.contains(r.as_str())) {
        breaches.push(format!("room `{name}` is listed but does not exist"));
    }
    breaches
}

fn check_unsafe(rules: &Rules, rooms: &[&Package]) -> anyhow::Result<Vec<String>> {
    let mut breaches = Vec::new();
    for room in rooms
        .iter()
        .filter(|r| !rules.unsafe_.rooms.contains(&r.name))
    {
        let folder = Path::new(&room.manifest_path)
            .parent()
            .unwrap_or(Path::new("/"));
        for part in ["src", "tests", "build.rs"] {
            for file in rust_files(&folder.join(part))? {
                let text = std::fs::read_to_string(&file)
                    .with_context(|| format!("cannot read {}", file.display()))?;
                if says_unsafe(&text) {
                    breaches.push(format!(
                        "`{}` says `unsafe` in {}",
                        room.name,
                        file.display()
                    ));
                }
            }
        }
    }
    Ok(breaches)
}

/// Whether a source allows or opens unsafe code; words in comments and strings don't count.
fn says_unsafe(text: &str) -> bool {
    let code = |line: &str| line.split("//").next().unwrap_or("").to_owned();
    text.lines().map(code).any(|line| {
        [
            "allow(unsafe_code",
            "unsafe {",
            "unsafe fn",
            "unsafe impl",
            "unsafe extern",
            "expect(unsafe_code",
        ]
        .iter()
        .any(|word| line.contains(word) && !line.contains(&format!("\"{word}")))
    })
}

fn rust_files(path: &Path) -> anyhow::Result<Vec<std::path::PathBuf>> {
    let mut found = Vec::new();
    if path.is_file() && path.extension().is_some_and(|e| e == "rs") {
        found.push(path.to_owned());
    } else if path.is_dir() {
        for entry in
            std::fs::read_dir(path).with_context(|| format!("cannot list {}", path.display()))?
        {
            found.extend(rust_files(&entry?.path())?);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::Dependency;

    fn room(name: &str, uses: &[(&str, Option<&str>)]) -> Package {
        Package {
            id: name.to_owned(),
            name: name.to_owned(),
            version: "0".to_owned(),
            license: None,
            manifest_path: String::new(),
            targets: Vec::new(),
            dependencies: uses
                .iter()
                .map(|(n, k)| Dependency {
                    name: (*n).to_owned(),
                    kind: k.map(str::to_owned),
                })
                .collect(),
        }
    }

    fn rules() -> Rules {
        toml::from_str(
            "[rooms]\nbase = []\nrest = [\"base\"]\ntestkit = [\"base\"]\n\
             [tests]\nany = [\"testkit\"]\n[guests]\naxum = [\"rest\"]\n\
             [runtime-free]\nrooms = [\"base\"]\nforbidden = [\"tokio\"]\n[unsafe]\nrooms = []\n",
        )
        .unwrap()
    }

    fn breaches(rooms: &[Package]) -> Vec<String> {
        check(&rules(), &rooms.iter().collect::<Vec<_>>())
    }

    #[test]
    fn listed_edges_pass_and_tests_may_use_the_testkit() {
        let rooms = [
            room("base", &[("serde", None), ("testkit", Some("dev"))]),
            room("rest", &[("base", None), ("axum", None)]),
            room("testkit", &[("base", None)]),
        ];
        assert_eq!(breaches(&rooms), Vec::<String>::new());
    }

    #[test]
    fn an_upward_edge_a_foreign_guest_and_a_runtime_are_named() {
        let rooms = [
            room("base", &[("rest", None), ("axum", None), ("tokio", None)]),
            room("rest", &[("base", None)]),
            room("testkit", &[("base", None)]),
        ];
        assert_eq!(
            breaches(&rooms),
            [
                "`base` may not use `rest`",
                "`base` may not name the guest `axum`",
                "`base` knows no runtime, but names `tokio`"
            ]
        );
    }

    #[test]
    fn a_new_room_and_an_idle_line_are_named() {
        let rooms = [
            room("base", &[]),
            room("rest", &[]),
            room("testkit", &[("base", None)]),
            room("attic", &[]),
        ];
        assert_eq!(
            breaches(&rooms),
            [
                "`rest` no longer uses `base`; take it off the list",
                "room `attic` is not listed; add it with the rooms it uses"
            ]
        );
    }

    #[test]
    fn unsafe_is_found_in_code_and_not_in_comments() {
        let word = "unsafe";
        assert!(says_unsafe(&format!("let x = {word} {{ f() }};")));
        assert!(says_unsafe(&format!("#![allow({word}_code)]")));
        assert!(!says_unsafe(&format!("// {word} {{ no }}")));
        assert!(!says_unsafe("the word unsafe alone"));
    }
}
