// Version 4 of oVirt's API in JSON as the engine writes it. Made by `cargo xtask api`; not edited by hand.
// When reading, the engine also takes plain booleans and numbers.

/** A boolean. */
export type Flag = 'true' | 'false';
/** A 64-bit integer in decimal digits. */
export type Int = string;
/** Milliseconds since 1970. */
export type Moment = number;
/** Where something else is. */
export interface Hyperlink { href: string; rel: string }
/** Many of something: one member, named after the items; none when there are none. */
export type Many<Tag extends string, Item> = { [tag in Tag]?: Item[] };
/** What has an address of its own. */
export interface Entity {
  id?: string;
  href?: string;
  link?: Hyperlink[];
  actions?: { link?: Hyperlink[] };
}

/** Access protocol. */
export type AccessProtocol = 'cifs' | 'gluster' | 'nfs';

/** Architecture. */
export type Architecture = 'aarch64' | 'loongarch64' | 'ppc64' | 's390x' | 'undefined' | 'x86_64';

/** Auto NUMA status. */
export type AutoNumaStatus = 'disable' | 'enable' | 'unknown';

/** Auto pinning policy. */
export type AutoPinningPolicy = 'adjust' | 'disabled' | 'existing';

/** Backup phase. */
export type BackupPhase = 'failed' | 'finalizing' | 'initializing' | 'ready' | 'starting' | 'succeeded';

/** BIOS type. */
export type BiosType = 'cluster_default' | 'i440fx_sea_bios' | 'q35_ovmf' | 'q35_sea_bios' | 'q35_secure_boot';

/** Boot device. */
export type BootDevice = 'cdrom' | 'hd' | 'network';

/** Boot protocol. */
export type BootProtocol = 'autoconf' | 'dhcp' | 'none' | 'poly_dhcp_autoconf' | 'static';

/** Checkpoint state. */
export type CheckpointState = 'created' | 'invalid';

/** Cloud init network protocol. */
export type CloudInitNetworkProtocol = 'eni' | 'openstack_metadata';

/** Cluster upgrade action. */
export type ClusterUpgradeAction = 'finish' | 'start' | 'update_progress';

/** Configuration type. */
export type ConfigurationType = 'ova' | 'ovf';

/** CPU mode. */
export type CpuMode = 'custom' | 'host_model' | 'host_passthrough';

/** CPU pinning policy. */
export type CpuPinningPolicy = 'dedicated' | 'isolate_threads' | 'manual' | 'none' | 'resize_and_pin_numa';

/** Creation status. */
export type CreationStatus = 'complete' | 'failed' | 'in_progress' | 'pending';

/** Data center status. */
export type DataCenterStatus = 'contend' | 'maintenance' | 'not_operational' | 'problematic' | 'uninitialized' | 'up';

/** Disk backup. */
export type DiskBackup = 'incremental' | 'none';

/** Disk backup mode. */
export type DiskBackupMode = 'full' | 'incremental';

/** Disk content type. */
export type DiskContentType = 'backup_scratch' | 'data' | 'hosted_engine' | 'hosted_engine_configuration' | 'hosted_engine_metadata' | 'hosted_engine_sanlock' | 'iso' | 'memory_dump_volume' | 'memory_metadata_volume' | 'ovf_store';

/** Disk format. */
export type DiskFormat = 'cow' | 'raw';

/** Disk interface. */
export type DiskInterface = 'ide' | 'sata' | 'spapr_vscsi' | 'virtio' | 'virtio_scsi';

/** Disk status. */
export type DiskStatus = 'illegal' | 'locked' | 'ok';

/** Disk storage type. */
export type DiskStorageType = 'cinder' | 'image' | 'lun' | 'managed_block_storage';

/** Disk type. */
export type DiskType = 'data' | 'system';

/** Display type. */
export type DisplayType = 'spice' | 'vnc';

/** Entity external status. */
export type EntityExternalStatus = 'error' | 'failure' | 'info' | 'ok' | 'warning';

/** External status. */
export type ExternalStatus = 'error' | 'failure' | 'info' | 'ok' | 'warning';

/** External system type. */
export type ExternalSystemType = 'gluster' | 'vdsm';

/** External VM provider type. */
export type ExternalVmProviderType = 'kvm' | 'vmware' | 'xen';

/** Fence type. */
export type FenceType = 'manual' | 'restart' | 'start' | 'status' | 'stop';

/** FIPS mode. */
export type FipsMode = 'disabled' | 'enabled' | 'undefined';

/** Firewall type. */
export type FirewallType = 'firewalld' | 'iptables';

/** Gluster brick status. */
export type GlusterBrickStatus = 'down' | 'unknown' | 'up';

/** Gluster hook status. */
export type GlusterHookStatus = 'disabled' | 'enabled' | 'missing';

/** Gluster state. */
export type GlusterState = 'down' | 'unknown' | 'up';

/** Gluster volume status. */
export type GlusterVolumeStatus = 'down' | 'unknown' | 'up';

/** Gluster volume type. */
export type GlusterVolumeType = 'disperse' | 'distribute' | 'distributed_disperse' | 'distributed_replicate' | 'distributed_stripe' | 'distributed_striped_replicate' | 'replicate' | 'stripe' | 'striped_replicate';

/** Graphics type. */
export type GraphicsType = 'spice' | 'vnc';

/** Hook content type. */
export type HookContentType = 'binary' | 'text';

/** Hook stage. */
export type HookStage = 'post' | 'pre';

/** Hook status. */
export type HookStatus = 'disabled' | 'enabled' | 'missing';

/** Host protocol. */
export type HostProtocol = 'stomp' | 'xml';

/** Host status. */
export type HostStatus = 'connecting' | 'down' | 'error' | 'initializing' | 'install_failed' | 'installing' | 'installing_os' | 'kdumping' | 'maintenance' | 'non_operational' | 'non_responsive' | 'pending_approval' | 'preparing_for_maintenance' | 'reboot' | 'unassigned' | 'up';

/** Host type. */
export type HostType = 'ovirt_node' | 'rhel' | 'rhev_h';

/** Image file type. */
export type ImageFileType = 'disk' | 'floppy' | 'iso';

/** Image transfer direction. */
export type ImageTransferDirection = 'download' | 'upload';

/** Image transfer phase. */
export type ImageTransferPhase = 'cancelled' | 'cancelled_system' | 'cancelled_user' | 'finalizing_cleanup' | 'finalizing_failure' | 'finalizing_success' | 'finished_cleanup' | 'finished_failure' | 'finished_success' | 'initializing' | 'paused_system' | 'paused_user' | 'resuming' | 'transferring' | 'unknown';

/** Image transfer timeout policy. */
export type ImageTransferTimeoutPolicy = 'cancel' | 'legacy' | 'pause';

/** Inheritable boolean. */
export type InheritableBoolean = 'false' | 'inherit' | 'true';

/** IP version. */
export type IpVersion = 'v4' | 'v6';

/** Job status. */
export type JobStatus = 'aborted' | 'failed' | 'finished' | 'started' | 'unknown';

/** Kdump status. */
export type KdumpStatus = 'disabled' | 'enabled' | 'unknown';

/** Log max memory used threshold type. */
export type LogMaxMemoryUsedThresholdType = 'absolute_value_in_mb' | 'percentage';

/** Log severity. */
export type LogSeverity = 'alert' | 'error' | 'normal' | 'warning';

/** LUN status. */
export type LunStatus = 'free' | 'unusable' | 'used';

/** Message broker type. */
export type MessageBrokerType = 'qpid' | 'rabbit_mq';

/** Migrate on error. */
export type MigrateOnError = 'do_not_migrate' | 'migrate' | 'migrate_highly_available';

/** Migration bandwidth assignment method. */
export type MigrationBandwidthAssignmentMethod = 'auto' | 'custom' | 'hypervisor_default';

/** Network plugin type. */
export type NetworkPluginType = 'open_vswitch';

/** Network status. */
export type NetworkStatus = 'non_operational' | 'operational';

/** Network usage. */
export type NetworkUsage = 'default_route' | 'display' | 'gluster' | 'management' | 'migration' | 'vm';

/** NFS version. */
export type NfsVersion = 'auto' | 'v3' | 'v4' | 'v4_0' | 'v4_1' | 'v4_2';

/** NIC interface. */
export type NicInterface = 'e1000' | 'e1000e' | 'pci_passthrough' | 'rtl8139' | 'rtl8139_virtio' | 'spapr_vlan' | 'virtio';

/** NIC status. */
export type NicStatus = 'down' | 'up';

/** Notifiable event. */
export type NotifiableEvent = 'cluster_alert_ha_reservation' | 'cluster_alert_ha_reservation_down' | 'dwh_error' | 'dwh_stopped' | 'engine_backup_completed' | 'engine_backup_failed' | 'engine_backup_started' | 'engine_ca_certification_has_expired' | 'engine_ca_certification_is_about_to_expire' | 'engine_certification_has_expired' | 'engine_certification_is_about_to_expire' | 'engine_stop' | 'faulty_multipaths_on_host' | 'gluster_brick_status_changed' | 'gluster_hook_add_failed' | 'gluster_hook_added' | 'gluster_hook_conflict_detected' | 'gluster_hook_detected_delete' | 'gluster_hook_detected_new' | 'gluster_hook_disable' | 'gluster_hook_disable_failed' | 'gluster_hook_enable' | 'gluster_hook_enable_failed' | 'gluster_hook_remove_failed' | 'gluster_hook_removed' | 'gluster_server_add_failed' | 'gluster_server_remove' | 'gluster_server_remove_failed' | 'gluster_service_restart_failed' | 'gluster_service_restarted' | 'gluster_service_start_failed' | 'gluster_service_started' | 'gluster_service_stop_failed' | 'gluster_service_stopped' | 'gluster_volume_add_brick' | 'gluster_volume_add_brick_failed' | 'gluster_volume_all_snapshots_delete_failed' | 'gluster_volume_all_snapshots_deleted' | 'gluster_volume_brick_replaced' | 'gluster_volume_confirmed_space_low' | 'gluster_volume_create' | 'gluster_volume_create_failed' | 'gluster_volume_delete' | 'gluster_volume_delete_failed' | 'gluster_volume_migrate_brick_data_finished' | 'gluster_volume_option_added' | 'gluster_volume_option_modified' | 'gluster_volume_option_set_failed' | 'gluster_volume_options_reset' | 'gluster_volume_options_reset_all' | 'gluster_volume_options_reset_failed' | 'gluster_volume_profile_start' | 'gluster_volume_profile_start_failed' | 'gluster_volume_profile_stop' | 'gluster_volume_profile_stop_failed' | 'gluster_volume_rebalance_finished' | 'gluster_volume_rebalance_not_found_from_cli' | 'gluster_volume_rebalance_start' | 'gluster_volume_rebalance_start_detected_from_cli' | 'gluster_volume_rebalance_start_failed' | 'gluster_volume_rebalance_stop' | 'gluster_volume_rebalance_stop_failed' | 'gluster_volume_remove_bricks' | 'gluster_volume_remove_bricks_failed' | 'gluster_volume_remove_bricks_stop' | 'gluster_volume_remove_bricks_stop_failed' | 'gluster_volume_replace_brick_failed' | 'gluster_volume_replace_brick_start' | 'gluster_volume_replace_brick_start_failed' | 'gluster_volume_snapshot_activate_failed' | 'gluster_volume_snapshot_activated' | 'gluster_volume_snapshot_create_failed' | 'gluster_volume_snapshot_created' | 'gluster_volume_snapshot_deactivate_failed' | 'gluster_volume_snapshot_deactivated' | 'gluster_volume_snapshot_delete_failed' | 'gluster_volume_snapshot_deleted' | 'gluster_volume_snapshot_restore_failed' | 'gluster_volume_snapshot_restored' | 'gluster_volume_start' | 'gluster_volume_start_failed' | 'gluster_volume_stop' | 'gluster_volume_stop_failed' | 'ha_vm_failed' | 'ha_vm_restart_failed' | 'host_activate_failed' | 'host_activate_manual_ha' | 'host_approve_failed' | 'host_bond_slave_state_down' | 'host_certificate_has_invalid_san' | 'host_certification_has_expired' | 'host_certification_is_about_to_expire' | 'host_failure' | 'host_high_cpu_use' | 'host_high_mem_use' | 'host_high_swap_use' | 'host_initiated_run_vm_failed' | 'host_install_failed' | 'host_interface_high_network_use' | 'host_interface_state_down' | 'host_low_mem' | 'host_low_swap' | 'host_recover_failed' | 'host_set_nonoperational' | 'host_set_nonoperational_domain' | 'host_set_nonoperational_iface_down' | 'host_slow_storage_response_time' | 'host_time_drift_alert' | 'host_untrusted' | 'host_updates_are_available' | 'host_updates_are_available_with_packages' | 'importexport_import_template_from_trusted_to_untrusted' | 'importexport_import_template_from_untrusted_to_trusted' | 'importexport_import_vm_from_trusted_to_untrusted' | 'importexport_import_vm_from_untrusted_to_trusted' | 'irs_confirmed_disk_space_low' | 'irs_disk_space_low' | 'irs_disk_space_low_error' | 'irs_failure' | 'mac_address_is_external' | 'multipath_devices_without_valid_paths_on_host' | 'network_update_display_for_cluster_with_active_vm' | 'network_update_display_for_host_with_active_vm' | 'no_faulty_multipaths_on_host' | 'number_of_lvs_on_storage_domain_exceeded_threshold' | 'remove_gluster_volume_bricks_not_found_from_cli' | 'start_removing_gluster_volume_bricks' | 'start_removing_gluster_volume_bricks_detected_from_cli' | 'start_removing_gluster_volume_bricks_failed' | 'system_change_storage_pool_status_no_host_for_spm' | 'system_deactivated_storage_domain' | 'user_add_vm_from_trusted_to_untrusted' | 'user_add_vm_from_untrusted_to_trusted' | 'user_add_vm_template_from_trusted_to_untrusted' | 'user_add_vm_template_from_untrusted_to_trusted' | 'user_host_maintenance' | 'user_host_maintenance_manual_ha' | 'user_host_maintenance_migration_failed' | 'user_update_vm_from_trusted_to_untrusted' | 'user_update_vm_from_untrusted_to_trusted' | 'user_update_vm_template_from_trusted_to_untrusted' | 'user_update_vm_template_from_untrusted_to_trusted' | 'vm_console_connected' | 'vm_console_disconnected' | 'vm_down_error' | 'vm_failure' | 'vm_migration_failed' | 'vm_migration_start' | 'vm_migration_to_server_failed' | 'vm_not_responding' | 'vm_paused' | 'vm_paused_eio' | 'vm_paused_enospc' | 'vm_paused_eperm' | 'vm_paused_error' | 'vm_recovered_from_pause_error' | 'vm_set_ticket' | 'vm_status_restored';

/** Notification method. */
export type NotificationMethod = 'smtp' | 'snmp';

/** NUMA tune mode. */
export type NumaTuneMode = 'interleave' | 'preferred' | 'strict';

/** Open stack network provider type. */
export type OpenStackNetworkProviderType = 'external' | 'neutron';

/** Openstack volume authentication key usage type. */
export type OpenstackVolumeAuthenticationKeyUsageType = 'ceph';

/** OS type. */
export type OsType = 'other' | 'other_linux' | 'rhel_3' | 'rhel_3x64' | 'rhel_4' | 'rhel_4x64' | 'rhel_5' | 'rhel_5x64' | 'rhel_6' | 'rhel_6x64' | 'unassigned' | 'windows_2003' | 'windows_2003x64' | 'windows_2008' | 'windows_2008r2x64' | 'windows_2008x64' | 'windows_2012x64' | 'windows_7' | 'windows_7x64' | 'windows_8' | 'windows_8x64' | 'windows_xp';

/** Parallel migrations policy. */
export type ParallelMigrationsPolicy = 'auto' | 'auto_parallel' | 'custom' | 'disabled' | 'inherit';

/** Payload encoding. */
export type PayloadEncoding = 'base64' | 'plaintext';

/** Power management proxy type. */
export type PmProxyType = 'cluster' | 'dc' | 'other_dc';

/** Policy unit type. */
export type PolicyUnitType = 'filter' | 'load_balancing' | 'weight';

/** Power management status. */
export type PowerManagementStatus = 'off' | 'on' | 'unknown';

/** Qcow version. */
export type QcowVersion = 'qcow2_v2' | 'qcow2_v3';

