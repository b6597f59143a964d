//! gowa (go-whatsapp-web-multidevice), a WhatsApp-Web bridge that an office runs itself: one container, one or more
//! linked telephones.

mod client;
mod gateway;
mod payload;
mod read;
mod send;

pub use self::client::{API_EXAMPLE, Gowa, Settings};
