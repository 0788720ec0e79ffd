//! The DESCRIPTION of a volume: compact JSON with the disk's alias and description, at most 210
//! bytes, what is not ASCII as hexadecimal UTF-16.

use serde_json::Value;
use std::fmt::Write;

/// oVirt cuts a volume's description off here (bytes).
const LIMIT: usize = 210;
/// Bits of `Enc`: the field is hexadecimal UTF-16LE.
const ALIAS_ENCODED: u8 = 1;
const DESCRIPTION_ENCODED: u8 = 2;

/// What an importer can learn of a disk without the engine's database.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DiskDescription {
    /// The disk's alias.
    pub alias: String,
    /// The disk's description.
    pub description: String,
}

impl DiskDescription {
    /// The JSON for storage. The alias goes first; what does not fit is cut at a character, and a
    /// description with no room at all is left out.
    #[must_use]
    pub fn text(&self) -> String {
        let plain = self.alias.is_ascii() && self.description.is_ascii();
        let reserve = if plain { 0 } else { r#","Enc":"3""#.len() };
        let room = LIMIT - "{}".len() - reserve;

        let alias = field("DiskAlias", &self.alias, room);
        let left = room.saturating_sub(alias.len() + 1);
        let description = field("DiskDescription", &self.description, left);

        let mut mask = 0;
        if !self.alias.is_ascii() {
            mask |= ALIAS_ENCODED;
        }
        if !self.description.is_ascii() && !description.is_empty() {
            mask |= DESCRIPTION_ENCODED;
        }
        let mut text = format!("{{{alias}");
        if !description.is_empty() {
            let _ = write!(text, ",{description}");
        }
        if mask != 0 {
            let _ = write!(text, r#","Enc":"{mask}""#);
        }
        text.push('}');
        text
    }

    /// Reads what [`DiskDescription::text`] or oVirt wrote. Text that is no such JSON (very old
    /// volumes, other tools) is taken as the alias.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let Ok(Value::Object(fields)) = serde_json::from_str(text) else {
            return DiskDescription {
                alias: text.to_owned(),
                description: String::new(),
            };
        };
        let word = |key: &str| fields.get(key).and_then(Value::as_str).unwrap_or("");
        let mask: u8 = word("Enc").parse().unwrap_or(0);
        let value = |key, bit| match mask & bit {
            0 => word(key).to_owned(),
            _ => decode(word(key)).unwrap_or_else(|| word(key).to_owned()),
        };
        DiskDescription {
            alias: value("DiskAlias", ALIAS_ENCODED),
            description: value("DiskDescription", DESCRIPTION_ENCODED),
        }
    }
}

/// `"key":"value"` with as many of the value's characters as fit; empty when not even `""` fits.
fn field(key: &str, value: &str, room: usize) -> String {
    let frame = key.len() + r#""":"""#.len();
    if frame > room {
        return String::new();
    }
    let ascii = value.is_ascii();
    let mut text = format!("\"{key}\":\"");
    let mut left = room - frame;
    for c in value.chars() {
        let piece = if ascii { escaped(c) } else { encode(c) };
        if piece.len() > left {
            break;
        }
        left -= piece.len();
        text.push_str(&piece);
    }
    text.push('"');
    text
}

/// One ASCII character inside a JSON string.
fn escaped(c: char) -> String {
    match c {
        '"' => "\\\"".into(),
        '\\' => "\\\\".into(),
        c if c.is_control() => format!("\\u{:04x}", u32::from(c)),
        c => c.into(),
    }
}

fn encode(c: char) -> String {
    let mut text = String::with_capacity(8);
    for unit in c.encode_utf16(&mut [0; 2]) {
        let [low, high] = unit.to_le_bytes();
        let _ = write!(text, "{low:02x}{high:02x}");
    }
    text
}

fn decode(hex: &str) -> Option<String> {
    if !hex.is_ascii() || !hex.len().is_multiple_of(4) {
        return None;
    }
    let byte = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).ok();
    let units: Option<Vec<u16>> = (0..hex.len())
        .step_by(4)
        .map(|at| Some(u16::from_le_bytes([byte(at)?, byte(at + 2)?])))
        .collect();
    String::from_utf16(&units?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn disk(alias: &str, description: &str) -> DiskDescription {
        DiskDescription {
            alias: alias.into(),
            description: description.into(),
        }
    }

    #[test]
    fn ascii_stays_plain_and_the_rest_becomes_hexadecimal_utf16() {
        assert_eq!(
            disk("web_Disk1", "").text(),
            r#"{"DiskAlias":"web_Disk1","DiskDescription":""}"#
        );
        assert_eq!(
            disk("é", "plain").text(),
            r#"{"DiskAlias":"e900","DiskDescription":"plain","Enc":"1"}"#
        );
        assert_eq!(
            disk("a", "€").text(),
            r#"{"DiskAlias":"a","DiskDescription":"ac20","Enc":"2"}"#
        );
        assert_eq!(
            disk("د", "𝄞").text(),
            r#"{"DiskAlias":"2f06","DiskDescription":"34d81edd","Enc":"3"}"#
        );
    }

    #[test]
    fn what_does_not_fit_is_cut_from_the_description_first() {
        let text = disk("alias", &"d".repeat(500)).text();
        assert_eq!(text.len(), LIMIT);
        assert_eq!(DiskDescription::parse(&text).alias, "alias");
        let long = disk(&"a".repeat(255), "gone").text();
        assert_eq!(long.len(), LIMIT);
        assert!(!long.contains("DiskDescription"), "{long}");
    }

    #[test]
    fn foreign_text_is_an_alias() {
        assert_eq!(DiskDescription::parse("old disk"), disk("old disk", ""));
        assert_eq!(DiskDescription::parse("[1]"), disk("[1]", ""));
        let broken = r#"{"DiskAlias":"zz","Enc":"1"}"#;
        assert_eq!(DiskDescription::parse(broken), disk("zz", ""));
    }

    proptest! {
        #[test]
        fn the_text_fits_one_line_and_gives_the_beginning_back(alias in ".{0,80}", description in any::<String>()) {
            let text = disk(&alias, &description).text();
            prop_assert!(text.is_ascii() && text.len() <= LIMIT && !text.contains('\n'));
            let read = DiskDescription::parse(&text);
            prop_assert!(alias.starts_with(&read.alias));
            prop_assert!(description.starts_with(&read.description));
            if alias.chars().count() <= 20 && description.chars().count() <= 5 {
                prop_assert_eq!(read, disk(&alias, &description));
            }
        }

        #[test]
        fn arbitrary_text_never_panics(text in any::<String>()) {
            let _ = DiskDescription::parse(&text);
            let _ = DiskDescription::parse(&format!(r#"{{"Enc":"3","DiskAlias":{text:?}}}"#));
        }
    }
}
