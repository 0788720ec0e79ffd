//! What rights cost: a user who sees a hundred of all VMs, and many logins at once.

use crate::api::{Api, Form, Place};
use crate::figures::Samples;
use anyhow::{Context as _, ensure};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const LOGIN: &str = "bench";
const PASSWORD: &str = "only for this measurement";

/// Makes a user with `UserVmManager` on these VMs; answers the engine as that user is asked.
pub async fn user_of(place: &Place, admin: &mut Api, vms: &[String]) -> anyhow::Result<Place> {
    let user = json!({"user_name": LOGIN, "password": PASSWORD});
    let user = admin.post("users", &user).await?;
    for vm in vms {
        let permission = json!({"role": {"name": "UserVmManager"}, "user": {"id": user}});
        admin
            .post(&format!("vms/{vm}/permissions"), &permission)
            .await?;
    }
    place.session(&format!("{LOGIN}@internal"), PASSWORD).await
}

/// Lists of what the user sees.
pub async fn lists(place: &Place, times: usize, seen: usize) -> anyhow::Result<Samples> {
    let mut api = place.connect().await?;
    let mut samples = Samples::default();
    for _ in 0..times {
        let begun = Instant::now();
        let body = api.get("vms", Form::Json).await?;
        samples.add(begun.elapsed());
        let answer: Value = serde_json::from_slice(&body)?;
        let vms = answer.get("vm").and_then(Value::as_array);
        let found = vms.map_or(0, Vec::len);
        ensure!(found == seen, "{found} VMs are listed, {seen} are seen");
    }
    Ok(samples)
}

/// So many logins of that user at once; how long until the last has its token. None may be refused.
pub async fn logins(place: &Place, count: usize) -> anyhow::Result<Duration> {
    let begun = Instant::now();
    let login = format!("{LOGIN}@internal");
    let all = (0..count).map(|_| {
        let (place, login) = (place.clone(), login.clone());
        tokio::spawn(async move { place.session(&login, PASSWORD).await.map(|_| ()) })
    });
    let all: Vec<_> = all.collect();
    for one in all {
        one.await?.context("a login was refused")?;
    }
    Ok(begun.elapsed())
}
