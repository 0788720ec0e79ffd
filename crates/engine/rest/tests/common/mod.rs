//! A whole engine in process: store, projection, access, workflows and the two routers, with one
//! fake host that does what it is told.

#![allow(dead_code, missing_docs)]

mod host;
pub mod transcript;

use access::{Access, AccessOptions, LockoutRules, PasswordCost, TokenRules};
use axum::Router;
use axum::body::Body;
use base::{Clock, ClusterId, Generation, HostId, Random, StorageDomainId, Timestamp};
use bytes::Bytes;
use domain::hosts::{Enrolment, Host, HostFacts, HostObserved, HostStatus};
use domain::storage::{StorageBacking, StorageDomain, StorageDomainObserved, StorageDomainStatus};
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt as _;
use operations::{Rooms, Settings};
use pki::Pki;
use projection::Projection;
use rest::{Front, FrontParts, Product, RequestLimits};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use store::{Batch, Store};
use testkit::{ManualClock, SeededRandom, TestDir};
use tower::ServiceExt as _;
use uuid::Uuid;
use workflow::{Engine, EngineOptions};

pub const PASSWORD: &str = "s3cret:pass";
pub const HOST: HostId = HostId::known(0x10);
pub const DOMAIN: StorageDomainId = StorageDomainId::known(0x20);
const GIB: u64 = 1 << 30;

pub struct World {
    pub router: Router,
    pub operator: Router,
    pub front: Front,
    pub clock: ManualClock,
    /// Every look at the time panics.
    pub broken: Arc<AtomicBool>,
    pub host: Arc<host::FakeHost>,
    dir: TestDir,
}

/// A clock by hand that can be broken, to see a defect of ours from outside.
struct FragileClock {
    inner: ManualClock,
    broken: Arc<AtomicBool>,
}

#[async_trait::async_trait]
impl Clock for FragileClock {
    fn now(&self) -> Timestamp {
        assert!(!self.broken.load(Ordering::Relaxed), "the secret inside");
        self.inner.now()
    }
    async fn sleep_until(&self, until: Timestamp) {
        self.inner.sleep_until(until).await;
    }
}

/// An answer, taken in whole.
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Reply {
    pub fn text(&self) -> String {
        String::from_utf8(self.body.to_vec()).expect("answers are UTF-8")
    }
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |v| v.to_str().unwrap_or(""))
    }
}

impl World {
    /// Bootstrapped: the Default data center with one host that is up and one active domain.
    pub async fn new() -> World {
        let dir = TestDir::new();
        let clock = ManualClock::new();
        let random: Arc<dyn Random> = Arc::new(SeededRandom::new(7));
        let (store, contents) = Store::open(&dir.join("engine.db")).await.unwrap();
        let projection = Projection::new(&contents);
        store.observe(Arc::new(projection.clone()));
        let broken = Arc::new(AtomicBool::new(false));
        let time: Arc<dyn Clock> = Arc::new(FragileClock {
            inner: clock.clone(),
            broken: broken.clone(),
        });
        let options = AccessOptions {
            passwords: PasswordCost {
                memory_kib: 8,
                passes: 1,
                ..PasswordCost::default()
            },
            lockout: LockoutRules::default(),
            tokens: TokenRules::default(),
            rules: access::PasswordRules::default(),
        };
        let access = Access::new(
            store.clone(),
            projection.clone(),
            time.clone(),
            random.clone(),
            options,
        )
        .unwrap();
        let host = Arc::new(host::FakeHost::new(HOST, projection.clone(), time.clone()));
        let workflows = Engine::new(
            store.clone(),
            time.clone(),
            random.clone(),
            EngineOptions::default(),
        );
        let rooms = Rooms {
            store,
            projection: projection.clone(),
            agents: Arc::new(host::FakeAgents(host.clone())),
            clock: time.clone(),
            random: random.clone(),
            workflows: workflows.clone(),
            settings: Arc::new(Settings::default()),
        };
        operations::register_all(&workflows, &rooms);
        let hash = access.password_hash(PASSWORD).await.unwrap();
        assert!(
            operations::bootstrap::bootstrap(&rooms, &hash)
                .await
                .unwrap()
        );
        furnish(&rooms).await;
        let pki = Pki::open(&dir.join("pki"), &["localhost".to_owned()], time, random).unwrap();
        let front = Front::new(FrontParts {
            rooms,
            access,
            pki,
            product: Product {
                name: "Vireo".to_owned(),
                vendor: "Vireo".to_owned(),
                api: (4, 5),
                full_version: "4.5.0-0.1.0".to_owned(),
                instance: Uuid::from_u128(0xabc),
            },
            backups: None,
            session_idle: Duration::from_secs(1800),
            limits: RequestLimits::default(),
        });
        World {
            router: rest::router(front.clone()),
            operator: rest::operator_router(front.clone()),
            front,
            clock,
            broken,
            host,
            dir,
        }
    }

    pub fn cluster(&self) -> ClusterId {
        let snapshot = self.front.rooms.projection.snapshot();
        snapshot
            .cluster_named("Default")
            .expect("bootstrap made it")
            .id
    }

    /// Sends one request through the door of everybody.
    pub async fn send(&self, request: Request<Body>) -> Reply {
        take(self.router.clone(), request).await
    }

