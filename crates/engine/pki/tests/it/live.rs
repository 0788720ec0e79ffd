//! A host's certificate is exchanged while its agent runs.

use crate::handshake::shake;
use crate::{HOST, OTHER_HOST, enrolled, open};
use base::Clock;
use pki::{HostIdentity, HostKey, LiveIdentity, PkiError};
use std::sync::Arc;
use std::time::Duration;
use testkit::{ManualClock, TestDir};

const DAY: Duration = Duration::from_secs(24 * 3600);

#[test]
fn a_hosts_certificate_lasts_thirty_days_and_is_due_after_twenty() {
    let (dir, clock) = (TestDir::new(), ManualClock::new());
    let pki = open(dir.path(), &clock);
    let host = enrolled(&pki, &clock, HOST);
    assert_eq!(host.expires().since(clock.now()), DAY * 30);
    assert!(!pki.host_is_due(host.expires()) && !pki.host_is_late(host.expires()));
    clock.advance(DAY * 20);
    assert!(pki.host_is_due(host.expires()) && !pki.host_is_late(host.expires()));
    clock.advance(DAY * 5);
    assert!(pki.host_is_late(host.expires()));
    // One that was made to last for years is exchanged at once.
    assert!(pki.host_is_due(clock.now().after(DAY * 1000)));
    // Nothing is due when the CA's own end can't be passed.
    clock.advance(DAY * 3615);
    assert!(!pki.host_is_due(enrolled(&pki, &clock, HOST).expires()));
}

#[test]
fn a_certificate_is_renewed_and_shown_without_a_restart() {
    let (dir, home, clock) = (TestDir::new(), TestDir::new(), ManualClock::new());
    let pki = open(dir.path(), &clock);
    let first = enrolled(&pki, &clock, HOST);
    first.save(home.path()).unwrap();
    let live = LiveIdentity::load(home.path(), Arc::new(clock.clone()));
    let live = live.unwrap().unwrap();
    let agent = live.server_config().unwrap();
    let dial = |fingerprint| shake(&pki.host_config(HOST, [fingerprint]).unwrap(), &agent, "a");
    dial(first.fingerprint()).unwrap();

    let void = live.request().unwrap();
    let asked = live.request().unwrap();
    assert_eq!(asked.fingerprint, first.fingerprint());
    let signed = |csr: &str, host| pki.sign_host(host, csr).unwrap();
    for bad in [
        signed(&void.csr_pem, HOST).pem,
        signed(&asked.csr_pem, OTHER_HOST).pem,
        "nonsense".to_owned(),
    ] {
        assert!(live.install(&bad).is_err());
        dial(first.fingerprint()).unwrap();
    }
    let asked = live.request().unwrap();
    let next = signed(&asked.csr_pem, HOST);
    live.install(&next.pem).unwrap();
    live.install(&next.pem).unwrap();
    dial(next.fingerprint).unwrap();
    assert!(dial(first.fingerprint()).is_err());
    // While it is on its way, the host may show either.
    let either = pki
        .host_config(HOST, [first.fingerprint(), next.fingerprint])
        .unwrap();
    shake(&either, &agent, "a").unwrap();
    let kept = HostIdentity::load(home.path(), clock.now())
        .unwrap()
        .unwrap();
    assert_eq!(
        kept.fingerprint(),
        next.fingerprint,
        "it outlives the agent"
    );
    assert!(matches!(
        live.install(&first_pem(&pki)).unwrap_err(),
        PkiError::Certificate(_)
    ));
}

fn first_pem(pki: &pki::Pki) -> String {
    let key = HostKey::make().unwrap();
    pki.sign_host(HOST, &key.request().unwrap()).unwrap().pem
}

#[test]
fn a_host_that_joins_again_shows_its_new_certificate_at_the_next_handshake() {
    let (dir, home, clock) = (TestDir::new(), TestDir::new(), ManualClock::new());
    let pki = open(dir.path(), &clock);
    enrolled(&pki, &clock, HOST).save(home.path()).unwrap();
    clock.advance(DAY * 730);
    pki.renew().unwrap();
    let live = LiveIdentity::load(home.path(), Arc::new(clock.clone()));
    let live = live.unwrap().unwrap();
    assert!(live.expires() < clock.now(), "loaded although it ended");
    let agent = live.server_config().unwrap();
    let engine = pki.host_config(HOST, None).unwrap();
    let e = shake(&engine, &agent, "a").unwrap_err();
    assert!(e.to_lowercase().contains("expired"), "{e}");

    let second = enrolled(&pki, &clock, HOST);
    second.save(home.path()).unwrap();
    shake(&engine, &agent, "a").unwrap();
    assert_eq!(live.expires(), second.expires());

    // Another engine's is left alone until the agent is started again.
    let other = TestDir::new();
    enrolled(&open(other.path(), &clock), &clock, HOST)
        .save(home.path())
        .unwrap();
    shake(&engine, &agent, "a").unwrap();
}

#[test]
fn the_key_of_a_question_whose_answer_is_lost_is_asked_with_again() {
    let home = TestDir::new();
    let (dir, clock) = (TestDir::new(), ManualClock::new());
    let pki = open(dir.path(), &clock);
    let sign = |key: &HostKey| pki.sign_host(HOST, &key.request().unwrap()).unwrap();
    let first = sign(&HostKey::joining(home.path()).unwrap());
    let key = HostKey::joining(home.path()).unwrap();
    let again = sign(&key);
    assert_eq!(first.key, again.key);
    let (ca, now) = (pki.ca_fingerprint(), clock.now());
    let identity = HostIdentity::accept(key, HOST, &again.pem, &pki.ca_pem(), ca, now).unwrap();
    identity.save(home.path()).unwrap();
    let next = sign(&HostKey::joining(home.path()).unwrap());
    assert_ne!(next.key, again.key, "a key that was used is not used again");
}
