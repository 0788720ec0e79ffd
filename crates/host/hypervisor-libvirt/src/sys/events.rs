//! Callbacks from libvirt's event loop. They copy what they are given into a channel and do nothing
//! else: the loop's thread serves every connection of the process.

use super::domain::domain_id;
use super::library::{EventCallback, Library, VirConnect, VirDomain, VirTypedParameter};
use super::parameters::parameters_read;
use super::stats::DomainStats;
use base::VmId;
use std::ffi::{CStr, c_char, c_int, c_void};
use tokio::sync::mpsc::UnboundedSender;

/// Numbers of `virDomainEventID`.
const LIFECYCLE: c_int = 0;
const REBOOT: c_int = 1;
const WATCHDOG: c_int = 3;
const IO_ERROR_REASON: c_int = 6;
const BLOCK_JOB_2: c_int = 16;
const AGENT_LIFECYCLE: c_int = 18;
const MIGRATION_ITERATION: c_int = 20;
const JOB_COMPLETED: c_int = 21;

/// What the loop heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Signal {
    /// Something happened to a domain, ours or not.
    Domain {
        /// Its UUID.
        vm: VmId,
        /// What.
        event: RawEvent,
    },
    /// The connection is closed.
    Closed {
        /// `virConnectCloseReason`.
        reason: i32,
    },
}

/// An event in libvirt's numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RawEvent {
    /// `virDomainEventType` and its detail.
    Lifecycle {
        /// Type.
        event: i32,
        /// Detail.
        detail: i32,
    },
    /// The guest restarted.
    Reboot,
    /// `virDomainEventWatchdogAction`.
    Watchdog {
        /// Action.
        action: i32,
    },
    /// A disk failed.
    IoError {
        /// Alias of the disk.
        alias: String,
        /// `virDomainEventIOErrorAction`.
        action: i32,
        /// QEMU's word, often empty.
        reason: String,
    },
    /// `virConnectDomainEventAgentLifecycleState`.
    Agent {
        /// State.
        state: i32,
    },
    /// A job on a disk.
    BlockJob {
        /// Name of the disk (`vda`).
        target: String,
        /// `virDomainBlockJobType`.
        kind: i32,
        /// `virConnectDomainEventBlockJobStatus`.
        status: i32,
    },
    /// The memory has been gone through once more on the way to another host.
    Iteration {
        /// Passes so far.
        iteration: i32,
    },
    /// A job of the domain is over.
    JobCompleted {
        /// What it tells of itself.
        values: DomainStats,
    },
}

/// What callbacks get as their argument.
pub(super) struct Sink {
    pub library: &'static Library,
    pub sender: UnboundedSender<Signal>,
}

impl Sink {
    /// A counted reference for libvirt; `sink_free` gives it back.
    pub(super) fn hand_out(
        library: &'static Library,
        sender: UnboundedSender<Signal>,
    ) -> *mut c_void {
        Box::into_raw(Box::new(Sink { library, sender })).cast()
    }
}

/// Takes back what `hand_out` gave.
///
/// # Safety
/// `opaque` comes from `hand_out` and is not used afterwards.
pub(super) unsafe extern "C" fn sink_free(opaque: *mut c_void) {
    // SAFETY: as the caller promises.
    drop(unsafe { Box::from_raw(opaque.cast::<Sink>()) });
}

/// # Safety
/// Called by libvirt with what was registered.
unsafe fn tell(domain: *mut VirDomain, opaque: *mut c_void, event: RawEvent) {
    // SAFETY: libvirt hands back the sink, which lives until `sink_free`.
    let sink = unsafe { &*opaque.cast::<Sink>() };
    // SAFETY: the domain is valid during the callback; reading its UUID asks nobody.
    if let Some(vm) = unsafe { domain_id(sink.library, domain) } {
        // Nobody listening any more is fine.
        let _ = sink.sender.send(Signal::Domain { vm, event });
    }
}

/// # Safety
/// `text` is null or a C string.
unsafe fn text(text: *const c_char) -> String {
    if text.is_null() {
        return String::new();
    }
    // SAFETY: as the caller promises.
    let text = unsafe { CStr::from_ptr(text) };
    text.to_string_lossy().into_owned()
}

unsafe extern "C" fn on_lifecycle(
    _: *mut VirConnect,
    domain: *mut VirDomain,
    event: c_int,
    detail: c_int,
    opaque: *mut c_void,
) -> c_int {
    // SAFETY: called by libvirt with what was registered.
    unsafe { tell(domain, opaque, RawEvent::Lifecycle { event, detail }) };
    0
}

unsafe extern "C" fn on_reboot(_: *mut VirConnect, domain: *mut VirDomain, opaque: *mut c_void) {
    // SAFETY: called by libvirt with what was registered.
    unsafe { tell(domain, opaque, RawEvent::Reboot) };
}

unsafe extern "C" fn on_watchdog(
    _: *mut VirConnect,
    domain: *mut VirDomain,
    action: c_int,
    opaque: *mut c_void,
) {
    // SAFETY: called by libvirt with what was registered.
    unsafe { tell(domain, opaque, RawEvent::Watchdog { action }) };
}

