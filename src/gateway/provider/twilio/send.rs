//! Replies on their way out, pictures on their way in, and what Twilio's error codes mean.
//!
//! Codes: Twilio's error dictionary. They come in the answer to a send, or later in a status.

use async_trait::async_trait;
use reqwest::header::{AUTHORIZATION, LOCATION};
use reqwest::{Method, RequestBuilder, Url};
use serde::Deserialize;

use super::client::Twilio;
use crate::domain::message::{Attachment, Contact, MessageId};
use crate::gateway::client::call::{ApiResponse, call, with_form};
use crate::gateway::client::http;
use crate::gateway::{Capabilities, FetchError, Load, Media, Outbound, Parcel, Receipt, Scope, SendError, settings};

/// Where Twilio's files lie, with all below it. Credentials go to the configured address only.
const MEDIA_HOSTS: [&str; 2] = ["twiliocdn.com", "twilio.com"];

/// The answer to a send.
#[derive(Deserialize)]
struct Sent {
    sid: Option<String>,
    error_code: Option<i64>,
}

/// Why Twilio said no.
#[derive(Deserialize)]
struct ErrorBody {
    code: Option<i64>,
}

#[async_trait]
impl Outbound for Twilio {
    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    /// Asks for the account itself.
    async fn probe(&self, _key: &str) -> Result<String, SendError> {
        let url = settings::under(&self.base, &["2010-04-01", "Accounts", &format!("{}.json", self.account_sid)]);
        let answer = call(self.request(Method::GET, url)).await?;
        if !answer.is_success() {
            return Err(verdict(&answer, answer.json::<ErrorBody>().and_then(|error| error.code)));
        }
        let account: Account = answer.json().unwrap_or_default();
        match account.status.as_deref() {
            Some("suspended" | "closed") => Err(SendError::Limited("the account is suspended or closed".to_owned())),
            _ => Ok("the account is active".to_owned()),
        }
    }

    async fn send(&self, key: &str, to: &Contact, parcel: &Parcel) -> Result<Receipt, SendError> {
        let mut form = vec![("To", address_of(key, to)), ("From", key.to_owned())];
        match &parcel.load {
            Load::Template(template) => {
                let variables: serde_json::Map<String, serde_json::Value> = template
                    .parameters
                    .iter()
                    .enumerate()
                    .map(|(place, text)| ((place + 1).to_string(), text.as_str().into()))
                    .collect();
                form.push(("ContentSid", template.name.clone()));
                form.push(("ContentVariables", serde_json::Value::Object(variables).to_string()));
            }
            _ => form.push(("Body", parcel.text.clone())),
        }
        form.push(("StatusCallback", self.called(&format!("/webhooks/{}", self.name))));
        let request = self.request(Method::POST, self.url(&["Messages.json"]));
        let answer = call(with_form(request, form.into_iter())).await?;
        if !answer.is_success() {
            return Err(verdict(&answer, answer.json::<ErrorBody>().and_then(|error| error.code)));
        }
        let sent = answer.json::<Sent>();
        if let Some(code) = sent.as_ref().and_then(|sent| sent.error_code) {
            return Err(verdict(&answer, Some(code)));
        }
        let id = sent.and_then(|sent| sent.sid).filter(|sid| !sid.is_empty());
        let id = id.ok_or_else(|| SendError::Ambiguous(format!("HTTP {} without a sid", answer.status)))?;
        let without_picture = matches!(parcel.load, Load::Picture(_) | Load::Document(_));
        Ok(Receipt { id: Some(MessageId::new(id)), without_picture })
    }

    /// Fetches a picture: the API redirects to where the file lies, and the redirect is followed without credentials.
    async fn fetch_media(&self, _key: &str, attachment: &Attachment) -> Result<Media, FetchError> {
        let is_final = |why: &str| FetchError::Final(why.to_owned());
        let url = Url::parse(&attachment.reference).map_err(|_| is_final("the address is none"))?;
        if url.origin() != self.base.origin() || url.path().split('/').any(|segment| segment == "..") {
            return Err(is_final("it lies on a foreign host"));
        }
        let request = self.request(Method::GET, url).timeout(std::time::Duration::from_secs(http::FETCH_SECONDS_MAX));
        let answer = request.send().await.map_err(|error| FetchError::Transient(http::causes(error)))?;
        match answer.status().as_u16() {
            200 => http::picture_in(answer, attachment.sha256.as_deref()).await,
            301 | 302 | 303 | 307 | 308 => {
                let place = answer.headers().get(LOCATION).and_then(|place| place.to_str().ok());
                let place = place.and_then(|place| http::trusted(place, &self.base, &MEDIA_HOSTS));
                let place = place.ok_or_else(|| is_final("it has moved to a foreign host"))?;
                http::fetch_file(self.client.get(place), attachment.sha256.as_deref()).await
            }
            status @ (404 | 410) => Err(FetchError::Final(format!("HTTP {status} from the API"))),
            status => Err(FetchError::Transient(format!("HTTP {status} from the API"))),
        }
    }
}

impl Twilio {
    fn url(&self, segments: &[&str]) -> Url {
        let account = settings::under(&self.base, &["2010-04-01", "Accounts", &self.account_sid]);
        settings::under(&account, segments)
    }

    fn request(&self, method: Method, url: Url) -> RequestBuilder {
        self.client.request(method, url).header(AUTHORIZATION, self.authorization.clone())
    }
}

/// An account, as far as it matters.
#[derive(Deserialize, Default)]
struct Account {
    status: Option<String>,
}

/// How the channel `key` writes a citizen's address: with its own prefix, and `+` before a number.
fn address_of(key: &str, to: &Contact) -> String {
    let prefix = if key.starts_with("whatsapp:") { "whatsapp:" } else { "" };
    let is_number = to.as_str().bytes().all(|b| b.is_ascii_digit());
    format!("{prefix}{}{}", if is_number { "+" } else { "" }, to.as_str())
}

/// The verdict on a code that came alone, with a status.
pub(super) fn of_code(code: i64) -> SendError {
    verdict(&ApiResponse::none(), Some(code))
}

/// The error table.
fn verdict(answer: &ApiResponse, code: Option<i64>) -> SendError {
    let detail = match code {
        Some(code) => format!("HTTP {}, code {code}", answer.status),
        None => format!("HTTP {}", answer.status),
    };
    match code {
        Some(20_429 | 63_018 | 30_001) => answer.throttled(Scope::Channel, detail),
        // Too fast for this citizen.
        Some(63_017) => answer.throttled(Scope::Recipient, detail),
        Some(63_016) => SendError::WindowClosed(detail),
        Some(21_610 | 63_033) => SendError::OptedOut(detail),
        // Who cannot be reached, and what cannot be sent.
        Some(
            21_211 | 21_614 | 63_003 | 63_024 | 63_032 | 30_003..=30_006 | 21_617 | 63_013 | 63_019 | 63_028 | 30_007,
        ) => SendError::Refused(detail),
        // The template does not fit.
        Some(63_027) => SendError::TemplateRefused(detail),
        // Credentials, sender, country, sandbox.
        Some(20_003 | 21_408 | 21_656 | 63_007 | 63_015) => SendError::Misconfigured(detail),
        // The account is suspended; the day's cap of the sender.
        Some(30_002 | 63_038) => SendError::Limited(detail),
        _ => answer.by_status(detail),
    }
}
