//! The host's certificate over the years: renewed while connected, repaired after its end.

use crate::HOST;
use crate::engine::answering;
use agent_rpc::{AgentClient, DialTo, dial};
use base::{Clock, HostId};
use clap::Parser;
use host_network::fake::FakeKernel;
use host_storage::fake::FakeStore;
use host_vms::HostPorts;
use hypervisor_fake::FakeHypervisor;
use pki::{Fingerprint, HostCertificate, HostIdentity, HostKey, Pki};
use ports::HostSession;
use serde_json::json;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use testkit::{ManualClock, TestDir};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use vireo_agent::{Agent, Command, CommandLine, Config, Home};

const DAY: Duration = Duration::from_secs(24 * 3600);

/// An engine's certificates and a running agent, both on one clock.
struct Lab {
    clock: ManualClock,
    pki: Pki,
    home: TestDir,
    port: u16,
    stop: oneshot::Sender<()>,
    served: JoinHandle<anyhow::Result<()>>,
    _dir: TestDir,
}

impl Lab {
    async fn new() -> (Self, Fingerprint) {
        let (dir, home, clock) = (TestDir::new(), TestDir::new(), ManualClock::new());
        let at: Arc<dyn Clock> = Arc::new(clock.clone());
        let pki = Pki::open(dir.path(), &[], at.clone(), Arc::new(base::OsRandom)).unwrap();
        let key = HostKey::make().unwrap();
        let signed = pki.sign_host(HOST, &key.request().unwrap()).unwrap();
        let (ca, now) = (pki.ca_fingerprint(), clock.now());
        HostIdentity::accept(key, HOST, &signed.pem, &pki.ca_pem(), ca, now)
            .unwrap()
            .save(home.path())
            .unwrap();
        let machine = HostPorts {
            hypervisor: Arc::new(FakeHypervisor::new(at.clone())),
            storage: Arc::new(FakeStore::new()),
            network: Arc::new(FakeKernel::default()),
            clock: at,
        };
        let config = Config {
            listen: "127.0.0.1:0".parse().unwrap(),
            ..Config::default()
        };
        let taken = Home::take(home.path()).unwrap();
        let agent = Agent::start(taken, &config, machine).await.unwrap();
        let port = agent.address().unwrap().port();
        let (stop, stopping) = oneshot::channel();
        let served = tokio::spawn(agent.serve(async move {
            let _ = stopping.await;
        }));
        let lab = Lab {
            clock,
            pki,
            home,
            port,
            stop,
            served,
            _dir: dir,
        };
        (lab, signed.fingerprint)
    }

    async fn dial(&self, shown: Fingerprint) -> Result<AgentClient, String> {
        let client = dial(DialTo {
            host: HOST,
            address: "127.0.0.1".to_owned(),
            port: self.port,
            tls: self.pki.host_config(HOST, [shown]).unwrap(),
            fence_epoch: 1,
            clock: Arc::new(self.clock.clone()),
        })
        .await
        .map_err(|e| e.to_string())?;
        client.hello().await.map_err(|e| e.to_string())?;
        Ok(client)
    }

    /// `vireo-agent enrol`, as `vireoctl host renew-token` prints it.
    async fn enrol(&self, engine: &str, ca: Fingerprint) -> anyhow::Result<HostId> {
        let line = CommandLine::parse_from([
            "vireo-agent",
            "enrol",
            "--engine",
            engine,
            "--ca-sha256",
            &ca.to_string(),
            "--token",
            "once",
            "--home",
            self.home.path().to_str().unwrap(),
        ]);
        let Command::Enrol(to) = line.command else {
            unreachable!("it was asked to enrol");
        };
        vireo_agent::enrol(&to, Arc::new(self.clock.clone())).await
    }

    async fn stop(self) {
        self.stop.send(()).unwrap();
        self.served.await.unwrap().unwrap();
    }
}

/// An engine's door that signs for `host`, and what it signed.
async fn signing(pki: &Pki, host: HostId) -> (String, Arc<Mutex<Option<HostCertificate>>>) {
    let signed = Arc::new(Mutex::new(None));
    let (kept, with) = (Arc::clone(&signed), pki.clone());
    let (engine, _asked) = answering(pki, move |request| {
        let csr = request["csr_pem"].as_str().unwrap();
        let certificate = with.sign_host(host, csr).unwrap();
        let answer = json!({
            "host_id": host.to_string(),
            "certificate_pem": certificate.pem,
            "ca_pem": with.ca_pem(),
        });
        *kept.lock().unwrap() = Some(certificate);
        ("200 OK", answer.to_string())
    })
    .await;
    (engine, signed)
}

