//! What this version serves of the API, operation by operation, and which attributes it only keeps.

use crate::{Effect, Offer, address, group};
use api_v4::services::ALL;
use std::collections::BTreeMap;
use std::fmt::Write as _;

const HEAD: &str = "\
# What is served of version 4 of the API

Made by `cargo xtask api` from the tables of paths and routes; not edited by hand. Every path of oVirt's API is known:
what is not served yet answers 501 with the names of service and operation, and the word in the last column says
what it belongs to. *Empty* means that the path is served, and that nothing can be in it yet.
";

/// The page, as Markdown.
#[must_use]
pub fn coverage(offer: &Offer<'_>) -> String {
    let mut out = HEAD.to_owned();
    let (mut served, mut hollow) = (0, 0);
    let mut later: BTreeMap<&str, usize> = BTreeMap::new();
    let mut rows = String::new();
    let mut at = "";
    for path in ALL {
        for operation in path.service.operations {
            if group(path) != at {
                at = group(path);
                _ = write!(rows, "\n## {at}\n\n| path | method | |\n|---|---|---|\n");
            }
            let state = match (offer.served)(path, operation) {
                Some(found) if found.hollow => {
                    hollow += 1;
                    "empty".to_owned()
                }
                Some(_) => {
                    served += 1;
                    "supported".to_owned()
                }
                None => {
                    let subject = (offer.subject)(path, operation);
                    *later.entry(subject).or_default() += 1;
                    format!("later: {subject}")
                }
            };
            _ = writeln!(
                rows,
                "| `{}` | {} | {state} |",
                address(path, operation),
                operation.method
            );
        }
    }
    let total = served + hollow + later.values().sum::<usize>();
    _ = write!(
        out,
        "\n{} paths with {total} operations: {served} supported, {hollow} empty, {} later.\n\n| subject | operations that it brings |\n|---|---|\n",
        ALL.len(),
        total - served - hollow
    );
    for (subject, count) in &later {
        _ = writeln!(out, "| {subject} | {count} |");
    }
    attributes(&mut out, offer);
    out.push_str(&rows);
    out
}

fn attributes(out: &mut String, offer: &Offer<'_>) {
    out.push_str(
        "\n## Attributes of bodies

An attribute that is not in this table must say what a GET shows anyway; another value answers 501 and names the
attribute. Nothing is dropped in silence. *Stored only*: it is kept and shown, and nothing else comes of it yet.
*By the engine*: only the engine sets it; it may be sent back, and is passed over.

",
    );
    for (tag, all) in offer.attributes {
        if all.is_empty() {
            _ = write!(
                out,
                "### {tag}\n\nNothing of it can be set by a body yet.\n\n"
            );
            continue;
        }
        let named = |effect: Effect| -> String {
            let names: Vec<String> = all
                .iter()
                .filter(|(_, e)| *e == effect)
                .map(|(name, _)| format!("`{name}`"))
                .collect();
            if names.is_empty() {
                "none".to_owned()
            } else {
                names.join(", ")
            }
        };
        _ = write!(
            out,
            "### {tag}\n\n- Acted upon: {}.\n- By the engine: {}.\n",
            named(Effect::Acts),
            named(Effect::Engine)
        );
        let mut any = false;
        for (name, effect) in all {
            if let Effect::Stored(why) = effect {
                if !any {
                    out.push_str("- Stored only:\n");
                }
                any = true;
                _ = writeln!(out, "  - `{name}`: {why}");
            }
        }
        if !any {
            out.push_str("- Stored only: none.\n");
        }
        out.push('\n');
    }
    // The next headings are those of the paths.
    while out.ends_with("\n\n") {
        out.pop();
    }
}
