//! A connection with libvirt's daemon.

use super::domain::{Domain, string_take};
use super::error::{VirError, code};
use super::event_loop::event_loop_start;
use super::events::{Signal, Sink, on_close, sink_free, subscriptions};
use super::library::{Library, VirConnect};
use base::VmId;
use std::ffi::{CString, c_int, c_uint, c_ulong};
use std::ptr::{self, NonNull};
use std::sync::Mutex;
use tokio::sync::mpsc::UnboundedSender;

/// `VIR_CONNECT_LIST_DOMAINS_ACTIVE`.
const LIST_ACTIVE: c_uint = 1;
/// `VIR_DOMAIN_START_PAUSED`.
const START_PAUSED: c_uint = 1;

/// An open connection; closed when it is dropped, which may block.
pub(crate) struct Connection {
    pub(super) library: &'static Library,
    pub(super) pointer: NonNull<VirConnect>,
    /// Numbers of the event callbacks, and whether the close callback is there.
    callbacks: Mutex<(Vec<c_int>, bool)>,
}

// SAFETY: libvirt's connections may be used from several threads at once.
unsafe impl Send for Connection {}
// SAFETY: as above.
unsafe impl Sync for Connection {}

impl Connection {
    /// Opens `uri`. When nothing is heard for `interval` seconds `count` times, the connection is
    /// closed and calls fail; without that they would hang for ever on a cut cable.
    pub(crate) fn open(
        library: &'static Library,
        uri: &str,
        keepalive: (i32, u32),
    ) -> Result<Self, VirError> {
        event_loop_start(library).map_err(|why| VirError::new(code::NO_CONNECT, why))?;
        let uri = c_string(uri)?;
        // SAFETY: `uri` is a C string for the duration of the call.
        let pointer = unsafe { (library.virConnectOpen)(uri.as_ptr()) };
        let pointer = NonNull::new(pointer).ok_or_else(|| VirError::last(library))?;
        let connection = Connection {
            library,
            pointer,
            callbacks: Mutex::default(),
        };
        // SAFETY: the connection is open. 1 says that the daemon can't; a local test driver has no
        // wire to watch.
        let set =
            unsafe { (library.virConnectSetKeepAlive)(connection.raw(), keepalive.0, keepalive.1) };
        connection.check(set)?;
        Ok(connection)
    }

