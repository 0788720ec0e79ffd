//! What is made from the API's tables and lies in the repository is what the tables say.

use std::collections::BTreeSet;
use std::path::Path;

#[test]
fn the_files_in_the_repository_are_as_the_tables_say() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    for (name, text) in rest::published() {
        let there = std::fs::read_to_string(root.join(&name)).unwrap_or_default();
        assert!(
            there == text,
            "{name} is not what the API's tables say; run `cargo xtask api`"
        );
    }
}

#[test]
fn openapi_holds_the_whole_contract_and_leads_nowhere_wrong() {
    let files = rest::published();
    let (_, text) = files
        .iter()
        .find(|(n, _)| n.ends_with("openapi.json"))
        .unwrap();
    let document: serde_json::Value = serde_json::from_str(text).unwrap();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    // Types, enumerations, and the hyperlink.
    assert_eq!(schemas.len(), 220 + 115 + 1);
    let mut ids = BTreeSet::new();
    let mut operations = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if method == "parameters" {
                let names: Vec<&str> = operation
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|p| p["name"].as_str().unwrap())
                    .collect();
                for name in &names {
                    assert!(path.contains(&format!("{{{name}}}")), "{path}: {name}");
                }
                let once: BTreeSet<&&str> = names.iter().collect();
                assert_eq!(once.len(), names.len(), "{path}");
                continue;
            }
            operations += 1;
            let id = operation["operationId"].as_str().unwrap();
            assert!(ids.insert(id.to_owned()), "{id} stands twice");
        }
    }
    let known = api_v4::services::ALL.iter();
    assert_eq!(
        operations,
        known.map(|p| p.service.operations.len()).sum::<usize>()
    );
    let mut references = Vec::new();
    collect(&document, &mut references);
    assert!(references.len() > 2000);
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}

fn collect<'a>(value: &'a serde_json::Value, into: &mut Vec<&'a str>) {
    match value {
        serde_json::Value::Object(members) => {
            if let Some(reference) = members.get("$ref").and_then(|r| r.as_str()) {
                into.push(reference);
            }
            members.values().for_each(|v| collect(v, into));
        }
        serde_json::Value::Array(items) => items.iter().for_each(|v| collect(v, into)),
        _ => {}
    }
}

#[test]
fn coverage_justifies_what_is_stored_only() {
    let files = rest::published();
    let (_, text) = files
        .iter()
        .find(|(n, _)| n.ends_with("api-coverage.md"))
        .unwrap();
    assert!(text.contains("422 paths with 894 operations"));
    let vm = text.split("### vm\n").nth(1).unwrap();
    let vm = vm.split("###").next().unwrap();
    assert!(vm.contains("- `high_availability`: "), "{vm}");
}
