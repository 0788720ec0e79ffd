//! What is written is read again as the same.

use api_schema::fill::{Extent, fill, numbers};
use api_schema::{Format, Limits, Record, same};
use api_v4::{Action, Disk, Host, Vm};
use proptest::prelude::*;

fn round_trip(new: &dyn Fn() -> Box<dyn Record>, seed: u64) -> Result<(), TestCaseError> {
    let mut record = new();
    let extent = Extent {
        depth: 3,
        links: true,
    };
    fill(&mut *record, extent, &mut numbers(seed));
    for format in [Format::Xml, Format::Json] {
        let text = format.write(&*record);
        let mut read = new();
        format
            .read_into(text.as_bytes(), &mut *read, Limits::DEFAULT)
            .map_err(|e| TestCaseError::fail(format!("{e}\n{text}")))?;
        prop_assert!(same(&*record, &*read), "{text}");
        prop_assert_eq!(format.write(&*read), text);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn the_four_types_of_the_proof_survive(seed: u64) {
        round_trip(&|| Box::new(Vm::default()), seed)?;
        round_trip(&|| Box::new(Host::default()), seed)?;
        round_trip(&|| Box::new(Disk::default()), seed)?;
        round_trip(&|| Box::new(Action::default()), seed)?;
    }

    #[test]
    fn every_type_survives(seed: u64) {
        let new = api_v4::NEW[usize::try_from(seed % api_v4::NEW.len() as u64).unwrap()];
        round_trip(&new, seed)?;
    }
}

#[test]
fn there_are_all_types_and_each_survives_once() {
    assert_eq!(api_v4::NEW.len(), 220);
    for (seed, new) in (0..).zip(api_v4::NEW) {
        round_trip(new, seed).unwrap();
    }
}
