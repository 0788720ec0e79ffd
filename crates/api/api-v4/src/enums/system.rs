//! Enumerations of `types/system.rs`.

use api_schema::api_enum;

api_enum! {
    /// Architecture.
    Architecture {
        Aarch64 = "aarch64",
        Loongarch64 = "loongarch64",
        Ppc64 = "ppc64",
        S390x = "s390x",
        Undefined = "undefined",
        X8664 = "x86_64",
    }

    /// TPM support.
    TpmSupport {
        Required = "required",
        Supported = "supported",
        Unsupported = "unsupported",
    }
}
