//! What the fields of searches hold, object by object. Fields that oVirt has and this version has no
//! objects for (pools, quotas, providers) hold nothing.

use super::item::Item;
use super::world::Inventory;
use crate::{convert, words};
use domain::clusters::Cluster;
use domain::data_centers::{CompatibilityVersion, DataCenter};
use domain::disks::{Disk, DiskStatus};
use domain::hosts::Host;
use domain::instance_types::InstanceType;
use domain::jobs::{WorkflowRow, WorkflowState};
use domain::networks::{Network, VnicProfile};
use domain::storage::StorageDomain;
use domain::templates::{Template, TemplateStatus};
use domain::users::User;
use domain::vms::{BiosType, Vm, VmKind};
use projection::Snapshot;
use search::{Datum, Field};

const MIB: f64 = 1_048_576.0;
const GIB: f64 = 1_073_741_824.0;

/// What a field holds; the first thing of several.
pub fn value<'s>(world: &'s Inventory<'_>, item: Item<'s>, field: Field) -> Datum<'s> {
    let s = world.snapshot;
    match item {
        Item::Vm(it) => vm(world, it, field),
        Item::Host(it) => host(s, it, field),
        Item::Template(it) => template(s, it, field),
        Item::Cluster(it) => cluster(s, it, field),
        Item::DataCenter(it) => data_center(s, it, field),
        Item::Storage(it) => storage(s, it, field),
        Item::Disk(it) => disk(s, it, field),
        Item::Network(it) => network(s, it, field),
        Item::VnicProfile(it) => profile(s, it, field),
        Item::User(it) => user(it, field),
        Item::InstanceType(it) => instance_type(it, field),
        Item::Job(it) => job(it, field),
        Item::Vnic(nic) => match field {
            Field::Name => (&*nic.name).into(),
            Field::Mac => nic.mac.to_string().into(),
            Field::NetworkName => nic
                .profile
                .and_then(|id| s.network(s.vnic_profile(id)?.network))
                .map_or(Datum::Nothing, |n| (&*n.name).into()),
            _ => Datum::Nothing,
        },
        Item::Nic(host, nic) => match field {
            Field::Name => (&*nic.name).into(),
            Field::Mac => (&*nic.mac).into(),
            Field::NetworkName => {
                let bridge = match &nic.bridge {
                    Some(bridge) => bridge,
                    None if nic.is_bridge => &nic.name,
                    None => return Datum::Nothing,
                };
                s.cluster(host.cluster)
                    .and_then(|c| s.networks_of(c.data_center).find(|n| n.bridge == *bridge))
                    .map_or(Datum::Nothing, |n| (&*n.name).into())
            }
            _ => Datum::Nothing,
        },
        Item::ClusterNetwork(network, cluster) => match field {
            Field::NetworkName => (&*network.name).into(),
            Field::ClusterName => (&*cluster.name).into(),
            _ => Datum::Nothing,
        },
        Item::HostNetwork(host) => match field {
            Field::HostName => (&*host.name).into(),
            _ => Datum::Nothing,
        },
    }
}

/// Does a field hold something that fits?
pub fn any(
    world: &Inventory<'_>,
    item: Item<'_>,
    field: Field,
    fits: &mut dyn FnMut(&Datum<'_>) -> bool,
) -> bool {
    let s = world.snapshot;
    match (item, field) {
        (Item::Vm(_) | Item::Host(_) | Item::Template(_) | Item::User(_), Field::Tag) => s
            .memberships_of(item.id())
            .filter(|m| m.holder.noun == domain::Noun::Tag)
            .flat_map(|m| s.tag_path(base::TagId(m.holder.id)))
            .any(|tag| fits(&(&*tag.name).into())),
        (Item::Vm(it), Field::Ip) => s.vm_observed(it.id).is_some_and(|seen| {
            let mut addresses = seen.guest.devices.iter().flat_map(|d| &d.addresses);
            addresses.any(|address| fits(&address.to_string().into()))
        }),
        (Item::Disk(it), Field::VmNames) => {
            s.vms_with_disk(it.id).any(|vm| fits(&(&*vm.name).into()))
        }
        (Item::Disk(it), Field::AllocationPolicy) if it.sparse => ["sparse", "thin"]
            .iter()
            .any(|word| fits(&Datum::Word(word))),
        (Item::Storage(it), Field::Type) => {
            let types = [it.backing.type_name(), "data"];
            types.iter().any(|word| fits(&Datum::Word(word)))
        }
        // With the directory as the API writes it, and as people do.
        (Item::User(it), Field::UsrName | Field::UserAndDomain | Field::Login) => {
            let names = [it.principal(), convert::login(it)];
            names.into_iter().any(|name| fits(&name.into()))
                || (field == Field::Login && fits(&(&*it.name).into()))
        }
        (Item::User(it), Field::Directory) => {
            let names = [it.domain.clone(), format!("{}-authz", it.domain)];
            names.into_iter().any(|name| fits(&name.into()))
        }
        _ => fits(&value(world, item, field)),
    }
}

/// Exact for every number of bytes that there is.
#[allow(clippy::cast_precision_loss)]
fn number(n: u64) -> f64 {
    n as f64
}

#[allow(clippy::cast_precision_loss)]
fn count(n: usize) -> Datum<'static> {
    Datum::Number(n as f64)
}

