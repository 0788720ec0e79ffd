//! A small simulation from its seed to its second start, spoken with over the real wire.

use agent_rpc::{AgentClient, DialTo, dial};
use base::{Clock, Generation, OsRandom, TemplateId, Timestamp, VmId};
use domain::templates::{Template, TemplateStatus};
use domain::vms::{PauseReason, RunState};
use futures::StreamExt as _;
use pki::Pki;
use ports::SystemClock;
use ports::hosts::{HostEvent, VmPhase};
use std::path::Path;
use std::sync::Arc;
use store::{Batch, Store};
use testkit::TestDir;
use vireo_sim::changes::Pace;
use vireo_sim::control;
use vireo_sim::inventory::Size;
use vireo_sim::part::Part;
use vireo_sim::places::{HostPlace, PartHome};
use vireo_sim::seed::seed;

/// What an engine leaves after its first start, as far as a seed needs it.
async fn engine_home(home: &Path, clock: Arc<dyn Clock>) -> Pki {
    std::fs::create_dir_all(home).unwrap();
    let names = ["localhost".to_owned()];
    let pki = Pki::open(&home.join("pki"), &names, clock, Arc::new(OsRandom)).unwrap();
    let (store, _) = Store::open(&home.join("engine.db")).await.unwrap();
    let mut batch = Batch::new();
    batch.put(Template {
        id: TemplateId::BLANK,
        generation: Generation::NEW,
        name: "Blank".to_owned(),
        description: String::new(),
        comment: String::new(),
        cluster: None,
        data_center: None,
        version_number: 1,
        version_name: "base version".to_owned(),
        hardware: operations::vms::hardware::blank(),
        status: TemplateStatus::Ok,
        locked_by: None,
        created: Timestamp(1),
    });
    store.commit(batch).await.unwrap();
    store.close().await;
    pki
}

/// Hosts listen where nobody else does: the addresses of real simulations may be taken.
fn elsewhere(home: &PartHome) -> Vec<HostPlace> {
    let mut manifest = home.manifest_read().unwrap();
    let mut held = Vec::new();
    for host in &mut manifest.hosts {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        host.address = listener.local_addr().unwrap();
        held.push(listener);
    }
    home.manifest_write(&manifest).unwrap();
    manifest.hosts
}

async fn connected(pki: &Pki, place: &HostPlace, clock: Arc<dyn Clock>) -> AgentClient {
    dial(DialTo {
        host: place.id,
        address: place.address.ip().to_string(),
        port: place.address.port(),
        tls: pki.host_config(place.id, Vec::new()).unwrap(),
        fence_epoch: 1,
        clock,
    })
    .await
    .unwrap()
}

/// The VMs of a host's first report, each with its phase.
async fn reported(client: &AgentClient) -> Vec<(VmId, VmPhase)> {
    match client.watch().await.unwrap().next().await {
        Some(Ok(HostEvent::Report(all))) => all.into_iter().map(|r| (r.vm, r.phase)).collect(),
        other => panic!("{other:?}"),
    }
}

fn paused() -> VmPhase {
    VmPhase::Running {
        state: RunState::Paused,
        pause: Some(PauseReason::User),
    }
}

/// One command on the control socket.
async fn say(home: &PartHome, words: &str) -> String {
    use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
    let mut stream = loop {
        match tokio::net::UnixStream::connect(home.control()).await {
            Ok(stream) => break stream,
            Err(_) => tokio::task::yield_now().await,
        }
    };
    let line = format!("{words}\n");
    stream.write_all(line.as_bytes()).await.unwrap();
    let mut answer = String::new();
    let mut lines = BufReader::new(stream);
    lines.read_line(&mut answer).await.unwrap();
    answer
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hosts_speak_the_real_protocol_and_find_their_machines_again() {
    let dir = TestDir::new();
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    let (engine, sim) = (dir.join("engine"), dir.join("sim"));
    let pki = engine_home(&engine, Arc::clone(&clock)).await;
    let size = Size {
        hosts: 3,
        vms: 6,
        parts: 1,
    };
    seed(&engine, &sim, size).await.unwrap();
    let twice = seed(&engine, &sim, size).await;
    assert!(twice.unwrap_err().to_string().contains("already"));

    let home = PartHome::of(&sim, 1);
    let places = elsewhere(&home);
    let part = Arc::new(Part::start(home.clone(), None).await.unwrap());
    assert_eq!(part.count(), (3, 6));
    let door = tokio::spawn(control::serve(Arc::clone(&part), Pace::default()));
    let client = connected(&pki, &places[0], Arc::clone(&clock)).await;
    let hello = client.hello().await.unwrap();
    assert_eq!(hello.facts.bridges, ["ovirtmgmt"]);
    assert_eq!((hello.facts.cpu_sockets, hello.facts.cpu_cores), (2, 16));
    let mine = reported(&client).await;
    assert_eq!(mine.len(), 2);

    let mut events = client.watch().await.unwrap();
    events.next().await.unwrap().unwrap();
    let vm = mine[0].0;
    let answer = say(&home, &format!("pause {vm}")).await;
    assert_eq!(answer.trim(), "ok");
    loop {
        match events.next().await.unwrap().unwrap() {
            HostEvent::Vm(report) if report.vm == vm && report.phase == paused() => break,
            // Guests are heard of meanwhile.
            HostEvent::Vm(_) => {}
            HostEvent::Report(_) => panic!("nothing was missed"),
        }
    }
    let wrong = say(&home, "explode").await;
    assert!(wrong.starts_with("error expected"), "{wrong}");

    client.close();
    drop(events);
    door.abort();
    let _ = door.await;
    part.stop().await.unwrap();
    drop(part);
    let again = Part::start(home, None).await.unwrap();
    assert_eq!(again.count(), (3, 6));
    let client = connected(&pki, &places[0], clock).await;
    client.hello().await.unwrap();
    let now = reported(&client).await;
    let (_, phase) = now.iter().find(|(id, _)| *id == vm).unwrap();
    assert_eq!(*phase, paused());
    client.close();
    again.stop().await.unwrap();
}
