//! What a hypervisor says of itself.

use crate::Accel;

/// Capabilities; they change with software and hardware, not with time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HypervisorFacts {
    /// `11.3.0`.
    pub libvirt_version: String,
    /// `10.0.2`.
    pub qemu_version: String,
    /// `x86_64`.
    pub architecture: String,
    /// libvirt's name of the host's CPU (`Skylake-Client`).
    pub cpu_model: String,
    /// Machine types QEMU offers for the host's architecture, `q35` ones first.
    pub machine_types: Vec<String>,
    /// What machines are run with.
    pub accel: Accel,
    /// KVM really works (not merely: /dev/kvm exists).
    pub kvm: bool,
    /// Why KVM is used or not, as a sentence.
    pub kvm_reason: String,
    /// The host's UUID as libvirt knows it.
    pub host_uuid: String,
}
