//! SQLite: one file, its write-ahead log, and the checkpoints that copy the log into the file.

mod checkpoint;
mod checkpoint_loop;
pub(in crate::storage) mod database;
mod fault;
pub(in crate::storage) mod open_files;
pub(in crate::storage) mod options;
pub(in crate::storage) mod paths;
mod recovery;
pub(in crate::storage) mod wal_sync;
pub(in crate::storage) mod writer;

#[cfg(test)]
mod tests;
