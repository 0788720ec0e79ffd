//! Whether every crate we link has a licence from `xtask/licences.toml`.

use crate::metadata::Metadata;
use crate::places;
use anyhow::Context as _;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    allowed: BTreeSet<String>,
    exceptions: BTreeMap<String, String>,
}

/// Prints every crate whose licence is not on the list.
///
/// # Errors
/// When the list or the manifests can't be read.
pub fn run() -> anyhow::Result<bool> {
    let rules: Rules =
        toml::from_str(&places::read("xtask/licences.toml")?).context("in xtask/licences.toml")?;
    let metadata = Metadata::read()?;
    let mut bad = 0;
    let mut count = 0;
    for package in metadata.built() {
        count += 1;
        let licence = package.license.as_deref().unwrap_or("");
        let excepted = rules
            .exceptions
            .get(&package.name)
            .is_some_and(|l| l == licence);
        if !excepted && !allows(&rules.allowed, licence) {
            eprintln!(
                "licences: {} {} has `{licence}`, which is not allowed",
                package.name, package.version
            );
            bad += 1;
        }
    }
    println!("licences: {count} crates, {bad} not allowed");
    Ok(bad == 0)
}

/// Whether an SPDX expression can be met with the allowed licences. What can't be read is not met.
fn allows(allowed: &BTreeSet<String>, expression: &str) -> bool {
    // Old manifests write `A/B` for `A OR B`.
    let spaced = expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader {
        words: &words,
        at: 0,
        allowed,
    };
    reader
        .either()
        .is_some_and(|ok| ok && reader.at == words.len())
}

struct Reader<'a> {
    words: &'a [&'a str],
    at: usize,
    allowed: &'a BTreeSet<String>,
}

impl Reader<'_> {
    fn next_is(&mut self, word: &str) -> bool {
        let is = self.words.get(self.at) == Some(&word);
        if is {
            self.at += 1;
        }
        is
    }

    fn either(&mut self) -> Option<bool> {
        let mut met = self.both()?;
        while self.next_is("OR") {
            met |= self.both()?;
        }
        Some(met)
    }

    fn both(&mut self) -> Option<bool> {
        let mut met = self.one()?;
        while self.next_is("AND") {
            met &= self.one()?;
        }
        Some(met)
    }

    fn one(&mut self) -> Option<bool> {
        if self.next_is("(") {
            let met = self.either()?;
            return self.next_is(")").then_some(met);
        }
        let mut name = (*self.words.get(self.at)?).to_owned();
        self.at += 1;
        if self.next_is("WITH") {
            name = format!("{name} WITH {}", self.words.get(self.at)?);
            self.at += 1;
        }
        Some(self.allowed.contains(&name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_met_as_spdx_says() {
        let allowed: BTreeSet<String> = ["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"]
            .map(str::to_owned)
            .into();
        for (expression, met) in [
            ("MIT", true),
            ("GPL-3.0", false),
            ("GPL-3.0 OR MIT", true),
            ("GPL-3.0/MIT", true),
            ("MIT AND ISC", true),
            ("MIT AND GPL-3.0", false),
            ("(GPL-3.0 OR MIT) AND ISC", true),
            ("ISC AND (GPL-3.0 OR LGPL-2.1)", false),
            ("Apache-2.0 WITH LLVM-exception", true),
            ("", false),
            ("(MIT", false),
            ("MIT OR", false),
            ("MIT ISC", false),
        ] {
            assert_eq!(allows(&allowed, expression), met, "{expression}");
        }
    }
}
