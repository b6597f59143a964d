//! What an act was about: a thing by its kind and number, and how much besides it was seen.

use std::fmt;

use chrono::NaiveDate;

use crate::domain::message::ChannelId;
use crate::domain::office::OfficeId;

/// What an act can be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SubjectKind {
    /// A booking, by `booking.id`.
    Booking,
    /// A visit, by `visit.id`.
    Visit,
    /// A contact, by the number that storage gives it for the audit trail: never the telephone number.
    Contact,
    /// A ticket, by `ticket.id`.
    Ticket,
    /// A reply, by `outbox.id`.
    Reply,
    /// A notice, by `notice.id`.
    Notice,
    /// An office, by its id.
    Office,
    /// One of the staff, by `staff.id`.
    Staff,
    /// A channel, by its id.
    Channel,
    /// A display, by `display.id`.
    Display,
    /// Background work such as an export, by its number.
    Job,
    /// A format, by its id.
    Format,
}

impl SubjectKind {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Booking,
        Self::Visit,
        Self::Contact,
        Self::Ticket,
        Self::Reply,
        Self::Notice,
        Self::Office,
        Self::Staff,
        Self::Channel,
        Self::Display,
        Self::Job,
        Self::Format,
    ];

    /// Its word in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Booking => "booking",
            Self::Visit => "visit",
            Self::Contact => "contact",
            Self::Ticket => "ticket",
            Self::Reply => "reply",
            Self::Notice => "notice",
            Self::Office => "office",
            Self::Staff => "staff",
            Self::Channel => "channel",
            Self::Display => "display",
            Self::Job => "job",
            Self::Format => "format",
        }
    }

    /// The kind of that word.
    pub fn read(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// What an act was about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    kind: SubjectKind,
    id: String,
}

impl Subject {
    /// A thing by its number. For a contact it is the number that storage gives it for the audit trail.
    pub fn numbered(kind: SubjectKind, id: i64) -> Self {
        Self { kind, id: id.to_string() }
    }

    /// A booking.
    pub fn booking(id: i64) -> Self {
        Self::numbered(SubjectKind::Booking, id)
    }

    /// A visit.
    pub fn visit(id: i64) -> Self {
        Self::numbered(SubjectKind::Visit, id)
    }

    /// A contact, by the number that storage gives it for the audit trail.
    pub fn contact(id: i64) -> Self {
        Self::numbered(SubjectKind::Contact, id)
    }

    /// A ticket.
    pub fn ticket(id: i64) -> Self {
        Self::numbered(SubjectKind::Ticket, id)
    }

    /// One of the staff.
    pub fn staff(id: i64) -> Self {
        Self::numbered(SubjectKind::Staff, id)
    }

    /// An office.
    pub fn office(id: &OfficeId) -> Self {
        Self { kind: SubjectKind::Office, id: id.as_str().to_owned() }
    }

    /// A channel.
    pub fn channel(id: &ChannelId) -> Self {
        Self { kind: SubjectKind::Channel, id: id.as_str().to_owned() }
    }

    /// A format, by its id.
    pub fn format(id: &str) -> Self {
        Self { kind: SubjectKind::Format, id: id.to_owned() }
    }

    /// Its kind.
    pub fn kind(&self) -> SubjectKind {
        self.kind
    }

    /// Its number or id.
    pub fn id(&self) -> &str {
        &self.id
    }
}

/// How much an act reached, besides its subject.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Scope {
    /// Nothing else.
    #[default]
    None,
    /// Everybody of these days at the office, the last one included.
    Days(NaiveDate, NaiveDate),
    /// These bookings, by number.
    Bookings(Vec<i64>),
    /// These contacts, by the numbers that storage gives them for the audit trail.
    Contacts(Vec<i64>),
    /// A few words of the program's own, like `supervisor at bogor`: never anything that a citizen wrote.
    Words(String),
}

const BOOKINGS: &str = "bookings ";
const CONTACTS: &str = "contacts ";
const DAYS: &str = "days ";
const TO: &str = "..";

impl Scope {
    /// Everybody of one day at the office.
    pub fn day(date: NaiveDate) -> Self {
        Self::Days(date, date)
    }

    /// What [`fmt::Display`] wrote.
    pub fn read(text: &str) -> Self {
        let numbers = |list: &str| list.split(' ').map(|number| number.parse().ok()).collect::<Option<Vec<i64>>>();
        let days = |span: &str| {
            let (from, to) = span.split_once(TO)?;
            Some(Self::Days(from.parse().ok()?, to.parse().ok()?))
        };
        if text.is_empty() {
            return Self::None;
        }
        let read = match (text.strip_prefix(BOOKINGS), text.strip_prefix(CONTACTS), text.strip_prefix(DAYS)) {
            (Some(list), _, _) => numbers(list).map(Self::Bookings),
            (_, Some(list), _) => numbers(list).map(Self::Contacts),
            (_, _, Some(span)) => days(span),
            _ => None,
        };
        read.unwrap_or_else(|| Self::Words(text.to_owned()))
    }
}

/// As the database stores it.
impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |numbers: &[i64]| numbers.iter().map(i64::to_string).collect::<Vec<_>>().join(" ");
        match self {
            Self::Bookings(numbers) if !numbers.is_empty() => write!(f, "{BOOKINGS}{}", list(numbers)),
            Self::Contacts(numbers) if !numbers.is_empty() => write!(f, "{CONTACTS}{}", list(numbers)),
            Self::None | Self::Bookings(_) | Self::Contacts(_) => Ok(()),
            Self::Days(from, to) => write!(f, "{DAYS}{from}{TO}{to}"),
            Self::Words(words) => f.write_str(words),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::sample::day;

    // Negative control, run: with `CONTACTS` for bookings, a list of bookings reads back as contacts.
    #[test]
    fn a_scope_reads_back_as_it_was() {
        let scopes = [
            Scope::None,
            Scope::day(day(2026, 8, 4)),
            Scope::Days(day(2026, 8, 4), day(2026, 8, 6)),
            Scope::Bookings(vec![7, 65_537]),
            Scope::Contacts(vec![3]),
            Scope::Words("supervisor at bogor".to_owned()),
        ];
        for scope in scopes {
            assert_eq!(Scope::read(&scope.to_string()), scope);
        }
        assert_eq!(Scope::Bookings(Vec::new()).to_string(), "");
    }

    #[test]
    fn every_kind_reads_back() {
        for kind in SubjectKind::ALL {
            assert_eq!(SubjectKind::read(kind.name()), Some(kind));
        }
    }
}
