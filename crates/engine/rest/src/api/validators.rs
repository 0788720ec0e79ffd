//! ETags of entities, and requests that hold only for a certain state of one (`If-Match`,
//! `If-None-Match`).
//!
//! A tag is a digest of the entity as it is written, a letter for the form (`x`, `j`), and between them,
//! where links were followed, a digest of the whole. `If-Match` looks at the entity alone, so that what was
//! read together with its links can be changed, too. Compressed answers have tags of their own
//! (`-gzip`), which mean the same entity.

use super::answer::Answer;
use api_schema::{Format, Record};
use base::{Fault, FaultKind};
use http::HeaderMap;
use http::header::{HeaderName, IF_MATCH, IF_NONE_MATCH};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// The fault key of a condition that does not hold (412).
pub const FAILED: &str = "PRECONDITION_FAILED";

/// What a tag of a compressed answer ends with.
pub const GZIP: &str = "-gzip";

/// Bytes of a digest: two states of one entity that are taken for the same are not to be expected in the
/// life of a data center.
const DIGEST: usize = 12;

/// A digest in hexadecimal digits.
#[must_use]
pub fn digest(text: &[u8]) -> String {
    let hash = Sha256::digest(text);
    let mut out = String::with_capacity(DIGEST * 2);
    for byte in hash.iter().take(DIGEST) {
        _ = write!(out, "{byte:02x}");
    }
    out
}

/// The tag of an entity as it was written, without its quotes.
#[must_use]
pub fn tag(format: Format, alone: &str, with_links: Option<&str>) -> String {
    let mut tag = digest(alone.as_bytes());
    if let Some(whole) = with_links {
        tag.push('.');
        tag.push_str(&digest(whole.as_bytes()));
    }
    tag.push_str(letter(format));
    tag
}

fn letter(format: Format) -> &'static str {
    match format {
        Format::Xml => "-x",
        Format::Json => "-j",
    }
}

/// Tags of one header.
#[derive(Debug, PartialEq, Eq)]
enum Tags {
    /// `*`: whatever there is.
    Any,
    /// Their text, and whether they are weak.
    Of(Vec<(String, bool)>),
}

impl Tags {
    fn of(headers: &HeaderMap, name: &HeaderName) -> Option<Self> {
        headers.get(name)?;
        let mut tags = Vec::new();
        for value in headers.get_all(name) {
            let text = String::from_utf8_lossy(value.as_bytes());
            for tag in text.split(',').map(str::trim).filter(|t| !t.is_empty()) {
                if tag == "*" {
                    return Some(Tags::Any);
                }
                let (tag, weak) = match tag.strip_prefix("W/") {
                    Some(tag) => (tag, true),
                    None => (tag, false),
                };
                tags.push((tag.trim_matches('"').to_owned(), weak));
            }
        }
        Some(Tags::Of(tags))
    }
}

/// The conditions of a request.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Conditions {
    /// Only if it is one of these.
    only: Option<Tags>,
    /// Not if it is one of these.
    unless: Option<Tags>,
}

impl Conditions {
    /// As the headers say.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        Conditions {
            only: Tags::of(headers, &IF_MATCH),
            unless: Tags::of(headers, &IF_NONE_MATCH),
        }
    }

    /// Are there none?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.only.is_none() && self.unless.is_none()
    }

    /// Does the caller of a GET have what has this tag?
    #[must_use]
    pub fn known(&self, tag: &str) -> bool {
        match &self.unless {
            None => false,
            Some(Tags::Any) => true,
            Some(Tags::Of(tags)) => tags
                .iter()
                .any(|(known, _)| known.strip_suffix(GZIP).unwrap_or(known) == tag),
        }
    }

    /// May something be done to what now reads as `answer`?
    ///
    /// # Errors
    /// 412 when it is another by now.
    pub fn hold(&self, answer: &Answer) -> Result<(), Fault> {
        let record = match answer {
            Answer::Entity(record) => Some(&**record),
            _ => None,
        };
        if let Some(only) = &self.only
            && !matches(only, record, true)
        {
            return Err(failed(
                "It has changed since its ETag was read; read it again.",
            ));
        }
        if let Some(unless) = &self.unless
            && matches(unless, record, false)
        {
            return Err(failed("It is what `If-None-Match` names."));
        }
        Ok(())
    }

    /// As `hold`, of a GET: whether the caller has it already is not looked at.
    ///
    /// # Errors
    /// 412 when it is another by now.
    pub fn hold_for_reading(&self, answer: &Answer) -> Result<(), Fault> {
        match &self.only {
            None => Ok(()),
            Some(only) => {
                let record = match answer {
                    Answer::Entity(record) => Some(&**record),
                    _ => None,
                };
                if matches(only, record, true) {
                    Ok(())
                } else {
                    Err(failed("It is not what `If-Match` names."))
                }
            }
        }
    }
}

