//! Makes every kind of long work known to the workflow engine.

use crate::Rooms;
use crate::vms::start::StartVm;
use crate::vms::stop::StopVm;
use workflow::Engine;

/// Registers every workflow of this room. Once, before `Engine::recover`.
pub fn register_all(engine: &Engine, rooms: &Rooms) {
    engine.register(StartVm {
        rooms: rooms.clone(),
    });
    engine.register(StopVm {
        rooms: rooms.clone(),
    });
}
