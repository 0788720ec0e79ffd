//! What every room's tests need: a clock moved by hand, randomness from a seed, ports nobody else
//! has, directories that vanish, programs that answer from a script.
//!
//! Nothing here knows a noun of the product. Whole engines and hosts for tests are built in `lab`.

mod clock;
mod commands;
mod places;
mod random;

pub use clock::ManualClock;
pub use commands::{CommandLog, ScriptedCommands};
pub use places::{TestDir, free_port, loopback_listener, skip};
pub use random::SeededRandom;
