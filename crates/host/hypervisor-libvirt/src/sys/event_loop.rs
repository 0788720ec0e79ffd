//! libvirt's event loop: one per process, on a thread of its own, for as long as the process lives.

use super::error::VirError;
use super::library::Library;
use std::sync::OnceLock;
use std::thread;

static LOOP: OnceLock<Result<(), String>> = OnceLock::new();

/// Starts the loop; must be done before the first connection is opened.
///
/// # Errors
/// A sentence of libvirt or the system.
pub(super) fn event_loop_start(library: &'static Library) -> Result<(), String> {
    let started = LOOP.get_or_init(|| {
        // SAFETY: called once, before any connection is open.
        if unsafe { (library.virEventRegisterDefaultImpl)() } < 0 {
            return Err(VirError::last(library).message);
        }
        let run = move || {
            loop {
                // SAFETY: this thread alone runs the loop. It waits in poll(2) until something
                // happens. It fails only when the loop is misused; then nothing can be heard.
                if unsafe { (library.virEventRunDefaultImpl)() } < 0 {
                    let why = VirError::last(library).message;
                    tracing::error!("libvirt's event loop ended: {why}");
                    return;
                }
            }
        };
        thread::Builder::new()
            .name("libvirt-events".into())
            .spawn(run)
            .map(drop)
            .map_err(|e| format!("no thread for libvirt's events: {e}"))
    });
    started.clone()
}
