//! Which service a path and a method lead to.
//!
//! One tree of path segments holds both the whole v4 table (from `api-v4`) and what this version
//! binds (`services::ROUTES`), so that a path we don't serve yet and one that never existed answer
//! differently.

use super::answer::Answer;
use super::ask::Ask;
use super::entry::seen;
use super::rights::Rule;
use api_v4::services::{ALL, Operation, Path};
use base::Fault;
use futures::future::BoxFuture;
use http::Method;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Answers from a snapshot; also what `follow` may call.
pub type Read = fn(&Ask) -> Result<Answer, Fault>;
/// Changes something, or waits.
pub type Act = for<'a> fn(&'a Ask) -> BoxFuture<'a, Result<Answer, Fault>>;

/// What a route does.
#[derive(Clone, Copy)]
pub enum Handler {
    /// Reads.
    Read(Read),
    /// Acts.
    Act(Act),
}

/// One bound path and method.
pub struct Route {
    /// The method.
    pub method: Method,
    /// Path below the API's root: `vms/{}/nics/{}`.
    pub pattern: &'static str,
    /// What the caller must be allowed to. A route can't be made without.
    pub rule: Rule,
    /// Query and matrix parameters that are understood here, beside the harmless ones.
    pub parameters: &'static [&'static str],
    /// Does the body hold an action (its faults come inside an `<action>`)?
    pub action: bool,
    /// What it does.
    pub handler: Handler,
    /// Nothing of the kind can exist yet, so that it only ever answers "none".
    pub hollow: bool,
}

impl Route {
    /// A GET: it shows what the caller sees.
    pub const fn get(
        pattern: &'static str,
        parameters: &'static [&'static str],
        read: Read,
    ) -> Self {
        Self::of(
            Method::GET,
            pattern,
            Rule::Seen,
            parameters,
            false,
            Handler::Read(read),
        )
    }
    /// A GET of something that can't exist yet.
    pub const fn none(
        pattern: &'static str,
        parameters: &'static [&'static str],
        read: Read,
    ) -> Self {
        let mut route = Self::get(pattern, parameters, read);
        route.hollow = true;
        route
    }
    /// A GET that must wait for the store.
    pub const fn get_stored(
        pattern: &'static str,
        parameters: &'static [&'static str],
        act: Act,
    ) -> Self {
        Self::of(
            Method::GET,
            pattern,
            Rule::Seen,
            parameters,
            false,
            Handler::Act(act),
        )
    }
    /// A POST that adds an entity.
    pub const fn add(
        pattern: &'static str,
        rule: Rule,
        parameters: &'static [&'static str],
        act: Act,
    ) -> Self {
        Self::of(
            Method::POST,
            pattern,
            rule,
            parameters,
            false,
            Handler::Act(act),
        )
    }
    /// A PUT.
    pub const fn update(
        pattern: &'static str,
        rule: Rule,
        parameters: &'static [&'static str],
        act: Act,
    ) -> Self {
        Self::of(
            Method::PUT,
            pattern,
            rule,
            parameters,
            false,
            Handler::Act(act),
        )
    }
    /// A DELETE.
    pub const fn remove(
        pattern: &'static str,
        rule: Rule,
        parameters: &'static [&'static str],
        act: Act,
    ) -> Self {
        Self::of(
            Method::DELETE,
            pattern,
            rule,
            parameters,
            false,
            Handler::Act(act),
        )
    }
    /// A POST of an action.
    pub const fn action(pattern: &'static str, rule: Rule, act: Act) -> Self {
        Self::of(Method::POST, pattern, rule, &[], true, Handler::Act(act))
    }

    /// Answers from the snapshot that `ask` holds; `None` when the route must wait or acts. The door,
    /// `follow` and conditions all read through here.
    #[must_use]
    pub fn read(&self, ask: &Ask) -> Option<Result<Answer, Fault>> {
        match self.handler {
            Handler::Read(read) => Some(read(ask).map(|answer| seen(&ask.snapshot, answer))),
            Handler::Act(_) => None,
        }
    }

    const fn of(
        method: Method,
        pattern: &'static str,
        rule: Rule,
        parameters: &'static [&'static str],
        action: bool,
        handler: Handler,
    ) -> Self {
        Route {
            method,
            pattern,
            rule,
            parameters,
            action,
            handler,
            hollow: false,
        }
    }
}

/// Where a path and a method lead.
pub enum Found<'a> {
    /// To a service, with the segments that stand for `{}`.
    Bound(&'static Route, Vec<&'a str>),
    /// To a part of the v4 API that is not served yet: the path, and what is missing there.
    NotYet(&'static Path, &'static Operation),
    /// To a path that never had this method; these it has.
    WrongMethod(Vec<Method>),
    /// Nowhere.
    Unknown,
}

#[derive(Default)]
struct Node {
    fixed: BTreeMap<&'static str, Node>,
    any: Option<Box<Node>>,
    /// The v4 table has it, maybe only to reach what lies below.
    real: bool,
    /// What the v4 table has here.
    known: Vec<(&'static Path, &'static Operation)>,
    bound: Vec<&'static Route>,
}

/// Joins the table of what exists with the table of what is bound.
pub struct Tree(Node);

impl Tree {
    /// From what exists and the routes that are bound. Anything between braces stands for one segment.
    pub fn new(known: &'static [Path], routes: &'static [Route]) -> Self {
        let mut root = Node::default();
        for path in known {
            let node = root.at(path.path);
            node.real = true;
            for operation in path.service.operations {
                let node = node.at(operation.action);
                node.real = true;
                node.known.push((path, operation));
            }
        }
        for route in routes {
            let node = root.at(route.pattern);
            node.real = true;
            node.bound.push(route);
        }
        Tree(root)
    }

