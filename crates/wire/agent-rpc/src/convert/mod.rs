//! Messages to and from the types of `ports` and `domain`.
//!
//! Going out can't fail. Coming in checks everything: a missing message, an id of the wrong length,
//! an unknown enum value or a number out of range is a [`BadMessage`] that names the field.

mod certificates;
mod facts;
mod machine;
mod moving;
mod reports;
mod storage;
#[cfg(test)]
mod tests;

use base::{DataCenterId, DiskId, HostId, NicId, StorageDomainId, Timestamp, VmId, VolumeId};
pub(crate) use reports::Numbered;
use std::fmt;

/// A message that makes no sense: which field, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("field `{path}`: {problem}")]
pub struct BadMessage {
    /// Path from the outermost message (`machine.disks[2].format`).
    pub path: String,
    /// What was found and what is allowed.
    pub problem: String,
}

impl BadMessage {
    pub(crate) fn new(problem: impl Into<String>) -> Self {
        BadMessage {
            path: String::new(),
            problem: problem.into(),
        }
    }

    /// The same, seen from one message further out.
    pub(crate) fn within(mut self, step: impl fmt::Display) -> Self {
        self.path = match self.path.chars().next() {
            None => step.to_string(),
            Some('[') => format!("{step}{}", self.path),
            Some(_) => format!("{step}.{}", self.path),
        };
        self
    }
}

/// A type that travels as a message.
pub(crate) trait Wire: Sized {
    /// Its form on the wire.
    type Message;
    /// As a message.
    fn into_wire(self) -> Self::Message;
    /// Out of a message, checked.
    fn from_wire(message: Self::Message) -> Result<Self, BadMessage>;
}

/// Reads a field that is always there (scalars, enums, ids).
pub(crate) fn field<T: Wire>(name: &str, message: T::Message) -> Result<T, BadMessage> {
    T::from_wire(message).map_err(|e| e.within(name))
}

/// Reads a field that holds a message which must be there.
pub(crate) fn required<T: Wire>(name: &str, message: Option<T::Message>) -> Result<T, BadMessage> {
    match message {
        Some(message) => field(name, message),
        None => Err(BadMessage::new("is missing").within(name)),
    }
}

/// Reads a field that may be absent.
pub(crate) fn optional<T: Wire>(
    name: &str,
    message: Option<T::Message>,
) -> Result<Option<T>, BadMessage> {
    message.map(|m| field(name, m)).transpose()
}

/// Reads a list.
pub(crate) fn list<T: Wire>(name: &str, messages: Vec<T::Message>) -> Result<Vec<T>, BadMessage> {
    messages
        .into_iter()
        .enumerate()
        .map(|(i, m)| T::from_wire(m).map_err(|e| e.within(format!("[{i}]")).within(name)))
        .collect()
}

/// Writes a list.
pub(crate) fn wire_list<T: Wire>(items: Vec<T>) -> Vec<T::Message> {
    items.into_iter().map(T::into_wire).collect()
}

/// A percentage, load or rate: infinite and not-a-number are refused.
pub(crate) fn finite(name: &str, value: f64) -> Result<f64, BadMessage> {
    if value.is_finite() {
        Ok(value)
    } else {
        Err(BadMessage::new(format!("{value} is not a finite number")).within(name))
    }
}

/// A TCP port, 1 to 65535.
pub(crate) fn port(name: &str, value: u32) -> Result<u16, BadMessage> {
    u16::try_from(value)
        .ok()
        .filter(|p| *p != 0)
        .ok_or_else(|| {
            BadMessage::new(format!("{value} is not a TCP port; allowed are 1 to 65535"))
                .within(name)
        })
}

impl Wire for Timestamp {
    type Message = i64;
    fn into_wire(self) -> i64 {
        self.0
    }
    fn from_wire(micros: i64) -> Result<Self, BadMessage> {
        Ok(Timestamp(micros))
    }
}

macro_rules! wire_ids {
    ($($id:ident),*) => {$(
        impl Wire for $id {
            type Message = Vec<u8>;
            fn into_wire(self) -> Vec<u8> {
                self.0.as_bytes().to_vec()
            }
            fn from_wire(bytes: Vec<u8>) -> Result<Self, BadMessage> {
                match <[u8; 16]>::try_from(bytes.as_slice()) {
                    Ok(bytes) => Ok($id::known(u128::from_be_bytes(bytes))),
                    Err(_) => Err(BadMessage::new(format!(
                        "{} bytes are not a {} id; expected 16",
                        bytes.len(),
                        $id::WHAT
                    ))),
                }
            }
        }
    )*};
}
wire_ids!(
    HostId,
    VmId,
    DiskId,
    VolumeId,
    NicId,
    StorageDomainId,
    DataCenterId
);

/// Maps a domain enum to the enum of the protocol with the same variant names.
macro_rules! wire_enum {
    ($domain:ty as $wire:ty { $($variant:ident),* $(,)? }) => {
        impl $crate::convert::Wire for $domain {
            type Message = i32;
            fn into_wire(self) -> i32 {
                (match self {
                    $(Self::$variant => <$wire>::$variant,)*
                }) as i32
            }
            fn from_wire(value: i32) -> Result<Self, $crate::convert::BadMessage> {
                match <$wire>::try_from(value) {
                    $(Ok(<$wire>::$variant) => Ok(Self::$variant),)*
                    _ => Err($crate::convert::BadMessage::new(format!(
                        "unknown value {value}; this version knows {}",
                        [$(concat!(stringify!($variant))),*].join(", ")
                    ))),
                }
            }
        }
    };
}
pub(crate) use wire_enum;
