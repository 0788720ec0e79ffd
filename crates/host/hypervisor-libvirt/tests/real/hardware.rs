//! Hardware of every kind.
