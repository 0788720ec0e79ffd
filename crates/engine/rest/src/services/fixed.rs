//! Lists that come with the engine: icons and network filters.

use super::{href, listing};
use crate::api::answer::Answer;
use crate::api::ask::Ask;
use api_v4::{Icon, NetworkFilter, Version};
use base::Fault;

/// The large default icon (150 x 120): id and PNG.
const LARGE: (&str, &str) = (
    "5a4b6c1e-0d0f-4a5e-9c53-76697265006c",
    "iVBORw0KGgoAAAANSUhEUgAAAJYAAAB4CAYAAAAQTwsQAAABOUlEQVR42u3VwQkAIAwEQauzHGuyU23BX444B/sXMu\
    AYZmZmZmZmZmZmZmZWsLn2kcASWAJLYIElsASWwAJLYAksgQWWwBJYAgssgSWw6h5jfW4JFlixsHwlGd8YWAILLLDA\
    AgssgQUWWGCBBZbAAgsssMACS2CBBRZYYIElsMACCyywwBJYYIEFFlhgCSywwAILLLAEFlhggQUWWAILLLDAAgssgQ\
    UWWGCBBZbAAgsssMACS2CBBRZYYIElsBwXLLDAAktgOTBYYIEFlsASWGCBBZbAElhggQWWwBJYYIEFlsASWGCBBZbA\
    ElhggQWWwBJYYIEFlsASWGCBBZbAElgBj7E+twQLrDhY6vedgiWwBJbAAktgCSyBBZbAElgCCyyBJbAEFlgCS5/AMj\
    MzMzMzMzMzMzOzh10byQYhzo/sfgAAAABJRU5ErkJggg==",
);
/// The small default icon (43 x 43).
const SMALL: (&str, &str) = (
    "5a4b6c1e-0d0f-4a5e-9c53-766972650073",
    "iVBORw0KGgoAAAANSUhEUgAAACsAAAArCAYAAADhXXHAAAAAT0lEQVR42u3Y0QkAIAhAQadrnGZq01pCQ+Qe+H8g/h\
    ih4tY+t+vAwo7Edjn0udifq4aFhYWFhYWFhYWFhYWFhYUtw3ofZWO9PGFhk7BK7gERNtnBsdDVwQAAAABJRU5ErkJg\
    gg==",
);

/// libvirt's filters that a vNIC profile may name, and since which level oVirt has them. The last
/// digits of the ids are ours, but for the first, which is oVirt's.
const FILTERS: &[(&str, &str, i64, i64)] = &[
    (
        "d2370ab4-fee3-11e9-a310-8c1645ce738e",
        "vdsm-no-mac-spoofing",
        3,
        2,
    ),
    ("6e657466-696c-4e65-8465-720000000001", "allow-arp", 3, 6),
    ("6e657466-696c-4e65-8465-720000000002", "allow-dhcp", 3, 6),
    (
        "6e657466-696c-4e65-8465-720000000003",
        "allow-dhcp-server",
        3,
        6,
    ),
    (
        "6e657466-696c-4e65-8465-720000000004",
        "allow-incoming-ipv4",
        3,
        6,
    ),
    ("6e657466-696c-4e65-8465-720000000005", "allow-ipv4", 3, 6),
    (
        "6e657466-696c-4e65-8465-720000000006",
        "clean-traffic",
        3,
        6,
    ),
    (
        "6e657466-696c-4e65-8465-720000000007",
        "no-arp-ip-spoofing",
        3,
        6,
    ),
    (
        "6e657466-696c-4e65-8465-720000000008",
        "no-arp-mac-spoofing",
        3,
        6,
    ),
    (
        "6e657466-696c-4e65-8465-720000000009",
        "no-arp-spoofing",
        3,
        6,
    ),
    (
        "6e657466-696c-4e65-8465-72000000000a",
        "no-ip-multicast",
        3,
        6,
    ),
    (
        "6e657466-696c-4e65-8465-72000000000b",
        "no-ip-spoofing",
        3,
        6,
    ),
    (
        "6e657466-696c-4e65-8465-72000000000c",
        "no-mac-broadcast",
        3,
        6,
    ),
    (
        "6e657466-696c-4e65-8465-72000000000d",
        "no-mac-spoofing",
        3,
        6,
    ),
    (
        "6e657466-696c-4e65-8465-72000000000e",
        "no-other-l2-traffic",
        3,
        6,
    ),
    (
        "6e657466-696c-4e65-8465-72000000000f",
        "no-other-rarp-traffic",
        3,
        6,
    ),
    (
        "6e657466-696c-4e65-8465-720000000010",
        "qemu-announce-self",
        3,
        6,
    ),
    (
        "6e657466-696c-4e65-8465-720000000011",
        "qemu-announce-self-rarp",
        3,
        6,
    ),
    (
        "6e657466-696c-4e65-8465-720000000012",
        "clean-traffic-gateway",
        4,
        3,
    ),
];

fn all_icons() -> Vec<Icon> {
    let icon = |(id, data): (&str, &str)| Icon {
        id: Some(id.to_owned()),
        href: Some(href(&format!("icons/{id}"))),
        data: Some(data.to_owned()),
        media_type: Some("image/png".to_owned()),
        ..Icon::default()
    };
    vec![icon(LARGE), icon(SMALL)]
}

/// `GET icons`.
pub fn icons(ask: &Ask) -> Result<Answer, Fault> {
    listing::plain(ask, all_icons())
}

/// `GET icons/{}`.
pub fn icon(ask: &Ask) -> Result<Answer, Fault> {
    listing::member(ask, all_icons(), 0, "icon")
}

fn all_filters() -> Vec<NetworkFilter> {
    FILTERS
        .iter()
        .map(|(id, name, major, minor)| NetworkFilter {
            id: Some((*id).to_owned()),
            href: Some(href(&format!("networkfilters/{id}"))),
            name: Some((*name).to_owned()),
            version: Some(Box::new(Version {
                major: Some(*major),
                minor: Some(*minor),
                ..Version::default()
            })),
            ..NetworkFilter::default()
        })
        .collect()
}

/// `GET networkfilters`; also of a cluster, whose every level has all of them.
pub fn filters(ask: &Ask) -> Result<Answer, Fault> {
    listing::plain(ask, all_filters())
}

/// `GET networkfilters/{}`.
pub fn filter(ask: &Ask) -> Result<Answer, Fault> {
    listing::member(ask, all_filters(), 0, "network filter")
}
