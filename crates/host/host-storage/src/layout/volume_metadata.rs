//! `<volume>.meta`: what a volume says of itself, at most 512 bytes of `KEY=value` lines.

use super::BadMetadata;
use base::{DiskId, StorageDomainId, VolumeId};
use domain::disks::DiskFormat;
use std::collections::HashMap;
use std::fmt::Write;

/// oVirt's slot for a volume's metadata (bytes).
const LIMIT: usize = 512;
const BLANK: VolumeId = VolumeId::known(0);

/// May a VM use the content?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Legality {
    /// Yes.
    Legal,
    /// It was never completed, or broke.
    Illegal,
    /// Placeholder of a template's volume on an export domain.
    Fake,
}

/// Where a volume stands in its chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VolumeRole {
    /// A template's: others stand on it, it never changes.
    Shared,
    /// Below a newer layer of the same disk.
    Internal,
    /// The top, written to.
    Leaf,
}

/// Text values of an enum on storage.
trait Word: Sized + Copy + PartialEq + 'static {
    const WORDS: &'static [(Self, &'static str)];
    fn word(self) -> &'static str {
        let found = Self::WORDS.iter().find(|(value, _)| *value == self);
        found.map_or("", |(_, word)| word)
    }
    fn read(key: &str, word: &str) -> Result<Self, BadMetadata> {
        let found = Self::WORDS.iter().find(|(_, known)| *known == word);
        found.map(|(value, _)| *value).ok_or_else(|| {
            let known: Vec<_> = Self::WORDS.iter().map(|(_, word)| *word).collect();
            BadMetadata(format!(
                "{key} is `{word}`, expected one of {}",
                known.join(", ")
            ))
        })
    }
}

impl Word for Legality {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Legality::Legal, "LEGAL"),
        (Legality::Illegal, "ILLEGAL"),
        (Legality::Fake, "FAKE"),
    ];
}
impl Word for VolumeRole {
    const WORDS: &'static [(Self, &'static str)] = &[
        (VolumeRole::Shared, "SHARED"),
        (VolumeRole::Internal, "INTERNAL"),
        (VolumeRole::Leaf, "LEAF"),
    ];
}
impl Word for DiskFormat {
    const WORDS: &'static [(Self, &'static str)] =
        &[(DiskFormat::Cow, "COW"), (DiskFormat::Raw, "RAW")];
}
/// TYPE: sparse?
impl Word for bool {
    const WORDS: &'static [(Self, &'static str)] = &[(true, "SPARSE"), (false, "PREALLOCATED")];
}

/// A volume's metadata of format V5.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VolumeMetadata {
    /// CAP: virtual size in bytes.
    pub capacity_bytes: u64,
    /// CTIME: seconds since 1970.
    pub created_seconds: i64,
    /// DESCRIPTION: see [`super::DiskDescription`].
    pub description: String,
    /// DISKTYPE: `DATA` and others.
    pub disk_type: String,
    /// DOMAIN.
    pub domain: StorageDomainId,
    /// FORMAT.
    pub format: DiskFormat,
    /// GEN, 0..=999: counts finished operations on the volume.
    pub generation: u32,
    /// IMAGE: the disk it was made for; a template's disk in thin disks' directories.
    pub disk: DiskId,
    /// LEGALITY.
    pub legality: Legality,
    /// PUUID: what it stands on.
    pub parent: Option<VolumeId>,
    /// SEQ: grows with each layer of the disk.
    pub sequence: u32,
    /// TYPE: `SPARSE` (true) or `PREALLOCATED`.
    pub sparse: bool,
    /// VOLTYPE.
    pub role: VolumeRole,
}

