//! The root of the API and the system's own settings.

use super::{Architecture, Host, Package, Permit, Tag, Template, TpmSupport, User, Version, Vm};
use api_schema::api_type;
use base::Timestamp;

api_type! {
    /// The root document.
    entity Api = "api", "apis" {
        authenticated_user: Box<User>,
        effective_user: Box<User>,
        engine_backup: Box<EngineBackupInfo>,
        product_info: Box<ProductInfo>,
        special_objects: Box<SpecialObjects>,
        summary: Box<ApiSummary>,
        time: Timestamp,
    }

    /// How many hosts, storage domains, users and VMs there are.
    value ApiSummary = "api_summary", "api_summaries" {
        hosts: Box<ApiSummaryItem>,
        storage_domains: Box<ApiSummaryItem>,
        users: Box<ApiSummaryItem>,
        vms: Box<ApiSummaryItem>,
    }

    /// Active and total.
    value ApiSummaryItem = "api_summary_item", "api_summary_items" {
        active: i64,
        total: i64,
    }

    /// Name, vendor and version of the engine.
    value ProductInfo = "product_info", "product_infos" {
        name: String,
        instance_id: String,
        vendor: String,
        version: Box<Version>,
    }

    /// Well-known objects: the Blank template and the root tag.
    value SpecialObjects = "special_objects", "special_objectss" {
        blank_template: Box<Template>,
        root_tag: Box<Tag>,
    }

    /// When the engine was last backed up.
    value EngineBackupInfo = "engine_backup_info", "engine_backup_infos" {
        last_cinder_backup: Timestamp,
        last_db_backup: Timestamp,
        last_dwh_backup: Timestamp,
        last_engine_backup: Timestamp,
        last_grafana_backup: Timestamp,
        last_keycloak_backup: Timestamp,
    }

    /// A setting of the engine, a value for each version.
    entity SystemOption = "system_option", "system_options" {
        name: String,
        description: String,
        comment: String,
        values: Vec<SystemOptionValue>,
    }

    /// A setting's value in one version.
    value SystemOptionValue = "system_option_value", "system_option_values" {
        value: String,
        version: String,
    }

    /// A stored search.
    entity Bookmark = "bookmark", "bookmarks" {
        name: String,
        description: String,
        comment: String,
        value: String,
    }

    /// An icon of VMs.
    entity Icon = "icon", "icons" {
        name: String,
        description: String,
        comment: String,
        data: String,
        media_type: String,
    }

    /// An erratum that Katello knows.
    entity KatelloErratum = "katello_erratum", "katello_errata" {
        name: String,
        description: String,
        comment: String,
        host: Box<Host>,
        issued: Timestamp,
        packages: Vec<Package>,
        severity: String,
        solution: String,
        summary: String,
        title: String,
        type_ as "type": String,
        vm: Box<Vm>,
    }

    /// A compatibility level of clusters.
    entity ClusterLevel = "cluster_level", "cluster_levels" {
        name: String,
        description: String,
        comment: String,
        cluster_features: Vec<ClusterFeature> = linked,
        cpu_types: Vec<CpuType>,
        permits: Vec<Permit>,
    }

    /// A feature that clusters may support.
    entity ClusterFeature = "cluster_feature", "cluster_features" {
        name: String,
        description: String,
        comment: String,
        cluster_level: Box<ClusterLevel>,
    }

    /// A CPU type that clusters may have.
    value CpuType = "cpu_type", "cpu_types" {
        name: String,
        architecture: Architecture,
        level: i64,
    }

    /// A guest operating system that VMs may name.
    entity OperatingSystemInfo = "operating_system", "operation_systems" {
        name: String,
        description: String,
        comment: String,
        architecture: Architecture,
        large_icon: Box<Icon>,
        small_icon: Box<Icon>,
        tpm_support: TpmSupport,
    }
}