fn mib(bytes: u64) -> Datum<'static> {
    Datum::Number(number(bytes) / MIB)
}

fn gib(bytes: u64) -> Datum<'static> {
    Datum::Number(number(bytes) / GIB)
}

/// 4.7 is a number in the language.
fn version(version: CompatibilityVersion) -> Datum<'static> {
    version
        .to_string()
        .parse()
        .map_or(Datum::Nothing, Datum::Number)
}

/// Rounded, as oVirt keeps percentages.
fn percent(part: f64, whole: f64) -> Datum<'static> {
    if whole > 0.0 {
        Datum::Number((part * 100.0 / whole).round())
    } else {
        Datum::Nothing
    }
}

fn text(text: Option<&String>) -> Datum<'_> {
    text.map_or(Datum::Nothing, |text| text.as_str().into())
}

fn name_of_cluster(s: &Snapshot, id: base::ClusterId) -> Datum<'_> {
    text(s.cluster(id).map(|c| &c.name))
}

fn name_of_data_center(s: &Snapshot, id: base::DataCenterId) -> Datum<'_> {
    text(s.data_center(id).map(|dc| &dc.name))
}

fn architecture_of(s: &Snapshot, id: base::ClusterId) -> Datum<'static> {
    match s.cluster(id) {
        Some(cluster) => Datum::Word(convert::architecture(s, cluster).name()),
        None => Datum::Nothing,
    }
}

fn vm<'s>(world: &'s Inventory<'_>, vm: &'s Vm, field: Field) -> Datum<'s> {
    let s = world.snapshot;
    let stats = || s.vm_stats(vm.id);
    let hardware = &vm.hardware;
    match field {
        Field::Name => (&*vm.name).into(),
        Field::Comment => (&*vm.comment).into(),
        Field::Description => (&*vm.description).into(),
        Field::Id => vm.id.to_string().into(),
        Field::Status => Datum::Word(s.vm_status_of(vm).name()),
        Field::Ip => {
            let seen = s.vm_observed(vm.id);
            let mut addresses = seen
                .iter()
                .flat_map(|o| &o.guest.devices)
                .flat_map(|d| &d.addresses);
            addresses
                .next()
                .map_or(Datum::Nothing, |a| a.to_string().into())
        }
        Field::Fqdn | Field::Address => text(
            s.vm_observed(vm.id)
                .and_then(|seen| seen.guest.hostname.as_ref()),
        ),
        Field::Host => {
            let host = vm.run.as_ref().and_then(|run| run.host);
            text(host.and_then(|id| s.host(id)).map(|h| &h.name))
        }
        Field::Cluster => name_of_cluster(s, vm.cluster),
        Field::DataCenter => name_of_data_center(s, vm.data_center),
        Field::Uptime => match vm.run.as_ref().and_then(|run| run.started) {
            Some(at) => Datum::Number(world.now.since(at).as_secs_f64()),
            None => Datum::Nothing,
        },
        Field::Os => (&*hardware.os).into(),
        Field::CreationDate => Datum::Moment(vm.created),
        // Of all its virtual CPUs together.
        Field::CpuUsage => stats().map_or(Datum::Nothing, |stats| {
            percent(
                stats.cpu_percent / 100.0,
                f64::from(hardware.topology.vcpus()),
            )
        }),
        Field::MemUsage => stats().map_or(Datum::Nothing, |stats| {
            let used = stats.memory_used_bytes.map(number);
            used.map_or(Datum::Nothing, |used| {
                percent(used, number(stats.memory_installed_bytes))
            })
        }),
        Field::Memory => mib(hardware.memory_bytes),
        Field::GuaranteedMemory => mib(hardware.memory_guaranteed_bytes),
        Field::Type => Datum::Word(match hardware.kind {
            VmKind::Desktop => "desktop",
            VmKind::Server => "server",
            VmKind::HighPerformance => "high_performance",
        }),
        Field::Architecture => architecture_of(s, vm.cluster),
        Field::CompatibilityLevel => s
            .cluster(vm.cluster)
            .map_or(Datum::Nothing, |c| version(c.version)),
        Field::CreatedByUserId => s
            .users()
            .find(|user| user.principal() == vm.creator)
            .map_or(Datum::Nothing, |user| user.id.to_string().into()),
        Field::NextRunConfigExists => Datum::Truth(false),
        Field::HasIllegalImages => {
            let mut disks = hardware.disks.iter().filter_map(|a| s.disk(a.disk));
            Datum::Truth(disks.any(|d| d.status == DiskStatus::Illegal))
        }
        Field::BiosType => Datum::Word(match hardware.bios {
            BiosType::ClusterDefault => "cluster_default",
            BiosType::Q35SeaBios => "q35_sea_bios",
        }),
        Field::Vcpus => Datum::Number(f64::from(hardware.topology.vcpus())),
        _ => Datum::Nothing,
    }
}

