//! To be introduced by its first line.
