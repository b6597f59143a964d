//! Tests from outside: one binary, one file per subject.
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "all of this is test code; the exemption for tests does not reach the functions beside them"
)]

mod browser;
