//! The virtual hardware.

use super::{
    Architecture, BiosType, BootDevice, BootProtocol, Certificate, CpuMode, DisplayType, File,
    GraphicsType, InstanceType, Ip, Kernel, Mac, Method, Network, NetworkAttachment,
    NetworkFilterParameter, NetworkLabel, NicInterface, ReportedDeviceType, RngSource, Statistic,
    Template, UsbType, Version, VideoType, Vm, VnicProfile, WatchdogAction, WatchdogModel,
};
use api_schema::api_type;

api_type! {
    /// Firmware and chip set.
    value Bios = "bios", "bioss" {
        boot_menu: Box<BootMenu>,
        type_ as "type": BiosType,
    }

    /// Whether the firmware shows a menu.
    value BootMenu = "boot_menu", "boot_menus" {
        enabled: bool,
    }

    /// What to boot from.
    value Boot = "boot", "boots" {
        devices: Vec<BootDevice> = "device",
    }

    /// CPUs of a VM, host or cluster.
    value Cpu = "cpu", "cpus" {
        name: String,
        architecture: Architecture,
        cores: Vec<Core>,
        cpu_tune: Box<CpuTune>,
        level: i64,
        mode: CpuMode,
        speed: f64,
        topology: Box<CpuTopology>,
        type_ as "type": String,
    }

    /// Sockets, cores and threads.
    value CpuTopology = "cpu_topology", "cpu_topologies" {
        cores: i64,
        sockets: i64,
        threads: i64,
    }

    /// Pinning of virtual CPUs.
    value CpuTune = "cpu_tune", "cpu_tunes" {
        vcpu_pins: Vec<VcpuPin>,
    }

    /// Pinning of one virtual CPU.
    value VcpuPin = "vcpu_pin", "vcpu_pins" {
        cpu_set: String,
        vcpu: i64,
    }

    /// A core of a CPU.
    value Core = "core", "cores" {
        index: i64,
        socket: i64,
    }

    /// CPUs as they are while a VM runs.
    value DynamicCpu = "dynamic_cpu", "dynamic_cpus" {
        cpu_tune: Box<CpuTune>,
        topology: Box<CpuTopology>,
    }

    /// Any device.
    entity Device = "device", "devices" {
        name: String,
        description: String,
        comment: String,
        instance_type: Box<InstanceType>,
        template: Box<Template>,
        vm: Box<Vm>,
        vms: Vec<Vm> = linked,
    }

    /// A CD drive.
    entity Cdrom = "cdrom", "cdroms" {
        name: String,
        description: String,
        comment: String,
        file: Box<File>,
        instance_type: Box<InstanceType>,
        template: Box<Template>,
        vm: Box<Vm>,
        vms: Vec<Vm> = linked,
    }

    /// A floppy drive.
    entity Floppy = "floppy", "floppies" {
        name: String,
        description: String,
        comment: String,
        file: Box<File>,
        instance_type: Box<InstanceType>,
        template: Box<Template>,
        vm: Box<Vm>,
        vms: Vec<Vm> = linked,
    }

    /// A virtual network card.
    entity Nic = "nic", "nics" {
        name: String,
        description: String,
        comment: String,
        boot_protocol: BootProtocol,
        instance_type: Box<InstanceType>,
        interface: NicInterface,
        linked: bool,
        mac: Box<Mac>,
        network: Box<Network>,
        network_attachments: Vec<NetworkAttachment> = linked,
        network_filter_parameters: Vec<NetworkFilterParameter> = linked,
        network_labels: Vec<NetworkLabel> = linked,
        on_boot: bool,
        plugged: bool,
        reported_devices: Vec<ReportedDevice> = linked,
        statistics: Vec<Statistic> = linked,
        synced: bool,
        template: Box<Template>,
        virtual_function_allowed_labels: Vec<NetworkLabel> = linked,
        virtual_function_allowed_networks: Vec<Network> = linked,
        vm: Box<Vm>,
        vms: Vec<Vm> = linked,
        vnic_profile: Box<VnicProfile>,
    }

    /// A watchdog.
    entity Watchdog = "watchdog", "watchdogs" {
        name: String,
        description: String,
        comment: String,
        action: WatchdogAction,
        instance_type: Box<InstanceType>,
        model: WatchdogModel,
        template: Box<Template>,
        vm: Box<Vm>,
        vms: Vec<Vm> = linked,
    }

    /// A serial console.
    value Console = "console", "consoles" {
        enabled: bool,
    }

    /// The display of a VM or cluster.
    value Display = "display", "displays" {
        address: String,
        allow_override: bool,
        certificate: Box<Certificate>,
        copy_paste_enabled: bool,
        disconnect_action: String,
        disconnect_action_delay: i64,
        file_transfer_enabled: bool,
        keyboard_layout: String,
        monitors: i64,
        port: i64,
        proxy: String,
        secure_port: i64,
        single_qxl_pci: bool,
        smartcard_enabled: bool,
        type_ as "type": DisplayType,
        video_type: VideoType,
    }

    /// A graphics console.
    entity GraphicsConsole = "graphics_console", "graphics_consoles" {
        name: String,
        description: String,
        comment: String,
        address: String,
        instance_type: Box<InstanceType>,
        port: i64,
        protocol: GraphicsType,
        template: Box<Template>,
        tls_port: i64,
        vm: Box<Vm>,
    }

    /// A password for a console, and for how long.
    value Ticket = "ticket", "tickets" {
        expiry: i64,
        value: String,
    }

    /// Threads for disks.
    value Io = "io", "ios" {
        threads: i64,
    }

    /// An operating system, and how it is booted.
    value OperatingSystem = "os", "oss" {
        description: String,
        boot: Box<Boot>,
        cmdline: String,
        custom_kernel_cmdline: String,
        initrd: String,
        kernel: String,
        reported_kernel_cmdline: String,
        type_ as "type": String,
        version: Box<Version>,
    }

    /// A random number device.
    value RngDevice = "rng_device", "rng_devices" {
        rate: Box<Rate>,
        source: RngSource,
    }

    /// So many bytes in so much time.
    value Rate = "rate", "rates" {
        bytes: i64,
        period: i64,
    }

    /// How a guest logs its user in.
    value Sso = "sso", "ssos" {
        methods: Vec<Method>,
    }

    /// USB.
    value Usb = "usb", "usbs" {
        enabled: bool,
        type_ as "type": UsbType,
    }

    /// A time zone.
    value TimeZone = "time_zone", "time_zones" {
        name: String,
        utc_offset: String,
    }

    /// Whether there is a virtio-scsi controller.
    value VirtioScsi = "virtio_scsi", "virtio_scsis" {
        enabled: bool,
    }

    /// A device as the guest sees it.
    entity ReportedDevice = "reported_device", "reported_devices" {
        name: String,
        description: String,
        comment: String,
        ips: Vec<Ip>,
        mac: Box<Mac>,
        type_ as "type": ReportedDeviceType,
        vm: Box<Vm>,
    }

    /// An operating system as the guest says.
    value GuestOperatingSystem = "guest_operating_system", "guest_operating_systems" {
        architecture: String,
        codename: String,
        distribution: String,
        family: String,
        kernel: Box<Kernel>,
        version: Box<Version>,
    }

    /// A program installed in a guest.
    entity Application = "application", "applications" {
        name: String,
        description: String,
        comment: String,
        vm: Box<Vm>,
    }
}
