//! The API for people: one page for each group of services, one for all types.

use crate::{Offer, address, group, kind_name, types, words};
use api_v4::services::{ALL, PARAMETERS, ParameterKind};
use std::collections::BTreeMap;
use std::fmt::Write as _;

const MADE: &str = "Made by `cargo xtask api` from the tables; not edited by hand.\n";

/// Pages by their names, as Markdown.
#[must_use]
pub fn documentation(offer: &Offer<'_>) -> Vec<(String, String)> {
    let mut groups: BTreeMap<&str, String> = BTreeMap::new();
    for path in ALL {
        let page = groups.entry(group(path)).or_default();
        if path.service.operations.is_empty() {
            continue;
        }
        let desc = (path.service.of)();
        _ = write!(
            page,
            "\n## `/{}`\n\n{} of [{}](types.md#{}).\n\n| operation | request | takes |\n|---|---|---|\n",
            path.path,
            path.service.name,
            desc.name,
            desc.name.to_ascii_lowercase()
        );
        for operation in path.service.operations {
            let served = (offer.served)(path, operation);
            let mut takes: Vec<String> = Vec::new();
            if operation.is_action() {
                takes.push("an [Action](types.md#action)".to_owned());
            } else if matches!(operation.method, "POST" | "PUT") {
                takes.push(format!("a {}", desc.tag));
            }
            for name in operation.parameters {
                let taken = operation.is_action()
                    || offer.everywhere.contains(name)
                    || served.is_none_or(|s| s.parameters.contains(name));
                takes.push(if taken {
                    format!("`{name}`")
                } else {
                    format!("`{name}` (later)")
                });
            }
            if !operation.result.is_empty() {
                takes.push(format!("and answers `{}`", operation.result));
            }
            let later = match served {
                Some(_) => String::new(),
                None => format!(" (later: {})", (offer.subject)(path, operation)),
            };
            _ = writeln!(
                page,
                "| {}{later} | `{} {}` | {} |",
                operation.name,
                operation.method,
                address(path, operation),
                takes.join(", ")
            );
        }
    }
    let mut pages = vec![("README.md".to_owned(), front(&groups))];
    for (name, page) in groups {
        pages.push((format!("{name}.md"), format!("# {name}\n\n{MADE}{page}")));
    }
    pages.push(("types.md".to_owned(), type_page()));
    pages
}

fn front(groups: &BTreeMap<&str, String>) -> String {
    let mut out = format!(
        "# The API

{MADE}
Version 4 of oVirt's API below `/ovirt-engine/api`, in XML and JSON, over HTTP/1.1 and HTTP/2. As machines read it:
[OpenAPI 3.1](../../crates/api/api-v4/generated/openapi.json), which an engine answers at `/ovirt-engine/api?schema`
(with a login) and `/ovirt-engine/apidoc/openapi.json` (without), and
[TypeScript types](../../crates/api/api-v4/generated/api.ts). What this version serves of it is listed in
[api-coverage.md](../api-coverage.md).

## What holds everywhere

- **Forms.** `Accept` chooses between `application/xml` (the default) and `application/json`; a body is read by what it
  begins with, then by its `Content-Type`. Both forms are taken by every method that has a body.
- **Names.** An entity has `id` and `href`, links to its collections and the addresses of its actions. In JSON integers
  and booleans are strings and dates milliseconds since 1970; in XML dates are ISO 8601.
- **Parameters** stand in the query (`?max=10`) or on any segment of the path (`;max=10`). A name alone means true. One
  that is not understood answers 501; it is never passed over.
- **follow.** `follow=nics,disk_attachments.disk` puts what stands behind links in their place, over as many links as a
  path has names (8 at most), whatever they lead to. Each link is read as the caller himself: what he may not see he does
  not see behind a link either.
- **ETag.** A GET of one entity answers an `ETag`. With `If-None-Match` it answers 304 when nothing changed; PUT, DELETE
  and actions with `If-Match` answer 412 and change nothing when the entity is another by now.
- **Compression.** `Accept-Encoding: gzip` is honoured, also for lists, which are written while they are read.
- **Expect: 100-continue** is answered before the body is sent.
- **Faults.** `<fault>` with a reason and a detail; of an action it lies within `<action>`. 501 names service and
  operation of what is not served yet.
- **Correlation-Id** (also `correlation_id=`) comes back with the answer and stands on jobs and events.

## Parameters

| parameter | value | for |
|---|---|---|
"
    );
    for parameter in PARAMETERS {
        let kind = match parameter.kind {
            ParameterKind::Flag => "boolean".to_owned(),
            ParameterKind::Number => "number".to_owned(),
            ParameterKind::Text => "text".to_owned(),
            ParameterKind::Choice(desc) => desc.name.to_owned(),
        };
        _ = writeln!(out, "| `{}` | {kind} | {} |", parameter.name, parameter.doc);
    }
    out.push_str("\n## Services\n\n");
    for name in groups.keys() {
        _ = writeln!(out, "- [{name}]({name}.md)");
    }
    out.push_str("\nAll types and enumerations: [types.md](types.md).\n");
    out
}

fn type_page() -> String {
    let mut out = format!("# Types\n\n{MADE}");
    for desc in types() {
        _ = write!(
            out,
            "\n## {}\n\n{} `<{}>`, many: `<{}>`.",
            desc.name,
            words(desc.doc),
            desc.tag,
            desc.list_tag
        );
        if desc.entity {
            out.push_str(" Has `id`, `href`, links and actions.");
        }
        out.push_str("\n\n");
        for field in desc.fields {
            let linked = if field.linked { ", a link" } else { "" };
            _ = writeln!(out, "- `{}`: {}{linked}", field.name, kind_name(field.kind));
        }
    }
    out.push_str("\n# Enumerations\n");
    for desc in api_v4::enums::every::ALL {
        let all: Vec<String> = desc.words.iter().map(|w| format!("`{w}`")).collect();
        _ = write!(
            out,
            "\n## {}\n\n{} {}.\n",
            desc.name,
            words(desc.doc),
            all.join(", ")
        );
    }
    out
}
