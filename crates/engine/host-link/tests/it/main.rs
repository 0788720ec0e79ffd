//! One keeper over a scripted wire: what the observer hears, in which order, and what sessions answer.

mod keeping;
mod wire;
