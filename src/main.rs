//! antrean.
fn main() {}
