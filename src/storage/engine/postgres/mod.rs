//! PostgreSQL: a server, its transactions, and how statements are prepared behind a pooler.

mod executor;
mod notice;
pub(in crate::storage) mod server;
pub(in crate::storage) mod tls;
