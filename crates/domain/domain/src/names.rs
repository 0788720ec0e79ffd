//! Which names things may have (oVirt's rules, `MaxVmNameLength` and others).
//!
//! Wider than oVirt in one point: combining marks and digits of any script are allowed where
//! letters of any script are, since many languages can't be written without them.

use base::Fault;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Longest name of a VM or template (`MaxVmNameLength`).
pub const VM_NAME_MAX: usize = 64;
/// Longest disk alias.
pub const DISK_NAME_MAX: usize = 255;
/// Longest NIC name.
pub const NIC_NAME_MAX: usize = 50;
/// Longest name of a data center or cluster.
pub const CLUSTER_NAME_MAX: usize = 40;
/// Longest host name.
pub const HOST_NAME_MAX: usize = 255;
/// Longest name of a storage domain.
pub const STORAGE_DOMAIN_NAME_MAX: usize = 50;
/// Longest description of most objects.
pub const DESCRIPTION_MAX: usize = 4000;

/// The alphabet of a name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Alphabet {
    /// `[0-9a-zA-Z_-]`
    Ascii,
    /// `[0-9a-zA-Z_.-]`
    AsciiDot,
    /// Letters, marks and digits of any script, `.`, `_`, `-`.
    International,
}

impl Alphabet {
    fn holds(self, c: char) -> bool {
        match self {
            Alphabet::Ascii => c.is_ascii_alphanumeric() || matches!(c, '_' | '-'),
            Alphabet::AsciiDot => c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'),
            Alphabet::International => {
                c.is_alphanumeric() || is_combining_mark(c) || matches!(c, '_' | '-' | '.')
            }
        }
    }
    fn words(self) -> &'static str {
        match self {
            Alphabet::Ascii => "ASCII letters, digits, `_` and `-`",
            Alphabet::AsciiDot => "ASCII letters, digits, `_`, `-` and `.`",
            Alphabet::International => "letters and digits of any script, `_`, `-` and `.`",
        }
    }
}

/// Checks the name of a `what` ("VM"): not empty, at most `max` characters, all of `alphabet`.
///
/// # Errors
/// 400 with oVirt's key: `ACTION_TYPE_FAILED_NAME_MAY_NOT_BE_EMPTY`,
/// `ACTION_TYPE_FAILED_NAME_LENGTH_IS_TOO_LONG` or
/// `ACTION_TYPE_FAILED_NAME_MAY_NOT_CONTAIN_SPECIAL_CHARS`.
pub fn check_name(what: &str, name: &str, max: usize, alphabet: Alphabet) -> Result<(), Fault> {
    if name.is_empty() {
        return Err(Fault::bad_request(
            "ACTION_TYPE_FAILED_NAME_MAY_NOT_BE_EMPTY",
            format!("The name of a {what} may not be empty."),
        ));
    }
    let length = name.chars().count();
    if length > max {
        return Err(Fault::bad_request(
            "ACTION_TYPE_FAILED_NAME_LENGTH_IS_TOO_LONG",
            format!(
                "The name of a {what} may have at most {max} characters; this one has {length}."
            ),
        ));
    }
    if let Some(bad) = name.chars().find(|c| !alphabet.holds(*c)) {
        return Err(Fault::bad_request(
            "ACTION_TYPE_FAILED_NAME_MAY_NOT_CONTAIN_SPECIAL_CHARS",
            format!(
                "The name of a {what} may not contain {bad:?} (U+{:04X}); allowed are {}.",
                u32::from(bad),
                alphabet.words()
            ),
        ));
    }
    Ok(())
}

/// Checks a description or comment: any characters but control characters other than tab and line
/// ends, at most `max`.
///
/// # Errors
/// 400 naming the field and the limit or character.
pub fn check_text(field: &str, text: &str, max: usize) -> Result<(), Fault> {
    let length = text.chars().count();
    if length > max {
        return Err(Fault::bad_request(
            "ACTION_TYPE_FAILED_TEXT_IS_TOO_LONG",
            format!("`{field}` may have at most {max} characters; this one has {length}."),
        ));
    }
    if let Some(bad) = text
        .chars()
        .find(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r'))
    {
        return Err(Fault::bad_request(
            "ACTION_TYPE_FAILED_INVALID_CHARACTER",
            format!(
                "`{field}` may not contain the control character U+{:04X}.",
                u32::from(bad)
            ),
        ));
    }
    Ok(())
}

/// The form in which two names are the same name: composed (NFC), case kept.
#[must_use]
pub fn claim_form(name: &str) -> String {
    if name.is_ascii() {
        return name.to_owned();
    }
    name.nfc().collect()
}

/// The form in which searches compare text in any case.
#[must_use]
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    claim_form(&claim_form(text).to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vm(name: &str) -> Result<(), Fault> {
        check_name("VM", name, VM_NAME_MAX, Alphabet::International)
    }

    #[test]
    fn letters_of_any_script_make_names() {
        for good in [
            "web1",
            "сервер-1",
            "服务器",
            "خادم",
            "cafe\u{301}",
            "हिन्दी",
            "a.b_c-d",
        ] {
            assert_eq!(vm(good), Ok(()), "{good}");
        }
    }

    #[test]
    fn what_makes_no_name_is_told_with_the_character() {
        let e = vm("web 1").unwrap_err();
        assert!(e.messages[0].contains("U+0020"), "{e}");
        let e = vm("vm\u{1F600}").unwrap_err();
        assert!(e.messages[0].contains("U+1F600"), "{e}");
        assert_eq!(
            vm("").unwrap_err().key,
            "ACTION_TYPE_FAILED_NAME_MAY_NOT_BE_EMPTY"
        );
        assert!(vm(&"x".repeat(65)).is_err() && vm(&"x".repeat(64)).is_ok());
        assert!(check_name("host", "хост", 255, Alphabet::AsciiDot).is_err());
    }

    #[test]
    fn composed_and_decomposed_names_are_the_same_name() {
        assert_eq!(claim_form("cafe\u{301}"), claim_form("caf\u{e9}"));
    }

    #[test]
    fn text_may_hold_anything_but_control_characters() {
        assert_eq!(
            check_text("description", "ż <b>&amp;</b> \u{1F600}\n\t", 100),
            Ok(())
        );
        assert!(check_text("description", "a\u{0}", 100).is_err());
        assert!(check_text("description", "abc", 2).is_err());
    }
}
