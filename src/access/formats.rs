//! The formats of one office as one person may see them: in force, as a draft of their own, and rehearsed on what citizens wrote.
//!
//! No message leaves here whole: what is shown of a rehearsal is masked, unless somebody asks to see it, which is written down.

use std::collections::BTreeMap;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use crate::access::office_view::OfficeView;
use crate::access::signed_in::Visitor;
use crate::domain::audit::{Act, AuditEvent, Subject};
use crate::domain::calendar::Calendar;
use crate::domain::office::FormatId;
use crate::domain::staff::{Area, Level};
use crate::grammar::{Format, Rehearsal, Trial, TrialMessage};
use crate::storage::{DraftOf, FormatDraft, StorageError};

/// The past messages of an office that a draft is rehearsed on, the latest ones.
pub const PAST_MESSAGES_MAX: u32 = 1000;
/// Characters of a message that are shown.
const SHOWN_CHARS_MAX: usize = 300;

/// Rehearsals that run at one time: they take a processor, which serving citizens needs more.
static RUNNING: Semaphore = Semaphore::const_new(1);

/// Somebody's draft of a format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptDraft {
    /// The file.
    pub text: String,
    /// Whether the file in force is still the one that the draft began with.
    pub is_on_current: bool,
}

/// A rehearsal on what citizens wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastRehearsal {
    /// The counts.
    pub result: Rehearsal,
    /// The messages that the counts name, by their place: masked, unless they were asked for.
    pub shown: BTreeMap<usize, String>,
}

/// The mark of a text: equal for equal texts.
pub fn text_mark(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}

/// A message with every letter and digit hidden; marks and lines stay, since they are what a format goes by.
pub fn masked(text: &str) -> String {
    let hidden = |c: char| match c {
        c if c.is_numeric() => '0',
        c if c.is_alphanumeric() => 'x',
        '\n' | ' ' => c,
        // A letter may be put together of parts, and an emoji says something.
        c if !c.is_ascii() => '·',
        c => c,
    };
    text.chars().map(hidden).collect()
}

impl OfficeView {
    /// The formats in force, in the office's order.
    pub fn formats_in_force(&self) -> Vec<Arc<Format>> {
        let office = self.office();
        office.formats.iter().filter_map(|id| self.roster.format(&office.id, id)).map(Arc::clone).collect()
    }

    /// The holidays in force.
    pub fn calendar(&self) -> &Calendar {
        self.roster.calendar_of(self.id())
    }

    fn own_draft<'a>(&'a self, format: &'a FormatId) -> DraftOf<'a> {
        DraftOf { office: self.id(), format, staff: self.who.staff() }
    }

    /// The draft of a format that they were editing.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn format_draft(&self, format: &Format) -> Result<Option<KeptDraft>, StorageError> {
        let draft = self.storage.format_draft(self.own_draft(format.id())).await?;
        let kept =
            |draft: FormatDraft| KeptDraft { is_on_current: draft.base == text_mark(format.text()), text: draft.text };
        Ok(draft.map(kept))
    }

    /// Keeps what they are editing; one that says what is in force is none.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn keep_format_draft(&self, format: &Format, text: &str) -> Result<(), StorageError> {
        let of = self.own_draft(format.id());
        if text == format.text() {
            return self.storage.drop_format_draft(of).await;
        }
        let before = self.storage.format_draft(of).await?;
        if before.as_ref().is_some_and(|before| before.text == text) {
            return Ok(());
        }
        // A draft goes on from what it began with until it is thrown away.
        let base = before.map_or_else(|| text_mark(format.text()), |before| before.base);
        let draft = FormatDraft { text: text.to_owned(), base, kept_at: self.wall.now() };
        self.storage.keep_format_draft(of, &draft).await
    }

    /// Throws their draft away.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn drop_format_draft(&self, format: &FormatId) -> Result<(), StorageError> {
        self.storage.drop_format_draft(self.own_draft(format)).await
    }

    /// Whether they may rehearse on what citizens wrote: who may answer citizens, and change the format.
    pub fn may_rehearse(&self) -> bool {
        self.level(Area::Conversations) >= Level::Write && self.level(Area::Settings) >= Level::Write
    }

    /// Rehearses a draft on what citizens wrote lately; `None` for somebody who may not. It is written down first; while they go on
    /// editing, not with every look, but always where the messages themselves are asked for.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn rehearse(
        &self,
        draft: &Arc<Format>,
        reveal: bool,
        visitor: &Visitor,
    ) -> Result<Option<PastRehearsal>, StorageError> {
        if !self.may_rehearse() {
            return Ok(None);
        }
        let event = AuditEvent::of(Act::Rehearse).about(Subject::format(draft.id().as_str()));
        if reveal {
            self.record(event, visitor).await?;
        } else {
            // While somebody types, masked messages are read again with every pause.
            self.record_list(event, visitor).await?;
        }
        let office = self.shared();
        let texts = self.storage.served_texts(&office.id, PAST_MESSAGES_MAX).await?;
        let messages: Vec<TrialMessage> =
            texts.into_iter().map(|(sent, text)| TrialMessage { text, sent_on: office.date_at(sent) }).collect();
        let (draft, formats) = (Arc::clone(draft), self.formats_in_force());
        let _running = RUNNING.acquire().await.map_err(|error| StorageError::Data(error.to_string()))?;
        let done = tokio::task::spawn_blocking(move || {
            let in_force: Vec<&Format> = formats.iter().map(Arc::as_ref).collect();
            let result = Trial { draft: &draft, in_force: &in_force }.run(&messages);
            let text = |place: usize| {
                let text: String = messages.get(place)?.text.chars().take(SHOWN_CHARS_MAX).collect();
                Some((place, if reveal { text } else { masked(&text) }))
            };
            let shown = result.named().filter_map(text).collect();
            PastRehearsal { result, shown }
        });
        // The text of a panic may quote a message.
        done.await.map(Some).map_err(|_| StorageError::Data("a rehearsal broke off".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Negative control: with `is_alphabetic` only, the digits of a birth date are shown.
    #[test]
    fn a_masked_message_has_its_marks_and_nothing_else() {
        assert_eq!(masked("#Budi Santoso#25O11987#07-08"), "#xxxx xxxxxxx#00x00000#00-00");
        assert_eq!(masked("Nama: Siti\nNIK = ３１７"), "xxxx: xxxx\nxxx = 000");
        let said = "#Ratna Dewi#日本#🎂 e\u{301}té#²½#١٢";
        let shown = masked(said);
        assert!(!shown.chars().any(|c| c.is_alphanumeric() && !matches!(c, 'x' | '0')), "{shown}");
        assert_eq!(shown.chars().count(), said.chars().count(), "places stay what they were");
    }
}
