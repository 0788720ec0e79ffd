//! A newer engine shuts an older one out.

use crate::Lab;
use base::VmId;
use futures::StreamExt;
use ports::HostSession;
use ports::hosts::{HostError, StopHow};
use std::sync::atomic::Ordering;
use std::time::Duration;

#[tokio::test]
async fn an_older_engine_is_stale_in_calls_and_in_streams() {
    let lab = Lab::new().await;
    let old = lab.client(3).await;
    old.hello().await.unwrap();
    let mut events = old.watch().await.unwrap();
    let mut frames = old.stats(Duration::from_secs(1)).await.unwrap();
    assert!(events.next().await.unwrap().is_ok());
    assert!(frames.next().await.unwrap().is_ok());

    let new = lab.client(4).await;
    new.hello().await.unwrap();
    assert_eq!(
        lab.kept.0.load(Ordering::SeqCst),
        4,
        "kept before it counts"
    );

    let stale = |e: &HostError| matches!(e, HostError::Stale { .. });
    assert!(stale(&events.next().await.unwrap().unwrap_err()));
    assert!(stale(&frames.next().await.unwrap().unwrap_err()));
    let vm = VmId::known(1);
    let refused = old.vm_stop(vm, 1, StopHow::Destroy).await.unwrap_err();
    assert!(stale(&refused), "{refused}");
    assert!(stale(&old.hello().await.unwrap_err()));
    assert!(old.watch().await.is_err());
    assert!(lab.host.told.lock().unwrap().is_empty(), "nothing was done");
    new.vm_stop(vm, 1, StopHow::Destroy).await.unwrap();
}
