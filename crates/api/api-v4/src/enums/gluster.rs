//! Enumerations of `types/gluster.rs`.

use api_schema::api_enum;

api_enum! {
    /// Access protocol.
    AccessProtocol { Cifs = "cifs", Gluster = "gluster", Nfs = "nfs" }

    /// Gluster brick status.
    GlusterBrickStatus { Down = "down", Unknown = "unknown", Up = "up" }

    /// Gluster hook status.
    GlusterHookStatus {
        Disabled = "disabled",
        Enabled = "enabled",
        Missing = "missing",
    }

    /// Gluster state.
    GlusterState { Down = "down", Unknown = "unknown", Up = "up" }

    /// Gluster volume status.
    GlusterVolumeStatus { Down = "down", Unknown = "unknown", Up = "up" }

    /// Gluster volume type.
    GlusterVolumeType {
        Disperse = "disperse",
        Distribute = "distribute",
        DistributedDisperse = "distributed_disperse",
        DistributedReplicate = "distributed_replicate",
        DistributedStripe = "distributed_stripe",
        DistributedStripedReplicate = "distributed_striped_replicate",
        Replicate = "replicate",
        Stripe = "stripe",
        StripedReplicate = "striped_replicate",
    }

    /// Hook content type.
    HookContentType { Binary = "binary", Text = "text" }

    /// Hook stage.
    HookStage { Post = "post", Pre = "pre" }

    /// Transport type.
    TransportType { Rdma = "rdma", Tcp = "tcp" }
}
