//! `vireo-lab up`: everything is started, filled, watched, and ended in order.

use crate::contents::Contents;
use crate::engine::Engine;
use crate::plan::Plan;
use crate::ready::{Ready, storage_domains};
use crate::settings::Settings;
use crate::simulated::{self, Simulated};
use crate::spaces::host::{Frame, Host};
use crate::spaces::switch::Switch;
use crate::{guest, home};
use anyhow::{Context as _, bail, ensure};
use nix::sys::signal::Signal;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::time::{Duration, Instant};
use tokio::signal::unix::{Signal as Signals, SignalKind, signal};

/// How often a killed engine is started before the lab gives up.
const RESTARTS: u32 = 3;

/// Runs a lab until it is told to end.
///
/// # Errors
/// When it can't be started, a part of it ends by itself, or something of it stays.
pub async fn up(settings: &Settings) -> anyhow::Result<()> {
    ensure!(
        nix::unistd::geteuid().is_root(),
        "a lab makes namespaces, so it needs root's rights; try sudo"
    );
    let begun = Instant::now();
    let mut stop = Stop::listen()?;
    let held = home::take(settings)?;
    let plan = Plan::of(settings)?;
    home::mend(&plan)?;
    Ready::remove(settings)?;
    let mut lab = Lab {
        settings,
        plan: plan.clone(),
        switch: None,
        hosts: Vec::new(),
        engine: None,
        simulated: Simulated::default(),
    };
    let outcome = tokio::select! {
        started = lab.start(begun) => started,
        () = stop.come() => Ok(false),
    };
    let outcome = match outcome {
        Ok(true) => lab.watch(&mut stop).await,
        Ok(false) => Ok(()),
        Err(e) => Err(e),
    };
    println!("ending");
    Ready::remove(settings)?;
    let ended = lab.end().await.and(home::mend(&plan));
    drop(held);
    outcome.and(ended)
}

/// Ctrl-C, and whoever says the same by a signal.
struct Stop {
    interrupt: Signals,
    terminate: Signals,
    hangup: Signals,
}

impl Stop {
    fn listen() -> anyhow::Result<Self> {
        Ok(Stop {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }

    async fn come(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
            _ = self.hangup.recv() => {}
        }
    }
}

struct Lab<'a> {
    settings: &'a Settings,
    plan: Plan,
    switch: Option<Switch>,
    hosts: Vec<Host>,
    engine: Option<Engine>,
    simulated: Simulated,
}

