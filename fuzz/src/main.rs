//! libFuzzer over one of the targets, chosen by `VIREO_FUZZ_TARGET`. `cargo xtask fuzz` builds and runs it.

#![no_main]
#![allow(missing_docs)] // what the macro makes

use std::sync::OnceLock;

static TARGET: OnceLock<&fuzz::Target> = OnceLock::new();

fn chosen() -> &'static fuzz::Target {
    TARGET.get_or_init(|| {
        let name = std::env::var("VIREO_FUZZ_TARGET").unwrap_or_default();
        let names: Vec<&str> = fuzz::TARGETS.iter().map(|t| t.name).collect();
        fuzz::named(&name).unwrap_or_else(|| {
            eprintln!(
                "VIREO_FUZZ_TARGET is `{name}`; it must be one of {}",
                names.join(", ")
            );
            std::process::exit(2)
        })
    })
}

libfuzzer_sys::fuzz_target!(|input: &[u8]| (chosen().run)(input));
