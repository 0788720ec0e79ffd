//! Records with arbitrary content, from any source of numbers: for tests and fuzzing of whatever
//! handles records.

use crate::{Kind, Link, Open, Record};
use base::Timestamp;

/// Pieces that texts are made of: what has to be escaped, what is easily lost, several scripts.
const PIECES: &[&str] = &[
    "a",
    "Z",
    "0",
    " ",
    "  ",
    "\n",
    "\t",
    "\r",
    "\r\n",
    "<",
    ">",
    "&",
    "&amp;",
    "&#65;",
    "\"",
    "'",
    "]]>",
    "<!--",
    "\\",
    "{}",
    "ż",
    "сервер",
    "服务器",
    "हिन्दी",
    "\u{85}",
    "\u{a0}",
    "\u{2028}",
    "\u{e000}",
    "\u{fffd}",
    "\u{1F600}",
    "\u{7f}",
];

/// What is filled in.
#[derive(Clone, Copy, Debug)]
pub struct Extent {
    /// How many levels of records may lie within.
    pub depth: usize,
    /// Links and actions too.
    pub links: bool,
}

impl Extent {
    fn inside(self) -> Option<Extent> {
        let depth = self.depth.checked_sub(1)?;
        Some(Extent { depth, ..self })
    }
}

/// SplitMix64 from a seed: the numbers of a record that can be made again.
pub fn numbers(seed: u64) -> impl FnMut() -> u64 {
    let mut state = seed;
    move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

/// Fills an empty record. Each call of `number` gives the next number.
pub fn fill(record: &mut dyn Record, extent: Extent, number: &mut dyn FnMut() -> u64) {
    if let Some(identity) = record.identity_mut() {
        if number().is_multiple_of(2) {
            *identity.id = Some(text(number));
            *identity.href = Some(text(number));
        }
        if extent.links {
            for list in [identity.links, identity.actions] {
                for _ in 0..number() % 3 {
                    list.push(Link::new(text(number), text(number)));
                }
            }
        }
    }
    let fields = record.desc().fields;
    // About five elements of each record, whatever its size.
    let one_in = (fields.len() as u64 / 5).max(1);
    for (index, field) in fields.iter().enumerate() {
        if !number().is_multiple_of(one_in) {
            continue;
        }
        let Some(slot) = record.slot_mut(index) else {
            continue;
        };
        let records = matches!(field.kind, Kind::Record(_) | Kind::List(Kind::Record(_)));
        let inside = extent.inside();
        if records && inside.is_none() {
            continue;
        }
        let inside = inside.unwrap_or(extent);
        match slot.open() {
            Open::Record(inner) => fill(inner, inside, number),
            Open::List(list) => {
                let Kind::List(kind) = field.kind else {
                    continue;
                };
                for _ in 0..number() % 3 {
                    match list.add() {
                        Open::Record(inner) => fill(inner, inside, number),
                        Open::List(_) => {}
                        Open::Scalar => _ = list.add_text(&scalar(*kind, number)),
                    }
                }
            }
            Open::Scalar => _ = slot.set_text(&scalar(field.kind, number)),
        }
    }
}

fn scalar(kind: Kind, number: &mut dyn FnMut() -> u64) -> String {
    match kind {
        Kind::Text | Kind::Record(_) | Kind::List(_) => text(number),
        Kind::Boolean => number().is_multiple_of(2).to_string(),
        Kind::Integer => {
            let shift = number() % 64;
            (number().cast_signed() >> shift).to_string()
        }
        // Fractions that every JSON parser reads to the last bit.
        Kind::Decimal => {
            let whole = i32::try_from(number() % 4_000_000_000 / 2).unwrap_or(0) - 1_000_000_000;
            (f64::from(whole) / 64.0).to_string()
        }
        // Whole milliseconds up to the year 2200: what the wire carries.
        Kind::Date => Timestamp((number() % 7_258_118_400_000).cast_signed() * 1000).to_string(),
        Kind::Choice(desc) => {
            let index = number() % desc.words.len().max(1) as u64;
            desc.words
                .get(usize::try_from(index).unwrap_or(0))
                .copied()
                .unwrap_or_default()
                .to_owned()
        }
    }
}

fn text(number: &mut dyn FnMut() -> u64) -> String {
    let length = number() % 6;
    (0..length)
        .map(|_| {
            let index = number() % PIECES.len() as u64;
            PIECES[usize::try_from(index).unwrap_or(0)]
        })
        .collect()
}
