//! Which characters XML 1.0 can carry, and how.

/// Whether XML 1.0 can carry it at all (production `Char`).
pub(crate) fn allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{fffd}' | '\u{10000}'..)
}

/// Appends text between tags. What XML can't carry becomes U+FFFD, so that the document stays
/// readable; a carriage return is written as a reference, since readers turn a plain one into a
/// line feed.
pub(super) fn push_text(out: &mut String, text: &str) {
    push(out, text, |c| match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '\r' => Some("&#13;"),
        c if !allowed(c) => Some("\u{fffd}"),
        _ => None,
    });
}

/// Appends the value of an attribute, without the quotes.
pub(super) fn push_attribute(out: &mut String, text: &str) {
    push(out, text, |c| match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '"' => Some("&quot;"),
        '\t' => Some("&#9;"),
        '\n' => Some("&#10;"),
        '\r' => Some("&#13;"),
        c if !allowed(c) => Some("\u{fffd}"),
        _ => None,
    });
}

/// Whether a text holds nothing that could have to be replaced. Most have not, and long lists are
/// written fast for it: a byte is looked at, not a character. 0xEF begins U+FFFE and U+FFFF.
fn plain(text: &str) -> bool {
    text.bytes()
        .all(|b| !matches!(b, 0..0x20 | b'&' | b'<' | b'>' | b'"' | 0xEF))
}

fn push(out: &mut String, text: &str, replacement: impl Fn(char) -> Option<&'static str>) {
    if plain(text) {
        out.push_str(text);
        return;
    }
    let mut done = 0;
    for (at, c) in text.char_indices() {
        if let Some(instead) = replacement(c) {
            out.push_str(&text[done..at]);
            out.push_str(instead);
            done = at + c.len_utf8();
        }
    }
    out.push_str(&text[done..]);
}

/// What a reference between `&` and `;` stands for.
pub(super) enum Reference {
    /// A character.
    Character(char),
    /// A number of no character that XML allows.
    Forbidden,
    /// A name that is not one of the five.
    Unknown,
}

pub(super) fn resolve(name: &str) -> Reference {
    let number = match name.strip_prefix('#') {
        None => {
            return match name {
                "lt" => Reference::Character('<'),
                "gt" => Reference::Character('>'),
                "amp" => Reference::Character('&'),
                "quot" => Reference::Character('"'),
                "apos" => Reference::Character('\''),
                _ => Reference::Unknown,
            };
        }
        Some(digits) => match digits.strip_prefix('x') {
            Some(hex) if hex.bytes().all(|b| b.is_ascii_hexdigit()) => u32::from_str_radix(hex, 16),
            None if digits.bytes().all(|b| b.is_ascii_digit()) => digits.parse(),
            _ => return Reference::Forbidden,
        },
    };
    match number.ok().and_then(char::from_u32) {
        Some(c) if allowed(c) => Reference::Character(c),
        _ => Reference::Forbidden,
    }
}