impl VolumeMetadata {
    /// The text for storage.
    ///
    /// # Errors
    /// When a value holds a line break or the text does not fit 512 bytes.
    pub fn text(&self) -> Result<String, BadMetadata> {
        let mut text = String::with_capacity(LIMIT);
        let rows: [(&str, &dyn std::fmt::Display); 13] = [
            ("CAP", &self.capacity_bytes),
            ("CTIME", &self.created_seconds),
            ("DESCRIPTION", &self.description),
            ("DISKTYPE", &self.disk_type),
            ("DOMAIN", &self.domain),
            ("FORMAT", &self.format.word()),
            ("GEN", &self.generation),
            ("IMAGE", &self.disk),
            ("LEGALITY", &self.legality.word()),
            ("PUUID", &self.parent.unwrap_or(BLANK)),
            ("SEQ", &self.sequence),
            ("TYPE", &self.sparse.word()),
            ("VOLTYPE", &self.role.word()),
        ];
        for (key, value) in rows {
            let _ = writeln!(text, "{key}={value}");
        }
        text.push_str("EOF\n");
        if text.lines().count() != rows.len() + 1 {
            return Err(BadMetadata("a value holds a line break".into()));
        }
        if text.len() > LIMIT {
            return Err(BadMetadata(format!(
                "the metadata takes {} bytes, {LIMIT} are allowed",
                text.len()
            )));
        }
        Ok(text)
    }

    /// Reads V5 and the older form (`SIZE` in sectors instead of `CAP`). Unknown keys are ignored.
    ///
    /// # Errors
    /// With the key that is missing or holds no legal value.
    pub fn parse(bytes: &[u8]) -> Result<Self, BadMetadata> {
        let end = bytes.iter().position(|b| *b == 0).unwrap_or(bytes.len());
        let text = std::str::from_utf8(&bytes[..end])
            .map_err(|_| BadMetadata("it is not UTF-8 text".into()))?;
        let mut lines = text.lines();
        let rows: HashMap<&str, &str> = lines
            .by_ref()
            .take_while(|line| *line != "EOF")
            .filter_map(|line| line.split_once('='))
            .collect();
        let row = |key: &str| {
            rows.get(key)
                .copied()
                .ok_or_else(|| BadMetadata(format!("{key} is missing")))
        };
        let capacity_bytes = match rows.get("CAP") {
            Some(bytes) => number("CAP", bytes)?,
            None => number::<u64>("SIZE", row("SIZE")?)?
                .checked_mul(512)
                .ok_or_else(|| BadMetadata("SIZE is too large".into()))?,
        };
        let parent: VolumeId = id("PUUID", row("PUUID")?)?;
        Ok(VolumeMetadata {
            capacity_bytes,
            created_seconds: number("CTIME", row("CTIME")?)?,
            description: row("DESCRIPTION")?.to_owned(),
            disk_type: row("DISKTYPE")?.to_owned(),
            domain: id("DOMAIN", row("DOMAIN")?)?,
            format: DiskFormat::read("FORMAT", row("FORMAT")?)?,
            generation: number("GEN", rows.get("GEN").unwrap_or(&"0"))?,
            disk: id("IMAGE", row("IMAGE")?)?,
            legality: Legality::read("LEGALITY", row("LEGALITY")?)?,
            parent: (parent != BLANK).then_some(parent),
            sequence: number("SEQ", rows.get("SEQ").unwrap_or(&"0"))?,
            sparse: bool::read("TYPE", row("TYPE")?)?,
            role: VolumeRole::read("VOLTYPE", row("VOLTYPE")?)?,
        })
    }

    /// Counts one more finished operation; wraps after 999 as oVirt does.
    pub fn generation_bump(&mut self) {
        self.generation = (self.generation + 1) % 1000;
    }

    /// The shape as a person reads it, for messages.
    #[must_use]
    pub fn shape(&self) -> String {
        let below = match self.parent {
            Some(parent) => format!("on {parent}"),
            None => "on nothing".into(),
        };
        format!(
            "{} {} of {} bytes {below}",
            self.format.word(),
            self.sparse.word(),
            self.capacity_bytes
        )
    }
}

fn number<N: std::str::FromStr>(key: &str, text: &str) -> Result<N, BadMetadata> {
    text.parse()
        .map_err(|_| BadMetadata(format!("{key} is `{text}`, expected a number")))
}

