//! Everything that needs more than one room, or the real thing: one binary.
mod tidy;
