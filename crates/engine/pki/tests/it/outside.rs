//! The API's certificate from another CA.

use crate::handshake::shake;
use crate::{names, open, random};
use pki::{ENROLMENT_NAME, OutsideFiles, Pki, PkiError, PkiOptions, enrolment_config};
use rcgen::{CertificateParams, KeyPair};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use std::sync::Arc;
use std::time::Duration;
use testkit::{ManualClock, TestDir};

const DAY: Duration = Duration::from_secs(24 * 3600);

/// A self-signed certificate with its key.
fn made(names: &[&str], days: std::ops::Range<u64>) -> (String, String) {
    let names: Vec<String> = names.iter().map(|n| (*n).to_owned()).collect();
    let mut params = CertificateParams::new(names).unwrap();
    params.not_before = ManualClock::START
        .after(DAY * u32::try_from(days.start).unwrap())
        .date();
    params.not_after = ManualClock::START
        .after(DAY * u32::try_from(days.end).unwrap())
        .date();
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    (certificate.pem(), key.serialize_pem())
}

struct Lab {
    dir: TestDir,
    clock: ManualClock,
}

impl Lab {
    fn new() -> Self {
        Lab {
            dir: TestDir::new(),
            clock: ManualClock::new(),
        }
    }

    fn write(&self, (certificate, key): &(String, String)) {
        std::fs::write(self.dir.join("c.pem"), certificate).unwrap();
        std::fs::write(self.dir.join("k.pem"), key).unwrap();
    }

    fn open(&self) -> Result<Pki, PkiError> {
        let options = PkiOptions {
            outside: Some(OutsideFiles {
                certificate: self.dir.join("c.pem"),
                key: self.dir.join("k.pem"),
            }),
            outside_names: vec!["portal.example".to_owned()],
            ..PkiOptions::default()
        };
        let clock = Arc::new(self.clock.clone());
        Pki::open_with(&self.dir.join("pki"), &names(), options, clock, random())
    }
}

/// A client that trusts the one certificate, as an outside CA's clients do.
fn trusting(certificate: &str) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    let der = CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap();
    roots.add(der).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    Arc::new(config)
}

#[test]
fn clients_see_the_outside_certificate_and_hosts_that_enrol_the_engines_own() {
    let lab = Lab::new();
    let first = made(&["portal.example"], 0..3000);
    lab.write(&first);
    let pki = lab.open().unwrap();
    let api = pki.api_config().unwrap();
    shake(&trusting(&first.0), &api, "portal.example").unwrap();
    let host = enrolment_config(pki.ca_fingerprint(), Arc::new(lab.clock.clone())).unwrap();
    shake(&host, &api, ENROLMENT_NAME).unwrap();
    assert!(shake(&host, &api, "portal.example").is_err());

    // Files that changed are shown without a restart.
    let second = made(&["portal.example"], 0..3000);
    lab.write(&second);
    let renewed = pki.renew().unwrap();
    assert_eq!(renewed.outside_problem, None);
    shake(&trusting(&second.0), &api, "portal.example").unwrap();

    // Files that fit nothing change nothing.
    std::fs::write(lab.dir.join("k.pem"), &first.1).unwrap();
    let problem = pki.renew().unwrap().outside_problem.unwrap();
    assert!(
        problem.contains("k.pem") && problem.contains("does not belong"),
        "{problem}"
    );
    lab.write(&made(&["portal.example"], 0..1));
    lab.clock.advance(DAY * 2);
    let problem = pki.renew().unwrap().outside_problem.unwrap();
    assert!(problem.contains("ended on"), "{problem}");
    shake(&trusting(&second.0), &api, "portal.example").unwrap();
}

#[test]
fn what_is_wrong_with_the_files_is_told_precisely_at_the_start() {
    let lab = Lab::new();
    let good = made(&["portal.example"], 0..300);
    let cases: [(&str, &str, &str); 6] = [
        ("", &good.1, "no PEM certificate"),
        (&good.0, "", "no usable private key"),
        (&good.0, &made(&["x"], 0..9).1, "does not belong"),
        (
            &made(&["other.example"], 0..9).0,
            &good.1,
            "not for `portal.example`",
        ),
        (&made(&[], 0..9).0, &good.1, "no DNS name"),
        (&made(&["portal.example"], 1..9).0, &good.1, "begins on"),
    ];
    for (certificate, key, words) in cases {
        lab.write(&(certificate.to_owned(), key.to_owned()));
        let e = lab.open().err().unwrap().to_string();
        assert!(e.contains(words), "{words}: {e}");
    }
    std::fs::remove_file(lab.dir.join("c.pem")).unwrap();
    let e = lab.open().err().unwrap().to_string();
    assert!(e.contains("c.pem") && e.contains("no such file"), "{e}");
    // An end that is over keeps no engine from starting.
    lab.write(&good);
    lab.clock.advance(DAY * 400);
    let renewed = lab.open().unwrap().renew().unwrap();
    assert!(
        renewed
            .outside_expires
            .is_some_and(|e| e < ManualClock::START.after(DAY * 400))
    );
    // Nothing of it touches an engine without such files.
    open(&lab.dir.join("plain"), &lab.clock);
}
