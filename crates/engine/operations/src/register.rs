//! Makes every kind of long work known to the workflow engine.

use crate::Rooms;
use crate::disks::move_disk::MoveDisk;
use crate::disks::move_live::MoveLiveDisk;
use crate::disks::{add::AddDisk, extend::ExtendDisk, import::ImportDisk, remove::RemoveDisk};
use crate::hosts::maintenance::HostMaintenance;
use crate::storage_domains::add::AddStorageDomain;
use crate::templates::{add::AddTemplate, remove::RemoveTemplate};
use crate::vms::migrate::MigrateVm;
use crate::vms::{add::AddVm, remove::RemoveVm, start::StartVm, stop::StopVm};
use workflow::Engine;

/// Registers every workflow of this room. Once, before `Engine::recover`.
pub fn register_all(engine: &Engine, rooms: &Rooms) {
    let rooms = || rooms.clone();
    engine.register(StartVm { rooms: rooms() });
    engine.register(StopVm { rooms: rooms() });
    engine.register(MigrateVm { rooms: rooms() });
    engine.register(MoveDisk { rooms: rooms() });
    engine.register(MoveLiveDisk { rooms: rooms() });
    engine.register(HostMaintenance { rooms: rooms() });
    engine.register(AddVm { rooms: rooms() });
    engine.register(RemoveVm { rooms: rooms() });
    engine.register(AddDisk { rooms: rooms() });
    engine.register(ImportDisk { rooms: rooms() });
    engine.register(ExtendDisk { rooms: rooms() });
    engine.register(RemoveDisk { rooms: rooms() });
    engine.register(AddTemplate { rooms: rooms() });
    engine.register(RemoveTemplate { rooms: rooms() });
    engine.register(AddStorageDomain { rooms: rooms() });
}
