//! Machines on their way to another host.
//!
//! libvirt's daemons do it among themselves: the call lasts as long as the way, on a connection of
//! its own, because a daemon works on only a few calls of one connection at a time. It goes on when
//! its caller, or the whole agent, goes away.

use crate::failure::{failure, is_gone};
use crate::link::Link;
use crate::machines::{find, find_run};
use crate::shared::Shared;
use crate::sys::{
    Connection, Departure, Domain, DomainStats, Library, RawEvent, Value, VirError, code,
};
use base::VmId;
use hypervisor::xml::destination_xml;
use hypervisor::{HypervisorError, MachineState, MigrateOut, MigrationDone, MigrationProgress};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, watch};

const DOING: &str = "moving the machine to another host";

/// How long the events that follow a success may take.
const EVENTS_FOLLOW: Duration = Duration::from_secs(5);
/// A job that another adapter began, or that has not begun yet, has no event to wait for.
const LOOK_AGAIN: Duration = Duration::from_millis(200);
/// A way may take as long as it takes.
const NO_DEADLINE: Duration = Duration::MAX;

/// What a domain's job is.
pub(crate) enum JobNow {
    /// None, or another one.
    None,
    /// It comes from another host.
    In,
    /// It goes to another host.
    Out(DomainStats),
}

/// `virDomainJobOperation`.
const OPERATION_IN: u64 = 4;
const OPERATION_OUT: u64 = 5;

/// Looks at a domain's job.
pub(crate) fn job_of(domain: &Domain) -> Result<JobNow, VirError> {
    match domain.job() {
        Ok((0, _)) => Ok(JobNow::None),
        Ok((_, values)) => Ok(match number(&values, "operation") {
            OPERATION_IN => JobNow::In,
            OPERATION_OUT => JobNow::Out(values),
            _ => JobNow::None,
        }),
        // The side that receives has no figures, and says so with this number.
        Err(error) if error.code == code::OPERATION_UNSUPPORTED => Ok(JobNow::In),
        Err(error) => Err(error),
    }
}

fn number(values: &DomainStats, name: &str) -> u64 {
    match values.get(name) {
        Some(Value::Number(number)) => *number,
        _ => 0,
    }
}

fn milliseconds(values: &DomainStats, name: &str) -> Option<Duration> {
    match values.get(name) {
        Some(Value::Number(number)) => Some(Duration::from_millis(*number)),
        _ => None,
    }
}

type Outcome = Result<MigrationDone, HypervisorError>;

/// A way to another host that this adapter began.
struct Leaving {
    epoch: u64,
    outcome: watch::Receiver<Option<Outcome>>,
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    given_up: Mutex<bool>,
    /// What the job told at its end.
    told: Mutex<Option<DomainStats>>,
    heard: Notify,
}

/// The ways to other hosts that this adapter began.
#[derive(Default)]
pub(crate) struct Departures(Mutex<BTreeMap<VmId, Leaving>>);

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Departures {
    /// An event was taken in.
    pub(crate) fn heard(&self, vm: VmId, event: &RawEvent) {
        if let Some(leaving) = locked(&self.0).get(&vm) {
            if let RawEvent::JobCompleted { values } = event {
                *locked(&leaving.inner.told) = Some(values.clone());
            }
            leaving.inner.heard.notify_one();
        }
    }

    fn of(&self, vm: VmId, epoch: u64) -> Option<Arc<Inner>> {
        let all = locked(&self.0);
        let leaving = all.get(&vm).filter(|leaving| leaving.epoch == epoch)?;
        Some(leaving.inner.clone())
    }

    fn remove(&self, vm: VmId) {
        locked(&self.0).remove(&vm);
    }
}

/// Moves a run to another host, or waits for the way it is on.
pub(crate) async fn migrate(shared: &Arc<Shared>, migrate: MigrateOut) -> Outcome {
    let (vm, epoch) = (migrate.vm, migrate.epoch);
    let mut outcome = {
        let mut all = locked(&shared.departures.0);
        match all.get(&vm) {
            Some(leaving) if leaving.epoch == epoch => leaving.outcome.clone(),
            Some(leaving) => {
                return Err(HypervisorError::Busy {
                    vm,
                    message: format!("its run {} is on its way to another host", leaving.epoch),
                });
            }
            None => {
                let (sender, outcome) = watch::channel(None);
                let inner = Arc::new(Inner::default());
                let leaving = Leaving {
                    epoch,
                    outcome: outcome.clone(),
                    inner: inner.clone(),
                };
                all.insert(vm, leaving);
                let shared = shared.clone();
                tokio::spawn(async move {
                    let outcome = drive(&shared, migrate, &inner).await;
                    shared.departures.remove(vm);
                    let _ = sender.send(Some(outcome));
                });
                outcome
            }
        }
    };
    let ended = outcome.wait_for(Option::is_some).await;
    match ended.as_deref() {
        Ok(Some(outcome)) => outcome.clone(),
        _ => Err(HypervisorError::lost(
            "the way to another host is not followed any more",
        )),
    }
}

