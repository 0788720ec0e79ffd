//! What libvirt says of the host.

use super::{Node, XmlError};

/// The parts of `<capabilities>` that are used.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Capabilities {
    /// `x86_64`.
    pub architecture: String,
    /// libvirt's name of the host's CPU; empty where it has none.
    pub cpu_model: String,
    /// The host's UUID.
    pub host_uuid: String,
    /// Machine types for the host's architecture, `q35` ones first.
    pub machine_types: Vec<String>,
}

/// Reads `<capabilities>`.
///
/// # Errors
/// `Malformed` or `Missing` when it is something else.
pub fn capabilities_read(text: &str) -> Result<Capabilities, XmlError> {
    let root = Node::parse(text)?;
    let cpu = root.find("host/cpu").ok_or(XmlError::Missing("host/cpu"))?;
    let architecture = cpu.find_text("arch").unwrap_or_default().to_owned();
    let of_host = |guest: &&Node| {
        let arch = guest.find("arch").and_then(|a| a.attribute("name"));
        arch == Some(architecture.as_str()) && guest.find_text("os_type") == Some("hvm")
    };
    let mut machine_types: Vec<String> = root
        .all("guest")
        .filter(of_host)
        .filter_map(|guest| guest.find("arch"))
        .flat_map(|arch| arch.all("machine"))
        .map(|machine| machine.text.clone())
        .collect();
    machine_types.sort_by_key(|name| !name.contains("q35"));
    Ok(Capabilities {
        cpu_model: cpu.find_text("model").unwrap_or_default().to_owned(),
        host_uuid: root.find_text("host/uuid").unwrap_or_default().to_owned(),
        machine_types,
        architecture,
    })
}

/// The CPU model that `host-model` stands for, in `<domainCapabilities>`.
#[must_use]
pub fn domain_capabilities_cpu_model(text: &str) -> Option<String> {
    let root = Node::parse(text).ok()?;
    let host_model = root
        .find("cpu")?
        .all("mode")
        .find(|mode| mode.attribute("name") == Some("host-model"))?;
    host_model.find_text("model").map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_used_parts_are_found() {
        let text = "<capabilities><host><uuid>u</uuid><cpu><arch>x86_64</arch><model>EPYC</model></cpu></host>
            <guest><os_type>hvm</os_type><arch name='i686'><machine>isapc</machine></arch></guest>
            <guest><os_type>hvm</os_type><arch name='x86_64'><machine>pc-i440fx-10.0</machine>
              <machine canonical='pc-q35-10.0'>q35</machine></arch></guest></capabilities>";
        let found = capabilities_read(text).unwrap();
        assert_eq!(found.machine_types, ["q35", "pc-i440fx-10.0"]);
        assert_eq!(found.cpu_model, "EPYC");
        assert_eq!(
            capabilities_read("<domain/>"),
            Err(XmlError::Missing("host/cpu"))
        );
        let text = "<domainCapabilities><cpu><mode name='maximum'/><mode name='host-model' supported='yes'>
            <model fallback='forbid'>Skylake-Client</model></mode></cpu></domainCapabilities>";
        assert_eq!(
            domain_capabilities_cpu_model(text).as_deref(),
            Some("Skylake-Client")
        );
    }
}
