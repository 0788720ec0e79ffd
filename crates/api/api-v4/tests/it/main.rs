//! Every type through XML and JSON and back, and the shapes that clients rely on.

mod hostile;
mod round_trip;
mod shapes;
