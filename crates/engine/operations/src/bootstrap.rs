//! What an empty engine begins with.

use crate::Rooms;
use crate::deciding::decide;
use crate::instance_types;
use crate::permissions::permission;
use crate::vms::hardware;
use base::{
    ClusterId, DataCenterId, Fault, Generation, MacPoolId, NetworkId, PermissionId, Random,
    TemplateId, Timestamp, UserId, VnicProfileId,
};
use domain::Entity;
use domain::clusters::Cluster;
use domain::data_centers::{CompatibilityVersion, DataCenter};
use domain::networks::{MacAddress, MacPool, Network, VnicProfile};
use domain::rights::{EVERYONE, Object, Principal};
use domain::roles::known;
use domain::templates::{Template, TemplateStatus};
use domain::users::User;
use projection::Snapshot;
use store::{Batch, Write};

/// Name of the first version of a template.
pub(crate) const BASE_VERSION: &str = "base version";
/// Name of the management network (`DefaultManagementNetwork`).
const MANAGEMENT: &str = "ovirtmgmt";
/// Name of the first data center, cluster and MAC pool.
const DEFAULT: &str = "Default";

/// Makes the first objects of an empty store in one commit: data center, cluster and MAC pool
/// `Default`, network and vNIC profile `ovirtmgmt`, template `Blank`, user `admin@internal` with the
/// given password hash (PHC). Makes none of these when there is a data center or a user already. The
/// five instance types come whenever there is none at all, also in an older store, and so do the first
/// permissions.
///
/// Answers whether it made them.
///
/// # Errors
/// As the store's.
pub async fn bootstrap(rooms: &Rooms, admin_password_hash: &str) -> Result<bool, Fault> {
    decide(rooms, |snapshot, now| {
        let new = snapshot.data_center_count() == 0 && snapshot.user_count() == 0;
        let mut batch = if new {
            first_objects(&*rooms.random, admin_password_hash, now)?
        } else {
            Batch::new()
        };
        if snapshot.instance_type_count() == 0 {
            for kind in instance_types::shipped(&*rooms.random, now) {
                batch.put(kind);
            }
        }
        if snapshot.permission_count() == 0 {
            first_permissions(&*rooms.random, snapshot, now, &mut batch);
        }
        Ok((batch, new))
    })
    .await
}

fn first_objects(random: &dyn Random, password_hash: &str, now: Timestamp) -> Result<Batch, Fault> {
    let data_center = DataCenter {
        id: DataCenterId::random(random),
        generation: Generation::NEW,
        name: DEFAULT.to_owned(),
        description: "The first data center".to_owned(),
        comment: String::new(),
        local: false,
        version: CompatibilityVersion::NEWEST,
        created: now,
    };
    let pool = mac_pool(random)?;
    let cluster = Cluster {
        id: ClusterId::random(random),
        generation: Generation::NEW,
        name: DEFAULT.to_owned(),
        description: "The first cluster".to_owned(),
        comment: String::new(),
        data_center: data_center.id,
        version: CompatibilityVersion::NEWEST,
        cpu_type: String::new(),
        memory_overcommit_percent: 100,
        threads_as_cores: false,
        ballooning: true,
        ksm: true,
        mac_pool: pool.id,
        created: now,
        policies: domain::clusters::ClusterPolicies::default(),
    };
    let (network, profile) = management(random, data_center.id);
    let blank = Template {
        id: TemplateId::BLANK,
        generation: Generation::NEW,
        name: "Blank".to_owned(),
        description: "An empty template with the defaults of every VM".to_owned(),
        comment: String::new(),
        cluster: None,
        data_center: None,
        version_number: 1,
        version_name: BASE_VERSION.to_owned(),
        hardware: hardware::blank(),
        status: TemplateStatus::Ok,
        locked_by: None,
        created: now,
    };
    let admin = User {
        id: UserId::random(random),
        generation: Generation::NEW,
        name: "admin".to_owned(),
        domain: "internal".to_owned(),
        password_hash: password_hash.to_owned(),
        password_expires: None,
        first_name: String::new(),
        last_name: String::new(),
        email: String::new(),
        created: now,
    };
    let mut batch = Batch::new();
    batch
        .put(data_center)
        .put(pool)
        .put(cluster)
        .put(network)
        .put(profile)
        .put(blank)
        .put(admin);
    Ok(batch)
}

