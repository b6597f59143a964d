//! Twilio: WhatsApp and SMS through one account. Bodies are forms, and the signature is over the address as Twilio
//! called it, so the public address behind a proxy is a setting.

mod client;
mod gateway;
mod read;
mod send;
mod verify;

pub use self::client::{API_DEFAULT, PUBLIC_EXAMPLE, Settings, Twilio};
