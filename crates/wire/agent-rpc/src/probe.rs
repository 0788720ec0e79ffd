//! Bytes as messages of the protocol, one by one: for those who try the readers with bytes of any kind.

use crate::convert::{Numbered, Wire};
use domain::hosts::HostFacts;
use ports::hosts::{
    DiskMerge, DiskMirror, DiskProgress, DiskSnapshot, HostHello, ImageProbe, MachineSpec,
    MigrationEndpoint, MigrationPrepare, MigrationSend, MigrationState, StatsFrame,
    StorageDomainSpec, StorageDomainUsage, VmLaunch, VmReport, VolumeCopy, VolumeCreate,
    VolumeInfo,
};
use prost::Message;
use std::fmt::Debug;

type Reader = fn(&[u8]) -> bool;

const READERS: &[Reader] = &[
    read::<Numbered>,
    read::<HostHello>,
    read::<HostFacts>,
    read::<StatsFrame>,
    read::<VmReport>,
    read::<VmLaunch>,
    read::<MachineSpec>,
    read::<StorageDomainSpec>,
    read::<StorageDomainUsage>,
    read::<VolumeCreate>,
    read::<VolumeCopy>,
    read::<VolumeInfo>,
    read::<ImageProbe>,
    read::<MigrationPrepare>,
    read::<MigrationEndpoint>,
    read::<MigrationSend>,
    read::<MigrationState>,
    read::<DiskSnapshot>,
    read::<DiskMirror>,
    read::<DiskMerge>,
    read::<DiskProgress>,
];

/// Reads `bytes` as a message of the kind `kind` (of any number: kinds repeat); answers whether they
/// are one.
///
/// # Panics
/// When what was read is another value after it was written and read again.
#[must_use]
pub fn message_read(kind: usize, bytes: &[u8]) -> bool {
    READERS[kind % READERS.len()](bytes)
}

fn read<T>(bytes: &[u8]) -> bool
where
    T: Wire + Clone + PartialEq + Debug,
    T::Message: Message + Default,
{
    let Some(first) = value::<T>(bytes) else {
        return false;
    };
    let again = value::<T>(&first.clone().into_wire().encode_to_vec());
    assert_eq!(again.as_ref(), Some(&first), "it changes on the wire");
    true
}

fn value<T>(bytes: &[u8]) -> Option<T>
where
    T: Wire,
    T::Message: Message + Default,
{
    T::from_wire(T::Message::decode(bytes).ok()?).ok()
}
