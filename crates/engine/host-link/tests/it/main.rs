//! What the observer hears, in which order, and what sessions answer: over a scripted wire, and over
//! the real one on loopback.

mod keeping;
mod loopback;
mod wire;
