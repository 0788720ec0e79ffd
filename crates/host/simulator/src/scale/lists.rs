//! Whole lists by one client: how long they take, how that grows, and what memory they cost.

use crate::api::{Api, Form, Place};
use crate::figures::{Samples, Table};
use crate::programs::Program;
use std::time::{Duration, Instant};

/// The list that goals are for, and the one whose time it is compared with.
const MANY: u32 = 10_000;
const FEW: u32 = 1000;
/// How much more time ten times as many may take.
const GROWTH: f64 = 12.0;
const TIMES: usize = 5;
/// What writing a list may add to the engine's memory, however long it is, MiB.
const MEMORY: u64 = 64;

/// Measures on an engine with so many VMs; a data center with fewer than the goals are for is told as it is.
pub async fn lists(
    table: &mut Table,
    engine: &Program,
    place: &Place,
    vms: u32,
) -> anyhow::Result<()> {
    let before = engine.held()?.peak_mib;
    let mut api = place.connect().await?;
    let many = MANY.min(vms);
    let few = FEW.min(vms);
    for (what, parameters, limit) in [
        ("", "", Duration::from_millis(390)),
        (
            " with NICs and disks (`follow=nics,disk_attachments.disk`)",
            "&follow=nics,disk_attachments.disk",
            Duration::from_millis(1500),
        ),
    ] {
        let (all, bytes) = taken(&mut api, many, parameters, false).await?;
        table.goal(
            &format!("list of {many} VMs{what}, XML, one client"),
            format!("{}, {} KiB", all.words(), bytes / 1024),
            &format!("p50 under {} ms", limit.as_millis()),
            all.quantile(0.5) < limit,
        );
        let (some, _) = taken(&mut api, few, parameters, false).await?;
        let growth = all.quantile(0.5).as_secs_f64() / some.quantile(0.5).as_secs_f64().max(1e-9);
        table.goal(
            &format!("the same against {few} of them"),
            format!(
                "{growth:.1} times of {:.1} ms",
                some.quantile(0.5).as_secs_f64() * 1000.0
            ),
            &format!("at most {GROWTH} times"),
            growth <= GROWTH,
        );
        let (packed, bytes) = taken(&mut api, many, parameters, true).await?;
        table.row(
            &format!("list of {many} VMs{what}, gzip"),
            format!("{}, {} KiB", packed.words(), bytes / 1024),
        );
    }
    let (all, bytes) = taken(&mut api, vms, "&follow=nics,disk_attachments.disk", false).await?;
    table.row(
        &format!("all {vms} VMs with NICs and disks, XML"),
        format!("{}, {} KiB", all.words(), bytes / 1024),
    );
    let grown = engine.held()?.peak_mib.saturating_sub(before);
    table.goal(
        "what these lists added to the engine's peak RSS",
        format!("{grown} MiB"),
        &format!("under {MEMORY} MiB"),
        grown < MEMORY,
    );
    Ok(())
}

async fn taken(
    api: &mut Api,
    vms: u32,
    parameters: &str,
    gzip: bool,
) -> anyhow::Result<(Samples, usize)> {
    let path = format!("vms?max={vms}{parameters}");
    let mut samples = Samples::default();
    let mut bytes = 0;
    for _ in 0..TIMES {
        let begun = Instant::now();
        bytes = api.drain(&path, Form::Xml, gzip).await?;
        samples.add(begun.elapsed());
    }
    Ok((samples, bytes))
}
