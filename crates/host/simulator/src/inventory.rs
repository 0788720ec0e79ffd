//! What a simulated data center holds. Pure but for random ids: objects come out, nothing is written.

use crate::places::{HostPlace, Manifest};
use base::{
    ClusterId, DataCenterId, DiskId, Generation, HostId, MacPoolId, NetworkId, NicId, Random,
    StorageDomainId, TemplateId, Timestamp, VmId, VnicProfileId, VolumeId,
};
use domain::Entity;
use domain::clusters::Cluster;
use domain::data_centers::{CompatibilityVersion, DataCenter};
use domain::disks::{Disk, DiskFormat, DiskStatus, Volume};
use domain::hosts::{Enrolment, Host};
use domain::networks::{MacAddress, MacPool, Network, VnicProfile};
use domain::storage::{StorageBacking, StorageDomain, StorageDomainStatus};
use domain::vms::{DiskAttachment, DiskInterface, Hardware, Nic, NicInterface, Run, Vm};
use ports::hosts::{StorageDomainSpec, VolumeAddress, VolumeCreate};
use std::net::{Ipv4Addr, SocketAddr};

/// NICs and disks of each VM.
pub const NICS: usize = 2;
/// Disks of each VM.
pub const DISKS: usize = 2;
/// Storage domains of each data center.
const DOMAINS: usize = 4;
/// The management network, its bridge and its profile.
const MANAGEMENT: &str = "ovirtmgmt";
/// The agent's port; hosts differ in their addresses.
const PORT: u16 = 54321;
const GIB: u64 = 1 << 30;
/// `02:c0:00:00:00:00`, locally administered; each VM takes two addresses from here on.
const FIRST_MAC: u64 = 0x02c0_0000_0000;

/// How much is to be simulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Hosts in all.
    pub hosts: u32,
    /// VMs in all; all of them run.
    pub vms: u32,
    /// Data centers, each of one process.
    pub parts: u32,
}

impl Size {
    /// Hosts of part `number` (from 1) come in order: the numbers of its first and one behind its
    /// last host, and the same of its VMs.
    #[must_use]
    pub fn share(self, number: u32) -> (std::ops::Range<u32>, std::ops::Range<u32>) {
        let part = |all: u32| {
            let at = |n: u32| u64::from(all) * u64::from(n) / u64::from(self.parts.max(1));
            let at = |n: u32| u32::try_from(at(n)).unwrap_or(all);
            at(number.saturating_sub(1))..at(number)
        };
        (part(self.hosts), part(self.vms))
    }
}

/// Where simulated host number `n` (from 0) listens: all in 127.1.0.0/16 and what follows it.
#[must_use]
pub fn address(n: u32) -> SocketAddr {
    let [_, _, third, fourth] = (n % 250 + 1 + (n / 250) % 250 * 256).to_be_bytes();
    let second = u8::try_from(1 + n / (250 * 250)).unwrap_or(u8::MAX);
    SocketAddr::from((Ipv4Addr::new(127, second, third, fourth), PORT))
}

/// One data center and everything that VMs are made of.
pub struct Center {
    /// The frame: data center, cluster, network, profile, MAC pool, storage domains.
    pub entities: Vec<Entity>,
    /// For the process; its hosts are still missing.
    pub manifest: Manifest,
    cluster: ClusterId,
    profile: VnicProfileId,
    hardware: Hardware,
    now: Timestamp,
}

