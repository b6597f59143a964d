//! The one module that speaks to messaging providers. Nothing outside it knows any of them.
//!
//! [`Gateway`] is the interface. A webhook request is verified ([`WebhookRequest`], [`signature`], [`site`]) and read into
//! [`Item`]s ([`bounded_read`]); a [`Parcel`] is fitted to a provider's [`Capabilities`] and sent. `provider` has a folder for
//! each provider; what they share is in `verification`, `inbound`, `outbound` and `client`.

pub mod bounded_read;
mod client;
mod inbound;
mod interface;
mod outbound;
mod provider;
mod verification;

pub use self::client::picture::{FetchError, Media};
pub use self::client::{picture, settings};
pub use self::inbound::item::{Health, Item, Notice};
pub use self::inbound::unread::Unread;
pub use self::inbound::{address, timestamp, unread};
pub use self::interface::{Gateway, Gateways, Outbound};
pub use self::outbound::capabilities::{Capabilities, QuickReplyLimits, Rate, Statuses};
pub use self::outbound::error::{Scope, SendError};
pub use self::outbound::parcel::{Document, Load, Parcel, Receipt, Template};
pub use self::provider::{gowa, http_json, simulator, tape, telegram, twilio, waha, whatsapp_cloud};
pub use self::verification::request::{Acknowledgement, Denied, HeaderMap, Precheck, WebhookRequest};
pub use self::verification::{signature, site};
pub use crate::domain::message::{AddressChange, Status};
