//! Links to the page where a photo is sent: a new one in each reply to somebody whose booking waits for a photo, where the format says so.

use super::super::pending_writes::PendingWrites;
use super::Batch;
use crate::domain::booking::{Awaits, Booking, State};
use crate::domain::office::Office;
use crate::domain::upload_token::UploadToken;
use crate::storage::{ContactKey, NewUpload};

impl Batch<'_> {
    /// The token of a new link for a contact, which is written with the batch; `None` where no photo is awaited by a page.
    pub(super) fn upload(
        &mut self,
        office: &Office,
        to: &ContactKey,
        writes: &mut PendingWrites,
    ) -> Option<UploadToken> {
        self.turn_links?;
        let formats = self.roster.formats_of(office);
        let by_page =
            |booking: &Booking| formats.iter().any(|format| *format.id() == booking.format && format.photo_by_page());
        let lost = writes.chats.get(to).and_then(|stored| stored.chat.lost_photo_of);
        let awaits = |booking: &&Booking| {
            let awaits_photo = booking.state == State::Held && booking.awaits == Some(Awaits::Photo);
            booking.is_live(office, self.now) && (awaits_photo || lost == Some(booking.id)) && by_page(booking)
        };
        let booking = writes.bookings.get(to)?.iter().find(awaits)?;
        let token = UploadToken::draw(self.rng);
        let life = self.now + UploadToken::LIFE;
        let upload = NewUpload {
            token: token.hash(),
            office: office.id.clone(),
            of: to.clone(),
            booking: booking.id,
            // It ends with the hold at the latest.
            until: booking.hold_until.map_or(life, |until| until.min(life)),
        };
        writes.changes.uploads.push(upload);
        Some(token)
    }
}
