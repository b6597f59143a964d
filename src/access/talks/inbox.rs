//! The inbox of an office: with whom it talked today, who waits for an officer, and what did not get through.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::seen::{excerpt, name, number, words};
use crate::access::day::Sight;
use crate::access::office_view::OfficeView;
use crate::access::signed_in::Visitor;
use crate::domain::audit::{Act, AuditEvent};
use crate::domain::code::BookingCode;
use crate::domain::masked_debug::masked_debug;
use crate::domain::message::{ChannelId, MessageId};
use crate::storage::{ContactKey, OutboxRow, StorageError, StoredTicket, Stuck, TicketFilter, TicketHolder};

/// Rows of a list, at most.
const ROWS_MAX: usize = 200;
/// Signs that a search has at least, as at the front desk.
const SIGNS_MIN: usize = 3;
/// Days back that names are searched in: those of bookings that are no longer kept with a conversation.
const NAME_DAYS: u64 = 30;

/// Which part of the inbox is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum InboxFilter {
    /// Whoever was written to today.
    #[default]
    Today,
    /// Whoever waits for an officer's answer.
    Unanswered,
    /// Whoever has an open ticket.
    Tickets,
    /// Replies that were given up or came too late, and messages that could not be served.
    Dead,
    /// Replies that wait until their citizen writes again.
    Held,
}

impl InboxFilter {
    /// All of them, as the page shows them.
    pub const ALL: [Self; 5] = [Self::Today, Self::Unanswered, Self::Tickets, Self::Dead, Self::Held];

    /// Its name in addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Today => "today",
            Self::Unanswered => "unanswered",
            Self::Tickets => "tickets",
            Self::Dead => "dead",
            Self::Held => "held",
        }
    }

    /// The filter of a name; the first one of an unknown name.
    pub fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|filter| filter.name() == name).unwrap_or_default()
    }
}

/// A ticket, as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketStanding {
    /// Since when the citizen waits for an answer.
    pub waiting_since: Option<DateTime<Utc>>,
    /// Who looks after it.
    pub holder: Option<String>,
}

/// A conversation in a list.
#[derive(Clone, PartialEq, Eq)]
pub struct TalkRow {
    /// Tells it apart from the others of a page, whatever becomes of it.
    pub key: String,
    /// The number of the conversation's page.
    pub id: i64,
    /// The citizen's name, where one is known, as it may be seen.
    pub name: Option<String>,
    /// The citizen's number, as it may be seen.
    pub number: String,
    /// The beginning of what they wrote last, where it may be seen.
    pub last: Option<String>,
    /// When something was said last.
    pub at: DateTime<Utc>,
    /// Their open ticket.
    pub ticket: Option<TicketStanding>,
}

/// A reply that did not get through.
#[derive(Clone, PartialEq, Eq)]
pub struct StuckReply {
    /// Its number.
    pub id: i64,
    /// The citizen's name, where one is known.
    pub name: Option<String>,
    /// The citizen's number.
    pub number: String,
    /// The beginning of what it says, where it may be seen.
    pub text: Option<String>,
    /// When it was written.
    pub at: DateTime<Utc>,
    /// `held`, `dead` or `expired`.
    pub state: String,
    /// What went wrong.
    pub error: Option<String>,
}

/// A message that could not be served.
#[derive(Clone, PartialEq, Eq)]
pub struct AsideMessage {
    /// Its number.
    pub id: i64,
    /// The citizen's number.
    pub number: String,
    /// The beginning of what it says, where it may be seen.
    pub text: Option<String>,
    /// When it was set aside.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: String,
}

masked_debug!(TalkRow { id }, StuckReply { id, state }, AsideMessage { id });

/// What came of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TalkFind {
    /// Fewer signs than needed.
    TooShort,
    /// These.
    Found(Vec<TalkRow>),
}

/// A conversation before it is shown: whose, when, and the message that it ends with.
struct Head {
    of: ContactKey,
    id: Option<i64>,
    at: DateTime<Utc>,
    message: Option<MessageId>,
    said: Option<String>,
}