#[tokio::test]
async fn a_certificate_is_renewed_over_the_link_and_the_connection_goes_on() {
    let (lab, mut shown) = Lab::new().await;
    let first = lab.dial(shown).await.unwrap();
    // Two years in which nobody restarts anything.
    for _ in 0..37 {
        lab.clock.advance(DAY * 20);
        lab.pki.renew().unwrap();
        let client = lab.dial(shown).await.unwrap();
        let asked = client.certificate_request().await.unwrap();
        assert_eq!(asked.fingerprint, shown.to_string());
        let other = lab.pki.sign_host(HostId::known(9), &asked.csr_pem).unwrap();
        assert!(client.certificate_install(other.pem).await.is_err());
        let asked = client.certificate_request().await.unwrap();
        let signed = lab.pki.sign_host(HOST, &asked.csr_pem).unwrap();
        client
            .certificate_install(signed.pem.clone())
            .await
            .unwrap();
        // A lost answer: once more is once.
        client.certificate_install(signed.pem).await.unwrap();
        shown = signed.fingerprint;
        client.close();
    }
    first.hello().await.unwrap();
    lab.dial(shown).await.unwrap();
    lab.stop().await;
}

#[tokio::test]
async fn two_years_later_everything_has_ended_and_one_command_repairs_it() {
    let (lab, shown) = Lab::new().await;
    lab.dial(shown).await.unwrap();
    lab.clock.advance(DAY * 730);
    let e = lab.dial(shown).await.err().unwrap();
    assert!(e.contains("no trust"), "{e}");
    // The engine mends its own by itself; it can't reach the host.
    let renewed = lab.pki.renew().unwrap();
    assert!(renewed.api && renewed.engine);
    let e = lab.dial(shown).await.err().unwrap();
    assert!(e.to_lowercase().contains("expired"), "{e}");

    // The agent runs meanwhile, and is not started again.
    let (engine, signed) = signing(&lab.pki, HOST).await;
    let host = lab.enrol(&engine, lab.pki.ca_fingerprint()).await.unwrap();
    assert_eq!(host, HOST);
    let shown = signed.lock().unwrap().clone().unwrap().fingerprint;
    lab.dial(shown).await.unwrap();
    lab.stop().await;
}

#[tokio::test]
async fn an_answer_that_was_lost_is_asked_for_again_with_the_same_key() {
    let (lab, _) = Lab::new().await;
    let first = Arc::new(Mutex::new(None));
    let (kept, with) = (Arc::clone(&first), lab.pki.clone());
    let (engine, _asked) = answering(&lab.pki, move |request| {
        let csr = request["csr_pem"].as_str().unwrap();
        *kept.lock().unwrap() = Some(with.sign_host(HOST, csr).unwrap());
        ("502 Bad Gateway", String::new())
    })
    .await;
    lab.enrol(&engine, lab.pki.ca_fingerprint())
        .await
        .unwrap_err();
    let (engine, second) = signing(&lab.pki, HOST).await;
    lab.enrol(&engine, lab.pki.ca_fingerprint()).await.unwrap();
    let key = |signed: &Mutex<Option<HostCertificate>>| signed.lock().unwrap().clone().unwrap().key;
    assert_eq!(key(&first), key(&second));
    lab.stop().await;
}

#[tokio::test]
async fn a_running_agent_is_given_to_no_other_engine_and_made_no_other_host() {
    let (lab, shown) = Lab::new().await;
    let dir = TestDir::new();
    let clock = Arc::new(lab.clock.clone());
    let other = Pki::open(dir.path(), &[], clock, Arc::new(base::OsRandom)).unwrap();
    let (engine, signed) = signing(&other, HOST).await;
    let e = lab.enrol(&engine, other.ca_fingerprint()).await;
    assert!(e.unwrap_err().to_string().contains("stop it first"));
    assert!(signed.lock().unwrap().is_none(), "the token was not told");
    let (engine, _signed) = signing(&lab.pki, HostId::known(9)).await;
    let e = lab.enrol(&engine, lab.pki.ca_fingerprint()).await;
    assert!(e.unwrap_err().to_string().contains("stop it first"));
    lab.dial(shown).await.unwrap();
    lab.stop().await;
}