async fn drive(shared: &Arc<Shared>, migrate: MigrateOut, inner: &Arc<Inner>) -> Outcome {
    let (vm, epoch) = (migrate.vm, migrate.epoch);
    let deadline = shared.config.call_deadline;
    let look = move |_: &Shared, link: &Link| look(link, vm, epoch);
    match shared.call(deadline, look).await {
        Ok(false) => {}
        Ok(true) => return follow(shared, vm, epoch).await,
        Err(error) => return left(shared, vm, epoch).ok_or(error),
    }
    let (uri, keepalive) = (shared.config.uri.clone(), shared.config.keepalive());
    let away = inner.clone();
    let work = move || depart(&uri, keepalive, &migrate, &away);
    match shared.migration_calls.run(NO_DEADLINE, work).await {
        Ok(Ok(())) => arrived(shared, vm, epoch, inner).await,
        Ok(Err(error)) => left(shared, vm, epoch).ok_or(error),
        Err(_) => Err(HypervisorError::lost("the call to libvirt broke off")),
    }
}

/// The success of a run that was seen to leave.
fn left(shared: &Shared, vm: VmId, epoch: u64) -> Option<MigrationDone> {
    let at = shared.memory().left(vm, epoch)?;
    Some(MigrationDone {
        at,
        ..MigrationDone::default()
    })
}

/// Is the run there, and on its way already?
fn look(link: &Link, vm: VmId, epoch: u64) -> Result<bool, HypervisorError> {
    let (domain, seen) = find_run(link.control(), vm, epoch)?;
    if seen.state == MachineState::Incoming {
        let message = "it is still coming here from another host".into();
        return Err(HypervisorError::Busy { vm, message });
    }
    match job_of(&domain).map_err(|e| failure(DOING, e))? {
        JobNow::Out(_) => Ok(true),
        JobNow::In | JobNow::None => Ok(false),
    }
}

/// Waits for the end of a way that another adapter began.
async fn follow(shared: &Arc<Shared>, vm: VmId, epoch: u64) -> Outcome {
    loop {
        tokio::time::sleep(LOOK_AGAIN).await;
        let look = move |_: &Shared, link: &Link| look(link, vm, epoch);
        match shared.call(shared.config.call_deadline, look).await {
            Ok(true) => {}
            Ok(false) => {
                return Err(HypervisorError::failed(
                    DOING,
                    0,
                    "it runs on here; why is known to who began it",
                ));
            }
            Err(gone @ HypervisorError::NoMachine { .. }) => {
                // The event that says how may still be under way.
                let waited = tokio::time::timeout(EVENTS_FOLLOW, async {
                    loop {
                        if let Some(done) = left(shared, vm, epoch) {
                            return done;
                        }
                        tokio::time::sleep(LOOK_AGAIN).await;
                    }
                });
                return waited.await.map_err(|_| gone);
            }
            Err(error) => return Err(error),
        }
    }
}

