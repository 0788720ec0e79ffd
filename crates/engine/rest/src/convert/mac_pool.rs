//! A MAC pool as the API shows it, and the body that makes or changes one.

use super::{carry, links, numbers::missing};
use api_v4::Range;
use base::Fault;
use domain::networks::{BadMac, MacAddress, MacPool};
use operations::mac_pools::MacPoolChange;

/// All of it.
#[must_use]
pub fn mac_pool(pool: &MacPool) -> api_v4::MacPool {
    let mut shown = api_v4::MacPool {
        name: Some(pool.name.clone()),
        description: Some(pool.description.clone()),
        comment: Some(pool.comment.clone()),
        allow_duplicates: Some(pool.allow_duplicates),
        default_pool: Some(pool.default),
        ranges: Some(
            pool.ranges
                .iter()
                .map(|(first, last)| Range {
                    from: Some(first.to_string()),
                    to: Some(last.to_string()),
                })
                .collect(),
        ),
        ..api_v4::MacPool::default()
    };
    links::place(&mut shown, "macpools/{}", &[&pool.id.to_string()]);
    shown
}

/// What a body sets; `before` is the pool as it is, none for a new one.
///
/// # Errors
/// 400 for what is missing or no address; 501 for what can't be set.
pub fn mac_pool_change(
    wanted: &api_v4::MacPool,
    before: Option<&api_v4::MacPool>,
) -> Result<MacPoolChange, Fault> {
    let shown = before.cloned().unwrap_or_default();
    let known = [
        "name",
        "description",
        "comment",
        "allow_duplicates",
        "ranges",
    ];
    carry::check(wanted, &shown, &known)?;
    if before.is_none() && wanted.name.is_none() {
        return Err(missing("mac_pool.name"));
    }
    let ranges = wanted.ranges.as_ref().map(|ranges| {
        let each = ranges.iter().enumerate();
        each.map(|(n, range)| {
            Ok((
                address(&format!("mac_pool.ranges[{n}].from"), range.from.as_deref())?,
                address(&format!("mac_pool.ranges[{n}].to"), range.to.as_deref())?,
            ))
        })
        .collect::<Result<Vec<_>, Fault>>()
    });
    Ok(MacPoolChange {
        name: wanted.name.clone(),
        description: wanted.description.clone(),
        comment: wanted.comment.clone(),
        allow_duplicates: wanted.allow_duplicates,
        ranges: ranges.transpose()?,
    })
}

fn address(path: &str, text: Option<&str>) -> Result<MacAddress, Fault> {
    let text = text.ok_or_else(|| missing(path))?;
    text.parse().map_err(|e: BadMac| {
        Fault::bad_request(
            "ACTION_TYPE_FAILED_INVALID_MAC_RANGE",
            format!("`{path}`: {e}."),
        )
    })
}
