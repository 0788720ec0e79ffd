//! The functions of libvirt.so and libvirt-qemu.so that are used, found at run time.
//!
//! Signatures and structures are those of libvirt's stable C ABI (it never changed one since 2005);
//! each says since which version it exists where that is later than 1.2.

use std::ffi::{c_char, c_int, c_uint, c_ulong, c_void};
use std::sync::OnceLock;

/// An opaque `virConnect`.
#[repr(C)]
pub(super) struct VirConnect {
    _private: [u8; 0],
}
/// An opaque `virDomain`.
#[repr(C)]
pub(super) struct VirDomain {
    _private: [u8; 0],
}

/// An opaque `virDomainSnapshot`.
#[repr(C)]
pub(super) struct VirDomainSnapshot {
    _private: [u8; 0],
}

/// The head of `virError`; what follows is not read.
#[repr(C)]
pub(super) struct VirErrorHead {
    pub code: c_int,
    pub domain: c_int,
    pub message: *const c_char,
}

/// `virTypedParameter`.
#[repr(C)]
pub(super) struct VirTypedParameter {
    pub field: [c_char; 80],
    pub kind: c_int,
    pub value: VirTypedValue,
}
/// The union in it.
#[repr(C)]
pub(super) union VirTypedValue {
    pub i: c_int,
    pub ui: c_uint,
    pub l: i64,
    pub ul: u64,
    pub d: f64,
    pub b: c_char,
    pub s: *const c_char,
}
/// `virDomainStatsRecord`.
#[repr(C)]
pub(super) struct VirDomainStatsRecord {
    pub domain: *mut VirDomain,
    pub parameters: *mut VirTypedParameter,
    pub count: c_int,
}
/// `virDomainDiskError`.
#[repr(C)]
pub(super) struct VirDomainDiskError {
    pub disk: *mut c_char,
    pub error: c_int,
}

/// `virDomainBlockJobInfo`.
#[repr(C)]
#[derive(Default)]
pub(super) struct VirDomainBlockJobInfo {
    pub kind: c_int,
    pub bandwidth: c_ulong,
    pub current: u64,
    pub end: u64,
}

pub(super) type FreeCallback = unsafe extern "C" fn(*mut c_void);
pub(super) type CloseCallback = unsafe extern "C" fn(*mut VirConnect, c_int, *mut c_void);
pub(super) type ErrorHandler = unsafe extern "C" fn(*mut c_void, *mut VirErrorHead);
/// Any of the event callbacks; the event's number says which it really is.
pub(super) type EventCallback = unsafe extern "C" fn();

macro_rules! functions {
    ($($library:ident: $name:ident($($argument:ty),*) $(-> $result:ty)?;)*) => {
        /// The loaded functions.
        #[allow(non_snake_case)]
        pub(crate) struct Library {
            $(pub(super) $name: unsafe extern "C" fn($($argument),*) $(-> $result)?,)*
        }
        impl Library {
            fn load() -> Result<Library, String> {
                let libvirt = open("libvirt.so.0")?;
                let qemu = open("libvirt-qemu.so.0")?;
                let libraries = Libraries { libvirt, qemu };
                let loaded = Library {
                    $($name: {
                        // SAFETY: the signature is that of the function in libvirt's ABI.
                        let symbol = unsafe {
                            libraries.$library.get::<unsafe extern "C" fn($($argument),*) $(-> $result)?>(
                                concat!(stringify!($name), "\0").as_bytes(),
                            )
                        };
                        *symbol.map_err(|e| format!("{} is missing ({e})", stringify!($name)))?
                    },)*
                };
                // The functions are used until the process ends.
                std::mem::forget(libraries);
                Ok(loaded)
            }
        }
    };
}

struct Libraries {
    libvirt: libloading::Library,
    qemu: libloading::Library,
}

fn open(name: &str) -> Result<libloading::Library, String> {
    // SAFETY: libvirt's libraries have no constructors with conditions on the caller.
    unsafe { libloading::Library::new(name) }.map_err(|e| format!("{name} cannot be opened ({e})"))
}

