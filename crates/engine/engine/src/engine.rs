//! All rooms together: in which order they start and stop.

use crate::command_line::CommandLine;
use crate::config::Config;
use crate::home::{Home, write_file};
use crate::{backup, certificates, failpoints, first_start, ready};
use access::{Access, AccessOptions};
use anyhow::{Context as _, anyhow, bail};
use audit::AuditEvent;
use base::{Call, Clock, OsRandom, Random};
use host_link::{HostLink, LinkOptions, MutualTls};
use operations::Rooms;
use pki::{Fingerprint, Pki};
use ports::SystemClock;
use projection::Projection;
use reconcile::{ReconcileOptions, Reconciler};
use rest::{Front, FrontParts, Limits, Product, RequestLimits, Stop, StopHandle};
use std::env::VarError;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use store::{Batch, Contents, Store};
use tokio::net::TcpListener;
use tokio::sync::{Mutex, Semaphore, mpsc};
use tokio::task::JoinSet;
use tracing::{info, warn};
use uuid::Uuid;
use workflow::{Engine, EngineOptions};

/// The version of oVirt's API that is spoken.
const API_VERSION: (u32, u32) = (4, 5);

/// An engine that answers.
pub struct Running {
    home: Home,
    ready_file: Option<PathBuf>,
    rooms: Rooms,
    reconciler: Reconciler,
    stop: StopHandle,
    doors: Mutex<JoinSet<()>>,
    broken: Mutex<mpsc::Receiver<anyhow::Error>>,
}

/// Rooms that only the start needs by name.
struct Inside {
    rooms: Rooms,
    access: Access,
    link: HostLink,
}

impl Running {
    /// Starts everything; what is bound, locked or opened can fail with a clear word before anything
    /// is changed.
    ///
    /// # Errors
    /// When a room can't start.
    pub async fn start(line: &CommandLine) -> anyhow::Result<Self> {
        // Another provider may be compiled in by a dependency: say which one we mean.
        let _ = rustls::crypto::ring::default_provider().install_default();
        if backup::is_unfinished(&line.home) {
            bail!(
                "a restore was broken off in {}; remove the home (and empty its database), and restore again",
                line.home.display()
            );
        }
        let home = Home::take(&line.home)?;
        let config = match &line.config {
            Some(file) => Config::read(file, true)?,
            None => Config::read(&home.config_file(), false)?,
        };
        if let Some(file) = &line.ready_file {
            ready::remove(file);
        }
        let wanted = if line.listen.is_empty() {
            &config.listen
        } else {
            &line.listen
        };
        let (listeners, listen) = bind(wanted).await?;

        let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
        let random: Arc<dyn Random> = Arc::new(OsRandom);
        let pki = open_pki(&home, &config, &listen, &clock, &random).await?;
        let variable = match std::env::var("DATABASE_URL") {
            Ok(line) => Some(line),
            Err(VarError::NotPresent) => None,
            Err(VarError::NotUnicode(_)) => bail!("the variable `DATABASE_URL` is not UTF-8"),
        };
        let database = config.database(variable.as_deref(), &home.database())?;
        let (store, contents) = Store::connect(&database, &holder(&home))
            .await
            .with_context(|| format!("cannot open the database {database}"))?;
        let inside = assemble(&config, &store, &contents, &pki, &clock, &random)?;
        first_start::bootstrap(&inside.rooms, &inside.access, &home).await?;
        let reconciler = begin(&config, &inside, &pki, contents).await?;

        let front = Front::new(FrontParts {
            rooms: inside.rooms.clone(),
            access: inside.access,
            pki: pki.clone(),
            product: product(&pki),
            backups: Some(Arc::new(backup::Backups::new(
                &home,
                line.config.clone().unwrap_or_else(|| home.config_file()),
                store.clone(),
                clock.clone(),
                random.clone(),
            ))),
            session_idle: config.token_rules().idle,
            limits: RequestLimits::default(),
        });
        let (stop, wish) = rest::stop_channel();
        let (failed, broken) = mpsc::channel(1);
        let doors = open_doors(&home, front, &pki, listeners, &clock, &wish, &failed)?;
        let running = Running {
            home,
            ready_file: line.ready_file.clone(),
            rooms: inside.rooms,
            reconciler,
            stop,
            doors: Mutex::new(doors),
            broken: Mutex::new(broken),
        };
        running.note(AuditEvent::EngineStarted).await;
        if let Some(file) = &running.ready_file {
            ready::write(file, &running.home, &config.names, &listen)?;
        }
        let places: Vec<String> = listen.iter().map(ToString::to_string).collect();
        info!("ready: the API is on {}", places.join(", "));
        Ok(running)
    }

