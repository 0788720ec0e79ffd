//! What takes a domain longer than a moment: its way to another host, and jobs on its disks.

use super::connection::{Connection, c_string};
use super::domain::{Domain, string_take};
use super::error::{VirError, code};
use super::library::VirDomainBlockJobInfo;
use super::parameters::{Parameters, parameters_read};
use super::stats::DomainStats;
use std::ffi::{c_int, c_uint, c_ulong};
use std::ptr;

/// `VIR_MIGRATE_LIVE`, `…_PEER2PEER` and `…_ABORT_ON_ERROR`: libvirt's daemons do it among themselves,
/// and a guest whose disk fails stays.
const MIGRATE: c_uint = 1 | 1 << 1 | 1 << 12;
/// `VIR_MIGRATE_AUTO_CONVERGE`.
const AUTO_CONVERGE: c_uint = 1 << 13;
/// `VIR_MIGRATE_TLS`.
const TLS: c_uint = 1 << 16;

/// `VIR_DOMAIN_SNAPSHOT_CREATE_NO_METADATA`, `…_DISK_ONLY`, `…_REUSE_EXT` and `…_ATOMIC`.
const SNAPSHOT: c_uint = 1 << 2 | 1 << 4 | 1 << 5 | 1 << 7;
/// `VIR_DOMAIN_SNAPSHOT_CREATE_QUIESCE`.
const QUIESCE: c_uint = 1 << 6;

/// `VIR_DOMAIN_BLOCK_COPY_SHALLOW`, `…_REUSE_EXT`, `…_TRANSIENT_JOB`, `…_SYNCHRONOUS_WRITES`: once it
/// has caught up, a write of the guest is over when it is on both sides (since libvirt 8.0).
const COPY_SHALLOW: c_uint = 1;
const COPY_REUSE: c_uint = 1 << 1;
const COPY_TRANSIENT: c_uint = 1 << 2;
const COPY_SYNCHRONOUS: c_uint = 1 << 3;
/// `VIR_DOMAIN_BLOCK_COMMIT_ACTIVE` and `…_BANDWIDTH_BYTES`.
const COMMIT_ACTIVE: c_uint = 1 << 2;
const COMMIT_BYTES: c_uint = 1 << 4;
/// `VIR_DOMAIN_BLOCK_JOB_ABORT_PIVOT`.
const PIVOT: c_uint = 1 << 1;

/// `VIR_DOMAIN_METADATA_ELEMENT`, and `VIR_DOMAIN_AFFECT_LIVE`.
const METADATA_ELEMENT: c_int = 2;
const AFFECT_LIVE: c_uint = 1;

/// How a domain goes to another host.
pub(crate) struct Departure<'a> {
    pub destination: &'a str,
    pub migrate_uri: Option<&'a str>,
    pub destination_xml: Option<&'a str>,
    pub bandwidth_mib: Option<u64>,
    pub encrypted: bool,
    pub auto_converge: bool,
}

/// A block job in libvirt's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RawBlockJob {
    /// `virDomainBlockJobType`.
    pub kind: i32,
    pub current: u64,
    pub end: u64,
}

impl Domain {
    /// Goes to another host; returns when it is there or has failed.
    pub(crate) fn migrate(&self, departure: &Departure<'_>) -> Result<(), VirError> {
        let destination = c_string(departure.destination)?;
        let mut parameters = Parameters::default();
        if let Some(uri) = departure.migrate_uri {
            parameters.text("migrate_uri", uri)?;
        }
        if let Some(xml) = departure.destination_xml {
            parameters.text("destination_xml", xml)?;
        }
        if let Some(bandwidth) = departure.bandwidth_mib {
            parameters.number("bandwidth", bandwidth);
        }
        let mut flags = MIGRATE;
        for (wanted, flag) in [
            (departure.encrypted, TLS),
            (departure.auto_converge, AUTO_CONVERGE),
        ] {
            flags |= if wanted { flag } else { 0 };
        }
        let (list, length) = parameters.raw();
        let length = c_uint::try_from(length).unwrap_or(0);
        // SAFETY: the domain, the C string and the list are valid for the duration of the call.
        self.check(unsafe {
            (self.library.virDomainMigrateToURI3)(
                self.raw(),
                destination.as_ptr(),
                list,
                length,
                flags,
            )
        })
    }

    /// Gives up the domain's job.
    pub(crate) fn job_abort(&self) -> Result<(), VirError> {
        // SAFETY: the domain is valid.
        self.check(unsafe { (self.library.virDomainAbortJob)(self.raw()) })
    }

    /// `virDomainJobType` of the domain's job, and what it tells of itself.
    pub(crate) fn job(&self) -> Result<(i32, DomainStats), VirError> {
        let (mut kind, mut count): (c_int, c_int) = (0, 0);
        let mut list = ptr::null_mut();
        // SAFETY: all point to variables of ours; the list is freed below.
        self.check(unsafe {
            (self.library.virDomainGetJobStats)(
                self.raw(),
                &raw mut kind,
                &raw mut list,
                &raw mut count,
                0,
            )
        })?;
        // SAFETY: libvirt filled the list, and it is not used after it is freed.
        unsafe {
            let values = parameters_read(list, count);
            (self.library.virTypedParamsFree)(list, count);
            Ok((kind, values))
        }
    }