/// Is the entity one of these? What has no tag is none of them. A weak tag does for comparing what was
/// read, not for changing it.
fn matches(tags: &Tags, record: Option<&dyn Record>, strong: bool) -> bool {
    let tags = match tags {
        Tags::Any => return true,
        Tags::Of(tags) => tags,
    };
    let Some(record) = record else {
        return false;
    };
    [Format::Xml, Format::Json].into_iter().any(|format| {
        let mut own: Option<String> = None;
        tags.iter().any(|(text, weak)| {
            let text = text.strip_suffix(GZIP).unwrap_or(text);
            let Some(digests) = text.strip_suffix(letter(format)) else {
                return false;
            };
            let alone = digests.split('.').next().unwrap_or_default();
            let own = own.get_or_insert_with(|| digest(format.write(record).as_bytes()));
            !(strong && *weak) && own == alone
        })
    })
}

fn failed(why: &str) -> Fault {
    Fault::new(FaultKind::Conflict, FAILED, why)
}

#[cfg(test)]
mod tests {
    use super::*;
    use api_v4::Vm;

    fn vm(name: &str) -> Vm {
        Vm {
            id: Some("7".into()),
            name: Some(name.into()),
            ..Vm::default()
        }
    }

    fn conditions(name: &'static str, value: &str) -> Conditions {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().unwrap());
        Conditions::of(&headers)
    }

    #[test]
    fn what_was_read_in_either_form_may_be_changed_until_it_is_another() {
        for format in [Format::Xml, Format::Json] {
            let alone = format.write(&vm("a"));
            for tag in [
                format!("\"{}\"", tag(format, &alone, None)),
                format!("\"{}\"", tag(format, &alone, Some("with links"))),
                format!("\"x\", \"{}-gzip\"", tag(format, &alone, None)),
                "*".to_owned(),
            ] {
                let wanted = conditions("if-match", &tag);
                assert_eq!(wanted.hold(&Answer::entity(vm("a"))), Ok(()), "{tag}");
                if tag != "*" {
                    let fault = wanted.hold(&Answer::entity(vm("b"))).unwrap_err();
                    assert_eq!(fault.key, FAILED);
                }
            }
            let weak = conditions("if-match", &format!("W/\"{}\"", tag(format, &alone, None)));
            assert!(weak.hold(&Answer::entity(vm("a"))).is_err());
        }
    }

    #[test]
    fn what_is_known_is_known_in_its_form_and_with_its_links_only() {
        let text = Format::Xml.write(&vm("a"));
        let own = tag(Format::Xml, &text, None);
        assert!(conditions("if-none-match", &format!("W/\"{own}\"")).known(&own));
        assert!(conditions("if-none-match", &format!("\"{own}-gzip\"")).known(&own));
        assert!(conditions("if-none-match", "*").known(&own));
        assert!(
            !conditions("if-none-match", &format!("\"{own}\"")).known(&tag(
                Format::Xml,
                &text,
                Some("whole")
            ))
        );
        assert!(!Conditions::default().known(&own));
        assert!(
            conditions("if-none-match", "*")
                .hold(&Answer::entity(vm("a")))
                .is_err()
        );
    }

    #[test]
    fn a_list_has_no_tag() {
        let list = || Answer::list(std::iter::once(vm("a")));
        assert!(conditions("if-match", "\"x\"").hold(&list()).is_err());
        assert_eq!(conditions("if-match", "*").hold(&list()), Ok(()));
        assert_eq!(conditions("if-none-match", "\"x\"").hold(&list()), Ok(()));
    }
}
