//! Tags, bookmarks, affinity, instance types, roles: as the API shows them, and their bodies.

use super::attributes::{self, names};
use super::numbers::missing;
use super::{carry, find, hardware, hardware_body, links, references};
use base::{Fault, TagId};
use domain::affinity::{self, AffinityGroup, AffinityLabel};
use domain::bookmarks::Bookmark;
use domain::instance_types::InstanceType;
use domain::tags::Tag;
use operations::affinity_groups::AffinityGroupChange;
use operations::affinity_labels::AffinityLabelChange;
use operations::bookmarks::BookmarkChange;
use operations::instance_types::{InstanceTypeChange, basis};
use operations::tags::TagChange;
use projection::Snapshot;

/// A tag.
#[must_use]
pub fn tag(tag: &Tag) -> api_v4::Tag {
    let mut shown = api_v4::Tag {
        name: Some(tag.name.clone()),
        description: Some(tag.description.clone()),
        parent: Some(references::tag(tag.parent)),
        ..api_v4::Tag::default()
    };
    links::place(&mut shown, "tags/{}", &[&tag.id.to_string()]);
    shown
}

/// The root of the tags, which has no tag above it.
#[must_use]
pub fn root_tag() -> api_v4::Tag {
    let mut shown = api_v4::Tag {
        name: Some("root".to_owned()),
        description: Some("root".to_owned()),
        ..api_v4::Tag::default()
    };
    links::place(&mut shown, "tags/{}", &[&TagId::ROOT.to_string()]);
    shown
}

/// The tag that a body names, by id or name.
///
/// # Errors
/// 400 when it names none; 404 for an unknown one.
pub fn tag_of(snapshot: &Snapshot, path: &str, wanted: &api_v4::Tag) -> Result<TagId, Fault> {
    match (&wanted.id, &wanted.name) {
        (Some(id), _) => find::id(id, TagId::WHAT),
        (None, Some(name)) if name == "root" => Ok(TagId::ROOT),
        (None, Some(name)) => snapshot
            .tag_named(name)
            .map(|t| t.id)
            .ok_or_else(|| Fault::not_found(TagId::WHAT, name)),
        (None, None) => Err(missing(&format!("{path}.id|name"))),
    }
}

/// What a body sets of a tag; `before` is the tag as it is, none for a new one.
///
/// # Errors
/// 400 for what is missing; 404 for an unknown parent; 501 for what can't be set.
pub fn tag_change(
    snapshot: &Snapshot,
    wanted: &api_v4::Tag,
    before: Option<&api_v4::Tag>,
) -> Result<TagChange, Fault> {
    let shown = before.cloned().unwrap_or_default();
    carry::check(wanted, &shown, &["name", "description", "parent"])?;
    if before.is_none() && wanted.name.is_none() {
        return Err(missing("tag.name"));
    }
    let parent = wanted.parent.as_deref();
    Ok(TagChange {
        name: wanted.name.clone(),
        description: wanted.description.clone(),
        parent: parent
            .map(|p| tag_of(snapshot, "tag.parent", p))
            .transpose()?,
    })
}

/// A bookmark.
#[must_use]
pub fn bookmark(bookmark: &Bookmark) -> api_v4::Bookmark {
    let mut shown = api_v4::Bookmark {
        name: Some(bookmark.name.clone()),
        value: Some(bookmark.value.clone()),
        ..api_v4::Bookmark::default()
    };
    links::place(&mut shown, "bookmarks/{}", &[&bookmark.id.to_string()]);
    shown
}

/// What a body sets of a bookmark; `before` is the bookmark as it is, none for a new one.
///
/// # Errors
/// 400 for what is missing; 501 for what can't be set.
pub fn bookmark_change(
    wanted: &api_v4::Bookmark,
    before: Option<&api_v4::Bookmark>,
) -> Result<BookmarkChange, Fault> {
    let shown = before.cloned().unwrap_or_default();
    carry::check(wanted, &shown, &["name", "value"])?;
    if before.is_none() {
        let both = [("name", &wanted.name), ("value", &wanted.value)];
        if let Some((name, _)) = both.iter().find(|(_, value)| value.is_none()) {
            return Err(missing(&format!("bookmark.{name}")));
        }
    }
    Ok(BookmarkChange {
        name: wanted.name.clone(),
        value: wanted.value.clone(),
    })
}

fn rule(rule: affinity::AffinityRule) -> Option<Box<api_v4::AffinityRule>> {
    Some(Box::new(api_v4::AffinityRule {
        enabled: Some(rule.enabled),
        enforcing: Some(rule.enforcing),
        positive: Some(rule.positive),
    }))
}

/// An affinity group.
#[must_use]
pub fn affinity_group(group: &AffinityGroup) -> api_v4::AffinityGroup {
    let mut shown = api_v4::AffinityGroup {
        name: Some(group.name.clone()),
        description: Some(group.description.clone()),
        cluster: Some(references::cluster(group.cluster)),
        // The old elements repeat the rule of VMs.
        enforcing: Some(group.vms_rule.enforcing),
        positive: group.vms_rule.enabled.then_some(group.vms_rule.positive),
        priority: Some(group.priority),
        vms_rule: rule(group.vms_rule),
        hosts_rule: rule(group.hosts_rule),
        ..api_v4::AffinityGroup::default()
    };
    let ids = [group.cluster.to_string(), group.id.to_string()];
    links::place(
        &mut shown,
        "clusters/{}/affinitygroups/{}",
        &[&ids[0], &ids[1]],
    );
    shown
}

