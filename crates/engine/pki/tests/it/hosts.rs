//! Engine and hosts: each takes only the other for what it is.

use crate::handshake::shake;
use crate::{HOST, OTHER_HOST, enrolled, open};
use base::Clock;
use pki::{Fingerprint, HostIdentity, HostKey, PkiError, enrolment_config};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::sync::Arc;
use std::time::Duration;
use testkit::{ManualClock, TestDir};

#[test]
fn the_engine_reaches_the_host_it_dials_whatever_its_address_is() {
    let (dir, clock) = (TestDir::new(), ManualClock::new());
    let pki = open(dir.path(), &clock);
    let host = enrolled(&pki, &clock, HOST);
    let agent = host.server_config(Arc::new(clock.clone())).unwrap();
    let engine = pki.host_config(HOST, Some(host.fingerprint())).unwrap();
    let talk = shake(&engine, &agent, "10.1.2.3").unwrap();
    assert_eq!(talk.alpn_protocol(), Some(&b"h2"[..]));
    shake(&pki.host_config(HOST, None).unwrap(), &agent, "any.name").unwrap();
}

#[test]
fn another_hosts_certificate_and_an_older_one_are_refused() {
    let (dir, clock) = (TestDir::new(), ManualClock::new());
    let pki = open(dir.path(), &clock);
    let other = enrolled(&pki, &clock, OTHER_HOST);
    let agent = other.server_config(Arc::new(clock.clone())).unwrap();
    let e = shake(&pki.host_config(HOST, None).unwrap(), &agent, "a").unwrap_err();
    assert!(
        e.contains("urn:vireo:host:") && e.starts_with("client"),
        "{e}"
    );

    let old = enrolled(&pki, &clock, HOST);
    let new = enrolled(&pki, &clock, HOST);
    let agent = old.server_config(Arc::new(clock.clone())).unwrap();
    let engine = pki.host_config(HOST, Some(new.fingerprint())).unwrap();
    let e = shake(&engine, &agent, "a").unwrap_err();
    assert!(e.contains(&new.fingerprint().to_string()), "{e}");
}

#[test]
fn the_engines_api_does_not_answer_for_a_host_and_a_host_not_for_the_api() {
    let (dir, clock) = (TestDir::new(), ManualClock::new());
    let pki = open(dir.path(), &clock);
    let api = pki.api_config().unwrap();
    let engine = pki.host_config(HOST, None).unwrap();
    assert!(shake(&engine, &api, "a").is_err());

    let host = enrolled(&pki, &clock, HOST);
    let agent = host.server_config(Arc::new(clock.clone())).unwrap();
    let enrolling = enrolment_config(pki.ca_fingerprint(), Arc::new(clock.clone())).unwrap();
    assert!(shake(&enrolling, &agent, "a").is_err());
}

#[test]
fn a_host_obeys_its_engine_only() {
    let (dir, other_dir, clock) = (TestDir::new(), TestDir::new(), ManualClock::new());
    let pki = open(dir.path(), &clock);
    let host = enrolled(&pki, &clock, HOST);
    let agent = host.server_config(Arc::new(clock.clone())).unwrap();

    // Nobody in particular.
    let nobody = enrolment_config(pki.ca_fingerprint(), Arc::new(clock.clone())).unwrap();
    assert!(shake(&nobody, &agent, "a").is_err());

    // Another engine: neither side takes the other.
    let foreign = open(other_dir.path(), &clock);
    let e = shake(&foreign.host_config(HOST, None).unwrap(), &agent, "a").unwrap_err();
    assert!(e.contains("UnknownIssuer"), "{e}");
}

#[test]
fn a_host_cannot_pose_as_the_engine_towards_another_host() {
    let (dir, home, clock) = (TestDir::new(), TestDir::new(), ManualClock::new());
    let pki = open(dir.path(), &clock);
    let host = enrolled(&pki, &clock, HOST);
    let agent = host.server_config(Arc::new(clock.clone())).unwrap();
    enrolled(&pki, &clock, OTHER_HOST)
        .save(home.path())
        .unwrap();
    // The thief has the other host's key, and trusts anybody that the CA signed.
    let pem = std::fs::read(home.join("host.pem")).unwrap();
    let trusting = pki.host_config(HOST, None).unwrap();
    let mut thief = (*trusting).clone();
    let provider = rustls::crypto::ring::default_provider();
    let key = rustls::sign::CertifiedKey::from_der(
        vec![CertificateDer::from_pem_slice(&pem).unwrap()],
        PrivateKeyDer::from_pem_slice(&pem).unwrap(),
        &provider,
    );
    thief.client_auth_cert_resolver = Arc::new(rustls::sign::SingleCertAndKey::from(key.unwrap()));
    let e = shake(&Arc::new(thief), &agent, "a").unwrap_err();
    assert!(e.starts_with("server"), "{e}");
}

