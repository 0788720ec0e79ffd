//! The machine as libvirt's XML, and back. Pure: no libvirt, no files, no clock.
