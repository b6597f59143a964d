//! The provider of a history: it answers sends as told, keeps what it took, and says which of it nobody can have meant.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

use antrean::domain::message::{Attachment, Contact, MessageId};
use antrean::gateway::{
    Capabilities, Denied, FetchError, Gateway, Item, Media, Outbound, Parcel, Rate, Receipt, Scope, SendError,
    WebhookRequest,
};
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};

use super::action::Answer;
use super::points::POINTS;
use super::profile::Profile;

/// The gateway's name.
pub const GATEWAY: &str = "sim";

/// A message that the provider took.
#[derive(Debug, Clone)]
pub struct Taken {
    /// The number of the reply.
    pub tracker: i64,
    pub to: Contact,
    pub text: String,
    /// The provider's id.
    pub id: MessageId,
    /// Whether the program has been told that it was taken.
    pub was_answered: bool,
    /// Whether the program must know that it was taken: its answer came, and the step that sent it ended well.
    pub is_known: bool,
    /// Whether no further part of the same reply was taken after it.
    pub is_last_part: bool,
}

#[derive(Debug, Default)]
struct State {
    answers: VecDeque<Answer>,
    line: Option<Answer>,
    taken: Vec<Taken>,
    /// How much of it was taken in steps that have ended.
    ended: usize,
    pictures_fail: bool,
    /// Faults that a reply was answered with, by its number.
    faults: BTreeMap<i64, Vec<Answer>>,
    /// Answers of the step under way that were lost after the message was taken, by the reply's number.
    in_doubt: Vec<i64>,
    /// How many of these belong to steps that did not end well: the program cannot know of them.
    unrecorded: BTreeMap<i64, usize>,
    /// Answers given, for the table of what was seen.
    given: Vec<Answer>,
    findings: Vec<String>,
}

/// The provider.
#[derive(Debug)]
pub struct Provider {
    capabilities: Capabilities,
    state: Mutex<State>,
}

impl Provider {
    pub fn new(profile: &Profile) -> Arc<Self> {
        let mut capabilities = Capabilities::unlimited();
        if profile.window {
            capabilities.free_reply_window = Some(TimeDelta::hours(24));
        }
        if profile.paced {
            capabilities.recipient_rate = Rate::one_in_seconds(1);
        }
        Arc::new(Self { capabilities, state: Mutex::default() })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no panic while it was locked")
    }

    /// The answers to the next sends.
    pub fn script(&self, answers: &[Answer]) {
        self.state().answers = answers.iter().copied().collect();
    }

    /// What it answers where nothing else is said.
    pub fn set_line(&self, answer: Answer) {
        self.state().line = Some(answer);
    }

    /// The same, for a while; returns what it answered before.
    pub fn replace_line(&self, answer: Option<Answer>) -> Option<Answer> {
        std::mem::replace(&mut self.state().line, answer)
    }

    pub fn set_pictures(&self, fail: bool) {
        self.state().pictures_fail = fail;
    }

    /// The step that sent has ended; `well`: it recorded what became of its sends.
    pub fn end_step(&self, well: bool) {
        let mut state = self.state();
        state.answers.clear();
        for tracker in std::mem::take(&mut state.in_doubt) {
            if !well {
                *state.unrecorded.entry(tracker).or_default() += 1;
            }
        }
        let from = state.ended;
        for taken in &mut state.taken[from..] {
            taken.is_known |= well && taken.was_answered;
        }
        state.ended = state.taken.len();
    }

    /// The program has acknowledged a status that carries the number of a reply: it is in doubt no more.
    pub fn end_doubt(&self, tracker: i64) {
        for taken in self.state().taken.iter_mut().filter(|taken| taken.tracker == tracker) {
            taken.is_known = true;
        }
    }

    /// All that was taken, in order.
    pub fn taken(&self) -> Vec<Taken> {
        self.state().taken.clone()
    }

    /// The last message to somebody.
    pub fn last_to(&self, contact: &Contact) -> Option<String> {
        self.state().taken.iter().rev().find(|taken| taken.to == *contact).map(|taken| taken.text.clone())
    }

    /// How the sends of a reply failed.
    pub fn faults_of(&self, tracker: i64) -> Vec<Answer> {
        self.state().faults.get(&tracker).cloned().unwrap_or_default()
    }

    /// How often a reply went out while its answer was lost, and the program could record that.
    pub fn doubts_of(&self, tracker: i64) -> usize {
        let unrecorded = self.state().unrecorded.get(&tracker).copied().unwrap_or_default();
        let lost = self.faults_of(tracker).iter().filter(|answer| **answer == Answer::LostAfter).count();
        lost - unrecorded
    }