fn id<I: std::str::FromStr>(key: &str, text: &str) -> Result<I, BadMetadata> {
    text.parse()
        .map_err(|_| BadMetadata(format!("{key} is `{text}`, expected a UUID")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn example() -> VolumeMetadata {
        VolumeMetadata {
            capacity_bytes: 10 << 30,
            created_seconds: 1_767_225_600,
            description: r#"{"DiskAlias":"web_Disk1","DiskDescription":""}"#.into(),
            disk_type: "DATA".into(),
            domain: StorageDomainId::known(1),
            format: DiskFormat::Cow,
            generation: 0,
            disk: DiskId::known(2),
            legality: Legality::Legal,
            parent: Some(VolumeId::known(3)),
            sequence: 1,
            sparse: true,
            role: VolumeRole::Leaf,
        }
    }

    const TEXT: &str = r#"CAP=10737418240
CTIME=1767225600
DESCRIPTION={"DiskAlias":"web_Disk1","DiskDescription":""}
DISKTYPE=DATA
DOMAIN=00000000-0000-0000-0000-000000000001
FORMAT=COW
GEN=0
IMAGE=00000000-0000-0000-0000-000000000002
LEGALITY=LEGAL
PUUID=00000000-0000-0000-0000-000000000003
SEQ=1
TYPE=SPARSE
VOLTYPE=LEAF
EOF
"#;

    #[test]
    fn the_text_is_ovirts_and_is_read_again() {
        assert_eq!(example().text().unwrap(), TEXT);
        assert_eq!(VolumeMetadata::parse(TEXT.as_bytes()).unwrap(), example());
        let base = VolumeMetadata {
            parent: None,
            ..example()
        };
        assert!(
            base.text()
                .unwrap()
                .contains("PUUID=00000000-0000-0000-0000-000000000000\n")
        );
    }

    #[test]
    fn the_older_form_counts_sectors() {
        let old = TEXT
            .replace("CAP=10737418240", "SIZE=20971520\nMTIME=0\nPOOL_UUID=")
            .replace("GEN=0\n", "")
            .replace("SEQ=1\n", "");
        let read = VolumeMetadata::parse(format!("{old}\0\0").as_bytes()).unwrap();
        assert_eq!(
            read,
            VolumeMetadata {
                sequence: 0,
                ..example()
            }
        );
    }

    #[test]
    fn what_is_wrong_is_told_by_its_key() {
        for (from, to, words) in [
            ("FORMAT=COW", "FORMAT=VMDK", "FORMAT is `VMDK`"),
            ("TYPE=SPARSE\n", "", "TYPE is missing"),
            ("CAP=10737418240", "CAP=-1", "CAP is `-1`"),
            ("PUUID=0", "PUUID=/", "PUUID"),
        ] {
            let error = VolumeMetadata::parse(TEXT.replace(from, to).as_bytes()).unwrap_err();
            assert!(error.0.contains(words), "{error}");
        }
        let broken = VolumeMetadata {
            description: "a\nLEGALITY=LEGAL".into(),
            ..example()
        };
        assert!(broken.text().unwrap_err().0.contains("line break"));
        let long = VolumeMetadata {
            description: "x".repeat(300),
            ..example()
        };
        assert!(long.text().unwrap_err().0.contains("512"));
    }

    #[test]
    fn the_generation_wraps_after_999() {
        let mut metadata = VolumeMetadata {
            generation: 999,
            ..example()
        };
        metadata.generation_bump();
        assert_eq!(metadata.generation, 0);
    }

    proptest! {
        #[test]
        fn the_longest_metadata_still_fits(alias in any::<String>(), description in any::<String>()) {
            let text = super::super::DiskDescription { alias, description }.text();
            let metadata = VolumeMetadata {
                capacity_bytes: crate::MAX_CAPACITY_BYTES,
                created_seconds: 253_402_300_799,
                description: text,
                legality: Legality::Illegal,
                generation: 999,
                sequence: u32::MAX,
                sparse: false,
                role: VolumeRole::Internal,
                ..example()
            };
            let text = metadata.text().unwrap();
            prop_assert_eq!(VolumeMetadata::parse(text.as_bytes()).unwrap(), metadata);
        }

        #[test]
        fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
            let _ = VolumeMetadata::parse(&bytes);
        }
    }
}
