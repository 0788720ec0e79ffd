//! Which paths the API has, which service answers at each, what it can do and what it takes: so that an
//! unknown path can be told from one that this version does not serve yet, and so that documentation is
//! made from one place. What a path does is bound in `rest`.

mod parameters;
mod paths;
mod table;

pub use parameters::{PARAMETERS, Parameter, ParameterKind, parameter};
pub use paths::ALL;

use api_schema::TypeDesc;

/// A path and the service that answers there.
#[derive(Debug)]
pub struct Path {
    /// Below the root of the API, without slashes at its ends; placeholders in braces
    /// (`vms/{vm}/nics`).
    pub path: &'static str,
    /// Several paths may lead to one service.
    pub service: &'static Service,
}

/// What answers at one or more paths.
pub struct Service {
    /// As oVirt's SDKs call it (`VmNicsService`).
    pub name: &'static str,
    /// The type that it handles, one or many.
    pub of: fn() -> &'static TypeDesc,
    /// What it can do.
    pub operations: &'static [Operation],
}

impl std::fmt::Debug for Service {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// One thing that a service can do: one method of HTTP at its path, or at the path of an action.
#[derive(Debug, PartialEq, Eq)]
pub struct Operation {
    /// As the SDKs call it: `list`, `get`, `add`, `update`, `remove`, or an action (`cancel_migration`).
    pub name: &'static str,
    /// The method of HTTP.
    pub method: &'static str,
    /// The last segment of an action's path (`cancelmigration`); empty otherwise.
    pub action: &'static str,
    /// Query parameters that oVirt documents; of an action, the elements of its body.
    pub parameters: &'static [&'static str],
    /// The element of the action that holds what it answers, if it answers something.
    pub result: &'static str,
}

impl Operation {
    /// Is it an action: a POST of an `<action>` to a path of its own?
    #[must_use]
    pub fn is_action(&self) -> bool {
        !self.action.is_empty()
    }

    /// Does it answer a list?
    #[must_use]
    pub fn is_list(&self) -> bool {
        self.name == "list"
    }
}

const fn service(
    name: &'static str,
    of: fn() -> &'static TypeDesc,
    operations: &'static [Operation],
) -> Service {
    Service {
        name,
        of,
        operations,
    }
}

const fn get(name: &'static str, parameters: &'static [&'static str]) -> Operation {
    plain(name, "GET", parameters)
}

const fn add(name: &'static str, parameters: &'static [&'static str]) -> Operation {
    plain(name, "POST", parameters)
}

const fn update(name: &'static str, parameters: &'static [&'static str]) -> Operation {
    plain(name, "PUT", parameters)
}

const fn remove(name: &'static str, parameters: &'static [&'static str]) -> Operation {
    plain(name, "DELETE", parameters)
}

const fn plain(
    name: &'static str,
    method: &'static str,
    parameters: &'static [&'static str],
) -> Operation {
    Operation {
        name,
        method,
        action: "",
        parameters,
        result: "",
    }
}

const fn act(
    action: &'static str,
    name: &'static str,
    parameters: &'static [&'static str],
    result: &'static str,
) -> Operation {
    Operation {
        name,
        method: "POST",
        action,
        parameters,
        result,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Action;
    use api_schema::Api as _;
    use std::collections::BTreeSet;

    #[test]
    fn paths_are_sorted_and_each_stands_once() {
        let paths: Vec<&str> = ALL.iter().map(|p| p.path).collect();
        let sorted: BTreeSet<&str> = paths.iter().copied().collect();
        assert_eq!(paths, sorted.into_iter().collect::<Vec<_>>());
        assert_eq!(ALL.len(), 422);
    }

    #[test]
    fn a_service_does_nothing_twice() {
        for Path { service, .. } in ALL {
            let mut seen = BTreeSet::new();
            for operation in service.operations {
                assert!(
                    seen.insert((operation.method, operation.action)),
                    "{}.{}",
                    service.name,
                    operation.name
                );
            }
        }
    }

    #[test]
    fn what_actions_take_and_answer_are_elements_of_an_action() {
        let desc = Action::type_desc();
        for Path { service, .. } in ALL {
            for operation in service.operations.iter().filter(|o| o.is_action()) {
                let result = Some(operation.result).filter(|r| !r.is_empty());
                for name in operation.parameters.iter().copied().chain(result) {
                    assert!(
                        desc.field(name).is_some(),
                        "{}.{}: {name}",
                        service.name,
                        operation.name
                    );
                }
            }
        }
    }

    #[test]
    fn every_query_parameter_is_explained() {
        for Path { service, .. } in ALL {
            for operation in service.operations.iter().filter(|o| !o.is_action()) {
                for name in operation.parameters {
                    assert!(
                        parameter(name).is_some(),
                        "{}.{}: {name}",
                        service.name,
                        operation.name
                    );
                }
            }
        }
    }
}
