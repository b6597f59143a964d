//! What is configured of a gateway: where things stand in what it posts (`inbound`), what it is sent and answers
//! (`outbound`), and the mappings of known providers (`presets`).

mod config;
mod inbound;
mod outbound;
mod presets;

pub use self::config::Mapping;
pub use self::inbound::{Condition, InboundMapping, Kind, Pointers};
pub(in crate::gateway) use self::outbound::FIELD_WORDS;
pub use self::outbound::{Encoding, Expected, OutboundMapping, Probe, Verdict, VerdictWords};
pub use self::presets::PRESETS;