    /// The answers that were given.
    pub fn given(&self) -> Vec<Answer> {
        self.state().given.clone()
    }

    /// What nobody can have meant, since the last call.
    pub fn findings(&self) -> Vec<String> {
        std::mem::take(&mut self.state().findings)
    }

    /// Takes a message, where the answer says so.
    fn answer(&self, to: &Contact, parcel: &Parcel) -> (Answer, Option<MessageId>) {
        let mut state = self.state();
        let line = state.line.unwrap_or(Answer::Accepted);
        let answer = state.answers.pop_front().unwrap_or(line);
        state.given.push(answer);
        if answer != Answer::Accepted {
            state.faults.entry(parcel.tracker).or_default().push(answer);
        }
        if answer == Answer::LostAfter {
            state.in_doubt.push(parcel.tracker);
        }
        if !matches!(answer, Answer::Accepted | Answer::LostAfter) {
            return (answer, None);
        }
        let id = MessageId::new(format!("sim.{}", state.taken.len()));
        let same = |taken: &&Taken| taken.tracker == parcel.tracker && taken.text == parcel.text && taken.is_known;
        if let Some(before) = state.taken.iter().find(same) {
            let finding = format!("a reply went out again though it was known to be out: {:?}", before.text);
            state.findings.push(finding);
        }
        state.taken.push(Taken {
            tracker: parcel.tracker,
            to: to.clone(),
            text: parcel.text.clone(),
            id: id.clone(),
            was_answered: false,
            is_known: false,
            is_last_part: true,
        });
        let last = state.taken.len() - 1;
        for earlier in &mut state.taken[..last] {
            // A further part of the same reply: only the last one's status says how far the reply has come.
            if earlier.tracker == parcel.tracker && earlier.text != parcel.text {
                earlier.is_last_part = false;
            }
        }
        (answer, Some(id))
    }
}

impl Gateway for Provider {
    fn name(&self) -> &str {
        GATEWAY
    }

    /// Denies everybody: items are given to the desk directly.
    fn verify(&self, _request: &WebhookRequest<'_>) -> Result<(), Denied> {
        Err(Denied)
    }

    fn read(&self, _body: &[u8], _received_at: DateTime<Utc>) -> Vec<Item> {
        Vec::new()
    }
}

fn throttled(scope: Scope, after_seconds: Option<u64>) -> SendError {
    SendError::Throttled { scope, after_seconds, detail: "as told".to_owned() }
}

#[async_trait]
impl Outbound for Provider {
    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    async fn probe(&self, _key: &str) -> Result<String, SendError> {
        POINTS.at_call().await;
        match self.state().line {
            None | Some(Answer::Accepted) => Ok("a provider".to_owned()),
            Some(_) => Err(SendError::Transient("as told".to_owned())),
        }
    }

    async fn send(&self, _key: &str, to: &Contact, parcel: &Parcel) -> Result<Receipt, SendError> {
        POINTS.at_call().await;
        let (answer, id) = self.answer(to, parcel);
        POINTS.at_call().await;
        let why = "as told".to_owned();
        Err(match answer {
            Answer::Accepted => {
                if let Some(taken) = self.state().taken.iter_mut().rev().find(|taken| Some(&taken.id) == id.as_ref()) {
                    taken.was_answered = true;
                }
                return Ok(Receipt { id, without_picture: false });
            }
            Answer::LostAfter | Answer::LostBefore => SendError::Ambiguous(why),
            Answer::Passing => SendError::Transient(why),
            Answer::TooFast { seconds } => throttled(Scope::Channel, seconds),
            Answer::TooFastForOne { seconds } => throttled(Scope::Recipient, seconds),
            Answer::Refused => SendError::Refused(why),
            Answer::OptedOut => SendError::OptedOut(why),
            Answer::Closed => SendError::WindowClosed(why),
            Answer::Broken => SendError::Misconfigured(why),
        })
    }

    async fn fetch_media(&self, _key: &str, attachment: &Attachment) -> Result<Media, FetchError> {
        POINTS.at_call().await;
        if self.state().pictures_fail {
            return Err(FetchError::Transient("as told".to_owned()));
        }
        let bytes = [b"\xFF\xD8\xFF\xE0", attachment.reference.as_bytes()].concat();
        Ok(Media { mime: "image/jpeg", bytes: bytes.into() })
    }
}
