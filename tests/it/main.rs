//! Tests from outside: one binary, one file per subject.

mod browser;
