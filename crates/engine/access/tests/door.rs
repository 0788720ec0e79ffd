//! Logins, tokens and their ends, over a real store.

use access::{Access, AccessError, AccessOptions, LockoutRules, PasswordCost, TokenRules};
use base::{Actor, Generation, Origin, Timestamp, UserId};
use domain::users::User;
use projection::Projection;
use std::sync::Arc;
use std::time::Duration;
use store::{Batch, Store};
use testkit::{ManualClock, SeededRandom, TestDir};

struct World {
    access: Access,
    clock: ManualClock,
    projection: Projection,
    store: Store,
    dir: TestDir,
}

fn cheap() -> AccessOptions {
    AccessOptions {
        passwords: PasswordCost {
            memory_kib: 8,
            passes: 1,
            ..PasswordCost::default()
        },
        lockout: LockoutRules::default(),
        tokens: TokenRules::default(),
        rules: access::PasswordRules::default(),
    }
}

async fn open(dir: TestDir, clock: ManualClock) -> World {
    let (store, contents) = Store::open(&dir.join("engine.db")).await.unwrap();
    let projection = Projection::new(&contents);
    store.observe(Arc::new(projection.clone()));
    let access = Access::new(
        store.clone(),
        projection.clone(),
        Arc::new(clock.clone()),
        Arc::new(SeededRandom::new(1)),
        cheap(),
    )
    .unwrap();
    World {
        access,
        clock,
        projection,
        store,
        dir,
    }
}

/// With `admin@internal`, password `s3cret`.
async fn world() -> World {
    let world = open(TestDir::new(), ManualClock::new()).await;
    let mut batch = Batch::new();
    batch.put(User {
        id: UserId::known(1),
        generation: Generation::NEW,
        name: "admin".to_owned(),
        domain: "internal".to_owned(),
        password_hash: world.access.password_hash("s3cret").await.unwrap(),
        password_expires: None,
        first_name: String::new(),
        last_name: String::new(),
        email: String::new(),
        created: Timestamp(0),
    });
    world.store.commit(batch).await.unwrap();
    world
}

impl World {
    async fn restart(self) -> World {
        self.store.close().await;
        open(self.dir, self.clock).await
    }
    fn minutes_pass(&self, minutes: u64) {
        self.clock.advance(Duration::from_secs(60 * minutes));
    }
    async fn refused(&self, login: &str, password: &str) -> bool {
        matches!(
            self.access.verify(login, password).await,
            Err(AccessError::Refused { .. })
        )
    }
}

#[tokio::test]
async fn the_right_password_opens_and_anything_else_is_refused_alike() {
    let w = world().await;
    let who = w.access.verify("admin@internal", "s3cret").await.unwrap();
    let call = who.call(Origin::Rest, "c1".to_owned(), None);
    assert_eq!(
        call.actor,
        Actor::User {
            id: UserId::known(1),
            name: "admin@internal".to_owned()
        }
    );
    for (login, password) in [
        ("admin@internal", "S3cret"),
        ("admin@internal", ""),
        ("nobody@internal", "s3cret"),
        ("admin@elsewhere", "s3cret"),
        ("", ""),
    ] {
        assert!(w.refused(login, password).await, "{login}");
    }
    let long = "x".repeat(1_000_000);
    assert!(w.refused(&long, "s3cret").await);
    assert!(w.refused("admin@internal", &long).await);
    w.store.close().await;
}

#[tokio::test]
async fn a_token_lives_by_its_use_and_dies_with_its_owner_s_password() {
    let w = world().await;
    let login = w.access.login("admin@internal", "s3cret").await.unwrap();
    let secret = login.secret.reveal().to_owned();
    for _ in 0..5 {
        w.minutes_pass(29);
        assert!(w.access.authenticate(&secret).await.is_some());
    }
    let w = w.restart().await;
    w.minutes_pass(29);
    assert!(
        w.access.authenticate(&secret).await.is_some(),
        "after a restart"
    );
    assert!(w.access.authenticate("x").await.is_none());
    let other = w.access.login("admin@internal", "s3cret").await.unwrap();
    w.minutes_pass(31);
    assert!(
        w.access.authenticate(&secret).await.is_none(),
        "idle for too long"
    );
    assert_eq!(w.access.prune().await.unwrap(), 2);
    assert!(w.access.authenticate(other.secret.reveal()).await.is_none());

    let login = w.access.login("admin@internal", "s3cret").await.unwrap();
    w.access
        .password_set("admin@internal", "n3w")
        .await
        .unwrap();
    assert!(w.access.authenticate(login.secret.reveal()).await.is_none());
    assert!(w.refused("admin@internal", "s3cret").await);
    assert!(w.access.verify("admin@internal", "n3w").await.is_ok());
    let e = w
        .access
        .password_set("nobody@internal", "x")
        .await
        .unwrap_err();
    assert!(matches!(e, AccessError::UnknownUser { .. }), "{e}");
    assert_eq!(w.projection.snapshot().token_count(), 0);
    w.store.close().await;
}

#[tokio::test]
async fn a_logout_ends_one_token_and_twice_is_once() {
    let w = world().await;
    let one = w.access.login("admin", "s3cret").await.unwrap();
    let two = w.access.login("admin", "s3cret").await.unwrap();
    w.access.logout(one.secret.reveal()).await.unwrap();
    w.access.logout(one.secret.reveal()).await.unwrap();
    assert!(w.access.authenticate(one.secret.reveal()).await.is_none());
    assert!(w.access.authenticate(two.secret.reveal()).await.is_some());
    w.store.close().await;
}

#[tokio::test]
async fn repeated_failures_close_a_login_for_a_while_even_to_the_right_password() {
    let w = world().await;
    for _ in 0..5 {
        assert!(w.refused("admin@internal", "guess").await);
    }
    assert!(w.refused("admin@internal", "s3cret").await);
    w.minutes_pass(2);
    assert!(w.access.verify("admin@internal", "s3cret").await.is_ok());
    w.store.close().await;
}

#[tokio::test]
async fn many_requests_with_one_token_at_once_all_pass() {
    let w = world().await;
    let login = w.access.login("admin@internal", "s3cret").await.unwrap();
    w.minutes_pass(5);
    let mut tasks = Vec::new();
    for _ in 0..50 {
        let (access, secret) = (w.access.clone(), login.secret.clone());
        tasks.push(tokio::spawn(async move {
            access.authenticate(secret.reveal()).await.is_some()
        }));
    }
    for task in tasks {
        assert!(task.await.unwrap());
    }
    let token = w.projection.snapshot().tokens().next().cloned().unwrap();
    assert_eq!(token.generation, Generation(2), "one of them moved its end");
    w.store.close().await;
}