/// What a body sets of a group; `before` is the group as it is, none for a new one.
///
/// # Errors
/// 400 for what is missing; 501 for what can't be set.
pub fn affinity_group_change(
    wanted: &api_v4::AffinityGroup,
    before: Option<&AffinityGroup>,
) -> Result<AffinityGroupChange, Fault> {
    let shown = before.map(affinity_group).unwrap_or_default();
    let known = names(&[attributes::AFFINITY_GROUP]);
    carry::check(wanted, &shown, &known)?;
    if before.is_none() && wanted.name.is_none() {
        return Err(missing("affinity_group.name"));
    }
    let merged = |wanted: Option<&api_v4::AffinityRule>, old: affinity::AffinityRule| {
        wanted.map(|r| affinity::AffinityRule {
            enabled: r.enabled.unwrap_or(old.enabled),
            enforcing: r.enforcing.unwrap_or(old.enforcing),
            positive: r.positive.unwrap_or(old.positive),
        })
    };
    let old = before.map_or_else(Default::default, |g| g.vms_rule);
    let mut vms_rule = merged(wanted.vms_rule.as_deref(), old);
    if vms_rule.is_none() && (wanted.positive.is_some() || wanted.enforcing.is_some()) {
        vms_rule = Some(affinity::AffinityRule {
            enabled: true,
            positive: wanted.positive.unwrap_or(old.positive),
            enforcing: wanted.enforcing.unwrap_or(old.enforcing),
        });
    }
    let old = before.map_or_else(Default::default, |g| g.hosts_rule);
    Ok(AffinityGroupChange {
        name: wanted.name.clone(),
        description: wanted.description.clone(),
        priority: wanted.priority,
        vms_rule,
        hosts_rule: merged(wanted.hosts_rule.as_deref(), old),
    })
}

/// An affinity label.
#[must_use]
pub fn affinity_label(label: &AffinityLabel) -> api_v4::AffinityLabel {
    let mut shown = api_v4::AffinityLabel {
        name: Some(label.name.clone()),
        has_implicit_affinity_group: Some(label.implicit_group),
        read_only: Some(false),
        ..api_v4::AffinityLabel::default()
    };
    links::place(&mut shown, "affinitylabels/{}", &[&label.id.to_string()]);
    shown
}

/// What a body sets of a label; `before` is the label as it is, none for a new one.
///
/// # Errors
/// 400 for what is missing; 501 for what can't be set.
pub fn affinity_label_change(
    wanted: &api_v4::AffinityLabel,
    before: Option<&api_v4::AffinityLabel>,
) -> Result<AffinityLabelChange, Fault> {
    let shown = before.cloned().unwrap_or_default();
    carry::check(wanted, &shown, &names(&[attributes::AFFINITY_LABEL]))?;
    if before.is_none() && wanted.name.is_none() {
        return Err(missing("affinity_label.name"));
    }
    Ok(AffinityLabelChange {
        name: wanted.name.clone(),
        implicit_group: wanted.has_implicit_affinity_group,
    })
}

/// An instance type.
#[must_use]
pub fn instance_type(_: &Snapshot, kind: &InstanceType) -> api_v4::InstanceType {
    let mut shown = api_v4::InstanceType {
        name: Some(kind.name.clone()),
        description: Some(kind.description.clone()),
        comment: Some(kind.comment.clone()),
        creation_time: Some(kind.created),
        ..api_v4::InstanceType::default()
    };
    hardware::on_instance_type(&mut shown, &kind.hardware);
    links::place(&mut shown, "instancetypes/{}", &[&kind.id.to_string()]);
    shown
}

/// What a body sets of an instance type; `before` is the one as it is, none for a new one.
///
/// # Errors
/// 400 for what is missing or can't be; 501 for what can't be set yet.
pub fn instance_type_change(
    snapshot: &Snapshot,
    wanted: &api_v4::InstanceType,
    before: Option<&InstanceType>,
) -> Result<InstanceTypeChange, Fault> {
    let blank = basis();
    let old = before.map_or(&blank, |k| &k.hardware);
    let mut shown = api_v4::InstanceType::default();
    hardware::on_instance_type(&mut shown, old);
    let known = names(&[attributes::INSTANCE_TYPE, attributes::HARDWARE]);
    carry::check(wanted, &shown, &known)?;
    if before.is_none() && wanted.name.is_none() {
        return Err(missing("instance_type.name"));
    }
    let machine = api_v4::Vm {
        bios: wanted.bios.clone(),
        console: wanted.console.clone(),
        cpu: wanted.cpu.clone(),
        cpu_shares: wanted.cpu_shares,
        display: wanted.display.clone(),
        high_availability: wanted.high_availability.clone(),
        memory: wanted.memory,
        memory_policy: wanted.memory_policy.clone(),
        os: wanted.os.clone(),
        placement_policy: wanted.placement_policy.clone(),
        rng_device: wanted.rng_device.clone(),
        start_paused: wanted.start_paused,
        time_zone: wanted.time_zone.clone(),
        type_: wanted.type_,
        ..api_v4::Vm::default()
    };
    Ok(InstanceTypeChange {
        name: wanted.name.clone(),
        description: wanted.description.clone(),
        comment: wanted.comment.clone(),
        hardware: hardware_body::change(snapshot, &machine, old)?,
    })
}
