//! The shapes on the wire, as far as this service reads or writes them. Inbound, everything but an id may be missing.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What every message has, whatever its type.
#[derive(Deserialize)]
pub(super) struct Message {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: String,
    /// The sender's number, absent once the sender took a user name.
    pub from: Option<String>,
    /// The sender's id, scoped to this business.
    pub from_user_id: Option<String>,
    /// Seconds since 1970, as a string.
    pub timestamp: Option<Value>,
    /// Present in groups.
    pub group_id: Option<String>,
    /// Why the provider could not pass the content on.
    #[serde(default)]
    pub errors: Vec<Value>,
}

/// A sender as listed beside the messages.
#[derive(Deserialize)]
pub(super) struct Person {
    pub wa_id: Option<String>,
    pub user_id: Option<String>,
}

/// The part of a `text` message.
#[derive(Deserialize)]
pub(super) struct Text {
    pub body: String,
}

/// The part of an `image` or `document` message.
#[derive(Deserialize)]
pub(super) struct File {
    pub id: String,
    pub mime_type: Option<String>,
    pub caption: Option<String>,
}

/// The part of a `button` message: a tapped quick reply of a template.
#[derive(Deserialize)]
pub(super) struct Button {
    #[serde(default)]
    pub text: String,
    #[serde(default)]
    pub payload: String,
}

/// The part of an `interactive` message.
#[derive(Deserialize)]
pub(super) struct Interactive {
    #[serde(rename = "type")]
    pub kind: String,
    pub button_reply: Option<Choice>,
    pub list_reply: Option<Choice>,
}

/// A tapped button or list row.
#[derive(Deserialize)]
pub(super) struct Choice {
    #[serde(default)]
    pub id: String,
    #[serde(default)]
    pub title: String,
}

/// How far a reply has come.
#[derive(Deserialize)]
pub(super) struct Status {
    pub id: String,
    #[serde(rename = "status")]
    pub stage: String,
    /// Our outbox id, echoed.
    pub biz_opaque_callback_data: Option<String>,
    /// `group` for messages to groups, which this service never sends.
    pub recipient_type: Option<String>,
    #[serde(default)]
    pub errors: Vec<Fault>,
}

/// Why a reply failed, by its code: titles and messages are prose and change.
#[derive(Deserialize)]
pub(super) struct Fault {
    pub code: i64,
}

/// A reply on its way out.
#[derive(Serialize)]
pub(super) struct Outgoing<'a> {
    pub messaging_product: &'static str,
    pub recipient_type: &'static str,
    #[serde(flatten)]
    pub recipient: Recipient<'a>,
    #[serde(flatten)]
    pub body: Body<'a>,
    /// Echoed in statuses; they may come before the answer to the send.
    pub biz_opaque_callback_data: String,
}

/// Whom it goes to. A scoped id under `to` is accepted, and delivered to nobody.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Recipient<'a> {
    To(&'a str),
    Recipient(&'a str),
}

/// What it holds.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Body<'a> {
    Text { text: TextOut<'a> },
    Image { image: ImageOut<'a> },
}

/// A text without a preview of the addresses in it.
#[derive(Serialize)]
pub(super) struct TextOut<'a> {
    pub body: &'a str,
    pub preview_url: bool,
}

/// An uploaded picture with the text under it.
#[derive(Serialize)]
pub(super) struct ImageOut<'a> {
    pub id: &'a str,
    pub caption: &'a str,
}

/// The answer to a send.
#[derive(Deserialize)]
pub(super) struct Sent {
    pub messages: Vec<Id>,
}

/// The answer to an upload, and each message of the answer to a send.
#[derive(Deserialize)]
pub(super) struct Id {
    pub id: String,
}

/// What the provider calls a line.
#[derive(Deserialize)]
pub(super) struct Line {
    pub verified_name: Option<String>,
    pub display_phone_number: Option<String>,
}

/// Where a picture lies, for about five minutes.
#[derive(Deserialize)]
pub(super) struct Place {
    pub url: String,
    pub file_size: Option<u64>,
}

/// The provider's word on a failed call.
#[derive(Deserialize)]
pub(super) struct ErrorBody {
    pub error: ApiError,
}

/// Its code, and the id to quote to the provider's support. The message may quote a number, and is left out.
#[derive(Deserialize)]
pub(super) struct ApiError {
    pub code: Option<i64>,
    pub error_subcode: Option<i64>,
    pub fbtrace_id: Option<String>,
}
