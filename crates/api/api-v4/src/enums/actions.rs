//! Enumerations of `types/actions.rs`.

use api_schema::api_enum;

api_enum! {
    /// Auto pinning policy.
    AutoPinningPolicy {
        Adjust = "adjust",
        Disabled = "disabled",
        Existing = "existing",
    }

    /// Cluster upgrade action.
    ClusterUpgradeAction {
        Finish = "finish",
        Start = "start",
        UpdateProgress = "update_progress",
    }

    /// Creation status.
    CreationStatus {
        Complete = "complete",
        Failed = "failed",
        InProgress = "in_progress",
        Pending = "pending",
    }

    /// Resolution type.
    ResolutionType { Add = "add", Copy = "copy" }
}
