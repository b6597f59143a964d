//! antrean: books a place in a public office's queue from one chat message.
//!
//! Every module belongs to a layer and names only modules of strictly lower layers. `tests/it/tidy.rs` checks this,
//! ARCHITECTURE.md draws it.

pub mod access;
pub mod app;
pub mod caretaker;
pub mod cli;
pub mod clock;
pub mod config;
pub mod conversation;
pub mod courier;
pub mod desk;
pub mod domain;
pub mod export;
pub mod files;
pub mod front_desk;
pub mod gateway;
pub mod grammar;
pub mod metrics;
pub mod photos;
pub mod replay;
pub mod reply;
pub mod roster;
pub mod sheet;
pub mod storage;
pub mod uploads;
pub mod versions;
pub mod web;
