//! Statistics of all domains in one call.

use super::connection::Connection;
use super::domain::domain_id;
use super::error::VirError;
use super::library::VirTypedParameter;
use base::VmId;
use std::collections::BTreeMap;
use std::ffi::{CStr, c_char, c_uint};
use std::ptr;

/// `VIR_DOMAIN_STATS_…`: state, CPU, balloon, vCPUs, interfaces, block devices.
const GROUPS: c_uint = 1 | 1 << 1 | 1 << 2 | 1 << 3 | 1 << 4 | 1 << 5;
/// `VIR_CONNECT_GET_ALL_DOMAINS_STATS_ACTIVE` and `…_NOWAIT`: a domain that is busy just now tells
/// what it can instead of holding up all others.
const FLAGS: c_uint = 1 | 1 << 29;

/// A value by its name, such as `block.0.rd.bytes`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    /// A number; negative ones are 0.
    Number(u64),
    /// A text.
    Text(String),
}

/// The values of a domain.
pub(crate) type DomainStats = BTreeMap<String, Value>;

impl Connection {
    /// What all running domains tell of themselves.
    pub(crate) fn stats(&self) -> Result<BTreeMap<VmId, DomainStats>, VirError> {
        let mut records = ptr::null_mut();
        // SAFETY: `records` is filled with an array of libvirt's that is freed below.
        let count = unsafe {
            (self.library.virConnectGetAllDomainStats)(self.raw(), GROUPS, &raw mut records, FLAGS)
        };
        let count = usize::try_from(self.check(count)?).unwrap_or(0);
        let mut all = BTreeMap::new();
        for n in 0..count {
            // SAFETY: the array has `count` records, each with `count` parameters.
            unsafe {
                let record = &**records.add(n);
                let Some(vm) = domain_id(self.library, record.domain) else {
                    continue;
                };
                let length = usize::try_from(record.count).unwrap_or(0);
                let values = (0..length).filter_map(|n| value(&*record.parameters.add(n)));
                all.insert(vm, values.collect());
            }
        }
        // SAFETY: the list comes from the call above and is not used any more.
        unsafe { (self.library.virDomainStatsRecordListFree)(records) };
        Ok(all)
    }
}

/// # Safety
/// The parameter was filled by libvirt.
pub(super) unsafe fn value(parameter: &VirTypedParameter) -> Option<(String, Value)> {
    // SAFETY: the field is an array of bytes; a name that fills it has no end.
    let name = unsafe {
        let bytes: &[u8; 80] = &*(&raw const parameter.field).cast();
        CStr::from_bytes_until_nul(bytes).ok()?
    };
    // SAFETY: the kind says which member of the union is filled.
    let value = unsafe {
        let v = &parameter.value;
        match parameter.kind {
            1 => Value::Number(u64::try_from(v.i).unwrap_or(0)),
            2 => Value::Number(u64::from(v.ui)),
            3 => Value::Number(u64::try_from(v.l).unwrap_or(0)),
            4 => Value::Number(v.ul),
            6 => Value::Number(u64::from(v.b != 0 as c_char)),
            7 if !v.s.is_null() => Value::Text(CStr::from_ptr(v.s).to_string_lossy().into_owned()),
            _ => return None,
        }
    };
    Some((name.to_string_lossy().into_owned(), value))
}