    /// Puts new layers on disks.
    pub(crate) fn snapshot(&self, xml: &str, quiesce: bool) -> Result<(), VirError> {
        let xml = c_string(xml)?;
        let flags = SNAPSHOT | if quiesce { QUIESCE } else { 0 };
        // SAFETY: a C string for the duration of the call; the snapshot is ours to free.
        unsafe {
            let made = (self.library.virDomainSnapshotCreateXML)(self.raw(), xml.as_ptr(), flags);
            if made.is_null() {
                return Err(VirError::last(self.library));
            }
            (self.library.virDomainSnapshotFree)(made);
        }
        Ok(())
    }

    /// Begins to copy a disk.
    pub(crate) fn block_copy(
        &self,
        disk: &str,
        xml: &str,
        bandwidth: Option<u64>,
        (shallow, reuse): (bool, bool),
    ) -> Result<(), VirError> {
        let (disk, xml) = (c_string(disk)?, c_string(xml)?);
        let mut parameters = Parameters::default();
        if let Some(bandwidth) = bandwidth {
            parameters.number("bandwidth", bandwidth);
        }
        let flags = COPY_TRANSIENT
            | COPY_SYNCHRONOUS
            | if shallow { COPY_SHALLOW } else { 0 }
            | if reuse { COPY_REUSE } else { 0 };
        let (list, length) = parameters.raw();
        let length = c_int::try_from(length).unwrap_or(0);
        // SAFETY: C strings and the list are valid for the duration of the call.
        self.check(unsafe {
            (self.library.virDomainBlockCopy)(
                self.raw(),
                disk.as_ptr(),
                xml.as_ptr(),
                list,
                length,
                flags,
            )
        })
    }

    /// Begins to merge layers of a disk.
    pub(crate) fn block_commit(
        &self,
        disk: &str,
        (top, base): (&str, &str),
        active: bool,
        bandwidth: Option<u64>,
    ) -> Result<(), VirError> {
        let (disk, top, base) = (c_string(disk)?, c_string(top)?, c_string(base)?);
        let bandwidth = c_ulong::try_from(bandwidth.unwrap_or(0)).unwrap_or(0);
        let flags = COMMIT_BYTES | if active { COMMIT_ACTIVE } else { 0 };
        // SAFETY: C strings for the duration of the call.
        self.check(unsafe {
            (self.library.virDomainBlockCommit)(
                self.raw(),
                disk.as_ptr(),
                base.as_ptr(),
                top.as_ptr(),
                bandwidth,
                flags,
            )
        })
    }

    /// The job of a disk.
    pub(crate) fn block_job(&self, disk: &str) -> Result<Option<RawBlockJob>, VirError> {
        let disk = c_string(disk)?;
        let mut info = VirDomainBlockJobInfo::default();
        // SAFETY: a C string for the duration of the call; `info` is ours.
        let found = unsafe {
            (self.library.virDomainGetBlockJobInfo)(self.raw(), disk.as_ptr(), &raw mut info, 0)
        };
        self.check(found)?;
        Ok((found > 0).then_some(RawBlockJob {
            kind: info.kind,
            current: info.current,
            end: info.end,
        }))
    }

    /// Ends the job of a disk, with or without a change to its other side.
    pub(crate) fn block_end(&self, disk: &str, pivot: bool) -> Result<(), VirError> {
        let disk = c_string(disk)?;
        let flags = if pivot { PIVOT } else { 0 };
        // SAFETY: a C string for the duration of the call.
        self.check(unsafe {
            (self.library.virDomainBlockJobAbort)(self.raw(), disk.as_ptr(), flags)
        })
    }

    /// An element of the running domain's metadata; `None` when it has none. Never waits for jobs.
    pub(crate) fn metadata(&self, namespace: &str) -> Result<Option<String>, VirError> {
        let namespace = c_string(namespace)?;
        // SAFETY: a C string for the duration of the call; the text is ours to free.
        let found = unsafe {
            let text = (self.library.virDomainGetMetadata)(
                self.raw(),
                METADATA_ELEMENT,
                namespace.as_ptr(),
                AFFECT_LIVE,
            );
            string_take(self.library, text)
        };
        match found {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.code == code::NO_DOMAIN_METADATA => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Replaces an element of the running domain's metadata.
    pub(crate) fn metadata_set(
        &self,
        xml: &str,
        prefix: &str,
        namespace: &str,
    ) -> Result<(), VirError> {
        let (xml, prefix, namespace) = (c_string(xml)?, c_string(prefix)?, c_string(namespace)?);
        // SAFETY: C strings for the duration of the call.
        self.check(unsafe {
            (self.library.virDomainSetMetadata)(
                self.raw(),
                METADATA_ELEMENT,
                xml.as_ptr(),
                prefix.as_ptr(),
                namespace.as_ptr(),
                AFFECT_LIVE,
            )
        })
    }
}

impl Connection {
    /// Is the wire to the daemon whole? A daemon's word about another host's is no loss of ours.
    pub(crate) fn is_alive(&self) -> bool {
        // SAFETY: the connection is open.
        unsafe { (self.library.virConnectIsAlive)(self.raw()) == 1 }
    }
}
