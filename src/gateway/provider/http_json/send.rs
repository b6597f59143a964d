//! Replies on their way out by the configured template, pictures on their way in, and what configured words mean.

use async_trait::async_trait;
use reqwest::{RequestBuilder, Url};
use serde_json::{Map, Value};

use super::client::{HttpJson, filled_address};
use super::mapping::{Encoding, Expected, FIELD_WORDS, Verdict};
use crate::domain::message::{Attachment, Contact, MessageId};
use crate::gateway::client::call::{ApiResponse, call, quoted, with_form};
use crate::gateway::client::http;
use crate::gateway::{Capabilities, FetchError, Load, Media, Outbound, Parcel, Receipt, Scope, SendError};

#[async_trait]
impl Outbound for HttpJson {
    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    async fn probe(&self, key: &str) -> Result<String, SendError> {
        let Some(probe) = &self.mapping.outbound.probe else {
            return Ok("this gateway cannot be asked; the next reply will show".to_owned());
        };
        let url = self.address("probe_url", &probe.url, key)?;
        let request = if probe.get { self.client.get(url) } else { self.client.post(url) };
        let is_said = [&probe.url, &self.mapping.outbound.url].iter().any(|url| url.contains("{token}"));
        let answer = call(self.authorized(request, is_said)).await?;
        let said = answer.json::<Value>().unwrap_or_default();
        if answer.is_success() && says(&said, &probe.ok) {
            return Ok(probe.ok.value.clone());
        }
        match self.verdict(&answer, &said) {
            // It answered, and not with a yes.
            SendError::Ambiguous(_) | SendError::Refused(_) => {
                let state = text_at(&said, &probe.ok.pointer).unwrap_or_default();
                Err(SendError::Misconfigured(format!("the channel is `{}`", quoted(&state))))
            }
            error => Err(error),
        }
    }

    async fn send(&self, key: &str, to: &Contact, parcel: &Parcel) -> Result<Receipt, SendError> {
        if matches!(parcel.load, Load::Template(_)) {
            return Err(SendError::TemplateRefused("this gateway knows no templates".to_owned()));
        }
        let tracker = parcel.tracker.to_string();
        let values = [to.as_str(), parcel.text.as_str(), key, &tracker, &self.token];
        let words: Vec<(&str, &str)> = FIELD_WORDS.into_iter().zip(values).collect();
        let fields =
            self.mapping.outbound.fields.iter().map(|(name, template)| (name.as_str(), filled(template, &words)));
        let request = self.client.post(self.address("url", &self.mapping.outbound.url, key)?);
        let request = match self.mapping.outbound.encoding {
            Encoding::Form => with_form(request, fields),
            Encoding::Json => request.json(&object(fields)),
        };
        let answer = call(self.authorized(request, self.mapping.outbound.says_token())).await?;
        let said = answer.json::<Value>().unwrap_or_default();
        let ok = &self.mapping.outbound.ok;
        if !answer.is_success() || !(ok.pointer.is_empty() || says(&said, ok)) {
            return Err(self.verdict(&answer, &said));
        }
        let id = text_at(&said, &self.mapping.outbound.id).map(MessageId::new);
        Ok(Receipt { id, without_picture: parcel.load != Load::Nothing })
    }

    /// Fetches a picture from one of the configured hosts, without credentials.
    async fn fetch_media(&self, _key: &str, attachment: &Attachment) -> Result<Media, FetchError> {
        let url = http::trusted(&attachment.reference, &self.origin, &self.mapping.inbound.media_hosts);
        let url = url.ok_or_else(|| FetchError::Final("it lies on a foreign host".to_owned()))?;
        http::fetch_file(self.client.get(url), attachment.sha256.as_deref()).await
    }
}

impl HttpJson {
    /// An address for a channel, with the token where it holds one.
    fn address(&self, key: &'static str, template: &str, line: &str) -> Result<Url, SendError> {
        filled_address(key, template, line, &self.token).map_err(|error| SendError::Misconfigured(error.to_string()))
    }

