//! Requests for certificates are hostile input.

use crate::{HOST, enrolled, open};
use pki::{HostKey, Pki, PkiError, Role};
use proptest::prelude::*;
use rcgen::{CertificateParams, KeyPair, SanType};
use std::sync::OnceLock;
use testkit::{ManualClock, TestDir};
use x509_parser::prelude::{FromDer, GeneralName, X509Certificate};

fn pki() -> &'static Pki {
    static PKI: OnceLock<Pki> = OnceLock::new();
    PKI.get_or_init(|| {
        // Only the memory is used after opening.
        let dir = TestDir::new();
        open(dir.path(), &ManualClock::new())
    })
}

fn refused(request: &str) -> String {
    match pki().sign_host(HOST, request) {
        Err(e @ PkiError::Request(_)) => e.to_string(),
        other => panic!("expected a refusal, got {other:?}"),
    }
}

#[test]
fn a_request_that_asks_for_more_gets_a_hosts_certificate_and_no_more() {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec!["engine.example".to_owned()]).unwrap();
    params
        .subject_alt_names
        .push(SanType::URI(Role::Engine.to_string().try_into().unwrap()));
    params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ClientAuth];
    params.key_usages = vec![rcgen::KeyUsagePurpose::KeyCertSign];
    let request = params.serialize_request(&key).unwrap().pem().unwrap();
    let signed = pki().sign_host(HOST, &request).unwrap();

    let (_, pem) = x509_parser::pem::parse_x509_pem(signed.pem.as_bytes()).unwrap();
    let (_, cert) = X509Certificate::from_der(&pem.contents).unwrap();
    let san = cert.subject_alternative_name().unwrap().unwrap();
    let uri = Role::Host(HOST).to_string();
    assert_eq!(san.value.general_names, vec![GeneralName::URI(&uri)]);
    let usage = cert.extended_key_usage().unwrap().unwrap().value;
    assert!(usage.server_auth && !usage.client_auth && !usage.any);
    assert!(!cert.key_usage().unwrap().unwrap().value.key_cert_sign());
    assert!(
        cert.basic_constraints()
            .unwrap()
            .is_none_or(|b| !b.value.ca)
    );
    assert!(cert.subject().to_string().contains(&HOST.to_string()));
}

#[test]
fn what_is_no_request_for_a_p256_key_is_refused_with_the_reason() {
    assert!(refused("").contains("PEM"));
    assert!(refused(&pki().ca_pem()).contains("PEM"));
    assert!(refused(&"A".repeat(20_000)).contains("at most 16384"));
    let of = |key: &KeyPair| {
        let params = CertificateParams::default();
        params.serialize_request(key).unwrap().pem().unwrap()
    };
    for algorithm in [&rcgen::PKCS_ECDSA_P384_SHA384, &rcgen::PKCS_ED25519] {
        let key = KeyPair::generate_for(algorithm).unwrap();
        assert!(refused(&of(&key)).contains("P-256"));
    }
}

#[test]
fn a_request_with_a_foreign_key_is_refused() {
    let good = HostKey::make().unwrap().request().unwrap();
    let mut lines: Vec<&str> = good.lines().collect();
    let other = HostKey::make().unwrap().request().unwrap();
    let others: Vec<&str> = other.lines().collect();
    // The last line holds the end of the signature.
    let last = lines.len() - 2;
    lines[last] = others[others.len() - 2];
    assert!(pki().sign_host(HOST, &lines.join("\n")).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_bytes_break_the_engine(text in ".{0,300}", der in proptest::collection::vec(any::<u8>(), 0..300)) {
        use base64::Engine as _;
        prop_assert!(pki().sign_host(HOST, &text).is_err());
        let body = base64::engine::general_purpose::STANDARD.encode(der);
        let pem = format!("-----BEGIN CERTIFICATE REQUEST-----\n{body}\n-----END CERTIFICATE REQUEST-----\n");
        prop_assert!(pki().sign_host(HOST, &pem).is_err());
    }

    #[test]
    fn a_request_with_a_changed_byte_is_refused_or_harmless(at in 0usize..400, bit in 0u8..8) {
        use base64::Engine as _;
        static GOOD: OnceLock<String> = OnceLock::new();
        let good = GOOD.get_or_init(|| HostKey::make().unwrap().request().unwrap());
        let (_, pem) = x509_parser::pem::parse_x509_pem(good.as_bytes()).unwrap();
        let mut der = pem.contents;
        let at = at % der.len();
        der[at] ^= 1 << bit;
        let body = base64::engine::general_purpose::STANDARD.encode(der);
        let pem = format!("-----BEGIN CERTIFICATE REQUEST-----\n{body}\n-----END CERTIFICATE REQUEST-----\n");
        // Every byte but those of the outer length and algorithm is signed.
        if let Ok(signed) = pki().sign_host(HOST, &pem) {
            prop_assert!(signed.pem.contains("CERTIFICATE"));
        }
    }
}

#[test]
fn two_hosts_have_two_serial_numbers() {
    let (dir, clock) = (TestDir::new(), ManualClock::new());
    let pki = open(dir.path(), &clock);
    let (one, two) = (enrolled(&pki, &clock, HOST), enrolled(&pki, &clock, HOST));
    assert_ne!(one.fingerprint(), two.fingerprint());
}