/** QoS type. */
export type QosType = 'cpu' | 'hostnetwork' | 'network' | 'storage';

/** Quota mode type. */
export type QuotaModeType = 'audit' | 'disabled' | 'enabled';

/** Reported device type. */
export type ReportedDeviceType = 'network';

/** Resolution type. */
export type ResolutionType = 'add' | 'copy';

/** RNG source. */
export type RngSource = 'hwrng' | 'random' | 'urandom';

/** Role type. */
export type RoleType = 'admin' | 'user';

/** SCSI generic I/O. */
export type ScsiGenericIO = 'disabled' | 'filtered' | 'unfiltered';

/** Se linux mode. */
export type SeLinuxMode = 'disabled' | 'enforcing' | 'permissive';

/** Serial number policy. */
export type SerialNumberPolicy = 'custom' | 'host' | 'none' | 'vm';

/** Snapshot status. */
export type SnapshotStatus = 'in_preview' | 'locked' | 'ok';

/** Snapshot type. */
export type SnapshotType = 'active' | 'preview' | 'regular' | 'stateless';

/** SPM status. */
export type SpmStatus = 'contending' | 'none' | 'spm';

/** SSH authentication method. */
export type SshAuthenticationMethod = 'password' | 'publickey';

/** SSO method. */
export type SsoMethod = 'guest_agent';

/** Statistic kind. */
export type StatisticKind = 'counter' | 'gauge';

/** Statistic unit. */
export type StatisticUnit = 'bits_per_second' | 'bytes' | 'bytes_per_second' | 'count_per_second' | 'none' | 'percent' | 'seconds';

/** Step enum. */
export type StepEnum = 'executing' | 'finalizing' | 'rebalancing_volume' | 'removing_bricks' | 'unknown' | 'validating';

/** Step status. */
export type StepStatus = 'aborted' | 'failed' | 'finished' | 'started' | 'unknown';

/** Storage domain status. */
export type StorageDomainStatus = 'activating' | 'active' | 'detaching' | 'inactive' | 'locked' | 'maintenance' | 'mixed' | 'preparing_for_maintenance' | 'unattached' | 'unknown';

/** Storage domain type. */
export type StorageDomainType = 'data' | 'export' | 'image' | 'iso' | 'managed_block_storage' | 'volume';

/** Storage format. */
export type StorageFormat = 'v1' | 'v2' | 'v3' | 'v4' | 'v5';

/** Storage type. */
export type StorageType = 'cinder' | 'fcp' | 'glance' | 'glusterfs' | 'iscsi' | 'localfs' | 'managed_block_storage' | 'nfs' | 'posixfs';

/** Switch type. */
export type SwitchType = 'legacy' | 'ovs';

/** Template status. */
export type TemplateStatus = 'illegal' | 'locked' | 'ok';

/** TPM support. */
export type TpmSupport = 'required' | 'supported' | 'unsupported';

/** Transport type. */
export type TransportType = 'rdma' | 'tcp';

/** USB type. */
export type UsbType = 'legacy' | 'native';

/** Value type. */
export type ValueType = 'decimal' | 'integer' | 'string';

/** VGPU placement. */
export type VgpuPlacement = 'consolidated' | 'separated';

/** Video type. */
export type VideoType = 'bochs' | 'cirrus' | 'qxl' | 'vga';

/** VM affinity. */
export type VmAffinity = 'migratable' | 'pinned' | 'user_migratable';

/** VM device type. */
export type VmDeviceType = 'cdrom' | 'floppy';

/** VM pool type. */
export type VmPoolType = 'automatic' | 'manual';

/** VM status. */
export type VmStatus = 'down' | 'image_locked' | 'migrating' | 'not_responding' | 'paused' | 'powering_down' | 'powering_up' | 'reboot_in_progress' | 'restoring_state' | 'saving_state' | 'suspended' | 'unassigned' | 'unknown' | 'up' | 'wait_for_launch';

/** VM storage error resume behaviour. */
export type VmStorageErrorResumeBehaviour = 'auto_resume' | 'kill' | 'leave_paused';

/** VM type. */
export type VmType = 'desktop' | 'high_performance' | 'server';

/** Vnic pass through mode. */
export type VnicPassThroughMode = 'disabled' | 'enabled';

/** Watchdog action. */
export type WatchdogAction = 'dump' | 'none' | 'pause' | 'poweroff' | 'reset';

/** Watchdog model. */
export type WatchdogModel = 'diag288' | 'i6300esb';

/** An action on a resource: its arguments and its result. */
export interface Action extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  activate?: Flag;
  allow_partial_import?: Flag;
  async?: Flag;
  attach_wgt?: Flag;
  attachment?: DiskAttachment;
  authorized_key?: AuthorizedKey;
  auto_pinning_policy?: AutoPinningPolicy;
  bricks?: Many<'brick', GlusterBrick>;
  certificates?: Many<'certificate', Certificate>;
  check_connectivity?: Flag;
  clone?: Flag;
  clone_permissions?: Flag;
  cluster?: Cluster;
  collapse_snapshots?: Flag;
  commit_on_success?: Flag;
  connection?: StorageConnection;
  connectivity_timeout?: Int;
  correlation_id?: string;
  data_center?: DataCenter;
  deploy_hosted_engine?: Flag;
  details?: GlusterVolumeProfileDetails;
  directory?: string;
  discard_snapshots?: Flag;
  discovered_targets?: Many<'iscsi_details', IscsiDetails>;
  disk?: Disk;
  disk_profile?: DiskProfile;
  disks?: Many<'disk', Disk>;
  exclusive?: Flag;
  fault?: Fault;
  fence_type?: string;
  filename?: string;
  filter?: Flag;
  fix_layout?: Flag;
  follow?: string;
  force?: Flag;
  grace_period?: GracePeriod;
  host?: Host;
  image?: string;
  image_transfer?: ImageTransfer;
  import_as_template?: Flag;
  is_attached?: Flag;
  iscsi?: IscsiDetails;
  iscsi_targets?: Many<'iscsi_target', string>;
  job?: Job;
  lease?: StorageDomainLease;
  logical_units?: Many<'logical_unit', LogicalUnit>;
  maintenance_after_restart?: Flag;
  maintenance_enabled?: Flag;
  migrate_vms_in_affinity_closure?: Flag;
  modified_bonds?: Many<'host_nic', HostNic>;
  modified_labels?: Many<'network_label', NetworkLabel>;
  modified_network_attachments?: Many<'network_attachment', NetworkAttachment>;
  optimize_cpu_settings?: Flag;
  option?: Option;
  pause?: Flag;
  permission?: Permission;
  power_management?: PowerManagement;
  proxy_ticket?: ProxyTicket;
  quota?: Quota;
  reason?: string;
  reassign_bad_macs?: Flag;
  reboot?: Flag;
  registration_configuration?: RegistrationConfiguration;
  remote_viewer_connection_file?: string;
  removed_bonds?: Many<'host_nic', HostNic>;
  removed_labels?: Many<'network_label', NetworkLabel>;
  removed_network_attachments?: Many<'network_attachment', NetworkAttachment>;
  resolution_type?: string;
  restore_memory?: Flag;
  root_password?: string;
  seal?: Flag;
  snapshot?: Snapshot;
  source_host?: Host;
  ssh?: Ssh;
  status?: string;
  stop_gluster_service?: Flag;
  storage_domain?: StorageDomain;
  storage_domains?: Many<'storage_domain', StorageDomain>;
  succeeded?: Flag;
  synchronized_network_attachments?: Many<'network_attachment', NetworkAttachment>;
  template?: Template;
  ticket?: Ticket;
  timeout?: Int;
  undeploy_hosted_engine?: Flag;
  upgrade_action?: ClusterUpgradeAction;
  upgrade_percent_complete?: Int;
  use_cloud_init?: Flag;
  use_ignition?: Flag;
  use_initialization?: Flag;
  use_sysprep?: Flag;
  virtual_functions_configuration?: HostNicVirtualFunctionsConfiguration;
  vm?: Vm;
  vnic_profile_mappings?: Many<'vnic_profile_mapping', VnicProfileMapping>;
  volatile?: Flag;
}

/** VMs and hosts that shall be together or apart. */
export interface AffinityGroup extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  broken?: Flag;
  cluster?: Cluster;
  enforcing?: Flag;
  host_labels?: Many<'affinity_label', AffinityLabel>;
  hosts?: Many<'host', Host>;
  hosts_rule?: AffinityRule;
  positive?: Flag;
  priority?: number;
  vm_labels?: Many<'affinity_label', AffinityLabel>;
  vms?: Many<'vm', Vm>;
  vms_rule?: AffinityRule;
}

/** A label that binds VMs to hosts. */
export interface AffinityLabel extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  has_implicit_affinity_group?: Flag;
  hosts?: Many<'host', Host>;
  read_only?: Flag;
  vms?: Many<'vm', Vm>;
}

/** Whether a rule of an affinity group is on, and how strictly. */
export interface AffinityRule {
  enabled?: Flag;
  enforcing?: Flag;
  positive?: Flag;
}

/** A fencing agent. */
export interface Agent extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  address?: string;
  concurrent?: Flag;
  encrypt_options?: Flag;
  host?: Host;
  options?: Many<'option', Option>;
  order?: Int;
  password?: string;
  port?: Int;
  type?: string;
  username?: string;
}

/** What an agent of a network provider needs. */
export interface AgentConfiguration {
  address?: string;
  broker_type?: MessageBrokerType;
  network_mappings?: string;
  password?: string;
  port?: Int;
  username?: string;
}

/** The root document. */
export interface Api extends Entity {
  authenticated_user?: User;
  effective_user?: User;
  engine_backup?: EngineBackupInfo;
  product_info?: ProductInfo;
  special_objects?: SpecialObjects;
  summary?: ApiSummary;
  time?: Moment;
}

/** How many hosts, storage domains, users and VMs there are. */
export interface ApiSummary {
  hosts?: ApiSummaryItem;
  storage_domains?: ApiSummaryItem;
  users?: ApiSummaryItem;
  vms?: ApiSummaryItem;
}

/** Active and total. */
export interface ApiSummaryItem {
  active?: Int;
  total?: Int;
}

/** A program installed in a guest. */
export interface Application extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  vm?: Vm;
}

/** A key that a guest shall trust. */
export interface AuthorizedKey extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  key?: string;
  user?: User;
}

/** A backup of a VM's disks. */
export interface Backup extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  creation_date?: Moment;
  disks?: Many<'disk', Disk>;
  from_checkpoint_id?: string;
  host?: Host;
  modification_date?: Moment;
  phase?: BackupPhase;
  snapshot?: Snapshot;
  to_checkpoint_id?: string;
  vm?: Vm;
}

/** A balancer in a scheduling policy. */
export interface Balance extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  scheduling_policy?: SchedulingPolicy;
  scheduling_policy_unit?: SchedulingPolicyUnit;
}

/** Firmware and chip set. */
export interface Bios {
  boot_menu?: BootMenu;
  type?: BiosType;
}

/** Sizes of blocks and how often they occurred. */
export interface BlockStatistic {
  statistics?: Many<'statistic', Statistic>;
}

/** Network cards that act as one. */
export interface Bonding {
  active_slave?: HostNic;
  ad_partner_mac?: Mac;
  options?: Many<'option', Option>;
  slaves?: Many<'host_nic', HostNic>;
}

/** A stored search. */
export interface Bookmark extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  value?: string;
}

/** What to boot from. */
export interface Boot {
  devices?: Many<'device', BootDevice>;
}

/** Whether the firmware shows a menu. */
export interface BootMenu {
  enabled?: Flag;
}

/** A brick's profile. */
export interface BrickProfileDetail {
  brick?: GlusterBrick;
  profile_details?: Many<'profile_detail', ProfileDetail>;
}

/** A CD drive. */
export interface Cdrom extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  file?: File;
  instance_type?: InstanceType;
  template?: Template;
  vm?: Vm;
  vms?: Many<'vm', Vm>;
}

/** A certificate. */
export interface Certificate extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  content?: string;
  organization?: string;
  subject?: string;
}

/** A point from which incremental backups start. */
export interface Checkpoint extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  creation_date?: Moment;
  disks?: Many<'disk', Disk>;
  parent_id?: string;
  state?: CheckpointState;
  vm?: Vm;
}

/** Settings for cloud-init. */
export interface CloudInit {
  authorized_keys?: Many<'authorized_key', AuthorizedKey>;
  files?: Many<'file', File>;
  host?: Host;
  network_configuration?: NetworkConfiguration;
  regenerate_ssh_keys?: Flag;
  timezone?: string;
  users?: Many<'user', User>;
}

/** A cluster. */
export interface Cluster extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  affinity_groups?: Many<'affinity_group', AffinityGroup>;
  ballooning_enabled?: Flag;
  bios_type?: BiosType;
  cpu?: Cpu;
  cpu_profiles?: Many<'cpu_profile', CpuProfile>;
  custom_scheduling_policy_properties?: Many<'property', Property>;
  data_center?: DataCenter;
  display?: Display;
  enabled_features?: Many<'cluster_feature', ClusterFeature>;
  error_handling?: ErrorHandling;
  external_network_providers?: Many<'external_provider', ExternalProvider>;
  fencing_policy?: FencingPolicy;
  fips_mode?: FipsMode;
  firewall_type?: FirewallType;
  gluster_hooks?: Many<'gluster_hook', GlusterHook>;
  gluster_service?: Flag;
  gluster_tuned_profile?: string;
  gluster_volumes?: Many<'gluster_volume', GlusterVolume>;
  ha_reservation?: Flag;
  ksm?: Ksm;
  log_max_memory_used_threshold?: Int;
  log_max_memory_used_threshold_type?: LogMaxMemoryUsedThresholdType;
  mac_pool?: MacPool;
  maintenance_reason_required?: Flag;
  management_network?: Network;
  memory_policy?: MemoryPolicy;
  migration?: MigrationOptions;
  network_filters?: Many<'network_filter', NetworkFilter>;
  networks?: Many<'network', Network>;
  optional_reason?: Flag;
  permissions?: Many<'permission', Permission>;
  required_rng_sources?: Many<'required_rng_source', RngSource>;
  scheduling_policy?: SchedulingPolicy;
  serial_number?: SerialNumber;
  supported_versions?: Many<'version', Version>;
  switch_type?: SwitchType;
  threads_as_cores?: Flag;
  trusted_service?: Flag;
  tunnel_migration?: Flag;
  upgrade_correlation_id?: string;
  upgrade_in_progress?: Flag;
  upgrade_percent_complete?: Int;
  version?: Version;
  virt_service?: Flag;
  vnc_encryption?: Flag;
}

/** A feature that clusters may support. */
export interface ClusterFeature extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  cluster_level?: ClusterLevel;
}

/** A compatibility level of clusters. */
export interface ClusterLevel extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  cluster_features?: Many<'cluster_feature', ClusterFeature>;
  cpu_types?: Many<'cpu_type', CpuType>;
  permits?: Many<'permit', Permit>;
}

/** A VM in OVF. */
export interface Configuration {
  data?: string;
  type?: ConfigurationType;
}

/** A serial console. */
export interface Console {
  enabled?: Flag;
}

/** A core of a CPU. */
export interface Core {
  index?: Int;
  socket?: Int;
}

/** CPUs of a VM, host or cluster. */
export interface Cpu {
  name?: string;
  architecture?: Architecture;
  cores?: Many<'core', Core>;
  cpu_tune?: CpuTune;
  level?: Int;
  mode?: CpuMode;
  speed?: number;
  topology?: CpuTopology;
  type?: string;
}

/** A CPU profile: a name for quality of service. */
export interface CpuProfile extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  cluster?: Cluster;
  permissions?: Many<'permission', Permission>;
  qos?: Qos;
}

/** Sockets, cores and threads. */
export interface CpuTopology {
  cores?: Int;
  sockets?: Int;
  threads?: Int;
}

/** Pinning of virtual CPUs. */
export interface CpuTune {
  vcpu_pins?: Many<'vcpu_pin', VcpuPin>;
}

/** A CPU type that clusters may have. */
export interface CpuType {
  name?: string;
  architecture?: Architecture;
  level?: Int;
}

/** A property that an administrator defined. */
export interface CustomProperty {
  name?: string;
  regexp?: string;
  value?: string;
}

