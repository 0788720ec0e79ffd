//! Names that libvirt, QEMU and file systems can take, made from names people give.

use super::XmlError;
use base::{DiskId, NicId, VmId};
use std::fmt::Write;

/// libvirt makes file names such as `NAME.xml` and `domain-1-NAME` of it; file systems take 255 bytes.
const MAX_NAME_BYTES: usize = 200;

/// libvirt puts so many characters into the paths of sockets, which may have 107 bytes in all. In
/// the C locale it counts bytes and cuts characters in two.
const SHORT_NAME: usize = 20;

/// libvirt requires this before aliases of users.
const ALIAS_PREFIX: &str = "ua-";

/// The name of a VM as libvirt can take it. Two VM names give two domain names: what libvirt
/// refuses is written as `%` and the hexadecimal bytes, a name that is too long ends with the VM's
/// id, and one that libvirt would cut inside a character begins with it.
#[must_use]
pub fn domain_name(name: &str, vm: VmId) -> String {
    let mut out = String::with_capacity(name.len());
    // A name of dots is a directory, one of spaces is refused.
    let odd = name.chars().all(|c| c == '.' || c.is_whitespace());
    for c in name.chars() {
        if odd || c == '/' || c == '%' || !may_stand(c) {
            let mut bytes = [0; 4];
            for b in c.encode_utf8(&mut bytes).bytes() {
                let _ = write!(out, "%{b:02X}");
            }
        } else {
            out.push(c);
        }
    }
    if out.is_empty() {
        return vm.to_string();
    }
    if !out.is_ascii() && out.len() > SHORT_NAME {
        out.truncate(out.floor_char_boundary(MAX_NAME_BYTES - 37));
        return format!("{vm}-{out}");
    }
    if out.len() > MAX_NAME_BYTES {
        out.truncate(MAX_NAME_BYTES - 37);
        let _ = write!(out, "-{vm}");
    }
    out
}

/// May the character stand in XML text and survive it unchanged?
fn may_stand(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}' | '\u{2028}' | '\u{2029}')
}

/// Text for an element or attribute.
///
/// # Errors
/// `Unfit` when it has characters that XML can't carry; `what` begins the sentence.
pub(super) fn xml_text<'a>(what: &str, text: &'a str) -> Result<&'a str, XmlError> {
    match text.chars().find(|&c| !may_stand(c)) {
        None => Ok(text),
        Some(c) => Err(XmlError::Unfit(format!(
            "{what} has a character that libvirt cannot take: {}",
            c.escape_unicode()
        ))),
    }
}

/// The alias of a disk, by which libvirt's events name it.
#[must_use]
pub fn disk_alias(disk: DiskId) -> String {
    format!("{ALIAS_PREFIX}{disk}")
}

/// The disk of an alias.
#[must_use]
pub fn disk_of_alias(alias: &str) -> Option<DiskId> {
    alias.strip_prefix(ALIAS_PREFIX)?.parse().ok()
}

pub(super) fn nic_alias(nic: NicId) -> String {
    format!("{ALIAS_PREFIX}{nic}")
}

pub(super) fn nic_of_alias(alias: &str) -> Option<NicId> {
    alias.strip_prefix(ALIAS_PREFIX)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const VM: VmId = VmId::known(0x1234);

    #[test]
    fn ordinary_names_stay_and_odd_ones_are_written_out() {
        for (name, expected) in [
            ("web", "web"),
            ("Größe-テスト", "Größe-テスト"),
            ("a/b\nc", "a%2Fb%0Ac"),
            ("100%", "100%25"),
            ("..", "%2E%2E"),
            (" ", "%20"),
        ] {
            assert_eq!(domain_name(name, VM), expected);
        }
        assert_eq!(domain_name("", VM), VM.to_string());
    }

    #[test]
    fn a_long_name_is_cut_between_characters_and_keeps_the_id() {
        let name = domain_name(&"x".repeat(300), VM);
        assert!(name.len() <= MAX_NAME_BYTES, "{}", name.len());
        assert!(name.ends_with(&VM.to_string()));
        let name = domain_name(&"語".repeat(64 * 3), VM);
        assert!(name.len() <= MAX_NAME_BYTES, "{}", name.len());
        assert!(name.starts_with(&format!("{VM}-語")));
    }

    proptest! {
        #[test]
        fn any_name_becomes_one_that_libvirt_takes(name in any::<String>(), other in "\\PC{0,8}") {
            let made = domain_name(&name, VM);
            prop_assert!(!made.is_empty() && made.len() <= MAX_NAME_BYTES);
            prop_assert!(made.chars().all(|c| may_stand(c) && c != '/'));
            prop_assert!(xml_text("x", &made).is_ok());
            let short = made.chars().take(SHORT_NAME).collect::<String>();
            prop_assert!(short.is_ascii() || made.len() <= SHORT_NAME);
            if name != other && name.len() < 50 {
                prop_assert_ne!(made, domain_name(&other, VM));
            }
        }
    }
}
