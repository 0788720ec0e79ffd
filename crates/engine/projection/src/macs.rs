//! Which MAC addresses are taken, so that a free one is found without looking at every card.

use domain::networks::MacAddress;
use domain::vms::Vm;
use imbl::OrdMap;

/// Addresses that network cards of VMs have.
#[derive(Clone, Default)]
pub(crate) struct TakenMacs {
    /// How many cards have an address.
    cards: OrdMap<u64, u32>,
    /// Runs of neighbouring addresses: first to last. No two runs touch.
    runs: OrdMap<u64, u64>,
}

impl TakenMacs {
    /// A VM's cards have changed.
    pub fn replace(&mut self, old: Option<&Vm>, new: Option<&Vm>) {
        let macs = |vm: Option<&Vm>| -> Vec<u64> {
            let nics = vm.into_iter().flat_map(|vm| &vm.hardware.nics);
            nics.map(|nic| nic.mac.number()).collect()
        };
        let (old, new) = (macs(old), macs(new));
        if old == new {
            return;
        }
        for mac in new {
            self.add(mac);
        }
        for mac in old {
            self.remove(mac);
        }
    }

    fn add(&mut self, mac: u64) {
        let cards = self.cards.entry(mac).or_insert(0);
        *cards += 1;
        if *cards > 1 {
            return;
        }
        let before = self
            .runs
            .get_prev(&mac)
            .map(|(first, last)| (*first, *last));
        let first = match before {
            Some((first, last)) if last + 1 == mac => first,
            _ => mac,
        };
        let last = self.runs.remove(&(mac + 1)).unwrap_or(mac);
        self.runs.insert(first, last);
    }

    fn remove(&mut self, mac: u64) {
        match self.cards.get_mut(&mac) {
            None => return,
            Some(cards) if *cards > 1 => {
                *cards -= 1;
                return;
            }
            Some(_) => {}
        }
        self.cards.remove(&mac);
        let Some((first, last)) = self
            .runs
            .get_prev(&mac)
            .map(|(first, last)| (*first, *last))
        else {
            return;
        };
        self.runs.remove(&first);
        if first < mac {
            self.runs.insert(first, mac - 1);
        }
        if mac < last {
            self.runs.insert(mac + 1, last);
        }
    }

    pub fn holds(&self, mac: MacAddress) -> bool {
        self.cards.contains_key(&mac.number())
    }

    pub fn free(&self, first: MacAddress, last: MacAddress) -> Option<MacAddress> {
        let mut at = first.number();
        while at <= last.number() {
            match self.runs.get_prev(&at) {
                Some((_, end)) if *end >= at => at = end + 1,
                _ => match MacAddress::from_number(at) {
                    Some(mac) => return Some(mac),
                    // The first half of each 2^41 addresses is unicast, the second is not.
                    None => at = (at | 0xff_ffff_ffff) + 1,
                },
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn mac(n: u64) -> MacAddress {
        MacAddress::from_number(0x566f_0000_0000 + n).unwrap()
    }

    #[test]
    fn runs_grow_join_and_break() {
        let mut taken = TakenMacs::default();
        let mut model: BTreeMap<u64, u32> = BTreeMap::new();
        let mut seed = 7_u64;
        for _ in 0..5000 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let n = (seed >> 33) % 40;
            let number = mac(n).number();
            if (seed >> 60).is_multiple_of(2) {
                taken.add(number);
                *model.entry(n).or_insert(0) += 1;
            } else if model.get(&n).is_some_and(|c| *c > 0) {
                taken.remove(number);
                *model.entry(n).or_insert(1) -= 1;
            }
            model.retain(|_, c| *c > 0);
            let free = (0..40).find(|n| !model.contains_key(n)).map(mac);
            assert_eq!(taken.free(mac(0), mac(39)), free);
            assert!((0..40).all(|n| taken.holds(mac(n)) == model.contains_key(&n)));
        }
    }

    #[test]
    fn a_range_over_multicast_addresses_skips_them() {
        let taken = TakenMacs::default();
        let first: MacAddress = "00:ff:ff:ff:ff:ff".parse().unwrap();
        let last: MacAddress = "02:00:00:00:00:00".parse().unwrap();
        assert_eq!(taken.free(first, last), Some(first));
        let mut taken = TakenMacs::default();
        taken.add(first.number());
        assert_eq!(taken.free(first, last), Some(last));
    }
}
