//! antrean: books a place in a public office's queue from one chat message.
//!
//! Rooms stand on floors; a room names rooms on strictly lower floors only. `tests/it/tidy.rs` holds this,
//! ARCHITECTURE.md draws it.

pub mod app;
pub mod caretaker;
pub mod cli;
pub mod clock;
pub mod config;
pub mod conversation;
pub mod courier;
pub mod desk;
pub mod domain;
pub mod files;
pub mod gateway;
pub mod grammar;
pub mod metrics;
pub mod replay;
pub mod reply;
pub mod roster;
pub mod sheet;
pub mod storage;
pub mod web;
