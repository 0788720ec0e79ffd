//! One reader for every type, over a pull parser: memory grows with the record, not the body.
//!
//! What is not known is passed over, as oVirt does. Not read: document types, entities other than
//! the five, other encodings than UTF-8.

use super::chars::{Reference, allowed, resolve};
use crate::error::Path;
use crate::{Expected, Kind, Limits, Link, List, Open, Problem, ReadError, Record, TypeDesc, View};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::borrow::Cow;

/// Reads one element into `record`; the root must be its tag.
///
/// # Errors
/// Where and why it can't be read.
pub fn read_into(text: &str, record: &mut dyn Record, limits: Limits) -> Result<(), ReadError> {
    let tag = record.desc().tag;
    let mut source = Source::new(text, tag, limits)?;
    let root = source.root(tag)?;
    source.record(&root, record)?;
    source.nothing_more()
}

/// Reads an element with many items into `list`; the root must be the type's list tag.
///
/// # Errors
/// Where and why it can't be read.
pub fn read_list_into(
    text: &str,
    desc: &'static TypeDesc,
    list: &mut dyn List,
    limits: Limits,
) -> Result<(), ReadError> {
    let mut source = Source::new(text, desc.list_tag, limits)?;
    source.root(desc.list_tag)?;
    source.list(None, list)?;
    source.nothing_more()
}

/// What the readers below see of a document.
enum Piece<'a> {
    Start(BytesStart<'a>),
    End,
    Text(Cow<'a, str>),
    Eof,
}

struct Source<'a> {
    parser: Reader<&'a [u8]>,
    limits: Limits,
    depth: usize,
    elements: usize,
    path: Path,
}

impl<'a> Source<'a> {
    fn new(text: &'a str, root: &'static str, limits: Limits) -> Result<Self, ReadError> {
        let path = Path::at(root);
        if let Some((at, bad)) = text.char_indices().find(|(_, c)| !allowed(*c)) {
            return Err(path.error(Problem::Malformed {
                format: "XML",
                at,
                why: format!("the character U+{:04X} is not allowed", u32::from(bad)),
            }));
        }
        let mut parser = Reader::from_str(text);
        parser.config_mut().expand_empty_elements = true;
        Ok(Source {
            parser,
            limits,
            depth: 0,
            elements: 0,
            path,
        })
    }

    fn malformed(&self, why: impl ToString) -> ReadError {
        self.path.error(Problem::Malformed {
            format: "XML",
            at: usize::try_from(self.parser.error_position()).unwrap_or(usize::MAX),
            why: why.to_string(),
        })
    }

