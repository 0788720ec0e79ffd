//! Where a request points: path segments, matrix parameters on any of them, and the query.
//!
//! `/vms;max=20/…?search=x`: oVirt takes a parameter in either place. One without a value means true.

use base::Fault;

/// More segments or parameters than any path of the API has; beyond, the request is wrong.
const PARTS_MAX: usize = 64;

/// One parameter of a request, from its path or its query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its value; empty when there was none.
    pub value: String,
}

/// A decoded request target.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Location {
    /// Segments below the API's root, without empty ones.
    pub segments: Vec<String>,
    /// Matrix parameters of all segments, then those of the query.
    pub parameters: Vec<Parameter>,
}

impl Location {
    /// Reads a path below the API's root (`/vms;max=1/{id}`) and a query.
    ///
    /// # Errors
    /// 400 for text that is not UTF-8 after decoding, or for too many parts.
    pub fn parse(path: &str, query: Option<&str>) -> Result<Self, Fault> {
        let mut location = Location::default();
        for raw in path.split('/') {
            let mut parts = raw.split(';');
            let segment = decode(parts.next().unwrap_or_default(), false)?;
            if !segment.is_empty() {
                location.segments.push(segment);
            }
            for part in parts {
                location.add(part, false)?;
            }
        }
        for part in query.unwrap_or_default().split('&') {
            location.add(part, true)?;
        }
        if location.segments.len() > PARTS_MAX || location.parameters.len() > PARTS_MAX {
            return Err(Fault::bad_request(
                "TOO_MANY_PARAMETERS",
                format!(
                    "A request may have at most {PARTS_MAX} path segments and as many parameters."
                ),
            ));
        }
        Ok(location)
    }

    fn add(&mut self, text: &str, plus_is_space: bool) -> Result<(), Fault> {
        if text.is_empty() {
            return Ok(());
        }
        let (name, value) = text.split_once('=').unwrap_or((text, ""));
        self.parameters.push(Parameter {
            name: decode(name, plus_is_space)?,
            value: decode(value, plus_is_space)?,
        });
        Ok(())
    }
}

/// The fields of a form body (`application/x-www-form-urlencoded`).
///
/// # Errors
/// 400 for text that is not UTF-8 after decoding.
pub fn form_fields(body: &str) -> Result<Vec<Parameter>, Fault> {
    Ok(Location::parse("", Some(body))?.parameters)
}

/// Percent-decoding. A `%` that two hexadecimal digits don't follow stands for itself, since clients
/// send search expressions with bare ones.
fn decode(text: &str, plus_is_space: bool) -> Result<String, Fault> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&b) = bytes.get(at) {
        let hex = |i: usize| bytes.get(i).and_then(|b| char::from(*b).to_digit(16));
        match (b, hex(at + 1), hex(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push(u8::try_from(high * 16 + low).unwrap_or_default());
                at += 2;
            }
            (b'+', ..) if plus_is_space => out.push(b' '),
            _ => out.push(b),
        }
        at += 1;
    }
    String::from_utf8(out).map_err(|_| {
        Fault::bad_request(
            "INVALID_ENCODING",
            "The request's path or a parameter is not UTF-8 after percent-decoding.",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters(path: &str, query: Option<&str>) -> Vec<(String, String)> {
        let location = Location::parse(path, query).unwrap();
        location
            .parameters
            .into_iter()
            .map(|p| (p.name, p.value))
            .collect()
    }

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.into(), value.into())
    }

    #[test]
    fn matrix_and_query_parameters_are_one_list() {
        let location =
            Location::parse("/vms;max=20/7;current/nics/", Some("search=a%20b+c&x")).unwrap();
        assert_eq!(location.segments, ["vms", "7", "nics"]);
        assert_eq!(
            parameters("/vms;max=20/7;current/nics/", Some("search=a%20b+c&x")),
            [
                pair("max", "20"),
                pair("current", ""),
                pair("search", "a b c"),
                pair("x", "")
            ]
        );
    }

    #[test]
    fn encoded_separators_don_t_separate() {
        let location = Location::parse("/a%2Fb%3Bc", Some("search=name%3Dx%26y")).unwrap();
        assert_eq!(location.segments, ["a/b;c"]);
        assert_eq!(location.parameters[0].value, "name=x&y");
    }

    #[test]
    fn a_bare_percent_sign_stands_for_itself_and_a_plus_in_a_path_too() {
        assert_eq!(
            parameters("/vms;q=1+1", Some("search=100%")),
            [pair("q", "1+1"), pair("search", "100%")]
        );
        assert!(Location::parse("/%FF", None).is_err());
        assert!(Location::parse(&"/x".repeat(65), None).is_err());
    }
}
