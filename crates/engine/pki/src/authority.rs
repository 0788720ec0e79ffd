//! The certificate authority: made once, kept for ten years, signs what this room decides to sign.

use crate::certificate::{Pair, Said, pem_of, said};
use crate::{Fingerprint, PkiError, Role};
use base::{Clock, Random, Timestamp};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, PublicKeyData, SanType, SerialNumber,
};
use rustls::pki_types::CertificateDer;
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Ten years with their leap days.
const CA_LIFE: Duration = Duration::from_secs(3652 * 24 * 3600);
/// Certificates begin a day early, since hosts' clocks may be behind the engine's.
const CLOCKS_APART: Duration = Duration::from_secs(24 * 3600);

/// The CA with its key.
pub(crate) struct Authority {
    pair: Pair,
    issuer: Issuer<'static, KeyPair>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
}

/// A certificate to be signed: everything in it is our choice.
pub(crate) struct Wanted<'a> {
    pub role: Role,
    pub common_name: String,
    /// DNS names and IP addresses.
    pub names: &'a [String],
    pub life: Duration,
}

impl Authority {
    /// Reads the CA from `file`; makes one when there is no file. A damaged file is an error: a new
    /// CA would make every host and client a stranger.
    pub fn open(
        file: &Path,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, PkiError> {
        let damaged = |problem: String| PkiError::Damaged {
            path: file.to_owned(),
            problem,
        };
        let pair = match Pair::read(file)? {
            Some(pair) => pair,
            None => {
                let pair = make(&*clock, &*random)?;
                pair.write(file)?;
                pair
            }
        };
        let key = KeyPair::from_pem(&pair.key.serialize_pem())
            .map_err(|e| damaged(format!("its key cannot be used ({e})")))?;
        let issuer = Issuer::from_ca_cert_der(&pair.certificate, key)
            .map_err(|e| damaged(format!("its certificate cannot sign ({e})")))?;
        if !issuer.key_usages().contains(&KeyUsagePurpose::KeyCertSign) {
            return Err(damaged("its certificate may not sign others".to_owned()));
        }
        Ok(Authority {
            pair,
            issuer,
            clock,
            random,
        })
    }

    pub fn certificate(&self) -> &CertificateDer<'static> {
        &self.pair.certificate
    }

    pub fn pem(&self) -> String {
        pem_of(&self.pair.certificate)
    }

    pub fn fingerprint(&self) -> Fingerprint {
        self.pair.fingerprint()
    }

    pub fn said(&self) -> &Said {
        &self.pair.said
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// Signs a certificate for somebody's public key. It never outlives the CA.
    pub fn sign(
        &self,
        wanted: &Wanted<'_>,
        key: &impl PublicKeyData,
    ) -> Result<CertificateDer<'static>, PkiError> {
        let now = self.clock.now();
        let mut params = params(&*self.random, now, &wanted.common_name);
        params.not_after = now.after(wanted.life).min(self.said().expires).date();
        params.subject_alt_names = vec![uri(wanted.role)?];
        for name in wanted.names {
            params.subject_alt_names.push(alternative_name(name)?);
        }
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![match wanted.role {
            Role::Api | Role::Host(_) => ExtendedKeyUsagePurpose::ServerAuth,
            Role::Engine => ExtendedKeyUsagePurpose::ClientAuth,
        }];
        params.use_authority_key_identifier_extension = true;
        let signed = params
            .signed_by(key, &self.issuer)
            .map_err(|cause| PkiError::Make {
                what: "a certificate",
                cause,
            })?;
        Ok(signed.der().clone())
    }

    /// Makes a key and a certificate for it.
    pub fn issue(&self, wanted: &Wanted<'_>) -> Result<Pair, PkiError> {
        let key = new_key()?;
        let certificate = self.sign(wanted, &key)?;
        Pair::new(key, certificate).map_err(PkiError::Certificate)
    }
}

/// A new P-256 key: fast everywhere and known to every client.
pub(crate) fn new_key() -> Result<KeyPair, PkiError> {
    KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).map_err(|cause| PkiError::Make {
        what: "a key",
        cause,
    })
}

fn make(clock: &dyn Clock, random: &dyn Random) -> Result<Pair, PkiError> {
    let now = clock.now();
    // Two engines' CAs must differ by name, or browsers mix them up.
    let mut tag = [0u8; 4];
    random.fill(&mut tag);
    let name = format!("Vireo CA {:08x}", u32::from_be_bytes(tag));
    let mut params = params(random, now, &name);
    params.not_after = now.after(CA_LIFE).date();
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let key = new_key()?;
    let certificate = params.self_signed(&key).map_err(|cause| PkiError::Make {
        what: "the CA's certificate",
        cause,
    })?;
    Pair::new(key, certificate.der().clone()).map_err(PkiError::Certificate)
}

fn params(random: &dyn Random, now: Timestamp, common_name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params
        .distinguished_name
        .push(DnType::OrganizationName, "Vireo");
    params
        .distinguished_name
        .push(DnType::CommonName, common_name);
    let early = i64::try_from(CLOCKS_APART.as_micros()).unwrap_or(0);
    params.not_before = Timestamp(now.0.saturating_sub(early)).date();
    // RFC 5280: positive and at most 20 bytes.
    let mut serial = [0u8; 16];
    random.fill(&mut serial);
    serial[0] = (serial[0] & 0x7f) | 0x40;
    params.serial_number = Some(SerialNumber::from_slice(&serial));
    params
}

fn uri(role: Role) -> Result<SanType, PkiError> {
    let text = role.to_string();
    let uri = text.clone().try_into().map_err(|cause| PkiError::Make {
        what: "a certificate's URI",
        cause,
    })?;
    Ok(SanType::URI(uri))
}

/// A DNS name or an IP address for a certificate.
fn alternative_name(name: &str) -> Result<SanType, PkiError> {
    if let Ok(ip) = name.parse::<IpAddr>() {
        return Ok(SanType::IpAddress(ip));
    }
    let bad = |problem: &str| PkiError::Name {
        name: name.chars().take(255).collect(),
        problem: problem.to_owned(),
    };
    rustls::pki_types::DnsName::try_from(name)
        .map_err(|_| bad("it is neither an IP address nor a DNS name"))?;
    let dns = name
        .to_ascii_lowercase()
        .try_into()
        .map_err(|_| bad("it is not ASCII; use its `xn--` form"))?;
    Ok(SanType::DnsName(dns))
}

/// Is `certificate` the CA's own, and may it still sign at `now`?
pub(crate) fn check_ca(certificate: &CertificateDer<'_>, now: Timestamp) -> Result<Said, String> {
    let said = said(certificate)?;
    if said.expires <= now {
        return Err(format!("the CA's certificate ended on {}", said.expires));
    }
    Ok(said)
}
