//! The parameters of one request: which were given, which anybody looked at, what they mean.

use super::location::Parameter;
use base::Fault;

/// Parameters that clients send along everywhere and that change nothing where they do not apply:
/// who asks and how long to wait are known otherwise, and everything the API can show is shown.
pub const HARMLESS: &[&str] = &[
    "all_content",
    "async",
    "case_sensitive",
    "correlation_id",
    "filter",
    "wait",
];

/// All parameters of a request; a later one of the same name wins.
#[derive(Clone, Debug, Default)]
pub struct Parameters(Vec<Parameter>);

impl Parameters {
    /// As they were read.
    #[must_use]
    pub fn new(parameters: Vec<Parameter>) -> Self {
        Parameters(parameters)
    }

    /// These of them that have this name.
    #[must_use]
    pub fn only(&self, name: &str) -> Self {
        let named = self.0.iter().filter(|p| p.name == name);
        Parameters(named.cloned().collect())
    }

    /// More of them, which win over those that are there.
    pub fn add(&mut self, more: Vec<Parameter>) {
        self.0.extend(more);
    }

    /// The first that is neither harmless nor in `supported`.
    #[must_use]
    pub fn unsupported(&self, supported: &[&str]) -> Option<&str> {
        // The SDK sends a `follow` that follows nothing (Ansible's modules ask so).
        let means_nothing = |p: &&Parameter| p.name == "follow" && p.value.is_empty();
        self.0
            .iter()
            .filter(|p| !means_nothing(p))
            .map(|p| p.name.as_str())
            .find(|name| !HARMLESS.contains(name) && !supported.contains(name))
    }

    /// The value of a parameter, if it was given.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .rfind(|p| p.name == name)
            .map(|p| p.value.as_str())
    }

    /// A boolean: no value, `true` or `1` in any case is true. Absent is `None`.
    ///
    /// # Errors
    /// 400 for any other word.
    pub fn flag(&self, name: &str) -> Result<Option<bool>, Fault> {
        let Some(text) = self.text(name) else {
            return Ok(None);
        };
        match text.to_ascii_lowercase().as_str() {
            "" | "true" | "1" => Ok(Some(true)),
            "false" | "0" => Ok(Some(false)),
            _ => Err(wrong(name, text, "`true` or `false`")),
        }
    }

    /// A number that is not negative.
    ///
    /// # Errors
    /// 400 for anything else.
    pub fn number<N: std::str::FromStr>(&self, name: &str) -> Result<Option<N>, Fault> {
        self.text(name)
            .map(|text| {
                text.trim()
                    .parse()
                    .map_err(|_| wrong(name, text, "a whole number that is not negative"))
            })
            .transpose()
    }
}

fn wrong(name: &str, found: &str, allowed: &str) -> Fault {
    let found: String = found.chars().take(100).collect();
    Fault::bad_request(
        "INVALID_PARAMETER",
        format!("The parameter `{name}` has the value `{found}`; allowed is {allowed}."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::location::Location;

    fn of(query: &str) -> Parameters {
        Parameters::new(Location::parse("", Some(query)).unwrap().parameters)
    }

    #[test]
    fn a_flag_without_a_value_is_set() {
        let p = of("current&force=True&wait=0&bad=maybe");
        assert_eq!(p.flag("current").unwrap(), Some(true));
        assert_eq!(p.flag("force").unwrap(), Some(true));
        assert_eq!(p.flag("wait").unwrap(), Some(false));
        assert_eq!(p.flag("absent").unwrap(), None);
        assert!(p.flag("bad").unwrap_err().messages[0].contains("`maybe`"));
    }

    #[test]
    fn numbers_are_not_negative() {
        assert_eq!(of("max=20").number::<usize>("max").unwrap(), Some(20));
        assert!(of("max=-1").number::<usize>("max").is_err());
        assert!(of("max").number::<usize>("max").is_err());
    }

    #[test]
    fn what_nobody_supports_is_named() {
        let p = of("all_content=true&max=1&next_run=true");
        assert_eq!(p.unsupported(&["max"]), Some("next_run"));
        assert_eq!(p.unsupported(&["max", "next_run"]), None);
        assert_eq!(of("follow=").unsupported(&[]), None);
        assert_eq!(of("follow=nics").unsupported(&[]), Some("follow"));
    }
}
