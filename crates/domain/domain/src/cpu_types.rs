//! CPU types that clusters may have, by compatibility level, with oVirt's names.

use crate::data_centers::CompatibilityVersion;
use serde::{Deserialize, Serialize};

/// Instruction sets.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum CpuArchitecture {
    /// AMD64 and Intel 64.
    X86_64,
    /// POWER.
    Ppc64,
    /// System z.
    S390x,
}

impl CpuArchitecture {
    /// The API's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            CpuArchitecture::X86_64 => "x86_64",
            CpuArchitecture::Ppc64 => "ppc64",
            CpuArchitecture::S390x => "s390x",
        }
    }
}

/// A CPU type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CpuType {
    /// oVirt's name.
    pub name: &'static str,
    /// Its place among those of its vendor; greater can more.
    pub level: u32,
    /// Its instruction set.
    pub architecture: CpuArchitecture,
}

/// Those of a level; none for one that does not exist.
#[must_use]
pub fn of_level(version: CompatibilityVersion) -> &'static [CpuType] {
    match (version.major, version.minor) {
        (4, 2) => LEVEL_4_2,
        (4, 3) => LEVEL_4_3,
        (4, 4) => LEVEL_4_4,
        (4, 5..=7) => LEVEL_4_5,
        (4, 8) => LEVEL_4_8,
        _ => &[],
    }
}

/// A type of a level by its name.
#[must_use]
pub fn named(version: CompatibilityVersion, name: &str) -> Option<&'static CpuType> {
    of_level(version).iter().find(|t| t.name == name)
}

const fn x86(level: u32, name: &'static str) -> CpuType {
    CpuType {
        name,
        level,
        architecture: CpuArchitecture::X86_64,
    }
}

const fn ppc(level: u32, name: &'static str) -> CpuType {
    CpuType {
        name,
        level,
        architecture: CpuArchitecture::Ppc64,
    }
}

const fn s390(level: u32, name: &'static str) -> CpuType {
    CpuType {
        name,
        level,
        architecture: CpuArchitecture::S390x,
    }
}

const LEVEL_4_2: &[CpuType] = &[
    x86(3, "Intel Conroe Family"),
    x86(4, "Intel Penryn Family"),
    x86(5, "Intel Nehalem Family"),
    x86(6, "Intel Nehalem IBRS Family"),
    x86(7, "Intel Nehalem IBRS SSBD Family"),
    x86(8, "Intel Nehalem IBRS SSBD MDS Family"),
    x86(9, "Intel Westmere Family"),
    x86(10, "Intel Westmere IBRS Family"),
    x86(11, "Intel Westmere IBRS SSBD Family"),
    x86(12, "Intel Westmere IBRS SSBD MDS Family"),
    x86(13, "Intel SandyBridge Family"),
    x86(14, "Intel SandyBridge IBRS Family"),
    x86(15, "Intel SandyBridge IBRS SSBD Family"),
    x86(16, "Intel SandyBridge IBRS SSBD MDS Family"),
    x86(17, "Intel Haswell-noTSX Family"),
    x86(18, "Intel Haswell-noTSX IBRS Family"),
    x86(19, "Intel Haswell-noTSX IBRS SSBD Family"),
    x86(20, "Intel Haswell-noTSX IBRS SSBD MDS Family"),
    x86(21, "Intel Haswell Family"),
    x86(22, "Intel Haswell IBRS Family"),
    x86(23, "Intel Haswell IBRS SSBD Family"),
    x86(24, "Intel Haswell IBRS SSBD MDS Family"),
    x86(25, "Intel Broadwell-noTSX Family"),
    x86(26, "Intel Broadwell-noTSX IBRS Family"),
    x86(27, "Intel Broadwell-noTSX IBRS SSBD Family"),
    x86(28, "Intel Broadwell-noTSX IBRS SSBD MDS Family"),
    x86(29, "Intel Broadwell Family"),
    x86(30, "Intel Broadwell IBRS Family"),
    x86(31, "Intel Broadwell IBRS SSBD Family"),
    x86(32, "Intel Broadwell IBRS SSBD MDS Family"),
    x86(33, "Intel Skylake Client Family"),
    x86(34, "Intel Skylake Client IBRS Family"),
    x86(35, "Intel Skylake Client IBRS SSBD Family"),
    x86(36, "Intel Skylake Client IBRS SSBD MDS Family"),
    x86(2, "AMD Opteron G1"),
    x86(3, "AMD Opteron G2"),
    x86(4, "AMD Opteron G3"),
    x86(5, "AMD Opteron G4"),
    x86(6, "AMD Opteron G5"),
    ppc(3, "IBM POWER8"),
];

