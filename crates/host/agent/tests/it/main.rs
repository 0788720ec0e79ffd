//! A whole agent over fakes of libvirt, storage and network, dialled as the engine dials it.

mod engine;
mod enrolment;
mod renewing;
mod serving;

use base::{Clock, HostId};
use pki::{HostIdentity, HostKey, Pki};
use ports::SystemClock;
use std::path::Path;
use std::sync::Arc;

const HOST: HostId = HostId::known(0x11);

fn clock() -> Arc<dyn Clock> {
    Arc::new(SystemClock::new())
}

fn pki(dir: &Path) -> Pki {
    let names = ["engine.example".to_owned()];
    Pki::open(dir, &names, clock(), Arc::new(base::OsRandom)).unwrap()
}

/// Gives a home the certificate of an enrolled host.
fn enrolled(pki: &Pki, home: &Path) {
    let key = HostKey::make().unwrap();
    let signed = pki.sign_host(HOST, &key.request().unwrap()).unwrap();
    let ca = pki.ca_fingerprint();
    let identity =
        HostIdentity::accept(key, HOST, &signed.pem, &pki.ca_pem(), ca, clock().now()).unwrap();
    identity.save(home).unwrap();
}