    /// Returns when a door can't be kept open any more.
    pub async fn broken(&self) -> anyhow::Error {
        let word = self.broken.lock().await.recv().await;
        word.unwrap_or_else(|| anyhow!("every door is closed"))
    }

    /// Reads again what may have changed in files: the API's outside certificate.
    pub fn reload(&self) {
        self.reconciler.look_at_certificates();
    }

    /// Stops in the other order: doors, work, hosts, database. Running VMs stay as they are.
    pub async fn stop(&self) {
        if let Some(file) = &self.ready_file {
            ready::remove(file);
        }
        self.stop.stop();
        let mut doors = self.doors.lock().await;
        while doors.join_next().await.is_some() {}
        self.rooms.workflows.stop();
        self.reconciler.stop().await;
        self.note(AuditEvent::EngineStopped).await;
        self.rooms.store.close().await;
        info!("stopped");
    }

    /// Notes that the engine started or stopped; it does so even if that can't be noted.
    async fn note(&self, event: AuditEvent) {
        let call = Call::internal(self.rooms.random.uuid().to_string());
        let mut batch = Batch::new();
        batch.event(event.at(&call, self.rooms.clock.now()));
        if let Err(e) = self.rooms.store.commit(batch).await {
            warn!("an event could not be stored: {e}");
        }
    }
}

/// What this engine is called among those that may share a database: the same at each start.
pub fn holder(home: &Home) -> String {
    let machine = nix::unistd::gethostname().unwrap_or_default();
    let home = home.database();
    format!("{}:{}", machine.to_string_lossy(), home.display())
}

async fn bind(wanted: &[SocketAddr]) -> anyhow::Result<(Vec<TcpListener>, Vec<SocketAddr>)> {
    let mut listeners = Vec::with_capacity(wanted.len());
    let mut addresses = Vec::with_capacity(wanted.len());
    for address in wanted {
        let failed = || format!("cannot listen on {address}");
        let listener = TcpListener::bind(address).await.with_context(failed)?;
        addresses.push(listener.local_addr().with_context(failed)?);
        listeners.push(listener);
    }
    Ok((listeners, addresses))
}

/// Opens the CA; making keys takes a moment, so it is done beside the async threads.
async fn open_pki(
    home: &Home,
    config: &Config,
    listen: &[SocketAddr],
    clock: &Arc<dyn Clock>,
    random: &Arc<dyn Random>,
) -> anyhow::Result<Pki> {
    let names = certificates::names(config, listen);
    let (dir, clock, random) = (home.pki(), clock.clone(), random.clone());
    let options = config.pki_options();
    let open = move || Pki::open_with(&dir, &names, options, clock, random);
    let pki = tokio::task::spawn_blocking(open)
        .await
        .context("opening the certificates was interrupted")?
        .context("cannot open the certificates")?;
    let (file, pem) = (home.ca_file(), pki.ca_pem());
    if std::fs::read(&file).ok().as_deref() != Some(pem.as_bytes()) {
        write_file(&file, pem.as_bytes(), 0o644)?;
    }
    Ok(pki)
}

/// Gives every room what it needs; nothing runs yet but the store's writer.
fn assemble(
    config: &Config,
    store: &Store,
    contents: &Contents,
    pki: &Pki,
    clock: &Arc<dyn Clock>,
    random: &Arc<dyn Random>,
) -> anyhow::Result<Inside> {
    let projection = Projection::new(contents);
    store.observe(Arc::new(projection.clone()));
    if failpoints::wanted() {
        store.observe(Arc::new(failpoints::Commits));
    }
    let access = Access::new(
        store.clone(),
        projection.clone(),
        clock.clone(),
        random.clone(),
        AccessOptions {
            tokens: config.token_rules(),
            ..AccessOptions::default()
        },
    )
    .context("cannot set up the logins")?;
    let workflows = Engine::new(
        store.clone(),
        clock.clone(),
        random.clone(),
        EngineOptions {
            hook: failpoints::wanted().then(failpoints::journal),
            ..EngineOptions::default()
        },
    );
    let known = projection.clone();
    let dial = MutualTls {
        pki: pki.clone(),
        fingerprints_of: Arc::new(move |host| {
            let snapshot = known.snapshot();
            // One that has not answered since a restore may have got a newer certificate of our CA.
            let stored = snapshot.host(host).filter(|h| h.restored.is_none());
            let shown = stored.map(|h| h.enrolment.fingerprints());
            shown
                .into_iter()
                .flatten()
                .filter_map(|f| f.parse::<Fingerprint>().ok())
                .collect()
        }),
        clock: clock.clone(),
        places: Semaphore::new(MutualTls::PLACES),
    };
    let link = HostLink::new(
        Arc::new(dial),
        clock.clone(),
        random.clone(),
        LinkOptions::default(),
    );
    let rooms = Rooms {
        store: store.clone(),
        projection,
        agents: Arc::new(link.clone()),
        clock: clock.clone(),
        random: random.clone(),
        workflows,
        settings: Arc::new(config.settings()),
    };
    operations::register_all(&rooms.workflows, &rooms);
    Ok(Inside {
        rooms,
        access,
        link,
    })
}

