//! Who may hold how many connections at once.
//!
//! All places are bounded, and no neighbour may hold more than three quarters of them: whoever takes
//! all it can get leaves room for others. A neighbour is an IPv4 address or a /64 of IPv6.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// The places of one listener.
#[derive(Debug)]
pub(super) struct Places {
    most: usize,
    share: usize,
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    all: usize,
    of: HashMap<u64, usize>,
}

/// One of them; free again when it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    places: Arc<Places>,
    of: u64,
}

/// Why there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Full {
    /// All are taken.
    All(usize),
    /// The neighbour has its share.
    Share(usize),
}

impl Places {
    /// So many, at least one.
    pub(super) fn new(most: usize) -> Arc<Self> {
        let most = most.max(1);
        Arc::new(Places {
            most,
            share: (most - most / 4).max(1),
            held: Mutex::default(),
        })
    }

    /// A place for a peer.
    pub(super) fn take(self: &Arc<Self>, peer: IpAddr) -> Result<Place, Full> {
        let of = neighbour(peer);
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.all >= self.most {
            return Err(Full::All(self.most));
        }
        let count = held.of.entry(of).or_default();
        if *count >= self.share {
            return Err(Full::Share(self.share));
        }
        *count += 1;
        held.all += 1;
        Ok(Place {
            places: Arc::clone(self),
            of,
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut held = self
            .places
            .held
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        held.all -= 1;
        if let Some(count) = held.of.get_mut(&self.of) {
            *count -= 1;
            if *count == 0 {
                held.of.remove(&self.of);
            }
        }
    }
}

fn neighbour(peer: IpAddr) -> u64 {
    match peer.to_canonical() {
        IpAddr::V4(v4) => u64::from(v4.to_bits()),
        // Whoever has one address of such a network has all of them.
        IpAddr::V6(v6) => u64::try_from(v6.to_bits() >> 64).unwrap_or(u64::MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_neighbour_leaves_a_quarter_to_others() {
        let places = Places::new(8);
        let greedy: Vec<Place> = (0..6)
            .map(|_| places.take(ip("10.0.0.1")).unwrap())
            .collect();
        assert_eq!(places.take(ip("10.0.0.1")).unwrap_err(), Full::Share(6));
        // The same machine under another name.
        assert_eq!(
            places.take(ip("::ffff:10.0.0.1")).unwrap_err(),
            Full::Share(6)
        );
        let other = places.take(ip("10.0.0.2")).unwrap();
        let _third = places.take(ip("10.0.0.3")).unwrap();
        assert_eq!(places.take(ip("10.0.0.4")).unwrap_err(), Full::All(8));
        drop(other);
        places.take(ip("10.0.0.4")).unwrap();
        drop(greedy);
        assert_eq!(places.held.lock().unwrap().of.len(), 1);
        assert_eq!(places.held.lock().unwrap().all, 1);
    }

    #[test]
    fn a_network_of_ipv6_is_one_neighbour() {
        let places = Places::new(1);
        assert_eq!(
            neighbour(ip("2001:db8::1")),
            neighbour(ip("2001:db8::ffff:2"))
        );
        assert_ne!(
            neighbour(ip("2001:db8::1")),
            neighbour(ip("2001:db8:0:1::1"))
        );
        let _one = places.take(ip("::1")).unwrap();
        assert_eq!(places.take(ip("::1")).unwrap_err(), Full::All(1));
    }
}
