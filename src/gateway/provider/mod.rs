//! One folder for each provider: [`whatsapp_cloud`], [`gowa`], [`waha`], [`telegram`], [`twilio`], [`http_json`] (any that posts
//! JSON), the [`simulator`] and, for tests and replay, the [`tape`].
//!
//! Each has the same files: `client` (settings and how the API is reached), `read` (webhook body to items; `payload` and
//! `content` where it is long), `send` (replies out, pictures in, errors to verdicts: [`Outbound`](crate::gateway::Outbound)),
//! `gateway` (the webhook: [`Gateway`](crate::gateway::Gateway)).

pub mod gowa;
pub mod http_json;
pub mod simulator;
pub mod tape;
pub mod telegram;
pub mod twilio;
pub mod waha;
pub mod whatsapp_cloud;
