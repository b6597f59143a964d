//! Replies on their way out, pictures on their way in, and what Telegram's errors mean.
//!
//! The token is a segment of every address: no error may show one (`http::causes` leaves addresses out).

use async_trait::async_trait;
use reqwest::multipart::{Form, Part};
use reqwest::{RequestBuilder, Url};
use serde::{Deserialize, Serialize};

use super::client::Telegram;
use super::payload::SAYS;
use crate::domain::message::{Attachment, Contact, MessageId, QuickReply};
use crate::gateway::client::call::{ApiResponse, call, quoted};
use crate::gateway::client::http;
use crate::gateway::{
    Capabilities, Document, FetchError, Load, Media, Outbound, Parcel, Receipt, Scope, SendError, settings,
};

/// Longest data behind a button, in bytes.
const CALLBACK_BYTES_MAX: usize = 64;

/// A text on its way out.
#[derive(Serialize)]
struct TextOut<'a> {
    chat_id: i64,
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_markup: Option<Keyboard<'a>>,
    link_preview_options: NoPreview,
}

#[derive(Serialize)]
struct NoPreview {
    is_disabled: bool,
}

/// Buttons, one under the other.
#[derive(Serialize)]
struct Keyboard<'a> {
    inline_keyboard: Vec<[Button<'a>; 1]>,
}

#[derive(Serialize)]
struct Button<'a> {
    text: &'a str,
    callback_data: String,
}

/// The data of a button of ours.
fn data_of(reply: &QuickReply) -> String {
    format!("{SAYS}{}", reply.says)
}

/// A message with a file on its way out.
struct Upload<'a> {
    /// The method of the API, and the form's field for the file.
    verb: &'static str,
    field: &'static str,
    chat: i64,
    caption: &'a str,
    keyboard: Option<Keyboard<'a>>,
}

/// What Telegram answers to everything.
#[derive(Deserialize)]
struct Reply {
    ok: bool,
    #[serde(default)]
    result: serde_json::Value,
    error_code: Option<u16>,
    #[serde(default)]
    description: String,
    parameters: Option<Parameters>,
}

#[derive(Deserialize)]
struct Parameters {
    retry_after: Option<u64>,
}

#[async_trait]
impl Outbound for Telegram {
    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    /// Asks for the bot's own name.
    async fn probe(&self, _key: &str) -> Result<String, SendError> {
        let reply = self.call(self.client.get(self.url("getMe"))).await?;
        let name = reply.result.get("username").and_then(|name| name.as_str()).unwrap_or("a bot without a name");
        Ok(format!("@{name}"))
    }

    async fn send(&self, _key: &str, to: &Contact, parcel: &Parcel) -> Result<Receipt, SendError> {
        let chat = to.as_str().strip_prefix("tg:").and_then(|chat| chat.parse::<i64>().ok());
        let chat = chat.ok_or_else(|| SendError::Refused("no chat of Telegram's".to_owned()))?;
        let keyboard = keyboard(&parcel.quick_replies);
        let request = match &parcel.load {
            Load::Template(_) => {
                return Err(SendError::TemplateRefused("Telegram knows no templates".to_owned()));
            }
            Load::Nothing => self.client.post(self.url("sendMessage")).json(&TextOut {
                chat_id: chat,
                text: &parcel.text,
                reply_markup: keyboard,
                link_preview_options: NoPreview { is_disabled: true },
            }),
            Load::Picture(png) => {
                let file = Part::stream(png.clone()).file_name("qr.png").mime_str("image/png");
                self.upload(&Upload { verb: "sendPhoto", field: "photo", chat, caption: &parcel.text, keyboard }, file)?
            }
            Load::Document(Document { name, mime, bytes, .. }) => {
                let file = Part::stream(bytes.clone()).file_name(name.clone()).mime_str(mime);
                let upload = Upload { verb: "sendDocument", field: "document", chat, caption: &parcel.text, keyboard };
                self.upload(&upload, file)?
            }
        };
        let reply = self.call(request).await?;
        let id = reply.result.get("message_id").and_then(serde_json::Value::as_i64);
        let id = id.ok_or_else(|| SendError::Ambiguous("ok without a message id".to_owned()))?;
        Ok(Receipt { id: Some(MessageId::new(format!("{chat}/{id}"))), without_picture: false })
    }

