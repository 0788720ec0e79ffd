//! The language from outside.

use proptest::prelude::*;
use search::{Field, Fields, SearchError, parse, quote};
use std::borrow::Cow;
use std::cmp::Ordering;

#[derive(Clone)]
struct Thing(&'static [(&'static str, &'static str)]);

impl Fields for Thing {
    fn field(&self, name: &str) -> Option<Cow<'_, str>> {
        self.0
            .iter()
            .find(|(n, _)| *n == name)
            .map(|(_, v)| Cow::Borrowed(*v))
    }
}

const WEB: Thing = Thing(&[
    ("name", "web-1"),
    ("id", "123e4567-e89b-12d3-a456-426614174000"),
    ("status", "powering_up"),
    ("cluster", "My Cluster"),
]);

#[test]
fn what_clients_send_is_understood() {
    for yes in [
        "",
        "  ",
        "name=web-1",
        "name = WEB-1",
        "name=\"web-1\"",
        "name=web*",
        "alias=*b-1",
        "id=123e4567-e89b-12d3-a456-426614174000",
        "status=powering_up",
        "status=PoweringUp and name=web-1",
        "name=\"web-1\" and cluster=\"My Cluster\"",
        "name=web-1 AND cluster=My* And status!=down",
        "datacenter=\"\"",
        "datacenter!=x",
        "web",
        "eb- and status=poweringup",
        "\"web\"",
        "sortby name",
        "name=web* sortby name desc page 2",
        "page 1",
    ] {
        let query = parse(yes).unwrap_or_else(|e| panic!("{yes}: {e}"));
        assert!(query.matches(&WEB), "{yes}");
    }
    for no in [
        "name=web",
        "name!=web-1",
        "status=up",
        "cluster=\"\"",
        "db",
        "name=and and web",
    ] {
        let query = parse(no).unwrap_or_else(|e| panic!("{no}: {e}"));
        assert!(!query.matches(&WEB), "{no}");
    }
    assert!(
        !parse("name=WEB-1")
            .unwrap()
            .case_sensitive(true)
            .matches(&WEB)
    );
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    for (text, position) in [
        ("((((", 1),
        ("name", 5),
        ("name=", 6),
        ("name=\"web", 10),
        ("colour=red", 1),
        ("name=a b=c", 8),
        ("name=a and", 11),
        ("and name=a", 1),
        ("name=a and and", 12),
        ("name='a'", 6),
        ("name=a;b", 7),
        ("name=(a", 6),
        ("sortby", 7),
        ("sortby colour", 8),
        ("sortby name up", 13),
        ("page 0", 6),
        ("page x", 6),
        ("page 2 sortby name", 8),
        ("name!web", 5),
        ("a and b", 7),
        ("web server", 5),
    ] {
        match parse(text) {
            Err(SearchError::Syntax {
                position: at,
                expected,
            }) => {
                assert_eq!(at, position, "{text}: expected {expected}");
            }
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn what_only_ovirt_knows_is_said_to_be_missing() {
    for text in [
        "name=a or name=b",
        "Vms: name=a",
        "storage.type=x",
        "Clusters.name=x",
        "os=x",
        "memory>1024",
        "name>a",
        "description=plan=*,profile=*",
        "lastname=u@d",
        "sortby time desc page 2",
    ] {
        match parse(text) {
            Err(SearchError::NotSupported { .. }) => {}
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn answers_are_sorted_as_asked() {
    let (a, b) = (Thing(&[("name", "alpha")]), Thing(&[("name", "Beta")]));
    assert_eq!(parse("sortby name").unwrap().order(&a, &b), Ordering::Less);
    let query = parse("sortby name desc page 3").unwrap();
    assert_eq!(
        (query.order(&a, &b), query.page()),
        (Ordering::Greater, Some(3))
    );
    assert_eq!(parse("name=*").unwrap().order(&a, &b), Ordering::Equal);
}

#[test]
fn fields_that_objects_do_not_have_are_refused() {
    let query = parse("name=a and cluster=x").unwrap();
    assert!(query.only(&[Field::Name, Field::Cluster]).is_ok());
    let e = query.only(&[Field::Name, Field::Id]).unwrap_err();
    assert!(matches!(e, SearchError::Syntax { position: 12, .. }), "{e}");
    assert!(
        parse("sortby status")
            .unwrap()
            .only(&[Field::Name])
            .is_err()
    );
}

proptest! {
    #[test]
    fn parsing_never_panics(text in any::<String>()) {
        let _ = parse(&text);
    }

    #[test]
    fn parsing_what_looks_like_a_search_never_panics(
        words in prop::collection::vec(
            prop::sample::select(vec![
                "name", "=", "!=", "<", "and", "or", "sortby", "page", "\"", "*", "1", "web", ".",
                ":", "(", " ", "\u{301}", "desc", "vms", "!", "'",
            ]),
            0..12,
        ),
        spaced in any::<bool>(),
    ) {
        let _ = parse(&words.join(if spaced { " " } else { "" }));
    }

    #[test]
    fn quoted_values_round_trip(value in "[^\"';<>&^!*]{0,40}") {
        struct Named(String);
        impl Fields for Named {
            fn field(&self, _: &str) -> Option<Cow<'_, str>> {
                Some(Cow::Borrowed(&self.0))
            }
        }
        let text = format!("name={} and id={}", quote(&value).unwrap(), quote(&value).unwrap());
        let query = parse(&text).unwrap().case_sensitive(true);
        prop_assert!(query.matches(&Named(value.clone())));
        prop_assert_eq!(query.exact_name(), Some(value.as_str()));
        let longer = value + "x";
        prop_assert!(!query.matches(&Named(longer)));
    }
}
