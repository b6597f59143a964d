//! Files that somebody asked for: what is known of them, and the rows that they are made of.

mod jobs;
mod rows;

pub use jobs::{Export, NewExport};
