//! What can be wrong with a body, said so that its writer can mend it.

use crate::{EnumDesc, Kind};
use std::fmt;

/// The most that a reader takes from one body.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of the whole body.
    pub bytes: usize,
    /// Elements within elements.
    pub depth: usize,
    /// Elements in all.
    pub elements: usize,
}

impl Limits {
    /// 16 MiB (an OVF document of a large machine fits), 64 deep, 200,000 elements.
    pub const DEFAULT: Limits = Limits {
        bytes: 16 << 20,
        depth: 64,
        elements: 200_000,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Limits::DEFAULT
    }
}

/// Where in a body something is wrong, and what.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{problem}", At(path))]
pub struct ReadError {
    /// The element (`vm.cpu.topology.cores`, `vm.nics[1].name`); empty for the whole body.
    pub path: String,
    /// What is wrong.
    pub problem: Problem,
}

struct At<'a>(&'a str);
impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            Ok(())
        } else {
            write!(f, "`{}`: ", self.0)
        }
    }
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// Nothing was sent.
    #[error("the body is empty; expected {0}")]
    Empty(String),
    /// Not XML or not JSON.
    #[error("the body is not well-formed {format} near byte {at}: {why}")]
    Malformed {
        /// `XML` or `JSON`.
        format: &'static str,
        /// Offset of the trouble.
        at: usize,
        /// The parser's words.
        why: String,
    },
    /// Not UTF-8.
    #[error("the body is not UTF-8 (byte {0}); no other encoding is read")]
    NotUtf8(usize),
    /// Another document than wanted.
    #[error("found `<{found}>`; expected `<{expected}>`")]
    Root {
        /// Its root element.
        found: String,
        /// What it should be.
        expected: String,
    },
    /// A scalar that can't be read.
    #[error("`{found}` is not allowed; expected {expected}")]
    Value {
        /// The text, cut.
        found: String,
        /// What it should be.
        expected: Expected,
    },
    /// A struct, list or scalar where another of them belongs.
    #[error("found {found}; expected {expected}")]
    Shape {
        /// What is there.
        found: &'static str,
        /// What it should be.
        expected: Expected,
    },
    /// An element that may stand once.
    #[error("it is given twice")]
    Twice,
    /// `<!DOCTYPE`.
    #[error("a document type declaration is not allowed")]
    Doctype,
    /// `&x;` of an unknown `x`.
    #[error(
        "`&{0};` is not allowed; expected one of &lt; &gt; &amp; &quot; &apos; or a character reference"
    )]
    Entity(String),
    /// A character that XML can't carry.
    #[error("the character reference `&{0};` names no character that XML 1.0 allows")]
    Character(String),
    /// Too large in some way.
    #[error("more than {most} {what} are not read")]
    Limit {
        /// Bytes, levels, elements.
        what: &'static str,
        /// The limit.
        most: usize,
    },
}

/// What a value should have been.
#[derive(Clone, Copy, Debug)]
pub enum Expected {
    /// A boolean.
    Boolean,
    /// An integer.
    Integer,
    /// A number.
    Decimal,
    /// A date.
    Date,
    /// One of these.
    Choice(&'static EnumDesc),
    /// Text.
    Text,
    /// A struct.
    Record,
    /// A list.
    List,
}

impl Expected {
    /// What is expected where something of `kind` belongs.
    #[must_use]
    pub fn of(kind: Kind) -> Self {
        match kind {
            Kind::Text => Expected::Text,
            Kind::Boolean => Expected::Boolean,
            Kind::Integer => Expected::Integer,
            Kind::Decimal => Expected::Decimal,
            Kind::Date => Expected::Date,
            Kind::Choice(desc) => Expected::Choice(desc),
            Kind::Record(_) => Expected::Record,
            Kind::List(_) => Expected::List,
        }
    }
}

/// More words than this are not listed in a message.
const WORDS_SHOWN: usize = 24;

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Expected::Boolean => "`true` or `false`",
            Expected::Integer => "a whole number between -2^63 and 2^63-1",
            Expected::Decimal => "a number",
            Expected::Date => "a date such as 2026-11-22T05:00:00.000+00:00",
            Expected::Text => "text",
            Expected::Record => "an object",
            Expected::List => "a list",
            Expected::Choice(desc) => return one_of(desc.words, f),
        })
    }
}

fn one_of(words: &[&str], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str("one of ")?;
    for (i, word) in words.iter().take(WORDS_SHOWN).enumerate() {
        write!(f, "{}`{word}`", if i == 0 { "" } else { ", " })?;
    }
    f.write_str(if words.len() > WORDS_SHOWN {
        ", …"
    } else {
        ""
    })
}

impl PartialEq for Expected {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Expected::Choice(a), Expected::Choice(b)) => std::ptr::eq(*a, *b),
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }
}
impl Eq for Expected {}

/// Where a reader is; printed only when something is wrong.
#[derive(Debug, Default)]
pub(crate) struct Path {
    parts: Vec<Part>,
}

#[derive(Debug)]
enum Part {
    Name(&'static str),
    Item(usize),
}

impl Path {
    pub(crate) fn at(root: &'static str) -> Self {
        Path {
            parts: vec![Part::Name(root)],
        }
    }
    pub(crate) fn enter(&mut self, name: &'static str) {
        self.parts.push(Part::Name(name));
    }
    pub(crate) fn enter_item(&mut self, index: usize) {
        self.parts.push(Part::Item(index));
    }
    pub(crate) fn leave(&mut self) {
        self.parts.pop();
    }
    pub(crate) fn error(&self, problem: Problem) -> ReadError {
        let mut path = String::new();
        for part in &self.parts {
            match part {
                Part::Name(name) if path.is_empty() => path.push_str(name),
                Part::Name(name) => {
                    path.push('.');
                    path.push_str(name);
                }
                Part::Item(index) => path.push_str(&format!("[{index}]")),
            }
        }
        ReadError { path, problem }
    }
    pub(crate) fn bad_value(&self, found: &str, expected: Expected) -> ReadError {
        let mut shown: String = found.chars().take(64).collect();
        if shown.len() < found.len() {
            shown.push('…');
        }
        self.error(Problem::Value {
            found: shown,
            expected,
        })
    }
}
