//! What a guest tells about itself through its agent. Guests are hostile: every answer is cut and
//! cleaned before it goes on.

use base::VmId;
use domain::vms::{GuestDevice, GuestInfo};
use hypervisor::Hypervisor;
use serde_json::Value;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

/// An agent that does not answer a ping within this is not there.
const PING_LIMIT: Duration = Duration::from_secs(3);
/// Questions that need some work in the guest.
const QUESTION_LIMIT: Duration = Duration::from_secs(10);
/// Characters of a text.
const TEXT_LIMIT: usize = 255;
/// Devices, and addresses of each.
const COUNT_LIMIT: usize = 64;

/// Asks everything; `None` when the agent does not answer. Questions that an older agent does not
/// know stay unanswered.
pub(super) async fn ask(hypervisor: &Arc<dyn Hypervisor>, vm: VmId) -> Option<GuestInfo> {
    hypervisor
        .guest_agent(vm, r#"{"execute":"guest-ping"}"#, PING_LIMIT)
        .await
        .ok()?;
    let question = |command: &'static str| async move {
        let command = format!(r#"{{"execute":"{command}"}}"#);
        let answer = hypervisor.guest_agent(vm, &command, QUESTION_LIMIT).await;
        let answer: Value = serde_json::from_str(&answer.ok()?).ok()?;
        Some(answer.get("return")?.clone())
    };
    let os = question("guest-get-osinfo").await.unwrap_or_default();
    let host = question("guest-get-host-name").await.unwrap_or_default();
    let zone = question("guest-get-timezone").await.unwrap_or_default();
    let interfaces = question("guest-network-get-interfaces")
        .await
        .unwrap_or_default();
    Some(GuestInfo {
        agent: true,
        hostname: text(&host["host-name"]),
        os: text(&os["pretty-name"]).or_else(|| text(&os["name"])),
        kernel: text(&os["kernel-release"]),
        timezone: time_zone(&zone),
        devices: devices(&interfaces),
    })
}

/// A short text of printable characters; nothing when none is left.
fn text(value: &Value) -> Option<String> {
    let clean: String = value
        .as_str()?
        .chars()
        .filter(|c| !c.is_control())
        .take(TEXT_LIMIT)
        .collect();
    let clean = clean.trim();
    (!clean.is_empty()).then(|| clean.to_owned())
}

/// Name and offset in seconds; offsets beyond a day are none.
fn time_zone(value: &Value) -> Option<(String, i32)> {
    let offset = i32::try_from(value["offset"].as_i64()?).ok()?;
    let name = text(&value["zone"]).unwrap_or_else(|| "UTC".into());
    (-86_400..=86_400)
        .contains(&offset)
        .then_some((name, offset))
}

/// Network devices but the loopback.
fn devices(value: &Value) -> Vec<GuestDevice> {
    let all = value.as_array().map(Vec::as_slice).unwrap_or_default();
    let told = all.iter().filter_map(|device| {
        let name = text(&device["name"])?;
        let addresses = device["ip-addresses"].as_array();
        let addresses: Vec<IpAddr> = addresses
            .map(Vec::as_slice)
            .unwrap_or_default()
            .iter()
            .filter_map(|a| a["ip-address"].as_str()?.parse().ok())
            .take(COUNT_LIMIT)
            .collect();
        let loopback = !addresses.is_empty() && addresses.iter().all(IpAddr::is_loopback);
        let mac = text(&device["hardware-address"]).map(|mac| mac.to_lowercase());
        (!loopback && name != "lo").then_some(GuestDevice {
            name,
            mac: mac.filter(|mac| is_mac(mac)),
            addresses,
        })
    });
    told.take(COUNT_LIMIT).collect()
}

fn is_mac(text: &str) -> bool {
    text.len() == 17
        && text
            .split(':')
            .all(|part| part.len() == 2 && part.bytes().all(|b| b.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn devices_are_told_without_the_loopback_and_without_nonsense() {
        let told = json!([
            {"name": "lo", "ip-addresses": [{"ip-address": "127.0.0.1"}]},
            {"name": "eth0", "hardware-address": "56:6F:1A:00:00:01", "ip-addresses": [
                {"ip-address": "10.1.0.7", "prefix": 24},
                {"ip-address": "fe80::1%eth0"},
                {"ip-address": 7},
            ]},
            {"name": "e\u{1b}[31mvil", "hardware-address": "nonsense"},
            {"no": "name"},
            5,
        ]);
        let expected = [
            GuestDevice {
                name: "eth0".into(),
                mac: Some("56:6f:1a:00:00:01".into()),
                addresses: vec!["10.1.0.7".parse().unwrap()],
            },
            GuestDevice {
                name: "e[31mvil".into(),
                ..GuestDevice::default()
            },
        ];
        assert_eq!(devices(&told), expected);
        assert_eq!(devices(&json!({"a": 1})), []);
    }

    #[test]
    fn texts_and_offsets_are_bounded() {
        assert_eq!(text(&json!("x".repeat(9000))).unwrap().len(), TEXT_LIMIT);
        assert_eq!(text(&json!("\n \u{7}")), None);
        assert_eq!(text(&json!(5)), None);
        let zone = |offset: i64| time_zone(&json!({"zone": "CET", "offset": offset}));
        assert_eq!(zone(3600), Some(("CET".into(), 3600)));
        assert_eq!(zone(i64::MAX), None);
        assert_eq!(zone(90_000), None);
    }
}
