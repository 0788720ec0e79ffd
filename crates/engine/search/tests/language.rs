//! The language from outside: what is read, what is refused and where, and that nothing breaks it.

use proptest::prelude::*;
use search::{Object, Query, SearchError, complete, object_of, parse, quote};

fn reads(object: Object, text: &str) -> Query {
    parse(object, text).unwrap_or_else(|e| panic!("{text}: {e}"))
}

#[test]
fn what_clients_send_is_understood() {
    for (object, text) in [
        (Object::Vm, ""),
        (Object::Vm, "  "),
        (Object::Vm, "name=web-1"),
        (Object::Vm, "name = WEB-1"),
        (Object::Vm, "name=\"web 1\" and cluster=\"My Cluster\""),
        (Object::Vm, "name=x AND cluster=My* And status!=down"),
        (Object::Vm, "id=a OR id=b"),
        (Object::Vm, "status=PoweringUp or status=powering_up"),
        (Object::Vm, "description=plan=*,profile=*"),
        (Object::Vm, "tag=x"),
        (Object::Vm, "pool=x"),
        (Object::Vm, "created_by_user_id=x"),
        (Object::Vm, "SORTBY NAME ASC page 1"),
        (Object::Vm, "Vms: Host.name = abc"),
        (Object::Vm, "vm : hosts.status=up and Storage.name=\"a b\""),
        (Object::Vm, "VMS:sortby cpu_usage desc"),
        (
            Object::Vm,
            "Vms: status=Up or status=PoweringUp sortby cpu_usage desc",
        ),
        (Object::Vm, "Vnic.mac=00:1a:4a:16:01:51"),
        (
            Object::Vm,
            "memory>=1024 and cpu_usage<50.5 and uptime > 1d",
        ),
        (
            Object::Vm,
            "creationdate > Yesterday and creationdate <= \"5/31/26 2:00 PM\"",
        ),
        (Object::Vm, "next_run_config_exists=true"),
        (Object::Vm, "quota=\"\" and comment!=null"),
        (Object::Vm, "hosts = rack7 and eb-"),
        (Object::Vm, "\"free text\""),
        (Object::Host, "hw_id=x and datacenter=y and status=Up"),
        (Object::Host, "Vms.status = up"),
        (Object::Host, "Nic.network_name=ovirtmgmt"),
        (Object::Template, "Storage.name = x"),
        (Object::Network, "Clusters.name=x"),
        (Object::DataCenter, "storage.name=x"),
        (Object::DataCenter, "DataCenter: sortby name"),
        (Object::Disk, "alias=x and disk_type=lun"),
        (Object::User, "usrname=u@internal-authz"),
        (Object::Job, "correlation_id=x"),
        (Object::Event, "severity=error"),
        (Object::Event, "severity>normal sortby time desc"),
        (Object::Event, "type=1152 and vm.id=x"),
        (Object::Event, "type=65 or type=140"),
        (Object::Event, "type=839 or type=887 and host.name=x"),
        (Object::Event, "type=1158 and message=*x*"),
        (Object::Event, "sortby time desc page 2"),
    ] {
        let query = reads(object, text);
        // What was read can be written, and reads the same.
        let written = query.to_string();
        assert_eq!(reads(object, &written), query, "{text} became {written}");
    }
}

#[test]
fn and_binds_stronger_than_or() {
    let query = reads(
        Object::Event,
        "type=1 or type=2 and severity=error or type=3",
    );
    let lengths: Vec<usize> = query.any.iter().map(Vec::len).collect();
    assert_eq!(lengths, [1, 2, 1]);
    assert_eq!(
        query.to_string(),
        "Events: type = 1 or type = 2 and severity = error or type = 3"
    );
}