    /// Sends the end of the connection, and what happens to domains, to `sender`.
    pub(crate) fn listen(
        &self,
        sender: &UnboundedSender<Signal>,
        domains: bool,
    ) -> Result<(), VirError> {
        let mut callbacks = self.callbacks();
        let sink = Sink::hand_out(self.library, sender.clone());
        // SAFETY: the callback fits, and libvirt frees the sink when it succeeded.
        let result = unsafe {
            (self.library.virConnectRegisterCloseCallback)(
                self.raw(),
                on_close,
                sink,
                Some(sink_free),
            )
        };
        if let Err(error) = self.check(result) {
            // SAFETY: libvirt did not take it.
            unsafe { sink_free(sink) };
            return Err(error);
        }
        callbacks.1 = true;
        if !domains {
            return Ok(());
        }
        for (event, callback) in subscriptions() {
            let sink = Sink::hand_out(self.library, sender.clone());
            // SAFETY: the callback has the signature of the event's number; libvirt frees the sink.
            let id = unsafe {
                (self.library.virConnectDomainEventRegisterAny)(
                    self.raw(),
                    ptr::null_mut(),
                    event,
                    callback,
                    sink,
                    Some(sink_free),
                )
            };
            match self.check(id) {
                Ok(id) => callbacks.0.push(id),
                Err(error) => {
                    // SAFETY: libvirt did not take it.
                    unsafe { sink_free(sink) };
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    /// Versions of libvirt and QEMU as libvirt counts: major * 1 000 000 + minor * 1000 + release.
    pub(crate) fn versions(&self) -> Result<(u64, u64), VirError> {
        let (mut libvirt, mut qemu): (c_ulong, c_ulong) = (0, 0);
        // SAFETY: both point to numbers of ours.
        self.check(unsafe {
            (self.library.virConnectGetLibVersion)(self.raw(), &raw mut libvirt)
        })?;
        // SAFETY: as above.
        self.check(unsafe { (self.library.virConnectGetVersion)(self.raw(), &raw mut qemu) })?;
        Ok((libvirt, qemu))
    }

    /// `<capabilities>`.
    pub(crate) fn capabilities(&self) -> Result<String, VirError> {
        // SAFETY: the connection is open; the text is ours to free.
        unsafe {
            string_take(
                self.library,
                (self.library.virConnectGetCapabilities)(self.raw()),
            )
        }
    }

    /// `<domainCapabilities>` of the default emulator.
    pub(crate) fn domain_capabilities(
        &self,
        architecture: &str,
        virt_type: &str,
    ) -> Result<String, VirError> {
        let (architecture, virt_type) = (c_string(architecture)?, c_string(virt_type)?);
        // SAFETY: C strings for the duration of the call; null asks for defaults.
        unsafe {
            let text = (self.library.virConnectGetDomainCapabilities)(
                self.raw(),
                ptr::null(),
                architecture.as_ptr(),
                ptr::null(),
                virt_type.as_ptr(),
                0,
            );
            string_take(self.library, text)
        }
    }

    /// Every running domain, ours or not.
    pub(crate) fn domains(&self) -> Result<Vec<Domain>, VirError> {
        let mut list = ptr::null_mut();
        // SAFETY: `list` is filled with an array that is ours to free.
        let count = unsafe {
            (self.library.virConnectListAllDomains)(self.raw(), &raw mut list, LIST_ACTIVE)
        };
        let count = usize::try_from(self.check(count)?).unwrap_or(0);
        // SAFETY: the array has `count` domains, each ours to free; the array itself comes from malloc.
        unsafe {
            let all = (0..count)
                .filter_map(|n| Domain::new(self.library, *list.add(n)))
                .collect();
            super::domain::free(list.cast());
            Ok(all)
        }
    }

    /// The domain with this UUID, running or not; `None` when there is none.
    pub(crate) fn domain(&self, vm: VmId) -> Result<Option<Domain>, VirError> {
        let id = c_string(&vm.to_string())?;
        // SAFETY: `id` is a C string for the duration of the call; the domain is ours to free.
        let found = unsafe {
            let pointer = (self.library.virDomainLookupByUUIDString)(self.raw(), id.as_ptr());
            Domain::new(self.library, pointer)
        };
        match found {
            Some(domain) => Ok(Some(domain)),
            None => match VirError::last(self.library) {
                error if error.code == code::NO_DOMAIN => Ok(None),
                error => Err(error),
            },
        }
    }

    /// Starts a domain that is forgotten when it ends.
    pub(crate) fn create(&self, xml: &str, paused: bool) -> Result<Domain, VirError> {
        let xml = c_string(xml)?;
        let flags = if paused { START_PAUSED } else { 0 };
        // SAFETY: `xml` is a C string for the duration of the call; the domain is ours to free.
        let created = unsafe {
            let pointer = (self.library.virDomainCreateXML)(self.raw(), xml.as_ptr(), flags);
            Domain::new(self.library, pointer)
        };
        created.ok_or_else(|| VirError::last(self.library))
    }

    pub(super) fn raw(&self) -> *mut VirConnect {
        self.pointer.as_ptr()
    }

    pub(super) fn check(&self, result: c_int) -> Result<c_int, VirError> {
        if result < 0 {
            Err(VirError::last(self.library))
        } else {
            Ok(result)
        }
    }

    fn callbacks(&self) -> std::sync::MutexGuard<'_, (Vec<c_int>, bool)> {
        self.callbacks
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let (events, close) = std::mem::take(&mut *self.callbacks());
        // SAFETY: the connection is open and nobody uses it any more. Callbacks hold references to
        // it: without taking them back it would never be freed.
        unsafe {
            for id in events {
                (self.library.virConnectDomainEventDeregisterAny)(self.raw(), id);
            }
            if close {
                (self.library.virConnectUnregisterCloseCallback)(self.raw(), on_close);
            }
            (self.library.virConnectClose)(self.raw());
            (self.library.virResetLastError)();
        }
    }
}

pub(super) fn c_string(text: &str) -> Result<CString, VirError> {
    CString::new(text)
        .map_err(|_| VirError::new(code::INVALID_ARG, "a text for libvirt has a zero byte"))
}
