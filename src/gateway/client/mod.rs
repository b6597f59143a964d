//! Calls to providers: settings that are checked before a client is built, the HTTP client, one call, a fetched picture.

pub(in crate::gateway) mod call;
pub(in crate::gateway) mod http;
pub mod picture;
pub mod settings;
