//! Enumerations of `types/devices.rs`.

use api_schema::api_enum;

api_enum! {
    /// Boot device.
    BootDevice { Cdrom = "cdrom", Hd = "hd", Network = "network" }

    /// CPU mode.
    CpuMode {
        Custom = "custom",
        HostModel = "host_model",
        HostPassthrough = "host_passthrough",
    }

    /// Display type.
    DisplayType { Spice = "spice", Vnc = "vnc" }

    /// Graphics type.
    GraphicsType { Spice = "spice", Vnc = "vnc" }

    /// NIC interface.
    NicInterface {
        E1000 = "e1000",
        E1000e = "e1000e",
        PciPassthrough = "pci_passthrough",
        Rtl8139 = "rtl8139",
        Rtl8139Virtio = "rtl8139_virtio",
        SpaprVlan = "spapr_vlan",
        Virtio = "virtio",
    }

    /// OS type.
    OsType {
        Other = "other",
        OtherLinux = "other_linux",
        Rhel3 = "rhel_3",
        Rhel3x64 = "rhel_3x64",
        Rhel4 = "rhel_4",
        Rhel4x64 = "rhel_4x64",
        Rhel5 = "rhel_5",
        Rhel5x64 = "rhel_5x64",
        Rhel6 = "rhel_6",
        Rhel6x64 = "rhel_6x64",
        Unassigned = "unassigned",
        Windows2003 = "windows_2003",
        Windows2003x64 = "windows_2003x64",
        Windows2008 = "windows_2008",
        Windows2008r2x64 = "windows_2008r2x64",
        Windows2008x64 = "windows_2008x64",
        Windows2012x64 = "windows_2012x64",
        Windows7 = "windows_7",
        Windows7x64 = "windows_7x64",
        Windows8 = "windows_8",
        Windows8x64 = "windows_8x64",
        WindowsXp = "windows_xp",
    }

    /// Reported device type.
    ReportedDeviceType { Network = "network" }

    /// SSO method.
    SsoMethod { GuestAgent = "guest_agent" }

    /// USB type.
    UsbType { Legacy = "legacy", Native = "native" }

    /// Video type.
    VideoType { Bochs = "bochs", Cirrus = "cirrus", Qxl = "qxl", Vga = "vga" }

    /// Watchdog action.
    WatchdogAction {
        Dump = "dump",
        None = "none",
        Pause = "pause",
        Poweroff = "poweroff",
        Reset = "reset",
    }

    /// Watchdog model.
    WatchdogModel { Diag288 = "diag288", I6300esb = "i6300esb" }
}