/** A data center. */
export interface DataCenter extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  clusters?: Many<'cluster', Cluster>;
  iscsi_bonds?: Many<'iscsi_bond', IscsiBond>;
  local?: Flag;
  mac_pool?: MacPool;
  networks?: Many<'network', Network>;
  permissions?: Many<'permission', Permission>;
  qoss?: Many<'qos', Qos>;
  quota_mode?: QuotaModeType;
  quotas?: Many<'quota', Quota>;
  status?: DataCenterStatus;
  storage_domains?: Many<'storage_domain', StorageDomain>;
  storage_format?: StorageFormat;
  supported_versions?: Many<'version', Version>;
  version?: Version;
}

/** Any device. */
export interface Device extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  instance_type?: InstanceType;
  template?: Template;
  vm?: Vm;
  vms?: Many<'vm', Vm>;
}

/** A disk. */
export interface Disk extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  active?: Flag;
  actual_size?: Int;
  alias?: string;
  backup?: DiskBackup;
  backup_mode?: DiskBackupMode;
  bootable?: Flag;
  content_type?: DiskContentType;
  disk_profile?: DiskProfile;
  disk_snapshots?: Many<'disk_snapshot', DiskSnapshot>;
  external_disk?: string;
  format?: DiskFormat;
  image_id?: string;
  initial_size?: Int;
  instance_type?: InstanceType;
  interface?: DiskInterface;
  logical_name?: string;
  lun_storage?: HostStorage;
  openstack_volume_type?: OpenStackVolumeType;
  permissions?: Many<'permission', Permission>;
  propagate_errors?: Flag;
  provisioned_size?: Int;
  qcow_version?: QcowVersion;
  quota?: Quota;
  read_only?: Flag;
  sgio?: ScsiGenericIO;
  shareable?: Flag;
  snapshot?: Snapshot;
  sparse?: Flag;
  statistics?: Many<'statistic', Statistic>;
  status?: DiskStatus;
  storage_domain?: StorageDomain;
  storage_domains?: Many<'storage_domain', StorageDomain>;
  storage_type?: DiskStorageType;
  template?: Template;
  total_size?: Int;
  uses_scsi_reservation?: Flag;
  vm?: Vm;
  vms?: Many<'vm', Vm>;
  wipe_after_delete?: Flag;
}

/** A disk in a VM or template. */
export interface DiskAttachment extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  active?: Flag;
  bootable?: Flag;
  disk?: Disk;
  interface?: DiskInterface;
  logical_name?: string;
  pass_discard?: Flag;
  read_only?: Flag;
  template?: Template;
  uses_scsi_reservation?: Flag;
  vm?: Vm;
}

/** A disk profile: a name for quality of service. */
export interface DiskProfile extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  permissions?: Many<'permission', Permission>;
  qos?: Qos;
  storage_domain?: StorageDomain;
}

/** A disk as it was at a snapshot. */
export interface DiskSnapshot extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  active?: Flag;
  actual_size?: Int;
  alias?: string;
  backup?: DiskBackup;
  backup_mode?: DiskBackupMode;
  bootable?: Flag;
  content_type?: DiskContentType;
  disk?: Disk;
  disk_profile?: DiskProfile;
  disk_snapshots?: Many<'disk_snapshot', DiskSnapshot>;
  external_disk?: string;
  format?: DiskFormat;
  image_id?: string;
  initial_size?: Int;
  instance_type?: InstanceType;
  interface?: DiskInterface;
  logical_name?: string;
  lun_storage?: HostStorage;
  openstack_volume_type?: OpenStackVolumeType;
  parent?: DiskSnapshot;
  permissions?: Many<'permission', Permission>;
  propagate_errors?: Flag;
  provisioned_size?: Int;
  qcow_version?: QcowVersion;
  quota?: Quota;
  read_only?: Flag;
  sgio?: ScsiGenericIO;
  shareable?: Flag;
  snapshot?: Snapshot;
  sparse?: Flag;
  statistics?: Many<'statistic', Statistic>;
  status?: DiskStatus;
  storage_domain?: StorageDomain;
  storage_domains?: Many<'storage_domain', StorageDomain>;
  storage_type?: DiskStorageType;
  template?: Template;
  total_size?: Int;
  uses_scsi_reservation?: Flag;
  vm?: Vm;
  vms?: Many<'vm', Vm>;
  wipe_after_delete?: Flag;
}

/** The display of a VM or cluster. */
export interface Display {
  address?: string;
  allow_override?: Flag;
  certificate?: Certificate;
  copy_paste_enabled?: Flag;
  disconnect_action?: string;
  disconnect_action_delay?: Int;
  file_transfer_enabled?: Flag;
  keyboard_layout?: string;
  monitors?: Int;
  port?: Int;
  proxy?: string;
  secure_port?: Int;
  single_qxl_pci?: Flag;
  smartcard_enabled?: Flag;
  type?: DisplayType;
  video_type?: VideoType;
}

/** Name servers and search domains. */
export interface Dns {
  search_domains?: Many<'host', Host>;
  servers?: Many<'host', Host>;
}

/** Name servers. */
export interface DnsResolverConfiguration {
  name_servers?: Many<'name_server', string>;
}

/** A directory of users. */
export interface Domain extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  groups?: Many<'group', Group>;
  user?: User;
  users?: Many<'user', User>;
}

/** CPUs as they are while a VM runs. */
export interface DynamicCpu {
  cpu_tune?: CpuTune;
  topology?: CpuTopology;
}

/** When the engine was last backed up. */
export interface EngineBackupInfo {
  last_cinder_backup?: Moment;
  last_db_backup?: Moment;
  last_dwh_backup?: Moment;
  last_engine_backup?: Moment;
  last_grafana_backup?: Moment;
  last_keycloak_backup?: Moment;
}

/** Any profile. */
export interface EntityProfileDetail {
  profile_details?: Many<'profile_detail', ProfileDetail>;
}

/** What happens to VMs of a host that becomes non-operational. */
export interface ErrorHandling {
  on_error?: MigrateOnError;
}

/** An entry of the audit log. */
export interface Event extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  cluster?: Cluster;
  code?: Int;
  correlation_id?: string;
  custom_data?: string;
  custom_id?: Int;
  data_center?: DataCenter;
  flood_rate?: Int;
  host?: Host;
  index?: Int;
  log_on_host?: Flag;
  origin?: string;
  severity?: LogSeverity;
  storage_domain?: StorageDomain;
  template?: Template;
  time?: Moment;
  user?: User;
  vm?: Vm;
}

/** An event that a user wants to be told of. */
export interface EventSubscription extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  address?: string;
  event?: NotifiableEvent;
  notification_method?: NotificationMethod;
  user?: User;
}

/** A compute resource of a provider. */
export interface ExternalComputeResource extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  external_host_provider?: ExternalHostProvider;
  provider?: string;
  url?: string;
  user?: string;
}

/** A host that a provider discovered. */
export interface ExternalDiscoveredHost extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  external_host_provider?: ExternalHostProvider;
  ip?: string;
  last_report?: string;
  mac?: string;
  subnet_name?: string;
}

/** A host of a provider. */
export interface ExternalHost extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  address?: string;
  external_host_provider?: ExternalHostProvider;
}

/** A group of hosts of a provider. */
export interface ExternalHostGroup extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  architecture_name?: string;
  domain_name?: string;
  external_host_provider?: ExternalHostProvider;
  operating_system_name?: string;
  subnet_name?: string;
}

/** A provider of hosts (Foreman). */
export interface ExternalHostProvider extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  authentication_url?: string;
  certificates?: Many<'certificate', Certificate>;
  compute_resources?: Many<'external_compute_resource', ExternalComputeResource>;
  discovered_hosts?: Many<'external_discovered_host', ExternalDiscoveredHost>;
  host_groups?: Many<'external_host_group', ExternalHostGroup>;
  hosts?: Many<'host', Host>;
  password?: string;
  properties?: Many<'property', Property>;
  requires_authentication?: Flag;
  url?: string;
  username?: string;
}

/** A network provider on a host. */
export interface ExternalNetworkProviderConfiguration extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  external_network_provider?: ExternalProvider;
  host?: Host;
}

/** Any provider. */
export interface ExternalProvider extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  authentication_url?: string;
  password?: string;
  properties?: Many<'property', Property>;
  requires_authentication?: Flag;
  url?: string;
  username?: string;
}

/** A template to be imported from another system. */
export interface ExternalTemplateImport {
  clone?: Flag;
  cluster?: Cluster;
  cpu_profile?: CpuProfile;
  host?: Host;
  quota?: Quota;
  storage_domain?: StorageDomain;
  template?: Template;
  url?: string;
}

/** A VM to be imported from another system. */
export interface ExternalVmImport {
  name?: string;
  cluster?: Cluster;
  cpu_profile?: CpuProfile;
  drivers_iso?: File;
  host?: Host;
  password?: string;
  provider?: ExternalVmProviderType;
  quota?: Quota;
  sparse?: Flag;
  storage_domain?: StorageDomain;
  url?: string;
  username?: string;
  vm?: Vm;
}

/** Why a request was refused. */
export interface Fault {
  detail?: string;
  reason?: string;
}

/** When hosts are fenced. */
export interface FencingPolicy {
  enabled?: Flag;
  skip_if_connectivity_broken?: SkipIfConnectivityBroken;
  skip_if_gluster_bricks_up?: Flag;
  skip_if_gluster_quorum_not_met?: Flag;
  skip_if_sd_active?: SkipIfSdActive;
}

/** A file on an ISO domain. */
export interface File extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  content?: string;
  storage_domain?: StorageDomain;
  type?: string;
}

/** A filter in a scheduling policy. */
export interface Filter extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  position?: Int;
  scheduling_policy_unit?: SchedulingPolicyUnit;
}

/** A floppy drive. */
export interface Floppy extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  file?: File;
  instance_type?: InstanceType;
  template?: Template;
  vm?: Vm;
  vms?: Many<'vm', Vm>;
}

/** Figures of one file operation. */
export interface FopStatistic {
  name?: string;
  statistics?: Many<'statistic', Statistic>;
}

/** A brick. */
export interface GlusterBrick extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  brick_dir?: string;
  device?: string;
  fs_name?: string;
  gluster_clients?: Many<'gluster_client', GlusterClient>;
  gluster_volume?: GlusterVolume;
  instance_type?: InstanceType;
  memory_pools?: Many<'memory_pool', GlusterMemoryPool>;
  mnt_options?: string;
  pid?: Int;
  port?: Int;
  server_id?: string;
  statistics?: Many<'statistic', Statistic>;
  status?: GlusterBrickStatus;
  template?: Template;
  vm?: Vm;
  vms?: Many<'vm', Vm>;
}

/** A brick in detail. */
export interface GlusterBrickAdvancedDetails extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  device?: string;
  fs_name?: string;
  gluster_clients?: Many<'gluster_client', GlusterClient>;
  instance_type?: InstanceType;
  memory_pools?: Many<'memory_pool', GlusterMemoryPool>;
  mnt_options?: string;
  pid?: Int;
  port?: Int;
  template?: Template;
  vm?: Vm;
  vms?: Many<'vm', Vm>;
}

/** Memory pools of a brick. */
export interface GlusterBrickMemoryInfo {
  memory_pools?: Many<'memory_pool', GlusterMemoryPool>;
}

/** A client of a brick. */
export interface GlusterClient {
  bytes_read?: Int;
  bytes_written?: Int;
  client_port?: Int;
  host_name?: string;
}

/** A script that runs on gluster's events. */
export interface GlusterHook extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  checksum?: string;
  cluster?: Cluster;
  conflict_status?: Int;
  conflicts?: string;
  content?: string;
  content_type?: HookContentType;
  gluster_command?: string;
  server_hooks?: Many<'server_hook', GlusterServerHook>;
  stage?: HookStage;
  status?: GlusterHookStatus;
}

/** A memory pool. */
export interface GlusterMemoryPool extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  alloc_count?: Int;
  cold_count?: Int;
  hot_count?: Int;
  max_alloc?: Int;
  max_stdalloc?: Int;
  padded_size?: Int;
  pool_misses?: Int;
  type?: string;
}

/** Such a script on one host. */
export interface GlusterServerHook extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  checksum?: string;
  content_type?: HookContentType;
  host?: Host;
  status?: GlusterHookStatus;
}

/** A gluster volume. */
export interface GlusterVolume extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  bricks?: Many<'brick', GlusterBrick>;
  cluster?: Cluster;
  disperse_count?: Int;
  options?: Many<'option', Option>;
  redundancy_count?: Int;
  replica_count?: Int;
  statistics?: Many<'statistic', Statistic>;
  status?: GlusterVolumeStatus;
  stripe_count?: Int;
  transport_types?: Many<'transport_type', TransportType>;
  volume_type?: GlusterVolumeType;
}

/** A volume's profile. */
export interface GlusterVolumeProfileDetails extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  brick_profile_details?: Many<'brick_profile_detail', BrickProfileDetail>;
  nfs_profile_details?: Many<'nfs_profile_detail', NfsProfileDetail>;
}

/** How long to wait before an action begins. */
export interface GracePeriod {
  expiry?: Int;
}

/** A graphics console. */
export interface GraphicsConsole extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  address?: string;
  instance_type?: InstanceType;
  port?: Int;
  protocol?: GraphicsType;
  template?: Template;
  tls_port?: Int;
  vm?: Vm;
}

/** A group of users. */
export interface Group extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  domain?: Domain;
  domain_entry_id?: string;
  namespace?: string;
  permissions?: Many<'permission', Permission>;
  roles?: Many<'role', Role>;
  tags?: Many<'tag', Tag>;
}

/** An operating system as the guest says. */
export interface GuestOperatingSystem {
  architecture?: string;
  codename?: string;
  distribution?: string;
  family?: string;
  kernel?: Kernel;
  version?: Version;
}

/** Maker and model of a host. */
export interface HardwareInformation {
  family?: string;
  manufacturer?: string;
  product_name?: string;
  serial_number?: string;
  supported_rng_sources?: Many<'supported_rng_source', RngSource>;
  uuid?: string;
  version?: string;
}

/** Whether and how urgently a VM is restarted. */
export interface HighAvailability {
  enabled?: Flag;
  priority?: Int;
}

/** A script that runs on a host at an event. */
export interface Hook extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  event_name?: string;
  host?: Host;
  md5?: string;
}

/** A hypervisor. */
export interface Host extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  address?: string;
  affinity_labels?: Many<'affinity_label', AffinityLabel>;
  agents?: Many<'agent', Agent>;
  auto_numa_status?: AutoNumaStatus;
  certificate?: Certificate;
  cluster?: Cluster;
  cpu?: Cpu;
  cpu_units?: Many<'host_cpu_unit', HostCpuUnit>;
  device_passthrough?: HostDevicePassthrough;
  devices?: Many<'host_device', HostDevice>;
  display?: Display;
  external_host_provider?: ExternalHostProvider;
  external_network_provider_configurations?: Many<'external_network_provider_configuration', ExternalNetworkProviderConfiguration>;
  external_status?: ExternalStatus;
  hardware_information?: HardwareInformation;
  hooks?: Many<'hook', Hook>;
  host_numa_nodes?: Many<'host_numa_node', NumaNode>;
  hosted_engine?: HostedEngine;
  iscsi?: IscsiDetails;
  katello_errata?: Many<'katello_erratum', KatelloErratum>;
  kdump_status?: KdumpStatus;
  ksm?: Ksm;
  libvirt_version?: Version;
  max_scheduling_memory?: Int;
  memory?: Int;
  network_attachments?: Many<'network_attachment', NetworkAttachment>;
  network_operation_in_progress?: Flag;
  nics?: Many<'host_nic', HostNic>;
  numa_supported?: Flag;
  os?: OperatingSystem;
  override_iptables?: Flag;
  ovn_configured?: Flag;
  permissions?: Many<'permission', Permission>;
  port?: Int;
  power_management?: PowerManagement;
  protocol?: HostProtocol;
  reinstallation_required?: Flag;
  root_password?: string;
  se_linux?: SeLinux;
  spm?: Spm;
  ssh?: Ssh;
  statistics?: Many<'statistic', Statistic>;
  status?: HostStatus;
  status_detail?: string;
  storage_connection_extensions?: Many<'storage_connection_extension', StorageConnectionExtension>;
  storages?: Many<'host_storage', HostStorage>;
  summary?: VmSummary;
  tags?: Many<'tag', Tag>;
  transparent_hugepages?: TransparentHugePages;
  type?: HostType;
  unmanaged_networks?: Many<'unmanaged_network', UnmanagedNetwork>;
  update_available?: Flag;
  version?: Version;
  vgpu_placement?: VgpuPlacement;
}

