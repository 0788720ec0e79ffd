//! Joining an engine: a key is made here and never leaves; the token proves who asks, the CA's
//! fingerprint proves who answers.

use crate::command_line::Enrol;
use crate::home::Home;
use crate::post::post;
use anyhow::{Context as _, bail};
use base::{Clock, HostId};
use pki::{HostIdentity, HostKey, enrolment_config};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The engine's service.
const PATH: &str = "/ovirt-engine/services/vireo-enrol";

#[derive(Serialize)]
struct Question<'a> {
    token: &'a str,
    csr_pem: String,
}

#[derive(Deserialize)]
struct Answer {
    host_id: String,
    certificate_pem: String,
    ca_pem: String,
}

/// Joins; a home that belonged to another engine before belongs to this one afterwards. The same
/// host of the same engine may join again while its agent runs, which takes the new certificate with
/// the next connection. Doing it again with the same token is safe when the answer was lost.
///
/// # Errors
/// When the engine can't be reached, is not the one with that CA, or refuses the token.
pub async fn enrol(to: &Enrol, clock: Arc<dyn Clock>) -> anyhow::Result<HostId> {
    let (home, runs) = Home::take_to_enrol(&to.home.home)?;
    let before = HostIdentity::load_ended(home.path()).ok().flatten();
    let stop_first = || {
        format!(
            "an agent works in {} and would belong to another engine or be another host; \
             stop it first",
            home.path().display()
        )
    };
    if runs && before.as_ref().map(HostIdentity::ca_fingerprint) != Some(to.ca_sha256) {
        bail!(stop_first());
    }
    let key = HostKey::joining(home.path()).context("cannot make a key")?;
    let question = Question {
        token: to.token.trim(),
        csr_pem: key.request().context("cannot make a certificate request")?,
    };
    let body = serde_json::to_string(&question).context("cannot write the request")?;
    let tls = enrolment_config(to.ca_sha256, Arc::clone(&clock)).context("cannot set up TLS")?;
    let answer = post(&to.engine, PATH, body, tls, &*clock).await?;
    let answer: Answer = serde_json::from_slice(&answer)
        .context("the engine's answer is not what an engine answers")?;
    let host: HostId = answer
        .host_id
        .parse()
        .context("the engine's answer is wrong")?;
    let identity = HostIdentity::accept(
        key,
        host,
        &answer.certificate_pem,
        &answer.ca_pem,
        to.ca_sha256,
        clock.now(),
    )
    .context("the engine's answer cannot be used")?;
    // Epochs of another engine, or of this host as another one, mean nothing here.
    let is_same = before.is_some_and(|before| before.is_same_engine(&identity));
    if !is_same {
        if runs {
            bail!(stop_first());
        }
        home.fence_forget()?;
    }
    identity
        .save(home.path())
        .context("cannot keep the certificate")?;
    Ok(host)
}
