//! Telegram's Bot API: free, testable by anybody, and without telephone numbers: a citizen is a chat.

mod client;
mod content;
mod gateway;
mod payload;
mod read;
mod send;

pub use self::client::{API_DEFAULT, Settings, Telegram};
