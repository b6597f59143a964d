//! Everything that needs more than one room, or the real thing: one binary, one file a subject.
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "all of this is test code; the exemption for tests does not reach the functions beside them"
)]

mod alone;
mod browser;
mod cli;
mod conformance;
mod contacts;
mod courier;
mod crash;
mod desk;
mod disk;
mod documents;
mod engine;
mod exports;
mod frozen;
mod gone;
mod growth;
mod host;
mod modes;
mod moving;
mod newcomer;
mod nodes;
mod plans;
mod pooler;
mod postgres;
mod schema;
mod serve;
mod served;
mod stamp;
mod standard;
mod statuses;
mod stories;
mod strangers;
mod stub;
mod tidy;
mod time;
mod tls;
mod town;
mod traps;
mod unread;
mod whatsapp_cloud;
mod wire;