const LEVEL_4_3: &[CpuType] = &[
    x86(5, "Intel Nehalem Family"),
    x86(7, "Intel Nehalem IBRS SSBD Family"),
    x86(8, "Intel Nehalem IBRS SSBD MDS Family"),
    x86(9, "Intel Westmere Family"),
    x86(10, "Intel Westmere IBRS SSBD Family"),
    x86(11, "Intel Westmere IBRS SSBD MDS Family"),
    x86(12, "Intel SandyBridge Family"),
    x86(13, "Intel SandyBridge IBRS SSBD Family"),
    x86(14, "Intel SandyBridge IBRS SSBD MDS Family"),
    x86(15, "Intel Haswell-noTSX Family"),
    x86(16, "Intel Haswell-noTSX IBRS SSBD Family"),
    x86(17, "Intel Haswell-noTSX IBRS SSBD MDS Family"),
    x86(18, "Intel Haswell Family"),
    x86(19, "Intel Haswell IBRS SSBD Family"),
    x86(20, "Intel Haswell IBRS SSBD MDS Family"),
    x86(21, "Intel Broadwell-noTSX Family"),
    x86(22, "Intel Broadwell-noTSX IBRS SSBD Family"),
    x86(23, "Intel Broadwell-noTSX IBRS SSBD MDS Family"),
    x86(24, "Intel Broadwell Family"),
    x86(25, "Intel Broadwell IBRS SSBD Family"),
    x86(26, "Intel Broadwell IBRS SSBD MDS Family"),
    x86(27, "Intel Skylake Client Family"),
    x86(28, "Intel Skylake Client IBRS SSBD Family"),
    x86(29, "Intel Skylake Client IBRS SSBD MDS Family"),
    x86(30, "Intel Skylake Server Family"),
    x86(31, "Intel Skylake Server IBRS SSBD Family"),
    x86(32, "Intel Skylake Server IBRS SSBD MDS Family"),
    x86(5, "AMD Opteron G4"),
    x86(6, "AMD Opteron G5"),
    x86(7, "AMD EPYC"),
    x86(9, "AMD EPYC IBPB SSBD"),
    ppc(3, "IBM POWER8"),
    ppc(4, "IBM POWER9"),
    s390(2, "IBM z114, z196"),
    s390(3, "IBM zBC12, zEC12"),
    s390(4, "IBM z13s, z13"),
    s390(5, "IBM z14"),
];

const LEVEL_4_4: &[CpuType] = &[
    x86(1, "Intel Nehalem Family"),
    x86(2, "Secure Intel Nehalem Family"),
    x86(3, "Intel Westmere Family"),
    x86(4, "Secure Intel Westmere Family"),
    x86(5, "Intel SandyBridge Family"),
    x86(6, "Secure Intel SandyBridge Family"),
    x86(7, "Intel IvyBridge Family"),
    x86(8, "Secure Intel IvyBridge Family"),
    x86(9, "Intel Haswell Family"),
    x86(10, "Secure Intel Haswell Family"),
    x86(11, "Intel Broadwell Family"),
    x86(12, "Secure Intel Broadwell Family"),
    x86(13, "Intel Skylake Client Family"),
    x86(14, "Secure Intel Skylake Client Family"),
    x86(15, "Intel Skylake Server Family"),
    x86(16, "Secure Intel Skylake Server Family"),
    x86(17, "Intel Cascadelake Server Family"),
    x86(18, "Secure Intel Cascadelake Server Family"),
    x86(1, "AMD Opteron G4"),
    x86(2, "AMD Opteron G5"),
    x86(3, "AMD EPYC"),
    x86(4, "Secure AMD EPYC"),
    ppc(1, "IBM POWER8"),
    ppc(2, "IBM POWER9"),
    s390(1, "IBM z114, z196"),
    s390(2, "IBM zBC12, zEC12"),
    s390(3, "IBM z13s, z13"),
    s390(4, "IBM z14"),
];