/// The call itself. Blocks as long as the way lasts.
fn depart(
    uri: &str,
    keepalive: (i32, u32),
    migrate: &MigrateOut,
    inner: &Inner,
) -> Result<(), HypervisorError> {
    let vm = migrate.vm;
    let library = Library::get().map_err(|message| HypervisorError::Library { message })?;
    let connection = Connection::open(library, uri, keepalive).map_err(|e| failure(DOING, e))?;
    let (domain, _) = find_run(&connection, vm, migrate.epoch)?;
    let differs = migrate.console_listen.is_some() || migrate.serial_log.is_some();
    let xml = if differs {
        let xml = domain.xml_migratable().map_err(|e| failure(DOING, e))?;
        let (listen, log) = (
            migrate.console_listen.as_deref(),
            migrate.serial_log.as_deref(),
        );
        Some(destination_xml(&xml, listen, log)?)
    } else {
        None
    };
    let departure = Departure {
        destination: &migrate.destination,
        migrate_uri: migrate.migrate_uri.as_deref(),
        destination_xml: xml.as_deref(),
        bandwidth_mib: migrate.bandwidth.map(|b| b.div_ceil(1 << 20).max(1)),
        encrypted: migrate.encrypted,
        auto_converge: migrate.auto_converge,
    };
    let given_up = || *locked(&inner.given_up);
    let cancelled = || HypervisorError::Cancelled {
        doing: DOING.into(),
    };
    if given_up() {
        return Err(cancelled());
    }
    let Err(error) = domain.migrate(&departure) else {
        return Ok(());
    };
    if error.code == code::OPERATION_ABORTED || given_up() {
        return Err(cancelled());
    }
    // Words about the other host look like ones about ours.
    if !connection.is_alive() {
        return Err(HypervisorError::lost(error.message));
    }
    if is_gone(&error)
        && let Ok(None) = find(&connection, vm)
    {
        return Err(HypervisorError::NoMachine { vm });
    }
    Err(HypervisorError::failed(DOING, error.code, error.message))
}

/// The run is on the other host: waits for the events that say so.
async fn arrived(shared: &Arc<Shared>, vm: VmId, epoch: u64, inner: &Inner) -> Outcome {
    let told = async {
        loop {
            if shared.memory().left(vm, epoch).is_some() {
                let told = locked(&inner.told).take();
                if let Some(values) = told {
                    return values;
                }
            }
            inner.heard.notified().await;
        }
    };
    let values = tokio::time::timeout(EVENTS_FOLLOW, told).await;
    let values = values.unwrap_or_default();
    let sent = number(&values, "data_processed");
    Ok(MigrationDone {
        at: shared
            .memory()
            .left(vm, epoch)
            .unwrap_or(shared.clock.now()),
        total: milliseconds(&values, "time_elapsed"),
        downtime: milliseconds(&values, "downtime"),
        sent: (sent > 0).then_some(sent),
    })
}

/// How far a run's way is.
pub(crate) fn progress(
    link: &Link,
    vm: VmId,
    epoch: u64,
) -> Result<Option<MigrationProgress>, HypervisorError> {
    let (domain, _) = find_run(link.control(), vm, epoch)?;
    let job = match job_of(&domain) {
        Ok(job) => job,
        Err(error) if is_gone(&error) => return Err(HypervisorError::NoMachine { vm }),
        Err(error) => return Err(failure("looking at the machine's way", error)),
    };
    let JobNow::Out(values) = job else {
        return Ok(None);
    };
    let value = |name| number(&values, name);
    Ok(Some(MigrationProgress {
        elapsed: milliseconds(&values, "time_elapsed").unwrap_or_default(),
        iteration: value("memory_iteration"),
        memory_total: value("memory_total"),
        memory_sent: value("memory_processed"),
        memory_remaining: value("memory_remaining"),
        dirty_rate: value("memory_dirty_rate").saturating_mul(value("memory_page_size")),
        bandwidth: value("memory_bps"),
    }))
}

/// Gives up a run's way.
pub(crate) async fn abort(
    shared: &Arc<Shared>,
    vm: VmId,
    epoch: u64,
) -> Result<(), HypervisorError> {
    if let Some(inner) = shared.departures.of(vm, epoch) {
        *locked(&inner.given_up) = true;
    }
    loop {
        let work = move |_: &Shared, link: &Link| abort_now(link, vm, epoch);
        let asked = shared.call(shared.config.call_deadline, work).await?;
        // Between the call and its job there is nothing yet that could be given up.
        if asked || shared.departures.of(vm, epoch).is_none() {
            return Ok(());
        }
        tokio::time::sleep(LOOK_AGAIN / 4).await;
    }
}

/// Was there a job to give up?
fn abort_now(link: &Link, vm: VmId, epoch: u64) -> Result<bool, HypervisorError> {
    let (domain, _) = find_run(link.control(), vm, epoch)?;
    match job_of(&domain) {
        Ok(JobNow::Out(_)) => {}
        Ok(_) => return Ok(false),
        Err(error) => return Err(failure("giving up the machine's way", error)),
    }
    match domain.job_abort() {
        Ok(()) => Ok(true),
        // It is over, or too far to be given up; then it is over soon.
        Err(error) if is_gone(&error) => Ok(false),
        Err(error) => Err(failure("giving up the machine's way", error)),
    }
}
