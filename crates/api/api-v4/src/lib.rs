//! Version 4 of oVirt's API as tables: its types, its enumerations, its paths. Data, no logic.
//!
//! Each type is a struct whose elements are public `Option`s under the API's own names; what is a
//! word of Rust has an underscore behind it (`type_`). Structs within are boxed (`Option<Box<Cpu>>`),
//! lists are `Option<Vec<T>>`, integers `i64`, numbers `f64`, dates `Timestamp`, enumerations are
//! enums with `name()` and `named()`. Entities also have `id`, `href`, `links` and `actions`.
//! `None` is "not given"; `Some` of something empty is "made empty".
//!
//! There is a type `Option` in the API: name what you import, do not import `*`.
//!
//! Every type is `Send` and `Sync`. The types refer to each other in long circles, so that the
//! compiler needs more than its usual depth to see it: a crate that uses them says
//! `#![recursion_limit = "1024"]` at its root.
//!
//! Not here: reading and writing (`api-schema`), what anything means (`rest`).

#![recursion_limit = "1024"]

pub mod enums;
pub mod services;
pub mod types;

pub use enums::*;
pub use types::*;
