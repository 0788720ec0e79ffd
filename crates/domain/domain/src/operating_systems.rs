//! Guest operating systems by oVirt's ids: what the API lists and what a VM's `os` may name.
//!
//! Data only. Which devices an operating system gets is not here.

/// Family of an operating system.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Family {
    /// Linux distributions.
    Linux,
    /// Windows.
    Windows,
    /// Anything else.
    Other,
}

/// Processor architecture of a guest.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Architecture {
    /// AMD and Intel, 64 bits.
    X86_64,
    /// POWER.
    Ppc64,
    /// IBM Z.
    S390x,
}

impl Architecture {
    /// The API's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Architecture::X86_64 => "x86_64",
            Architecture::Ppc64 => "ppc64",
            Architecture::S390x => "s390x",
        }
    }
}

/// Does it take a TPM device?
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TpmSupport {
    /// No.
    Unsupported,
    /// If one is asked for.
    Supported,
    /// It does not run without.
    Required,
}

impl TpmSupport {
    /// The API's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            TpmSupport::Unsupported => "unsupported",
            TpmSupport::Supported => "supported",
            TpmSupport::Required => "required",
        }
    }
}

/// One operating system.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OperatingSystem {
    /// oVirt's number, stored in OVF documents and the warehouse.
    pub id: u32,
    /// oVirt's name (`rhel_9x64`), what `vm.os.type` holds.
    pub name: &'static str,
    /// What a person reads.
    pub title: &'static str,
    /// Family.
    pub family: Family,
    /// Architecture.
    pub architecture: Architecture,
    /// 32 or 64.
    pub bits: u32,
    /// Least memory in MiB.
    pub memory_min_mib: u64,
    /// Most memory in MiB.
    pub memory_max_mib: u64,
    /// Is a TPM possible or needed?
    pub tpm: TpmSupport,
}

/// The one with this name (`other`). O(systems).
#[must_use]
pub fn by_name(name: &str) -> Option<&'static OperatingSystem> {
    ALL.iter().find(|os| os.name == name)
}

/// The one with this number. O(systems).
#[must_use]
pub fn by_id(id: u32) -> Option<&'static OperatingSystem> {
    ALL.iter().find(|os| os.id == id)
}

macro_rules! systems {
    ($($id:literal $name:literal $title:literal $family:ident $arch:ident $bits:literal $min:literal..$max:literal $tpm:ident;)*) => {
        &[$(OperatingSystem {
            id: $id,
            name: $name,
            title: $title,
            family: Family::$family,
            architecture: Architecture::$arch,
            bits: $bits,
            memory_min_mib: $min,
            memory_max_mib: $max,
            tpm: TpmSupport::$tpm,
        }),*]
    };
}

