//! OpenAPI 3.1 of the whole contract. What this version does not serve is in it too, with its 501.

use crate::{Offer, address, group, json, placeholders, types, words};
use api_schema::{EnumDesc, FieldDesc, Kind, TypeDesc};
use api_v4::services::{ALL, Operation, PARAMETERS, ParameterKind, Path, parameter};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

const ABOUT: &str = "Version 4 of oVirt's API, complete: operations that this version does not serve answer 501, \
and `x-subject` says what they belong to. Schemas describe JSON as it is written: integers, booleans and words are \
strings, dates are milliseconds since 1970, a list is an object with one member named after its items. Readers also \
take plain numbers and booleans. XML has the same names; there `id` and `href` are attributes and dates are ISO 8601. \
Parameters may stand in the query or, as matrix parameters, in the path.";

/// The document, as JSON.
#[must_use]
pub fn openapi(offer: &Offer<'_>) -> String {
    let mut paths: Map<String, Value> = Map::new();
    for path in ALL {
        for operation in path.service.operations {
            let at = paths
                .entry(address(path, operation))
                .or_insert_with(|| Value::Object(path_item(path)));
            if let Some(item) = at.as_object_mut() {
                item.insert(
                    operation.method.to_ascii_lowercase(),
                    described(offer, path, operation),
                );
            }
        }
    }
    let groups: BTreeSet<&str> = ALL.iter().map(group).collect();
    let tags: Vec<Value> = groups.iter().map(|name| json!({ "name": name })).collect();
    json::text(&json!({
        "openapi": "3.1.0",
        "info": {
            "title": "oVirt API",
            "version": "4.5",
            "summary": "Virtual data centers: machines, hosts, storage and networks.",
            "description": ABOUT,
            "license": { "name": "Apache 2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/ovirt-engine/api" }],
        "security": [{ "token": [] }, { "password": [] }],
        "tags": tags,
        "paths": paths,
        "components": {
            "securitySchemes": {
                "token": {
                    "type": "oauth2",
                    "flows": { "password": {
                        "tokenUrl": "/ovirt-engine/sso/oauth/token",
                        "scopes": { "ovirt-app-api": "The API." },
                    } },
                },
                "password": { "type": "http", "scheme": "basic" },
            },
            "parameters": parameters(),
            "responses": responses(),
            "schemas": schemas(),
        },
    }))
}

fn path_item(path: &Path) -> Map<String, Value> {
    let ids: Vec<Value> = placeholders(path.path)
        .map(|name| {
            json!({
                "name": name,
                "in": "path",
                "required": true,
                "schema": { "type": "string" },
            })
        })
        .collect();
    let mut item = Map::new();
    if !ids.is_empty() {
        item.insert("parameters".to_owned(), Value::Array(ids));
    }
    item
}

fn described(offer: &Offer<'_>, path: &Path, operation: &Operation) -> Value {
    let served = (offer.served)(path, operation);
    let mut ids: String = placeholders(path.path).collect::<Vec<_>>().join("_");
    if ids.is_empty() {
        ids.push_str("all");
    }
    let words: Vec<&str> = path
        .path
        .split('/')
        .filter(|s| !s.is_empty() && !s.starts_with('{'))
        .collect();
    let mut out = json!({
        "operationId": format!("{}_{}_{}", words.join("_"), ids, operation.name),
        "summary": format!("{}.{}", path.service.name, operation.name),
        "tags": [group(path)],
    });
    let Some(members) = out.as_object_mut() else {
        return out;
    };
    if served.is_none() {
        members.insert(
            "x-subject".to_owned(),
            (offer.subject)(path, operation).into(),
        );
    }
    let mut names: BTreeSet<&str> = match operation.is_action() {
        true => BTreeSet::new(),
        false => operation.parameters.iter().copied().collect(),
    };
    names.extend(served.map_or(&[][..], |s| s.parameters));
    let names: Vec<Value> = names
        .iter()
        .filter(|name| parameter(name).is_some())
        .map(|name| json!({ "$ref": format!("#/components/parameters/{name}") }))
        .collect();
    if !names.is_empty() {
        members.insert("parameters".to_owned(), Value::Array(names));
    }
    let desc = (path.service.of)();
    let one = schema_of(desc);
    let body = match operation.method {
        _ if operation.is_action() => Some(json!({ "$ref": "#/components/schemas/Action" })),
        "POST" | "PUT" => Some(one.clone()),
        _ => None,
    };
    if let Some(body) = body {
        members.insert(
            "requestBody".to_owned(),
            json!({ "required": !operation.is_action(), "content": content(&body) }),
        );
    }
    let mut responses = Map::new();
    match (served.is_some(), operation.method) {
        (false, _) => {
            responses.insert("501".to_owned(), response("NotYet"));
        }
        (true, "POST") if operation.is_action() => {
            responses.insert("200".to_owned(), response("Done"));
        }
        (true, "DELETE") => {
            responses.insert("200".to_owned(), response("Done"));
        }
        (true, "POST") => {
            responses.insert("201".to_owned(), answers("It is there.", &one));
            responses.insert("202".to_owned(), answers("A job still works on it.", &one));
        }
        (true, _) if operation.is_list() => {
            responses.insert("200".to_owned(), answers("Its members.", &many(desc)));
        }
        (true, _) => {
            responses.insert("200".to_owned(), answers("It.", &one));
        }
    }
    responses.insert("default".to_owned(), response("Refused"));
    members.insert("responses".to_owned(), Value::Object(responses));
    out
}

