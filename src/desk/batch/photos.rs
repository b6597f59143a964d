//! Tells citizens whose photo will never be fetched.

use std::sync::Arc;

use super::{Batch, PendingReply, Trouble};
use crate::conversation::Outcome;
use crate::desk::pending_writes::PendingWrites;
use crate::storage::{Intake, WantedMedia};

impl Batch<'_> {
    /// A photo will never be fetched: its booking stays, and its citizen is asked for it once more.
    pub(super) async fn photo_lost(
        &mut self,
        intake: &mut Intake,
        media: &WantedMedia,
        writes: &mut PendingWrites,
    ) -> Result<(), Trouble> {
        let key = (media.channel.clone(), media.contact.clone());
        let failed = intake.media_failed(media.id).await?;
        let roster = Arc::clone(&self.roster);
        let Some(office) = roster.offices.get(&media.office).filter(|_| failed) else { return Ok(()) };
        // Among all bookings: the contact may have been joined with another since the photo was looked for.
        let booking = writes
            .bookings
            .values()
            .flatten()
            .find(|b| b.photo == Some(media.id) && b.is_live(office, self.now))
            .cloned();
        let stored = writes.chat(&key, &office.id, self.now);
        if stored.chat.photo.is_some_and(|kept| kept.id == media.id) {
            // No form has come yet: the photo will be asked for again when one does.
            stored.chat.photo = None;
        }
        let Some(booking) = booking else { return Ok(()) };
        stored.chat.lost_photo_of = Some(booking.id);
        stored.chat.echoed = None;
        let outcome = Outcome::PhotoLost { booking };
        let (pause_until, formats) = (None, None);
        let reply = PendingReply {
            office,
            to: &key,
            reply_to: None,
            pause_until,
            notice: None,
            formats,
            tells_privacy: false,
            outcome,
        };
        self.reply(reply, writes).map(drop)
    }
}