/// What users may from the beginning, as after oVirt's installation. Whoever could log in before there
/// were permissions was a super user, and stays one.
fn first_permissions(random: &dyn Random, snapshot: &Snapshot, now: Timestamp, batch: &mut Batch) {
    let everyone = Principal::Group(EVERYONE);
    let new = batch.writes.iter().filter_map(|write| match write {
        Write::Put(entity) => Some(entity.clone()),
        _ => None,
    });
    let users = snapshot.users().cloned().map(Entity::User);
    let kinds = snapshot.instance_types().cloned().map(Entity::InstanceType);
    let pools = snapshot.mac_pools().cloned().map(Entity::MacPool);
    let profiles = snapshot.vnic_profiles().cloned().map(Entity::VnicProfile);
    let blank = snapshot.template(TemplateId::BLANK).cloned();
    let blank = blank.into_iter().map(Entity::Template);
    let there = users.chain(kinds).chain(pools).chain(profiles).chain(blank);
    let mut given = vec![(everyone, known::USER_PROFILE_EDITOR, Object::System)];
    given.extend(there.chain(new).filter_map(|entity| {
        let object = Object::One(entity.key());
        match entity {
            Entity::User(user) => {
                let user = Principal::User(user.id);
                Some((user, known::SUPER_USER, Object::System))
            }
            Entity::Template(template) if template.id == TemplateId::BLANK => {
                Some((everyone, known::USER_TEMPLATE_BASED_VM, object))
            }
            Entity::InstanceType(_) => Some((everyone, known::USER_TEMPLATE_BASED_VM, object)),
            Entity::VnicProfile(_) => Some((everyone, known::VNIC_PROFILE_USER, object)),
            Entity::MacPool(pool) if pool.default => Some((everyone, known::MAC_POOL_USER, object)),
            _ => None,
        }
    }));
    for (who, role, object) in given {
        let id = PermissionId::random(random);
        batch.put(permission(id, who, role, object, now));
    }
}

/// The management network of a new data center, and its vNIC profile.
pub(crate) fn management(random: &dyn Random, data_center: DataCenterId) -> (Network, VnicProfile) {
    let network = Network {
        id: NetworkId::random(random),
        generation: Generation::NEW,
        name: MANAGEMENT.to_owned(),
        description: "The management network".to_owned(),
        comment: String::new(),
        data_center,
        vlan: None,
        mtu: 0,
        vm_network: true,
        management: true,
        bridge: MANAGEMENT.to_owned(),
        clusters: None,
    };
    let profile = VnicProfile {
        id: VnicProfileId::random(random),
        generation: Generation::NEW,
        name: MANAGEMENT.to_owned(),
        description: String::new(),
        comment: String::new(),
        network: network.id,
        port_mirroring: false,
    };
    (network, profile)
}

/// 65,536 addresses below `56:6f` and two random bytes, so that engines side by side differ.
fn mac_pool(random: &dyn Random) -> Result<MacPool, Fault> {
    let mut middle = [0u8; 2];
    random.fill(&mut middle);
    let at = |end: u64| {
        let number =
            0x566f_0000_0000 | (u64::from(middle[0]) << 24) | (u64::from(middle[1]) << 16) | end;
        MacAddress::from_number(number).ok_or_else(|| Fault::internal("56:6f is a unicast prefix"))
    };
    Ok(MacPool {
        id: MacPoolId::random(random),
        generation: Generation::NEW,
        name: DEFAULT.to_owned(),
        description: "The first MAC pool".to_owned(),
        default: true,
        allow_duplicates: false,
        ranges: vec![(at(0)?, at(0xffff)?)],
        comment: String::new(),
    })
}
