//! `dom_md/metadata` of a file domain: sorted `KEY=value` lines under a seal.

use super::BadMetadata;
use base::{DataCenterId, StorageDomainId};
use sha1::{Digest, Sha1};
use std::collections::BTreeMap;
use std::fmt::Write;

const SEAL: &str = "_SHA_CKSUM";
/// The only format this version writes and reads.
const VERSION: &str = "5";
/// oVirt's limit for a domain's name on storage, in characters.
const NAME_LIMIT: usize = 50;

/// A domain's own description of itself. Keys that this version does not know survive a rewrite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DomainMetadata {
    values: BTreeMap<String, String>,
}

impl DomainMetadata {
    /// Of a new, empty data domain that belongs to no data center. `storage_type` is oVirt's name
    /// in upper case (`LOCALFS`), `remote_path` what was linked or mounted.
    ///
    /// # Errors
    /// When the name is empty, longer than 50 characters, or a value holds control characters.
    pub fn new(
        id: StorageDomainId,
        storage_type: &str,
        remote_path: &str,
        name: &str,
    ) -> Result<Self, BadMetadata> {
        if name.is_empty() || name.chars().count() > NAME_LIMIT {
            return Err(BadMetadata(format!(
                "a storage domain's name has 1 to {NAME_LIMIT} characters"
            )));
        }
        let id = id.to_string();
        // The lease parameters are those oVirt writes into every domain (`LEASE*`, `LOCK*`, `IOOP*`).
        let values = [
            ("ALIGNMENT", "1048576"),
            ("BLOCK_SIZE", "512"),
            ("CLASS", "Data"),
            ("DESCRIPTION", name),
            ("IOOPTIMEOUTSEC", "10"),
            ("LEASERETRIES", "3"),
            ("LEASETIMESEC", "60"),
            ("LOCKPOLICY", ""),
            ("LOCKRENEWALINTERVALSEC", "5"),
            ("POOL_UUID", ""),
            ("REMOTE_PATH", remote_path),
            ("ROLE", "Regular"),
            ("SDUUID", &id),
            ("TYPE", storage_type),
            ("VERSION", VERSION),
        ];
        if values.iter().any(|(_, v)| v.chars().any(char::is_control)) {
            return Err(BadMetadata(
                "a storage domain's name and path hold no control characters".into(),
            ));
        }
        Ok(DomainMetadata {
            values: values.map(|(k, v)| (k.into(), v.into())).into(),
        })
    }

    /// Reads and checks the seal. Trailing NULs are padding; a file without a seal is trusted as is,
    /// as oVirt does.
    ///
    /// # Errors
    /// When a line has no `=`, a key comes twice, or the seal is broken.
    pub fn parse(bytes: &[u8]) -> Result<Self, BadMetadata> {
        let text = text_of(bytes)?;
        let mut values = BTreeMap::new();
        // Whatever ends a line, no value ends with a part of it: it is written with a line feed alone.
        let lines = text.split('\n').map(|line| line.trim_end_matches('\r'));
        for line in lines.filter(|line| !line.is_empty()) {
            let (key, value) = line
                .split_once('=')
                .ok_or_else(|| BadMetadata("a line without `=`".into()))?;
            if values.insert(key.to_owned(), value.to_owned()).is_some() {
                return Err(BadMetadata(format!("the key `{key}` comes twice")));
            }
        }
        let sealed = values.remove(SEAL);
        let metadata = DomainMetadata { values };
        match sealed {
            Some(seal) if seal != metadata.seal() => Err(BadMetadata(
                "the seal does not fit the text (metadata seal is broken)".into(),
            )),
            _ => Ok(metadata),
        }
    }

