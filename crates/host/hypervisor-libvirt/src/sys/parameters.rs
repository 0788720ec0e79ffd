//! libvirt's lists of named values, both ways.

use super::connection::c_string;
use super::error::VirError;
use super::library::{VirTypedParameter, VirTypedValue};
use super::stats::{Value, value};
use std::collections::BTreeMap;
use std::ffi::{CString, c_char, c_int};

/// `VIR_TYPED_PARAM_ULLONG` and `VIR_TYPED_PARAM_STRING`.
const NUMBER: c_int = 4;
const TEXT: c_int = 7;

/// A list for libvirt; the texts live as long as it.
#[derive(Default)]
pub(super) struct Parameters {
    list: Vec<VirTypedParameter>,
    texts: Vec<CString>,
}

impl Parameters {
    pub(super) fn number(&mut self, name: &str, number: u64) {
        self.add(name, NUMBER, VirTypedValue { ul: number });
    }

    pub(super) fn text(&mut self, name: &str, text: &str) -> Result<(), VirError> {
        let text = c_string(text)?;
        self.add(name, TEXT, VirTypedValue { s: text.as_ptr() });
        self.texts.push(text);
        Ok(())
    }

    fn add(&mut self, name: &str, kind: c_int, value: VirTypedValue) {
        let mut field: [c_char; 80] = [0; 80];
        // The last byte stays zero.
        for (to, from) in field.iter_mut().take(79).zip(name.bytes()) {
            *to = c_char::from_ne_bytes([from]);
        }
        self.list.push(VirTypedParameter { field, kind, value });
    }

    /// The list and its length; libvirt only reads it.
    pub(super) fn raw(&mut self) -> (*mut VirTypedParameter, usize) {
        (self.list.as_mut_ptr(), self.list.len())
    }
}

/// Copies a list of libvirt's.
///
/// # Safety
/// `list` has `count` parameters that libvirt filled.
pub(super) unsafe fn parameters_read(
    list: *const VirTypedParameter,
    count: c_int,
) -> BTreeMap<String, Value> {
    if list.is_null() {
        return BTreeMap::new();
    }
    let count = usize::try_from(count).unwrap_or(0);
    // SAFETY: as the caller promises.
    unsafe { (0..count).filter_map(|n| value(&*list.add(n))).collect() }
}
