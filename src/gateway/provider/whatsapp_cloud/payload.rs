//! The API's JSON, as far as it is read or written. In webhooks everything but an id may be missing.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::message::QuickReply;
use crate::gateway::inbound::lenient;
use crate::gateway::{Parcel, Template};

/// What every message has, whatever its type. Nothing of it is needed to read the rest.
#[derive(Deserialize)]
pub(super) struct Message {
    #[serde(default, deserialize_with = "lenient::text")]
    pub id: Option<String>,
    #[serde(rename = "type", default, deserialize_with = "lenient::text")]
    pub kind: Option<String>,
    /// The sender's number, absent once the sender took a user name.
    #[serde(default, deserialize_with = "lenient::text")]
    pub from: Option<String>,
    /// The sender's id, scoped to this business.
    #[serde(default, deserialize_with = "lenient::text")]
    pub from_user_id: Option<String>,
    /// Seconds since 1970, as a string.
    pub timestamp: Option<Value>,
    /// Present in groups.
    #[serde(default, deserialize_with = "lenient::text")]
    pub group_id: Option<String>,
    /// Why the provider could not pass the content on.
    #[serde(default, deserialize_with = "lenient::list")]
    pub errors: Vec<Value>,
}

/// A sender as listed beside the messages.
#[derive(Deserialize)]
pub(super) struct Person {
    #[serde(default, deserialize_with = "lenient::text")]
    pub wa_id: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    pub user_id: Option<String>,
}

/// The part of an `image` or `document` message.
#[derive(Deserialize)]
pub(super) struct File {
    #[serde(default, deserialize_with = "lenient::text")]
    pub id: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    pub mime_type: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    pub caption: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    pub sha256: Option<String>,
}

/// The part of a `button` message: a tapped quick reply of a template.
#[derive(Deserialize)]
pub(super) struct Button {
    #[serde(default, deserialize_with = "lenient::text")]
    pub text: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    pub payload: Option<String>,
}

/// The part of an `interactive` message. Its type says nothing that its keys do not.
#[derive(Deserialize)]
pub(super) struct Interactive {
    #[serde(rename = "type", default, deserialize_with = "lenient::text")]
    pub kind: Option<String>,
    #[serde(default, deserialize_with = "lenient::part")]
    pub button_reply: Option<Choice>,
    #[serde(default, deserialize_with = "lenient::part")]
    pub list_reply: Option<Choice>,
    #[serde(default, deserialize_with = "lenient::part")]
    pub nfm_reply: Option<FlowAnswer>,
}

/// The answer to a flow: JSON, mostly in a string, of whatever fields the flow has.
#[derive(Deserialize)]
pub(super) struct FlowAnswer {
    #[serde(default)]
    pub response_json: Value,
}

/// The part of a `system` message: a citizen's number or id changed.
#[derive(Deserialize)]
pub(super) struct System {
    #[serde(rename = "type", default, deserialize_with = "lenient::text")]
    pub kind: Option<String>,
    /// The new number.
    #[serde(default, deserialize_with = "lenient::text")]
    pub wa_id: Option<String>,
    /// The new number, as older versions of the API call it.
    #[serde(default, deserialize_with = "lenient::text")]
    pub new_wa_id: Option<String>,
    /// The new id.
    #[serde(default, deserialize_with = "lenient::text")]
    pub user_id: Option<String>,
    /// The old id.
    #[serde(default, deserialize_with = "lenient::text")]
    pub previous_user_id: Option<String>,
}

/// A tapped button or list row.
#[derive(Deserialize)]
pub(super) struct Choice {
    #[serde(default, deserialize_with = "lenient::text")]
    pub id: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    pub title: Option<String>,
}

/// How far a reply has come.
#[derive(Deserialize)]
pub(super) struct Status {
    pub id: String,
    #[serde(rename = "status")]
    pub stage: String,
    /// Our outbox id, echoed.
    #[serde(default, deserialize_with = "lenient::text")]
    pub biz_opaque_callback_data: Option<String>,
    /// `group` for messages to groups, which this service never sends.
    #[serde(default, deserialize_with = "lenient::text")]
    pub recipient_type: Option<String>,
    #[serde(default, deserialize_with = "lenient::list")]
    pub errors: Vec<StatusError>,
}