/** A logical CPU of a host. */
export interface HostCpuUnit extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  core_id?: Int;
  cpu_id?: Int;
  runs_vdsm?: Flag;
  socket_id?: Int;
  vms?: Many<'vm', Vm>;
}

/** A device of a host. */
export interface HostDevice extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  capability?: string;
  driver?: string;
  host?: Host;
  iommu_group?: Int;
  m_dev_types?: Many<'m_dev_type', MDevType>;
  parent_device?: HostDevice;
  physical_function?: HostDevice;
  placeholder?: Flag;
  product?: Product;
  vendor?: Vendor;
  virtual_functions?: Int;
  vm?: Vm;
}

/** Whether devices can be handed to guests. */
export interface HostDevicePassthrough {
  enabled?: Flag;
}

/** A network card of a host. */
export interface HostNic extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  ad_aggregator_id?: Int;
  base_interface?: string;
  bonding?: Bonding;
  boot_protocol?: BootProtocol;
  bridged?: Flag;
  check_connectivity?: Flag;
  custom_configuration?: Flag;
  host?: Host;
  ip?: Ip;
  ipv6?: Ip;
  ipv6_boot_protocol?: BootProtocol;
  mac?: Mac;
  mtu?: Int;
  network?: Network;
  network_labels?: Many<'network_label', NetworkLabel>;
  override_configuration?: Flag;
  physical_function?: HostNic;
  properties?: Many<'property', Property>;
  qos?: Qos;
  speed?: Int;
  statistics?: Many<'statistic', Statistic>;
  status?: NicStatus;
  virtual_functions_configuration?: HostNicVirtualFunctionsConfiguration;
  vlan?: Vlan;
}

/** SR-IOV of a host's network card. */
export interface HostNicVirtualFunctionsConfiguration {
  all_networks_allowed?: Flag;
  max_number_of_virtual_functions?: Int;
  number_of_virtual_functions?: Int;
}

/** Storage as a host sees it. */
export interface HostStorage extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  address?: string;
  driver_options?: Many<'property', Property>;
  driver_sensitive_options?: Many<'property', Property>;
  host?: Host;
  logical_units?: Many<'logical_unit', LogicalUnit>;
  mount_options?: string;
  nfs_retrans?: Int;
  nfs_timeo?: Int;
  nfs_version?: NfsVersion;
  override_luns?: Flag;
  password?: string;
  path?: string;
  port?: Int;
  portal?: string;
  target?: string;
  type?: StorageType;
  username?: string;
  vfs_type?: string;
  volume_group?: VolumeGroup;
}

/** The host as a place of the hosted engine. */
export interface HostedEngine {
  active?: Flag;
  configured?: Flag;
  global_maintenance?: Flag;
  local_maintenance?: Flag;
  score?: Int;
}

/** An icon of VMs. */
export interface Icon extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  data?: string;
  media_type?: string;
}

/** What every entity has. */
export interface Identified extends Entity {
  name?: string;
  description?: string;
  comment?: string;
}

/** An image of an image provider. */
export interface Image extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  size?: Int;
  storage_domain?: StorageDomain;
  type?: ImageFileType;
}

/** An upload or download of a disk. */
export interface ImageTransfer extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  active?: Flag;
  backup?: Backup;
  direction?: ImageTransferDirection;
  disk?: Disk;
  format?: DiskFormat;
  host?: Host;
  image?: Image;
  inactivity_timeout?: Int;
  phase?: ImageTransferPhase;
  proxy_url?: string;
  shallow?: Flag;
  snapshot?: DiskSnapshot;
  timeout_policy?: ImageTransferTimeoutPolicy;
  transfer_url?: string;
  transferred?: Int;
}

/** A guest's settings for its first start. */
export interface Initialization {
  active_directory_ou?: string;
  authorized_ssh_keys?: string;
  cloud_init?: CloudInit;
  cloud_init_network_protocol?: CloudInitNetworkProtocol;
  configuration?: Configuration;
  custom_script?: string;
  dns_search?: string;
  dns_servers?: string;
  domain?: string;
  host_name?: string;
  input_locale?: string;
  nic_configurations?: Many<'nic_configuration', NicConfiguration>;
  org_name?: string;
  regenerate_ids?: Flag;
  regenerate_ssh_keys?: Flag;
  root_password?: string;
  system_locale?: string;
  timezone?: string;
  ui_language?: string;
  user_locale?: string;
  user_name?: string;
  windows_license_key?: string;
}

/** A named set of hardware. */
export interface InstanceType extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  auto_pinning_policy?: AutoPinningPolicy;
  bios?: Bios;
  cdroms?: Many<'cdrom', Cdrom>;
  cluster?: Cluster;
  console?: Console;
  cpu?: Cpu;
  cpu_pinning_policy?: CpuPinningPolicy;
  cpu_profile?: CpuProfile;
  cpu_shares?: Int;
  creation_time?: Moment;
  custom_compatibility_version?: Version;
  custom_cpu_model?: string;
  custom_emulated_machine?: string;
  custom_properties?: Many<'custom_property', CustomProperty>;
  delete_protected?: Flag;
  disk_attachments?: Many<'disk_attachment', DiskAttachment>;
  display?: Display;
  domain?: Domain;
  graphics_consoles?: Many<'graphics_console', GraphicsConsole>;
  high_availability?: HighAvailability;
  initialization?: Initialization;
  io?: Io;
  large_icon?: Icon;
  lease?: StorageDomainLease;
  mediated_devices?: Many<'vm_mediated_device', VmMediatedDevice>;
  memory?: Int;
  memory_policy?: MemoryPolicy;
  migration?: MigrationOptions;
  migration_downtime?: Int;
  multi_queues_enabled?: Flag;
  nics?: Many<'nic', Nic>;
  origin?: string;
  os?: OperatingSystem;
  permissions?: Many<'permission', Permission>;
  placement_policy?: VmPlacementPolicy;
  quota?: Quota;
  rng_device?: RngDevice;
  serial_number?: SerialNumber;
  small_icon?: Icon;
  soundcard_enabled?: Flag;
  sso?: Sso;
  start_paused?: Flag;
  stateless?: Flag;
  status?: TemplateStatus;
  storage_domain?: StorageDomain;
  storage_error_resume_behaviour?: VmStorageErrorResumeBehaviour;
  tags?: Many<'tag', Tag>;
  time_zone?: TimeZone;
  tpm_enabled?: Flag;
  tunnel_migration?: Flag;
  type?: VmType;
  usb?: Usb;
  version?: TemplateVersion;
  virtio_scsi?: VirtioScsi;
  virtio_scsi_multi_queues?: Int;
  virtio_scsi_multi_queues_enabled?: Flag;
  vm?: Vm;
  watchdogs?: Many<'watchdog', Watchdog>;
}

/** Threads for disks. */
export interface Io {
  threads?: Int;
}

/** An IP address. */
export interface Ip {
  address?: string;
  gateway?: string;
  netmask?: string;
  version?: IpVersion;
}

/** How an address is got. */
export interface IpAddressAssignment {
  assignment_method?: BootProtocol;
  ip?: Ip;
}

/** Networks that carry iSCSI together. */
export interface IscsiBond extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  data_center?: DataCenter;
  networks?: Many<'network', Network>;
  storage_connections?: Many<'storage_connection', StorageConnection>;
}

/** An iSCSI target. */
export interface IscsiDetails {
  address?: string;
  disk_id?: string;
  initiator?: string;
  lun_mapping?: Int;
  password?: string;
  paths?: Int;
  port?: Int;
  portal?: string;
  product_id?: string;
  serial?: string;
  size?: Int;
  status?: string;
  storage_domain_id?: string;
  target?: string;
  username?: string;
  vendor_id?: string;
  volume_group_id?: string;
}

/** Work in progress or done. */
export interface Job extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  auto_cleared?: Flag;
  end_time?: Moment;
  external?: Flag;
  last_updated?: Moment;
  owner?: User;
  start_time?: Moment;
  status?: JobStatus;
  steps?: Many<'step', Step>;
}

/** An erratum that Katello knows. */
export interface KatelloErratum extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  host?: Host;
  issued?: Moment;
  packages?: Many<'package', Package>;
  severity?: string;
  solution?: string;
  summary?: string;
  title?: string;
  type?: string;
  vm?: Vm;
}

/** A kernel. */
export interface Kernel {
  version?: Version;
}

/** Sharing of equal memory pages. */
export interface Ksm {
  enabled?: Flag;
  merge_across_nodes?: Flag;
}

/** What a switch told by LLDP. */
export interface LinkLayerDiscoveryProtocolElement extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  oui?: Int;
  properties?: Many<'property', Property>;
  subtype?: Int;
  type?: Int;
}

/** A LUN. */
export interface LogicalUnit extends Entity {
  active_paths?: Int;
  address?: string;
  discard_max_size?: Int;
  discard_zeroes_data?: Flag;
  disk_id?: string;
  lun_mapping?: Int;
  password?: string;
  paths?: Int;
  port?: Int;
  portal?: string;
  product_id?: string;
  serial?: string;
  size?: Int;
  status?: LunStatus;
  storage_domain_id?: string;
  target?: string;
  username?: string;
  vendor_id?: string;
  volume_group_id?: string;
}

/** A type of mediated devices. */
export interface MDevType {
  name?: string;
  description?: string;
  available_instances?: Int;
  human_readable_name?: string;
}

/** An Ethernet address. */
export interface Mac {
  address?: string;
}

/** Ranges of MAC addresses. */
export interface MacPool extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  allow_duplicates?: Flag;
  default_pool?: Flag;
  permissions?: Many<'permission', Permission>;
  ranges?: Many<'range', Range>;
}

/** How much more memory VMs may have than hosts. */
export interface MemoryOverCommit {
  percent?: Int;
}

/** Limits and sharing of memory. */
export interface MemoryPolicy {
  ballooning?: Flag;
  guaranteed?: Int;
  max?: Int;
  over_commit?: MemoryOverCommit;
  transparent_hugepages?: TransparentHugePages;
}

/** A way to log in without a password. */
export interface Method extends Entity {
}

/** How much bandwidth migrations take. */
export interface MigrationBandwidth {
  assignment_method?: MigrationBandwidthAssignmentMethod;
  custom_value?: Int;
}

/** How VMs migrate. */
export interface MigrationOptions {
  auto_converge?: InheritableBoolean;
  bandwidth?: MigrationBandwidth;
  compressed?: InheritableBoolean;
  custom_parallel_migrations?: Int;
  encrypted?: InheritableBoolean;
  parallel_migrations_policy?: ParallelMigrationsPolicy;
  policy?: MigrationPolicy;
}

/** A set of rules for migrations. */
export interface MigrationPolicy extends Entity {
  name?: string;
  description?: string;
  comment?: string;
}

/** A logical network. */
export interface Network extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  cluster?: Cluster;
  data_center?: DataCenter;
  display?: Flag;
  dns_resolver_configuration?: DnsResolverConfiguration;
  external_provider?: OpenStackNetworkProvider;
  external_provider_physical_network?: Network;
  ip?: Ip;
  mtu?: Int;
  network_labels?: Many<'network_label', NetworkLabel>;
  permissions?: Many<'permission', Permission>;
  port_isolation?: Flag;
  profile_required?: Flag;
  qos?: Qos;
  required?: Flag;
  status?: NetworkStatus;
  stp?: Flag;
  usages?: Many<'usage', NetworkUsage>;
  vdsm_name?: string;
  vlan?: Vlan;
  vnic_profiles?: Many<'vnic_profile', VnicProfile>;
}

/** A network on a host's card. */
export interface NetworkAttachment extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  dns_resolver_configuration?: DnsResolverConfiguration;
  host?: Host;
  host_nic?: HostNic;
  in_sync?: Flag;
  ip_address_assignments?: Many<'ip_address_assignment', IpAddressAssignment>;
  network?: Network;
  properties?: Many<'property', Property>;
  qos?: Qos;
  reported_configurations?: Many<'reported_configuration', ReportedConfiguration>;
}

/** Network settings for a guest's first start. */
export interface NetworkConfiguration {
  dns?: Dns;
  nics?: Many<'nic', Nic>;
}

/** A packet filter. */
export interface NetworkFilter extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  version?: Version;
}

/** An argument of a packet filter. */
export interface NetworkFilterParameter extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  nic?: Nic;
  value?: string;
}

/** A label that puts networks on cards. */
export interface NetworkLabel extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  host_nic?: HostNic;
  network?: Network;
}

/** The NFS server's profile. */
export interface NfsProfileDetail {
  nfs_server_ip?: string;
  profile_details?: Many<'profile_detail', ProfileDetail>;
}

/** A virtual network card. */
export interface Nic extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  boot_protocol?: BootProtocol;
  instance_type?: InstanceType;
  interface?: NicInterface;
  linked?: Flag;
  mac?: Mac;
  network?: Network;
  network_attachments?: Many<'network_attachment', NetworkAttachment>;
  network_filter_parameters?: Many<'network_filter_parameter', NetworkFilterParameter>;
  network_labels?: Many<'network_label', NetworkLabel>;
  on_boot?: Flag;
  plugged?: Flag;
  reported_devices?: Many<'reported_device', ReportedDevice>;
  statistics?: Many<'statistic', Statistic>;
  synced?: Flag;
  template?: Template;
  virtual_function_allowed_labels?: Many<'network_label', NetworkLabel>;
  virtual_function_allowed_networks?: Many<'network', Network>;
  vm?: Vm;
  vms?: Many<'vm', Vm>;
  vnic_profile?: VnicProfile;
}

/** A card's settings for a guest's first start. */
export interface NicConfiguration {
  name?: string;
  boot_protocol?: BootProtocol;
  ip?: Ip;
  ipv6?: Ip;
  ipv6_boot_protocol?: BootProtocol;
  on_boot?: Flag;
}

/** A NUMA node. */
export interface NumaNode extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  cpu?: Cpu;
  host?: Host;
  index?: Int;
  memory?: Int;
  node_distance?: string;
  statistics?: Many<'statistic', Statistic>;
}

/** A binding of NUMA nodes. */
export interface NumaNodePin {
  host_numa_node?: NumaNode;
  index?: Int;
  pinned?: Flag;
}

/** An image of Glance. */
export interface OpenStackImage extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  openstack_image_provider?: OpenStackImageProvider;
}

/** Glance. */
export interface OpenStackImageProvider extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  authentication_url?: string;
  certificates?: Many<'certificate', Certificate>;
  images?: Many<'openstack_image', OpenStackImage>;
  password?: string;
  properties?: Many<'property', Property>;
  requires_authentication?: Flag;
  tenant_name?: string;
  url?: string;
  username?: string;
}

/** A network of Neutron. */
export interface OpenStackNetwork extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  openstack_network_provider?: OpenStackNetworkProvider;
}

/** Neutron, or a provider that speaks its language. */
export interface OpenStackNetworkProvider extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  agent_configuration?: AgentConfiguration;
  authentication_url?: string;
  auto_sync?: Flag;
  certificates?: Many<'certificate', Certificate>;
  external_plugin_type?: string;
  networks?: Many<'openstack_network', OpenStackNetwork>;
  password?: string;
  plugin_type?: NetworkPluginType;
  project_domain_name?: string;
  project_name?: string;
  properties?: Many<'property', Property>;
  read_only?: Flag;
  requires_authentication?: Flag;
  subnets?: Many<'openstack_subnet', OpenStackSubnet>;
  tenant_name?: string;
  type?: OpenStackNetworkProviderType;
  unmanaged?: Flag;
  url?: string;
  user_domain_name?: string;
  username?: string;
}

/** A provider that speaks OpenStack. */
export interface OpenStackProvider extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  authentication_url?: string;
  password?: string;
  properties?: Many<'property', Property>;
  requires_authentication?: Flag;
  tenant_name?: string;
  url?: string;
  username?: string;
}

/** A subnet of Neutron. */
export interface OpenStackSubnet extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  cidr?: string;
  dns_servers?: Many<'dns_server', string>;
  gateway?: string;
  ip_version?: string;
  openstack_network?: OpenStackNetwork;
}

