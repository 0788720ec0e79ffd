//! How one request of the API is read and answered, whatever service it is for.
//!
//! From outside in: `entry` (who asks), `intake` (how big, how long), `location` and `parameters` (where it
//! points), `routes` (which service), `ask` (the request as a service sees it), `answer` (the reply
//! as a service gives it), `faults`. What single services do is not here (`services`), nor how a
//! type is written as XML or JSON (`api-schema`).

pub mod answer;
pub mod ask;
pub mod credentials;
pub mod entry;
pub mod faults;
pub mod follow;
mod intake;
pub mod location;
pub mod negotiation;
pub mod parameters;
pub mod rights;
pub mod routes;
pub mod validators;
