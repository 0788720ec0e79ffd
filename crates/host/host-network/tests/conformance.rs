//! What the real kernel and its model do alike. The real one is asked in a network namespace that a
//! thread of the test makes for itself and that goes with it.

use host_network::fake::FakeKernel;
use host_network::{
    BridgeWanted, Desired, LinkKind, NetworkControl, NetworkError, Observed, Rtnetlink, Step,
    bridge_names, ensure, nic_counters, nic_facts, plan,
};
use proptest::prelude::*;
use std::future::Future;
use std::process::Command;
use std::sync::Arc;

/// Runs the work with the model.
fn with_model<F: Future<Output = ()>>(work: impl FnOnce(FakeKernel) -> F) {
    run(work(FakeKernel::with_cards(&["eth0", "eth1"])));
}

/// Runs the work with the kernel, in a new namespace with the same cards.
fn with_kernel<F: Future<Output = ()>>(
    test: &str,
    work: impl FnOnce(Rtnetlink) -> F + Send + 'static,
) {
    if !nix::unistd::geteuid().is_root() {
        return testkit::skip(test, "a network namespace needs root");
    }
    let thread = std::thread::spawn(move || {
        nix::sched::unshare(nix::sched::CloneFlags::CLONE_NEWNET).unwrap();
        // Every kernel with bridges has veth pairs; the far ends stay down.
        for (card, far) in [("eth0", "far0"), ("eth1", "far1")] {
            ip(&["link", "add", card, "type", "veth", "peer", "name", far]);
        }
        run(work(Rtnetlink));
    });
    if let Err(panic) = thread.join() {
        std::panic::resume_unwind(panic);
    }
}

/// Everything stays in the thread that is in the namespace.
fn run(work: impl Future<Output = ()>) {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().unwrap().block_on(work);
}

fn ip(args: &[&str]) {
    let done = Command::new("ip").args(args).output().unwrap();
    assert!(
        done.status.success(),
        "ip {args:?}: {}",
        String::from_utf8_lossy(&done.stderr)
    );
}

macro_rules! suite {
    ($($test:ident)*) => {
        mod model {
            use std::sync::Arc;
            $(#[test] fn $test() { super::with_model(|control| async move { super::$test(&(Arc::new(control) as _)).await }) })*
        }
        mod kernel {
            use std::sync::Arc;
            $(#[test] fn $test() {
                super::with_kernel(stringify!($test), |control| async move { super::$test(&(Arc::new(control) as _)).await })
            })*
        }
    };
}

suite! {
    bridges_are_made_once_and_are_up
    a_card_joins_its_bridge_with_its_mtu
    every_step_can_be_taken_back
    a_step_that_cannot_be_done_says_why
    what_fails_in_the_middle_is_taken_back
}

fn wanted(name: &str, mtu: u32, uplink: Option<&str>) -> BridgeWanted {
    BridgeWanted {
        name: name.into(),
        mtu,
        uplink: uplink.map(Into::into),
    }
}

async fn bridges_are_made_once_and_are_up(control: &Arc<dyn NetworkControl>) {
    let desired = Desired {
        bridges: vec![
            wanted("ovirtmgmt", 0, None),
            BridgeWanted::internal("guests"),
        ],
    };
    for _ in 0..2 {
        let observed = ensure(&**control, &desired).await.unwrap();
        assert_eq!(bridge_names(&observed), ["guests", "ovirtmgmt"]);
        let bridge = observed.link("guests").unwrap();
        assert!(bridge.up && bridge.kind == LinkKind::Bridge);
        assert_eq!(bridge.mac.len(), 17, "{}", bridge.mac);
        assert_eq!(plan(&observed, &desired).unwrap(), []);
    }
}

async fn a_card_joins_its_bridge_with_its_mtu(control: &Arc<dyn NetworkControl>) {
    let desired = Desired {
        bridges: vec![wanted("br", 1400, Some("eth0"))],
    };
    let observed = ensure(&**control, &desired).await.unwrap();
    let (card, bridge) = (observed.link("eth0").unwrap(), observed.link("br").unwrap());
    assert_eq!((card.mtu, bridge.mtu), (1400, 1400));
    assert_eq!(card.master.as_deref(), Some("br"));
    assert!(card.up && bridge.up);
    let facts = nic_facts(&observed);
    let card = facts.iter().find(|nic| nic.name == "eth0").unwrap();
    assert_eq!(
        (card.bridge.as_deref(), card.is_bridge),
        (Some("br"), false)
    );
    let other = Desired {
        bridges: vec![wanted("br2", 0, Some("eth0"))],
    };
    let error = ensure(&**control, &other).await.unwrap_err();
    assert!(matches!(error, NetworkError::Plan(_)), "{error:?}");
}

async fn every_step_can_be_taken_back(control: &Arc<dyn NetworkControl>) {
    let before = shape(control).await;
    let desired = Desired {
        bridges: vec![wanted("br", 1300, Some("eth1"))],
    };
    let steps = plan(&control.observe().await.unwrap(), &desired).unwrap();
    for step in &steps {
        // Twice is once.
        control.perform(step).await.unwrap();
        control.perform(step).await.unwrap();
    }
    for step in steps.iter().rev() {
        control.perform(&step.undo()).await.unwrap();
    }
    assert_eq!(shape(control).await, before);
}

