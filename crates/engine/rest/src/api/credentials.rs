//! Who asks: bearer token, password in the request, or session cookie.

use access::{Access, Authenticated, Secret};
use base::{Fault, FaultKind};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use http::HeaderMap;
use http::header::{AUTHORIZATION, COOKIE};

/// Name of the session cookie, as oVirt's clients know it.
pub const SESSION_COOKIE: &str = "JSESSIONID";

/// What a 401 asks for (browsers and the version 3 SDK answer it with a password).
pub const CHALLENGE: &str = "Basic realm=\"RESTAPI\"";

/// What a request shows.
#[derive(Clone, PartialEq, Eq)]
pub enum Credentials {
    /// `Authorization: Bearer`.
    Token(String),
    /// `Authorization: Basic`.
    Password {
        /// `admin@internal`.
        login: String,
        /// In the clear.
        password: String,
    },
    /// The session cookie.
    Session(String),
}

impl Credentials {
    /// The first that counts: a header before a cookie. `None` for nothing, or nothing readable.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        match headers.get(AUTHORIZATION) {
            Some(value) => authorization(value.to_str().ok()?),
            None => cookie(headers).map(Credentials::Session),
        }
    }
}

fn authorization(value: &str) -> Option<Credentials> {
    let (scheme, rest) = value.trim().split_once(' ')?;
    let rest = rest.trim();
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(Credentials::Token(rest.to_owned()));
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let bytes = STANDARD
        .decode(rest)
        .or_else(|_| STANDARD_NO_PAD.decode(rest))
        .ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (login, password) = text.split_once(':')?;
    Some(Credentials::Password {
        login: login.to_owned(),
        password: password.to_owned(),
    })
}

fn cookie(headers: &HeaderMap) -> Option<String> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == SESSION_COOKIE)
        .map(|(_, value)| value.trim_matches('"').to_owned())
}

/// Does the caller want its session to go on (`Prefer: persistent-auth`)?
#[must_use]
pub fn wants_session(headers: &HeaderMap) -> bool {
    headers
        .get_all("prefer")
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split([',', ';']))
        .any(|p| p.trim().eq_ignore_ascii_case("persistent-auth"))
}

/// What becomes of the session when the request is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionEnd {
    /// Nothing: there is none, or it goes on.
    Keep,
    /// A new one: the cookie to set.
    Begun(Secret),
    /// It was not wished to go on: it ends with this request.
    Over(String),
}

fn refused(words: &str) -> Fault {
    Fault::new(FaultKind::Unauthenticated, "NOT_AUTHENTICATED", words)
}

/// Lets somebody in, or not.
///
/// # Errors
/// 401 for anything that is not good.
pub async fn admit(
    access: &Access,
    headers: &HeaderMap,
    address: Option<String>,
) -> Result<(Authenticated, SessionEnd), Fault> {
    let persistent = wants_session(headers);
    match Credentials::of(headers) {
        None => Err(refused(
            "Nobody is logged in; send a bearer token or a user name and password.",
        )),
        Some(Credentials::Token(token)) => match access.authenticate(&token).await {
            Some(who) => Ok((who, SessionEnd::Keep)),
            None => Err(refused("The access token is unknown or has expired.")),
        },
        Some(Credentials::Session(secret)) => match access.authenticate(&secret).await {
            Some(who) if persistent => Ok((who, SessionEnd::Keep)),
            Some(who) => Ok((who, SessionEnd::Over(secret))),
            None => Err(refused("The session is unknown or has expired.")),
        },
        Some(Credentials::Password { login, password }) => {
            let who = access.verify(&login, &password).await?;
            if !persistent {
                return Ok((who, SessionEnd::Keep));
            }
            // A client that sends its password with the cookie of a living session goes on with it.
            if let Some(secret) = cookie(headers)
                && let Some(owner) = access.authenticate(&secret).await
                && owner.user.id == who.user.id
            {
                return Ok((who, SessionEnd::Keep));
            }
            let login = access.open(&who.user, address).await?;
            Ok((who, SessionEnd::Begun(login.secret)))
        }
    }
}

/// The `Set-Cookie` of a new session.
#[must_use]
pub fn session_cookie(secret: &Secret) -> String {
    format!(
        "{SESSION_COOKIE}={}; Path=/ovirt-engine/api; Secure; HttpOnly; SameSite=Strict",
        secret.reveal()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(n, v)| (http::HeaderName::from_static(n), v.parse().unwrap()))
            .collect()
    }

    #[test]
    fn a_header_counts_before_a_cookie() {
        let h = headers(&[
            ("authorization", "bearer abc"),
            ("cookie", "x=1; JSESSIONID=def"),
        ]);
        assert!(Credentials::of(&h) == Some(Credentials::Token("abc".into())));
        let h = headers(&[("cookie", "x=1; JSESSIONID=\"def\"")]);
        assert!(Credentials::of(&h) == Some(Credentials::Session("def".into())));
    }

    #[test]
    fn a_password_may_hold_colons() {
        let h = headers(&[("authorization", "Basic YWRtaW5AaW50ZXJuYWw6YTpi")]);
        let expected = Credentials::Password {
            login: "admin@internal".into(),
            password: "a:b".into(),
        };
        assert!(Credentials::of(&h) == Some(expected));
        assert!(Credentials::of(&headers(&[("authorization", "Basic ???")])).is_none());
        assert!(Credentials::of(&headers(&[("authorization", "Negotiate abc")])).is_none());
    }

    #[test]
    fn a_session_goes_on_only_when_it_is_preferred() {
        assert!(wants_session(&headers(&[(
            "prefer",
            "respond-async, Persistent-Auth"
        )])));
        assert!(!wants_session(&headers(&[("prefer", "csrf-protection")])));
    }
}
