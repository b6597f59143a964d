//! Finds bookings of an office by what a citizen at the desk can say: a code, a number of the queue, a name, the end of a telephone
//! number. Never a list of everybody.

use chrono::NaiveDate;

use crate::access::day::booking::standing_of;
use crate::access::day::list::Standing;
use crate::access::day::seen::Sight;
use crate::access::office_view::OfficeView;
use crate::access::signed_in::Visitor;
use crate::domain::audit::{Act, AuditEvent, Scope, reason};
use crate::domain::booking::Booking;
use crate::domain::code::BookingCode;
use crate::domain::masked_debug::masked_debug;
use crate::domain::slot::queue_number;
use crate::domain::visit::{Visit, read_number};
use crate::storage::StorageError;

/// Fewest letters or digits that somebody is found by: fewer would match half of the list.
pub const FIND_SIGNS_MIN: usize = 3;
/// Most bookings that are shown: whoever is not among them is asked for more.
pub const FIND_MAX: usize = 20;

/// What came of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Find {
    /// Fewer signs than needed.
    TooShort,
    /// The office asks why, and nothing was said, or too much.
    Unexplained,
    /// These, the nearest day first; whether there are more.
    Found(Vec<FoundBooking>, bool),
}

/// A booking that was found.
#[derive(Clone, PartialEq, Eq)]
pub struct FoundBooking {
    /// Its code.
    pub code: String,
    /// The same as people read it, `LMGF-D5AQ`.
    pub code_shown: String,
    /// Its day.
    pub date: NaiveDate,
    /// Its hour.
    pub hour: u8,
    /// Its numbers.
    pub number: String,
    /// Its people as they may be seen.
    pub names: Vec<String>,
    /// Where it stands; `None` where its place is gone.
    pub standing: Option<Standing>,
}

masked_debug!(FoundBooking);

/// What somebody is found by.
enum By {
    Code(BookingCode),
    /// A number of the queue, today.
    Number(String),
    /// The last digits of a telephone number, without a leading zero: numbers are kept as 62812…, people say 0812….
    Digits(String),
    /// Words that a name contains, all of them, in small letters.
    Words(Vec<String>),
}

impl By {
    /// What was typed; `None` where it is too short.
    fn read(text: &str) -> Option<Self> {
        if let Ok(code) = BookingCode::read(text) {
            return Some(Self::Code(code));
        }
        if text.chars().filter(|c| c.is_alphanumeric()).count() < FIND_SIGNS_MIN {
            return None;
        }
        if let Some(number) = read_number(text) {
            return Some(Self::Number(number));
        }
        let letters = text.chars().filter(|c| c.is_alphabetic()).count();
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        if letters >= FIND_SIGNS_MIN {
            return Some(Self::Words(text.split_whitespace().map(str::to_lowercase).collect()));
        }
        let digits = digits.strip_prefix('0').map(str::to_owned).unwrap_or(digits);
        (letters == 0 && digits.len() >= FIND_SIGNS_MIN).then_some(Self::Digits(digits))
    }

    fn means(&self, booking: &Booking, visits: &[Visit], today: NaiveDate) -> bool {
        match self {
            Self::Code(code) => booking.code == *code,
            Self::Number(number) => {
                let has_seat = || booking.seats.iter().any(|seat| queue_number(booking.slot, *seat) == *number);
                let is_called = |visit: &Visit| visit.booking == Some(booking.id) && visit.number == *number;
                booking.slot.date == today && (has_seat() || visits.iter().any(is_called))
            }
            Self::Digits(digits) => booking.contact.as_str().ends_with(digits.as_str()),
            Self::Words(words) => booking.applicant.people().any(|person| {
                let name = person.nama.as_str().to_lowercase();
                words.iter().all(|word| name.contains(word.as_str()))
            }),
        }
    }
}

impl OfficeView {
    /// Finds bookings of this office, from yesterday on; of a code, of any day. The search is recorded, with who was found.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn find(&self, (text, why): (&str, &str), visitor: &Visitor) -> Result<Option<Find>, StorageError> {
        let Some(sight) = self.sight() else { return Ok(None) };
        let Some(by) = By::read(text.trim()) else { return Ok(Some(Find::TooShort)) };
        let why = if self.asks_why() { reason(why).ok().filter(|why| !why.is_empty()) } else { Some(String::new()) };
        let Some(why) = why else { return Ok(Some(Find::Unexplained)) };
        let today = self.office().date_at(self.now());
        let visits = self.storage.visits_on(self.id(), today).await?;
        let mut found = match &by {
            By::Code(code) => self.storage.find_bookings(code).await?,
            _ => self.storage.bookings_from(self.id(), today.pred_opt().unwrap_or(today)).await?,
        };
        found.retain(|booking| booking.office == *self.id() && by.means(booking, &visits, today));
        // What ended without a place comes after what has one: a form that was sent twice is found by the one that counts.
        found.sort_by_key(|booking| {
            (!booking.state.has_seats(), (booking.slot.date - today).num_days().abs(), booking.slot.hour, booking.id)
        });
        let has_more = found.len() > FIND_MAX;
        found.truncate(FIND_MAX);
        let seen = Scope::Bookings(found.iter().map(|booking| booking.id).collect());
        self.record(AuditEvent::of(Act::Find).reaching(seen).because(&why), visitor).await?;
        // Whoever opens one of them looks for the same reason.
        found.iter().filter(|_| self.asks_why()).for_each(|booking| self.keep_reason(booking.id, &why));
        let shown = found.iter().map(|booking| self.found(sight, booking, &visits)).collect();
        Ok(Some(Find::Found(shown, has_more)))
    }

    fn found(&self, sight: Sight, booking: &Booking, visits: &[Visit]) -> FoundBooking {
        let own = visits.iter().find(|visit| visit.booking == Some(booking.id) && visit.date == booking.slot.date);
        FoundBooking {
            code: booking.code.as_str().to_owned(),
            code_shown: booking.code.to_string(),
            date: booking.slot.date,
            hour: booking.slot.hour,
            number: booking.queue_numbers(),
            names: booking.applicant.people().map(|person| sight.name(&person.nama)).collect(),
            standing: standing_of(self.office(), booking, own, self.now()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Negative control: with `>` in place of `>=`, three signs are too few.
    #[test]
    fn three_signs_at_least() {
        for short in ["", "  ", "ab", "12", "a1", "b-2", "0 1"] {
            assert!(By::read(short).is_none(), "{short}");
        }
        assert!(matches!(By::read("Ani"), Some(By::Words(words)) if words == ["ani"]));
        assert!(matches!(By::read("0812"), Some(By::Digits(digits)) if digits == "812"));
        assert!(matches!(By::read("09-017"), Some(By::Number(number)) if number == "09-017"));
    }
}
