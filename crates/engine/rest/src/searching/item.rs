//! An object of a snapshot, of any kind.

use domain::clusters::Cluster;
use domain::data_centers::DataCenter;
use domain::disks::Disk;
use domain::hosts::{Host, HostNicFacts};
use domain::instance_types::InstanceType;
use domain::jobs::WorkflowRow;
use domain::networks::{Network, VnicProfile};
use domain::storage::StorageDomain;
use domain::templates::Template;
use domain::users::User;
use domain::vms::{Nic, Vm};
use search::Object;
use std::sync::Arc;
use uuid::Uuid;

macro_rules! items {
    ($($kind:ident($noun:ty) = $object:ident,)*) => {
        /// An object that searches ask about.
        #[derive(Clone, Copy)]
        pub enum Item<'a> {
            $(#[doc = concat!("A `", stringify!($noun), "`.")] $kind(&'a Arc<$noun>),)*
            /// A network card of a VM or template.
            Vnic(&'a Nic),
            /// A network card of a host.
            Nic(&'a Host, &'a HostNicFacts),
            /// A network in a cluster.
            ClusterNetwork(&'a Network, &'a Cluster),
            /// A host that has a network.
            HostNetwork(&'a Host),
        }

        impl<'a> Item<'a> {
            /// Its id; parts of objects have none.
            pub fn id(self) -> Uuid {
                match self {
                    $(Item::$kind(it) => it.id.0,)*
                    _ => Uuid::nil(),
                }
            }
        }

        $(impl Searchable for $noun {
            const OBJECT: Object = Object::$object;
            fn item(this: &Arc<Self>) -> Item<'_> {
                Item::$kind(this)
            }
            fn of(item: Item<'_>) -> Option<&Arc<Self>> {
                match item {
                    Item::$kind(it) => Some(it),
                    _ => None,
                }
            }
        })*
    };
}

/// A noun that has a list which can be searched.
pub trait Searchable: Sized + Send + Sync + 'static {
    /// As searches call it.
    const OBJECT: Object;
    /// As an object of any kind.
    fn item(this: &Arc<Self>) -> Item<'_>;
    /// Back from it.
    fn of(item: Item<'_>) -> Option<&Arc<Self>>;
}

items! {
    Vm(Vm) = Vm,
    Host(Host) = Host,
    Template(Template) = Template,
    Cluster(Cluster) = Cluster,
    DataCenter(DataCenter) = DataCenter,
    Storage(StorageDomain) = Storage,
    Disk(Disk) = Disk,
    Network(Network) = Network,
    VnicProfile(VnicProfile) = VnicProfile,
    User(User) = User,
    InstanceType(InstanceType) = InstanceType,
    Job(WorkflowRow) = Job,
}
