//! WAHA, a WhatsApp-Web bridge that an office runs itself, with three engines that differ in small things.

mod client;
mod gateway;
mod payload;
mod read;
mod send;

pub use self::client::{API_EXAMPLE, Settings, Waha};
