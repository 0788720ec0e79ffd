//! The bare commit rate: what the database does when nobody but one writer of the store is there.

use audit::AuditEvent;
use base::{Call, Generation, Timestamp, VmId};
use domain::Entity;
use domain::vms::Vm;
use std::path::Path;
use std::time::{Duration, Instant};
use store::{Batch, Store};

/// Commits for a second of `clients` that each wait for their answer: a VM and an event, as a new VM
/// of the API is.
pub async fn rate(dir: &Path, clients: u32, length: Duration, model: &Vm) -> anyhow::Result<f64> {
    let path = dir.join(format!("bare-{clients}.db"));
    let (store, _) = Store::open(&path).await?;
    let begun = Instant::now();
    let work = (0..clients).map(|client| {
        let store = store.clone();
        let model = model.clone();
        tokio::spawn(async move {
            let mut count = 0_u32;
            while begun.elapsed() < length {
                store.commit(one(&model, client, count)).await?;
                count += 1;
            }
            Ok::<u32, store::StoreError>(count)
        })
    });
    let mut all = 0;
    for done in futures::future::join_all(work).await {
        all += done??;
    }
    let rate = f64::from(all) / begun.elapsed().as_secs_f64();
    store.close().await;
    Ok(rate)
}

fn one(model: &Vm, client: u32, count: u32) -> Batch {
    let number = (u128::from(client) << 32) | u128::from(count);
    let mut vm = model.clone();
    vm.id = VmId::known(1 << 100 | number);
    vm.name = format!("bare-{client}-{count}");
    vm.generation = Generation::NEW;
    vm.hardware.nics.clear();
    vm.hardware.disks.clear();
    vm.run = None;
    let mut batch = Batch::new();
    let call = Call::internal("00000000-0000-0000-0000-000000000000".to_owned());
    let event = AuditEvent::VmAdded { vm: vm.clone() };
    batch.event(event.at(&call, Timestamp(1)));
    batch.put(Entity::from(vm));
    batch
}