    /// With the token in its header, unless the request says it elsewhere.
    fn authorized(&self, request: RequestBuilder, is_said: bool) -> RequestBuilder {
        if is_said {
            return request;
        }
        request.header(&self.auth_header, self.authorization.clone())
    }

    /// What a refusal means: by its words, else by its status. A refusal with a status of success is final, since
    /// nothing went out.
    fn verdict(&self, answer: &ApiResponse, said: &Value) -> SendError {
        let reason = text_at(said, &self.mapping.outbound.reason).unwrap_or_default();
        let detail = format!("HTTP {}, {}", answer.status, quoted(&reason));
        let lower = reason.to_ascii_lowercase();
        let verdicts = &self.mapping.outbound.verdicts;
        let known = verdicts.iter().find(|words| words.any.iter().any(|word| lower.contains(word.as_str())));
        match known.map(|words| words.verdict) {
            Some(Verdict::Throttled) => answer.throttled(Scope::Channel, detail),
            Some(Verdict::Transient) => SendError::Transient(detail),
            Some(Verdict::WindowClosed) => SendError::WindowClosed(detail),
            Some(Verdict::Refused) => SendError::Refused(detail),
            Some(Verdict::OptedOut) => SendError::OptedOut(detail),
            Some(Verdict::Misconfigured) => SendError::Misconfigured(detail),
            Some(Verdict::Limited) => SendError::Limited(detail),
            None if answer.is_success() && text_at(said, &self.mapping.outbound.ok.pointer).is_some() => {
                SendError::Refused(detail)
            }
            None => answer.by_status(detail),
        }
    }
}

/// A template with its words filled in, in one pass: a `{word}` in a filled value is not filled again.
fn filled(template: &str, words: &[(&str, &str)]) -> String {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(at) = rest.find('{') {
        let (before, from) = rest.split_at(at);
        text.push_str(before);
        let known = words.iter().find(|(name, _)| from.starts_with(name));
        let (put, taken) = known.map_or(("{", 1), |(name, value)| (*value, name.len()));
        text.push_str(put);
        rest = from.get(taken..).unwrap_or_default();
    }
    text.push_str(rest);
    text
}

/// Fields as JSON; a name that begins with a slash is a place, the others stand at the top.
fn object<'a>(fields: impl Iterator<Item = (&'a str, String)>) -> Value {
    let mut root = Map::new();
    for (name, value) in fields {
        put(&mut root, name.trim_start_matches('/'), value);
    }
    Value::Object(root)
}

fn put(object: &mut Map<String, Value>, place: &str, value: String) {
    let Some((parent, below)) = place.split_once('/') else {
        object.insert(place.to_owned(), value.into());
        return;
    };
    let inner = object.entry(parent).or_insert_with(|| Value::Object(Map::new()));
    if let Value::Object(inner) = inner {
        put(inner, below, value);
    }
}

fn text_at(said: &Value, place: &str) -> Option<String> {
    if place.is_empty() {
        return None;
    }
    match said.pointer(place)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

fn says(said: &Value, expected: &Expected) -> bool {
    text_at(said, &expected.pointer).is_some_and(|text| text.eq_ignore_ascii_case(&expected.value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_citizen_is_told_never_acts_as_a_template() {
        let words = [("{to}", "62812"), ("{text}", "kode {to} {text}")];
        assert_eq!(filled("{to}: {text} {other}", &words), "62812: kode {to} {text} {other}");
    }

    #[test]
    fn a_field_may_stand_anywhere() {
        let fields = [("/data/to", "1".to_owned()), ("/data/body/text", "2".to_owned()), ("kind", "3".to_owned())];
        let expected = serde_json::json!({"data": {"to": "1", "body": {"text": "2"}}, "kind": "3"});
        assert_eq!(object(fields.into_iter()), expected);
    }
}
