//! Which paths the API has: so that an unknown path can be told from one that this version does not
//! serve yet. What a path does is bound in `rest`.

mod table;

pub use table::ALL;

/// A path with what can be done there.
#[derive(Debug)]
pub struct Service {
    /// Below the root of the API, without slashes at its ends; placeholders in braces
    /// (`vms/{vm}/nics`).
    pub path: &'static str,
    /// A set of `GET`, `ADD`, `UPDATE` and `REMOVE`.
    pub methods: u8,
    /// The last segments that `POST` takes as actions (`start`).
    pub actions: &'static [&'static str],
}

impl Service {
    /// Read one or list many.
    pub const GET: u8 = 1;
    /// `POST` of a new member.
    pub const ADD: u8 = 2;
    /// `PUT`.
    pub const UPDATE: u8 = 4;
    /// `DELETE`.
    pub const REMOVE: u8 = 8;

    /// Whether the HTTP method is one of its methods.
    #[must_use]
    pub fn takes(&self, method: &str) -> bool {
        let bit = match method {
            "GET" | "HEAD" => Self::GET,
            "POST" => Self::ADD,
            "PUT" => Self::UPDATE,
            "DELETE" => Self::REMOVE,
            _ => 0,
        };
        self.methods & bit != 0
    }

    /// The methods for an `Allow` header.
    #[must_use]
    pub fn allowed(&self) -> Vec<&'static str> {
        ["GET", "POST", "PUT", "DELETE"]
            .into_iter()
            .filter(|method| self.takes(method))
            .collect()
    }

    fn fits(&self, segments: &[&str]) -> bool {
        let mut own = self.path.split('/').filter(|s| !s.is_empty());
        let mut theirs = segments.iter();
        loop {
            match (own.next(), theirs.next()) {
                (None, None) => return true,
                (Some(own), Some(their)) if own.starts_with('{') || own == *their => {}
                _ => return false,
            }
        }
    }
}

/// What a path names.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    /// The service.
    pub service: &'static Service,
    /// The action, when the path ends with one.
    pub action: Option<&'static str>,
}

/// Finds what a path below the root of the API names (`/vms/123/start`, with or without slashes at
/// the ends); `None` when the API has no such path.
#[must_use]
pub fn find(path: &str) -> Option<Found> {
    let segments: Vec<&str> = path.split('/').filter(|s| !s.is_empty()).collect();
    // An action's name is also a legal id to a placeholder: actions go first.
    if let Some((last, before)) = segments.split_last() {
        for service in ALL.iter().filter(|s| s.fits(before)) {
            if let Some(action) = service.actions.iter().copied().find(|a| a == last) {
                return Some(Found {
                    service,
                    action: Some(action),
                });
            }
        }
    }
    // Words go before placeholders: `groups/{group}` must not hide a word at the same place.
    ALL.iter()
        .filter(|s| s.fits(&segments))
        .min_by_key(|s| s.path.matches('{').count())
        .map(|service| Found {
            service,
            action: None,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_finds_itself_and_nothing_else() {
        assert_eq!(ALL.len(), 422);
        for service in ALL {
            let path = service.path.replace(['{', '}'], "x");
            let found = find(&path).map(|f| f.service.path);
            assert_eq!(found, Some(service.path));
            for action in service.actions {
                let found = find(&format!("{path}/{action}")).unwrap();
                assert_eq!(
                    (found.service.path, found.action),
                    (service.path, Some(*action))
                );
            }
        }
    }

    #[test]
    fn methods_and_actions_are_told() {
        let found = find("/vms/123/start").unwrap();
        assert_eq!(found.service.path, "vms/{vm}");
        assert_eq!(found.action, Some("start"));
        assert_eq!(found.service.allowed(), ["GET", "PUT", "DELETE"]);
        assert!(find("vms").unwrap().service.takes("POST"));
        assert!(find("").is_some());
        for unknown in ["vmss", "vms/1/2", "vms/1/nics/2/3/4", "start"] {
            assert!(find(unknown).is_none(), "{unknown}");
        }
    }
}
