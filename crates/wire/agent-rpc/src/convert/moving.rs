//! Runs that change their host, and disks that change their domain.

use super::{BadMessage, Wire, field, required, wire_enum};
use crate::proto;
use ports::hosts::{
    DiskMerge, DiskMirror, DiskProgress, DiskSnapshot, MigrationEndpoint, MigrationPrepare,
    MigrationSend, MigrationState, RunDisk, RunPlace,
};

wire_enum!(RunPlace as proto::RunPlace { Here, Arriving, Left, Nowhere });

/// Per cent, 0 to 100.
fn percent(name: &str, value: u32) -> Result<u8, BadMessage> {
    u8::try_from(value)
        .ok()
        .filter(|p| *p <= 100)
        .ok_or_else(|| BadMessage::new(format!("{value} is above 100 per cent")).within(name))
}

impl Wire for MigrationPrepare {
    type Message = proto::MigrationPrepareRequest;
    fn into_wire(self) -> Self::Message {
        proto::MigrationPrepareRequest {
            machine: Some(self.machine.into_wire()),
            epoch: self.epoch,
            up: self.up,
            up_without_agent_seconds: self.up_without_agent_seconds,
            address: self.address,
        }
    }
    fn from_wire(m: Self::Message) -> Result<Self, BadMessage> {
        Ok(MigrationPrepare {
            machine: required("machine", m.machine)?,
            epoch: m.epoch,
            up: m.up,
            up_without_agent_seconds: m.up_without_agent_seconds,
            address: m.address,
        })
    }
}

impl Wire for MigrationEndpoint {
    type Message = proto::MigrationEndpoint;
    fn into_wire(self) -> Self::Message {
        proto::MigrationEndpoint {
            libvirt_uri: self.libvirt_uri,
            memory_uri: self.memory_uri,
            encrypted: self.encrypted,
            console_listen: self.console_listen,
            serial_log: self.serial_log,
        }
    }
    fn from_wire(m: Self::Message) -> Result<Self, BadMessage> {
        Ok(MigrationEndpoint {
            libvirt_uri: m.libvirt_uri,
            memory_uri: m.memory_uri,
            encrypted: m.encrypted,
            console_listen: m.console_listen,
            serial_log: m.serial_log,
        })
    }
}

impl Wire for MigrationSend {
    type Message = proto::MigrationSendRequest;
    fn into_wire(self) -> Self::Message {
        proto::MigrationSendRequest {
            vm: self.vm.into_wire(),
            epoch: self.epoch,
            attempt: self.attempt,
            to: Some(self.to.into_wire()),
        }
    }
    fn from_wire(m: Self::Message) -> Result<Self, BadMessage> {
        Ok(MigrationSend {
            vm: field("vm", m.vm)?,
            epoch: m.epoch,
            attempt: m.attempt,
            to: required("to", m.to)?,
        })
    }
}

impl Wire for MigrationState {
    type Message = proto::MigrationState;
    fn into_wire(self) -> Self::Message {
        use proto::migration_state::State;
        proto::MigrationState {
            state: Some(match self {
                MigrationState::Going { percent } => State::Going(percent.into()),
                MigrationState::Gone { downtime_ms } => {
                    State::Gone(proto::MigrationGone { downtime_ms })
                }
            }),
        }
    }
    fn from_wire(m: Self::Message) -> Result<Self, BadMessage> {
        use proto::migration_state::State;
        Ok(match m.state {
            Some(State::Going(going)) => MigrationState::Going {
                percent: percent("going", going)?,
            },
            Some(State::Gone(gone)) => MigrationState::Gone {
                downtime_ms: gone.downtime_ms,
            },
            None => return Err(BadMessage::new("is missing or unknown").within("state")),
        })
    }
}

impl Wire for RunDisk {
    type Message = proto::RunDisk;
    fn into_wire(self) -> Self::Message {
        proto::RunDisk {
            vm: self.vm.into_wire(),
            epoch: self.epoch,
            disk: self.disk.into_wire(),
        }
    }
    fn from_wire(m: Self::Message) -> Result<Self, BadMessage> {
        Ok(RunDisk {
            vm: field("vm", m.vm)?,
            epoch: m.epoch,
            disk: field("disk", m.disk)?,
        })
    }
}

impl Wire for DiskSnapshot {
    type Message = proto::DiskSnapshotRequest;
    fn into_wire(self) -> Self::Message {
        proto::DiskSnapshotRequest {
            of: Some(self.of.into_wire()),
            layer: Some(self.layer.into_wire()),
            format: self.format.into_wire(),
        }
    }
    fn from_wire(m: Self::Message) -> Result<Self, BadMessage> {
        Ok(DiskSnapshot {
            of: required("of", m.of)?,
            layer: required("layer", m.layer)?,
            format: field("format", m.format)?,
        })
    }
}

impl Wire for DiskMirror {
    type Message = proto::DiskMirrorRequest;
    fn into_wire(self) -> Self::Message {
        proto::DiskMirrorRequest {
            of: Some(self.of.into_wire()),
            to: Some(self.to.into_wire()),
            format: self.format.into_wire(),
            replaces: Some(self.replaces.into_wire()),
        }
    }
    fn from_wire(m: Self::Message) -> Result<Self, BadMessage> {
        Ok(DiskMirror {
            of: required("of", m.of)?,
            to: required("to", m.to)?,
            format: field("format", m.format)?,
            replaces: required("replaces", m.replaces)?,
        })
    }
}

impl Wire for DiskMerge {
    type Message = proto::DiskMergeRequest;
    fn into_wire(self) -> Self::Message {
        proto::DiskMergeRequest {
            of: Some(self.of.into_wire()),
            top: Some(self.top.into_wire()),
            base: Some(self.base.into_wire()),
        }
    }
    fn from_wire(m: Self::Message) -> Result<Self, BadMessage> {
        Ok(DiskMerge {
            of: required("of", m.of)?,
            top: required("top", m.top)?,
            base: required("base", m.base)?,
        })
    }
}

impl Wire for DiskProgress {
    type Message = proto::DiskProgress;
    fn into_wire(self) -> Self::Message {
        proto::DiskProgress {
            percent: self.percent.into(),
            done: self.done,
        }
    }
    fn from_wire(m: Self::Message) -> Result<Self, BadMessage> {
        Ok(DiskProgress {
            percent: percent("percent", m.percent)?,
            done: m.done,
        })
    }
}
