//! Which places: drawn with a seed, verb by verb, none twice before all were there.

use super::verbs::Verb;
use std::collections::BTreeMap;
use std::fmt;

/// One place of one verb.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Draw {
    /// What is driven.
    pub verb: Verb,
    /// Who dies.
    pub program: &'static str,
    /// Where.
    pub name: String,
    /// At which passage.
    pub number: u64,
    /// Who dies next, and where, while the work goes on after the first death.
    pub then: Option<(&'static str, String)>,
}

impl fmt::Display for Draw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Draw {
            verb,
            program,
            name,
            number,
            then,
        } = self;
        write!(f, "{verb:?}: {program} at {name} {number}")?;
        match then {
            Some((program, name)) => write!(f, ", then {program} at {name}"),
            None => Ok(()),
        }
    }
}

/// Draws without end.
#[derive(Debug)]
pub struct Draws {
    all: Vec<Vec<Draw>>,
    left: Vec<Vec<Draw>>,
    turn: usize,
    random: u64,
}

impl Draws {
    /// From what each verb passes, and how often.
    pub fn new(seed: u64, learned: &BTreeMap<Verb, Vec<(Draw, u64)>>) -> Self {
        let all = learned
            .values()
            .map(|places| {
                let each = places.iter().flat_map(|(draw, n)| {
                    (1..=*n).map(|number| Draw {
                        number,
                        ..draw.clone()
                    })
                });
                each.collect()
            })
            .filter(|draws: &Vec<Draw>| !draws.is_empty())
            .collect();
        Draws {
            all,
            left: Vec::new(),
            turn: 0,
            random: seed,
        }
    }

    /// A number below `end` (splitmix64).
    fn below(&mut self, end: usize) -> usize {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.random;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        usize::try_from(z % (end.max(1) as u64)).unwrap_or(0)
    }
}

impl Iterator for Draws {
    type Item = Draw;

    fn next(&mut self) -> Option<Draw> {
        if self.left.is_empty() {
            self.left = self.all.clone();
        }
        if self.left.is_empty() {
            return None;
        }
        let verb = self.turn % self.left.len();
        let place = self.below(self.left[verb].len());
        let mut draw = self.left[verb].swap_remove(place);
        // One in three dies again. Among the verb's own places; not all are passed once more.
        if self.below(3) == 0 {
            let own = self.all.iter().position(|all| all[0].verb == draw.verb);
            let own = own.unwrap_or(0);
            let other = self.below(self.all[own].len());
            let other = &self.all[own][other];
            draw.then = Some((other.program, other.name.clone()));
        }
        if self.left[verb].is_empty() {
            self.left.remove(verb);
        } else {
            self.turn = verb + 1;
        }
        Some(draw)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_places_come_before_any_comes_again_and_the_seed_decides() {
        let place = |verb, name: &str| Draw {
            verb,
            program: "p",
            name: name.to_owned(),
            number: 1,
            then: None,
        };
        let learned = BTreeMap::from([
            (Verb::VmAdd, vec![(place(Verb::VmAdd, "a"), 3)]),
            (Verb::VmStop, vec![(place(Verb::VmStop, "b"), 1)]),
        ]);
        let first: Vec<Draw> = Draws::new(7, &learned).take(4).collect();
        let mut sorted = first.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!(sorted.len(), 4);
        assert_eq!(first[0].verb, Verb::VmAdd);
        assert_eq!(first[1].verb, Verb::VmStop);
        assert_eq!(first, Draws::new(7, &learned).take(4).collect::<Vec<_>>());
        assert_eq!(Draws::new(7, &learned).take(9).count(), 9);
        assert_eq!(Draws::new(7, &BTreeMap::new()).count(), 0);
    }
}