/// Claims the hosts, then takes up the work that the last engine left.
async fn begin(
    config: &Config,
    inside: &Inside,
    pki: &Pki,
    contents: Contents,
) -> anyhow::Result<Reconciler> {
    let minutes = |n: u64| Duration::from_secs(n.saturating_mul(60));
    let options = ReconcileOptions {
        job_keep_finished: minutes(config.job_keep_finished_minutes),
        job_keep_failed: minutes(config.job_keep_failed_minutes),
        event_keep: minutes(config.event_keep_days.saturating_mul(24 * 60)),
        ..ReconcileOptions::default()
    };
    let dialer = Arc::new(inside.link.clone());
    let reconciler = Reconciler::new(inside.rooms.clone(), dialer, options);
    inside.link.observe(reconciler.host_observer());
    reconciler.start().await.context("cannot claim the hosts")?;
    inside.rooms.workflows.recover(contents.workflows);
    reconciler.upkeep(inside.access.clone(), pki.clone());
    Ok(reconciler)
}

/// How many files this process may have open; what Linux gives where nobody says more, if it can't be read.
fn open_files() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits
        .lines()
        .find_map(|l| l.strip_prefix("Max open files"));
    line.and_then(|l| l.split_whitespace().next()?.parse().ok())
        .unwrap_or(1024)
}

/// HTTPS on every listener, and the operator's socket.
fn open_doors(
    home: &Home,
    front: Front,
    pki: &Pki,
    listeners: Vec<TcpListener>,
    clock: &Arc<dyn Clock>,
    wish: &Stop,
    failed: &mpsc::Sender<anyhow::Error>,
) -> anyhow::Result<JoinSet<()>> {
    let tls = pki.api_config().context("cannot set up TLS")?;
    let mut doors = JoinSet::new();
    let public = rest::router(front.clone());
    let limits = Limits::for_open_files(open_files());
    info!(
        "up to {} connections at once, as open files allow",
        limits.connections
    );
    for listener in listeners {
        let serve = rest::serve_https(
            listener,
            tls.clone(),
            public.clone(),
            limits.clone(),
            clock.clone(),
            wish.clone(),
        );
        let failed = failed.clone();
        doors.spawn(async move {
            if let Err(e) = serve.await {
                let _ = failed.send(e.into()).await;
            }
        });
    }
    let socket = home.operator_socket();
    let operator = rest::operator_router(front);
    let (clock, wish, failed) = (clock.clone(), wish.clone(), failed.clone());
    doors.spawn(async move {
        let serve = rest::serve_operator_socket(&socket, operator, Limits::default(), clock, wish);
        if let Err(e) = serve.await {
            let _ = failed.send(e.into()).await;
        }
    });
    Ok(doors)
}

fn product(pki: &Pki) -> Product {
    let (major, minor) = API_VERSION;
    Product {
        name: "Vireo".to_owned(),
        vendor: "Vireo".to_owned(),
        api: API_VERSION,
        full_version: format!("{major}.{minor}.0-vireo-{}", env!("CARGO_PKG_VERSION")),
        instance: instance(pki),
    }
}

/// The installation's id: as long-lived and as singular as its CA, from whose fingerprint it comes.
fn instance(pki: &Pki) -> Uuid {
    let digits = pki.ca_fingerprint().to_string();
    let number = digits
        .get(..32)
        .and_then(|d| u128::from_str_radix(d, 16).ok());
    uuid::Builder::from_random_bytes(number.unwrap_or(0).to_be_bytes()).into_uuid()
}
