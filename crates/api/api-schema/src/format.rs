//! The two forms of a document, and writing a list piece by piece.

use crate::{Api, Limits, Problem, ReadError, Record, TypeDesc, json, xml};

/// A form of documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// XML.
    Xml,
    /// JSON.
    Json,
}

impl Format {
    /// The value of `Content-Type`.
    #[must_use]
    pub fn content_type(self) -> &'static str {
        match self {
            Format::Xml => "application/xml;charset=utf-8",
            Format::Json => "application/json;charset=utf-8",
        }
    }

    /// Reads one `T`. A body that begins with `<` is read as XML even when JSON was announced: some
    /// clients send `<action/>` so.
    ///
    /// # Errors
    /// Where and why the body can't be read.
    pub fn read<T: Api>(self, body: &[u8]) -> Result<T, ReadError> {
        let mut record = T::default();
        self.read_into(body, &mut record, Limits::DEFAULT)?;
        Ok(record)
    }

    /// Reads one `T`; an empty body is an empty `T` (actions may have none).
    ///
    /// # Errors
    /// Where and why the body can't be read.
    pub fn read_or_default<T: Api>(self, body: &[u8]) -> Result<T, ReadError> {
        if body.iter().all(u8::is_ascii_whitespace) {
            Ok(T::default())
        } else {
            self.read(body)
        }
    }

    /// Reads into `record`, which should be empty.
    ///
    /// # Errors
    /// Where and why the body can't be read; `record` may then hold a part of it.
    pub fn read_into(
        self,
        body: &[u8],
        record: &mut dyn Record,
        limits: Limits,
    ) -> Result<(), ReadError> {
        let text = check(body, record.desc().tag, limits)?;
        if self == Format::Xml || text.starts_with('<') {
            xml::read_into(text, record, limits)
        } else {
            json::read_into(text, record, limits)
        }
    }

    /// Reads many `T`.
    ///
    /// # Errors
    /// Where and why the body can't be read.
    pub fn read_list<T: Api>(self, body: &[u8]) -> Result<Vec<T>, ReadError> {
        let limits = Limits::DEFAULT;
        let desc = T::type_desc();
        let text = check(body, desc.list_tag, limits)?;
        let mut items: Vec<T> = Vec::new();
        if self == Format::Xml || text.starts_with('<') {
            xml::read_list_into(text, desc, &mut items, limits)?;
        } else {
            json::read_list_into(text, desc, &mut items, limits)?;
        }
        Ok(items)
    }

    /// One document of one record.
    #[must_use]
    pub fn write(self, record: &dyn Record) -> String {
        let mut out = String::with_capacity(1024);
        match self {
            Format::Xml => {
                out.push_str(xml::DECLARATION);
                xml::write(&mut out, record.desc().tag, record);
            }
            Format::Json => json::write(&mut out, record),
        }
        out
    }

    /// One document of many records of the type `desc`.
    #[must_use]
    pub fn write_list<'a>(
        self,
        desc: &'static TypeDesc,
        records: impl IntoIterator<Item = &'a dyn Record>,
    ) -> String {
        let mut out = String::new();
        let mut list = ListWriter::new(self, desc);
        for record in records {
            list.item(&mut out, record);
        }
        list.end(&mut out);
        out
    }
}

/// The body as text without a byte order mark and leading white space.
fn check<'a>(body: &'a [u8], expected: &str, limits: Limits) -> Result<&'a str, ReadError> {
    let whole = |problem| ReadError {
        path: String::new(),
        problem,
    };
    if body.len() > limits.bytes {
        return Err(whole(Problem::Limit {
            what: "bytes",
            most: limits.bytes,
        }));
    }
    let text = std::str::from_utf8(body).map_err(|e| whole(Problem::NotUtf8(e.valid_up_to())))?;
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.is_empty() {
        return Err(whole(Problem::Empty(format!("`{expected}`"))));
    }
    Ok(text)
}

/// Writes a list item by item, so that a long one never stands in memory as a whole: call `item` for
/// each, hand on what was written, `end` at last.
#[derive(Debug)]
pub struct ListWriter {
    format: Format,
    desc: &'static TypeDesc,
    begun: bool,
}

impl ListWriter {
    /// A list of records of the type `desc`.
    #[must_use]
    pub fn new(format: Format, desc: &'static TypeDesc) -> Self {
        ListWriter {
            format,
            desc,
            begun: false,
        }
    }

    /// Adds one.
    pub fn item(&mut self, out: &mut String, record: &dyn Record) {
        match self.format {
            Format::Xml => {
                if !self.begun {
                    self.xml_begin(out);
                }
                xml::write(out, self.desc.tag, record);
            }
            Format::Json => {
                if self.begun {
                    out.push(',');
                } else {
                    out.push_str("{\"");
                    out.push_str(self.desc.tag);
                    out.push_str("\":[");
                }
                json::write(out, record);
            }
        }
        self.begun = true;
    }

    /// Ends the list.
    pub fn end(self, out: &mut String) {
        match (self.format, self.begun) {
            (Format::Json, true) => out.push_str("]}"),
            (Format::Json, false) => out.push_str("{}"),
            (Format::Xml, begun) => {
                if !begun {
                    self.xml_begin(out);
                }
                out.push_str("</");
                out.push_str(self.desc.list_tag);
                out.push('>');
            }
        }
    }

    fn xml_begin(&self, out: &mut String) {
        out.push_str(xml::DECLARATION);
        out.push('<');
        out.push_str(self.desc.list_tag);
        out.push('>');
    }
}
