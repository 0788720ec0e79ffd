//! What readers and writers see of a value: `Record` (a struct), `Slot` (one of its elements),
//! `List` (many), and `Value`, which every Rust type of a slot implements.

use crate::{Expected, Kind, TypeDesc};
use base::Timestamp;
use std::any::Any;
use std::borrow::Cow;

/// A link to another resource.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// What it leads to, without underscores (`diskattachments`).
    pub rel: Cow<'static, str>,
    /// Path from the root of the server.
    pub href: String,
}

impl Link {
    /// A link.
    pub fn new(rel: impl Into<Cow<'static, str>>, href: impl Into<String>) -> Self {
        Link {
            rel: rel.into(),
            href: href.into(),
        }
    }
}

/// The part that entities share, for reading.
#[derive(Clone, Copy, Debug, Default)]
pub struct Identity<'a> {
    /// Its id.
    pub id: Option<&'a str>,
    /// Its own address.
    pub href: Option<&'a str>,
    /// Its collections.
    pub links: &'a [Link],
    /// Its actions.
    pub actions: &'a [Link],
}

/// The part that entities share, for writing.
#[derive(Debug)]
pub struct IdentityMut<'a> {
    /// Its id.
    pub id: &'a mut Option<String>,
    /// Its own address.
    pub href: &'a mut Option<String>,
    /// Its collections.
    pub links: &'a mut Vec<Link>,
    /// Its actions.
    pub actions: &'a mut Vec<Link>,
}

/// A struct of the API. Made by `api_type!`.
pub trait Record: Any + Send + Sync {
    /// Its description.
    fn desc(&self) -> &'static TypeDesc;
    /// Id, href, links and actions; `None` when the type has none of them.
    fn identity(&self) -> Option<Identity<'_>>;
    /// The same for changing.
    fn identity_mut(&mut self) -> Option<IdentityMut<'_>>;
    /// The element number `index` of `desc().fields`; `None` past the last.
    fn slot(&self, index: usize) -> Option<&dyn Slot>;
    /// The same for changing.
    fn slot_mut(&mut self, index: usize) -> Option<&mut dyn Slot>;
    /// As a value of any type, to get the Rust type back.
    fn into_any(self: Box<Self>) -> Box<dyn Any>;
}

/// A `Record` whose type is known at compile time.
pub trait Api: Record + Value + Default + Clone {
    /// Its description.
    fn type_desc() -> &'static TypeDesc;
}

/// What an element holds.
#[derive(Clone, Copy)]
pub enum View<'a> {
    /// Nothing: it was not given, or is not shown.
    Absent,
    /// Text.
    Text(&'a str),
    /// A boolean.
    Boolean(bool),
    /// An integer.
    Integer(i64),
    /// A number.
    Decimal(f64),
    /// A moment.
    Date(Timestamp),
    /// A word of an enumeration.
    Choice(&'static str),
    /// A struct.
    Record(&'a dyn Record),
    /// Many.
    List(&'a dyn List),
}

/// What can be done to the inside of an element.
pub enum Open<'a> {
    /// It is text on the wire: use `set_text`.
    Scalar,
    /// It has elements.
    Record(&'a mut dyn Record),
    /// It has items.
    List(&'a mut dyn List),
}

/// One element of a record: an `Option` of some `Value`.
pub trait Slot {
    /// What it holds.
    fn view(&self) -> View<'_>;
    /// Sets a scalar from its text.
    ///
    /// # Errors
    /// What the text should have been; the old value stays.
    fn set_text(&mut self, text: &str) -> Result<(), Expected>;
    /// Makes it present, empty, and opens it; a scalar stays as it is.
    fn open(&mut self) -> Open<'_>;
    /// Opens what it holds already; `Scalar` when that is nothing.
    fn within(&mut self) -> Open<'_>;
    /// Makes it absent.
    fn clear(&mut self);
    /// Sets a struct or adds to a list; `false` when `record` has another type.
    fn put(&mut self, record: Box<dyn Record>) -> bool;
}

/// Many values of one kind.
pub trait List {
    /// How many.
    fn len(&self) -> usize;
    /// Whether there is none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// One of them; `Absent` past the last.
    fn get(&self, index: usize) -> View<'_>;
    /// Adds a scalar from its text.
    ///
    /// # Errors
    /// What the text should have been.
    fn add_text(&mut self, text: &str) -> Result<(), Expected>;
    /// Adds an empty item and opens it; for scalars nothing is added.
    fn add(&mut self) -> Open<'_>;
}

/// A type that an element can hold.
pub trait Value: Sized + Send + Sync + 'static {
    /// Its kind.
    const KIND: Kind;
    /// Its content.
    fn view(&self) -> View<'_>;
    /// Reads a scalar.
    ///
    /// # Errors
    /// What the text should have been.
    fn parse(text: &str) -> Result<Self, Expected>;
    /// An empty one, for structs and lists.
    fn fresh() -> Option<Self> {
        None
    }
    /// Its inside.
    fn open(&mut self) -> Open<'_> {
        Open::Scalar
    }
    /// Takes a record of its own type (a struct), or of its items' (a list: `Ok(None)`, added).
    fn take(into: Option<Self>, record: Box<dyn Record>) -> Result<Self, Option<Self>> {
        drop(record);
        Err(into)
    }
}

impl<T: Value> Slot for Option<T> {
    fn view(&self) -> View<'_> {
        self.as_ref().map_or(View::Absent, Value::view)
    }

    fn set_text(&mut self, text: &str) -> Result<(), Expected> {
        *self = Some(T::parse(text)?);
        Ok(())
    }

    fn open(&mut self) -> Open<'_> {
        match T::fresh() {
            None => Open::Scalar,
            Some(fresh) => self.insert(fresh).open(),
        }
    }

    fn within(&mut self) -> Open<'_> {
        self.as_mut().map_or(Open::Scalar, Value::open)
    }

    fn clear(&mut self) {
        *self = None;
    }

    fn put(&mut self, record: Box<dyn Record>) -> bool {
        match T::take(self.take(), record) {
            Ok(value) => {
                *self = Some(value);
                true
            }
            Err(before) => {
                *self = before;
                false
            }
        }
    }
}
