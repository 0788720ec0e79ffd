//! The search language: an expression for some kind of object, and what fits while it is written.

use base::Timestamp;
use search::{Object, Test, Value};

/// The first byte chooses the object; the rest is the text.
pub fn search(input: &[u8]) {
    let Some((first, rest)) = input.split_first() else {
        return;
    };
    let Ok(text) = std::str::from_utf8(rest) else {
        return;
    };
    let object = Object::ALL[usize::from(*first) % Object::ALL.len()];
    if let Ok(query) = search::parse(object, text) {
        let _ = query.joined();
        for condition in query.any.iter().flatten() {
            match &condition.test {
                Test::Free { text, .. } => {
                    let _ = text.matches("Straße-ﬁ-İ", query.case_sensitive);
                }
                Test::Field { value, .. } => {
                    if let Value::Moment(when) = value {
                        let (from, to) = when.range(Timestamp(1_795_000_000_000_000));
                        assert!(from.0 <= to.0, "{when:?}");
                    }
                }
            }
        }
    }
    let _ = search::object_of(text);
    let characters = text.chars().count();
    for cursor in [0, characters / 2, characters] {
        let completion = search::complete(object, text, cursor);
        assert!(
            completion.from <= completion.to && completion.to <= characters,
            "{completion:?}"
        );
    }
    if let Ok(quoted) = search::quote(text) {
        let _ = search::parse(object, &format!("name={quoted}"));
    }
}
