//! Who trusts whom, proven by real handshakes in memory.

mod handshake;
mod hosts;
mod live;
mod outside;
mod own;
mod requests;

use base::{Clock, HostId, OsRandom, Random};
use pki::{HostIdentity, HostKey, Pki};
use std::path::Path;
use std::sync::Arc;
use testkit::ManualClock;

const HOST: HostId = HostId::known(0x11);
const OTHER_HOST: HostId = HostId::known(0x22);

fn random() -> Arc<dyn Random> {
    Arc::new(OsRandom)
}

fn names() -> Vec<String> {
    vec!["engine.example".to_owned(), "127.0.0.1".to_owned()]
}

fn open(dir: &Path, clock: &ManualClock) -> Pki {
    Pki::open(dir, &names(), Arc::new(clock.clone()), random()).unwrap()
}

/// A host that has enrolled with an engine.
fn enrolled(pki: &Pki, clock: &ManualClock, host: HostId) -> HostIdentity {
    let key = HostKey::make().unwrap();
    let signed = pki.sign_host(host, &key.request().unwrap()).unwrap();
    let ca = pki.ca_fingerprint();
    let identity =
        HostIdentity::accept(key, host, &signed.pem, &pki.ca_pem(), ca, clock.now()).unwrap();
    assert_eq!(identity.fingerprint(), signed.fingerprint);
    assert_eq!(identity.expires(), signed.expires);
    identity
}
