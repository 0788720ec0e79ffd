//! The static description of types: names on the wire, kinds, list tags.

/// A type of the API.
#[derive(Debug)]
pub struct TypeDesc {
    /// The Rust name (`Vm`).
    pub name: &'static str,
    /// What it is, in a sentence that begins with a space.
    pub doc: &'static str,
    /// The element of one (`vm`).
    pub tag: &'static str,
    /// The element of many (`vms`).
    pub list_tag: &'static str,
    /// It has an id, an href, links and actions.
    pub entity: bool,
    /// Its elements in the order they are written.
    pub fields: &'static [FieldDesc],
}

/// One element of a type.
#[derive(Debug)]
pub struct FieldDesc {
    /// The element (`memory_policy`).
    pub name: &'static str,
    /// The Rust field; the same but for a few (`type_`).
    pub attribute: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// For a list of scalars: the element of each item. The items of other lists have the tag of
    /// their type.
    pub item: &'static str,
    /// A collection of its own: shown as a link unless it was asked for with `follow`.
    pub linked: bool,
}

/// What an element holds.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Text.
    Text,
    /// `true` or `false`.
    Boolean,
    /// A 64-bit signed integer.
    Integer,
    /// A number with a fraction.
    Decimal,
    /// A moment.
    Date,
    /// One of a few words.
    Choice(&'static EnumDesc),
    /// Another type; a function, since types refer to each other in circles.
    Record(fn() -> &'static TypeDesc),
    /// Many of something.
    List(&'static Kind),
}

/// An enumeration of the API.
#[derive(Debug)]
pub struct EnumDesc {
    /// The Rust name (`VmStatus`).
    pub name: &'static str,
    /// What it says, in a sentence that begins with a space.
    pub doc: &'static str,
    /// Its words, in the order of the variants.
    pub words: &'static [&'static str],
}

impl TypeDesc {
    /// The index of the element `name`.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|f| f.name == name)
    }

    /// The index of the element that a link's `rel` or a name in `follow` means: the same word, with
    /// or without underscores.
    #[must_use]
    pub fn field_for_rel(&self, rel: &str) -> Option<usize> {
        let wanted = || rel.bytes().filter(|b| *b != b'_');
        self.fields
            .iter()
            .position(|f| f.attribute.bytes().filter(|b| *b != b'_').eq(wanted()))
    }
}

impl FieldDesc {
    /// The `rel` of its link: the attribute without underscores.
    #[must_use]
    pub fn rel(&self) -> String {
        self.attribute.replace('_', "")
    }
}

impl EnumDesc {
    /// The index of a word, in any case.
    #[must_use]
    pub fn index(&self, word: &str) -> Option<usize> {
        self.words
            .iter()
            .position(|known| known.eq_ignore_ascii_case(word))
    }
}
