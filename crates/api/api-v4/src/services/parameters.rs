//! Query (and matrix) parameters: what they hold and what they are for.

use crate::enums::AutoPinningPolicy;
use api_schema::EnumDesc;

/// What the value of a parameter is.
#[derive(Clone, Copy, Debug)]
pub enum ParameterKind {
    /// `true` or `false`; the name alone is `true`.
    Flag,
    /// A whole number.
    Number,
    /// Text.
    Text,
    /// One of a few words.
    Choice(&'static EnumDesc),
}

/// A parameter, which means the same wherever it is taken.
#[derive(Debug)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: ParameterKind,
    /// What it is for, in one sentence.
    pub doc: &'static str,
}

const fn flag(name: &'static str, doc: &'static str) -> Parameter {
    Parameter {
        name,
        kind: ParameterKind::Flag,
        doc,
    }
}

const fn number(name: &'static str, doc: &'static str) -> Parameter {
    Parameter {
        name,
        kind: ParameterKind::Number,
        doc,
    }
}

const fn text(name: &'static str, doc: &'static str) -> Parameter {
    Parameter {
        name,
        kind: ParameterKind::Text,
        doc,
    }
}

/// The parameter of that name.
#[must_use]
pub fn parameter(name: &str) -> Option<&'static Parameter> {
    PARAMETERS.iter().find(|p| p.name == name)
}

/// Every parameter, sorted by name.
#[rustfmt::skip]
pub static PARAMETERS: &[Parameter] = &[
    flag("activate", "The host is activated when it is installed."),
    flag("all_content", "Show elements too that are left out otherwise; this engine always shows all."),
    flag("async", "The caller does not wait for the end; jobs tell of it either way."),
    Parameter {
        name: "auto_pinning_policy",
        kind: ParameterKind::Choice(&AutoPinningPolicy::DESC),
        doc: "How virtual CPUs are pinned.",
    },
    text("bricks", "Bricks that are meant."),
    flag("case_sensitive", "A search tells small letters from capital ones."),
    flag("check_vms_in_affinity_closure", "The VMs of the same affinity groups are to fit, too."),
    flag("clone", "Disks are copied from the template instead of lying on top of it."),
    flag("clone_permissions", "The new object gets the permissions of the one that it is made from."),
    text("correlation_id", "Stands on the events and jobs that come of the request; also a header."),
    flag("current", "What a running VM has now, not what it gets at its next start."),
    flag("deploy_hosted_engine", "The host may run the engine's own VM."),
    flag("destroy", "The storage domain is forgotten; its content stays as it is."),
    flag("detach_only", "Disks are detached and kept."),
    text("detail", "More details of the members, by name."),
    flag("filter", "Only what the user was given a permission for himself."),
    text("follow", "Links whose content is put in their place: names with dots between, commas between paths."),
    flag("force", "Also where something speaks against it."),
    flag("format", "The storage is wiped."),
    number("from", "Only events after the one with this index."),
    text("host", "Name or id of the host that does the work."),
    flag("include_active", "The active image, too."),
    flag("include_template", "The template's image, too."),
    number("max", "At most so many members; -1 is all of them."),
    text("migration_target_of", "Only hosts to which all these VMs (ids with commas between) can migrate."),
    flag("next_run", "The configuration of the VM's next start."),
    flag("ovf_as_ova", "The VM's configuration is written as in an OVA file."),
    flag("reboot", "The host is rebooted when it is installed."),
    flag("refresh", "The storage is asked again."),
    number("replica_count", "Copies of each file of a Gluster volume."),
    flag("report_status", "The state of each LUN is found out, which takes longer."),
    flag("require_consistency", "The backup stops when guests can't be frozen."),
    flag("seal", "What is particular to one machine is removed from the disks."),
    text("search", "Only members that fit, in oVirt's search language: `name=web* and status=up sortby name asc page 2`."),
    text("storage_domain", "Name or id of the storage domain that is meant."),
    number("stripe_count", "Parts of each file of a Gluster volume."),
    flag("undeploy_hosted_engine", "The host may not run the engine's own VM any more."),
    flag("unregistered", "Objects that lie on the storage and that the engine does not know."),
    flag("use_active", "The active disks are backed up, without a snapshot."),
    text("version", "The compatibility version that is meant."),
    flag("wait", "Accepted and without effect: jobs tell of the end."),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_sorted() {
        assert!(PARAMETERS.is_sorted_by(|a, b| a.name < b.name));
    }
}
