//! Every type through XML and JSON and back, and the shapes that clients rely on.

#![recursion_limit = "1024"]

mod hostile;
mod round_trip;
mod shapes;
