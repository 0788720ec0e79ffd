//! Enumerations of `types/events.rs`.

use api_schema::api_enum;

api_enum! {
    /// External system type.
    ExternalSystemType { Gluster = "gluster", Vdsm = "vdsm" }

    /// Job status.
    JobStatus {
        Aborted = "aborted",
        Failed = "failed",
        Finished = "finished",
        Started = "started",
        Unknown = "unknown",
    }

    /// Log severity.
    LogSeverity {
        Alert = "alert",
        Error = "error",
        Normal = "normal",
        Warning = "warning",
    }

    /// Statistic kind.
    StatisticKind { Counter = "counter", Gauge = "gauge" }

    /// Statistic unit.
    StatisticUnit {
        BitsPerSecond = "bits_per_second",
        Bytes = "bytes",
        BytesPerSecond = "bytes_per_second",
        CountPerSecond = "count_per_second",
        None = "none",
        Percent = "percent",
        Seconds = "seconds",
    }

    /// Step enum.
    StepEnum {
        Executing = "executing",
        Finalizing = "finalizing",
        RebalancingVolume = "rebalancing_volume",
        RemovingBricks = "removing_bricks",
        Unknown = "unknown",
        Validating = "validating",
    }

    /// Step status.
    StepStatus {
        Aborted = "aborted",
        Failed = "failed",
        Finished = "finished",
        Started = "started",
        Unknown = "unknown",
    }

    /// Value type.
    ValueType { Decimal = "decimal", Integer = "integer", String = "string" }
}
