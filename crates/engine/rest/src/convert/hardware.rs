//! The hardware that VMs and templates share, as the API shows it.
//!
//! Clients compare these elements without asking whether they are there (`placement_policy`, `sso`,
//! `usb`, `io`, `display` and others), so they are always shown, also where they only say "off".

use super::numbers::int;
use super::references;
use api_v4::{
    BiosType, BootDevice, CpuPinningPolicy, DisplayType, InheritableBoolean, RngSource, VmAffinity,
    VmStorageErrorResumeBehaviour, VmType,
};
use domain::vms::{self, Hardware};

/// The time zone of a VM that names none.
pub(super) const TIME_ZONE: &str = "Etc/GMT";

/// Fills the shared elements of a `Vm` or `Template`.
macro_rules! show {
    ($record:expr, $hardware:expr) => {{
        let (record, hardware) = ($record, $hardware);
        record.type_ = Some(kind(hardware.kind));
        record.memory = int(hardware.memory_bytes);
        record.memory_policy = Some(Box::new(memory_policy(hardware)));
        record.cpu = Some(Box::new(cpu(hardware)));
        record.cpu_shares = int(hardware.cpu_shares);
        record.cpu_pinning_policy = Some(CpuPinningPolicy::None);
        record.os = Some(Box::new(os(hardware)));
        record.bios = Some(Box::new(api_v4::Bios {
            boot_menu: Some(Box::new(api_v4::BootMenu {
                enabled: Some(false),
            })),
            type_: Some(bios(hardware.bios)),
        }));
        record.console = Some(Box::new(api_v4::Console {
            enabled: Some(hardware.serial_console),
        }));
        record.display = Some(Box::new(display(hardware)));
        record.high_availability = Some(Box::new(api_v4::HighAvailability {
            enabled: Some(hardware.high_availability.enabled),
            priority: int(hardware.high_availability.priority),
        }));
        record.io = Some(Box::new(api_v4::Io { threads: Some(0) }));
        record.migration = Some(Box::new(api_v4::MigrationOptions {
            auto_converge: Some(InheritableBoolean::Inherit),
            compressed: Some(InheritableBoolean::Inherit),
            encrypted: Some(InheritableBoolean::Inherit),
            ..api_v4::MigrationOptions::default()
        }));
        record.migration_downtime = Some(-1);
        record.multi_queues_enabled = Some(true);
        record.placement_policy = Some(Box::new(placement(hardware)));
        record.rng_device = hardware.rng.then(|| {
            Box::new(api_v4::RngDevice {
                source: Some(RngSource::Urandom),
                rate: None,
            })
        });
        record.soundcard_enabled = Some(false);
        record.sso = Some(Box::new(api_v4::Sso {
            methods: Some(Vec::new()),
        }));
        record.start_paused = Some(hardware.start_paused);
        record.stateless = Some(false);
        record.storage_error_resume_behaviour = Some(VmStorageErrorResumeBehaviour::AutoResume);
        record.time_zone = Some(Box::new(time_zone(hardware)));
        record.tpm_enabled = Some(false);
        record.usb = Some(Box::new(api_v4::Usb {
            enabled: Some(false),
            type_: None,
        }));
        record.virtio_scsi = Some(Box::new(api_v4::VirtioScsi {
            enabled: Some(true),
        }));
        record.virtio_scsi_multi_queues_enabled = Some(false);
        record.custom_properties = Some(Vec::new());
        record.origin = Some("ovirt".to_owned());
    }};
}

/// On a VM.
pub(super) fn on_vm(record: &mut api_v4::Vm, hardware: &Hardware) {
    show!(&mut *record, hardware);
    record.use_latest_template_version = Some(false);
}

/// On a template.
pub(super) fn on_template(record: &mut api_v4::Template, hardware: &Hardware) {
    show!(&mut *record, hardware);
}

/// On an instance type.
pub(super) fn on_instance_type(record: &mut api_v4::InstanceType, hardware: &Hardware) {
    show!(&mut *record, hardware);
}

fn kind(kind: vms::VmKind) -> VmType {
    match kind {
        vms::VmKind::Desktop => VmType::Desktop,
        vms::VmKind::Server => VmType::Server,
        vms::VmKind::HighPerformance => VmType::HighPerformance,
    }
}

fn bios(bios: vms::BiosType) -> BiosType {
    match bios {
        vms::BiosType::ClusterDefault => BiosType::ClusterDefault,
        vms::BiosType::Q35SeaBios => BiosType::Q35SeaBios,
    }
}

fn memory_policy(hardware: &Hardware) -> api_v4::MemoryPolicy {
    api_v4::MemoryPolicy {
        ballooning: Some(hardware.ballooning),
        guaranteed: int(hardware.memory_guaranteed_bytes),
        max: int(hardware.memory_max_bytes),
        ..api_v4::MemoryPolicy::default()
    }
}

fn cpu(hardware: &Hardware) -> api_v4::Cpu {
    api_v4::Cpu {
        architecture: Some(api_v4::Architecture::X8664),
        cpu_tune: Some(Box::new(api_v4::CpuTune {
            vcpu_pins: Some(Vec::new()),
        })),
        topology: Some(Box::new(api_v4::CpuTopology {
            cores: int(hardware.topology.cores),
            sockets: int(hardware.topology.sockets),
            threads: int(hardware.topology.threads),
        })),
        ..api_v4::Cpu::default()
    }
}

fn os(hardware: &Hardware) -> api_v4::OperatingSystem {
    let device = |device: &vms::BootDevice| match device {
        vms::BootDevice::Hd => BootDevice::Hd,
        vms::BootDevice::Cdrom => BootDevice::Cdrom,
        vms::BootDevice::Network => BootDevice::Network,
    };
    api_v4::OperatingSystem {
        type_: Some(hardware.os.clone()),
        boot: Some(Box::new(api_v4::Boot {
            devices: Some(hardware.boot.iter().map(device).collect()),
        })),
        ..api_v4::OperatingSystem::default()
    }
}

fn display(hardware: &Hardware) -> api_v4::Display {
    api_v4::Display {
        type_: hardware.graphics.first().map(|g| match g.protocol {
            vms::GraphicsProtocol::Vnc => DisplayType::Vnc,
            vms::GraphicsProtocol::Spice => DisplayType::Spice,
        }),
        monitors: Some(1),
        allow_override: Some(false),
        copy_paste_enabled: Some(true),
        file_transfer_enabled: Some(true),
        disconnect_action: Some("LOCK_SCREEN".to_owned()),
        single_qxl_pci: Some(false),
        smartcard_enabled: Some(false),
        ..api_v4::Display::default()
    }
}

fn placement(hardware: &Hardware) -> api_v4::VmPlacementPolicy {
    let hosts = &hardware.placement.hosts;
    api_v4::VmPlacementPolicy {
        affinity: Some(match hardware.placement.affinity {
            vms::Migratable::Migratable => VmAffinity::Migratable,
            vms::Migratable::UserMigratable => VmAffinity::UserMigratable,
            vms::Migratable::Pinned => VmAffinity::Pinned,
        }),
        hosts: Some(hosts.iter().map(|id| *references::host(*id)).collect()),
    }
}

fn time_zone(hardware: &Hardware) -> api_v4::TimeZone {
    let name = match hardware.time_zone.as_str() {
        "" => TIME_ZONE,
        name => name,
    };
    api_v4::TimeZone {
        name: Some(name.to_owned()),
        utc_offset: None,
    }
}
