//! A snapshot as the world of searches.

use super::item::Item;
use super::{related, values};
use base::Timestamp;
use projection::{Listed, Snapshot};
use search::{Datum, Field, Object, Pattern, World};
use uuid::Uuid;

/// What the caller may see, at one moment.
#[derive(Clone, Copy)]
pub struct Inventory<'a> {
    pub(super) snapshot: &'a Snapshot,
    /// Spans are counted up to here.
    pub(super) now: Timestamp,
}

/// When more than one in so many names begin alike, all objects are looked at in their order.
const MANY: usize = 20;

impl<'a> Inventory<'a> {
    /// Of a snapshot.
    #[must_use]
    pub fn new(snapshot: &'a Snapshot, now: Timestamp) -> Self {
        Inventory { snapshot, now }
    }
}

/// Calls a macro for the nouns that have names and lists.
macro_rules! listed {
    ($object:expr, $kind:ident, $noun:ident => $do:expr, $else:expr) => {{
        macro_rules! arm {
            ($k:ident, $n:ty) => {{
                use Item::$k as $kind;
                type $noun = $n;
                $do
            }};
        }
        match $object {
            Object::Vm => arm!(Vm, domain::vms::Vm),
            Object::Host => arm!(Host, domain::hosts::Host),
            Object::Template => arm!(Template, domain::templates::Template),
            Object::Cluster => arm!(Cluster, domain::clusters::Cluster),
            Object::DataCenter => arm!(DataCenter, domain::data_centers::DataCenter),
            Object::Storage => arm!(Storage, domain::storage::StorageDomain),
            Object::Disk => arm!(Disk, domain::disks::Disk),
            Object::Network => arm!(Network, domain::networks::Network),
            Object::VnicProfile => arm!(VnicProfile, domain::networks::VnicProfile),
            Object::User => arm!(User, domain::users::User),
            Object::InstanceType => arm!(InstanceType, domain::instance_types::InstanceType),
            _ => $else,
        }
    }};
}

impl<'a> Inventory<'a> {
    /// Objects whose name begins so in any case of letters, in the order of their names.
    pub fn beginning_with(
        self,
        object: Object,
        prefix: &str,
    ) -> Box<dyn Iterator<Item = Item<'a>> + 'a> {
        let s = self.snapshot;
        listed!(object, Kind, Noun => {
            Box::new(Noun::beginning_with(s, prefix).map(Kind))
        }, Box::new(std::iter::empty()))
    }
}

impl<'a> World for Inventory<'a> {
    type Item = Item<'a>;

    fn id(&self, item: Item<'a>) -> Uuid {
        item.id()
    }

    fn name(&self, item: Item<'a>) -> &str {
        match item {
            Item::Vm(it) => &it.name,
            Item::Host(it) => &it.name,
            Item::Template(it) => &it.name,
            Item::Cluster(it) => &it.name,
            Item::DataCenter(it) => &it.name,
            Item::Storage(it) => &it.name,
            Item::Disk(it) => &it.name,
            Item::Network(it) => &it.name,
            Item::VnicProfile(it) => &it.name,
            Item::User(it) => &it.name,
            Item::InstanceType(it) => &it.name,
            Item::Job(_) => "",
            Item::Vnic(it) => &it.name,
            Item::Nic(_, it) => &it.name,
            Item::ClusterNetwork(it, _) => &it.name,
            Item::HostNetwork(it) => &it.name,
        }
    }

    fn count(&self, object: Object) -> usize {
        let s = self.snapshot;
        match object {
            Object::Vm => s.vm_count(),
            Object::Host => s.host_count(),
            Object::Template => s.template_count(),
            Object::Cluster => s.cluster_count(),
            Object::DataCenter => s.data_center_count(),
            Object::Storage => s.storage_domain_count(),
            Object::Disk => s.disk_count(),
            Object::Network => s.network_count(),
            Object::VnicProfile => s.vnic_profile_count(),
            Object::User => s.user_count(),
            Object::InstanceType => s.instance_type_count(),
            _ => usize::MAX,
        }
    }

