//! Tests over the whole house and over real sockets, in one binary.

#![expect(clippy::expect_used, reason = "a test says what is wrong by panicking")]

mod stub;
mod whatsapp_cloud;
