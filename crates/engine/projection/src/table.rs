//! Persistent maps: cheap to copy, shared between snapshots.

use domain::Noun;
use domain::affinity::{AffinityGroup, AffinityLabel};
use domain::bookmarks::Bookmark;
use domain::clusters::Cluster;
use domain::data_centers::DataCenter;
use domain::disks::Disk;
use domain::hosts::Host;
use domain::instance_types::InstanceType;
use domain::memberships::Membership;
use domain::names::{claim_form, fold};
use domain::networks::{MacPool, Network, VnicProfile};
use domain::rights::{Group, Permission};
use domain::roles::Role;
use domain::scheduling_policies::SchedulingPolicy;
use domain::storage::StorageDomain;
use domain::tags::Tag;
use domain::templates::Template;
use domain::users::{Token, User};
use domain::vms::Vm;
use imbl::{OrdMap, OrdSet};
use std::cmp::Ordering;
use std::ops::Bound;
use std::sync::Arc;
use uuid::Uuid;

/// What a table needs to know of its rows.
pub(crate) trait Row: Send + Sync + 'static {
    /// Its kind.
    const NOUN: Noun;
    /// Its id.
    fn key(&self) -> Uuid;
    /// Its name.
    fn name(&self) -> &str;
    /// Where its name is unique (nil for the whole system); `None` when names are not unique.
    fn scope(&self) -> Option<Uuid>;
}

macro_rules! rows {
    ($($noun:ident, |$row:ident| $scope:expr;)*) => {$(
        impl Row for $noun {
            const NOUN: Noun = Noun::$noun;
            fn key(&self) -> Uuid {
                self.id.0
            }
            fn name(&self) -> &str {
                &self.name
            }
            fn scope(&self) -> Option<Uuid> {
                let $row = self;
                $scope
            }
        }
    )*};
}

rows! {
    DataCenter, |_r| Some(Uuid::nil());
    MacPool, |_r| Some(Uuid::nil());
    Cluster, |_r| Some(Uuid::nil());
    Network, |r| Some(r.data_center.0);
    VnicProfile, |r| Some(r.network.0);
    Host, |_r| Some(Uuid::nil());
    StorageDomain, |_r| Some(Uuid::nil());
    Disk, |_r| None;
    Template, |r| Some(r.data_center.map_or(Uuid::nil(), |d| d.0));
    Vm, |r| Some(r.data_center.0);
    User, |_r| None;
    Token, |_r| None;
    Tag, |_r| Some(Uuid::nil());
    Bookmark, |_r| Some(Uuid::nil());
    AffinityGroup, |r| Some(r.cluster.0);
    AffinityLabel, |_r| Some(Uuid::nil());
    SchedulingPolicy, |_r| Some(Uuid::nil());
    InstanceType, |_r| Some(Uuid::nil());
    Membership, |_r| None;
    Role, |_r| Some(Uuid::nil());
    Permission, |_r| None;
    Group, |_r| Some(Uuid::nil());
}

/// A row that is ordered by name, then id.
struct ByName<T>(Arc<T>);

impl<T> Clone for ByName<T> {
    fn clone(&self) -> Self {
        ByName(self.0.clone())
    }
}
impl<T: Row> PartialEq for ByName<T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl<T: Row> Eq for ByName<T> {}
impl<T: Row> PartialOrd for ByName<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<T: Row> Ord for ByName<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0
            .name()
            .cmp(other.0.name())
            .then_with(|| self.0.key().cmp(&other.0.key()))
    }
}

/// All objects of a noun.
pub(crate) struct Table<T: Row> {
    by_id: OrdMap<Uuid, Arc<T>>,
    by_name: OrdSet<ByName<T>>,
    /// Names in any case, as searches ask for them.
    by_fold: OrdSet<(Box<str>, Uuid)>,
    unique: OrdMap<(Uuid, String), Uuid>,
}

impl<T: Row> Clone for Table<T> {
    fn clone(&self) -> Self {
        Table {
            by_id: self.by_id.clone(),
            by_name: self.by_name.clone(),
            by_fold: self.by_fold.clone(),
            unique: self.unique.clone(),
        }
    }
}

impl<T: Row> Default for Table<T> {
    fn default() -> Self {
        Table {
            by_id: OrdMap::new(),
            by_name: OrdSet::new(),
            by_fold: OrdSet::new(),
            unique: OrdMap::new(),
        }
    }
}

