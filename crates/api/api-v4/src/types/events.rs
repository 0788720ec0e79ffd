//! Events, jobs and statistics.

use super::{
    Cluster, DataCenter, Disk, ExternalSystemType, GlusterBrick, GlusterVolume, Host, HostNic,
    JobStatus, LogSeverity, Nic, NumaNode, StatisticKind, StatisticUnit, StepEnum, StepStatus,
    StorageDomain, Template, User, ValueType, Vm,
};
use api_schema::api_type;
use base::Timestamp;

api_type! {
    /// An entry of the audit log.
    entity Event = "event", "events" {
        name: String,
        description: String,
        comment: String,
        cluster: Box<Cluster>,
        code: i64,
        correlation_id: String,
        custom_data: String,
        custom_id: i64,
        data_center: Box<DataCenter>,
        flood_rate: i64,
        host: Box<Host>,
        index: i64,
        log_on_host: bool,
        origin: String,
        severity: LogSeverity,
        storage_domain: Box<StorageDomain>,
        template: Box<Template>,
        time: Timestamp,
        user: Box<User>,
        vm: Box<Vm>,
    }

    /// Work in progress or done.
    entity Job = "job", "jobs" {
        name: String,
        description: String,
        comment: String,
        auto_cleared: bool,
        end_time: Timestamp,
        external: bool,
        last_updated: Timestamp,
        owner: Box<User>,
        start_time: Timestamp,
        status: JobStatus,
        steps: Vec<Step> = linked,
    }

    /// A step of a job.
    entity Step = "step", "steps" {
        name: String,
        description: String,
        comment: String,
        end_time: Timestamp,
        execution_host: Box<Host>,
        external: bool,
        external_type: ExternalSystemType,
        job: Box<Job>,
        number: i64,
        parent_step: Box<Step>,
        progress: i64,
        start_time: Timestamp,
        statistics: Vec<Statistic> = linked,
        status: StepStatus,
        type_ as "type": StepEnum,
    }

    /// A measured figure.
    entity Statistic = "statistic", "statistics" {
        name: String,
        description: String,
        comment: String,
        brick: Box<GlusterBrick>,
        disk: Box<Disk>,
        gluster_volume: Box<GlusterVolume>,
        host: Box<Host>,
        host_nic: Box<HostNic>,
        host_numa_node: Box<NumaNode>,
        kind: StatisticKind,
        nic: Box<Nic>,
        step: Box<Step>,
        type_ as "type": ValueType,
        unit: StatisticUnit,
        values: Vec<Value>,
        vm: Box<Vm>,
    }

    /// One value of a statistic.
    value Value = "value", "values" {
        datum: f64,
        detail: String,
    }
}