/** Cinder. */
export interface OpenStackVolumeProvider extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  authentication_keys?: Many<'openstack_volume_authentication_key', OpenstackVolumeAuthenticationKey>;
  authentication_url?: string;
  certificates?: Many<'certificate', Certificate>;
  data_center?: DataCenter;
  password?: string;
  properties?: Many<'property', Property>;
  requires_authentication?: Flag;
  tenant_name?: string;
  url?: string;
  username?: string;
  volume_types?: Many<'open_stack_volume_type', OpenStackVolumeType>;
}

/** A volume type of Cinder. */
export interface OpenStackVolumeType extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  openstack_volume_provider?: OpenStackVolumeProvider;
  properties?: Many<'property', Property>;
}

/** A key for Cinder's volumes. */
export interface OpenstackVolumeAuthenticationKey extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  creation_date?: Moment;
  openstack_volume_provider?: OpenStackVolumeProvider;
  usage_type?: OpenstackVolumeAuthenticationKeyUsageType;
  uuid?: string;
  value?: string;
}

/** An operating system, and how it is booted. */
export interface OperatingSystem {
  description?: string;
  boot?: Boot;
  cmdline?: string;
  custom_kernel_cmdline?: string;
  initrd?: string;
  kernel?: string;
  reported_kernel_cmdline?: string;
  type?: string;
  version?: Version;
}

/** A guest operating system that VMs may name. */
export interface OperatingSystemInfo extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  architecture?: Architecture;
  large_icon?: Icon;
  small_icon?: Icon;
  tpm_support?: TpmSupport;
}

/** A name with a value, as fencing agents and gluster volumes have. */
export interface Option {
  name?: string;
  type?: string;
  value?: string;
}

/** A package of a host's software. */
export interface Package {
  name?: string;
}

/** Files on a small disc for a guest. */
export interface Payload {
  files?: Many<'file', File>;
  type?: VmDeviceType;
  volume_id?: string;
}

/** A role given to a user or group on an object. */
export interface Permission extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  cluster?: Cluster;
  data_center?: DataCenter;
  disk?: Disk;
  group?: Group;
  host?: Host;
  role?: Role;
  storage_domain?: StorageDomain;
  template?: Template;
  user?: User;
  vm?: Vm;
  vm_pool?: VmPool;
}

/** One thing that a role allows. */
export interface Permit extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  administrative?: Flag;
  role?: Role;
}

/** Where a fencing command may run. */
export interface PmProxy {
  type?: PmProxyType;
}

/** Port mirroring. */
export interface PortMirroring {
}

/** How a host is fenced. */
export interface PowerManagement {
  address?: string;
  agents?: Many<'agent', Agent>;
  automatic_pm_enabled?: Flag;
  enabled?: Flag;
  kdump_detection?: Flag;
  options?: Many<'option', Option>;
  password?: string;
  pm_proxies?: Many<'pm_proxy', PmProxy>;
  status?: PowerManagementStatus;
  type?: string;
  username?: string;
}

/** A product. */
export interface Product extends Entity {
  name?: string;
  description?: string;
  comment?: string;
}

/** Name, vendor and version of the engine. */
export interface ProductInfo {
  name?: string;
  instance_id?: string;
  vendor?: string;
  version?: Version;
}

/** Figures of a profile. */
export interface ProfileDetail {
  block_statistics?: Many<'block_statistic', BlockStatistic>;
  duration?: Int;
  fop_statistics?: Many<'fop_statistic', FopStatistic>;
  profile_type?: string;
  statistics?: Many<'statistic', Statistic>;
}

/** A name with a value. */
export interface Property {
  name?: string;
  value?: string;
}

/** A ticket for the console's proxy. */
export interface ProxyTicket {
  value?: string;
}

/** Quality of service. */
export interface Qos extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  cpu_limit?: Int;
  data_center?: DataCenter;
  inbound_average?: Int;
  inbound_burst?: Int;
  inbound_peak?: Int;
  max_iops?: Int;
  max_read_iops?: Int;
  max_read_throughput?: Int;
  max_throughput?: Int;
  max_write_iops?: Int;
  max_write_throughput?: Int;
  outbound_average?: Int;
  outbound_average_linkshare?: Int;
  outbound_average_realtime?: Int;
  outbound_average_upperlimit?: Int;
  outbound_burst?: Int;
  outbound_peak?: Int;
  type?: QosType;
}

/** A limit of what a data center's users may take. */
export interface Quota extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  cluster_hard_limit_pct?: Int;
  cluster_soft_limit_pct?: Int;
  data_center?: DataCenter;
  disks?: Many<'disk', Disk>;
  permissions?: Many<'permission', Permission>;
  quota_cluster_limits?: Many<'quota_cluster_limit', QuotaClusterLimit>;
  quota_storage_limits?: Many<'quota_storage_limit', QuotaStorageLimit>;
  storage_hard_limit_pct?: Int;
  storage_soft_limit_pct?: Int;
  users?: Many<'user', User>;
  vms?: Many<'vm', Vm>;
}

/** A quota's limit in a cluster. */
export interface QuotaClusterLimit extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  cluster?: Cluster;
  memory_limit?: number;
  memory_usage?: number;
  quota?: Quota;
  vcpu_limit?: Int;
  vcpu_usage?: Int;
}

/** A quota's limit in a storage domain. */
export interface QuotaStorageLimit extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  limit?: Int;
  quota?: Quota;
  storage_domain?: StorageDomain;
  usage?: number;
}

/** A range of MAC addresses. */
export interface Range {
  from?: string;
  to?: string;
}

/** So many bytes in so much time. */
export interface Rate {
  bytes?: Int;
  period?: Int;
}

/** Which affinity group replaces one. */
export interface RegistrationAffinityGroupMapping {
  from?: AffinityGroup;
  to?: AffinityGroup;
}

/** Which affinity label replaces one. */
export interface RegistrationAffinityLabelMapping {
  from?: AffinityLabel;
  to?: AffinityLabel;
}

/** Which cluster replaces one. */
export interface RegistrationClusterMapping {
  from?: Cluster;
  to?: Cluster;
}

/** What replaces what when a VM or template is registered. */
export interface RegistrationConfiguration {
  affinity_group_mappings?: Many<'registration_affinity_group_mapping', RegistrationAffinityGroupMapping>;
  affinity_label_mappings?: Many<'registration_affinity_label_mapping', RegistrationAffinityLabelMapping>;
  cluster_mappings?: Many<'registration_cluster_mapping', RegistrationClusterMapping>;
  domain_mappings?: Many<'registration_domain_mapping', RegistrationDomainMapping>;
  lun_mappings?: Many<'registration_lun_mapping', RegistrationLunMapping>;
  role_mappings?: Many<'registration_role_mapping', RegistrationRoleMapping>;
  vnic_profile_mappings?: Many<'registration_vnic_profile_mapping', RegistrationVnicProfileMapping>;
}

/** Which directory replaces one. */
export interface RegistrationDomainMapping {
  from?: Domain;
  to?: Domain;
}

/** Which LUN replaces one. */
export interface RegistrationLunMapping {
  from?: Disk;
  to?: Disk;
}

/** Which role replaces one. */
export interface RegistrationRoleMapping {
  from?: Role;
  to?: Role;
}

/** Which vNIC profile replaces one. */
export interface RegistrationVnicProfileMapping {
  from?: VnicProfile;
  to?: VnicProfile;
}

/** A setting of a network as a host has it. */
export interface ReportedConfiguration {
  name?: string;
  actual_value?: string;
  expected_value?: string;
  in_sync?: Flag;
}

/** A device as the guest sees it. */
export interface ReportedDevice extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  ips?: Many<'ip', Ip>;
  mac?: Mac;
  type?: ReportedDeviceType;
  vm?: Vm;
}

/** A random number device. */
export interface RngDevice {
  rate?: Rate;
  source?: RngSource;
}

/** A role: a set of permits. */
export interface Role extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  administrative?: Flag;
  mutable?: Flag;
  permits?: Many<'permit', Permit>;
  user?: User;
}

/** How hosts are chosen. */
export interface SchedulingPolicy extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  balances?: Many<'balance', Balance>;
  default_policy?: Flag;
  filters?: Many<'filter', Filter>;
  locked?: Flag;
  properties?: Many<'property', Property>;
  weight?: Many<'weight', Weight>;
}

/** A part that scheduling policies are made of. */
export interface SchedulingPolicyUnit extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  enabled?: Flag;
  internal?: Flag;
  properties?: Many<'property', Property>;
  type?: PolicyUnitType;
}

/** SELinux of a host. */
export interface SeLinux {
  mode?: SeLinuxMode;
}

/** Which serial number VMs get. */
export interface SerialNumber {
  policy?: SerialNumberPolicy;
  value?: string;
}

/** Somebody at a VM's console. */
export interface Session extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  console_user?: Flag;
  ip?: Ip;
  protocol?: string;
  user?: User;
  vm?: Vm;
}

/** No fencing while too many hosts are away. */
export interface SkipIfConnectivityBroken {
  enabled?: Flag;
  threshold?: Int;
}

/** No fencing while the host holds its storage lease. */
export interface SkipIfSdActive {
  enabled?: Flag;
}

/** A VM as it was. */
export interface Snapshot extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  affinity_labels?: Many<'affinity_label', AffinityLabel>;
  applications?: Many<'application', Application>;
  auto_pinning_policy?: AutoPinningPolicy;
  bios?: Bios;
  cdroms?: Many<'cdrom', Cdrom>;
  cluster?: Cluster;
  console?: Console;
  cpu?: Cpu;
  cpu_pinning_policy?: CpuPinningPolicy;
  cpu_profile?: CpuProfile;
  cpu_shares?: Int;
  creation_time?: Moment;
  custom_compatibility_version?: Version;
  custom_cpu_model?: string;
  custom_emulated_machine?: string;
  custom_properties?: Many<'custom_property', CustomProperty>;
  date?: Moment;
  delete_protected?: Flag;
  disk_attachments?: Many<'disk_attachment', DiskAttachment>;
  disks?: Many<'disk', Disk>;
  display?: Display;
  domain?: Domain;
  dynamic_cpu?: DynamicCpu;
  external_host_provider?: ExternalHostProvider;
  floppies?: Many<'floppy', Floppy>;
  fqdn?: string;
  graphics_consoles?: Many<'graphics_console', GraphicsConsole>;
  guest_operating_system?: GuestOperatingSystem;
  guest_time_zone?: TimeZone;
  has_illegal_images?: Flag;
  high_availability?: HighAvailability;
  host?: Host;
  host_devices?: Many<'host_device', HostDevice>;
  host_numa_nodes?: Many<'host_numa_node', NumaNode>;
  initialization?: Initialization;
  instance_type?: InstanceType;
  io?: Io;
  katello_errata?: Many<'katello_erratum', KatelloErratum>;
  large_icon?: Icon;
  lease?: StorageDomainLease;
  mediated_devices?: Many<'vm_mediated_device', VmMediatedDevice>;
  memory?: Int;
  memory_policy?: MemoryPolicy;
  migration?: MigrationOptions;
  migration_downtime?: Int;
  multi_queues_enabled?: Flag;
  next_run_configuration_exists?: Flag;
  nics?: Many<'nic', Nic>;
  numa_tune_mode?: NumaTuneMode;
  origin?: string;
  original_template?: Template;
  os?: OperatingSystem;
  payloads?: Many<'payload', Payload>;
  permissions?: Many<'permission', Permission>;
  persist_memorystate?: Flag;
  placement_policy?: VmPlacementPolicy;
  quota?: Quota;
  reported_devices?: Many<'reported_device', ReportedDevice>;
  rng_device?: RngDevice;
  run_once?: Flag;
  serial_number?: SerialNumber;
  sessions?: Many<'session', Session>;
  small_icon?: Icon;
  snapshot_status?: SnapshotStatus;
  snapshot_type?: SnapshotType;
  snapshots?: Many<'snapshot', Snapshot>;
  soundcard_enabled?: Flag;
  sso?: Sso;
  start_paused?: Flag;
  start_time?: Moment;
  stateless?: Flag;
  statistics?: Many<'statistic', Statistic>;
  status?: VmStatus;
  status_detail?: string;
  stop_reason?: string;
  stop_time?: Moment;
  storage_domain?: StorageDomain;
  storage_error_resume_behaviour?: VmStorageErrorResumeBehaviour;
  tags?: Many<'tag', Tag>;
  template?: Template;
  time_zone?: TimeZone;
  tpm_enabled?: Flag;
  tunnel_migration?: Flag;
  type?: VmType;
  usb?: Usb;
  use_latest_template_version?: Flag;
  virtio_scsi?: VirtioScsi;
  virtio_scsi_multi_queues?: Int;
  virtio_scsi_multi_queues_enabled?: Flag;
  vm?: Vm;
  vm_pool?: VmPool;
  watchdogs?: Many<'watchdog', Watchdog>;
}

/** Well-known objects: the Blank template and the root tag. */
export interface SpecialObjects {
  blank_template?: Template;
  root_tag?: Tag;
}

/** The host as storage pool manager. */
export interface Spm {
  priority?: Int;
  status?: SpmStatus;
}

/** How to reach a host by SSH. */
export interface Ssh extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  authentication_method?: SshAuthenticationMethod;
  fingerprint?: string;
  port?: Int;
  public_key?: string;
  user?: User;
}

/** A key of a user for the serial console. */
export interface SshPublicKey extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  content?: string;
  user?: User;
}

/** How a guest logs its user in. */
export interface Sso {
  methods?: Many<'method', Method>;
}

/** A measured figure. */
export interface Statistic extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  brick?: GlusterBrick;
  disk?: Disk;
  gluster_volume?: GlusterVolume;
  host?: Host;
  host_nic?: HostNic;
  host_numa_node?: NumaNode;
  kind?: StatisticKind;
  nic?: Nic;
  step?: Step;
  type?: ValueType;
  unit?: StatisticUnit;
  values?: Many<'value', Value>;
  vm?: Vm;
}

/** A step of a job. */
export interface Step extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  end_time?: Moment;
  execution_host?: Host;
  external?: Flag;
  external_type?: ExternalSystemType;
  job?: Job;
  number?: Int;
  parent_step?: Step;
  progress?: Int;
  start_time?: Moment;
  statistics?: Many<'statistic', Statistic>;
  status?: StepStatus;
  type?: StepEnum;
}

/** How to reach storage. */
export interface StorageConnection extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  address?: string;
  gluster_volume?: GlusterVolume;
  host?: Host;
  mount_options?: string;
  nfs_retrans?: Int;
  nfs_timeo?: Int;
  nfs_version?: NfsVersion;
  password?: string;
  path?: string;
  port?: Int;
  portal?: string;
  target?: string;
  type?: StorageType;
  username?: string;
  vfs_type?: string;
}

/** Credentials of a host for iSCSI targets. */
export interface StorageConnectionExtension extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  host?: Host;
  password?: string;
  target?: string;
  username?: string;
}

/** A storage domain. */
export interface StorageDomain extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  available?: Int;
  backup?: Flag;
  block_size?: Int;
  committed?: Int;
  critical_space_action_blocker?: Int;
  data_center?: DataCenter;
  data_centers?: Many<'data_center', DataCenter>;
  discard_after_delete?: Flag;
  disk_profiles?: Many<'disk_profile', DiskProfile>;
  disk_snapshots?: Many<'disk_snapshot', DiskSnapshot>;
  disks?: Many<'disk', Disk>;
  external_status?: ExternalStatus;
  files?: Many<'file', File>;
  host?: Host;
  images?: Many<'image', Image>;
  import?: Flag;
  master?: Flag;
  permissions?: Many<'permission', Permission>;
  status?: StorageDomainStatus;
  storage?: HostStorage;
  storage_connections?: Many<'storage_connection', StorageConnection>;
  storage_format?: StorageFormat;
  supports_discard?: Flag;
  supports_discard_zeroes_data?: Flag;
  templates?: Many<'template', Template>;
  type?: StorageDomainType;
  used?: Int;
  vms?: Many<'vm', Vm>;
  warning_low_space_indicator?: Int;
  wipe_after_delete?: Flag;
}

/** A lease on a storage domain. */
export interface StorageDomainLease {
  storage_domain?: StorageDomain;
}

/** A setting of the engine, a value for each version. */
export interface SystemOption extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  values?: Many<'system_option_value', SystemOptionValue>;
}

