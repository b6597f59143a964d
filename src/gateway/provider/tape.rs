//! A fake provider for tests and replay: it records what is sent, fails as scripted, and serves canned pictures.
//!
//! It reads no webhooks: a story gives its items to the desk directly.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::domain::message::{Attachment, Contact, MessageId};
use crate::gateway::{
    Capabilities, Denied, FetchError, Gateway, Item, Media, Outbound, Parcel, Receipt, SendError, WebhookRequest,
};

/// One parcel that the tape took, and so the citizen got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The channel it went out by.
    pub key: String,
    /// Who got it.
    pub contact: Contact,
    /// What it was.
    pub parcel: Parcel,
}

/// The outcome of one of the next sends.
#[derive(Debug, Clone, PartialEq, Eq)]
enum ScriptedSend {
    /// It is accepted.
    Succeed,
    /// It is not accepted.
    Fail(SendError),
    /// It is accepted, and the response is lost.
    LoseAnswer,
}

/// The tape.
#[derive(Debug)]
pub struct Tape {
    name: String,
    capabilities: Capabilities,
    reel: Mutex<Reel>,
}

#[derive(Debug, Default)]
struct Reel {
    taken: Vec<Taken>,
    /// Parcels taken so far, those handed out by [`Tape::drain`] included.
    count: u64,
    faults: VecDeque<ScriptedSend>,
    broken: Option<SendError>,
    media: HashMap<String, Result<Media, FetchError>>,
}

impl Tape {
    /// An empty tape.
    pub fn new(name: impl Into<String>) -> Arc<Self> {
        Self::with(name, Capabilities::unlimited())
    }

    /// An empty tape with these capabilities.
    pub fn with(name: impl Into<String>, capabilities: Capabilities) -> Arc<Self> {
        Arc::new(Self { name: name.into(), capabilities, reel: Mutex::default() })
    }

    /// Lets [`Outbound::probe`] fail from now on, or work again.
    pub fn set_broken(&self, error: Option<SendError>) {
        self.reel().broken = error;
    }

    fn reel(&self) -> MutexGuard<'_, Reel> {
        self.reel.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets the next `count` sends fail; nothing goes out. Scripted outcomes happen in the order of their scripting.
    pub fn fail_next(&self, count: usize, error: &SendError) {
        self.reel().faults.extend(std::iter::repeat_n(ScriptedSend::Fail(error.clone()), count));
    }

    /// Lets one send fail after so many that are taken.
    pub fn fail_from(&self, taken: usize, error: &SendError) {
        let mut reel = self.reel();
        reel.faults.extend(std::iter::repeat_n(ScriptedSend::Succeed, taken));
        reel.faults.push_back(ScriptedSend::Fail(error.clone()));
    }

    /// Lets the next `count` sends go out while their answers are lost: [`SendError::Ambiguous`].
    pub fn lose_next_answer(&self, count: usize) {
        self.reel().faults.extend(std::iter::repeat_n(ScriptedSend::LoseAnswer, count));
    }

    /// Scripted faults that no send has met yet.
    pub fn faults_left(&self) -> usize {
        self.reel().faults.len()
    }

    /// What a fetch of `reference` will give.
    pub fn put_media(&self, reference: impl Into<String>, media: Result<Media, FetchError>) {
        self.reel().media.insert(reference.into(), media);
    }

    /// All that was taken and not drained, in order.
    pub fn taken(&self) -> Vec<Taken> {
        self.reel().taken.clone()
    }

    /// What one citizen got, in order.
    pub fn taken_by(&self, contact: &Contact) -> Vec<Parcel> {
        self.reel().taken.iter().filter(|taken| taken.contact == *contact).map(|taken| taken.parcel.clone()).collect()
    }

    /// Takes off all that was taken since the last time.
    pub fn drain(&self) -> Vec<Taken> {
        std::mem::take(&mut self.reel().taken)
    }
}

impl Gateway for Tape {
    fn name(&self) -> &str {
        &self.name
    }

    /// Denies everybody: a tape has no webhook.
    fn verify(&self, _request: &WebhookRequest<'_>) -> Result<(), Denied> {
        Err(Denied)
    }

    fn read(&self, _body: &[u8], _received_at: DateTime<Utc>) -> Vec<Item> {
        Vec::new()
    }
}

#[async_trait]
impl Outbound for Tape {
    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    async fn probe(&self, _key: &str) -> Result<String, SendError> {
        self.reel().broken.clone().map_or_else(|| Ok("a tape".to_owned()), Err)
    }

    async fn send(&self, key: &str, to: &Contact, parcel: &Parcel) -> Result<Receipt, SendError> {
        let mut reel = self.reel();
        let fault = reel.faults.pop_front();
        if let Some(ScriptedSend::Fail(error)) = fault {
            return Err(error);
        }
        reel.taken.push(Taken { key: key.to_owned(), contact: to.clone(), parcel: parcel.clone() });
        reel.count += 1;
        match fault {
            Some(ScriptedSend::LoseAnswer) => Err(SendError::Ambiguous("the answer was lost, as scripted".to_owned())),
            _ => Ok(Receipt { id: Some(MessageId::new(format!("tape.{}", reel.count))), without_picture: false }),
        }
    }

    async fn fetch_media(&self, _key: &str, attachment: &Attachment) -> Result<Media, FetchError> {
        let canned = self.reel().media.get(&attachment.reference).cloned();
        canned.unwrap_or_else(|| Err(FetchError::Final("no such picture on the tape".to_owned())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parcel(text: &str) -> Parcel {
        Parcel::text(1, text)
    }

    #[tokio::test]
    async fn faults_happen_in_the_order_they_were_told() {
        let tape = Tape::new("tape");
        let budi = Contact::new("6281200001234");
        tape.fail_next(1, &SendError::Transient("scripted".into()));
        tape.lose_next_answer(1);
        assert_eq!(tape.send("bogor", &budi, &parcel("a")).await, Err(SendError::Transient("scripted".into())));
        assert!(matches!(tape.send("bogor", &budi, &parcel("b")).await, Err(SendError::Ambiguous(_))));
        let receipt = tape.send("bogor", &budi, &parcel("c")).await.expect("taken");
        assert_eq!(receipt.id, Some(MessageId::new("tape.2")));
        assert_eq!(tape.faults_left(), 0);
        assert_eq!(tape.taken_by(&budi), [parcel("b"), parcel("c")]);
        assert_eq!(tape.drain().len(), 2);
        assert!(tape.taken().is_empty());
    }

    #[tokio::test]
    async fn a_picture_is_there_once_it_was_put() {
        let tape = Tape::new("tape");
        let attachment = Attachment { reference: "ktp".into(), mime: None, sha256: None };
        assert!(matches!(tape.fetch_media("bogor", &attachment).await, Err(FetchError::Final(_))));
        let media = Media { mime: "image/png", bytes: "png".into() };
        tape.put_media("ktp", Ok(media.clone()));
        assert_eq!(tape.fetch_media("bogor", &attachment).await, Ok(media));
    }
}
