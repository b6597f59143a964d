//! Everything that needs more than one room, or the real thing: one binary.
#![expect(clippy::expect_used, reason = "a test says what it expects")]

mod stub;
mod tidy;
mod whatsapp_cloud;
