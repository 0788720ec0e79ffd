//! Bodies of the API. An input is the tag of a type, a line end, and a body of that type.

use api_schema::{Format, Limits, Record, same};
use std::collections::BTreeMap;
use std::sync::LazyLock;

type New = fn() -> Box<dyn Record>;

/// Types by their tags.
static TYPES: LazyLock<BTreeMap<&'static str, New>> = LazyLock::new(|| {
    api_v4::NEW
        .iter()
        .map(|new| (new().desc().tag, *new))
        .collect()
});

/// A body in XML.
pub fn xml(input: &[u8]) {
    document(Format::Xml, Format::Json, input);
}

/// A body in JSON.
pub fn json(input: &[u8]) {
    document(Format::Json, Format::Xml, input);
}

/// What can be read can be written, in both forms, and is then the same.
fn document(format: Format, other: Format, input: &[u8]) {
    let (new, body) = split(input);
    let mut first = new();
    let Ok(()) = format.read_into(body, &mut *first, Limits::DEFAULT) else {
        return;
    };
    for form in [format, other] {
        let text = form.write(&*first);
        let mut second = new();
        if let Err(e) = form.read_into(text.as_bytes(), &mut *second, Limits::DEFAULT) {
            panic!("{form:?} that we wrote can't be read: {e}\n{text}");
        }
        assert!(same(&*first, &*second), "{form:?} changed it:\n{text}");
    }
}

/// The type that the first line names, or one by the input's first byte.
fn split(input: &[u8]) -> (New, &[u8]) {
    if let Some(end) = input.iter().position(|b| *b == b'\n')
        && let Ok(tag) = std::str::from_utf8(&input[..end])
        && let Some(new) = TYPES.get(tag)
    {
        return (*new, &input[end + 1..]);
    }
    let number = input.first().map_or(0, |b| usize::from(*b));
    let rest = input.get(1..).unwrap_or_default();
    (api_v4::NEW[number % api_v4::NEW.len()], rest)
}