impl Lab<'_> {
    async fn start(&mut self, begun: Instant) -> anyhow::Result<bool> {
        let settings = self.settings;
        let image = guest::disk(&settings.cache)?;
        step("switch and hosts in namespaces");
        let switch = self
            .switch
            .insert(Switch::start(&self.plan, &settings.home.join("switch"))?);
        let agent = settings.programs.join("vireo-agent");
        ensure!(
            agent.exists(),
            "there is no {}; build it first",
            agent.display()
        );
        let frame = Frame {
            plan: &self.plan,
            home: &settings.home,
            agent: &agent,
            accel: &settings.accel,
        };
        for number in 1..=settings.hosts {
            let host = Host::boot(&frame, number)?;
            switch.plug(host.space(), number)?;
            host.bridges()?;
            self.hosts.push(host);
        }
        if settings.sim_hosts > 0 {
            self.simulate().await?;
        }
        step("engine");
        let engine = self
            .engine
            .insert(Engine::start(settings, &self.plan).await?);
        let contents = Contents {
            operator: &engine.operator,
        };
        contents.data_center(settings.hosts).await?;
        step("libvirt and agents");
        for host in &mut self.hosts {
            host.libvirt()?;
            contents.host(host, &engine.url_for_hosts).await?;
        }
        let names: Vec<String> = self.hosts.iter().map(|h| h.name.clone()).collect();
        let accel = contents.hosts_up(&names).await?;
        step("storage");
        contents
            .storage(settings.hosts, &settings.home.join("storage"))
            .await?;
        step("template and demo VM");
        let storage = storage_domains(settings.hosts)[0];
        contents.template(storage, &image).await?;
        contents.demo_vm().await?;
        let ready = Ready::of(settings);
        ready.write(settings)?;
        println!("{}", greeting(settings, &ready, &accel, begun.elapsed()));
        Ok(true)
    }

    /// Simulated hosts, in the database at the first time.
    async fn simulate(&mut self) -> anyhow::Result<()> {
        if simulated::is_to_be_seeded(self.settings) {
            step("simulated hosts, for the first time");
            let engine = Engine::start(self.settings, &self.plan).await?;
            engine.end().await?;
            simulated::seed(self.settings)?;
        }
        step("simulated hosts");
        self.simulated = Simulated::start(self.settings).await?;
        Ok(())
    }

    /// Waits for the end, asked for or not.
    async fn watch(&mut self, stop: &mut Stop) -> anyhow::Result<()> {
        let mut look = tokio::time::interval(Duration::from_secs(1));
        loop {
            tokio::select! {
                () = stop.come() => return Ok(()),
                _ = look.tick() => self.check().await?,
            }
        }
    }

    async fn check(&mut self) -> anyhow::Result<()> {
        if let Some(engine) = &mut self.engine
            && let Some(status) = engine.ended()?
        {
            if status.signal() != Some(Signal::SIGKILL as i32) {
                bail!(
                    "the engine ended with {status}; see {}",
                    engine.log().display()
                );
            }
            // As the units would; the agents are started again by their hosts.
            step("engine, again after kill -9");
            self.engine = None;
            // It may be killed again before it is ready.
            for left in (0..RESTARTS).rev() {
                match Engine::start(self.settings, &self.plan).await {
                    Ok(engine) => {
                        self.engine = Some(engine);
                        break;
                    }
                    Err(e) if left == 0 => return Err(e),
                    Err(e) => println!("{e:#}"),
                }
            }
        }
        self.simulated.check()?;
        for host in &mut self.hosts {
            if host.ended()? {
                bail!(
                    "{} ended; see {}",
                    host.name,
                    host.dir.join("host.log").display()
                );
            }
        }
        if let Some(switch) = &mut self.switch
            && switch.ended()?
        {
            bail!(
                "the switch ended; see {}",
                self.settings.home.join("switch/switch.log").display()
            );
        }
        Ok(())
    }

    /// Ends everything that was started, whatever else fails; answers the first failure.
    async fn end(self) -> anyhow::Result<()> {
        let mut outcome = Ok(());
        if let Some(engine) = self.engine {
            outcome = outcome.and(engine.end().await);
        }
        outcome = outcome.and(self.simulated.end().await);
        for host in self.hosts {
            let name = host.name.clone();
            outcome = outcome.and(host.end().with_context(|| format!("cannot end {name}")));
        }
        if let Some(switch) = self.switch {
            outcome = outcome.and(switch.end(&self.plan));
        }
        outcome
    }
}

fn step(what: &str) {
    println!("- {what}");
}

/// What a new user sees when everything runs.
fn greeting(settings: &Settings, ready: &Ready, accel: &str, took: Duration) -> String {
    let api = format!("{}/ovirt-engine/api", ready.url);
    let ca = shown(&ready.ca_file);
    let password = shown(&ready.password_file);
    let ctl = shown(&settings.programs.join("vireoctl"));
    let home = shown(&settings.home);
    let next = Path::new("examples/curl/first-vm.sh");
    let third = if next.exists() {
        format!(
            "{} {}",
            next.display(),
            shown(&settings.home.join("ready.json"))
        )
    } else {
        format!("{ctl} --home {home} doctor")
    };
    format!(
        "Vireo is ready after {:.1} s.\n\
         \n  portal    {}/ovirt-engine/\n  API       {api}\n  user      {}\n  password  in {password}\n  \
         CA        {ca}\n  machines  {accel}\n\
         \nTry:\n  curl --cacert {ca} --user \"{}:$(cat {password})\" {api}/vms\n  \
         {ctl} --home {home} serial demo\n  {third}\n\
         \nCtrl-C ends it; the next start finds everything as it was.",
        took.as_secs_f64(),
        ready.url,
        ready.user,
        ready.user
    )
}

/// A path as a shell reads it.
fn shown(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = text
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"/._-+".contains(&b));
    if plain {
        text
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_can_be_pasted_into_a_shell() {
        assert_eq!(shown(Path::new("/a/b-c.d")), "/a/b-c.d");
        assert_eq!(shown(Path::new("/a b/it's")), "'/a b/it'\\''s'");
    }
}