#[test]
fn what_is_wrong_is_told_with_its_place_and_what_was_expected() {
    for (text, position, expected) in [
        ("((((", 1, "a field of Vms"),
        ("name", 5, "one of = !="),
        ("name>a", 5, "one of = !="),
        ("name=", 6, "a value"),
        ("name=\"web", 10, "a closing \""),
        ("colour=red", 1, "one of the fields name, comment"),
        ("name=a b=c", 8, "`and`, `or`"),
        ("name=a and", 11, "a field of Vms"),
        ("and name=a", 1, "a field of Vms"),
        ("name=a or or", 11, "a field of Vms"),
        ("name='a'", 6, "a value without quotes"),
        ("name=a;b", 7, "a value without quotes"),
        ("name=(a", 6, "a value without quotes"),
        ("name==a", 6, "a value without quotes"),
        ("status=flying", 8, "one of up, down"),
        ("memory=much", 8, "a number"),
        ("creationdate>soon", 14, "a date: Today"),
        ("next_run_config_exists=2", 24, "true or false"),
        ("comment>null", 8, "one of = !="),
        ("memory>null", 8, "a number"),
        ("host.colour=x", 6, "one of the fields name"),
        ("pool.name=x", 1, "one of the fields"),
        ("Hosts: name=a", 1, "Vms:"),
        ("colour: name=a", 1, "Vms:"),
        (": name=a", 1, "a field of Vms"),
        ("sortby", 7, "one of the fields"),
        ("sortby colour", 8, "one of the fields"),
        ("sortby name up", 13, "`asc`, `desc`"),
        ("sortby name asc asc", 17, "`page`"),
        ("page 0", 6, "a page number"),
        ("page x", 6, "a page number"),
        ("page 2 sortby name", 8, "nothing after"),
        ("name!web", 5, "one of = !="),
        ("a and b", 7, "once"),
        ("hosts=a and hosts=b", 13, "once"),
        ("web server", 5, "`and`, `or`"),
    ] {
        match parse(Object::Vm, text) {
            Err(SearchError::Syntax {
                position: at,
                expected: told,
            }) => {
                assert_eq!(at, position, "{text}: expected {told}");
                assert!(told.contains(expected), "{text}: {told}");
            }
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn what_only_ovirt_knows_is_said_to_be_missing() {
    for text in ["apps=x", "sortby network_usage", "users.name=x"] {
        let found = parse(Object::Vm, text);
        assert!(
            matches!(found, Err(SearchError::NotSupported { .. })),
            "{text}: {found:?}"
        );
    }
}

#[test]
fn a_bookmark_tells_what_it_is_for() {
    assert_eq!(object_of("Vms: name=a"), Ok(Object::Vm));
    assert_eq!(object_of(" cluster :"), Ok(Object::Cluster));
    for wrong in ["", "name=a", "colours: a", "vms"] {
        assert!(object_of(wrong).is_err(), "{wrong}");
    }
}

/// What is offered where `|` stands.
fn offered(object: Object, text: &str) -> (Vec<String>, usize, usize) {
    let cursor = text.chars().position(|c| c == '|').unwrap();
    let completion = complete(object, &text.replace('|', ""), cursor);
    let offers = completion.offers.into_iter().map(|o| o.text).collect();
    (offers, completion.from, completion.to)
}

#[test]
fn what_fits_at_the_cursor_is_offered() {
    for (object, text, offers, from, to) in [
        (Object::Vm, "me|", vec!["mem_usage", "memory"], 0, 2),
        (Object::Vm, "V|", vec!["Vms:", "vcpus", "Vnics."], 0, 1),
        (Object::Vm, "Vms: sor|", vec!["sortby"], 5, 8),
        (Object::Vm, "name=a and us|", vec![], 11, 13),
        (
            Object::Vm,
            "name=a |",
            vec!["and", "or", "sortby", "page"],
            7,
            7,
        ),
        (Object::Vm, "name=a o|", vec!["or"], 7, 8),
        (Object::Vm, "name |", vec!["=", "!="], 5, 5),
        (
            Object::Vm,
            "status=power|",
            vec!["powering_up", "powering_down"],
            7,
            12,
        ),
        (
            Object::Vm,
            "status=power|ing and name=a",
            vec!["powering_up", "powering_down"],
            7,
            15,
        ),
        (Object::Vm, "hosts.na|", vec!["name"], 6, 8),
        (
            Object::Vm,
            "hosts.status=no|",
            vec!["non_operational", "non_responsive"],
            13,
            15,
        ),
        (Object::Vm, "sortby cpu|", vec!["cpu_usage"], 7, 10),
        (
            Object::Vm,
            "sortby name |",
            vec!["asc", "desc", "page"],
            12,
            12,
        ),
        (Object::Vm, "sortby name asc |", vec!["page"], 16, 16),
        (
            Object::Vm,
            "creationdate>t|",
            vec!["Today", "Tuesday", "Thursday"],
            13,
            14,
        ),
        (Object::Event, "severity|", vec!["severity"], 0, 8),
        (
            Object::Event,
            "severity>|",
            vec!["normal", "warning", "error", "alert"],
            9,
            9,
        ),
    ] {
        let mut found = offered(object, text);
        if text == "creationdate>t|" {
            found.0.sort();
            let mut offers: Vec<String> = offers.iter().map(|o| (*o).to_owned()).collect();
            offers.sort();
            assert_eq!(found.0, offers);
            continue;
        }
        assert_eq!(
            found,
            (offers.iter().map(|o| (*o).to_owned()).collect(), from, to),
            "{text}"
        );
    }
    let wrong = complete(Object::Vm, "colour=red and na", 17);
    assert!(wrong.offers.is_empty() && wrong.error.is_some());
    let named = complete(Object::Vm, "hosts.name=\"ra\" and x=y", 14);
    let names = named.names.unwrap();
    assert_eq!((names.object, names.prefix.as_str()), (Object::Host, "ra"));
    assert_eq!((named.from, named.to), (11, 15));
}

/// Texts that look like searches.
fn searchlike() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "name",
        "status",
        "memory",
        "creationdate",
        "host.name",
        "hosts",
        "Vms:",
        "tag",
        "=",
        "!=",
        "<",
        ">=",
        "\"",
        "and",
        "or",
        "sortby",
        "page",
        "asc",
        "up",
        "*",
        "12",
        "Today",
        "a.b",
        "(",
        ":",
        ".",
        "null",
        "ż",
        "\u{301}",
        ";",
        "'",
        "uptime",
        "severity",
        "vm.",
        "1d",
    ]);
    let gap = prop::sample::select(vec!["", " ", "  "]);
    prop::collection::vec((words, gap), 0..14).prop_map(|parts| {
        parts
            .into_iter()
            .map(|(word, gap)| format!("{word}{gap}"))
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn no_text_breaks_it(text in any::<String>(), like in searchlike(), cursor in 0usize..80) {
        for object in Object::ALL {
            for text in [&text, &like] {
                let length = text.chars().count();
                match parse(*object, text) {
                    Ok(query) => {
                        let written = query.to_string();
                        prop_assert_eq!(parse(*object, &written), Ok(query), "{}", written);
                    }
                    Err(SearchError::Syntax { position, .. } | SearchError::NotSupported { position, .. }) => {
                        prop_assert!((1..=length + 1).contains(&position), "{position} in {text}");
                    }
                }
                let completion = complete(*object, text, cursor);
                prop_assert!(completion.from <= completion.to && completion.to <= length);
            }
        }
    }

    #[test]
    fn what_is_offered_can_be_read_or_written_on(like in searchlike(), cursor in 0usize..60) {
        let completion = complete(Object::Vm, &like, cursor);
        let all: Vec<char> = like.chars().collect();
        for offer in completion.offers {
            let head: String = all[..completion.from].iter().collect();
            let text = format!("{head}{}", offer.text);
            // Whatever is offered is not where the reader stumbles, but for what must follow it.
            if let Err(SearchError::Syntax { position, .. }) = parse(Object::Vm, &text) {
                prop_assert!(position > text.chars().count(), "{text}: {position}");
            }
        }
    }

    #[test]
    fn a_quoted_value_is_read_back(value in "[^\"';<>&^!]{1,20}") {
        let text = format!("description={}", quote(&value).unwrap());
        let query = parse(Object::Vm, &text).unwrap();
        prop_assert_eq!(query.to_string(), format!("Vms: description = \"{value}\""));
    }
}
