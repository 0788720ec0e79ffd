//! Transcripts: requests with the answers that are expected, as text.
//!
//! ```text
//! ### a title
//! > POST /ovirt-engine/api/vms
//! > Accept: application/json
//! >
//! > <vm>...</vm>
//! < 201
//! < Content-Type: application/xml*
//! <
//! < <vm href="{{href}}" id="{{vm}}">{{*}}</vm>
//! ```
//!
//! `{{*}}` is any text; `{{name}}` is text without quotes, angle brackets and commas that is kept
//! under that name, and the same text where the name is known. Lines of an expected body are joined
//! without their leading spaces. `* settle` waits for jobs; `* operator` sends to the operator's door.
//! `Authorization: {{token}}` stands for a fresh bearer token.

use super::{Reply, World};
use axum::body::Body;
use http::Request;
use std::collections::BTreeMap;

#[derive(Default)]
struct Exchange {
    title: String,
    operator: bool,
    settle: bool,
    request: Vec<String>,
    reply: Vec<String>,
}

/// Plays a transcript from its beginning.
pub async fn play(world: &World, name: &str, text: &str) {
    let token = world.token().await;
    let mut known = BTreeMap::from([
        ("token".to_owned(), format!("Bearer {token}")),
        ("secret".to_owned(), token),
    ]);
    for exchange in parse(text) {
        let place = format!("{name}: {}", exchange.title);
        let reply = send(world, &exchange, &known).await;
        compare(&place, &exchange.reply, &reply, &mut known);
        if exchange.settle {
            world.settle().await;
        }
    }
}

fn parse(text: &str) -> Vec<Exchange> {
    let mut all: Vec<Exchange> = Vec::new();
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("### ") {
            all.push(Exchange {
                title: title.to_owned(),
                ..Exchange::default()
            });
            continue;
        }
        let Some(now) = all.last_mut() else { continue };
        match line.split_at_checked(1) {
            Some((">", rest)) => now
                .request
                .push(rest.strip_prefix(' ').unwrap_or(rest).to_owned()),
            Some(("<", rest)) => now
                .reply
                .push(rest.strip_prefix(' ').unwrap_or(rest).to_owned()),
            Some(("*", rest)) => match rest.trim() {
                "settle" => now.settle = true,
                "operator" => now.operator = true,
                other => panic!("unknown directive `{other}` in `{}`", now.title),
            },
            _ => assert!(
                line.trim().is_empty(),
                "stray line `{line}` in `{}`",
                now.title
            ),
        }
    }
    all
}

fn fill(text: &str, known: &BTreeMap<String, String>) -> String {
    let mut text = text.to_owned();
    for (name, value) in known {
        text = text.replace(&format!("{{{{{name}}}}}"), value);
    }
    text
}

async fn send(world: &World, exchange: &Exchange, known: &BTreeMap<String, String>) -> Reply {
    let lines: Vec<String> = exchange.request.iter().map(|l| fill(l, known)).collect();
    let (method, path) = lines[0].split_once(' ').expect("METHOD path");
    let mut request = Request::builder().method(method).uri(path);
    let head_end = lines
        .iter()
        .position(String::is_empty)
        .unwrap_or(lines.len());
    for header in &lines[1..head_end] {
        let (name, value) = header.split_once(": ").expect("Name: value");
        request = request.header(name, value);
    }
    let body = lines.get(head_end + 1..).unwrap_or_default().join("\n");
    let request = request.body(Body::from(body)).expect("a sound request");
    if exchange.operator {
        world.send_operator(request).await
    } else {
        world.send(request).await
    }
}

fn compare(place: &str, expected: &[String], reply: &Reply, known: &mut BTreeMap<String, String>) {
    let body = reply.text();
    assert_eq!(
        expected[0].trim(),
        reply.status.as_u16().to_string(),
        "{place}: status; the body is {body}"
    );
    let head_end = expected
        .iter()
        .position(String::is_empty)
        .unwrap_or(expected.len());
    for header in &expected[1..head_end] {
        let (name, value) = header.split_once(": ").expect("Name: value");
        let found = reply.header(&name.to_ascii_lowercase());
        let ok = match value.strip_suffix('*') {
            Some(start) => found.starts_with(start),
            None => found == fill(value, known),
        };
        assert!(
            ok,
            "{place}: header {name} is `{found}`, expected `{value}`"
        );
    }
    let Some(wanted) = expected.get(head_end + 1..) else {
        return;
    };
    let wanted: String = wanted.iter().map(|l| l.trim_start()).collect();
    let tokens = tokens(&wanted);
    assert!(
        fits(&tokens, body.trim_end(), known),
        "{place}: the body\n{body}\ndoes not fit\n{wanted}\nwith {known:?}"
    );
}

enum Token {
    Text(String),
    Any,
    Name(String),
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(mut at) = rest.find("{{") {
        // The first of three braces stands for itself.
        if rest[at..].starts_with("{{{") {
            at += 1;
        }
        let (name, behind) = rest[at + 2..].split_once("}}").expect("closing braces");
        tokens.push(Token::Text(rest[..at].to_owned()));
        tokens.push(match name {
            "*" => Token::Any,
            name => Token::Name(name.to_owned()),
        });
        rest = behind;
    }
    tokens.push(Token::Text(rest.to_owned()));
    tokens
}

fn fits(tokens: &[Token], text: &str, known: &mut BTreeMap<String, String>) -> bool {
    let Some((first, rest)) = tokens.split_first() else {
        return text.is_empty();
    };
    match first {
        Token::Text(wanted) => text
            .strip_prefix(wanted.as_str())
            .is_some_and(|t| fits(rest, t, known)),
        Token::Any => text
            .char_indices()
            .map(|(at, _)| at)
            .chain([text.len()])
            .any(|at| fits(rest, &text[at..], known)),
        Token::Name(name) => {
            if let Some(value) = known.get(name).cloned() {
                return text
                    .strip_prefix(value.as_str())
                    .is_some_and(|t| fits(rest, t, known));
            }
            let end = text.find(['"', '<', '>', ',', '\n']).unwrap_or(text.len());
            for at in (1..=end).rev().filter(|at| text.is_char_boundary(*at)) {
                known.insert(name.clone(), text[..at].to_owned());
                if fits(rest, &text[at..], known) {
                    return true;
                }
                known.remove(name);
            }
            false
        }
    }
}
