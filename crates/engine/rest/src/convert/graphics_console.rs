//! Graphics consoles of a VM.

use super::numbers::int;
use super::{links, references};
use api_v4::GraphicsType;
use domain::vms::{ConsoleAddress, GraphicsProtocol, Vm, VmObserved};
use projection::Snapshot;

/// Every console that the VM is to have; with `current` also where those of its run listen.
#[must_use]
pub fn graphics_consoles(
    snapshot: &Snapshot,
    vm: &Vm,
    current: bool,
) -> Vec<api_v4::GraphicsConsole> {
    let seen = vm.run.as_ref().and_then(|run| {
        snapshot
            .vm_observed(vm.id)
            .filter(|seen| current && seen.epoch == run.epoch)
    });
    vm.hardware
        .graphics
        .iter()
        .map(|graphics| {
            let listens = seen.and_then(|seen| address_of(seen, graphics.protocol));
            // oVirt's ids: the protocol's name in hexadecimal.
            let (protocol, id) = match graphics.protocol {
                GraphicsProtocol::Vnc => (GraphicsType::Vnc, "564e43"),
                GraphicsProtocol::Spice => (GraphicsType::Spice, "5350494345"),
            };
            let mut shown = api_v4::GraphicsConsole {
                protocol: Some(protocol),
                vm: Some(references::vm(vm.id)),
                address: listens.map(|c| c.address.clone()),
                port: listens.and_then(|c| c.port).and_then(int),
                tls_port: listens.and_then(|c| c.tls_port).and_then(int),
                ..api_v4::GraphicsConsole::default()
            };
            let vm = vm.id.to_string();
            links::place(&mut shown, "vms/{}/graphicsconsoles/{}", &[&vm, id]);
            shown
        })
        .collect()
}

/// Where a console of a running VM listens.
pub(super) fn address_of(seen: &VmObserved, protocol: GraphicsProtocol) -> Option<&ConsoleAddress> {
    seen.consoles.iter().find(|c| c.protocol == protocol)
}