#[test]
fn a_host_that_enrols_knows_the_engine_by_its_cas_fingerprint() {
    let (dir, other_dir, clock) = (TestDir::new(), TestDir::new(), ManualClock::new());
    let pki = open(dir.path(), &clock);
    let trusting = enrolment_config(pki.ca_fingerprint(), Arc::new(clock.clone())).unwrap();
    shake(&trusting, &pki.api_config().unwrap(), "192.0.2.7").unwrap();

    let foreign = open(other_dir.path(), &clock);
    let e = shake(&trusting, &foreign.api_config().unwrap(), "192.0.2.7").unwrap_err();
    assert!(e.contains(&pki.ca_fingerprint().to_string()), "{e}");
}

#[test]
fn what_the_engine_answers_is_checked_before_it_is_kept() {
    let (dir, other_dir, clock) = (TestDir::new(), TestDir::new(), ManualClock::new());
    let (pki, foreign) = (open(dir.path(), &clock), open(other_dir.path(), &clock));
    let accept = |certificate: &str, ca: &str, expected: Fingerprint, key| {
        HostIdentity::accept(key, HOST, certificate, ca, expected, clock.now())
    };
    let ca = pki.ca_fingerprint();
    let good = |key: &HostKey| pki.sign_host(HOST, &key.request().unwrap()).unwrap().pem;

    let key = HostKey::make().unwrap();
    let pem = good(&key);
    assert!(accept(&pem, &foreign.ca_pem(), ca, key).is_err());

    let (key, another) = (HostKey::make().unwrap(), HostKey::make().unwrap());
    assert!(accept(&good(&another), &pki.ca_pem(), ca, key).is_err());

    let key = HostKey::make().unwrap();
    let request = key.request().unwrap();
    let pem = foreign.sign_host(HOST, &request).unwrap().pem;
    let e = accept(&pem, &pki.ca_pem(), ca, key).err().unwrap();
    assert!(e.to_string().contains("not signed"), "{e}");

    let key = HostKey::make().unwrap();
    let pem = pki
        .sign_host(OTHER_HOST, &key.request().unwrap())
        .unwrap()
        .pem;
    let e = accept(&pem, &pki.ca_pem(), ca, key).err().unwrap();
    assert!(matches!(e, PkiError::OtherHost { .. }), "{e}");

    for bad in ["", "nonsense", &"x".repeat(100_000), &pki.ca_pem()] {
        assert!(accept(bad, &pki.ca_pem(), ca, HostKey::make().unwrap()).is_err());
    }
}

#[test]
fn an_identity_is_kept_closed_and_read_back_until_it_ends() {
    let (dir, home, clock) = (TestDir::new(), TestDir::new(), ManualClock::new());
    let pki = open(dir.path(), &clock);
    assert!(
        HostIdentity::load(home.path(), clock.now())
            .unwrap()
            .is_none()
    );
    let host = enrolled(&pki, &clock, HOST);
    host.save(home.path()).unwrap();
    let read = HostIdentity::load(home.path(), clock.now())
        .unwrap()
        .unwrap();
    assert_eq!(
        (read.host(), read.fingerprint()),
        (HOST, host.fingerprint())
    );
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(home.join("host.pem"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);

    clock.advance(Duration::from_secs(20 * 366 * 24 * 3600));
    let e = HostIdentity::load(home.path(), clock.now()).err().unwrap();
    assert!(matches!(e, PkiError::Damaged { .. }), "{e}");
    std::fs::remove_file(home.join("ca.pem")).unwrap();
    let e = HostIdentity::load(home.path(), clock.now()).err().unwrap();
    assert!(e.to_string().contains("enrol the host again"), "{e}");
}