    /// Sends one request through the operator's door.
    pub async fn send_operator(&self, request: Request<Body>) -> Reply {
        take(self.operator.clone(), request).await
    }

    /// Logs in and answers the token.
    pub async fn token(&self) -> String {
        let form = format!(
            "grant_type=password&scope=ovirt-app-api&username=admin%40internal&password={}",
            PASSWORD.replace(':', "%3A")
        );
        let request = Request::post("/ovirt-engine/sso/oauth/token")
            .body(Body::from(form))
            .unwrap();
        let reply = self.send(request).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
        let body: serde_json::Value = serde_json::from_slice(&reply.body).unwrap();
        body["access_token"].as_str().unwrap().to_owned()
    }

    /// A request with a token.
    pub async fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Reply {
        let token = self.token().await;
        let mut request = Request::builder()
            .method(method)
            .uri(format!("/ovirt-engine/api{path}"))
            .header("authorization", format!("Bearer {token}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(body.into()).unwrap()).await
    }

    pub async fn get_json(&self, path: &str) -> serde_json::Value {
        let reply = self
            .ask("GET", path, &[("accept", "application/json")], "")
            .await;
        assert_eq!(reply.status, StatusCode::OK, "{path}: {}", reply.text());
        serde_json::from_slice(&reply.body).unwrap()
    }

    /// Returns when no job goes on any more.
    pub async fn settle(&self) {
        let projection = &self.front.rooms.projection;
        let mut version = projection.version();
        let settled = async {
            loop {
                version.borrow_and_update();
                if projection.snapshot().workflows().all(|w| w.state.is_over()) {
                    return;
                }
                if version.changed().await.is_err() {
                    return;
                }
            }
        };
        let ended = tokio::time::timeout(Duration::from_secs(20), settled).await;
        assert!(ended.is_ok(), "jobs still go on: {:?}", self.jobs());
    }

    fn jobs(&self) -> Vec<String> {
        let snapshot = self.front.rooms.projection.snapshot();
        snapshot
            .workflows()
            .map(|w| format!("{} {:?} {:?}", w.title, w.state, w.steps))
            .collect()
    }
}

async fn take(router: Router, request: Request<Body>) -> Reply {
    let response = router.oneshot(request).await.unwrap();
    let (head, body) = response.into_parts();
    Reply {
        status: head.status,
        headers: head.headers,
        body: body
            .collect()
            .await
            .map(|b| b.to_bytes())
            .unwrap_or_default(),
    }
}

async fn furnish(rooms: &Rooms) {
    let snapshot = rooms.projection.snapshot();
    let cluster = snapshot.cluster_named("Default").unwrap();
    let mut batch = Batch::new();
    batch.put(Host {
        id: HOST,
        generation: Generation::NEW,
        name: "host1".to_owned(),
        description: String::new(),
        comment: String::new(),
        address: "192.0.2.1".to_owned(),
        port: 54321,
        cluster: cluster.id,
        enrolment: Enrolment::Done {
            fingerprint: "00".repeat(32),
            expires: Timestamp(i64::MAX),
            renewal: domain::hosts::Renewal::default(),
        },
        maintenance: false,
        preparing: None,
        fence_epoch: 1,
        restored: None,
        facts: Some(facts()),
        created: rooms.clock.now(),
    });
    batch.put(StorageDomain {
        id: DOMAIN,
        generation: Generation::NEW,
        name: "data".to_owned(),
        description: String::new(),
        comment: String::new(),
        backing: StorageBacking::PosixFs {
            path: "/srv/data".to_owned(),
            vfs_type: "nfs".to_owned(),
            mount_options: String::new(),
        },
        data_center: Some(cluster.data_center),
        status: StorageDomainStatus::Active,
        master: true,
        warning_low_space_percent: 10,
        critical_space_gib: 5,
        created: rooms.clock.now(),
    });
    rooms.store.commit(batch).await.unwrap();
    rooms.projection.host_observed(
        HOST,
        HostObserved {
            status: HostStatus::Up,
            reason: None,
            since: rooms.clock.now(),
            storage: vec![DOMAIN],
            stats: None,
        },
    );
    rooms.projection.storage_domain_observed(
        DOMAIN,
        Some(StorageDomainObserved {
            available_bytes: 900 * GIB,
            used_bytes: 100 * GIB,
            at: rooms.clock.now(),
        }),
    );
}

fn facts() -> HostFacts {
    HostFacts {
        agent_version: "0.1.0".to_owned(),
        boot_id: "b".to_owned(),
        hardware_uuid: "00000000-0000-0000-0000-00000000000a".to_owned(),
        cpu_model: "Test CPU".to_owned(),
        cpu_model_libvirt: "Nehalem".to_owned(),
        architecture: "x86_64".to_owned(),
        cpu_sockets: 2,
        cpu_cores: 8,
        cpu_threads: 2,
        cpu_mhz: 2000,
        memory_bytes: 64 * GIB,
        kvm: true,
        os: "Debian 12".to_owned(),
        kernel: "6.1".to_owned(),
        libvirt_version: "11.3.0".to_owned(),
        qemu_version: "10.0.0".to_owned(),
        bridges: vec!["ovirtmgmt".to_owned()],
        ..HostFacts::default()
    }
}