    /// As it is written, with its seal.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for (key, value) in &self.values {
            let _ = writeln!(text, "{key}={value}");
        }
        let _ = writeln!(text, "{SEAL}={}", self.seal());
        text
    }

    /// SHA-1 over the sorted lines without separators; what is not ASCII goes in as an XML character
    /// reference (`&#233;`).
    fn seal(&self) -> String {
        let mut hash = Sha1::new();
        for (key, value) in &self.values {
            for c in key.chars().chain(['=']).chain(value.chars()) {
                if c.is_ascii() {
                    hash.update([c as u8]);
                } else {
                    hash.update(format!("&#{};", u32::from(c)).as_bytes());
                }
            }
        }
        let mut hex = String::with_capacity(40);
        for byte in hash.finalize() {
            let _ = write!(hex, "{byte:02x}");
        }
        hex
    }

    /// A value, empty when the key is missing.
    #[must_use]
    pub fn get(&self, key: &str) -> &str {
        self.values.get(key).map_or("", String::as_str)
    }

    /// Checks that this describes the data domain `id` of format V5 on storage of this type.
    ///
    /// # Errors
    /// With the key that differs, what was found and what was expected.
    pub fn expect(&self, id: StorageDomainId, storage_type: &str) -> Result<(), BadMetadata> {
        let id = id.to_string();
        for (key, wanted) in [
            ("SDUUID", id.as_str()),
            ("VERSION", VERSION),
            ("CLASS", "Data"),
            ("TYPE", storage_type),
        ] {
            let found = self.get(key);
            if found != wanted {
                return Err(BadMetadata(format!(
                    "{key} is `{found}`, expected `{wanted}`"
                )));
            }
        }
        Ok(())
    }

    /// Makes the domain a member of a data center; false when it is already.
    pub fn join(&mut self, data_center: DataCenterId) -> bool {
        let pool = data_center.to_string();
        let old = self.values.insert("POOL_UUID".into(), pool.clone());
        old.as_deref() != Some(pool.as_str())
    }
}

fn text_of(bytes: &[u8]) -> Result<&str, BadMetadata> {
    let end = bytes.iter().rposition(|b| *b != 0).map_or(0, |at| at + 1);
    std::str::from_utf8(&bytes[..end]).map_err(|_| BadMetadata("it is not UTF-8 text".into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn example(name: &str) -> DomainMetadata {
        let id = "11111111-2222-3333-4444-555555555555".parse().unwrap();
        DomainMetadata::new(id, "LOCALFS", "/data/images", name).unwrap()
    }

    /// The seals were computed by another program (Python's hashlib) from the rule alone.
    #[test]
    fn the_text_is_sorted_and_sealed_as_ovirt_seals_it() {
        let expected = "\
ALIGNMENT=1048576
BLOCK_SIZE=512
CLASS=Data
DESCRIPTION=data1
IOOPTIMEOUTSEC=10
LEASERETRIES=3
LEASETIMESEC=60
LOCKPOLICY=
LOCKRENEWALINTERVALSEC=5
POOL_UUID=
REMOTE_PATH=/data/images
ROLE=Regular
SDUUID=11111111-2222-3333-4444-555555555555
TYPE=LOCALFS
VERSION=5
_SHA_CKSUM=1d84ef36f8de10aa4c67665192b54bd030688919
";
        assert_eq!(example("data1").text(), expected);
        assert_eq!(
            example("données €").seal(),
            "094716f211c20712ba67ce6c6f67092371d1af3a"
        );
    }

    #[test]
    fn what_was_touched_is_refused_and_what_has_no_seal_is_trusted() {
        let text = example("data1").text();
        let touched = text.replace("data1", "data2");
        let error = DomainMetadata::parse(touched.as_bytes()).unwrap_err();
        assert!(error.0.contains("seal is broken"), "{error}");
        let bare = text.split("_SHA").next().unwrap();
        assert_eq!(
            DomainMetadata::parse(bare.as_bytes()).unwrap(),
            example("data1")
        );
        let padded = format!("{text}\0\0\0");
        assert_eq!(
            DomainMetadata::parse(padded.as_bytes()).unwrap(),
            example("data1")
        );
    }

    #[test]
    fn another_domain_type_or_version_is_told_by_its_key() {
        let metadata = example("data1");
        let id = metadata.get("SDUUID").parse().unwrap();
        assert_eq!(metadata.expect(id, "LOCALFS"), Ok(()));
        let other = StorageDomainId::known(1);
        for (result, key) in [
            (metadata.expect(other, "LOCALFS"), "SDUUID"),
            (metadata.expect(id, "POSIXFS"), "TYPE"),
        ] {
            assert!(result.unwrap_err().0.starts_with(key));
        }
    }

    #[test]
    fn a_name_that_would_break_the_lines_is_refused() {
        let id = StorageDomainId::known(1);
        for bad in ["", "a\nVERSION=9", &"x".repeat(51)] {
            assert!(DomainMetadata::new(id, "LOCALFS", "/d", bad).is_err());
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(name in "[^\\p{Cc}]{1,50}", pool in any::<u128>()) {
            let mut metadata = example(&name);
            prop_assert!(metadata.join(DataCenterId::known(pool)));
            prop_assert!(!metadata.join(DataCenterId::known(pool)));
            prop_assert_eq!(DomainMetadata::parse(metadata.text().as_bytes()).unwrap(), metadata);
        }

        #[test]
        fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = DomainMetadata::parse(&bytes);
        }
    }
}
