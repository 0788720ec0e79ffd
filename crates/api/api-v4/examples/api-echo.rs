//! Reads a document of the API and writes it again, so that other programs' readers and writers can
//! be held against ours (`tests/sdk/test_types.py`).
//!
//! `api-echo types` lists the tags of all types; `api-echo fill TAG SEED` writes an XML document with
//! arbitrary content; `api-echo echo TAG FROM TO` reads standard input as FROM (`xml`, `json`) and
//! writes TO.

#![recursion_limit = "1024"]

use api_schema::fill::{Extent, fill, numbers};
use api_schema::{Format, Limits, Record};
use std::error::Error;
use std::io::{Read as _, Write as _};

const USAGE: &str = "usage: api-echo types | fill TAG SEED | echo TAG xml|json xml|json";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let text = match words[..] {
        ["types"] => types(),
        ["fill", tag, seed] => {
            let mut record = new(tag)?;
            let extent = Extent {
                depth: 2,
                links: false,
            };
            fill(&mut *record, extent, &mut numbers(seed.parse()?));
            Format::Xml.write(&*record)
        }
        ["echo", tag, from, to] => {
            let mut body = Vec::new();
            std::io::stdin().read_to_end(&mut body)?;
            let mut record = new(tag)?;
            format(from)?.read_into(&body, &mut *record, Limits::DEFAULT)?;
            format(to)?.write(&*record)
        }
        _ => return Err(USAGE.into()),
    };
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(())
}

fn types() -> String {
    let mut lines = String::new();
    for new in api_v4::NEW {
        let desc = new().desc();
        lines.push_str(&format!("{} {} {}\n", desc.name, desc.tag, desc.list_tag));
    }
    lines
}

fn new(tag: &str) -> Result<Box<dyn Record>, Box<dyn Error>> {
    api_v4::NEW
        .iter()
        .map(|new| new())
        .find(|record| record.desc().tag == tag)
        .ok_or_else(|| format!("there is no type `{tag}`").into())
}

fn format(word: &str) -> Result<Format, Box<dyn Error>> {
    match word {
        "xml" => Ok(Format::Xml),
        "json" => Ok(Format::Json),
        _ => Err(USAGE.into()),
    }
}
