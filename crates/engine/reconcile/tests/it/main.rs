//! The reconciler over a real store and projection, with hosts played by the test and time by hand.

mod certificates;
mod far_host;
mod hosts;
mod lab;
mod restored;
mod roster;
mod storage;
mod upkeep;
mod vms;