impl OfficeView {
    /// The conversations of a filter; `None` for somebody to whom they are closed. That they were seen is recorded.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn talks(&self, filter: InboxFilter, visitor: &Visitor) -> Result<Option<Vec<TalkRow>>, StorageError> {
        let Some(sight) = self.talk_sight() else { return Ok(None) };
        self.record_list(AuditEvent::of(Act::ViewConversations), visitor).await?;
        let heads = match filter {
            InboxFilter::Today => self.heads_of_today().await?,
            InboxFilter::Unanswered | InboxFilter::Tickets => {
                let unanswered = filter == InboxFilter::Unanswered;
                let tickets = self.open_tickets(unanswered).await?;
                let at = |stored: &StoredTicket| {
                    let ticket = &stored.ticket;
                    ticket.waiting_since.or(ticket.answered_at).unwrap_or(ticket.opened_at)
                };
                let head = |stored: &StoredTicket| Head {
                    of: stored.of.clone(),
                    id: None,
                    at: at(stored),
                    message: None,
                    said: None,
                };
                tickets.iter().map(head).collect()
            }
            InboxFilter::Dead | InboxFilter::Held => Vec::new(),
        };
        self.completed(sight, heads).await.map(Some)
    }

    async fn heads_of_today(&self) -> Result<Vec<Head>, StorageError> {
        let date = self.office().date_at(self.now());
        let since = self.office().zone.instant(date.and_time(chrono::NaiveTime::MIN));
        let replies = self.storage.last_replies(self.id(), since, ROWS_MAX).await?;
        let ids: Vec<i64> = replies.iter().map(|reply| reply.id).collect();
        let mut answered = self.storage.answered_messages(&ids).await?;
        let head = |reply: crate::storage::LastReply| Head {
            message: answered.remove(&reply.id),
            id: Some(reply.id),
            of: reply.of,
            at: reply.at,
            said: None,
        };
        Ok(replies.into_iter().map(head).collect())
    }

    async fn open_tickets(&self, unanswered: bool) -> Result<Vec<StoredTicket>, StorageError> {
        let filter = TicketFilter { office: Some(self.id()), unanswered, closed: false };
        self.storage.tickets(filter, u32::try_from(ROWS_MAX).unwrap_or(u32::MAX)).await
    }

    /// Completes what is known of these conversations. One that no reply names cannot be opened, and is left out.
    async fn completed(&self, sight: Sight, heads: Vec<Head>) -> Result<Vec<TalkRow>, StorageError> {
        let keys: Vec<ContactKey> = heads.iter().map(|head| head.of.clone()).collect();
        let citizens = self.storage.talk_citizens(self.id(), &keys).await?;
        let tickets = self.open_tickets(false).await?;
        let ids: Vec<i64> = tickets.iter().map(|stored| stored.ticket.id).collect();
        let holders = self.storage.ticket_holders(&ids).await?;
        let standing: HashMap<&ContactKey, TicketStanding> =
            tickets.iter().map(|stored| (&stored.of, standing(stored, &holders))).collect();
        let last = |head: &Head| {
            let message = head.message.clone();
            message.or_else(|| citizens.get(&head.of)?.last_left.clone()).map(|id| (head.of.0.clone(), id))
        };
        let lasts: Vec<(ChannelId, MessageId)> = heads.iter().filter_map(last).collect();
        let contents = self.storage.contents(&lasts).await?;
        let row = |head: Head| {
            let citizen = citizens.get(&head.of);
            let said = last(&head).and_then(|key| words(contents.get(&key)?).map(excerpt));
            let said = head.said.as_deref().map(excerpt).or(said);
            Some(TalkRow {
                key: self.mark(&head.of),
                id: head.id.or(citizen.and_then(|citizen| citizen.last_reply))?,
                name: name(sight, citizen.and_then(|citizen| citizen.name.as_ref())),
                number: number(sight, &head.of.1),
                last: said.filter(|_| sight == Sight::Whole),
                at: head.at,
                ticket: standing.get(&head.of).cloned(),
            })
        };
        Ok(heads.into_iter().filter_map(row).collect())
    }

    /// Replies that did not get through: those that wait for their citizen where `held`, else those that were given up or came too late.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn stuck(&self, held: bool, visitor: &Visitor) -> Result<Option<Vec<StuckReply>>, StorageError> {
        let Some(sight) = self.talk_sight() else { return Ok(None) };
        self.record_list(AuditEvent::of(Act::ViewConversations), visitor).await?;
        let which = if held { Stuck::Held } else { Stuck::Dead };
        let limit = u32::try_from(ROWS_MAX).unwrap_or(u32::MAX);
        let rows = self.storage.stuck_replies(Some(self.id()), which, limit).await?;
        let key = |row: &OutboxRow| {
            (ChannelId::stored(row.channel.clone()), crate::domain::message::Contact::new(row.contact.as_str()))
        };
        let keys: Vec<ContactKey> = rows.iter().map(key).collect();
        let citizens = self.storage.talk_citizens(self.id(), &keys).await?;
        let reply = |row: OutboxRow| {
            let of = key(&row);
            StuckReply {
                id: row.id,
                name: name(sight, citizens.get(&of).and_then(|citizen| citizen.name.as_ref())),
                number: number(sight, &of.1),
                text: (sight == Sight::Whole).then(|| excerpt(&row.text)),
                at: DateTime::from_timestamp_micros(row.created_us).unwrap_or_default(),
                state: row.state,
                error: row.error,
            }
        };
        Ok(Some(rows.into_iter().map(reply).collect()))
    }

    /// Messages of this office that could not be served.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn aside(&self) -> Result<Option<Vec<AsideMessage>>, StorageError> {
        let Some(sight) = self.talk_sight() else { return Ok(None) };
        let all = self.storage.set_aside(u32::try_from(ROWS_MAX).unwrap_or(u32::MAX)).await?;
        let own = all.into_iter().filter(|row| row.office.as_deref() == Some(self.id().as_str()));
        let message = |row: crate::storage::AsideRow| AsideMessage {
            id: row.id,
            number: number(sight, &row.inbound.contact),
            text: words(&row.inbound.content).filter(|_| sight == Sight::Whole).map(excerpt),
            at: row.at,
            reason: row.reason,
        };
        Ok(Some(own.map(message).collect()))
    }

    /// Finds conversations by a booking code, the end of a number, a name, or words that were written. The search is written down.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn find_talks(&self, text: &str, visitor: &Visitor) -> Result<Option<TalkFind>, StorageError> {
        if self.talk_sight() != Some(Sight::Whole) {
            return Ok(None);
        }
        let text = text.trim();
        if text.chars().filter(|c| c.is_alphanumeric()).count() < SIGNS_MIN {
            return Ok(Some(TalkFind::TooShort));
        }
        self.record(AuditEvent::of(Act::ViewConversations), visitor).await?;
        let heads = self.heads_found(text).await?;
        self.completed(Sight::Whole, heads).await.map(|rows| Some(TalkFind::Found(rows)))
    }

    async fn heads_found(&self, text: &str) -> Result<Vec<Head>, StorageError> {
        let mut heads: Vec<Head> = Vec::new();
        let known = |heads: &[Head], of: &ContactKey| heads.iter().any(|head| head.of == *of);
        let citizen = |of: ContactKey, at: DateTime<Utc>| Head { of, id: None, at, message: None, said: None };
        if let Ok(code) = BookingCode::read(text) {
            let found = self.storage.find_bookings(&code).await?;
            for booking in found.into_iter().filter(|booking| booking.office == *self.id()) {
                let of = (booking.channel.clone(), booking.contact.clone());
                if !known(&heads, &of) {
                    heads.push(citizen(of, booking.created_at));
                }
            }
            return Ok(heads);
        }
        let limit = u32::try_from(ROWS_MAX).unwrap_or(u32::MAX);
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        if text.chars().all(|c| !c.is_alphabetic()) && digits.len() >= SIGNS_MIN {
            // Numbers are kept as 62812…, people say 0812….
            let digits = digits.strip_prefix('0').unwrap_or(&digits);
            let found = self.storage.citizens_by_number(self.id(), digits, limit).await?;
            let citizens = self.storage.talk_citizens(self.id(), &found).await?;
            let at = |of: &ContactKey| citizens.get(of).map_or(DateTime::UNIX_EPOCH, |citizen| citizen.heard_at);
            heads.extend(found.into_iter().map(|of| (at(&of), of)).map(|(at, of)| citizen(of, at)));
        } else {
            let small: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
            let from = self.office().date_at(self.now());
            let from = from.checked_sub_days(chrono::Days::new(NAME_DAYS)).unwrap_or(from);
            for booking in self.storage.bookings_from(self.id(), from).await? {
                let is_meant = booking.applicant.people().any(|person| {
                    let name = person.nama.as_str().to_lowercase();
                    small.iter().all(|word| name.contains(word.as_str()))
                });
                let of = (booking.channel.clone(), booking.contact.clone());
                if is_meant && !known(&heads, &of) && heads.len() < ROWS_MAX {
                    heads.push(citizen(of, booking.created_at));
                }
            }
        }
        for sent in self.storage.messages_with(self.id(), text, ROWS_MAX).await? {
            if !known(&heads, &sent.of) && heads.len() < ROWS_MAX {
                let said = words(&sent.content).map(str::to_owned);
                heads.push(Head { of: sent.of, id: None, at: sent.at, message: None, said });
            }
        }
        heads.sort_by_key(|head| std::cmp::Reverse(head.at));
        Ok(heads)
    }
}

fn standing(stored: &StoredTicket, holders: &HashMap<i64, TicketHolder>) -> TicketStanding {
    TicketStanding {
        waiting_since: stored.ticket.waiting_since,
        holder: holders.get(&stored.ticket.id).map(|holder| holder.login.clone()),
    }
}
