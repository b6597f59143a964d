//! Any gateway that posts JSON (or a form) and takes JSON (or a form): where things stand is configuration.
//!
//! `mapping` holds what is configured, with presets for known providers; `proof` what authenticates a webhook request; `body`,
//! `lookup`, `sender` and `content` are what `read` reads with; `kept` says what may be kept of a body that cannot be read.

mod body;
mod client;
mod content;
mod gateway;
mod kept;
mod lookup;
mod mapping;
mod proof;
mod read;
mod send;
mod sender;

pub use self::client::{HttpJson, Settings, URL_EXAMPLE};
pub use self::mapping::{
    Condition, Encoding, Expected, InboundMapping, Kind, Mapping, OutboundMapping, PRESETS, Pointers, Probe, Verdict,
    VerdictWords,
};
pub use self::proof::Proof;
