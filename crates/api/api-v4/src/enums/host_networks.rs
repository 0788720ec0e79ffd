//! Enumerations of `types/host_networks.rs`.

use api_schema::api_enum;

api_enum! {
    /// Boot protocol.
    BootProtocol {
        Autoconf = "autoconf",
        Dhcp = "dhcp",
        None = "none",
        PolyDhcpAutoconf = "poly_dhcp_autoconf",
        Static = "static",
    }

    /// IP version.
    IpVersion { V4 = "v4", V6 = "v6" }

    /// NIC status.
    NicStatus { Down = "down", Up = "up" }
}