fn response(name: &str) -> Value {
    json!({ "$ref": format!("#/components/responses/{name}") })
}

fn answers(words: &str, schema: &Value) -> Value {
    json!({ "description": words, "content": content(schema) })
}

fn content(schema: &Value) -> Value {
    json!({
        "application/json": { "schema": schema },
        "application/xml": { "schema": schema },
    })
}

fn responses() -> Value {
    let fault = json!({ "$ref": "#/components/schemas/Fault" });
    let action = json!({ "$ref": "#/components/schemas/Action" });
    json!({
        "Done": answers("It is done, or accepted; then the job goes on with it.", &action),
        "NotYet": answers("Not supported yet; the fault names service and operation.", &fault),
        "Refused": {
            "description": "Nothing was changed: 400 for what can't be read or can't be, 401, 403, 404, 405, 409 for \
    what the state of things does not allow, 412 when `If-Match` does not hold, 413, 501, 503. Actions answer an action \
    with a fault within.",
            "content": content(&json!({ "anyOf": [fault, action] })),
        },
    })
}

fn parameters() -> Value {
    let one = |kind: ParameterKind| match kind {
        ParameterKind::Flag => json!({ "type": "boolean" }),
        ParameterKind::Number => json!({ "type": "integer" }),
        ParameterKind::Text => json!({ "type": "string" }),
        ParameterKind::Choice(desc) => schema_named(desc.name),
    };
    PARAMETERS
        .iter()
        .map(|p| {
            let described = json!({
                "name": p.name,
                "in": "query",
                "description": p.doc,
                "schema": one(p.kind),
            });
            (p.name.to_owned(), described)
        })
        .collect::<Map<_, _>>()
        .into()
}

fn schemas() -> Value {
    let mut all: Map<String, Value> = Map::new();
    for desc in api_v4::enums::every::ALL {
        all.insert(desc.name.to_owned(), words_of(desc));
    }
    for desc in types() {
        all.insert(desc.name.to_owned(), record(desc));
    }
    all.insert(
        "Hyperlink".to_owned(),
        json!({
            "type": "object",
            "description": "Where something else is.",
            "properties": {
                "href": { "type": "string", "xml": { "attribute": true } },
                "rel": { "type": "string", "xml": { "attribute": true } },
            },
        }),
    );
    all.into()
}

fn words_of(desc: &EnumDesc) -> Value {
    json!({ "type": "string", "description": words(desc.doc), "enum": desc.words })
}

fn record(desc: &TypeDesc) -> Value {
    let mut properties: Map<String, Value> = Map::new();
    for field in desc.fields {
        properties.insert(field.name.to_owned(), property(field));
    }
    if desc.entity {
        let links = json!({
            "type": "array",
            "items": { "$ref": "#/components/schemas/Hyperlink" },
        });
        let attribute = json!({ "type": "string", "xml": { "attribute": true } });
        properties.insert("id".to_owned(), attribute.clone());
        properties.insert("href".to_owned(), attribute);
        properties.insert(
            "actions".to_owned(),
            json!({ "type": "object", "properties": { "link": links } }),
        );
        properties.insert("link".to_owned(), links);
    }
    json!({
        "type": "object",
        "description": words(desc.doc),
        "xml": { "name": desc.tag },
        "properties": properties,
    })
}

fn property(field: &FieldDesc) -> Value {
    let mut schema = match field.kind {
        Kind::List(Kind::Record(desc)) => many(desc()),
        Kind::List(kind) => list(field.item, &scalar(*kind)),
        Kind::Record(desc) => schema_of(desc()),
        kind => scalar(kind),
    };
    if field.linked
        && let Some(members) = schema.as_object_mut()
    {
        members.insert(
            "description".to_owned(),
            "A link, unless `follow` asks for it.".into(),
        );
    }
    schema
}

fn scalar(kind: Kind) -> Value {
    match kind {
        Kind::Boolean => json!({ "type": "string", "enum": ["true", "false"] }),
        Kind::Integer => json!({ "type": "string", "pattern": "^-?[0-9]+$" }),
        Kind::Decimal => json!({ "type": "number" }),
        Kind::Date => json!({ "type": "integer" }),
        Kind::Choice(desc) => schema_named(desc.name),
        Kind::Record(desc) => schema_of(desc()),
        Kind::Text | Kind::List(_) => json!({ "type": "string" }),
    }
}

fn many(desc: &TypeDesc) -> Value {
    list(desc.tag, &schema_of(desc))
}

fn list(tag: &str, item: &Value) -> Value {
    let mut members = Map::new();
    members.insert(tag.to_owned(), json!({ "type": "array", "items": item }));
    json!({ "type": "object", "properties": members })
}

fn schema_of(desc: &TypeDesc) -> Value {
    schema_named(desc.name)
}

fn schema_named(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}