unsafe extern "C" fn on_io_error(
    _: *mut VirConnect,
    domain: *mut VirDomain,
    _path: *const c_char,
    alias: *const c_char,
    action: c_int,
    reason: *const c_char,
    opaque: *mut c_void,
) {
    // SAFETY: called by libvirt with C strings and what was registered.
    unsafe {
        let (alias, reason) = (text(alias), text(reason));
        let event = RawEvent::IoError {
            alias,
            action,
            reason,
        };
        tell(domain, opaque, event);
    }
}

unsafe extern "C" fn on_agent(
    _: *mut VirConnect,
    domain: *mut VirDomain,
    state: c_int,
    _reason: c_int,
    opaque: *mut c_void,
) {
    // SAFETY: called by libvirt with what was registered.
    unsafe { tell(domain, opaque, RawEvent::Agent { state }) };
}

unsafe extern "C" fn on_block_job(
    _: *mut VirConnect,
    domain: *mut VirDomain,
    target: *const c_char,
    kind: c_int,
    status: c_int,
    opaque: *mut c_void,
) {
    // SAFETY: called by libvirt with a C string and what was registered.
    unsafe {
        let target = text(target);
        let event = RawEvent::BlockJob {
            target,
            kind,
            status,
        };
        tell(domain, opaque, event);
    }
}

unsafe extern "C" fn on_iteration(
    _: *mut VirConnect,
    domain: *mut VirDomain,
    iteration: c_int,
    opaque: *mut c_void,
) {
    // SAFETY: called by libvirt with what was registered.
    unsafe { tell(domain, opaque, RawEvent::Iteration { iteration }) };
}

unsafe extern "C" fn on_job_completed(
    _: *mut VirConnect,
    domain: *mut VirDomain,
    list: *mut VirTypedParameter,
    count: c_int,
    opaque: *mut c_void,
) {
    // SAFETY: called by libvirt with a list it filled and will free, and what was registered.
    unsafe {
        let values = parameters_read(list, count);
        tell(domain, opaque, RawEvent::JobCompleted { values });
    }
}

pub(super) unsafe extern "C" fn on_close(_: *mut VirConnect, reason: c_int, opaque: *mut c_void) {
    // SAFETY: libvirt hands back the sink, which lives until `sink_free`.
    let sink = unsafe { &*opaque.cast::<Sink>() };
    let _ = sink.sender.send(Signal::Closed { reason });
}

/// Every event that is listened to, with its callback.
pub(super) fn subscriptions() -> [(c_int, EventCallback); 8] {
    // SAFETY: libvirt calls each back with the signature that belongs to its number, which is the
    // one it has here; the C type is only a common name for all of them.
    unsafe {
        use std::mem::transmute;
        type Lifecycle = unsafe extern "C" fn(
            *mut VirConnect,
            *mut VirDomain,
            c_int,
            c_int,
            *mut c_void,
        ) -> c_int;
        type Generic = unsafe extern "C" fn(*mut VirConnect, *mut VirDomain, *mut c_void);
        type Watchdog = unsafe extern "C" fn(*mut VirConnect, *mut VirDomain, c_int, *mut c_void);
        type IoError = unsafe extern "C" fn(
            *mut VirConnect,
            *mut VirDomain,
            *const c_char,
            *const c_char,
            c_int,
            *const c_char,
            *mut c_void,
        );
        type Agent =
            unsafe extern "C" fn(*mut VirConnect, *mut VirDomain, c_int, c_int, *mut c_void);
        type BlockJob = unsafe extern "C" fn(
            *mut VirConnect,
            *mut VirDomain,
            *const c_char,
            c_int,
            c_int,
            *mut c_void,
        );
        type Iteration = unsafe extern "C" fn(*mut VirConnect, *mut VirDomain, c_int, *mut c_void);
        type JobCompleted = unsafe extern "C" fn(
            *mut VirConnect,
            *mut VirDomain,
            *mut VirTypedParameter,
            c_int,
            *mut c_void,
        );
        [
            (
                LIFECYCLE,
                transmute::<Lifecycle, EventCallback>(on_lifecycle),
            ),
            (REBOOT, transmute::<Generic, EventCallback>(on_reboot)),
            (WATCHDOG, transmute::<Watchdog, EventCallback>(on_watchdog)),
            (
                IO_ERROR_REASON,
                transmute::<IoError, EventCallback>(on_io_error),
            ),
            (AGENT_LIFECYCLE, transmute::<Agent, EventCallback>(on_agent)),
            (
                BLOCK_JOB_2,
                transmute::<BlockJob, EventCallback>(on_block_job),
            ),
            (
                MIGRATION_ITERATION,
                transmute::<Iteration, EventCallback>(on_iteration),
            ),
            (
                JOB_COMPLETED,
                transmute::<JobCompleted, EventCallback>(on_job_completed),
            ),
        ]
    }
}
