//! A domain of libvirt.

use super::connection::c_string;
use super::error::VirError;
use super::library::{Library, VirDomain, VirDomainDiskError};
use base::VmId;
use std::ffi::{CStr, c_char, c_int, c_uint, c_void};
use std::ptr::NonNull;

/// `VIR_UUID_STRING_BUFLEN`.
const UUID_BUFFER: usize = 37;
/// More disks than a machine can have.
const MAX_DISK_ERRORS: usize = 256;
/// `VIR_DOMAIN_SHUTDOWN_ACPI_POWER_BTN`.
const SHUTDOWN_ACPI: c_uint = 1;
/// `VIR_DOMAIN_SHUTDOWN_GUEST_AGENT`.
const SHUTDOWN_AGENT: c_uint = 2;
/// `VIR_DOMAIN_XML_SECURE` and `VIR_DOMAIN_XML_MIGRATABLE`.
const XML_MIGRATABLE: c_uint = 1 | 1 << 3;

unsafe extern "C" {
    /// libvirt's strings and arrays come from malloc.
    pub(super) fn free(pointer: *mut c_void);
}

/// A counted reference to a domain.
pub(crate) struct Domain {
    pub(super) library: &'static Library,
    pointer: NonNull<VirDomain>,
}

// SAFETY: libvirt's domains may be used from any thread.
unsafe impl Send for Domain {}

impl Domain {
    /// Takes over a reference; `None` for null.
    ///
    /// # Safety
    /// `pointer` is null or a domain whose reference is the caller's to give.
    pub(super) unsafe fn new(library: &'static Library, pointer: *mut VirDomain) -> Option<Self> {
        let pointer = NonNull::new(pointer)?;
        Some(Domain { library, pointer })
    }

    /// Its UUID.
    pub(crate) fn id(&self) -> Option<VmId> {
        // SAFETY: the domain is valid.
        unsafe { domain_id(self.library, self.raw()) }
    }

    /// Its XML as it is now. Waits while it comes from another host.
    pub(crate) fn xml(&self) -> Result<String, VirError> {
        self.described(0)
    }

    /// Its XML as another host can take it.
    pub(crate) fn xml_migratable(&self) -> Result<String, VirError> {
        self.described(XML_MIGRATABLE)
    }

    fn described(&self, flags: c_uint) -> Result<String, VirError> {
        // SAFETY: the domain is valid; the text is ours to free.
        unsafe {
            let text = (self.library.virDomainGetXMLDesc)(self.raw(), flags);
            string_take(self.library, text)
        }
    }

    /// `virDomainState` and its reason.
    pub(crate) fn state(&self) -> Result<(i32, i32), VirError> {
        let (mut state, mut reason): (c_int, c_int) = (0, 0);
        // SAFETY: both point to numbers of ours.
        let result = unsafe {
            (self.library.virDomainGetState)(self.raw(), &raw mut state, &raw mut reason, 0)
        };
        self.check(result).map(|()| (state, reason))
    }

    /// `virDomainDiskErrorCode` of each disk that has one.
    pub(crate) fn disk_errors(&self) -> Result<Vec<i32>, VirError> {
        let mut errors: Vec<VirDomainDiskError> = (0..MAX_DISK_ERRORS)
            .map(|_| VirDomainDiskError {
                disk: std::ptr::null_mut(),
                error: 0,
            })
            .collect();
        let room = c_uint::try_from(MAX_DISK_ERRORS).unwrap_or(0);
        // SAFETY: the array has that many places.
        let count = unsafe {
            (self.library.virDomainGetDiskErrors)(self.raw(), errors.as_mut_ptr(), room, 0)
        };
        let found = if count < 0 {
            Err(VirError::last(self.library))
        } else {
            Ok(errors.iter().map(|e| e.error).filter(|e| *e != 0).collect())
        };
        for error in errors {
            // SAFETY: null or a string of libvirt's that is ours to free.
            unsafe { free(error.disk.cast()) };
        }
        found
    }

    /// Stops the CPUs.
    pub(crate) fn suspend(&self) -> Result<(), VirError> {
        // SAFETY: the domain is valid.
        self.check(unsafe { (self.library.virDomainSuspend)(self.raw()) })
    }

    /// Lets the CPUs run.
    pub(crate) fn resume(&self) -> Result<(), VirError> {
        // SAFETY: the domain is valid.
        self.check(unsafe { (self.library.virDomainResume)(self.raw()) })
    }

    /// Asks the guest agent to end the guest.
    pub(crate) fn shutdown_by_agent(&self) -> Result<(), VirError> {
        // SAFETY: the domain is valid.
        self.check(unsafe { (self.library.virDomainShutdownFlags)(self.raw(), SHUTDOWN_AGENT) })
    }

    /// Presses the power button.
    pub(crate) fn shutdown_by_acpi(&self) -> Result<(), VirError> {
        // SAFETY: the domain is valid.
        self.check(unsafe { (self.library.virDomainShutdownFlags)(self.raw(), SHUTDOWN_ACPI) })
    }

    /// Ends QEMU, gently first and then not.
    pub(crate) fn destroy(&self) -> Result<(), VirError> {
        // SAFETY: the domain is valid.
        self.check(unsafe { (self.library.virDomainDestroyFlags)(self.raw(), 0) })
    }

    /// Sends a command to the guest agent and gives its answer.
    pub(crate) fn agent_command(&self, command: &str, seconds: i32) -> Result<String, VirError> {
        let command = c_string(command)?;
        // SAFETY: a C string for the duration of the call; the answer is ours to free.
        unsafe {
            let answer =
                (self.library.virDomainQemuAgentCommand)(self.raw(), command.as_ptr(), seconds, 0);
            string_take(self.library, answer)
        }
    }

    pub(super) fn raw(&self) -> *mut VirDomain {
        self.pointer.as_ptr()
    }

    pub(super) fn check(&self, result: c_int) -> Result<(), VirError> {
        if result < 0 {
            Err(VirError::last(self.library))
        } else {
            Ok(())
        }
    }
}

impl Drop for Domain {
    fn drop(&mut self) {
        // SAFETY: the reference is ours and not used any more.
        unsafe { (self.library.virDomainFree)(self.raw()) };
    }
}

/// A domain's UUID.
///
/// # Safety
/// `domain` is valid.
pub(super) unsafe fn domain_id(library: &Library, domain: *mut VirDomain) -> Option<VmId> {
    let mut buffer: [c_char; UUID_BUFFER] = [0; UUID_BUFFER];
    // SAFETY: the buffer has the size libvirt asks for, and ends with zero when it was filled.
    let text = unsafe {
        if (library.virDomainGetUUIDString)(domain, buffer.as_mut_ptr()) < 0 {
            return None;
        }
        CStr::from_ptr(buffer.as_ptr())
    };
    text.to_str().ok()?.parse().ok()
}

/// Copies a text of libvirt's and frees it; null is the last error.
///
/// # Safety
/// `text` is null or a string that is the caller's to free.
pub(super) unsafe fn string_take(library: &Library, text: *mut c_char) -> Result<String, VirError> {
    if text.is_null() {
        return Err(VirError::last(library));
    }
    // SAFETY: as the caller promises.
    unsafe {
        let copy = CStr::from_ptr(text).to_string_lossy().into_owned();
        free(text.cast());
        Ok(copy)
    }
}
