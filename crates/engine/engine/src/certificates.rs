//! Which names the API's certificate bears.

use crate::config::Config;
use std::collections::BTreeSet;
use std::net::SocketAddr;

/// The configured names; else everything that this machine may be called by.
pub fn names(config: &Config, listen: &[SocketAddr]) -> Vec<String> {
    if !config.names.is_empty() {
        return config.names.clone();
    }
    let mut names = BTreeSet::from(["localhost".to_owned()]);
    if let Ok(host) = nix::unistd::gethostname()
        && let Some(host) = host.to_str().filter(|h| is_name(h))
    {
        names.insert(host.to_owned());
    }
    for address in listen {
        if address.ip().is_unspecified() {
            names.extend(own_addresses());
        } else {
            names.insert(address.ip().to_string());
        }
    }
    names.into_iter().collect()
}

/// Host names that are not DNS names can't stand in a certificate.
fn is_name(host: &str) -> bool {
    !host.is_empty()
        && host.len() <= 253
        && host.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        })
}

/// Addresses of this machine's network cards, without those that mean nothing elsewhere.
fn own_addresses() -> Vec<String> {
    let Ok(cards) = nix::ifaddrs::getifaddrs() else {
        return Vec::new();
    };
    let address = |card: nix::ifaddrs::InterfaceAddress| {
        let address = card.address?;
        if let Some(v4) = address.as_sockaddr_in() {
            return Some(v4.ip().to_string());
        }
        let v6 = address.as_sockaddr_in6()?.ip();
        (!v6.is_unicast_link_local()).then(|| v6.to_string())
    };
    cards.filter_map(address).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn configured_names_are_taken_as_they_are() {
        let config = Config {
            names: vec!["engine.example.org".to_owned()],
            ..Config::default()
        };
        let listen = [SocketAddr::from(([127, 0, 0, 1], 8443))];
        assert_eq!(names(&config, &listen), ["engine.example.org"]);
    }

    #[test]
    fn without_them_the_machine_s_own_are_found() {
        let any = [SocketAddr::from(([0, 0, 0, 0], 8443))];
        let found = names(&Config::default(), &any);
        assert!(found.contains(&"localhost".to_owned()));
        assert!(found.contains(&"127.0.0.1".to_owned()), "{found:?}");
        let one = [SocketAddr::from(([192, 0, 2, 7], 8443))];
        assert!(names(&Config::default(), &one).contains(&"192.0.2.7".to_owned()));
    }

    #[test]
    fn what_is_no_dns_name_is_left_out() {
        for good in ["host", "a.b-c.d9"] {
            assert!(is_name(good), "{good}");
        }
        for bad in ["", "a..b", "-a", "a-", "ho_st", "(none)", "m\u{fc}ller"] {
            assert!(!is_name(bad), "{bad}");
        }
    }
}