impl Center {
    /// Data center number `part` (from 1). `hardware` is what VMs begin with (Blank's).
    #[must_use]
    pub fn new(random: &dyn Random, part: u32, hardware: Hardware, now: Timestamp) -> Self {
        let name = match part {
            1 => "Simulated".to_owned(),
            part => format!("Simulated-{part}"),
        };
        let generation = Generation::NEW;
        let version = CompatibilityVersion::NEWEST;
        let text = String::new;
        let data_center = DataCenter {
            id: DataCenterId::random(random),
            generation,
            name: name.clone(),
            description: "Simulated hosts".to_owned(),
            comment: text(),
            local: false,
            version,
            created: now,
        };
        let first = FIRST_MAC + (u64::from(part) << 24);
        let range = MacAddress::from_number(first).zip(MacAddress::from_number(first + 0xff_ffff));
        let pool = MacPool {
            id: MacPoolId::random(random),
            generation,
            name: name.clone(),
            description: text(),
            default: false,
            allow_duplicates: false,
            ranges: range.into_iter().collect(),
            comment: String::new(),
        };
        let cluster = Cluster {
            id: ClusterId::random(random),
            generation,
            name: name.clone(),
            description: text(),
            comment: text(),
            data_center: data_center.id,
            version,
            cpu_type: text(),
            memory_overcommit_percent: 200,
            threads_as_cores: false,
            ballooning: true,
            ksm: true,
            mac_pool: pool.id,
            created: now,
            policies: domain::clusters::ClusterPolicies::default(),
        };
        let network = Network {
            id: NetworkId::random(random),
            generation,
            name: MANAGEMENT.to_owned(),
            description: text(),
            comment: text(),
            data_center: data_center.id,
            vlan: None,
            mtu: 0,
            vm_network: true,
            management: true,
            bridge: MANAGEMENT.to_owned(),
            clusters: None,
        };
        let profile = VnicProfile {
            id: VnicProfileId::random(random),
            generation,
            name: MANAGEMENT.to_owned(),
            description: text(),
            network: network.id,
            port_mirroring: false,
            comment: String::new(),
        };
        let domains: Vec<StorageDomain> = (0..DOMAINS)
            .map(|n| StorageDomain {
                id: StorageDomainId::random(random),
                generation,
                name: format!("{}-data{}", name.to_lowercase(), n + 1),
                description: text(),
                comment: text(),
                backing: StorageBacking::PosixFs {
                    path: format!("storage.example:/{}/data{}", name.to_lowercase(), n + 1),
                    vfs_type: "nfs".to_owned(),
                    mount_options: text(),
                },
                data_center: Some(data_center.id),
                status: StorageDomainStatus::Active,
                master: n == 0,
                warning_low_space_percent: 10,
                critical_space_gib: 5,
                created: now,
            })
            .collect();
        let spec = |d: &StorageDomain| StorageDomainSpec {
            id: d.id,
            backing: d.backing.clone(),
            data_center: d.data_center,
        };
        let manifest = Manifest {
            data_center: data_center.id,
            name,
            bridges: vec![MANAGEMENT.to_owned()],
            domains: domains.iter().map(|d| (d.name.clone(), spec(d))).collect(),
            hosts: Vec::new(),
        };
        let (cluster_id, profile_id) = (cluster.id, profile.id);
        let mut entities: Vec<Entity> = vec![
            data_center.into(),
            pool.into(),
            cluster.into(),
            network.into(),
            profile.into(),
        ];
        entities.extend(domains.into_iter().map(Entity::from));
        Center {
            entities,
            manifest,
            cluster: cluster_id,
            profile: profile_id,
            hardware,
            now,
        }
    }

    /// Simulated host number `n` (from 0) of all, as it is in the engine.
    pub fn host(&mut self, id: HostId, n: u32, enrolment: Enrolment) -> Host {
        let place = HostPlace {
            id,
            name: format!("sim-host-{:05}", n + 1),
            address: address(n),
        };
        self.manifest.hosts.push(place.clone());
        Host {
            id,
            generation: Generation::NEW,
            name: place.name,
            description: String::new(),
            comment: String::new(),
            address: place.address.ip().to_string(),
            port: place.address.port(),
            cluster: self.cluster,
            enrolment,
            maintenance: false,
            preparing: None,
            fence_epoch: 0,
            restored: None,
            facts: None,
            created: self.now,
        }
    }

