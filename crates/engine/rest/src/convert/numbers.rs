//! Between our unsigned sizes and the API's signed integers.

use base::Fault;

/// A number as the API shows it; what does not fit is the largest that does.
pub(super) fn int(number: impl TryInto<i64>) -> Option<i64> {
    Some(number.try_into().unwrap_or(i64::MAX))
}

/// A number from a body.
///
/// # Errors
/// 400 with the element when it is negative or too large.
pub(super) fn unsigned<T: TryFrom<i64>>(
    path: &str,
    number: Option<i64>,
) -> Result<Option<T>, Fault> {
    number
        .map(|n| {
            T::try_from(n).map_err(|_| {
                wrong(path, format!("{n} is not allowed; expected a number that is not negative and not too large"))
            })
        })
        .transpose()
}

/// 400 for an element of a body.
pub(super) fn wrong(path: &str, why: impl std::fmt::Display) -> Fault {
    Fault::bad_request("INVALID_BODY", format!("`{path}`: {why}."))
}

/// 400 for an element that a body lacks.
pub(super) fn missing(path: &str) -> Fault {
    Fault::bad_request(
        "INCOMPLETE_BODY",
        format!("`{path}` is missing; it is needed here."),
    )
}
