//! Who is on a booking, before anybody of them is entered.

use super::done::Stop;
use super::handle::FrontDesk;
use super::refusal::Refusal;
use crate::domain::booking::Booking;
use crate::domain::person::Nama;
use crate::domain::slot::queue_number;
use crate::domain::visit::Visit;
use crate::storage::StorageError;

/// A booking of this office, whatever its day and state, with its people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The booking.
    pub booking: Booking,
    /// Its people, one for each seat.
    pub members: Vec<Member>,
}

/// Somebody of a booking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Their place in the party, from 0.
    pub person: u32,
    /// Their name; of a party with a count only, the others have none.
    pub name: Option<Nama>,
    /// The number of their seat.
    pub number: String,
    /// Their visit, where there is one.
    pub visit: Option<Visit>,
}

impl Member {
    /// Whether they are, or were, here.
    pub fn has_come(&self) -> bool {
        self.visit.as_ref().is_some_and(|visit| visit.state.has_come())
    }
}

impl FrontDesk {
    /// The booking of a code, and its people. Nothing is changed.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed; a [`Refusal`] inside, where no booking of this office has the code.
    pub async fn look_up(&self, code: &str) -> Result<Result<Found, Refusal>, StorageError> {
        let booking = match self.booking_of(code, self.now()).await {
            Ok(booking) => booking,
            Err(Stop::Refused(refusal)) => return Ok(Err(*refusal)),
            Err(Stop::Storage(error)) => return Err(error),
        };
        let visits = self.storage.visits_on(&self.office.id, booking.slot.date).await?;
        let mut names = booking.applicant.people().map(|one| one.nama.clone()).collect::<Vec<_>>().into_iter();
        let members = (0..)
            .zip(&booking.seats)
            .map(|(person, seat)| Member {
                person,
                name: names.next(),
                number: queue_number(booking.slot, *seat),
                visit: visits.iter().find(|visit| visit.booking == Some(booking.id) && visit.person == person).cloned(),
            })
            .collect();
        Ok(Ok(Found { booking, members }))
    }
}
