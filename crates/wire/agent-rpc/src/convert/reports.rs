//! What a host says of its VMs.

use super::{BadMessage, Wire, field, list, optional, port, required, wire_enum, wire_list};
use crate::proto;
use domain::vms::{
    ConsoleAddress, Exit, ExitReason, ExitStatus, GuestDevice, GuestInfo, PauseReason, RunState,
};
use ports::hosts::{HostEvent, VmPhase, VmReport};

wire_enum!(RunState as proto::RunState {
    WaitForLaunch, PoweringUp, Up, Paused, PoweringDown, RebootInProgress, NotResponding,
});
wire_enum!(PauseReason as proto::PauseReason { User, Eio, Enospc, Eperm, Other });
wire_enum!(ExitStatus as proto::ExitStatus { Normal, Error, Unknown });
wire_enum!(ExitReason as proto::ExitReason {
    Unknown,
    Success,
    GenericError,
    LostQemuConnection,
    LibvirtStartFailed,
    AdminShutdown,
    UserShutdown,
    LibvirtDomainMissing,
    DestroyedOnStartup,
    HostShutdown,
});

/// An event with its number in the stream.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Numbered {
    pub sequence: u64,
    pub event: HostEvent,
}

impl Wire for Numbered {
    type Message = proto::WatchEvent;
    fn into_wire(self) -> Self::Message {
        use proto::watch_event::Event;
        proto::WatchEvent {
            sequence: self.sequence,
            event: Some(match self.event {
                HostEvent::Report(vms) => Event::Report(proto::Report {
                    vms: wire_list(vms),
                }),
                HostEvent::Vm(vm) => Event::Vm(vm.into_wire()),
            }),
        }
    }
    fn from_wire(m: Self::Message) -> Result<Self, BadMessage> {
        use proto::watch_event::Event;
        Ok(Numbered {
            sequence: m.sequence,
            event: match m.event {
                Some(Event::Report(report)) => {
                    HostEvent::Report(list("vms", report.vms).map_err(|e| e.within("report"))?)
                }
                Some(Event::Vm(vm)) => HostEvent::Vm(field("vm", vm)?),
                None => {
                    return Err(BadMessage::new(
                        "is missing or unknown; this version knows report and vm",
                    )
                    .within("event"));
                }
            },
        })
    }
}

impl Wire for VmReport {
    type Message = proto::VmReport;
    fn into_wire(self) -> Self::Message {
        proto::VmReport {
            vm: self.vm.into_wire(),
            epoch: self.epoch,
            phase: Some(self.phase.into_wire()),
            guest: Some(self.guest.into_wire()),
            consoles: wire_list(self.consoles),
            since: self.since.into_wire(),
        }
    }
    fn from_wire(m: Self::Message) -> Result<Self, BadMessage> {
        Ok(VmReport {
            vm: field("vm", m.vm)?,
            epoch: m.epoch,
            phase: required("phase", m.phase)?,
            guest: required("guest", m.guest)?,
            consoles: list("consoles", m.consoles)?,
            since: field("since", m.since)?,
        })
    }
}

impl Wire for VmPhase {
    type Message = proto::vm_report::Phase;
    fn into_wire(self) -> Self::Message {
        match self {
            VmPhase::Running { state, pause } => proto::vm_report::Phase::Running(proto::Running {
                state: state.into_wire(),
                pause: pause.map_or(proto::PauseReason::Unspecified as i32, Wire::into_wire),
            }),
            VmPhase::Ended(exit) => proto::vm_report::Phase::Ended(exit.into_wire()),
            VmPhase::Left => proto::vm_report::Phase::Left(proto::Done {}),
        }
    }
    fn from_wire(m: Self::Message) -> Result<Self, BadMessage> {
        Ok(match m {
            proto::vm_report::Phase::Running(running) => VmPhase::Running {
                state: field("state", running.state)?,
                pause: optional("pause", Some(running.pause).filter(|p| *p != 0))?,
            },
            proto::vm_report::Phase::Ended(exit) => VmPhase::Ended(Exit::from_wire(exit)?),
            proto::vm_report::Phase::Left(_) => VmPhase::Left,
        })
    }
}

impl Wire for Exit {
    type Message = proto::Exit;
    fn into_wire(self) -> Self::Message {
        proto::Exit {
            status: self.status.into_wire(),
            reason: self.reason.into_wire(),
            message: self.message,
            at: self.at.into_wire(),
        }
    }
    fn from_wire(m: Self::Message) -> Result<Self, BadMessage> {
        Ok(Exit {
            status: field("status", m.status)?,
            reason: field("reason", m.reason)?,
            message: m.message,
            at: field("at", m.at)?,
        })
    }
}

impl Wire for GuestInfo {
    type Message = proto::GuestInfo;
    fn into_wire(self) -> Self::Message {
        proto::GuestInfo {
            agent: self.agent,
            hostname: self.hostname,
            os: self.os,
            kernel: self.kernel,
            timezone: self.timezone.map(|(name, offset_seconds)| proto::TimeZone {
                name,
                offset_seconds,
            }),
            devices: wire_list(self.devices),
        }
    }
    fn from_wire(m: Self::Message) -> Result<Self, BadMessage> {
        Ok(GuestInfo {
            agent: m.agent,
            hostname: m.hostname,
            os: m.os,
            kernel: m.kernel,
            timezone: m.timezone.map(|z| (z.name, z.offset_seconds)),
            devices: list("devices", m.devices)?,
        })
    }
}

impl Wire for GuestDevice {
    type Message = proto::GuestDevice;
    fn into_wire(self) -> Self::Message {
        proto::GuestDevice {
            name: self.name,
            mac: self.mac,
            addresses: self.addresses.iter().map(ToString::to_string).collect(),
        }
    }
    fn from_wire(m: Self::Message) -> Result<Self, BadMessage> {
        let addresses = m.addresses.iter().enumerate().map(|(i, text)| {
            text.parse().map_err(|_| {
                let shown: String = text.chars().take(64).collect();
                BadMessage::new(format!("`{shown}` is not an IP address"))
                    .within(format!("[{i}]"))
                    .within("addresses")
            })
        });
        Ok(GuestDevice {
            addresses: addresses.collect::<Result<_, _>>()?,
            name: m.name,
            mac: m.mac,
        })
    }
}

impl Wire for ConsoleAddress {
    type Message = proto::ConsoleAddress;
    fn into_wire(self) -> Self::Message {
        proto::ConsoleAddress {
            protocol: self.protocol.into_wire(),
            address: self.address,
            port: self.port.map(u32::from),
            tls_port: self.tls_port.map(u32::from),
        }
    }
    fn from_wire(m: Self::Message) -> Result<Self, BadMessage> {
        Ok(ConsoleAddress {
            protocol: field("protocol", m.protocol)?,
            address: m.address,
            port: m.port.map(|p| port("port", p)).transpose()?,
            tls_port: m.tls_port.map(|p| port("tls_port", p)).transpose()?,
        })
    }
}
