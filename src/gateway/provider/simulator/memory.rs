//! What the simulator remembers: replies for the page, and pictures until they are fetched. Bounded, and gone with the process.

use std::collections::{HashMap, VecDeque};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::gateway::picture::MEDIA_BYTES_MAX;

/// Replies remembered for one citizen: more than a chat window shows.
pub const TRANSCRIPT_REPLIES_MAX: usize = 200;
/// Chats remembered; the one that was quiet longest is forgotten first.
pub const CHATS_MAX: usize = 2_000;
/// Pictures kept until they are fetched, which takes seconds.
pub const PICTURES_MAX: usize = 64;
/// Bytes of pictures kept in all.
pub const PICTURES_BYTES_MAX: usize = 8 * MEDIA_BYTES_MAX;
/// One reply, as the page shows it.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct SimulatorEvent {
    /// The channel, such as `bogor`.
    pub key: String,
    /// Who gets it.
    pub contact: String,
    /// The reply's id, for delivery ticks.
    pub id: String,
    /// The text, or the caption.
    pub text: String,
    /// The picture above it, a PNG in base64.
    pub png_base64: Option<String>,
    /// When it went out, by the installation's clock.
    pub at: DateTime<Utc>,
}

/// Replies are personal data: Debug shows the id only.
impl std::fmt::Debug for SimulatorEvent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SimulatorEvent").field("key", &self.key).field("id", &self.id).finish_non_exhaustive()
    }
}

/// The latest replies of each chat, and the latest pictures.
#[derive(Default)]
pub(super) struct Memory {
    pub(super) chats: HashMap<(String, String), Chat>,
    /// By reference, oldest first.
    pub(super) pictures: VecDeque<(String, Bytes)>,
    pub(super) pictures_bytes: usize,
    pub(super) replies: u64,
}

/// The replies to one citizen.
#[derive(Default)]
pub(super) struct Chat {
    pub(super) replies: VecDeque<SimulatorEvent>,
    /// The number of the latest reply, counted over all chats.
    pub(super) latest: u64,
}

impl Memory {
    pub(super) fn note(&mut self, event: SimulatorEvent) {
        self.replies += 1;
        let key = (event.key.clone(), event.contact.clone());
        if self.chats.len() >= CHATS_MAX && !self.chats.contains_key(&key) {
            let quietest = self.chats.iter().min_by_key(|(_, chat)| chat.latest).map(|(key, _)| key.clone());
            quietest.map(|key| self.chats.remove(&key));
        }
        let chat = self.chats.entry(key).or_default();
        chat.latest = self.replies;
        chat.replies.push_back(event);
        if chat.replies.len() > TRANSCRIPT_REPLIES_MAX {
            chat.replies.pop_front();
        }
    }

    /// Keeps a picture; the same reference again replaces it, as a repeated webhook does.
    pub(super) fn keep(&mut self, reference: String, bytes: Bytes) {
        self.forget(&reference);
        self.pictures_bytes += bytes.len();
        self.pictures.push_back((reference, bytes));
        while self.pictures.len() > PICTURES_MAX || self.pictures_bytes > PICTURES_BYTES_MAX {
            let Some((_, oldest)) = self.pictures.pop_front() else { break };
            self.pictures_bytes -= oldest.len();
        }
    }

    fn forget(&mut self, reference: &str) {
        if let Some(at) = self.pictures.iter().position(|(known, _)| known == reference)
            && let Some((_, old)) = self.pictures.remove(at)
        {
            self.pictures_bytes -= old.len();
        }
    }
}