    fn all(&self, object: Object) -> Box<dyn Iterator<Item = Item<'a>> + '_> {
        let s = self.snapshot;
        match object {
            Object::Vm => Box::new(s.vms().map(Item::Vm)),
            Object::Host => Box::new(s.hosts().map(Item::Host)),
            Object::Template => Box::new(s.templates().map(Item::Template)),
            Object::Cluster => Box::new(s.clusters().map(Item::Cluster)),
            Object::DataCenter => Box::new(s.data_centers().map(Item::DataCenter)),
            Object::Storage => Box::new(s.storage_domains().map(Item::Storage)),
            Object::Disk => Box::new(s.disks().map(Item::Disk)),
            Object::Network => Box::new(s.networks().map(Item::Network)),
            Object::VnicProfile => Box::new(s.vnic_profiles().map(Item::VnicProfile)),
            Object::User => Box::new(s.users().map(Item::User)),
            Object::InstanceType => Box::new(s.instance_types().map(Item::InstanceType)),
            // Newest first.
            Object::Job => Box::new(s.workflows().map(Item::Job)),
            _ => Box::new(std::iter::empty()),
        }
    }

    fn all_by_fold(
        &self,
        object: Object,
        descending: bool,
    ) -> Option<Box<dyn Iterator<Item = Item<'a>> + '_>> {
        let s = self.snapshot;
        listed!(object, Kind, Noun => {
            Some(Box::new(Noun::by_name_in_any_case(s, descending).map(Kind)))
        }, None)
    }

    fn named(&self, object: Object, name: &str, exact: bool) -> Option<Vec<Item<'a>>> {
        let s = self.snapshot;
        listed!(object, Kind, Noun => {
            if exact {
                return Some(Noun::named_in_any_case(s, name).into_iter().map(Kind).collect());
            }
            let most = (self.count(object) / MANY).max(MANY);
            let few = Noun::beginning_with(s, name).take(most + 1);
            let few: Vec<Item<'a>> = few.map(Kind).collect();
            (few.len() <= most).then_some(few)
        }, None)
    }

    fn named_like(&self, object: Object, name: &Pattern) -> Option<Vec<Item<'a>>> {
        let s = self.snapshot;
        listed!(object, Kind, Noun => {
            let most = (self.count(object) / MANY).max(MANY);
            let name = name.clone();
            let few = Noun::with_name_like(s, move |folded| name.matches(folded, false));
            let few: Vec<Item<'a>> = few.take(most + 1).map(Kind).collect();
            (few.len() <= most).then_some(few)
        }, None)
    }

    fn with_id(&self, object: Object, id: Uuid) -> Option<Item<'a>> {
        let s = self.snapshot;
        match object {
            Object::Vm => s.vm(base::VmId(id)).map(Item::Vm),
            Object::Host => s.host(base::HostId(id)).map(Item::Host),
            Object::Template => s.template(base::TemplateId(id)).map(Item::Template),
            Object::Cluster => s.cluster(base::ClusterId(id)).map(Item::Cluster),
            Object::DataCenter => s.data_center(base::DataCenterId(id)).map(Item::DataCenter),
            Object::Storage => s
                .storage_domain(base::StorageDomainId(id))
                .map(Item::Storage),
            Object::Disk => s.disk(base::DiskId(id)).map(Item::Disk),
            Object::Network => s.network(base::NetworkId(id)).map(Item::Network),
            Object::VnicProfile => s
                .vnic_profile(base::VnicProfileId(id))
                .map(Item::VnicProfile),
            Object::User => s.user(base::UserId(id)).map(Item::User),
            Object::InstanceType => s
                .instance_type(base::InstanceTypeId(id))
                .map(Item::InstanceType),
            Object::Job => s.workflow(base::WorkflowId(id)).map(Item::Job),
            _ => None,
        }
    }

    fn related(&self, item: Item<'a>, object: Object) -> Vec<Item<'a>> {
        related::related(self.snapshot, item, object)
    }

    fn value(&self, item: Item<'a>, field: Field) -> Datum<'_> {
        values::value(self, item, field)
    }

    fn any(&self, item: Item<'a>, field: Field, fits: &mut dyn FnMut(&Datum<'_>) -> bool) -> bool {
        values::any(self, item, field, fits)
    }
}
