//! Enumerations of `types/templates.rs`.

use api_schema::api_enum;

api_enum! {
    /// Template status.
    TemplateStatus { Illegal = "illegal", Locked = "locked", Ok = "ok" }
}