/** A setting's value in one version. */
export interface SystemOptionValue {
  value?: string;
  version?: string;
}

/** A tag. */
export interface Tag extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  group?: Group;
  host?: Host;
  parent?: Tag;
  template?: Template;
  user?: User;
  vm?: Vm;
}

/** A template. */
export interface Template extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  auto_pinning_policy?: AutoPinningPolicy;
  bios?: Bios;
  cdroms?: Many<'cdrom', Cdrom>;
  cluster?: Cluster;
  console?: Console;
  cpu?: Cpu;
  cpu_pinning_policy?: CpuPinningPolicy;
  cpu_profile?: CpuProfile;
  cpu_shares?: Int;
  creation_time?: Moment;
  custom_compatibility_version?: Version;
  custom_cpu_model?: string;
  custom_emulated_machine?: string;
  custom_properties?: Many<'custom_property', CustomProperty>;
  delete_protected?: Flag;
  disk_attachments?: Many<'disk_attachment', DiskAttachment>;
  display?: Display;
  domain?: Domain;
  graphics_consoles?: Many<'graphics_console', GraphicsConsole>;
  high_availability?: HighAvailability;
  initialization?: Initialization;
  io?: Io;
  large_icon?: Icon;
  lease?: StorageDomainLease;
  mediated_devices?: Many<'vm_mediated_device', VmMediatedDevice>;
  memory?: Int;
  memory_policy?: MemoryPolicy;
  migration?: MigrationOptions;
  migration_downtime?: Int;
  multi_queues_enabled?: Flag;
  nics?: Many<'nic', Nic>;
  origin?: string;
  os?: OperatingSystem;
  permissions?: Many<'permission', Permission>;
  placement_policy?: VmPlacementPolicy;
  quota?: Quota;
  rng_device?: RngDevice;
  serial_number?: SerialNumber;
  small_icon?: Icon;
  soundcard_enabled?: Flag;
  sso?: Sso;
  start_paused?: Flag;
  stateless?: Flag;
  status?: TemplateStatus;
  storage_domain?: StorageDomain;
  storage_error_resume_behaviour?: VmStorageErrorResumeBehaviour;
  tags?: Many<'tag', Tag>;
  time_zone?: TimeZone;
  tpm_enabled?: Flag;
  tunnel_migration?: Flag;
  type?: VmType;
  usb?: Usb;
  version?: TemplateVersion;
  virtio_scsi?: VirtioScsi;
  virtio_scsi_multi_queues?: Int;
  virtio_scsi_multi_queues_enabled?: Flag;
  vm?: Vm;
  watchdogs?: Many<'watchdog', Watchdog>;
}

/** A template as a version of another. */
export interface TemplateVersion {
  base_template?: Template;
  version_name?: string;
  version_number?: Int;
}

/** A password for a console, and for how long. */
export interface Ticket {
  expiry?: Int;
  value?: string;
}

/** A time zone. */
export interface TimeZone {
  name?: string;
  utc_offset?: string;
}

/** Transparent huge pages. */
export interface TransparentHugePages {
  enabled?: Flag;
}

/** A network on a host that the engine does not know. */
export interface UnmanagedNetwork extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  host?: Host;
  host_nic?: HostNic;
}

/** USB. */
export interface Usb {
  enabled?: Flag;
  type?: UsbType;
}

/** A user. */
export interface User extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  department?: string;
  domain?: Domain;
  domain_entry_id?: string;
  email?: string;
  groups?: Many<'group', Group>;
  last_name?: string;
  logged_in?: Flag;
  namespace?: string;
  options?: Many<'user_option', UserOption>;
  password?: string;
  permissions?: Many<'permission', Permission>;
  principal?: string;
  roles?: Many<'role', Role>;
  ssh_public_keys?: Many<'ssh_public_key', SshPublicKey>;
  tags?: Many<'tag', Tag>;
  user_name?: string;
  user_options?: Many<'property', Property>;
}

/** A stored preference of a user. */
export interface UserOption extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  content?: string;
  user?: User;
}

/** One value of a statistic. */
export interface Value {
  datum?: number;
  detail?: string;
}

/** Pinning of one virtual CPU. */
export interface VcpuPin {
  cpu_set?: string;
  vcpu?: Int;
}

/** A vendor. */
export interface Vendor extends Entity {
  name?: string;
  description?: string;
  comment?: string;
}

/** A version with its parts. */
export interface Version extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  build?: Int;
  full_version?: string;
  major?: Int;
  minor?: Int;
  revision?: Int;
}

/** Whether there is a virtio-scsi controller. */
export interface VirtioScsi {
  enabled?: Flag;
}

/** A NUMA node of a VM. */
export interface VirtualNumaNode extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  cpu?: Cpu;
  host?: Host;
  index?: Int;
  memory?: Int;
  node_distance?: string;
  numa_node_pins?: Many<'numa_node_pin', NumaNodePin>;
  numa_tune_mode?: NumaTuneMode;
  statistics?: Many<'statistic', Statistic>;
  vm?: Vm;
}

/** A VLAN tag, which is its id. */
export interface Vlan extends Entity {
}

/** A virtual machine. */
export interface Vm extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  affinity_labels?: Many<'affinity_label', AffinityLabel>;
  applications?: Many<'application', Application>;
  auto_pinning_policy?: AutoPinningPolicy;
  bios?: Bios;
  cdroms?: Many<'cdrom', Cdrom>;
  cluster?: Cluster;
  console?: Console;
  cpu?: Cpu;
  cpu_pinning_policy?: CpuPinningPolicy;
  cpu_profile?: CpuProfile;
  cpu_shares?: Int;
  creation_time?: Moment;
  custom_compatibility_version?: Version;
  custom_cpu_model?: string;
  custom_emulated_machine?: string;
  custom_properties?: Many<'custom_property', CustomProperty>;
  delete_protected?: Flag;
  disk_attachments?: Many<'disk_attachment', DiskAttachment>;
  display?: Display;
  domain?: Domain;
  dynamic_cpu?: DynamicCpu;
  external_host_provider?: ExternalHostProvider;
  floppies?: Many<'floppy', Floppy>;
  fqdn?: string;
  graphics_consoles?: Many<'graphics_console', GraphicsConsole>;
  guest_operating_system?: GuestOperatingSystem;
  guest_time_zone?: TimeZone;
  has_illegal_images?: Flag;
  high_availability?: HighAvailability;
  host?: Host;
  host_devices?: Many<'host_device', HostDevice>;
  host_numa_nodes?: Many<'host_numa_node', NumaNode>;
  initialization?: Initialization;
  instance_type?: InstanceType;
  io?: Io;
  katello_errata?: Many<'katello_erratum', KatelloErratum>;
  large_icon?: Icon;
  lease?: StorageDomainLease;
  mediated_devices?: Many<'vm_mediated_device', VmMediatedDevice>;
  memory?: Int;
  memory_policy?: MemoryPolicy;
  migration?: MigrationOptions;
  migration_downtime?: Int;
  multi_queues_enabled?: Flag;
  next_run_configuration_exists?: Flag;
  nics?: Many<'nic', Nic>;
  numa_tune_mode?: NumaTuneMode;
  origin?: string;
  original_template?: Template;
  os?: OperatingSystem;
  payloads?: Many<'payload', Payload>;
  permissions?: Many<'permission', Permission>;
  placement_policy?: VmPlacementPolicy;
  quota?: Quota;
  reported_devices?: Many<'reported_device', ReportedDevice>;
  rng_device?: RngDevice;
  run_once?: Flag;
  serial_number?: SerialNumber;
  sessions?: Many<'session', Session>;
  small_icon?: Icon;
  snapshots?: Many<'snapshot', Snapshot>;
  soundcard_enabled?: Flag;
  sso?: Sso;
  start_paused?: Flag;
  start_time?: Moment;
  stateless?: Flag;
  statistics?: Many<'statistic', Statistic>;
  status?: VmStatus;
  status_detail?: string;
  stop_reason?: string;
  stop_time?: Moment;
  storage_domain?: StorageDomain;
  storage_error_resume_behaviour?: VmStorageErrorResumeBehaviour;
  tags?: Many<'tag', Tag>;
  template?: Template;
  time_zone?: TimeZone;
  tpm_enabled?: Flag;
  tunnel_migration?: Flag;
  type?: VmType;
  usb?: Usb;
  use_latest_template_version?: Flag;
  virtio_scsi?: VirtioScsi;
  virtio_scsi_multi_queues?: Int;
  virtio_scsi_multi_queues_enabled?: Flag;
  vm_pool?: VmPool;
  watchdogs?: Many<'watchdog', Watchdog>;
}

/** What VMs and templates share. */
export interface VmBase extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  auto_pinning_policy?: AutoPinningPolicy;
  bios?: Bios;
  cluster?: Cluster;
  console?: Console;
  cpu?: Cpu;
  cpu_pinning_policy?: CpuPinningPolicy;
  cpu_profile?: CpuProfile;
  cpu_shares?: Int;
  creation_time?: Moment;
  custom_compatibility_version?: Version;
  custom_cpu_model?: string;
  custom_emulated_machine?: string;
  custom_properties?: Many<'custom_property', CustomProperty>;
  delete_protected?: Flag;
  display?: Display;
  domain?: Domain;
  high_availability?: HighAvailability;
  initialization?: Initialization;
  io?: Io;
  large_icon?: Icon;
  lease?: StorageDomainLease;
  memory?: Int;
  memory_policy?: MemoryPolicy;
  migration?: MigrationOptions;
  migration_downtime?: Int;
  multi_queues_enabled?: Flag;
  origin?: string;
  os?: OperatingSystem;
  placement_policy?: VmPlacementPolicy;
  quota?: Quota;
  rng_device?: RngDevice;
  serial_number?: SerialNumber;
  small_icon?: Icon;
  soundcard_enabled?: Flag;
  sso?: Sso;
  start_paused?: Flag;
  stateless?: Flag;
  storage_domain?: StorageDomain;
  storage_error_resume_behaviour?: VmStorageErrorResumeBehaviour;
  time_zone?: TimeZone;
  tpm_enabled?: Flag;
  tunnel_migration?: Flag;
  type?: VmType;
  usb?: Usb;
  virtio_scsi?: VirtioScsi;
  virtio_scsi_multi_queues?: Int;
  virtio_scsi_multi_queues_enabled?: Flag;
}

/** A mediated device of a VM. */
export interface VmMediatedDevice extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  instance_type?: InstanceType;
  spec_params?: Many<'property', Property>;
  template?: Template;
  vm?: Vm;
  vms?: Many<'vm', Vm>;
}

/** Where a VM may run. */
export interface VmPlacementPolicy {
  affinity?: VmAffinity;
  hosts?: Many<'host', Host>;
}

/** A pool of equal VMs. */
export interface VmPool extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  auto_storage_select?: Flag;
  cluster?: Cluster;
  display?: Display;
  instance_type?: InstanceType;
  max_user_vms?: Int;
  permissions?: Many<'permission', Permission>;
  prestarted_vms?: Int;
  rng_device?: RngDevice;
  size?: Int;
  soundcard_enabled?: Flag;
  stateful?: Flag;
  template?: Template;
  tpm_enabled?: Flag;
  type?: VmPoolType;
  use_latest_template_version?: Flag;
  vm?: Vm;
}

/** How many VMs a host has. */
export interface VmSummary {
  active?: Int;
  migrating?: Int;
  total?: Int;
}

/** Whether a vNIC is a virtual function. */
export interface VnicPassThrough {
  mode?: VnicPassThroughMode;
}

/** How a vNIC joins a network. */
export interface VnicProfile extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  custom_properties?: Many<'custom_property', CustomProperty>;
  failover?: VnicProfile;
  migratable?: Flag;
  network?: Network;
  network_filter?: NetworkFilter;
  pass_through?: VnicPassThrough;
  permissions?: Many<'permission', Permission>;
  port_mirroring?: Flag;
  qos?: Qos;
}

/** Which profile replaces one of another engine. */
export interface VnicProfileMapping {
  source_network_name?: string;
  source_network_profile_name?: string;
  target_vnic_profile?: VnicProfile;
}

/** A volume group of LUNs. */
export interface VolumeGroup extends Entity {
  name?: string;
  logical_units?: Many<'logical_unit', LogicalUnit>;
}

/** A watchdog. */
export interface Watchdog extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  action?: WatchdogAction;
  instance_type?: InstanceType;
  model?: WatchdogModel;
  template?: Template;
  vm?: Vm;
  vms?: Many<'vm', Vm>;
}

/** A weight in a scheduling policy. */
export interface Weight extends Entity {
  name?: string;
  description?: string;
  comment?: string;
  factor?: Int;
  scheduling_policy?: SchedulingPolicy;
  scheduling_policy_unit?: SchedulingPolicyUnit;
}