/// Why a reply failed, by its code: titles and messages are prose and change.
#[derive(Deserialize)]
pub(super) struct StatusError {
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
    Document { document: FileOut<'a> },
    Interactive { interactive: ButtonsOut<'a> },
    Template { template: TemplateOut<'a> },
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

/// An uploaded file with its name and the text under it.
#[derive(Serialize)]
pub(super) struct FileOut<'a> {
    pub id: &'a str,
    pub filename: &'a str,
    pub caption: &'a str,
}

/// Prefix of a button's id in our own messages; the words that a tap says follow it.
pub(super) const SAYS: &str = "says:";

/// A text with buttons below it, and perhaps an uploaded file above it.
#[derive(Serialize)]
pub(super) struct ButtonsOut<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    header: Option<Header<'a>>,
    body: Words<'a>,
    action: Action<'a>,
}

impl<'a> ButtonsOut<'a> {
    pub(super) fn of(parcel: &'a Parcel, header: Option<Header<'a>>) -> Self {
        let reply = |reply: &'a QuickReply| ButtonOut {
            kind: "reply",
            reply: ReplyOut { id: format!("{SAYS}{}", reply.says), title: &reply.title },
        };
        let buttons = parcel.quick_replies.iter().map(reply).collect();
        Self { kind: "button", header, body: Words { text: &parcel.text }, action: Action { buttons } }
    }
}

/// An uploaded file above a text with buttons.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Header<'a> {
    Image { image: Uploaded<'a> },
    Document { document: Uploaded<'a> },
}

impl<'a> Header<'a> {
    pub(super) fn image(id: &'a str) -> Self {
        Self::Image { image: Uploaded { id, filename: None } }
    }

    pub(super) fn document(id: &'a str, filename: &'a str) -> Self {
        Self::Document { document: Uploaded { id, filename: Some(filename) } }
    }
}

#[derive(Serialize)]
pub(super) struct Uploaded<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    filename: Option<&'a str>,
}

#[derive(Serialize)]
struct Words<'a> {
    text: &'a str,
}

#[derive(Serialize)]
struct Action<'a> {
    buttons: Vec<ButtonOut<'a>>,
}

#[derive(Serialize)]
struct ButtonOut<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    reply: ReplyOut<'a>,
}

#[derive(Serialize)]
struct ReplyOut<'a> {
    id: String,
    title: &'a str,
}

/// An approved message with the values of its placeholders.
#[derive(Serialize)]
pub(super) struct TemplateOut<'a> {
    name: &'a str,
    language: Language<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    components: Vec<Component<'a>>,
}

impl<'a> TemplateOut<'a> {
    pub(super) fn of(template: &'a Template) -> Self {
        let parameters: Vec<_> = template.parameters.iter().map(|text| Parameter { kind: "text", text }).collect();
        let components = if parameters.is_empty() { Vec::new() } else { vec![Component { kind: "body", parameters }] };
        Self { name: &template.name, language: Language { code: &template.language }, components }
    }
}

#[derive(Serialize)]
struct Language<'a> {
    code: &'a str,
}

#[derive(Serialize)]
struct Component<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    parameters: Vec<Parameter<'a>>,
}

#[derive(Serialize)]
struct Parameter<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    text: &'a str,
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

/// A channel as the provider describes it.
#[derive(Deserialize)]
pub(super) struct Channel {
    pub verified_name: Option<String>,
    pub display_phone_number: Option<String>,
    pub health_status: Option<HealthStatus>,
}

/// Whether everything that a message passes (number, account, business, app) lets it pass.
#[derive(Deserialize, Default)]
pub(super) struct HealthStatus {
    #[serde(default)]
    pub can_send_message: String,
    #[serde(default)]
    pub entities: Vec<Entity>,
}

/// One of these, and why it does not.
#[derive(Deserialize)]
pub(super) struct Entity {
    #[serde(default)]
    pub errors: Vec<EntityError>,
}

#[derive(Deserialize)]
pub(super) struct EntityError {
    #[serde(default)]
    pub error_code: i64,
}

/// Where a picture lies, for about five minutes.
#[derive(Deserialize)]
pub(super) struct MediaLocation {
    pub url: String,
    pub file_size: Option<u64>,
    pub sha256: Option<String>,
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