fn host<'s>(s: &'s Snapshot, host: &'s Host, field: Field) -> Datum<'s> {
    let facts = host.facts.as_ref();
    let stats = || {
        s.host_observed(host.id)
            .and_then(|seen| seen.stats.as_ref())
    };
    let of_stats =
        |of: fn(&domain::hosts::HostStats) -> Datum<'static>| stats().map_or(Datum::Nothing, of);
    let of_facts = |of: fn(&domain::hosts::HostFacts) -> f64| {
        facts.map_or(Datum::Nothing, |facts| Datum::Number(of(facts)))
    };
    match field {
        Field::Name => (&*host.name).into(),
        Field::Comment => (&*host.comment).into(),
        Field::Description => (&*host.description).into(),
        Field::Id => host.id.to_string().into(),
        Field::Status => Datum::Word(words::host(s.host_status(host.id))),
        Field::ExternalStatus => Datum::Word("ok"),
        Field::Cluster => name_of_cluster(s, host.cluster),
        Field::DataCenter => s
            .cluster(host.cluster)
            .map_or(Datum::Nothing, |c| name_of_data_center(s, c.data_center)),
        Field::Address => (&*host.address).into(),
        Field::CpuUsage => of_stats(|stats| {
            Datum::Number((stats.cpu_user_percent + stats.cpu_system_percent).round())
        }),
        Field::MemUsage => of_stats(|stats| {
            let total = number(stats.memory_total_bytes);
            percent(total - number(stats.memory_available_bytes), total)
        }),
        Field::Load => of_stats(|stats| Datum::Number(stats.load_5min)),
        Field::Version => text(facts.map(|f| &f.agent_version)),
        Field::Cpus => of_facts(|f| {
            let sockets = f64::from(f.cpu_sockets);
            sockets * f64::from(f.cpu_cores) * f64::from(f.cpu_threads)
        }),
        Field::Memory => facts.map_or(Datum::Nothing, |f| mib(f.memory_bytes)),
        Field::CpuSpeed => of_facts(|f| f64::from(f.cpu_mhz)),
        Field::CpuModel => text(facts.map(|f| &f.cpu_model)),
        Field::ActiveVms => count(s.vms_on_host(host.id).count()),
        Field::MigratingVms => {
            let vms = s.vms_on_host(host.id);
            let leaves = |vm: &&std::sync::Arc<Vm>| {
                vm.run.as_ref().is_some_and(|run| run.migration.is_some())
            };
            count(vms.filter(leaves).count())
        }
        Field::CommittedMem => {
            let vms = s.vms_on_host(host.id);
            let memory = vms.map(|vm| vm.hardware.memory_bytes);
            mib(memory.fold(0, u64::saturating_add))
        }
        Field::Type => Datum::Word("rhel"),
        Field::Architecture => {
            let named = facts.and_then(|f| api_v4::Architecture::named(&f.architecture));
            Datum::Word(named.unwrap_or(api_v4::Architecture::Undefined).name())
        }
        Field::HwId => text(facts.map(|f| &f.hardware_uuid)),
        _ => Datum::Nothing,
    }
}

