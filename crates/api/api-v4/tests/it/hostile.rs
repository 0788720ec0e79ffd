//! What no client should send: refused with the place and what is allowed, never with a panic.

use api_schema::{Format, Problem, ReadError};
use api_v4::Vm;
use proptest::prelude::*;

fn xml(body: &str) -> ReadError {
    Format::Xml.read::<Vm>(body.as_bytes()).unwrap_err()
}

fn json(body: &str) -> ReadError {
    Format::Json.read::<Vm>(body.as_bytes()).unwrap_err()
}

#[test]
fn a_wrong_value_is_told_with_its_path_and_what_is_allowed() {
    let e = xml("<vm><cpu><topology><cores>many</cores></topology></cpu></vm>");
    assert_eq!(
        e.to_string(),
        "`vm.cpu.topology.cores`: `many` is not allowed; expected a whole number between -2^63 and 2^63-1"
    );
    let e = json(r#"{"nics":{"nic":[{},{"interface":"ne2000"}]}}"#);
    assert_eq!(
        e.to_string(),
        "`vm.nics[1].interface`: `ne2000` is not allowed; expected one of `e1000`, `e1000e`, \
         `pci_passthrough`, `rtl8139`, `rtl8139_virtio`, `spapr_vlan`, `virtio`"
    );
    for (body, found) in [
        (
            r#"{"cluster":"Default"}"#,
            "`vm.cluster`: found text; expected an object",
        ),
        (
            r#"{"name":{}}"#,
            "`vm.name`: found an object; expected text",
        ),
        (
            r#"{"nics":5}"#,
            "`vm.nics`: found a number; expected a list",
        ),
        ("[]", "`vm`: found an array; expected an object"),
    ] {
        assert_eq!(json(body).to_string(), found);
    }
    assert_eq!(
        xml("<vm><cluster>Default</cluster></vm>").to_string(),
        "`vm.cluster`: found text; expected an object"
    );
    assert_eq!(
        xml("<vm><name><b/></name></vm>").to_string(),
        "`vm.name`: found an element; expected text"
    );
    assert_eq!(
        xml("<host/>").to_string(),
        "found `<host>`; expected `<vm>`"
    );
    assert_eq!(
        xml("<vm><memory>9223372036854775808</memory></vm>").path,
        "vm.memory"
    );
}

#[test]
fn entities_and_document_types_are_refused() {
    let bomb = "<!DOCTYPE vm [<!ENTITY a \"aaaa\">]><vm><name>&a;</name></vm>";
    assert_eq!(xml(bomb).problem, Problem::Doctype);
    assert_eq!(
        xml("<vm><name>&a;</name></vm>").problem,
        Problem::Entity("a".into())
    );
    assert_eq!(xml("<vm id='&a;'/>").problem, Problem::Entity("a".into()));
    for bad in [
        "#0",
        "#xD800",
        "#xFFFE",
        "#99999999999",
        "#",
        "#x",
        "#-1",
        "#+1",
    ] {
        let e = xml(&format!("<vm><name>&{bad};</name></vm>"));
        assert_eq!(e.problem, Problem::Character(bad.into()), "{e}");
    }
}

#[test]
fn what_is_given_twice_is_refused_by_name() {
    for (body, path) in [
        ("<vm><name>a</name><name>a</name></vm>", "vm.name"),
        ("<vm><cpu/><memory>1</memory><cpu/></vm>", "vm.cpu"),
        ("<vm><nics/><nics><nic/></nics></vm>", "vm.nics"),
        (
            "<vm><nics><nic/><nic><name/><name/></nic></nics></vm>",
            "vm.nics[1].name",
        ),
    ] {
        let e = xml(body);
        assert_eq!((e.path.as_str(), &e.problem), (path, &Problem::Twice));
    }
    for (body, path) in [
        (r#"{"name":"a","memory":1,"name":"b"}"#, "vm.name"),
        (r#"{"nics":{},"nics":{"nic":[]}}"#, "vm.nics"),
        (
            r#"{"cpu":{"topology":{},"topology":{}}}"#,
            "vm.cpu.topology",
        ),
    ] {
        let e = json(body);
        assert_eq!((e.path.as_str(), &e.problem), (path, &Problem::Twice));
    }
    assert_eq!(
        xml("<vm><name/><name/></vm>").to_string(),
        "`vm.name`: it is given twice"
    );
    // What nobody knows means nothing, however often it stands there.
    assert!(Format::Xml.read::<Vm>(b"<vm><x/><x/></vm>").is_ok());
    assert!(Format::Json.read::<Vm>(br#"{"x":1,"x":2}"#).is_ok());
}

#[test]
fn what_is_not_well_formed_is_refused() {
    for body in [
        "<vm",
        "<vm>",
        "<vm></v>",
        "<vm/><vm/>",
        "<vm/>x",
        "x<vm/>",
        "<vm><name>a</vm>",
        "<vm><",
        "<vm a=b/>",
        "<vm id='1' id='2'/>",
        "<vm id='&amp'/>",
        "<vm>&</vm>",
        "<vm>\u{1}</vm>",
        "<!-- -->",
        "<vm><name>a\u{0}</name></vm>",
        "</vm>",
        "<vm><unknown></vm>",
    ] {
        let e = xml(body);
        assert!(
            matches!(e.problem, Problem::Malformed { format: "XML", .. }),
            "{body}: {e}"
        );
    }
    for body in ["{", "{\"a\"}", "nul", "{} {}", "{\"name\":\"\\ud800\"}"] {
        let e = json(body);
        assert!(
            matches!(e.problem, Problem::Malformed { format: "JSON", .. }),
            "{body}: {e}"
        );
    }
    let e = Format::Json.read::<Vm>(b"{\"name\":\"\xff\"}").unwrap_err();
    assert_eq!(e.problem, Problem::NotUtf8(9));
    assert!(matches!(xml("  ").problem, Problem::Empty(_)));
}

#[test]
fn too_much_is_refused_before_it_hurts() {
    let deep = |n: usize| format!("<vm>{}{}</vm>", "<a>".repeat(n), "</a>".repeat(n));
    assert!(Format::Xml.read::<Vm>(deep(60).as_bytes()).is_ok());
    assert!(matches!(
        xml(&deep(100_000)).problem,
        Problem::Limit {
            what: "levels of elements",
            ..
        }
    ));
    let known = |n: usize| {
        format!(
            "{}{}",
            "<vm><snapshots><s>".repeat(n),
            "</s></snapshots></vm>".repeat(n)
        )
    };
    assert!(Format::Xml.read::<Vm>(known(5000).as_bytes()).is_err());
    let wide = format!("<vm>{}</vm>", "<a/>".repeat(300_000));
    assert!(matches!(
        xml(&wide).problem,
        Problem::Limit {
            what: "elements",
            ..
        }
    ));
    let attributes: String = (0..1000).map(|i| format!(" a{i}=''")).collect();
    assert!(matches!(
        xml(&format!("<vm{attributes}/>")).problem,
        Problem::Limit {
            what: "attributes",
            ..
        }
    ));
    assert!(matches!(
        json(&format!("{{\"a\":[{}0]}}", "0,".repeat(300_000))).problem,
        Problem::Limit { what: "values", .. }
    ));
    assert!(json(&"[".repeat(100_000)).path == "vm");
    let nested = "{\"cluster\":{\"management_network\":".repeat(40) + "1" + &"}".repeat(80);
    assert!(Format::Json.read::<Vm>(nested.as_bytes()).is_err());
    assert!(matches!(
        xml(&" ".repeat(17 << 20)).problem,
        Problem::Limit { what: "bytes", .. }
    ));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_a_reader_panic(body in proptest::collection::vec(any::<u8>(), 0..200)) {
        _ = Format::Xml.read::<Vm>(&body);
        _ = Format::Json.read::<Vm>(&body);
    }

    #[test]
    fn no_mixture_of_markup_makes_a_reader_panic(
        pieces in proptest::collection::vec(
            prop::sample::select(vec![
                "<vm>", "</vm>", "<vm ", "id='", "'", ">", "/>", "<cpu>", "</cpu>", "<nics>", "<nic>",
                "&amp;", "&#", ";", "<![CDATA[", "]]>", "<!--", "-->", "<?", "?>", "text", "{", "}",
                "\"name\"", ":", ",", "[", "]", "\"nics\"", "1", "é", "<link ", "<actions>",
            ]),
            0..30,
        )
    ) {
        let body = pieces.concat();
        _ = Format::Xml.read::<Vm>(body.as_bytes());
        _ = Format::Json.read::<Vm>(body.as_bytes());
        _ = Format::Xml.read_list::<Vm>(body.as_bytes());
    }
}