functions! {
    libvirt: virInitialize() -> c_int;
    libvirt: virSetErrorFunc(*mut c_void, Option<ErrorHandler>);
    libvirt: virGetLastError() -> *const VirErrorHead;
    libvirt: virResetLastError();
    libvirt: virEventRegisterDefaultImpl() -> c_int;
    libvirt: virEventRunDefaultImpl() -> c_int;
    libvirt: virConnectOpen(*const c_char) -> *mut VirConnect;
    libvirt: virConnectClose(*mut VirConnect) -> c_int;
    libvirt: virConnectSetKeepAlive(*mut VirConnect, c_int, c_uint) -> c_int;
    libvirt: virConnectRegisterCloseCallback(*mut VirConnect, CloseCallback, *mut c_void, Option<FreeCallback>) -> c_int;
    libvirt: virConnectUnregisterCloseCallback(*mut VirConnect, CloseCallback) -> c_int;
    libvirt: virConnectDomainEventRegisterAny(*mut VirConnect, *mut VirDomain, c_int, EventCallback, *mut c_void, Option<FreeCallback>) -> c_int;
    libvirt: virConnectDomainEventDeregisterAny(*mut VirConnect, c_int) -> c_int;
    libvirt: virConnectGetVersion(*mut VirConnect, *mut c_ulong) -> c_int;
    libvirt: virConnectGetLibVersion(*mut VirConnect, *mut c_ulong) -> c_int;
    libvirt: virConnectGetCapabilities(*mut VirConnect) -> *mut c_char;
    libvirt: virConnectGetDomainCapabilities(*mut VirConnect, *const c_char, *const c_char, *const c_char, *const c_char, c_uint) -> *mut c_char;
    libvirt: virConnectListAllDomains(*mut VirConnect, *mut *mut *mut VirDomain, c_uint) -> c_int;
    libvirt: virConnectGetAllDomainStats(*mut VirConnect, c_uint, *mut *mut *mut VirDomainStatsRecord, c_uint) -> c_int;
    libvirt: virDomainStatsRecordListFree(*mut *mut VirDomainStatsRecord);
    libvirt: virDomainCreateXML(*mut VirConnect, *const c_char, c_uint) -> *mut VirDomain;
    libvirt: virDomainLookupByUUIDString(*mut VirConnect, *const c_char) -> *mut VirDomain;
    libvirt: virDomainFree(*mut VirDomain) -> c_int;
    libvirt: virDomainGetUUIDString(*mut VirDomain, *mut c_char) -> c_int;
    libvirt: virDomainGetXMLDesc(*mut VirDomain, c_uint) -> *mut c_char;
    libvirt: virDomainGetState(*mut VirDomain, *mut c_int, *mut c_int, c_uint) -> c_int;
    libvirt: virDomainGetDiskErrors(*mut VirDomain, *mut VirDomainDiskError, c_uint, c_uint) -> c_int;
    libvirt: virDomainSuspend(*mut VirDomain) -> c_int;
    libvirt: virDomainResume(*mut VirDomain) -> c_int;
    libvirt: virDomainShutdownFlags(*mut VirDomain, c_uint) -> c_int;
    libvirt: virDomainDestroyFlags(*mut VirDomain, c_uint) -> c_int;
    libvirt: virConnectIsAlive(*mut VirConnect) -> c_int;
    libvirt: virTypedParamsFree(*mut VirTypedParameter, c_int);
    libvirt: virDomainMigrateToURI3(*mut VirDomain, *const c_char, *mut VirTypedParameter, c_uint, c_uint) -> c_int;
    libvirt: virDomainAbortJob(*mut VirDomain) -> c_int;
    libvirt: virDomainGetJobStats(*mut VirDomain, *mut c_int, *mut *mut VirTypedParameter, *mut c_int, c_uint) -> c_int;
    libvirt: virDomainSnapshotCreateXML(*mut VirDomain, *const c_char, c_uint) -> *mut VirDomainSnapshot;
    libvirt: virDomainSnapshotFree(*mut VirDomainSnapshot) -> c_int;
    libvirt: virDomainBlockCopy(*mut VirDomain, *const c_char, *const c_char, *mut VirTypedParameter, c_int, c_uint) -> c_int;
    libvirt: virDomainBlockCommit(*mut VirDomain, *const c_char, *const c_char, *const c_char, c_ulong, c_uint) -> c_int;
    libvirt: virDomainGetBlockJobInfo(*mut VirDomain, *const c_char, *mut VirDomainBlockJobInfo, c_uint) -> c_int;
    libvirt: virDomainBlockJobAbort(*mut VirDomain, *const c_char, c_uint) -> c_int;
    libvirt: virDomainGetMetadata(*mut VirDomain, c_int, *const c_char, c_uint) -> *mut c_char;
    libvirt: virDomainSetMetadata(*mut VirDomain, c_int, *const c_char, *const c_char, *const c_char, c_uint) -> c_int;
    qemu: virDomainQemuAgentCommand(*mut VirDomain, *const c_char, c_int, c_uint) -> *mut c_char;
}

static LIBRARY: OnceLock<Result<Library, String>> = OnceLock::new();

unsafe extern "C" fn silent(_: *mut c_void, _: *mut VirErrorHead) {}

impl Library {
    /// The library, loaded and made ready once per process.
    ///
    /// # Errors
    /// A sentence that says what is missing on this host.
    pub(crate) fn get() -> Result<&'static Library, String> {
        let loaded = LIBRARY.get_or_init(|| {
            let library = Library::load()?;
            // SAFETY: plain calls; the handler takes what libvirt gives. Without it libvirt writes
            // every error to standard error.
            unsafe {
                (library.virSetErrorFunc)(std::ptr::null_mut(), Some(silent));
                if (library.virInitialize)() < 0 {
                    return Err("libvirt cannot be initialized".into());
                }
            }
            Ok(library)
        });
        loaded.as_ref().map_err(Clone::clone)
    }
}