    /// Fetches a picture in two steps. Its address holds the token and goes to the API's own host only.
    async fn fetch_media(&self, _key: &str, attachment: &Attachment) -> Result<Media, FetchError> {
        let mut url = self.url("getFile");
        url.query_pairs_mut().append_pair("file_id", &attachment.reference);
        let reply = self.call(self.client.get(url)).await.map_err(|error| match error {
            // The file is too large for bots, or Telegram knows no such file (any more).
            SendError::Refused(detail) => FetchError::Final(detail),
            other => FetchError::Transient(other.to_string()),
        })?;
        let path = reply.result.get("file_path").and_then(|path| path.as_str());
        let path = path.ok_or_else(|| FetchError::Transient("no file_path".to_owned()))?;
        let mut segments = vec!["file", self.bot.as_str()];
        segments.extend(path.split('/'));
        if segments.iter().any(|segment| segment.is_empty() || *segment == "." || *segment == "..") {
            return Err(FetchError::Final("the path leads elsewhere".to_owned()));
        }
        let url = settings::under(&self.base, &segments);
        http::fetch_file(self.client.get(url), attachment.sha256.as_deref()).await
    }
}

impl Telegram {
    fn upload(&self, upload: &Upload<'_>, file: Result<Part, reqwest::Error>) -> Result<RequestBuilder, SendError> {
        let Upload { verb, field, chat, caption, keyboard } = upload;
        let file = file.map_err(|_| SendError::Refused("the file has no type".to_owned()))?;
        let mut form = Form::new().text("chat_id", chat.to_string()).text("caption", (*caption).to_owned());
        if let Some(markup) = keyboard.as_ref().and_then(|keyboard| serde_json::to_string(keyboard).ok()) {
            form = form.text("reply_markup", markup);
        }
        Ok(self.client.post(self.url(verb)).multipart(form.part(*field, file)))
    }

    fn url(&self, verb: &str) -> Url {
        settings::under(&self.base, &[&self.bot, verb])
    }

    async fn call(&self, request: RequestBuilder) -> Result<Reply, SendError> {
        let answer = call(request).await?;
        match answer.json::<Reply>() {
            Some(reply) if answer.is_success() && reply.ok => Ok(reply),
            reply => Err(verdict(&answer, reply.as_ref())),
        }
    }
}

/// Buttons that say what the quick replies say; none if one says more than fits behind a button, since the text asks
/// too.
fn keyboard(replies: &[QuickReply]) -> Option<Keyboard<'_>> {
    let fits = !replies.is_empty() && replies.iter().all(|reply| data_of(reply).len() <= CALLBACK_BYTES_MAX);
    let button = |reply| {
        let QuickReply { title, .. }: &QuickReply = reply;
        [Button { text: title, callback_data: data_of(reply) }]
    };
    fits.then(|| Keyboard { inline_keyboard: replies.iter().map(button).collect() })
}

/// The error table, by status and (for what shares one) by the words that Telegram documents.
fn verdict(answer: &ApiResponse, reply: Option<&Reply>) -> SendError {
    let Some(reply) = reply else {
        return answer.by_status(format!("HTTP {}", answer.status));
    };
    let code = reply.error_code.unwrap_or(answer.status);
    let words = reply.description.to_ascii_lowercase();
    let detail = format!("HTTP {}, error {code}: {}", answer.status, quoted(&reply.description));
    let parameters = reply.parameters.as_ref();
    match code {
        429 => {
            let asked = parameters.and_then(|parameters| parameters.retry_after).or(answer.retry_after_seconds);
            // The wait is for this chat; where the whole bot is too fast, others meet it by themselves.
            let after_seconds = asked.map(|seconds| seconds.min(http::RETRY_AFTER_SECONDS_MAX));
            SendError::Throttled { scope: Scope::Recipient, after_seconds, detail }
        }
        // Blocked by the user, or gone.
        403 if words.contains("blocked by the user") => SendError::OptedOut(detail),
        // The token is wrong, or another program uses it.
        401 | 404 | 409 => SendError::Misconfigured(detail),
        // The chat is unknown, gone, or has become another one; or the request is wrong.
        400 | 403 => SendError::Refused(detail),
        500..=599 => SendError::Transient(detail),
        _ => answer.by_status(detail),
    }
}