fn template<'s>(s: &'s Snapshot, template: &'s Template, field: Field) -> Datum<'s> {
    match field {
        Field::Name => (&*template.name).into(),
        Field::Comment => (&*template.comment).into(),
        Field::Description => (&*template.description).into(),
        Field::Id => template.id.to_string().into(),
        Field::Os => (&*template.hardware.os).into(),
        Field::CreationDate => Datum::Moment(template.created),
        Field::ChildCount => count(s.vms_of_template(template.id).count()),
        Field::Mem => mib(template.hardware.memory_bytes),
        Field::Status => Datum::Word(match template.status {
            TemplateStatus::Ok => "ok",
            TemplateStatus::Locked => "locked",
            TemplateStatus::Illegal => "illegal",
        }),
        Field::Cluster => template
            .cluster
            .map_or(Datum::Nothing, |id| name_of_cluster(s, id)),
        Field::DataCenter => template
            .data_center
            .map_or(Datum::Nothing, |id| name_of_data_center(s, id)),
        Field::Architecture => template
            .cluster
            .map_or(Datum::Nothing, |id| architecture_of(s, id)),
        Field::VersionName => (&*template.version_name).into(),
        _ => Datum::Nothing,
    }
}

fn cluster<'s>(s: &'s Snapshot, cluster: &'s Cluster, field: Field) -> Datum<'s> {
    match field {
        Field::Name | Field::Cluster => (&*cluster.name).into(),
        Field::Comment => (&*cluster.comment).into(),
        Field::Description => (&*cluster.description).into(),
        Field::Id => cluster.id.to_string().into(),
        Field::Architecture => Datum::Word(convert::architecture(s, cluster).name()),
        Field::CompatibilityLevel => version(cluster.version),
        Field::CpuType => (&*cluster.cpu_type).into(),
        Field::Initialized => Datum::Truth(s.hosts_of(cluster.id).next().is_some()),
        Field::DataCenter => name_of_data_center(s, cluster.data_center),
        _ => Datum::Nothing,
    }
}

fn data_center<'s>(s: &'s Snapshot, dc: &'s DataCenter, field: Field) -> Datum<'s> {
    match field {
        Field::Name | Field::DataCenter => (&*dc.name).into(),
        Field::Comment => (&*dc.comment).into(),
        Field::Description => (&*dc.description).into(),
        Field::Id => dc.id.to_string().into(),
        Field::Local => Datum::Truth(dc.local),
        Field::Status => Datum::Word(words::data_center(s.data_center_status(dc.id))),
        Field::CompatibilityVersion => version(dc.version),
        _ => Datum::Nothing,
    }
}

fn storage<'s>(s: &'s Snapshot, domain: &'s StorageDomain, field: Field) -> Datum<'s> {
    let seen = || s.storage_domain_observed(domain.id);
    match field {
        Field::Name => (&*domain.name).into(),
        Field::Comment => (&*domain.comment).into(),
        Field::Description => (&*domain.description).into(),
        Field::Id => domain.id.to_string().into(),
        Field::Status => Datum::Word(words::storage_domain(s.storage_domain_status(domain.id))),
        Field::SharedStatus => Datum::Word(match domain.data_center {
            None => "unattached",
            Some(_) => match words::storage_domain(s.storage_domain_status(domain.id)) {
                word @ ("active" | "locked") => word,
                _ => "inactive",
            },
        }),
        Field::ExternalStatus => Datum::Word("ok"),
        Field::DataCenter => domain
            .data_center
            .map_or(Datum::Nothing, |id| name_of_data_center(s, id)),
        Field::Type => Datum::Word(domain.backing.type_name()),
        Field::FreeSize => seen().map_or(Datum::Nothing, |o| gib(o.available_bytes)),
        Field::UsedSize => seen().map_or(Datum::Nothing, |o| gib(o.used_bytes)),
        Field::TotalSize => seen().map_or(Datum::Nothing, |o| {
            gib(o.available_bytes.saturating_add(o.used_bytes))
        }),
        Field::Committed => {
            let disks = s.disks_on(domain.id).map(|disk| disk.provisioned_bytes);
            gib(disks.fold(0, u64::saturating_add))
        }
        Field::WipeAfterDelete | Field::DiscardAfterDelete | Field::Backup => Datum::Truth(false),
        Field::LowSpaceThreshold => Datum::Number(f64::from(domain.warning_low_space_percent)),
        Field::CriticalSpaceThreshold => Datum::Number(number(domain.critical_space_gib)),
        _ => Datum::Nothing,
    }
}

