//! WhatsApp Business Platform, Cloud API (Meta), and partners with the same API under another address.

mod client;
mod content;
mod errors;
mod gateway;
mod media;
mod payload;
mod read;
mod send;
mod sender;
#[cfg(test)]
mod tests;
mod verify;

pub use self::client::{API_DEFAULT, AUTH_HEADER_DEFAULT, Settings, VERSION_DEFAULT, WebhookToken, WhatsAppCloud};
