//! The engine's own certificate authority and everything that is trusted because of it.
//!
//! ```text
//!                 CA (10 years, one for each engine)
//!      ┌───────────────────┼─────────────────────┐
//!  API certificate    engine's certificate   one for each host
//!  serverAuth         clientAuth             serverAuth
//!  urn:vireo:api      urn:vireo:engine       urn:vireo:host:<id>
//!  + DNS names, IPs
//! ```
//!
//! The URI in the subject alternative name is the certificate's [`Role`], and every check asks for
//! one role exactly: a host's certificate opens no door of the engine's, another host's does not
//! answer for this host, and neither can pose as the API.
//!
//! * Engine's side: [`Pki`] keeps the CA, renews what nears its end, signs hosts' requests and gives
//!   the TLS configurations of the API and of each dialled host.
//! * Host's side: [`HostKey`] makes a key and a request, [`HostIdentity`] is what enrolment brings
//!   back, [`LiveIdentity`] shows and renews it, [`enrolment_config`] trusts an engine by the
//!   fingerprint of its CA.
//!
//! An outside certificate ([`OutsideFiles`]) may be shown to the API's clients. Hosts that enrol
//! know the CA only: they ask for a name of their own and always get the API certificate above.
//!
//! Keys come from the operating system's randomness, time from the `Clock` port. Not here: who may
//! enrol (`operations`), when certificates are looked at (`reconcile`).

mod authority;
mod certificate;
mod configs;
mod engine;
mod error;
mod files;
mod fingerprint;
mod host;
mod live;
mod outside;
mod request;
mod role;
mod verify;

pub use configs::{ENROLMENT_NAME, enrolment_config};
pub use engine::{HostCertificate, Pki, PkiOptions, Renewed};
pub use error::PkiError;
pub use files::write_durably;
pub use fingerprint::{BadFingerprint, Fingerprint};
pub use host::{HostIdentity, HostKey};
pub use live::{LiveIdentity, RenewalRequest};
pub use outside::OutsideFiles;
pub use role::Role;