    /// VM number `n` (from 0) of all, running on a host of this data center (they take turns), with
    /// its disks; `first` is the data center's first VM.
    ///
    /// # Errors
    /// When there is no host.
    pub fn vm(&self, random: &dyn Random, n: u32, first: u32) -> anyhow::Result<(Vm, Vec<Disk>)> {
        let nth = usize::try_from(n.saturating_sub(first))?;
        let count = self.manifest.hosts.len();
        let host = nth
            .checked_rem(count)
            .and_then(|at| self.manifest.hosts.get(at))
            .ok_or_else(|| anyhow::anyhow!("a data center with VMs needs a host"))?;
        let name = format!("sim-vm-{:06}", n + 1);
        let disks: Vec<Disk> = (0..DISKS)
            .map(|at| self.disk(random, &name, nth, at))
            .collect();
        let mut hardware = self.hardware.clone();
        hardware.memory_bytes = GIB;
        hardware.memory_guaranteed_bytes = GIB;
        hardware.memory_max_bytes = 4 * GIB;
        let first_mac = match self.entities.iter().find_map(pool_of) {
            Some((lowest, _)) => lowest.number() + 2 * u64::from(n.saturating_sub(first)),
            None => 0,
        };
        hardware.nics = (0..NICS)
            .filter_map(|at| {
                Some(Nic {
                    id: NicId::random(random),
                    name: format!("nic{}", at + 1),
                    mac: MacAddress::from_number(first_mac + u64::try_from(at).ok()?)?,
                    interface: NicInterface::Virtio,
                    profile: Some(self.profile),
                    plugged: true,
                    linked: true,
                    shared_mac: false,
                })
            })
            .collect();
        hardware.disks = disks
            .iter()
            .enumerate()
            .map(|(at, disk)| DiskAttachment {
                disk: disk.id,
                interface: DiskInterface::Virtio,
                bootable: at == 0,
                active: true,
                read_only: false,
                pass_discard: false,
            })
            .collect();
        let vm = Vm {
            id: VmId::random(random),
            generation: Generation::NEW,
            name,
            description: "A simulated VM".to_owned(),
            comment: String::new(),
            cluster: self.cluster,
            data_center: self.manifest.data_center,
            template: TemplateId::BLANK,
            hardware,
            delete_protected: false,
            run: Some(Run {
                epoch: 1,
                host: Some(host.id),
                requested: self.now,
                started: Some(self.now),
                up: Some(self.now),
                ending: None,
                migration: None,
                arrived: None,
            }),
            run_epoch: 1,
            last_exit: None,
            locked_by: None,
            created: self.now,
            creator: "admin@internal".to_owned(),
        };
        Ok((vm, disks))
    }

    fn disk(&self, random: &dyn Random, vm: &str, nth: usize, at: usize) -> Disk {
        let domains = &self.manifest.domains;
        let domain = domains[(nth + at) % domains.len().max(1)].1.id;
        let capacity_bytes = 10 * GIB;
        Disk {
            id: DiskId::random(random),
            generation: Generation::NEW,
            name: format!("{vm}_disk{}", at + 1),
            description: String::new(),
            storage_domain: domain,
            format: DiskFormat::Cow,
            sparse: true,
            provisioned_bytes: capacity_bytes,
            actual_bytes: GIB,
            volumes: vec![Volume {
                id: VolumeId::random(random),
                format: DiskFormat::Cow,
                sparse: true,
                capacity_bytes,
            }],
            backing: None,
            template: None,
            shareable: false,
            wipe_after_delete: false,
            propagate_errors: false,
            status: DiskStatus::Ok,
            locked_by: None,
            created: self.now,
        }
    }
}

fn pool_of(entity: &Entity) -> Option<(MacAddress, MacAddress)> {
    match entity {
        Entity::MacPool(pool) => pool.ranges.first().copied(),
        _ => None,
    }
}

/// The volume of a disk, as the fake storage is told of it.
#[must_use]
pub fn volumes_of(disk: &Disk) -> Vec<VolumeCreate> {
    let volumes = disk.volumes.iter();
    volumes
        .map(|volume| VolumeCreate {
            at: VolumeAddress {
                domain: disk.storage_domain,
                disk: disk.id,
                volume: volume.id,
            },
            format: volume.format,
            sparse: volume.sparse,
            capacity_bytes: volume.capacity_bytes,
            parent: None,
            alias: disk.name.clone(),
            description: String::new(),
            created: disk.created,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn addresses_are_single_and_on_loopback() {
        let all: BTreeSet<SocketAddr> = (0..70_000).map(address).collect();
        assert_eq!(all.len(), 70_000);
        assert!(all.iter().all(|a| a.ip().is_loopback()));
        assert_eq!(address(0).to_string(), "127.1.0.1:54321");
        assert_eq!(address(250).to_string(), "127.1.1.1:54321");
    }

    #[test]
    fn parts_share_everything_without_a_rest() {
        let size = Size {
            hosts: 10,
            vms: 101,
            parts: 3,
        };
        let shares: Vec<_> = (1..=3).map(|part| size.share(part)).collect();
        assert_eq!(shares[0].0.start, 0);
        assert_eq!(shares[2].0.end, 10);
        assert_eq!(shares[2].1.end, 101);
        assert!(shares.windows(2).all(|w| w[0].1.end == w[1].1.start));
    }
}
