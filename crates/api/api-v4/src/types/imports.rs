//! VMs and templates that come from elsewhere.

use super::{
    AffinityGroup, AffinityLabel, Cluster, ConfigurationType, CpuProfile, Disk, Domain,
    ExternalVmProviderType, File, Host, Quota, Role, StorageDomain, Template, Vm, VnicProfile,
};
use api_schema::api_type;

api_type! {
    /// A VM to be imported from another system.
    value ExternalVmImport = "external_vm_import", "external_vm_imports" {
        name: String,
        cluster: Box<Cluster>,
        cpu_profile: Box<CpuProfile>,
        drivers_iso: Box<File>,
        host: Box<Host>,
        password: String,
        provider: ExternalVmProviderType,
        quota: Box<Quota>,
        sparse: bool,
        storage_domain: Box<StorageDomain>,
        url: String,
        username: String,
        vm: Box<Vm>,
    }

    /// A template to be imported from another system.
    value ExternalTemplateImport = "external_template_import", "external_template_imports" {
        clone: bool,
        cluster: Box<Cluster>,
        cpu_profile: Box<CpuProfile>,
        host: Box<Host>,
        quota: Box<Quota>,
        storage_domain: Box<StorageDomain>,
        template: Box<Template>,
        url: String,
    }

    /// What replaces what when a VM or template is registered.
    value RegistrationConfiguration = "registration_configuration", "registration_configurations" {
        affinity_group_mappings: Vec<RegistrationAffinityGroupMapping>,
        affinity_label_mappings: Vec<RegistrationAffinityLabelMapping>,
        cluster_mappings: Vec<RegistrationClusterMapping>,
        domain_mappings: Vec<RegistrationDomainMapping>,
        lun_mappings: Vec<RegistrationLunMapping>,
        role_mappings: Vec<RegistrationRoleMapping>,
        vnic_profile_mappings: Vec<RegistrationVnicProfileMapping>,
    }

    /// Which affinity group replaces one.
    value RegistrationAffinityGroupMapping = "registration_affinity_group_mapping", "registration_affinity_group_mappings" {
        from: Box<AffinityGroup>,
        to: Box<AffinityGroup>,
    }

    /// Which affinity label replaces one.
    value RegistrationAffinityLabelMapping = "registration_affinity_label_mapping", "registration_affinity_label_mappings" {
        from: Box<AffinityLabel>,
        to: Box<AffinityLabel>,
    }

    /// Which cluster replaces one.
    value RegistrationClusterMapping = "registration_cluster_mapping", "registration_cluster_mappings" {
        from: Box<Cluster>,
        to: Box<Cluster>,
    }

    /// Which directory replaces one.
    value RegistrationDomainMapping = "registration_domain_mapping", "registration_domain_mappings" {
        from: Box<Domain>,
        to: Box<Domain>,
    }

    /// Which LUN replaces one.
    value RegistrationLunMapping = "registration_lun_mapping", "registration_lun_mappings" {
        from: Box<Disk>,
        to: Box<Disk>,
    }

    /// Which role replaces one.
    value RegistrationRoleMapping = "registration_role_mapping", "registration_role_mappings" {
        from: Box<Role>,
        to: Box<Role>,
    }

    /// Which vNIC profile replaces one.
    value RegistrationVnicProfileMapping = "registration_vnic_profile_mapping", "registration_vnic_profile_mappings" {
        from: Box<VnicProfile>,
        to: Box<VnicProfile>,
    }

    /// A VM in OVF.
    value Configuration = "configuration", "configurations" {
        data: String,
        type_ as "type": ConfigurationType,
    }
}
