//! The acceptance scenarios that lie beside the checkout: real oVirt clients against the lab.
//!
//! What does not pass yet is listed in `tests/acceptance/expected-failures.txt`, each with its reason.
//! A test that does not pass and is not listed is red, and so is a listed one that passes.

use crate::lab::Ready;
use crate::ledger::Tier;
use crate::places;
use crate::shell;
use anyhow::{Context as _, bail};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

const LIST: &str = "tests/acceptance/expected-failures.txt";

#[derive(Debug, Deserialize)]
struct Row {
    id: String,
    outcome: String,
    why: String,
}

/// Runs the scenarios and judges them.
pub fn run(
    tier: &mut Tier,
    ready: &Ready,
    python: &Path,
    work: &Path,
    mark: impl Fn(&mut Command),
) {
    let suite = places::checkout().join("../shared/acceptance");
    if !suite.is_dir() {
        tier.skip(
            "acceptance",
            "../shared/acceptance is not beside the checkout",
        );
        return;
    }
    match rows(&suite, ready, python, work, mark) {
        Ok((expected, rows)) => judge(tier, &expected, &rows),
        Err(e) => tier.fail(format!("acceptance: {e:#}")),
    }
}

fn rows(
    suite: &Path,
    ready: &Ready,
    python: &Path,
    work: &Path,
    mark: impl Fn(&mut Command),
) -> anyhow::Result<(BTreeMap<String, String>, Vec<Row>)> {
    let expected = parse(&places::read(LIST)?)?;
    let report = work.join("acceptance.jsonl");
    let password =
        std::fs::read_to_string(&ready.password_file).context("cannot read the password file")?;
    let mut command = Command::new(python.join("python"));
    command
        .args([
            "-m",
            "pytest",
            "-q",
            "--tb=short",
            "-p",
            "vireo_report",
            "-p",
            "no:cacheprovider",
            "--basetemp",
        ])
        .arg(work.join("pytest"))
        .arg(suite)
        .env("PYTHONPATH", places::checkout().join("tests/acceptance"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("VIREO_REPORT", &report)
        .env("CLIENTS_BIN", python)
        // Otherwise it keeps files in the home of whoever runs this.
        .env("ANSIBLE_HOME", work.join("ansible"))
        .env("ENGINE_URL", &ready.url)
        .env("ENGINE_USER", &ready.user)
        .env("ENGINE_PASSWORD", password.trim())
        .env("ENGINE_CA", &ready.ca_file)
        .env("ENGINE_DATACENTER", &ready.data_center)
        .env("ENGINE_CLUSTER", &ready.cluster)
        .env("ENGINE_NETWORK", &ready.network)
        .env("ENGINE_TEMPLATE", &ready.template)
        // Longer than any machine here takes; what waits for something that never comes ends sooner.
        .env("ENGINE_TIMEOUT", "90");
    for (names, variables) in [
        (&ready.hosts, ["ENGINE_HOST", "ENGINE_HOST2"]),
        (
            &ready.storage_domains,
            ["ENGINE_STORAGE", "ENGINE_STORAGE2"],
        ),
    ] {
        for (name, variable) in names.iter().zip(variables) {
            command.env(variable, name);
        }
    }
    mark(&mut command);
    // Its exit status says that tests failed; which of them may is judged here.
    shell::run_lines(&mut command, |_| {})?;
    let text = std::fs::read_to_string(&report).context("the scenarios wrote no report")?;
    let rows = text
        .lines()
        .map(|l| serde_json::from_str(l).context("cannot read the report of the scenarios"))
        .collect::<anyhow::Result<Vec<Row>>>()?;
    if rows.is_empty() {
        bail!("no scenario ran");
    }
    Ok((expected, rows))
}

/// Reads lines `ID  REASON`.
fn parse(text: &str) -> anyhow::Result<BTreeMap<String, String>> {
    let mut list = BTreeMap::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let Some((id, reason)) = line.split_once(char::is_whitespace) else {
            bail!("{LIST}:{}: `{line}` has no reason", number + 1);
        };
        if list
            .insert(id.to_owned(), reason.trim().to_owned())
            .is_some()
        {
            bail!("{LIST}:{}: `{id}` is listed twice", number + 1);
        }
    }
    Ok(list)
}

fn judge(tier: &mut Tier, expected: &BTreeMap<String, String>, rows: &[Row]) {
    for row in rows {
        match (row.outcome.as_str(), expected.contains_key(&row.id)) {
            ("passed", false) => tier.pass(),
            ("passed", true) => {
                tier.fail(format!(
                    "acceptance {} passes now; take it off {LIST}",
                    row.id
                ));
            }
            (_, true) => tier.expected_failure(),
            (outcome, false) => tier.fail(format!("acceptance {} {outcome}: {}", row.id, row.why)),
        }
    }
    let seen: BTreeSet<&str> = rows.iter().map(|r| r.id.as_str()).collect();
    for id in expected.keys().filter(|id| !seen.contains(id.as_str())) {
        tier.fail(format!(
            "acceptance {id} is listed in {LIST} but did not run"
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::summary;

    fn row(id: &str, outcome: &str) -> Row {
        Row {
            id: id.to_owned(),
            outcome: outcome.to_owned(),
            why: "why".to_owned(),
        }
    }

    #[test]
    fn unexpected_failures_and_unexpected_passes_are_red() {
        let expected = parse("# list\na::x  later\nb::y  later too\n").unwrap();
        let mut tier = Tier::new("t", "about");
        judge(
            &mut tier,
            &expected,
            &[
                row("a::x", "failed"),
                row("b::y", "skipped"),
                row("c", "passed"),
            ],
        );
        assert!(summary(&[tier.end()], &BTreeSet::new()).1);
        for rows in [
            vec![row("a::x", "passed"), row("b::y", "failed")],
            vec![
                row("a::x", "failed"),
                row("b::y", "failed"),
                row("c", "failed"),
            ],
            vec![
                row("a::x", "failed"),
                row("b::y", "failed"),
                row("c", "skipped"),
            ],
            vec![row("a::x", "failed")],
        ] {
            let mut tier = Tier::new("t", "about");
            judge(&mut tier, &expected, &rows);
            assert!(!summary(&[tier.end()], &BTreeSet::new()).1, "{rows:?}");
        }
    }

    #[test]
    fn a_line_without_a_reason_is_refused() {
        assert!(parse("a::x\n").is_err());
        assert!(parse("a::x one\na::x two\n").is_err());
    }
}