impl<T: Row> Table<T> {
    /// Puts a row in place of the one with its id; answers that one.
    pub fn put(&mut self, row: Arc<T>) -> Option<Arc<T>> {
        let same_place = |old: &Arc<T>| old.name() == row.name() && old.scope() == row.scope();
        if self.get(row.key()).is_some_and(same_place) {
            // Most changes are not of the name: the indexes by name stay as they are.
            self.by_name.insert(ByName(row.clone()));
            return self.by_id.insert(row.key(), row);
        }
        let old = self.remove(row.key());
        if let Some(scope) = row.scope() {
            self.unique
                .insert((scope, claim_form(row.name())), row.key());
        }
        self.by_name.insert(ByName(row.clone()));
        self.by_fold.insert((fold(row.name()).into(), row.key()));
        self.by_id.insert(row.key(), row);
        old
    }
    pub fn remove(&mut self, id: Uuid) -> Option<Arc<T>> {
        let old = self.by_id.remove(&id)?;
        self.by_name.remove(&ByName(old.clone()));
        self.by_fold.remove(&(fold(old.name()).into(), id));
        if let Some(scope) = old.scope() {
            let key = (scope, claim_form(old.name()));
            // Within one commit another row may have taken the name already.
            if self.unique.get(&key) == Some(&id) {
                self.unique.remove(&key);
            }
        }
        Some(old)
    }
    pub fn get(&self, id: Uuid) -> Option<&Arc<T>> {
        self.by_id.get(&id)
    }
    pub fn named(&self, scope: Uuid, name: &str) -> Option<&Arc<T>> {
        let id = self.unique.get(&(scope, claim_form(name)))?;
        self.by_id.get(id)
    }
    /// Those whose name is that in any case, by name, then id. O(log n + found × log found).
    pub fn folded(&self, name: &str) -> Vec<&Arc<T>> {
        let name: Box<str> = fold(name).into();
        let range = (
            Bound::Included((name.clone(), Uuid::nil())),
            Bound::Included((name, Uuid::max())),
        );
        let ids = self.by_fold.range(range).map(|(_, id)| *id);
        let mut found: Vec<&Arc<T>> = ids.filter_map(|id| self.by_id.get(&id)).collect();
        found.sort_by(|a, b| (a.name(), a.key()).cmp(&(b.name(), b.key())));
        found
    }
    /// Those whose name begins so in any case, by that. Each step is O(log n).
    pub fn beginning_with<'a>(
        &'a self,
        prefix: &str,
    ) -> impl Iterator<Item = &'a Arc<T>> + use<'a, T> {
        let prefix: Box<str> = fold(prefix).into();
        let names = self.by_fold.range((prefix.clone(), Uuid::nil())..);
        names
            .take_while(move |(name, _)| name.starts_with(&*prefix))
            .filter_map(|(_, id)| self.by_id.get(id))
    }
    /// Those whose name in lower case fits, by that. O(n), without looking at the objects.
    pub fn folded_like<'a, F: Fn(&str) -> bool + 'a>(
        &'a self,
        fits: F,
    ) -> impl Iterator<Item = &'a Arc<T>> + use<'a, T, F> {
        let named = self.by_fold.iter().filter(move |(name, _)| fits(name));
        named.filter_map(|(_, id)| self.by_id.get(id))
    }
    /// By name in any case, from either end; those that differ in case only by name, then id. Each
    /// step is O(log n).
    pub fn by_fold(&self, descending: bool) -> impl Iterator<Item = &Arc<T>> {
        let mut names: Box<dyn Iterator<Item = &(Box<str>, Uuid)>> = match descending {
            false => Box::new(self.by_fold.iter()),
            true => Box::new(self.by_fold.iter().rev()),
        };
        let mut next = names.next();
        std::iter::from_fn(move || {
            let (name, first) = next?;
            let mut same: Vec<&Arc<T>> = self.by_id.get(first).into_iter().collect();
            next = names.next();
            while let Some((_, id)) = next.filter(|(other, _)| other == name) {
                same.extend(self.by_id.get(id));
                next = names.next();
            }
            same.sort_by(|a, b| (a.name(), a.key()).cmp(&(b.name(), b.key())));
            Some(same)
        })
        .flatten()
    }
    /// By name, then id.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<T>> {
        self.by_name.iter().map(|r| &r.0)
    }
    /// By id.
    pub fn by_id(&self) -> impl Iterator<Item = &Arc<T>> {
        self.by_id.values()
    }
    pub fn len(&self) -> usize {
        self.by_id.len()
    }
}

/// Which objects point at an object.
#[derive(Clone, Default)]
pub(crate) struct Index(OrdSet<(Uuid, Uuid)>);

impl Index {
    /// The object `from` no longer points at `old` but at `new`.
    pub fn point(
        &mut self,
        from: Uuid,
        old: impl IntoIterator<Item = Uuid>,
        new: impl IntoIterator<Item = Uuid>,
    ) {
        for at in old {
            self.0.remove(&(at, from));
        }
        for at in new {
            self.0.insert((at, from));
        }
    }
    /// What points at `at`, by id.
    pub fn at(&self, at: Uuid) -> impl Iterator<Item = Uuid> {
        let range = (
            Bound::Included((at, Uuid::nil())),
            Bound::Included((at, Uuid::max())),
        );
        self.0.range(range).map(|(_, from)| *from)
    }
}