    /// The route of an operation at a path of the v4 table, if it is bound.
    #[must_use]
    pub fn bound(&self, path: &Path, operation: &Operation) -> Option<&'static Route> {
        let pattern = path.path.split('/').chain(operation.action.split('/'));
        let segments: Vec<String> = pattern
            .filter(|s| !s.is_empty())
            .map(str::to_owned)
            .collect();
        let node = self.0.find(&segments, &mut Vec::new())?;
        let method = operation.method;
        node.bound
            .iter()
            .find(|r| r.method.as_str() == method)
            .copied()
    }

    /// Looks a path up. A fixed segment counts before a placeholder.
    pub fn find<'a>(&self, method: &Method, segments: &'a [String]) -> Found<'a> {
        let mut ids = Vec::new();
        match self.0.find(segments, &mut ids) {
            None => Found::Unknown,
            Some(node) => {
                if let Some(route) = node.bound.iter().find(|r| r.method == *method) {
                    Found::Bound(route, ids)
                } else if let Some((path, operation)) =
                    node.known.iter().find(|(_, o)| o.method == method.as_str())
                {
                    Found::NotYet(path, operation)
                } else {
                    let known = node.known.iter();
                    let mut allowed: Vec<Method> =
                        known.filter_map(|(_, o)| o.method.parse().ok()).collect();
                    allowed.extend(node.bound.iter().map(|r| r.method.clone()));
                    allowed.sort_by(|a, b| a.as_str().cmp(b.as_str()));
                    allowed.dedup();
                    Found::WrongMethod(allowed)
                }
            }
        }
    }
}

impl Node {
    fn at(&mut self, pattern: &'static str) -> &mut Node {
        let mut node = self;
        for segment in pattern.split('/').filter(|s| !s.is_empty()) {
            node = if segment.starts_with('{') {
                node.any.get_or_insert_default()
            } else {
                node.fixed.entry(segment).or_default()
            };
        }
        node
    }

    fn find<'a>(&self, segments: &'a [String], ids: &mut Vec<&'a str>) -> Option<&Node> {
        let Some((first, rest)) = segments.split_first() else {
            return self.real.then_some(self);
        };
        let fixed = self.fixed.get(first.as_str());
        if let Some(found) = fixed.and_then(|node| node.find(rest, ids)) {
            return Some(found);
        }
        let node = self.any.as_deref()?;
        ids.push(first);
        match node.find(rest, ids) {
            Some(found) => Some(found),
            None => {
                ids.pop();
                None
            }
        }
    }
}

/// The API's tree.
pub static TREE: LazyLock<Tree> = LazyLock::new(|| Tree::new(ALL, crate::services::ROUTES));

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::location::Location;
    use api_schema::Api as _;
    use api_v4::services::Service;

    fn nothing(_: &Ask) -> Result<Answer, Fault> {
        Err(Fault::internal("not called"))
    }

    const fn operation(
        name: &'static str,
        method: &'static str,
        action: &'static str,
    ) -> Operation {
        Operation {
            name,
            method,
            action,
            parameters: &[],
            result: "",
        }
    }

    static VM: Service = Service {
        name: "VmService",
        of: api_v4::Vm::type_desc,
        operations: &[operation("get", "GET", ""), operation("update", "PUT", "")],
    };
    static VMS: Service = Service {
        name: "VmsService",
        of: api_v4::Vm::type_desc,
        operations: &[operation("special", "POST", "special")],
    };
    static KNOWN: [Path; 2] = [
        Path {
            path: "vms",
            service: &VMS,
        },
        Path {
            path: "vms/{vm:id}",
            service: &VM,
        },
    ];

    static ROUTES: [Route; 2] = [
        Route::get("vms/{}", &[], nothing),
        Route::get("vms/{}/nics/{}", &[], nothing),
    ];

    fn find(method: Method, path: &str) -> String {
        let tree = Tree::new(&KNOWN, &ROUTES);
        let location = Location::parse(path, None).unwrap();
        match tree.find(&method, &location.segments) {
            Found::Bound(route, ids) => format!("{} {ids:?}", route.pattern),
            Found::NotYet(path, operation) => format!("not yet {}.{}", path.path, operation.name),
            Found::WrongMethod(m) => format!("wrong method {m:?}"),
            Found::Unknown => "unknown".into(),
        }
    }

    #[test]
    fn a_path_leads_to_its_route_or_says_why_not() {
        assert_eq!(find(Method::GET, "/vms/7"), r#"vms/{} ["7"]"#);
        assert_eq!(
            find(Method::GET, "/vms/7/nics/8"),
            r#"vms/{}/nics/{} ["7", "8"]"#
        );
        assert_eq!(find(Method::PUT, "/vms/7"), "not yet vms/{vm:id}.update");
        assert_eq!(find(Method::POST, "/vms/special"), "not yet vms.special");
        assert_eq!(find(Method::GET, "/vms"), "wrong method []");
        assert_eq!(find(Method::DELETE, "/vms/7"), "wrong method [GET, PUT]");
        assert_eq!(find(Method::GET, "/vms/7/nics"), "unknown");
        assert_eq!(find(Method::GET, "/"), "unknown");
    }

    #[test]
    fn an_id_that_looks_like_a_fixed_segment_still_finds_its_children() {
        assert_eq!(
            find(Method::GET, "/vms/special/nics/8"),
            r#"vms/{}/nics/{} ["special", "8"]"#
        );
    }
}
