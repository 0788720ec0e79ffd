//! A small tree of XML elements: what libvirt's texts need and no more.

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};
use std::fmt::Write;

/// Elements inside elements; libvirt's deepest text has about ten levels.
const MAX_DEPTH: usize = 64;

/// A text can't be written or read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum XmlError {
    /// No XML, or not as libvirt writes it.
    #[error("libvirt's XML cannot be read: {0}")]
    Malformed(String),
    /// Something that must be there is missing.
    #[error("libvirt's XML has no {0}")]
    Missing(&'static str),
    /// The machine can't be described in XML; a whole sentence.
    #[error("{0}")]
    Unfit(String),
}

/// An element with its attributes, children and text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Node {
    /// Name as written, with its prefix.
    pub name: String,
    /// In order.
    pub attributes: Vec<(String, String)>,
    /// In order.
    pub children: Vec<Node>,
    /// All text directly inside, without white space around.
    pub text: String,
}

impl Node {
    /// An empty element.
    pub fn new(name: &str) -> Self {
        Node {
            name: name.into(),
            ..Node::default()
        }
    }
    /// An element that holds text only.
    pub fn text(name: &str, text: impl ToString) -> Self {
        Node {
            name: name.into(),
            text: text.to_string(),
            ..Node::default()
        }
    }
    /// The same with one more attribute.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.attributes.push((name.into(), value.to_string()));
        self
    }
    /// The same with one more child.
    #[must_use]
    pub fn child(mut self, child: Node) -> Self {
        self.children.push(child);
        self
    }
    /// The same with one more child where there is one.
    #[must_use]
    pub fn maybe(mut self, child: Option<Node>) -> Self {
        self.children.extend(child);
        self
    }
    /// The same with more children.
    #[must_use]
    pub fn children(mut self, children: impl IntoIterator<Item = Node>) -> Self {
        self.children.extend(children);
        self
    }

    /// An attribute's value.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(n, _)| n == name);
        found.map(|(_, value)| value.as_str())
    }
    /// The name without its prefix.
    #[must_use]
    pub fn local_name(&self) -> &str {
        self.name.rsplit(':').next().unwrap_or(&self.name)
    }
    /// Children with this name (without prefix).
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Node> {
        self.children.iter().filter(move |c| c.local_name() == name)
    }
    /// The first descendant at a path of names such as `devices/graphics`.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<&Node> {
        path.split('/').try_fold(self, |node, name| {
            node.children.iter().find(|c| c.local_name() == name)
        })
    }
    /// The text of the first descendant at a path.
    #[must_use]
    pub fn find_text(&self, path: &str) -> Option<&str> {
        self.find(path).map(|node| node.text.as_str())
    }

    /// The element as a document, indented by two spaces.
    #[must_use]
    pub fn to_xml(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, 0);
        out
    }

    fn write(&self, out: &mut String, depth: usize) {
        let pad = "  ".repeat(depth);
        let _ = write!(out, "{pad}<{}", self.name);
        for (name, value) in &self.attributes {
            let _ = write!(out, " {name}='");
            escape(out, value);
            out.push('\'');
        }
        if self.children.is_empty() && self.text.is_empty() {
            out.push_str("/>\n");
            return;
        }
        out.push('>');
        escape(out, &self.text);
        if !self.children.is_empty() {
            out.push('\n');
            for child in &self.children {
                child.write(out, depth + 1);
            }
            out.push_str(&pad);
        }
        let _ = writeln!(out, "</{}>", self.name);
    }

    /// Reads a document.
    ///
    /// # Errors
    /// `Malformed` with the place and the reason.
    pub fn parse(text: &str) -> Result<Node, XmlError> {
        let mut reader = Reader::from_str(text);
        let mut open: Vec<Node> = Vec::new();
        loop {
            let event = reader.read_event().map_err(|e| {
                XmlError::Malformed(format!("{e} at byte {}", reader.error_position()))
            })?;
            let closed = match event {
                Event::Start(start) => {
                    if open.len() >= MAX_DEPTH {
                        return Err(XmlError::Malformed(format!(
                            "more than {MAX_DEPTH} elements inside each other"
                        )));
                    }
                    open.push(element(&start)?);
                    None
                }
                Event::Empty(start) => Some(element(&start)?),
                Event::End(_) => open.pop(),
                Event::Text(text) => {
                    text_add(open.last_mut(), &text);
                    None
                }
                Event::CData(text) => {
                    text_add(open.last_mut(), &text);
                    None
                }
                Event::GeneralRef(reference) => {
                    text_add(open.last_mut(), &reference_read(&reference)?);
                    None
                }
                Event::Eof => return Err(XmlError::Malformed("the text ends too early".into())),
                _ => None,
            };
            let Some(mut node) = closed else { continue };
            node.text = node.text.trim().to_owned();
            match open.last_mut() {
                Some(parent) => parent.children.push(node),
                None => return Ok(node),
            }
        }
    }
}

fn malformed(error: impl std::fmt::Display) -> XmlError {
    XmlError::Malformed(error.to_string())
}

fn text_add(node: Option<&mut Node>, text: &str) {
    if let Some(node) = node {
        node.text.push_str(text);
    }
}

fn element(start: &BytesStart<'_>) -> Result<Node, XmlError> {
    let mut node = Node::new(start.name().as_ref());
    for attribute in start.attributes() {
        let attribute = attribute.map_err(malformed)?;
        let value = quick_xml::escape::unescape(&attribute.value).map_err(malformed)?;
        let name = attribute.key.as_ref().to_owned();
        node.attributes.push((name, value.into_owned()));
    }
    Ok(node)
}

fn reference_read(reference: &BytesRef<'_>) -> Result<String, XmlError> {
    if let Some(character) = reference.resolve_char_ref().map_err(malformed)? {
        return Ok(character.to_string());
    }
    let name: &str = reference;
    quick_xml::escape::resolve_predefined_entity(name)
        .map(str::to_owned)
        .ok_or_else(|| XmlError::Malformed(format!("unknown entity `{name}`")))
}

fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\'' => out.push_str("&apos;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let node = Node::new("domain")
            .with("type", "qemu")
            .child(Node::text("name", "Bäcker & <Söhne> 'x' \"y\""))
            .child(Node::new("devices").child(Node::new("disk").with("file", "a'b<c>&\"")));
        assert_eq!(Node::parse(&node.to_xml()).unwrap(), node);
    }

    #[test]
    fn prefixes_are_looked_through_and_references_resolved() {
        let node = Node::parse("<?xml version='1.0'?><a><p:b x='&#xe4;'>1&lt;2&#228;</p:b></a>");
        let node = node.unwrap();
        assert_eq!(node.find_text("b"), Some("1<2ä"));
        assert_eq!(node.find("b").unwrap().attribute("x"), Some("ä"));
    }

    #[test]
    fn broken_texts_are_refused_with_a_reason() {
        let deep = format!("{}{}", "<a>".repeat(99), "</a>".repeat(99));
        for bad in ["", "x", "<a>", "<a></b>", "<a b=c/>", "<a>&x;</a>", &deep] {
            assert!(
                matches!(Node::parse(bad), Err(XmlError::Malformed(_))),
                "{bad}"
            );
        }
    }
}
