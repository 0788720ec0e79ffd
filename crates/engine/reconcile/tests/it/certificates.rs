//! Hosts' certificates over time.

use crate::lab::Lab;
use base::{Clock, HostId};
use domain::hosts::{Enrolment, NextCertificate, Renewal};
use pki::{HostIdentity, HostKey, LiveIdentity, Pki};
use std::sync::Arc;
use std::time::Duration;
use testkit::TestDir;

const DAY: Duration = Duration::from_secs(24 * 3600);
const HOUR: Duration = Duration::from_secs(3600);

struct World {
    lab: Lab,
    pki: Pki,
    dir: TestDir,
}

impl World {
    async fn new() -> Self {
        let (lab, dir) = (Lab::new().await, TestDir::new());
        let clock = lab.rooms.clock.clone();
        let pki = Pki::open(&dir.join("pki"), &[], clock, Arc::new(base::OsRandom)).unwrap();
        World { lab, pki, dir }
    }

    /// A host that has joined, with `next` on its way.
    async fn host(&self, number: u16, next: Option<NextCertificate>) -> (HostId, LiveIdentity) {
        let id = HostId::known(number.into());
        let clock = self.lab.rooms.clock.clone();
        let key = HostKey::make().unwrap();
        let signed = self.pki.sign_host(id, &key.request().unwrap()).unwrap();
        let (ca, now) = (self.pki.ca_fingerprint(), clock.now());
        let home = self.dir.join(format!("host{number}"));
        std::fs::create_dir(&home).unwrap();
        HostIdentity::accept(key, id, &signed.pem, &self.pki.ca_pem(), ca, now)
            .unwrap()
            .save(&home)
            .unwrap();
        let live = LiveIdentity::load(&home, clock).unwrap().unwrap();
        let far = crate::far_host::FarHost::new(id);
        *far.identity.lock().unwrap() = Some(live.clone());
        let hosts = &self.lab.far.hosts;
        hosts.lock().unwrap().insert(id, Arc::new(far));
        let mut host = self.lab.stored_host(number);
        host.enrolment = Enrolment::Done {
            fingerprint: signed.fingerprint.to_string(),
            expires: signed.expires,
            renewal: Renewal {
                next,
                ..Renewal::default()
            },
        };
        self.lab.put(host).await;
        (id, live)
    }

    async fn begin(&self) {
        let rooms = &self.lab.rooms;
        let access = access::Access::new(
            rooms.store.clone(),
            rooms.projection.clone(),
            rooms.clock.clone(),
            rooms.random.clone(),
            access::AccessOptions::default(),
        );
        self.lab.reconciler.start().await.unwrap();
        self.lab
            .reconciler
            .upkeep(access.unwrap(), self.pki.clone());
    }

    /// Lets hours go by until the host is asked for a request. What followed from the time before is
    /// done then.
    async fn next_look(&self, host: HostId) {
        let mut asked = self.lab.far_host(host).asked.subscribe();
        loop {
            self.lab.clock.advance(HOUR);
            let look = tokio::time::timeout(Duration::from_millis(50), asked.changed());
            if look.await.is_ok() {
                return;
            }
        }
    }

    fn shown(&self, host: HostId) -> Vec<String> {
        let snapshot = self.lab.snapshot();
        let host = snapshot.host(host).unwrap();
        let shown = host.enrolment.fingerprints().map(str::to_owned);
        shown.collect()
    }

    async fn told(&self, code: i32) -> usize {
        let query = store::EventQuery {
            code: Some(code),
            ..Default::default()
        };
        self.lab.rooms.store.events(query).await.unwrap().len()
    }
}

#[tokio::test]
async fn a_certificate_is_renewed_in_time_without_a_new_claim() {
    let world = World::new().await;
    let (id, live) = world.host(1, None).await;
    let first = world.shown(id);
    world.begin().await;
    assert_eq!(world.shown(id), first, "it is not due");
    world.lab.clock.advance(DAY * 20 + HOUR);
    let changed = |s: &projection::Snapshot| {
        let host = s.host(id).unwrap();
        let shown: Vec<&str> = host.enrolment.fingerprints().collect();
        shown.len() == 1 && shown[0] != first[0]
    };
    world.lab.until("the certificate is renewed", changed).await;
    let now = world.lab.clock.now();
    assert!(live.expires() > now.after(DAY * 29));
    let snapshot = world.lab.snapshot();
    let host = snapshot.host(id).unwrap();
    assert_eq!(host.enrolment.joined(), Some(first[0].as_str()));
    assert_eq!(host.fence_epoch, 1, "nobody has claimed it anew");
    world.lab.reconciler.stop().await;
}

#[tokio::test]
async fn what_broke_between_two_steps_is_found_out_from_the_host() {
    let world = World::new().await;
    // It shows what is noted as next: the last note was lost.
    let (id, live) = world.host(1, None).await;
    let shown_now = world.shown(id).remove(0);
    let mut host = (**world.lab.snapshot().host(id).unwrap()).clone();
    host.enrolment = Enrolment::Done {
        fingerprint: "aa".repeat(32),
        expires: world.lab.clock.now(),
        renewal: Renewal {
            next: Some(NextCertificate {
                fingerprint: shown_now.clone(),
                expires: live.expires(),
            }),
            ..Renewal::default()
        },
    };
    world.lab.put(host).await;
    // It never got what is noted as next.
    let lost = NextCertificate {
        fingerprint: "bb".repeat(32),
        expires: world.lab.clock.now(),
    };
    let (other, other_live) = world.host(2, Some(lost)).await;
    let before = other_live.expires();
    world.begin().await;
    let lost = "bb".repeat(32);
    let settled = |s: &projection::Snapshot| {
        let shown = |id| -> Vec<String> {
            let host = s.host(id).unwrap();
            host.enrolment.fingerprints().map(str::to_owned).collect()
        };
        // The one is taken as it is, the other has got a new one.
        let other = shown(other);
        shown(id) == [shown_now.as_str()] && other.len() == 1 && other[0] != lost
    };
    world.lab.until("both have one certificate", settled).await;
    assert_eq!(other_live.expires(), before, "a new one, as long");
    world.lab.reconciler.stop().await;
}

#[tokio::test]
async fn a_host_that_is_not_renewed_is_told_of_once_before_and_once_after_the_end() {
    let world = World::new().await;
    // A host of an old version: it does not know how.
    let (id, _) = world.host(1, None).await;
    *world.lab.far_host(id).identity.lock().unwrap() = None;
    world.begin().await;
    for (days, told) in [(21, (0, 0)), (5, (1, 0)), (5, (1, 1))] {
        world.lab.clock.advance(DAY * days);
        for _ in 0..3 {
            world.next_look(id).await;
        }
        assert_eq!((world.told(845).await, world.told(877).await), told);
    }
    world.lab.reconciler.stop().await;
}
