//! The tests of more than one module, or of the real binary: one program, a file for each subject, what they share in
//! `support`.
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "all of this is test code; the exemption for tests does not reach the functions beside them"
)]

mod access;
mod audit;
mod browser;
mod cli;
mod closing;
mod conformance;
mod console;
mod contacts;
mod courier;
mod crash;
mod desk;
mod disk;
mod documents;
mod drill;
mod exports;
mod front_desk;
mod frozen;
mod gone;
mod growth;
mod live;
mod modes;
mod moving;
mod newcomer;
mod nodes;
mod notices;
mod personal_data;
mod photos;
mod plans;
mod pooler;
mod reports;
mod schema;
mod serve;
mod stamp;
mod standard;
mod standby;
mod statuses;
mod stories;
mod strangers;
mod support;
mod tidy;
mod time;
mod tls;
mod traps;
mod unread;
mod uploads;
mod whatsapp_cloud;
