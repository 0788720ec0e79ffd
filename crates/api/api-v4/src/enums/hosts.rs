//! Enumerations of `types/hosts.rs`.

use api_schema::api_enum;

api_enum! {
    /// Auto NUMA status.
    AutoNumaStatus { Disable = "disable", Enable = "enable", Unknown = "unknown" }

    /// Entity external status.
    EntityExternalStatus {
        Error = "error",
        Failure = "failure",
        Info = "info",
        Ok = "ok",
        Warning = "warning",
    }

    /// External status.
    ExternalStatus {
        Error = "error",
        Failure = "failure",
        Info = "info",
        Ok = "ok",
        Warning = "warning",
    }

    /// Fence type.
    FenceType {
        Manual = "manual",
        Restart = "restart",
        Start = "start",
        Status = "status",
        Stop = "stop",
    }

    /// Hook status.
    HookStatus { Disabled = "disabled", Enabled = "enabled", Missing = "missing" }

    /// Host protocol.
    HostProtocol { Stomp = "stomp", Xml = "xml" }

    /// Host status.
    HostStatus {
        Connecting = "connecting",
        Down = "down",
        Error = "error",
        Initializing = "initializing",
        InstallFailed = "install_failed",
        Installing = "installing",
        InstallingOs = "installing_os",
        Kdumping = "kdumping",
        Maintenance = "maintenance",
        NonOperational = "non_operational",
        NonResponsive = "non_responsive",
        PendingApproval = "pending_approval",
        PreparingForMaintenance = "preparing_for_maintenance",
        Reboot = "reboot",
        Unassigned = "unassigned",
        Up = "up",
    }

    /// Host type.
    HostType { OvirtNode = "ovirt_node", Rhel = "rhel", RhevH = "rhev_h" }

    /// Kdump status.
    KdumpStatus { Disabled = "disabled", Enabled = "enabled", Unknown = "unknown" }

    /// Message broker type.
    MessageBrokerType { Qpid = "qpid", RabbitMq = "rabbit_mq" }

    /// NUMA tune mode.
    NumaTuneMode {
        Interleave = "interleave",
        Preferred = "preferred",
        Strict = "strict",
    }

    /// Power management proxy type.
    PmProxyType { Cluster = "cluster", Dc = "dc", OtherDc = "other_dc" }

    /// Power management status.
    PowerManagementStatus { Off = "off", On = "on", Unknown = "unknown" }

    /// Se linux mode.
    SeLinuxMode {
        Disabled = "disabled",
        Enforcing = "enforcing",
        Permissive = "permissive",
    }

    /// SPM status.
    SpmStatus { Contending = "contending", None = "none", Spm = "spm" }

    /// SSH authentication method.
    SshAuthenticationMethod { Password = "password", Publickey = "publickey" }

    /// VGPU placement.
    VgpuPlacement { Consolidated = "consolidated", Separated = "separated" }
}