/// All of them, by number (oVirt 4.5's osinfo table).
pub const ALL: &[OperatingSystem] = systems! {
    0 "other" "Other OS" Other X86_64 64 256..65536 Unsupported;
    1 "windows_xp" "Windows XP" Windows X86_64 32 256..65536 Unsupported;
    3 "windows_2003" "Windows 2003" Windows X86_64 32 256..65536 Unsupported;
    4 "windows_2008" "Windows 2008" Windows X86_64 32 256..65536 Unsupported;
    5 "other_linux" "Linux" Linux X86_64 64 256..65536 Unsupported;
    7 "rhel_5" "Red Hat Enterprise Linux 5.x" Linux X86_64 32 512..16384 Unsupported;
    8 "rhel_4" "Red Hat Enterprise Linux 4.x" Linux X86_64 32 256..65536 Unsupported;
    9 "rhel_3" "Red Hat Enterprise Linux 3.x" Linux X86_64 32 256..65536 Unsupported;
    10 "windows_2003x64" "Windows 2003 x64" Windows X86_64 64 1024..1048576 Unsupported;
    11 "windows_7" "Windows 7" Windows X86_64 32 256..65536 Unsupported;
    12 "windows_7x64" "Windows 7 x64" Windows X86_64 64 1024..196608 Unsupported;
    13 "rhel_5x64" "Red Hat Enterprise Linux 5.x x64" Linux X86_64 64 512..1048576 Unsupported;
    14 "rhel_4x64" "Red Hat Enterprise Linux 4.x x64" Linux X86_64 64 256..262144 Unsupported;
    15 "rhel_3x64" "Red Hat Enterprise Linux 3.x x64" Linux X86_64 64 256..131072 Unsupported;
    16 "windows_2008x64" "Windows 2008 x64" Windows X86_64 64 1024..1048576 Unsupported;
    17 "windows_2008R2x64" "Windows 2008 R2 x64" Windows X86_64 64 1024..2097152 Unsupported;
    18 "rhel_6" "Red Hat Enterprise Linux 6.x" Linux X86_64 32 512..16384 Unsupported;
    19 "rhel_6x64" "Red Hat Enterprise Linux 6.x x64" Linux X86_64 64 1024..4194304 Unsupported;
    20 "windows_8" "Windows 8" Windows X86_64 32 256..65536 Supported;
    21 "windows_8x64" "Windows 8 x64" Windows X86_64 64 1024..524288 Supported;
    23 "windows_2012x64" "Windows 2012 x64" Windows X86_64 64 1024..4194304 Supported;
    24 "rhel_7x64" "Red Hat Enterprise Linux 7.x x64" Linux X86_64 64 1024..6291456 Supported;
    25 "windows_2012R2x64" "Windows 2012R2 x64" Windows X86_64 64 1024..4194304 Supported;
    26 "windows_10" "Windows 10" Windows X86_64 32 256..65536 Supported;
    27 "windows_10x64" "Windows 10 x64" Windows X86_64 64 1024..2097152 Supported;
    28 "rhel_atomic7x64" "Red Hat Atomic 7.x x64" Linux X86_64 64 1024..6291456 Supported;
    29 "windows_2016x64" "Windows 2016 x64" Windows X86_64 64 1024..4194304 Supported;
    30 "rhel_8x64" "Red Hat Enterprise Linux 8.x x64" Linux X86_64 64 1024..16777216 Supported;
    31 "windows_2019x64" "Windows 2019 x64" Windows X86_64 64 1024..4194304 Supported;
    33 "other_linux_kernel_4" "Other Linux (kernel 4.x)" Linux X86_64 64 1024..6291456 Supported;
    34 "rhel_9x64" "Red Hat Enterprise Linux 9.x x64" Linux X86_64 64 1024..16777216 Supported;
    35 "rhcos_x64" "Red Hat Enterprise Linux CoreOS" Linux X86_64 64 1024..16777216 Supported;
    36 "windows_11" "Windows 11" Windows X86_64 64 4096..2097152 Required;
    37 "windows_2022" "Windows 2022" Windows X86_64 64 1024..4194304 Supported;
    38 "windows_2025" "Windows 2025" Windows X86_64 64 1024..4194304 Supported;
    39 "rhel_10x64" "Red Hat Enterprise Linux 10.x x64" Linux X86_64 64 1024..67108864 Supported;
    1001 "other_ppc64" "Other OS" Other Ppc64 64 256..65536 Unsupported;
    1002 "other_linux_ppc64" "Linux" Linux Ppc64 64 256..65536 Unsupported;
    1003 "rhel_6_ppc64" "Red Hat Enterprise Linux up to 6.8" Linux Ppc64 64 256..65536 Unsupported;
    1004 "sles_11_ppc64" "SUSE Linux Enterprise Server 11" Linux Ppc64 64 256..65536 Unsupported;
    1005 "ubuntu_14_04_ppc64" "Ubuntu Trusty Tahr LTS+" Linux Ppc64 64 64..65536 Unsupported;
    1006 "rhel_7_ppc64" "Red Hat Enterprise Linux 7.x" Linux Ppc64 64 256..65536 Supported;
    1007 "rhel_6_9_plus_ppc64" "Red Hat Enterprise Linux 6.9+" Linux Ppc64 64 256..65536 Unsupported;
    1008 "rhel_8_ppc64" "Red Hat Enterprise Linux 8.x" Linux Ppc64 64 256..65536 Supported;
    1009 "rhel_9_ppc64" "Red Hat Enterprise Linux 9.x" Linux Ppc64 64 256..65536 Supported;
    1193 "sles_11" "SUSE Linux Enterprise Server 11+" Linux X86_64 64 256..65536 Unsupported;
    1252 "ubuntu_12_04" "Ubuntu Precise Pangolin LTS" Linux X86_64 64 64..65536 Unsupported;
    1253 "ubuntu_12_10" "Ubuntu Quantal Quetzal" Linux X86_64 64 64..65536 Unsupported;
    1254 "ubuntu_13_04" "Ubuntu Raring Ringtails" Linux X86_64 64 64..65536 Unsupported;
    1255 "ubuntu_13_10" "Ubuntu Saucy Salamander" Linux X86_64 64 64..65536 Unsupported;
    1256 "ubuntu_14_04" "Ubuntu Trusty Tahr LTS+" Linux X86_64 64 64..65536 Unsupported;
    1257 "ubuntu_18_04" "Ubuntu Bionic Beaver LTS+" Linux X86_64 64 64..65536 Unsupported;
    1300 "debian_7" "Debian 7+" Linux X86_64 64 64..65536 Unsupported;
    1301 "debian_9" "Debian 9+" Linux X86_64 64 64..65536 Unsupported;
    1500 "freebsd" "FreeBSD 9.2" Other X86_64 32 256..65536 Unsupported;
    1501 "freebsdx64" "FreeBSD 9.2 x64" Other X86_64 64 256..65536 Unsupported;
    2001 "other_s390x" "Other OS" Other S390x 64 256..65536 Unsupported;
    2002 "other_linux_s390x" "Linux" Linux S390x 64 256..65536 Unsupported;
    2003 "rhel_7_s390x" "Red Hat Enterprise Linux 7.x" Linux S390x 64 256..65536 Supported;
    2004 "sles_12_s390x" "SUSE Linux Enterprise Server 12" Linux S390x 64 256..65536 Unsupported;
    2005 "ubuntu_16_04_s390x" "Ubuntu Xenial Xerus LTS+" Linux S390x 64 256..65536 Unsupported;
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_rise_and_names_are_unique() {
        assert!(ALL.windows(2).all(|w| w[0].id < w[1].id));
        let names: std::collections::BTreeSet<_> = ALL.iter().map(|os| os.name).collect();
        assert_eq!(names.len(), ALL.len());
        assert!(ALL.iter().all(|os| os.memory_min_mib < os.memory_max_mib));
    }

    #[test]
    fn one_is_found_by_name_and_by_number() {
        assert_eq!(by_name("other").map(|os| os.id), Some(0));
        assert_eq!(by_id(34).map(|os| os.name), Some("rhel_9x64"));
        assert_eq!(by_name("nonesuch"), None);
    }
}