    fn next(&mut self) -> Result<Piece<'a>, ReadError> {
        loop {
            let event = match self.parser.read_event() {
                Ok(event) => event,
                Err(e) => return Err(self.malformed(e)),
            };
            match event {
                Event::Start(start) => {
                    self.depth += 1;
                    self.elements += 1;
                    if self.depth > self.limits.depth {
                        return Err(self.too_much("levels of elements", self.limits.depth));
                    }
                    if self.elements > self.limits.elements {
                        return Err(self.too_much("elements", self.limits.elements));
                    }
                    return Ok(Piece::Start(start));
                }
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    return Ok(Piece::End);
                }
                Event::Text(text) => {
                    return Ok(Piece::Text(Cow::Owned(text.xml10_content().into_owned())));
                }
                Event::CData(text) => {
                    return Ok(Piece::Text(Cow::Owned(text.xml10_content().into_owned())));
                }
                Event::GeneralRef(name) => {
                    let c = self.reference(&name)?;
                    return Ok(Piece::Text(Cow::Owned(c.to_string())));
                }
                Event::DocType(_) => return Err(self.path.error(Problem::Doctype)),
                Event::Eof => return Ok(Piece::Eof),
                // `expand_empty_elements` turns these into a start and an end.
                Event::Empty(start) => return Ok(Piece::Start(start)),
                Event::Comment(_) | Event::PI(_) | Event::Decl(_) => {}
            }
        }
    }

    fn too_much(&self, what: &'static str, most: usize) -> ReadError {
        self.path.error(Problem::Limit { what, most })
    }

    fn reference(&self, name: &str) -> Result<char, ReadError> {
        let shown = || name.chars().take(32).collect();
        match resolve(name) {
            Reference::Character(c) => Ok(c),
            Reference::Forbidden => Err(self.path.error(Problem::Character(shown()))),
            Reference::Unknown => Err(self.path.error(Problem::Entity(shown()))),
        }
    }

    fn root(&mut self, tag: &str) -> Result<BytesStart<'a>, ReadError> {
        loop {
            match self.next()? {
                Piece::Start(start) if start.name().0 == tag => return Ok(start),
                Piece::Start(start) => {
                    return Err(ReadError {
                        path: String::new(),
                        problem: Problem::Root {
                            found: start.name().0.chars().take(64).collect(),
                            expected: tag.to_owned(),
                        },
                    });
                }
                Piece::Text(text) if is_blank(&text) => {}
                Piece::Text(_) | Piece::End => {
                    return Err(self.malformed("text stands before the root element"));
                }
                Piece::Eof => return Err(self.malformed("there is no element")),
            }
        }
    }

    fn nothing_more(&mut self) -> Result<(), ReadError> {
        loop {
            match self.next()? {
                Piece::Eof => return Ok(()),
                Piece::Text(text) if is_blank(&text) => {}
                _ => return Err(self.malformed("something follows the root element")),
            }
        }
    }

    /// Reads up to the end of the element that `start` began.
    fn record(&mut self, start: &BytesStart<'_>, record: &mut dyn Record) -> Result<(), ReadError> {
        if let Some(identity) = record.identity_mut() {
            for (name, value) in self.attributes(start)? {
                match name {
                    "id" => *identity.id = Some(value),
                    "href" => *identity.href = Some(value),
                    _ => {}
                }
            }
        }
        let desc = record.desc();
        loop {
            match self.next()? {
                Piece::End => return Ok(()),
                Piece::Eof => return Err(self.cut()),
                Piece::Text(text) if is_blank(&text) => {}
                Piece::Text(_) => return Err(self.shape("text", Expected::Record)),
                Piece::Start(start) => match desc.field(start.name().0) {
                    Some(index) => {
                        self.path.enter(desc.fields[index].name);
                        self.field(&start, desc.fields[index].kind, record, index)?;
                        self.path.leave();
                    }
                    None if desc.entity => self.common(&start, record)?,
                    None => self.skip()?,
                },
            }
        }
    }

    fn field(
        &mut self,
        start: &BytesStart<'_>,
        kind: Kind,
        record: &mut dyn Record,
        index: usize,
    ) -> Result<(), ReadError> {
        let Some(slot) = record.slot_mut(index) else {
            return self.skip();
        };
        // Nobody can know which of the two is meant.
        if !matches!(slot.view(), View::Absent) {
            return Err(self.path.error(Problem::Twice));
        }
        match slot.open() {
            Open::Record(inner) => self.record(start, inner),
            Open::List(list) => {
                let items = match kind {
                    Kind::List(Kind::Record(_)) => None,
                    Kind::List(kind) => Some(*kind),
                    _ => None,
                };
                self.list(items, list)
            }
            Open::Scalar => {
                let text = self.text(kind)?;
                slot.set_text(&text)
                    .map_err(|expected| self.path.bad_value(&text, expected))
            }
        }
    }

    /// Reads items up to the end of their wrapper; `scalars` is their kind unless they are records.
    /// The tag of an item is not looked at, as in oVirt's own readers.
    fn list(&mut self, scalars: Option<Kind>, list: &mut dyn List) -> Result<(), ReadError> {
        let mut index = 0;
        loop {
            match self.next()? {
                Piece::End => return Ok(()),
                Piece::Eof => return Err(self.cut()),
                Piece::Text(text) if is_blank(&text) => {}
                Piece::Text(_) => return Err(self.shape("text", Expected::List)),
                Piece::Start(start) if start.name().0 == "link" => self.skip()?,
                Piece::Start(start) => {
                    self.path.enter_item(index);
                    match scalars {
                        Some(kind) => {
                            let text = self.text(kind)?;
                            list.add_text(&text)
                                .map_err(|expected| self.path.bad_value(&text, expected))?;
                        }
                        None => match list.add() {
                            Open::Record(inner) => self.record(&start, inner)?,
                            Open::Scalar | Open::List(_) => self.skip()?,
                        },
                    }
                    self.path.leave();
                    index += 1;
                }
            }
        }
    }

    /// The text up to the end of a scalar's element.
    fn text(&mut self, kind: Kind) -> Result<String, ReadError> {
        let mut text = String::new();
        loop {
            match self.next()? {
                Piece::End => return Ok(text),
                Piece::Eof => return Err(self.cut()),
                Piece::Text(more) => text.push_str(&more),
                Piece::Start(_) => return Err(self.shape("an element", Expected::of(kind))),
            }
        }
    }

    /// What every entity may have besides its own elements.
    fn common(&mut self, start: &BytesStart<'_>, record: &mut dyn Record) -> Result<(), ReadError> {
        let Some(identity) = record.identity_mut() else {
            return self.skip();
        };
        match start.name().0 {
            "id" => {
                *identity.id = Some(self.text(Kind::Text)?);
                Ok(())
            }
            "link" => {
                let link = self.link(start)?;
                identity.links.extend(link);
                self.skip()
            }
            "actions" => loop {
                match self.next()? {
                    Piece::End => return Ok(()),
                    Piece::Eof => return Err(self.cut()),
                    Piece::Text(_) => {}
                    Piece::Start(start) => {
                        let link = self.link(&start)?;
                        identity.actions.extend(link);
                        self.skip()?;
                    }
                }
            },
            _ => self.skip(),
        }
    }

    fn link(&self, start: &BytesStart<'_>) -> Result<Option<Link>, ReadError> {
        let (mut rel, mut href) = (None, None);
        for (name, value) in self.attributes(start)? {
            match name {
                "rel" => rel = Some(value),
                "href" => href = Some(value),
                _ => {}
            }
        }
        Ok(rel.zip(href).map(|(rel, href)| Link::new(rel, href)))
    }

    /// Passes over the rest of an element that nobody knows.
    fn skip(&mut self) -> Result<(), ReadError> {
        let outside = self.depth.saturating_sub(1);
        loop {
            match self.next()? {
                Piece::End if self.depth == outside => return Ok(()),
                Piece::Eof => return Err(self.cut()),
                _ => {}
            }
        }
    }

    fn attributes<'s>(
        &self,
        start: &'s BytesStart<'_>,
    ) -> Result<Vec<(&'s str, String)>, ReadError> {
        /// No element of the API has more than two.
        const MOST: usize = 32;
        let mut found = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|e| self.malformed(e))?;
            if found.len() == MOST {
                return Err(self.too_much("attributes", MOST));
            }
            let value = self.unescape(&attribute.value)?;
            found.push((attribute.key.0, value));
        }
        Ok(found)
    }

    fn unescape(&self, raw: &str) -> Result<String, ReadError> {
        let mut value = String::with_capacity(raw.len());
        let mut rest = raw;
        while let Some(at) = rest.find('&') {
            push_normalized(&mut value, &rest[..at]);
            let after = &rest[at + 1..];
            let Some(end) = after.find(';') else {
                return Err(self.malformed("`&` without `;` in an attribute"));
            };
            value.push(self.reference(&after[..end])?);
            rest = &after[end + 1..];
        }
        push_normalized(&mut value, rest);
        Ok(value)
    }

    fn cut(&self) -> ReadError {
        self.malformed("the document ends within an element")
    }

    fn shape(&self, found: &'static str, expected: Expected) -> ReadError {
        self.path.error(Problem::Shape { found, expected })
    }
}

/// White space within an attribute is a space, unless it was written as a reference.
fn push_normalized(out: &mut String, raw: &str) {
    out.extend(raw.chars().map(|c| match c {
        '\t' | '\n' | '\r' => ' ',
        c => c,
    }));
}

fn is_blank(text: &str) -> bool {
    text.bytes()
        .all(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r'))
}
