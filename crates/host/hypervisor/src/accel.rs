//! KVM or TCG: decided from evidence, because /dev/kvm may exist and still emulate every instruction.

use std::fmt;
use std::str::FromStr;

/// What runs the guest's instructions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Accel {
    /// The processor.
    Kvm,
    /// QEMU's translator.
    #[default]
    Tcg,
}

/// What the administrator wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AccelChoice {
    /// KVM where it really works.
    #[default]
    Auto,
    /// KVM, whatever the evidence says.
    Kvm,
    /// TCG.
    Tcg,
}

impl AccelChoice {
    /// Its name in configuration files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            AccelChoice::Auto => "auto",
            AccelChoice::Kvm => "kvm",
            AccelChoice::Tcg => "tcg",
        }
    }
}

impl fmt::Display for AccelChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Not a choice.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no way to run machines; expected auto, kvm or tcg")]
pub struct BadAccel(String);

impl FromStr for AccelChoice {
    type Err = BadAccel;
    fn from_str(text: &str) -> Result<Self, BadAccel> {
        [AccelChoice::Auto, AccelChoice::Kvm, AccelChoice::Tcg]
            .into_iter()
            .find(|c| c.name() == text)
            .ok_or_else(|| BadAccel(text.chars().take(32).collect()))
    }
}

/// What was found out about KVM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KvmEvidence {
    /// /dev/kvm opens for reading and writing; else why not.
    pub device: Result<(), String>,
    /// The processor has virtualization extensions (`vmx` or `svm`); `None` where they have no flag.
    pub cpu_extensions: Option<bool>,
    /// libvirt describes KVM domains; else its words.
    pub libvirt: Result<(), String>,
}

/// Decides, with the reason as a sentence for people.
#[must_use]
pub fn accel_decide(choice: AccelChoice, found: &KvmEvidence) -> (Accel, bool, String) {
    let (works, because) = kvm_works(found);
    match choice {
        AccelChoice::Auto if works => (Accel::Kvm, true, because),
        AccelChoice::Auto => (Accel::Tcg, false, because),
        AccelChoice::Kvm => (
            Accel::Kvm,
            works,
            format!("KVM is used because the configuration says so. {because}"),
        ),
        AccelChoice::Tcg => (
            Accel::Tcg,
            works,
            format!("TCG is used because the configuration says so. {because}"),
        ),
    }
}

fn kvm_works(found: &KvmEvidence) -> (bool, String) {
    if let Err(why) = &found.device {
        return (
            false,
            format!("KVM cannot be used: /dev/kvm does not open ({why})."),
        );
    }
    if found.cpu_extensions == Some(false) {
        return (
            false,
            "KVM cannot be used: the processor shows neither vmx nor svm, so KVM would emulate every instruction."
                .into(),
        );
    }
    if let Err(why) = &found.libvirt {
        return (
            false,
            format!("KVM cannot be used: libvirt refuses it ({why})."),
        );
    }
    (true, "KVM works: /dev/kvm opens, the processor has virtualization extensions and libvirt offers it.".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> KvmEvidence {
        KvmEvidence {
            device: Ok(()),
            cpu_extensions: Some(true),
            libvirt: Ok(()),
        }
    }

    #[test]
    fn kvm_needs_all_three_signs() {
        assert_eq!(accel_decide(AccelChoice::Auto, &good()).0, Accel::Kvm);
        let flaws: [fn(&mut KvmEvidence); 3] = [
            |e| e.device = Err("No such file or directory".into()),
            |e| e.cpu_extensions = Some(false),
            |e| e.libvirt = Err("the accel 'kvm' is not supported".into()),
        ];
        for flaw in flaws {
            let mut found = good();
            flaw(&mut found);
            let (accel, works, why) = accel_decide(AccelChoice::Auto, &found);
            assert_eq!((accel, works), (Accel::Tcg, false), "{why}");
            assert!(why.starts_with("KVM cannot be used: "), "{why}");
        }
    }

    #[test]
    fn the_configuration_wins_but_the_evidence_is_told() {
        let mut found = good();
        found.cpu_extensions = Some(false);
        let (accel, works, why) = accel_decide(AccelChoice::Kvm, &found);
        assert_eq!((accel, works), (Accel::Kvm, false));
        assert!(why.contains("neither vmx nor svm"), "{why}");
        assert_eq!(accel_decide(AccelChoice::Tcg, &good()).0, Accel::Tcg);
        assert_eq!("tcg".parse(), Ok(AccelChoice::Tcg));
        assert!("KVM".parse::<AccelChoice>().is_err());
    }
}
