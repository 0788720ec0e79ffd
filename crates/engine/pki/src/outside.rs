//! A certificate for the API that somebody else has signed: two files that the operator keeps.

use crate::PkiError;
use crate::certificate::{Said, said};
use crate::files;
use base::Timestamp;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where an outside certificate for the API lies.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OutsideFiles {
    /// PEM: the API's certificate, then those between it and its CA.
    pub certificate: PathBuf,
    /// PEM: its private key (PKCS#8, PKCS#1 or SEC1).
    pub key: PathBuf,
}

/// What was read from the files.
pub(crate) struct Outside {
    pub key: Arc<CertifiedKey>,
    pub said: Said,
}

impl OutsideFiles {
    /// Reads and checks both. An end that is over is no error: the engine must also start then.
    ///
    /// # Errors
    /// `Damaged` with the file and what is wrong with it.
    pub(crate) fn read(&self, names: &[String], now: Timestamp) -> Result<Outside, PkiError> {
        let wrong = |path: &Path, problem: String| PkiError::Damaged {
            path: path.to_owned(),
            problem,
        };
        let text = |path: &Path| {
            files::read(path)?.ok_or_else(|| wrong(path, "there is no such file".to_owned()))
        };
        let pem = text(&self.certificate)?;
        let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(pem.as_bytes())
            .collect::<Result<_, _>>()
            .map_err(|e| wrong(&self.certificate, format!("its PEM text is damaged ({e})")))?;
        let Some(first) = chain.first() else {
            let problem = "it holds no PEM certificate".to_owned();
            return Err(wrong(&self.certificate, problem));
        };
        let said = said(first).map_err(|problem| wrong(&self.certificate, problem))?;
        if said.from > now {
            let problem = format!("its first certificate begins on {} only", said.from);
            return Err(wrong(&self.certificate, problem));
        }
        if said.names.is_empty() {
            let problem = "its first certificate bears no DNS name and no IP address".to_owned();
            return Err(wrong(&self.certificate, problem));
        }
        if let Some(name) = names.iter().find(|name| !covers(&said.names, name)) {
            let problem = format!(
                "its first certificate is not for `{name}`, which the setting `names` demands; it is for {}",
                said.names.join(", ")
            );
            return Err(wrong(&self.certificate, problem));
        }
        let key = PrivateKeyDer::from_pem_slice(text(&self.key)?.as_bytes())
            .map_err(|e| wrong(&self.key, format!("it holds no usable private key ({e})")))?;
        let provider = rustls::crypto::ring::default_provider();
        let key = CertifiedKey::from_der(chain, key, &provider).map_err(|e| {
            let problem = match e {
                rustls::Error::InconsistentKeys(_) => format!(
                    "the key does not belong to the first certificate in {}",
                    self.certificate.display()
                ),
                other => format!("it cannot be used ({other})"),
            };
            wrong(&self.key, problem)
        })?;
        Ok(Outside {
            key: Arc::new(key),
            said,
        })
    }
}

/// Does one of the certificate's names answer for `name`? A `*` stands for one label.
fn covers(names: &[String], name: &str) -> bool {
    if let Ok(ip) = name.parse::<std::net::IpAddr>() {
        return names.iter().any(|n| n.parse() == Ok(ip));
    }
    names.iter().any(|pattern| {
        let rest = |text: &str| {
            text.split_once('.')
                .map(|(_, rest)| rest.to_ascii_lowercase())
        };
        pattern.eq_ignore_ascii_case(name)
            || (pattern.starts_with("*.") && rest(pattern).is_some() && rest(pattern) == rest(name))
    })
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn a_star_stands_for_one_label() {
        let names = ["*.example.org", "Portal.example.net", "192.0.2.1"].map(str::to_owned);
        for good in ["a.EXAMPLE.org", "portal.example.net", "192.0.2.1"] {
            assert!(covers(&names, good), "{good}");
        }
        for bad in [
            "example.org",
            "a.b.example.org",
            "example.net",
            "192.0.2.2",
            "localhost",
        ] {
            assert!(!covers(&names, bad), "{bad}");
        }
    }
}
