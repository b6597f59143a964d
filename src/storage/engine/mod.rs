//! The two engines behind one interface: connections, transactions, statements, migrations, and everything in which SQLite and
//! PostgreSQL differ. Nothing here knows a table of the application.

pub(in crate::storage) mod catalog;
pub(in crate::storage) mod column;
pub(in crate::storage) mod error;
pub(in crate::storage) mod health;
pub(in crate::storage) mod migrate;
pub(in crate::storage) mod pool;
pub(in crate::storage) mod postgres;
pub(in crate::storage) mod result_row;
pub(in crate::storage) mod rows;
pub(in crate::storage) mod sqlite;
pub(in crate::storage) mod statement;
pub(in crate::storage) mod table;
pub(in crate::storage) mod transaction;
