//! A home's fixed facts: its name on this machine, its subnet, its number of hosts.

use crate::settings::Settings;
use crate::tools;
use anyhow::{Context as _, bail};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::net::Ipv4Addr;
use std::path::Path;

/// What never changes while a home lives; kept in `lab.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Six hexadecimal digits that name links and control groups.
    pub id: String,
    /// First three bytes of the hosts' subnet, a /24.
    pub subnet: [u8; 3],
    /// How many hosts.
    pub hosts: u8,
}

const FILE: &str = "lab.json";

impl Plan {
    /// Reads the home's plan, or makes one.
    ///
    /// # Errors
    /// When the home has another number of hosts, or its subnet is taken by something else.
    pub fn of(settings: &Settings) -> anyhow::Result<Self> {
        let file = settings.home.join(FILE);
        let links = tools::line("ip -4 -o address show")?;
        if let Some(plan) = Self::read(&settings.home)? {
            if plan.hosts != settings.hosts {
                bail!(
                    "{} was made with HOSTS={}, and HOSTS is {} now; say HOSTS={}, name another VIREO_HOME, \
                     or remove this lab with `make clean-lab`",
                    settings.home.display(),
                    plan.hosts,
                    settings.hosts,
                    plan.hosts
                );
            }
            let taken = in_use(&links, &routes()?);
            if taken(plan.subnet) && !links.contains(&plan.link()) {
                bail!(
                    "the subnet {} of {} is in use by something else on this machine now; free it, or remove \
                     this lab with `make clean-lab`",
                    plan.subnet_text(),
                    settings.home.display()
                );
            }
            return Ok(plan);
        }
        let name = format!("{}:{}", settings.home.display(), settings.port);
        let plan = choose(&name, settings.hosts, in_use(&links, &routes()?))?;
        std::fs::write(&file, serde_json::to_vec_pretty(&plan)?)
            .with_context(|| format!("cannot write {}", file.display()))?;
        Ok(plan)
    }

    /// The plan of a home that has one.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn read(home: &Path) -> anyhow::Result<Option<Self>> {
        let file = home.join(FILE);
        match std::fs::read_to_string(&file) {
            Ok(text) => {
                let plan: Plan = serde_json::from_str(&text)
                    .with_context(|| format!("in {}", file.display()))?;
                let sound = plan.id.len() == 6 && plan.id.bytes().all(|b| b.is_ascii_hexdigit());
                if !sound {
                    bail!(
                        "{} names the lab `{}`, which is no name of a lab",
                        file.display(),
                        plan.id
                    );
                }
                Ok(Some(plan))
            }
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(e).with_context(|| format!("cannot read {}", file.display())),
        }
    }

    /// The one link that the lab has in the machine's own network.
    #[must_use]
    pub fn link(&self) -> String {
        format!("vl{}", self.id)
    }

    /// The machine's own address on the hosts' network.
    #[must_use]
    pub fn gateway(&self) -> Ipv4Addr {
        self.address(1)
    }

    /// Address of host 1, 2, ...
    #[must_use]
    pub fn host_address(&self, number: u8) -> Ipv4Addr {
        self.address(10_u8.saturating_add(number))
    }

    fn address(&self, last: u8) -> Ipv4Addr {
        Ipv4Addr::new(self.subnet[0], self.subnet[1], self.subnet[2], last)
    }

    /// The subnet as `ip` writes it.
    #[must_use]
    pub fn subnet_text(&self) -> String {
        format!("{}/24", self.address(0))
    }
}

fn routes() -> anyhow::Result<String> {
    tools::line("ip -4 route show table all")
}

/// Whether a subnet overlaps an address or a route of this machine.
fn in_use(addresses: &str, routes: &str) -> impl Fn([u8; 3]) -> bool + use<> {
    let mut taken: Vec<(u32, u32)> = Vec::new();
    let words = addresses
        .split_whitespace()
        .chain(routes.split_whitespace());
    for word in words {
        let (address, length) = word.split_once('/').unwrap_or((word, "32"));
        if let (Ok(address), Ok(length)) = (address.parse::<Ipv4Addr>(), length.parse::<u32>())
            && (1..=32).contains(&length)
        {
            let size = 1_u64 << (32 - length);
            let first = u64::from(u32::from(address)) / size * size;
            let last = first + size - 1;
            taken.push((
                u32::try_from(first).unwrap_or(0),
                u32::try_from(last).unwrap_or(u32::MAX),
            ));
        }
    }
    move |subnet| {
        let first = u32::from(Ipv4Addr::new(subnet[0], subnet[1], subnet[2], 0));
        let last = first | 0xff;
        taken.iter().any(|(from, to)| *from <= last && first <= *to)
    }
}

fn choose(name: &str, hosts: u8, taken: impl Fn([u8; 3]) -> bool) -> anyhow::Result<Plan> {
    let hash = Sha256::digest(name);
    let id: String = hash.iter().take(3).map(|b| format!("{b:02x}")).collect();
    // 10.128.0.0 to 10.191.255.0, from a place that each home has for itself.
    for step in 0..=255_u8 {
        let subnet = [10, 128 + hash[3] % 64, hash[4].wrapping_add(step)];
        if !taken(subnet) {
            return Ok(Plan { id, subnet, hosts });
        }
    }
    bail!("no free subnet below 10.128.0.0/10 for the lab's hosts");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subnet_in_use_is_passed_over() {
        let first = choose("/a:1", 1, |_| false).unwrap();
        let route = format!("{} dev eth0 proto kernel", first.subnet_text());
        let second = choose("/a:1", 1, in_use("", &route)).unwrap();
        assert_eq!(first.id, second.id);
        assert_eq!(second.subnet[2], first.subnet[2].wrapping_add(1));
        assert!(choose("/a:1", 1, in_use("", "10.0.0.0/8 via 1.2.3.4")).is_err());
    }

    #[test]
    fn addresses_and_wider_routes_count() {
        let taken = in_use(
            "2: eth0 inet 10.130.7.9/24 brd 10.130.7.255",
            "default via 192.0.2.1\n10.140.0.0/16 dev x",
        );
        assert!(taken([10, 130, 7]));
        assert!(!taken([10, 130, 8]));
        assert!(taken([10, 140, 200]));
        assert!(!taken([10, 141, 0]));
    }

    #[test]
    fn homes_differ() {
        let one = choose("/a:1", 1, |_| false).unwrap();
        let two = choose("/b:1", 1, |_| false).unwrap();
        assert_ne!(one.id, two.id);
        assert_eq!(one.host_address(2).octets()[3], 12);
    }
}