/** What a GET of a path below the API's root answers. */
export interface Reads {
  '': Api;
  'affinitylabels': Many<'affinity_label', AffinityLabel>;
  'affinitylabels/{affinity-label}': AffinityLabel;
  'affinitylabels/{affinity-label}/hosts': Many<'host', Host>;
  'affinitylabels/{affinity-label}/hosts/{affinity-label-host}': Host;
  'affinitylabels/{affinity-label}/vms': Many<'vm', Vm>;
  'affinitylabels/{affinity-label}/vms/{affinity-label-vm}': Vm;
  'bookmarks': Many<'bookmark', Bookmark>;
  'bookmarks/{bookmark}': Bookmark;
  'clusterlevels': Many<'cluster_level', ClusterLevel>;
  'clusterlevels/{cluster-level}': ClusterLevel;
  'clusterlevels/{cluster-level}/clusterfeatures': Many<'cluster_feature', ClusterFeature>;
  'clusterlevels/{cluster-level}/clusterfeatures/{cluster-feature}': ClusterFeature;
  'clusters': Many<'cluster', Cluster>;
  'clusters/{cluster}': Cluster;
  'clusters/{cluster}/affinitygroups': Many<'affinity_group', AffinityGroup>;
  'clusters/{cluster}/affinitygroups/{affinity-group}': AffinityGroup;
  'clusters/{cluster}/affinitygroups/{affinity-group}/hostlabels': Many<'affinity_label', AffinityLabel>;
  'clusters/{cluster}/affinitygroups/{affinity-group}/hosts': Many<'host', Host>;
  'clusters/{cluster}/affinitygroups/{affinity-group}/vmlabels': Many<'affinity_label', AffinityLabel>;
  'clusters/{cluster}/affinitygroups/{affinity-group}/vms': Many<'vm', Vm>;
  'clusters/{cluster}/cpuprofiles': Many<'cpu_profile', CpuProfile>;
  'clusters/{cluster}/cpuprofiles/{assigned-cpu-profile}': CpuProfile;
  'clusters/{cluster}/enabledfeatures': Many<'cluster_feature', ClusterFeature>;
  'clusters/{cluster}/enabledfeatures/{cluster-enabled-feature}': ClusterFeature;
  'clusters/{cluster}/externalnetworkproviders': Many<'external_provider', ExternalProvider>;
  'clusters/{cluster}/glusterhooks': Many<'gluster_hook', GlusterHook>;
  'clusters/{cluster}/glusterhooks/{gluster-hook}': GlusterHook;
  'clusters/{cluster}/glustervolumes': Many<'gluster_volume', GlusterVolume>;
  'clusters/{cluster}/glustervolumes/{gluster-volume}': GlusterVolume;
  'clusters/{cluster}/glustervolumes/{gluster-volume}/glusterbricks': Many<'brick', GlusterBrick>;
  'clusters/{cluster}/glustervolumes/{gluster-volume}/glusterbricks/{gluster-brick}': GlusterBrick;
  'clusters/{cluster}/glustervolumes/{gluster-volume}/glusterbricks/{gluster-brick}/statistics': Many<'statistic', Statistic>;
  'clusters/{cluster}/glustervolumes/{gluster-volume}/glusterbricks/{gluster-brick}/statistics/{statistic}': Statistic;
  'clusters/{cluster}/glustervolumes/{gluster-volume}/statistics': Many<'statistic', Statistic>;
  'clusters/{cluster}/glustervolumes/{gluster-volume}/statistics/{statistic}': Statistic;
  'clusters/{cluster}/networkfilters': Many<'network_filter', NetworkFilter>;
  'clusters/{cluster}/networkfilters/{network-filter}': NetworkFilter;
  'clusters/{cluster}/networks': Many<'network', Network>;
  'clusters/{cluster}/networks/{cluster-network}': Network;
  'clusters/{cluster}/permissions': Many<'permission', Permission>;
  'clusters/{cluster}/permissions/{permission}': Permission;
  'cpuprofiles': Many<'cpu_profile', CpuProfile>;
  'cpuprofiles/{cpu-profile}': CpuProfile;
  'cpuprofiles/{cpu-profile}/permissions': Many<'permission', Permission>;
  'cpuprofiles/{cpu-profile}/permissions/{permission}': Permission;
  'datacenters': Many<'data_center', DataCenter>;
  'datacenters/{data-center}': DataCenter;
  'datacenters/{data-center}/clusters': Many<'cluster', Cluster>;
  'datacenters/{data-center}/clusters/{cluster}': Cluster;
  'datacenters/{data-center}/clusters/{cluster}/affinitygroups': Many<'affinity_group', AffinityGroup>;
  'datacenters/{data-center}/clusters/{cluster}/affinitygroups/{affinity-group}': AffinityGroup;
  'datacenters/{data-center}/clusters/{cluster}/affinitygroups/{affinity-group}/hostlabels': Many<'affinity_label', AffinityLabel>;
  'datacenters/{data-center}/clusters/{cluster}/affinitygroups/{affinity-group}/hosts': Many<'host', Host>;
  'datacenters/{data-center}/clusters/{cluster}/affinitygroups/{affinity-group}/vmlabels': Many<'affinity_label', AffinityLabel>;
  'datacenters/{data-center}/clusters/{cluster}/affinitygroups/{affinity-group}/vms': Many<'vm', Vm>;
  'datacenters/{data-center}/clusters/{cluster}/cpuprofiles': Many<'cpu_profile', CpuProfile>;
  'datacenters/{data-center}/clusters/{cluster}/cpuprofiles/{assigned-cpu-profile}': CpuProfile;
  'datacenters/{data-center}/clusters/{cluster}/enabledfeatures': Many<'cluster_feature', ClusterFeature>;
  'datacenters/{data-center}/clusters/{cluster}/enabledfeatures/{cluster-enabled-feature}': ClusterFeature;
  'datacenters/{data-center}/clusters/{cluster}/externalnetworkproviders': Many<'external_provider', ExternalProvider>;
  'datacenters/{data-center}/clusters/{cluster}/glusterhooks': Many<'gluster_hook', GlusterHook>;
  'datacenters/{data-center}/clusters/{cluster}/glusterhooks/{gluster-hook}': GlusterHook;
  'datacenters/{data-center}/clusters/{cluster}/glustervolumes': Many<'gluster_volume', GlusterVolume>;
  'datacenters/{data-center}/clusters/{cluster}/glustervolumes/{gluster-volume}': GlusterVolume;
  'datacenters/{data-center}/clusters/{cluster}/glustervolumes/{gluster-volume}/glusterbricks': Many<'brick', GlusterBrick>;
  'datacenters/{data-center}/clusters/{cluster}/glustervolumes/{gluster-volume}/glusterbricks/{gluster-brick}': GlusterBrick;
  'datacenters/{data-center}/clusters/{cluster}/glustervolumes/{gluster-volume}/glusterbricks/{gluster-brick}/statistics': Many<'statistic', Statistic>;
  'datacenters/{data-center}/clusters/{cluster}/glustervolumes/{gluster-volume}/glusterbricks/{gluster-brick}/statistics/{statistic}': Statistic;
  'datacenters/{data-center}/clusters/{cluster}/glustervolumes/{gluster-volume}/statistics': Many<'statistic', Statistic>;
  'datacenters/{data-center}/clusters/{cluster}/glustervolumes/{gluster-volume}/statistics/{statistic}': Statistic;
  'datacenters/{data-center}/clusters/{cluster}/networkfilters': Many<'network_filter', NetworkFilter>;
  'datacenters/{data-center}/clusters/{cluster}/networkfilters/{network-filter}': NetworkFilter;
  'datacenters/{data-center}/clusters/{cluster}/networks': Many<'network', Network>;
  'datacenters/{data-center}/clusters/{cluster}/networks/{cluster-network}': Network;
  'datacenters/{data-center}/clusters/{cluster}/permissions': Many<'permission', Permission>;
  'datacenters/{data-center}/clusters/{cluster}/permissions/{permission}': Permission;
  'datacenters/{data-center}/iscsibonds': Many<'iscsi_bond', IscsiBond>;
  'datacenters/{data-center}/iscsibonds/{iscsi-bond}': IscsiBond;
  'datacenters/{data-center}/iscsibonds/{iscsi-bond}/networks': Many<'network', Network>;
  'datacenters/{data-center}/iscsibonds/{iscsi-bond}/networks/{network}': Network;
  'datacenters/{data-center}/iscsibonds/{iscsi-bond}/networks/{network}/networklabels': Many<'network_label', NetworkLabel>;
  'datacenters/{data-center}/iscsibonds/{iscsi-bond}/networks/{network}/networklabels/{network-label}': NetworkLabel;
  'datacenters/{data-center}/iscsibonds/{iscsi-bond}/networks/{network}/permissions': Many<'permission', Permission>;
  'datacenters/{data-center}/iscsibonds/{iscsi-bond}/networks/{network}/permissions/{permission}': Permission;
  'datacenters/{data-center}/iscsibonds/{iscsi-bond}/networks/{network}/vnicprofiles': Many<'vnic_profile', VnicProfile>;
  'datacenters/{data-center}/iscsibonds/{iscsi-bond}/networks/{network}/vnicprofiles/{assigned-vnic-profile}': VnicProfile;
  'datacenters/{data-center}/iscsibonds/{iscsi-bond}/networks/{network}/vnicprofiles/{assigned-vnic-profile}/permissions': Many<'permission', Permission>;
  'datacenters/{data-center}/iscsibonds/{iscsi-bond}/networks/{network}/vnicprofiles/{assigned-vnic-profile}/permissions/{permission}': Permission;
  'datacenters/{data-center}/iscsibonds/{iscsi-bond}/storageserverconnections': Many<'storage_connection', StorageConnection>;
  'datacenters/{data-center}/iscsibonds/{iscsi-bond}/storageserverconnections/{storage-server-connection}': StorageConnection;
  'datacenters/{data-center}/networks': Many<'network', Network>;
  'datacenters/{data-center}/networks/{data-center-network}': Network;
  'datacenters/{data-center}/permissions': Many<'permission', Permission>;
  'datacenters/{data-center}/permissions/{permission}': Permission;
  'datacenters/{data-center}/qoss': Many<'qos', Qos>;
  'datacenters/{data-center}/qoss/{qos}': Qos;
  'datacenters/{data-center}/quotas': Many<'quota', Quota>;
  'datacenters/{data-center}/quotas/{quota}': Quota;
  'datacenters/{data-center}/quotas/{quota}/permissions': Many<'permission', Permission>;
  'datacenters/{data-center}/quotas/{quota}/permissions/{permission}': Permission;
  'datacenters/{data-center}/quotas/{quota}/quotaclusterlimits': Many<'quota_cluster_limit', QuotaClusterLimit>;
  'datacenters/{data-center}/quotas/{quota}/quotaclusterlimits/{quota-cluster-limit}': QuotaClusterLimit;
  'datacenters/{data-center}/quotas/{quota}/quotastoragelimits': Many<'quota_storage_limit', QuotaStorageLimit>;
  'datacenters/{data-center}/quotas/{quota}/quotastoragelimits/{quota-storage-limit}': QuotaStorageLimit;
  'datacenters/{data-center}/storagedomains': Many<'storage_domain', StorageDomain>;
  'datacenters/{data-center}/storagedomains/{attached-storage-domain}': StorageDomain;
  'datacenters/{data-center}/storagedomains/{attached-storage-domain}/disks': Many<'disk', Disk>;
  'datacenters/{data-center}/storagedomains/{attached-storage-domain}/disks/{attached-storage-domain-disk}': Disk;
  'datacenters/{data-center}/storagedomains/{attached-storage-domain}/disks/{attached-storage-domain-disk}/permissions': Many<'permission', Permission>;
  'datacenters/{data-center}/storagedomains/{attached-storage-domain}/disks/{attached-storage-domain-disk}/permissions/{permission}': Permission;
  'datacenters/{data-center}/storagedomains/{attached-storage-domain}/disks/{attached-storage-domain-disk}/statistics': Many<'statistic', Statistic>;
  'datacenters/{data-center}/storagedomains/{attached-storage-domain}/disks/{attached-storage-domain-disk}/statistics/{statistic}': Statistic;
  'diskprofiles': Many<'disk_profile', DiskProfile>;
  'diskprofiles/{disk-profile}': DiskProfile;
  'diskprofiles/{disk-profile}/permissions': Many<'permission', Permission>;
  'diskprofiles/{disk-profile}/permissions/{permission}': Permission;
  'disks': Many<'disk', Disk>;
  'disks/{disk}': Disk;
  'disks/{disk}/disksnapshots': Many<'disk_snapshot', DiskSnapshot>;
  'disks/{disk}/disksnapshots/{disk-snapshot}': DiskSnapshot;
  'disks/{disk}/permissions': Many<'permission', Permission>;
  'disks/{disk}/permissions/{permission}': Permission;
  'disks/{disk}/statistics': Many<'statistic', Statistic>;
  'disks/{disk}/statistics/{statistic}': Statistic;
  'domains': Many<'domain', Domain>;
  'domains/{domain}': Domain;
  'domains/{domain}/groups': Many<'group', Group>;
  'domains/{domain}/groups/{domain-group}': Group;
  'domains/{domain}/users': Many<'user', User>;
  'domains/{domain}/users/{domain-user}': User;
  'events': Many<'event', Event>;
  'events/{event}': Event;
  'externalhostproviders': Many<'external_host_provider', ExternalHostProvider>;
  'externalhostproviders/{external-host-provider}': ExternalHostProvider;
  'externalhostproviders/{external-host-provider}/certificates': Many<'certificate', Certificate>;
  'externalhostproviders/{external-host-provider}/certificates/{external-provider-certificate}': Certificate;
  'externalhostproviders/{external-host-provider}/computeresources': Many<'external_compute_resource', ExternalComputeResource>;
  'externalhostproviders/{external-host-provider}/computeresources/{external-compute-resource}': ExternalComputeResource;
  'externalhostproviders/{external-host-provider}/discoveredhosts': Many<'external_discovered_host', ExternalDiscoveredHost>;
  'externalhostproviders/{external-host-provider}/discoveredhosts/{external-discovered-host}': ExternalDiscoveredHost;
  'externalhostproviders/{external-host-provider}/hostgroups': Many<'external_host_group', ExternalHostGroup>;
  'externalhostproviders/{external-host-provider}/hostgroups/{external-host-group}': ExternalHostGroup;
  'externalhostproviders/{external-host-provider}/hosts': Many<'host', Host>;
  'externalhostproviders/{external-host-provider}/hosts/{external-host}': Host;
  'groups': Many<'group', Group>;
  'groups/{group}': Group;
  'groups/{group}/permissions': Many<'permission', Permission>;
  'groups/{group}/permissions/{permission}': Permission;
  'groups/{group}/roles': Many<'role', Role>;
  'groups/{group}/roles/{role}': Role;
  'groups/{group}/roles/{role}/permits': Many<'permit', Permit>;
  'groups/{group}/roles/{role}/permits/{permit}': Permit;
  'groups/{group}/tags': Many<'tag', Tag>;
  'groups/{group}/tags/{assigned-tag}': Tag;
  'hosts': Many<'host', Host>;
  'hosts/{host}': Host;
  'hosts/{host}/affinitylabels': Many<'affinity_label', AffinityLabel>;
  'hosts/{host}/affinitylabels/{assigned-affinity-label}': AffinityLabel;
  'hosts/{host}/cpuunits': Many<'host_cpu_unit', HostCpuUnit>;
  'hosts/{host}/devices': Many<'host_device', HostDevice>;
  'hosts/{host}/devices/{host-device}': HostDevice;
  'hosts/{host}/externalnetworkproviderconfigurations': Many<'external_network_provider_configuration', ExternalNetworkProviderConfiguration>;
  'hosts/{host}/externalnetworkproviderconfigurations/{external-network-provider-configuration}': ExternalNetworkProviderConfiguration;
  'hosts/{host}/fenceagents': Many<'agent', Agent>;
  'hosts/{host}/fenceagents/{fence-agent}': Agent;
  'hosts/{host}/hooks': Many<'hook', Hook>;
  'hosts/{host}/hooks/{host-hook}': Hook;
  'hosts/{host}/katelloerrata': Many<'katello_erratum', KatelloErratum>;
  'hosts/{host}/katelloerrata/{katello-erratum}': KatelloErratum;
  'hosts/{host}/networkattachments': Many<'network_attachment', NetworkAttachment>;
  'hosts/{host}/networkattachments/{network-attachment}': NetworkAttachment;
  'hosts/{host}/nics': Many<'host_nic', HostNic>;
  'hosts/{host}/nics/{host-nic}': HostNic;
  'hosts/{host}/nics/{host-nic}/linklayerdiscoveryprotocolelements': Many<'link_layer_discovery_protocol_element', LinkLayerDiscoveryProtocolElement>;
  'hosts/{host}/nics/{host-nic}/networkattachments': Many<'network_attachment', NetworkAttachment>;
  'hosts/{host}/nics/{host-nic}/networkattachments/{network-attachment}': NetworkAttachment;
  'hosts/{host}/nics/{host-nic}/networklabels': Many<'network_label', NetworkLabel>;
  'hosts/{host}/nics/{host-nic}/networklabels/{network-label}': NetworkLabel;
  'hosts/{host}/nics/{host-nic}/statistics': Many<'statistic', Statistic>;
  'hosts/{host}/nics/{host-nic}/statistics/{statistic}': Statistic;
  'hosts/{host}/nics/{host-nic}/virtualfunctionallowedlabels': Many<'network_label', NetworkLabel>;
  'hosts/{host}/nics/{host-nic}/virtualfunctionallowedlabels/{network-label}': NetworkLabel;
  'hosts/{host}/nics/{host-nic}/virtualfunctionallowednetworks': Many<'network', Network>;
  'hosts/{host}/nics/{host-nic}/virtualfunctionallowednetworks/{virtual-function-allowed-network}': Network;
  'hosts/{host}/numanodes': Many<'host_numa_node', NumaNode>;
  'hosts/{host}/numanodes/{host-numa-node}': NumaNode;
  'hosts/{host}/numanodes/{host-numa-node}/statistics': Many<'statistic', Statistic>;
  'hosts/{host}/numanodes/{host-numa-node}/statistics/{statistic}': Statistic;
  'hosts/{host}/permissions': Many<'permission', Permission>;
  'hosts/{host}/permissions/{permission}': Permission;
  'hosts/{host}/statistics': Many<'statistic', Statistic>;
  'hosts/{host}/statistics/{statistic}': Statistic;
  'hosts/{host}/storage': Many<'host_storage', HostStorage>;
  'hosts/{host}/storage/{storage}': HostStorage;
  'hosts/{host}/storageconnectionextensions': Many<'storage_connection_extension', StorageConnectionExtension>;
  'hosts/{host}/storageconnectionextensions/{storage-server-connection-extension}': StorageConnectionExtension;
  'hosts/{host}/tags': Many<'tag', Tag>;
  'hosts/{host}/tags/{assigned-tag}': Tag;
  'hosts/{host}/unmanagednetworks': Many<'unmanaged_network', UnmanagedNetwork>;
  'hosts/{host}/unmanagednetworks/{unmanaged-network}': UnmanagedNetwork;
  'icons': Many<'icon', Icon>;
  'icons/{icon}': Icon;
  'imagetransfers': Many<'image_transfer', ImageTransfer>;
  'imagetransfers/{image-transfer}': ImageTransfer;
  'instancetypes': Many<'instance_type', InstanceType>;
  'instancetypes/{instance-type}': InstanceType;
  'instancetypes/{instance-type}/graphicsconsoles': Many<'graphics_console', GraphicsConsole>;
  'instancetypes/{instance-type}/graphicsconsoles/{instance-type-graphics-console}': GraphicsConsole;
  'instancetypes/{instance-type}/nics': Many<'nic', Nic>;
  'instancetypes/{instance-type}/nics/{instance-type-nic}': Nic;
  'instancetypes/{instance-type}/watchdogs': Many<'watchdog', Watchdog>;
  'instancetypes/{instance-type}/watchdogs/{instance-type-watchdog}': Watchdog;
  'jobs': Many<'job', Job>;
  'jobs/{job}': Job;
  'jobs/{job}/steps': Many<'step', Step>;
  'jobs/{job}/steps/{step}': Step;
  'jobs/{job}/steps/{step}/statistics': Many<'statistic', Statistic>;
  'jobs/{job}/steps/{step}/statistics/{statistic}': Statistic;
  'katelloerrata': Many<'katello_erratum', KatelloErratum>;
  'katelloerrata/{katello-erratum}': KatelloErratum;
  'macpools': Many<'mac_pool', MacPool>;
  'macpools/{mac-pool}': MacPool;
  'macpools/{mac-pool}/permissions': Many<'permission', Permission>;
  'macpools/{mac-pool}/permissions/{permission}': Permission;
  'networkfilters': Many<'network_filter', NetworkFilter>;
  'networkfilters/{network-filter}': NetworkFilter;
  'networks': Many<'network', Network>;
  'networks/{network}': Network;
  'networks/{network}/networklabels': Many<'network_label', NetworkLabel>;
  'networks/{network}/networklabels/{network-label}': NetworkLabel;
  'networks/{network}/permissions': Many<'permission', Permission>;
  'networks/{network}/permissions/{permission}': Permission;
  'networks/{network}/vnicprofiles': Many<'vnic_profile', VnicProfile>;
  'networks/{network}/vnicprofiles/{assigned-vnic-profile}': VnicProfile;
  'networks/{network}/vnicprofiles/{assigned-vnic-profile}/permissions': Many<'permission', Permission>;
  'networks/{network}/vnicprofiles/{assigned-vnic-profile}/permissions/{permission}': Permission;
  'openstackimageproviders': Many<'openstack_image_provider', OpenStackImageProvider>;
  'openstackimageproviders/{openstack-image-provider}': OpenStackImageProvider;
  'openstackimageproviders/{openstack-image-provider}/certificates': Many<'certificate', Certificate>;
  'openstackimageproviders/{openstack-image-provider}/certificates/{external-provider-certificate}': Certificate;
  'openstackimageproviders/{openstack-image-provider}/images': Many<'openstack_image', OpenStackImage>;
  'openstackimageproviders/{openstack-image-provider}/images/{openstack-image}': OpenStackImage;
  'openstacknetworkproviders': Many<'openstack_network_provider', OpenStackNetworkProvider>;
  'openstacknetworkproviders/{openstack-network-provider}': OpenStackNetworkProvider;
  'openstacknetworkproviders/{openstack-network-provider}/certificates': Many<'certificate', Certificate>;
  'openstacknetworkproviders/{openstack-network-provider}/certificates/{external-provider-certificate}': Certificate;
  'openstacknetworkproviders/{openstack-network-provider}/networks': Many<'openstack_network', OpenStackNetwork>;
  'openstacknetworkproviders/{openstack-network-provider}/networks/{openstack-network}': OpenStackNetwork;
  'openstacknetworkproviders/{openstack-network-provider}/networks/{openstack-network}/subnets': Many<'openstack_subnet', OpenStackSubnet>;
  'openstacknetworkproviders/{openstack-network-provider}/networks/{openstack-network}/subnets/{openstack-subnet}': OpenStackSubnet;
  'openstackvolumeproviders': Many<'openstack_volume_provider', OpenStackVolumeProvider>;
  'openstackvolumeproviders/{openstack-volume-provider}': OpenStackVolumeProvider;
  'openstackvolumeproviders/{openstack-volume-provider}/authenticationkeys': Many<'openstack_volume_authentication_key', OpenstackVolumeAuthenticationKey>;
  'openstackvolumeproviders/{openstack-volume-provider}/authenticationkeys/{openstack-volume-authentication-key}': OpenstackVolumeAuthenticationKey;
  'openstackvolumeproviders/{openstack-volume-provider}/certificates': Many<'certificate', Certificate>;
  'openstackvolumeproviders/{openstack-volume-provider}/certificates/{external-provider-certificate}': Certificate;
  'openstackvolumeproviders/{openstack-volume-provider}/volumetypes': Many<'open_stack_volume_type', OpenStackVolumeType>;
  'openstackvolumeproviders/{openstack-volume-provider}/volumetypes/{openstack-volume-type}': OpenStackVolumeType;
  'operatingsystems': Many<'operating_system', OperatingSystemInfo>;
  'operatingsystems/{operating-system}': OperatingSystemInfo;
  'options/{system-option}': Option;
  'permissions': Many<'permission', Permission>;
  'permissions/{permission}': Permission;
  'roles': Many<'role', Role>;
  'roles/{role}': Role;
  'roles/{role}/permits': Many<'permit', Permit>;
  'roles/{role}/permits/{permit}': Permit;
  'schedulingpolicies': Many<'scheduling_policy', SchedulingPolicy>;
  'schedulingpolicies/{scheduling-policy}': SchedulingPolicy;
  'schedulingpolicies/{scheduling-policy}/balances': Many<'balance', Balance>;
  'schedulingpolicies/{scheduling-policy}/balances/{balance}': Balance;
  'schedulingpolicies/{scheduling-policy}/filters': Many<'filter', Filter>;
  'schedulingpolicies/{scheduling-policy}/filters/{filter}': Filter;
  'schedulingpolicies/{scheduling-policy}/weights': Many<'weight', Weight>;
  'schedulingpolicies/{scheduling-policy}/weights/{weight}': Weight;
  'schedulingpolicyunits': Many<'scheduling_policy_unit', SchedulingPolicyUnit>;
  'schedulingpolicyunits/{scheduling-policy-unit}': SchedulingPolicyUnit;
  'storageconnections': Many<'storage_connection', StorageConnection>;
  'storageconnections/{storage-server-connection}': StorageConnection;
  'storagedomains': Many<'storage_domain', StorageDomain>;
  'storagedomains/{storage-domain}': StorageDomain;
  'storagedomains/{storage-domain}/diskprofiles': Many<'disk_profile', DiskProfile>;
  'storagedomains/{storage-domain}/diskprofiles/{assigned-disk-profile}': DiskProfile;
  'storagedomains/{storage-domain}/disks': Many<'disk', Disk>;
  'storagedomains/{storage-domain}/disks/{storage-domain-disk}': Disk;
  'storagedomains/{storage-domain}/disks/{storage-domain-disk}/permissions': Many<'permission', Permission>;
  'storagedomains/{storage-domain}/disks/{storage-domain-disk}/permissions/{permission}': Permission;
  'storagedomains/{storage-domain}/disks/{storage-domain-disk}/statistics': Many<'statistic', Statistic>;
  'storagedomains/{storage-domain}/disks/{storage-domain-disk}/statistics/{statistic}': Statistic;
  'storagedomains/{storage-domain}/disksnapshots': Many<'disk_snapshot', DiskSnapshot>;
  'storagedomains/{storage-domain}/disksnapshots/{disk-snapshot}': DiskSnapshot;
  'storagedomains/{storage-domain}/files': Many<'file', File>;
  'storagedomains/{storage-domain}/files/{file}': File;
  'storagedomains/{storage-domain}/images': Many<'image', Image>;
  'storagedomains/{storage-domain}/images/{image}': Image;
  'storagedomains/{storage-domain}/permissions': Many<'permission', Permission>;
  'storagedomains/{storage-domain}/permissions/{permission}': Permission;
  'storagedomains/{storage-domain}/storageconnections': Many<'storage_connection', StorageConnection>;
  'storagedomains/{storage-domain}/storageconnections/{storage-domain-server-connection}': StorageConnection;
  'storagedomains/{storage-domain}/templates': Many<'template', Template>;
  'storagedomains/{storage-domain}/templates/{storage-domain-template}': Template;
  'storagedomains/{storage-domain}/templates/{storage-domain-template}/disks': Many<'disk', Disk>;
  'storagedomains/{storage-domain}/templates/{storage-domain-template}/disks/{storage-domain-content-disk}': Disk;
  'storagedomains/{storage-domain}/vms': Many<'vm', Vm>;
  'storagedomains/{storage-domain}/vms/{storage-domain-vm}': Vm;
  'storagedomains/{storage-domain}/vms/{storage-domain-vm}/diskattachments': Many<'disk_attachment', DiskAttachment>;
  'storagedomains/{storage-domain}/vms/{storage-domain-vm}/diskattachments/{storage-domain-vm-disk-attachment}': DiskAttachment;
  'storagedomains/{storage-domain}/vms/{storage-domain-vm}/disks': Many<'disk', Disk>;
  'storagedomains/{storage-domain}/vms/{storage-domain-vm}/disks/{storage-domain-content-disk}': Disk;
  'tags': Many<'tag', Tag>;
  'tags/{tag}': Tag;
  'templates': Many<'template', Template>;
  'templates/{template}': Template;
  'templates/{template}/cdroms': Many<'cdrom', Cdrom>;
  'templates/{template}/cdroms/{template-cdrom}': Cdrom;
  'templates/{template}/diskattachments': Many<'disk_attachment', DiskAttachment>;
  'templates/{template}/diskattachments/{template-disk-attachment}': DiskAttachment;
  'templates/{template}/graphicsconsoles': Many<'graphics_console', GraphicsConsole>;
  'templates/{template}/graphicsconsoles/{template-graphics-console}': GraphicsConsole;
  'templates/{template}/mediateddevices': Many<'vm_mediated_device', VmMediatedDevice>;
  'templates/{template}/mediateddevices/{template-mediated-device}': VmMediatedDevice;
  'templates/{template}/nics': Many<'nic', Nic>;
  'templates/{template}/nics/{template-nic}': Nic;
  'templates/{template}/permissions': Many<'permission', Permission>;
  'templates/{template}/permissions/{permission}': Permission;
  'templates/{template}/tags': Many<'tag', Tag>;
  'templates/{template}/tags/{assigned-tag}': Tag;
  'templates/{template}/watchdogs': Many<'watchdog', Watchdog>;
  'templates/{template}/watchdogs/{template-watchdog}': Watchdog;
  'users': Many<'user', User>;
  'users/{user}': User;
  'users/{user}/eventsubscriptions': Many<'event_subscription', EventSubscription>;
  'users/{user}/eventsubscriptions/{event-subscription}': EventSubscription;
  'users/{user}/groups': Many<'group', Group>;
  'users/{user}/options': Many<'user_option', UserOption>;
  'users/{user}/options/{user-option}': UserOption;
  'users/{user}/permissions': Many<'permission', Permission>;
  'users/{user}/permissions/{permission}': Permission;
  'users/{user}/roles': Many<'role', Role>;
  'users/{user}/roles/{role}': Role;
  'users/{user}/roles/{role}/permits': Many<'permit', Permit>;
  'users/{user}/roles/{role}/permits/{permit}': Permit;
  'users/{user}/sshpublickeys': Many<'ssh_public_key', SshPublicKey>;
  'users/{user}/sshpublickeys/{ssh-public-key}': SshPublicKey;
  'users/{user}/tags': Many<'tag', Tag>;
  'users/{user}/tags/{assigned-tag}': Tag;
  'vmpools': Many<'vm_pool', VmPool>;
  'vmpools/{vm-pool}': VmPool;
  'vmpools/{vm-pool}/permissions': Many<'permission', Permission>;
  'vmpools/{vm-pool}/permissions/{permission}': Permission;
  'vms': Many<'vm', Vm>;
  'vms/{vm}': Vm;
  'vms/{vm}/affinitylabels': Many<'affinity_label', AffinityLabel>;
  'vms/{vm}/affinitylabels/{assigned-affinity-label}': AffinityLabel;
  'vms/{vm}/applications': Many<'application', Application>;
  'vms/{vm}/applications/{vm-application}': Application;
  'vms/{vm}/backups': Many<'backup', Backup>;
  'vms/{vm}/backups/{vm-backup}': Backup;
  'vms/{vm}/backups/{vm-backup}/disks': Many<'disk', Disk>;
  'vms/{vm}/backups/{vm-backup}/disks/{vm-backup-disk}': Disk;
  'vms/{vm}/cdroms': Many<'cdrom', Cdrom>;
  'vms/{vm}/cdroms/{vm-cdrom}': Cdrom;
  'vms/{vm}/checkpoints': Many<'checkpoint', Checkpoint>;
  'vms/{vm}/checkpoints/{vm-checkpoint}': Checkpoint;
  'vms/{vm}/checkpoints/{vm-checkpoint}/disks': Many<'disk', Disk>;
  'vms/{vm}/checkpoints/{vm-checkpoint}/disks/{vm-checkpoint-disk}': Disk;
  'vms/{vm}/diskattachments': Many<'disk_attachment', DiskAttachment>;
  'vms/{vm}/diskattachments/{disk-attachment}': DiskAttachment;
  'vms/{vm}/graphicsconsoles': Many<'graphics_console', GraphicsConsole>;
  'vms/{vm}/graphicsconsoles/{vm-graphics-console}': GraphicsConsole;
  'vms/{vm}/hostdevices': Many<'host_device', HostDevice>;
  'vms/{vm}/hostdevices/{vm-host-device}': HostDevice;
  'vms/{vm}/katelloerrata': Many<'katello_erratum', KatelloErratum>;
  'vms/{vm}/katelloerrata/{katello-erratum}': KatelloErratum;
  'vms/{vm}/mediateddevices': Many<'vm_mediated_device', VmMediatedDevice>;
  'vms/{vm}/mediateddevices/{vm-mediated-device}': VmMediatedDevice;
  'vms/{vm}/nics': Many<'nic', Nic>;
  'vms/{vm}/nics/{vm-nic}': Nic;
  'vms/{vm}/nics/{vm-nic}/networkfilterparameters': Many<'network_filter_parameter', NetworkFilterParameter>;
  'vms/{vm}/nics/{vm-nic}/networkfilterparameters/{nic-network-filter-parameter}': NetworkFilterParameter;
  'vms/{vm}/nics/{vm-nic}/reporteddevices': Many<'reported_device', ReportedDevice>;
  'vms/{vm}/nics/{vm-nic}/reporteddevices/{vm-reported-device}': ReportedDevice;
  'vms/{vm}/nics/{vm-nic}/statistics': Many<'statistic', Statistic>;
  'vms/{vm}/nics/{vm-nic}/statistics/{statistic}': Statistic;
  'vms/{vm}/numanodes': Many<'vm_numa_node', VirtualNumaNode>;
  'vms/{vm}/numanodes/{vm-numa-node}': VirtualNumaNode;
  'vms/{vm}/permissions': Many<'permission', Permission>;
  'vms/{vm}/permissions/{permission}': Permission;
  'vms/{vm}/reporteddevices': Many<'reported_device', ReportedDevice>;
  'vms/{vm}/reporteddevices/{vm-reported-device}': ReportedDevice;
  'vms/{vm}/sessions': Many<'session', Session>;
  'vms/{vm}/sessions/{vm-session}': Session;
  'vms/{vm}/snapshots': Many<'snapshot', Snapshot>;
  'vms/{vm}/snapshots/{snapshot}': Snapshot;
  'vms/{vm}/snapshots/{snapshot}/cdroms': Many<'cdrom', Cdrom>;
  'vms/{vm}/snapshots/{snapshot}/cdroms/{snapshot-cdrom}': Cdrom;
  'vms/{vm}/snapshots/{snapshot}/disks': Many<'disk', Disk>;
  'vms/{vm}/snapshots/{snapshot}/disks/{snapshot-disk}': Disk;
  'vms/{vm}/snapshots/{snapshot}/nics': Many<'nic', Nic>;
  'vms/{vm}/snapshots/{snapshot}/nics/{snapshot-nic}': Nic;
  'vms/{vm}/statistics': Many<'statistic', Statistic>;
  'vms/{vm}/statistics/{statistic}': Statistic;
  'vms/{vm}/tags': Many<'tag', Tag>;
  'vms/{vm}/tags/{assigned-tag}': Tag;
  'vms/{vm}/watchdogs': Many<'watchdog', Watchdog>;
  'vms/{vm}/watchdogs/{vm-watchdog}': Watchdog;
  'vnicprofiles': Many<'vnic_profile', VnicProfile>;
  'vnicprofiles/{vnic-profile}': VnicProfile;
  'vnicprofiles/{vnic-profile}/permissions': Many<'permission', Permission>;
  'vnicprofiles/{vnic-profile}/permissions/{permission}': Permission;
}
