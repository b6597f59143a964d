//! Reads messages by the formats of their office, before anything is locked.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use crate::conversation::{Heard, Said};
use crate::domain::fingerprint;
use crate::domain::message::{Content, Inbound};
use crate::domain::office::{Office, OfficeId};
use crate::grammar::{self, Reading, Topics};
use crate::roster::Roster;

/// A message, read before it is queued: reading needs no order, and would take the lane's time.
#[derive(Debug, Clone)]
pub(super) struct ReadMessage {
    /// The message.
    pub(super) inbound: Inbound,
    /// What it says by the formats of `roster`; `None` where reading it panicked: the batch reads it again, and sets it aside.
    pub(super) heard: Option<Heard>,
    /// The offices and formats that it was read by.
    pub(super) roster: Arc<Roster>,
}

impl ReadMessage {
    /// Reads it; a panic while reading is left to the batch.
    pub(super) fn read(roster: Arc<Roster>, office: &OfficeId, inbound: Inbound) -> Self {
        let reading = AssertUnwindSafe(|| roster.offices.get(office).map(|office| heard(&roster, office, &inbound)));
        let heard = std::panic::catch_unwind(reading).unwrap_or_default();
        Self { inbound, heard, roster }
    }
}

/// A fingerprint of the text of a message, which recognises a repetition without keeping the text.
fn fingerprint(content: &Content) -> Option<u64> {
    let (Content::Text(text) | Content::Picture { caption: Some(text), .. }) = content else { return None };
    Some(fingerprint::of(text.trim()))
}

/// Reads a message by its office's formats.
pub(super) fn heard(roster: &Roster, office: &Office, inbound: &Inbound) -> Heard {
    let (said, topics) = said(roster, office, inbound);
    Heard { sent_at: inbound.sent_at, text: fingerprint(&inbound.content), said, topics }
}

/// What a message says and asks, by its office's formats.
fn said(roster: &Roster, office: &Office, inbound: &Inbound) -> (Said, Topics) {
    let formats = roster.formats_of(office);
    let read = |text: &str| grammar::reading(&formats, text, office.date_at(inbound.sent_at));
    match &inbound.content {
        Content::Text(text) => {
            let Reading { request, topics } = read(text);
            (Said::Text(request), topics)
        }
        Content::Picture { attachment, caption } => {
            let caption = caption.as_deref().filter(|text| !text.trim().is_empty()).map(read);
            let (caption, topics) = caption.map(|Reading { request, topics }| (request, topics)).unzip();
            (Said::Picture { attachment: attachment.clone(), caption }, topics.unwrap_or_default())
        }
        Content::Edited(text) => {
            let Reading { request, topics } = read(text);
            (Said::Edited(request), topics)
        }
        Content::Other(kind) => (Said::Other(*kind), Topics::default()),
    }
}