async fn a_step_that_cannot_be_done_says_why(control: &Arc<dyn NetworkControl>) {
    let step = Step::Up {
        link: "nowhere".into(),
    };
    let error = control.perform(&step).await.unwrap_err().to_string();
    assert!(
        error.contains("switch `nowhere` on") && error.contains("No such device"),
        "{error}"
    );
    let step = Step::PortAdd {
        port: "eth0".into(),
        bridge: "nowhere".into(),
    };
    let error = control.perform(&step).await.unwrap_err();
    assert!(matches!(error, NetworkError::Step { .. }), "{error:?}");
    let step = Step::BridgeRemove {
        bridge: "nowhere".into(),
    };
    control.perform(&step).await.unwrap();
}

/// A kernel that does everything but switch one link on.
struct Refuses(Arc<dyn NetworkControl>, &'static str);

#[async_trait::async_trait]
impl NetworkControl for Refuses {
    async fn observe(&self) -> Result<Observed, NetworkError> {
        self.0.observe().await
    }
    async fn perform(&self, step: &Step) -> Result<(), NetworkError> {
        match step {
            Step::Up { link } if link == self.1 => Err(NetworkError::step(step, "refused")),
            step => self.0.perform(step).await,
        }
    }
}

async fn what_fails_in_the_middle_is_taken_back(control: &Arc<dyn NetworkControl>) {
    let before = shape(control).await;
    let desired = Desired {
        bridges: vec![
            wanted("br", 1400, Some("eth0")),
            wanted("br2", 0, Some("eth1")),
        ],
    };
    let half = Refuses(Arc::clone(control), "br2");
    let error = ensure(&half, &desired).await.unwrap_err().to_string();
    assert_eq!(error, "cannot switch `br2` on: refused");
    assert_eq!(shape(control).await, before);
}

/// What steps change of the links.
async fn shape(control: &Arc<dyn NetworkControl>) -> Vec<(String, u32, bool, Option<String>)> {
    let observed = control.observe().await.unwrap();
    let links = observed.links.into_iter();
    links.map(|l| (l.name, l.mtu, l.up, l.master)).collect()
}

#[test]
fn a_link_that_lies_is_found_out_and_everything_is_taken_back() {
    run(async {
        let kernel = FakeKernel::with_cards(&["eth0"]);
        kernel.keep_down("br");
        let before = kernel.observe().await.unwrap();
        let desired = Desired {
            bridges: vec![wanted("br", 0, Some("eth0"))],
        };
        let error = ensure(&kernel, &desired).await.unwrap_err().to_string();
        assert!(error.contains("switch `br` on is left to do"), "{error}");
        assert_eq!(kernel.observe().await.unwrap(), before);
    });
}

#[test]
fn what_cannot_be_taken_back_is_told_beside_the_cause() {
    /// Refuses everything after the bridge was made.
    struct Stuck(FakeKernel);
    #[async_trait::async_trait]
    impl NetworkControl for Stuck {
        async fn observe(&self) -> Result<Observed, NetworkError> {
            self.0.observe().await
        }
        async fn perform(&self, step: &Step) -> Result<(), NetworkError> {
            match step {
                Step::BridgeAdd { .. } => self.0.perform(step).await,
                step => Err(NetworkError::step(step, "busy")),
            }
        }
    }
    run(async {
        let desired = Desired {
            bridges: vec![BridgeWanted::internal("br")],
        };
        let error = ensure(&Stuck(FakeKernel::default()), &desired)
            .await
            .unwrap_err();
        let NetworkError::Rollback { failed, cause } = error else {
            panic!("expected a failed rollback, got {error:?}");
        };
        assert_eq!(failed, "cannot remove the bridge `br`: busy");
        assert_eq!(cause.to_string(), "cannot switch `br` on: busy");
    });
}

#[test]
fn addresses_and_traffic_of_real_links_are_told() {
    with_kernel(
        "addresses_and_traffic_of_real_links_are_told",
        |control| async move {
            ip(&["link", "add", "br0", "type", "bridge"]);
            ip(&["address", "add", "10.9.0.1/24", "dev", "br0"]);
            ip(&["link", "set", "br0", "up"]);
            ip(&["link", "set", "eth0", "master", "br0", "up"]);
            ip(&["tuntap", "add", "vnet0", "mode", "tap"]);
            ip(&["link", "set", "lo", "up"]);
            let observed = control.observe().await.unwrap();
            let kind = |name: &str| observed.link(name).unwrap().kind;
            assert_eq!(kind("lo"), LinkKind::Loopback);
            assert_eq!(kind("vnet0"), LinkKind::Tap);
            assert_eq!(kind("eth0"), LinkKind::Card);
            let facts = nic_facts(&observed);
            let names: Vec<_> = facts.iter().map(|nic| nic.name.as_str()).collect();
            assert_eq!(names, ["br0", "eth0", "eth1", "far0", "far1"]);
            assert!(
                facts[1].addresses.contains(&"10.9.0.1/24".into()),
                "{facts:?}"
            );
            assert_eq!(facts[1].bridge.as_deref(), Some("br0"));
            assert_eq!(nic_counters(&observed).len(), 5);
        },
    );
}

proptest! {
    /// Whatever is wanted: it is refused, or done to the end and then nothing is left to do.
    #[test]
    fn a_plan_ends(
        wants in proptest::collection::vec(("br[0-3]|eth0", 0u32..3000, proptest::option::of("eth[0-2]")), 0..4)
    ) {
        let bridges = wants.into_iter().map(|(name, mtu, uplink)| BridgeWanted { name, mtu, uplink });
        let desired = Desired { bridges: bridges.collect() };
        run(async {
            let kernel = FakeKernel::with_cards(&["eth0", "eth1"]);
            let before = kernel.observe().await.unwrap();
            match ensure(&kernel, &desired).await {
                Ok(observed) => assert_eq!(plan(&observed, &desired).unwrap(), []),
                Err(_) => assert_eq!(kernel.observe().await.unwrap(), before),
            }
        });
    }
}
