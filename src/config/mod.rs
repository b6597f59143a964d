//! The configuration: read once, validated as a whole, every problem with its place. `Debug` shows no secret.
//!
//! `antrean.toml` beside this file is the documentation and the defaults at once.

mod channel;
mod channel_settings;
mod client_limits;
mod console;
mod gateway;
mod http_json;
mod listen;
mod load;
mod mask;
mod model;
mod price;
mod read;
mod retention;
mod section;
#[cfg(test)]
mod tests;
mod value;
mod variables;
mod web_address;

pub use self::client_limits::ClientLimits;
pub use self::console::ConsoleConfig;
pub use self::listen::listen;
pub use self::load::ConfigError;
pub use self::model::{ChannelConfig, Config, Creation, DEFAULTS, DEMO_OFFICE, GatewayConfig};
pub use crate::domain::price::{Amount, Price};
