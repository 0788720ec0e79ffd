//! What can stand at a place of a search: told to whoever wrote something else there, and offered to
//! whoever is still writing.

use crate::fields::{FieldDef, Kind};
use crate::moment::{FORMS, SPAN_FORMS};
use crate::objects::Object;

/// Characters that no value may hold, as in oVirt, and the quote.
pub(crate) const FORBIDDEN: &str =
    "a value without quotes inside it and without any of ' ; < > & ^ !";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expected {
    /// The object in front (`Vms:`), a condition, `sortby` or `page`.
    Beginning(Object),
    /// That object in front, since the list holds no other.
    Prefix(Object),
    /// A condition on an object.
    Condition(Object),
    /// A condition with a field: text without one was there already.
    NoMoreFreeText(Object),
    /// A field of an object.
    Field(Object),
    /// An operator for a field.
    Operator(FieldDef),
    /// An operator behind the name of an object.
    ObjectOperator,
    /// A value of a field of an object.
    Value(Object, FieldDef),
    /// Text.
    FreeValue,
    /// What a value may be written with.
    ValueCharacter,
    /// A closing quote.
    Quote,
    /// `and`, `or`, `sortby`, `page`.
    AfterCondition,
    /// A field to sort by.
    SortField(Object),
    /// `asc`, `desc`, `page` or the end.
    AfterSortField,
    /// `page` or the end.
    AfterSort,
    /// A number.
    PageNumber,
    /// Nothing more.
    End,
    /// Not so much.
    Shorter(usize),
}

impl std::fmt::Display for Expected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Expected::Beginning(object) | Expected::Condition(object) => write!(
                f,
                "a field of {}, an operator and a value, such as {}",
                object.many(),
                example(*object)
            ),
            Expected::Prefix(object) => write!(f, "{}: or no object in front", object.many()),
            Expected::NoMoreFreeText(object) => write!(
                f,
                "a field of {}; text without one may stand in a search once",
                object.many()
            ),
            Expected::Field(object) | Expected::SortField(object) => {
                let names: Vec<&str> = object.fields().iter().map(|d| d.field.name()).collect();
                write!(f, "one of the fields {}", names.join(", "))
            }
            Expected::Operator(def) => {
                let signs: Vec<&str> = def.kind.operators().iter().map(|o| o.sign()).collect();
                write!(f, "one of {}", signs.join(" "))
            }
            Expected::ObjectOperator => f.write_str("one of . = !="),
            Expected::Value(_, def) => value(*def, f),
            Expected::FreeValue => f.write_str("a value"),
            Expected::ValueCharacter => f.write_str(FORBIDDEN),
            Expected::Quote => f.write_str("a closing \""),
            Expected::AfterCondition => f.write_str("`and`, `or`, `sortby` or `page`"),
            Expected::AfterSortField => f.write_str("`asc`, `desc`, `page` or the end"),
            Expected::AfterSort => f.write_str("`page` or the end"),
            Expected::PageNumber => f.write_str("a page number, 1 or greater"),
            Expected::End => f.write_str("nothing after the page number"),
            Expected::Shorter(most) => write!(f, "at most {most} characters"),
        }
    }
}

fn example(object: Object) -> String {
    let def = object.fields().first();
    let name = def.map_or("name", |d| d.field.name());
    match def.map(|d| d.kind) {
        Some(Kind::Number) => format!("{name}=1"),
        _ => format!("{name}=web*"),
    }
}

fn value(def: FieldDef, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
    let name = def.field.name();
    match def.kind {
        Kind::Text | Kind::Label | Kind::Unkept => f.write_str("a value"),
        Kind::Number => write!(f, "a number as `{name}`"),
        Kind::Truth => write!(f, "true or false as `{name}`"),
        Kind::Words(words) | Kind::Ranks(words) => {
            write!(f, "one of {} as `{name}`", words.join(", "))
        }
        Kind::Moment => write!(f, "{FORMS}"),
        Kind::Span => write!(f, "{SPAN_FORMS}"),
    }
}
