//! The engine's own files: kept, renewed, never silently replaced.

use crate::handshake::shake;
use crate::{HOST, enrolled, names, open, random};
use pki::{Pki, PkiError, enrolment_config};
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::time::Duration;
use testkit::{ManualClock, TestDir};

const DAY: Duration = Duration::from_secs(24 * 3600);

#[test]
fn the_ca_and_certificates_stay_the_same_over_restarts_and_are_closed_to_others() {
    let (dir, clock) = (TestDir::new(), ManualClock::new());
    let one = open(dir.path(), &clock);
    let two = open(dir.path(), &clock);
    assert_eq!(one.ca_fingerprint(), two.ca_fingerprint());
    assert_eq!(one.api_pem(), two.api_pem());
    for file in ["ca.pem", "api.pem", "engine.pem"] {
        let mode = std::fs::metadata(dir.join(file))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
    assert!(!one.ca_pem().contains("PRIVATE"));
}

#[test]
fn other_names_give_another_certificate_and_bad_names_are_refused_by_name() {
    let (dir, clock) = (TestDir::new(), ManualClock::new());
    let one = open(dir.path(), &clock).api_pem();
    let open = |names: &[&str]| {
        let names: Vec<String> = names.iter().map(|n| (*n).to_owned()).collect();
        Pki::open(dir.path(), &names, Arc::new(clock.clone()), random())
    };
    assert_eq!(
        open(&["127.0.0.1", "ENGINE.example"]).unwrap().api_pem(),
        one
    );
    assert_ne!(open(&["::1", "engine.example"]).unwrap().api_pem(), one);
    for bad in ["", "two words", "a/b", "мотор"] {
        let e = open(&[bad]).err().unwrap();
        assert!(
            matches!(&e, PkiError::Name { name, .. } if name == bad),
            "{e}"
        );
    }
}

#[test]
fn certificates_are_renewed_before_they_end_and_shown_without_a_restart() {
    let (dir, clock) = (TestDir::new(), ManualClock::new());
    let pki = open(dir.path(), &clock);
    let (api, engine) = (
        pki.api_config().unwrap(),
        pki.host_config(HOST, None).unwrap(),
    );
    let client = enrolment_config(pki.ca_fingerprint(), Arc::new(clock.clone())).unwrap();
    let before = pki.api_pem();

    let renewed = pki.renew().unwrap();
    assert!(!renewed.api && !renewed.engine);
    clock.advance(DAY * 380);
    let renewed = pki.renew().unwrap();
    assert!(renewed.api && renewed.engine);
    assert_ne!(pki.api_pem(), before);
    // The old ones have ended meanwhile.
    clock.advance(DAY * 30);
    let host = enrolled(&pki, &clock, HOST);
    let agent = host.server_config(Arc::new(clock.clone())).unwrap();
    shake(&client, &api, "127.0.0.1").unwrap();
    shake(&engine, &agent, "127.0.0.1").unwrap();
    assert_eq!(open(dir.path(), &clock).api_pem(), pki.api_pem());
}

#[test]
fn what_has_ended_is_not_trusted_and_the_ca_ends_after_ten_years() {
    let (dir, clock) = (TestDir::new(), ManualClock::new());
    let pki = open(dir.path(), &clock);
    let api = pki.api_config().unwrap();
    let client = enrolment_config(pki.ca_fingerprint(), Arc::new(clock.clone())).unwrap();
    clock.advance(DAY * 400);
    let e = shake(&client, &api, "127.0.0.1").unwrap_err();
    assert!(e.to_lowercase().contains("expired"), "{e}");
    let years = pki
        .renew()
        .unwrap()
        .ca_expires
        .since(ManualClock::START)
        .as_secs()
        / (365 * 24 * 3600);
    assert_eq!(years, 10);
}

#[test]
fn a_damaged_ca_is_an_error_and_a_damaged_certificate_is_made_anew() {
    let (dir, clock) = (TestDir::new(), ManualClock::new());
    let ca = open(dir.path(), &clock).ca_fingerprint();
    for damaged in [&b"\xff\xfe"[..], b"nothing", b""] {
        std::fs::write(dir.join("api.pem"), damaged).unwrap();
        assert_eq!(open(dir.path(), &clock).ca_fingerprint(), ca);
    }

    // A certificate of another engine does not count, either.
    let other = TestDir::new();
    open(other.path(), &clock);
    std::fs::copy(other.join("engine.pem"), dir.join("engine.pem")).unwrap();
    let pki = open(dir.path(), &clock);
    let host = enrolled(&pki, &clock, HOST);
    let agent = host.server_config(Arc::new(clock.clone())).unwrap();
    shake(&pki.host_config(HOST, None).unwrap(), &agent, "a").unwrap();

    let text = std::fs::read_to_string(dir.join("ca.pem")).unwrap();
    std::fs::write(dir.join("ca.pem"), &text[..text.len() / 2]).unwrap();
    let open = || Pki::open(dir.path(), &names(), Arc::new(clock.clone()), random());
    assert!(matches!(open().err().unwrap(), PkiError::Damaged { .. }));
    std::fs::copy(dir.join("engine.pem"), dir.join("ca.pem")).unwrap();
    let e = open().err().unwrap();
    assert!(e.to_string().contains("ca.pem"), "{e}");
}