fn disk<'s>(s: &'s Snapshot, disk: &'s Disk, field: Field) -> Datum<'s> {
    match field {
        Field::Name | Field::Alias => (&*disk.name).into(),
        Field::Description => (&*disk.description).into(),
        Field::Id => disk.id.to_string().into(),
        Field::ProvisionedSize => gib(disk.provisioned_bytes),
        Field::Size | Field::ActualSize => gib(disk.actual_bytes),
        Field::CreationDateOfDisk => Datum::Moment(disk.created),
        Field::Shareable => Datum::Truth(disk.shareable),
        Field::Status => Datum::Word(match disk.status {
            DiskStatus::Ok => "ok",
            DiskStatus::Locked => "locked",
            DiskStatus::Illegal => "illegal",
        }),
        Field::DiskType => Datum::Word("image"),
        Field::DiskContentType => Datum::Word("data"),
        Field::AllocationPolicy => Datum::Word(if disk.sparse {
            "sparse"
        } else {
            "preallocated"
        }),
        Field::NumberOfVms => count(s.vms_with_disk(disk.id).count()),
        Field::VmNames => text(s.vms_with_disk(disk.id).next().map(|vm| &vm.name)),
        Field::WipeAfterDelete => Datum::Truth(disk.wipe_after_delete),
        Field::DataCenter => s
            .storage_domain(disk.storage_domain)
            .and_then(|domain| domain.data_center)
            .map_or(Datum::Nothing, |id| name_of_data_center(s, id)),
        _ => Datum::Nothing,
    }
}

fn network<'s>(s: &'s Snapshot, network: &'s Network, field: Field) -> Datum<'s> {
    match field {
        Field::Name => (&*network.name).into(),
        Field::Comment => (&*network.comment).into(),
        Field::Description => (&*network.description).into(),
        Field::Id => network.id.to_string().into(),
        Field::VlanId => {
            let vlan = network.vlan.map(f64::from);
            vlan.map_or(Datum::Nothing, Datum::Number)
        }
        Field::Stp => Datum::Truth(false),
        Field::Mtu => Datum::Number(f64::from(network.mtu)),
        Field::VmNetwork => Datum::Truth(network.vm_network),
        Field::DataCenter => name_of_data_center(s, network.data_center),
        _ => Datum::Nothing,
    }
}

fn profile<'s>(s: &'s Snapshot, profile: &'s VnicProfile, field: Field) -> Datum<'s> {
    let network = || s.network(profile.network);
    let dc = || network().and_then(|n| s.data_center(n.data_center));
    match field {
        Field::Name => (&*profile.name).into(),
        Field::Description => (&*profile.description).into(),
        Field::Id => profile.id.to_string().into(),
        Field::PortMirroring => Datum::Truth(profile.port_mirroring),
        Field::Passthrough => Datum::Truth(false),
        Field::NetworkName => text(network().map(|n| &n.name)),
        Field::CompatibilityVersion => dc().map_or(Datum::Nothing, |dc| version(dc.version)),
        Field::DataCenter => text(dc().map(|dc| &dc.name)),
        _ => Datum::Nothing,
    }
}

fn user(user: &User, field: Field) -> Datum<'_> {
    match field {
        Field::Name => (&*user.name).into(),
        Field::Id => user.id.to_string().into(),
        Field::UsrName | Field::UserAndDomain | Field::Login => user.principal().into(),
        Field::Directory => (&*user.domain).into(),
        Field::Type => Datum::Word("user"),
        _ => Datum::Nothing,
    }
}

fn instance_type(it: &InstanceType, field: Field) -> Datum<'_> {
    match field {
        Field::Name => (&*it.name).into(),
        Field::Comment => (&*it.comment).into(),
        Field::Description => (&*it.description).into(),
        Field::Id => it.id.to_string().into(),
        _ => Datum::Nothing,
    }
}

fn job(row: &WorkflowRow, field: Field) -> Datum<'_> {
    match field {
        Field::CorrelationId => (&*row.call.correlation_id).into(),
        Field::Description => (&*row.title).into(),
        Field::Id => row.id.to_string().into(),
        Field::Status => Datum::Word(match row.state {
            WorkflowState::Forward | WorkflowState::Undoing => "started",
            WorkflowState::Finished => "finished",
            WorkflowState::Failed | WorkflowState::NeedsOperator => "failed",
            WorkflowState::Aborted => "aborted",
        }),
        _ => Datum::Nothing,
    }
}