const LEVEL_4_5: &[CpuType] = &[
    x86(1, "Intel Nehalem Family"),
    x86(2, "Secure Intel Nehalem Family"),
    x86(3, "Intel Westmere Family"),
    x86(4, "Secure Intel Westmere Family"),
    x86(5, "Intel SandyBridge Family"),
    x86(6, "Secure Intel SandyBridge Family"),
    x86(7, "Intel IvyBridge Family"),
    x86(8, "Secure Intel IvyBridge Family"),
    x86(9, "Intel Haswell Family"),
    x86(10, "Secure Intel Haswell Family"),
    x86(11, "Intel Broadwell Family"),
    x86(12, "Secure Intel Broadwell Family"),
    x86(13, "Intel Skylake Client Family"),
    x86(14, "Secure Intel Skylake Client Family"),
    x86(15, "Intel Skylake Server Family"),
    x86(16, "Secure Intel Skylake Server Family"),
    x86(17, "Intel Cascadelake Server Family"),
    x86(18, "Secure Intel Cascadelake Server Family"),
    x86(19, "Intel Icelake Server Family"),
    x86(20, "Secure Intel Icelake Server Family"),
    x86(1, "AMD Opteron G4"),
    x86(2, "AMD Opteron G5"),
    x86(3, "AMD EPYC"),
    x86(4, "Secure AMD EPYC"),
    ppc(1, "IBM POWER8"),
    ppc(2, "IBM POWER9"),
    s390(1, "IBM z114, z196"),
    s390(2, "IBM zBC12, zEC12"),
    s390(3, "IBM z13s, z13"),
    s390(4, "IBM z14"),
];

const LEVEL_4_8: &[CpuType] = &[
    x86(1, "Intel Nehalem Family"),
    x86(2, "Secure Intel Nehalem Family"),
    x86(3, "Intel Westmere Family"),
    x86(4, "Secure Intel Westmere Family"),
    x86(5, "Intel SandyBridge Family"),
    x86(6, "Secure Intel SandyBridge Family"),
    x86(7, "Intel IvyBridge Family"),
    x86(8, "Secure Intel IvyBridge Family"),
    x86(9, "Intel Haswell Family"),
    x86(10, "Secure Intel Haswell Family"),
    x86(11, "Intel Broadwell Family"),
    x86(12, "Secure Intel Broadwell Family"),
    x86(13, "Intel Skylake Client Family"),
    x86(14, "Secure Intel Skylake Client Family"),
    x86(15, "Intel Skylake Server Family"),
    x86(16, "Secure Intel Skylake Server Family"),
    x86(17, "Intel Cascadelake Server Family"),
    x86(18, "Secure Intel Cascadelake Server Family"),
    x86(19, "Intel Icelake Server Family"),
    x86(20, "Secure Intel Icelake Server Family"),
    x86(21, "Intel Sapphire Rapids Server Family"),
    x86(22, "Secure Intel Sapphire Rapids Server Family"),
    x86(1, "AMD Opteron G4"),
    x86(2, "AMD Opteron G5"),
    x86(3, "AMD EPYC"),
    x86(4, "Secure AMD EPYC"),
    x86(5, "AMD EPYC-Rome"),
    x86(6, "Secure AMD EPYC-Rome"),
    x86(7, "AMD EPYC-Milan"),
    x86(8, "AMD EPYC-Milan-v2"),
    x86(9, "AMD EPYC-Genoa"),
    ppc(1, "IBM POWER8"),
    ppc(2, "IBM POWER9"),
    ppc(3, "IBM POWER10"),
    s390(1, "IBM z114, z196"),
    s390(2, "IBM zBC12, zEC12"),
    s390(3, "IBM z13s, z13"),
    s390(4, "IBM z14"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_level_has_types_with_names_of_their_own() {
        for version in CompatibilityVersion::ALL {
            let types = of_level(*version);
            assert!(!types.is_empty());
            for (n, one) in types.iter().enumerate() {
                assert!(
                    types.iter().skip(n + 1).all(|t| t.name != one.name),
                    "{}",
                    one.name
                );
            }
        }
        assert!(named(CompatibilityVersion::NEWEST, "AMD EPYC").is_some());
    }
}
