//! What an office had to do, in numbers; the files that are taken out of it; and how it is, for whoever looks after several.

use std::cmp::Reverse;

use chrono::{Days, NaiveDate};

use crate::access::office_view::OfficeView;
use crate::access::session::Access;
use crate::access::signed_in::{SignedIn, Visitor};
use crate::domain::audit::{Act, AuditEvent, Scope, Subject, SubjectKind};
use crate::domain::export::{FileFormat, Stage, What};
use crate::domain::figures::Figures;
use crate::domain::staff::{Area, Level};
use crate::domain::tally::{Kind, Span};
use crate::export::{Ask, Exports};
use crate::storage::{CountedAt, Export, OfficeQueue, StorageError};

/// Files of an office that its page lists.
const LISTED_MAX: u32 = 20;
/// Files that one person may have at a time: each is a copy of citizens' data.
const FILES_MAX: usize = 5;

/// Days after today that are looked over for the fullest.
const DAYS_AHEAD: u64 = 6;

/// The figures of an office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The figures.
    pub figures: Figures,
    /// When they were counted.
    pub counted_at: CountedAt,
    /// The day there.
    pub today: NaiveDate,
}

/// Why no file is begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoExport {
    /// They may not.
    Forbidden,
    /// Their last one-time code is too long ago.
    Unconfirmed,
    /// They have as many files as somebody may have.
    Many,
}

/// How an office is, this week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeHealth {
    /// The figures of the week.
    pub report: Report,
    /// The fullest of the next seven days, and how full it is, in percent; `None` where nobody has booked yet.
    pub fullest: Option<(NaiveDate, u64)>,
    /// The hour of its last message, there; `None` where none came this week.
    pub last_message: Option<(NaiveDate, u8)>,
    /// What waits.
    pub queue: OfficeQueue,
}

/// That somebody takes a file out: everybody of its days, where their names are in it.
fn event_of((what, format): (What, FileFormat), span: Span, with_people: bool) -> AuditEvent {
    let Span { first, last } = span;
    AuditEvent::of(Act::Export).reaching(if with_people && what != What::Messages {
        Scope::Days(first, last)
    } else {
        Scope::Words(format!("{} {} without names, {first} {last}", what.name(), format.name()))
    })
}

impl Access {
    /// How each office is that somebody sees reports of, by name.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn healths(&self, who: &SignedIn) -> Result<Vec<(OfficeView, OfficeHealth)>, StorageError> {
        let mut queues = self.storage.office_queues().await?;
        let mut all = Vec::new();
        for office in self.offices(who) {
            if office.level(Area::Reports) >= Level::Masked {
                let queue = queues.remove(office.id().as_str()).unwrap_or_default();
                let health = office.health(queue).await?;
                all.push((office, health));
            }
        }
        Ok(all)
    }
}

impl OfficeView {
    /// The figures of some days; that somebody looks at them is recorded.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn seen_report(&self, span: Span, visitor: &Visitor) -> Result<Report, StorageError> {
        let event = AuditEvent::of(Act::ViewReport).reaching(Scope::Words(format!("{} {}", span.first, span.last)));
        self.record_list(event, visitor).await?;
        self.report(span).await
    }

    async fn report(&self, span: Span) -> Result<Report, StorageError> {
        let today = self.office().date_at(self.now());
        let (tallies, counted_at) = self.storage.tallies(self.id(), span).await?;
        let to_come = self.storage.taken_places(self.id(), span).await?;
        Ok(Report { figures: Figures::of(span, &tallies, &to_come, today), counted_at, today })
    }

    /// Whether somebody may take files out of the office.
    pub fn may_export(&self) -> bool {
        self.level(Area::Reports) >= Level::Write
    }

    /// Whether names and numbers of citizens are in the files that they take out.
    pub fn sees_people(&self) -> bool {
        self.level(Area::Day) >= Level::Read
    }

    /// Begins a file. Names and numbers of citizens are in it only for somebody who sees them on the day's pages, too.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn begin_export(
        &self,
        exports: &Exports,
        (what, format): (What, FileFormat),
        span: Span,
        visitor: &Visitor,
    ) -> Result<Result<i64, NoExport>, StorageError> {
        if !self.may_export() {
            return Ok(Err(NoExport::Forbidden));
        }
        if !self.who.is_confirmed() {
            return Ok(Err(NoExport::Unconfirmed));
        }
        if self.own_exports().await?.len() >= FILES_MAX {
            return Ok(Err(NoExport::Many));
        }
        let with_people = self.sees_people();
        self.record(event_of((what, format), span, with_people), visitor).await?;
        let ask = Ask { office: self.id().clone(), zone: self.office().zone, what, format, span, with_people };
        let id = exports.begin(ask, self.who.login()).await?;
        Ok(Ok(id))
    }

    /// The files that somebody asked for here, the latest first; nobody sees those of others.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn own_exports(&self) -> Result<Vec<Export>, StorageError> {
        if !self.may_export() {
            return Ok(Vec::new());
        }
        let mut exports = self.storage.exports_of(self.id(), LISTED_MAX).await?;
        exports.retain(|export| export.login == self.who.login());
        Ok(exports)
    }

    /// A file that they asked for.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn own_export(&self, id: i64) -> Result<Option<Export>, StorageError> {
        if !self.may_export() {
            return Ok(None);
        }
        let found = self.storage.export(self.id(), id).await?;
        Ok(found.filter(|export| export.login == self.who.login() && export.stage != Stage::Removed))
    }

    /// A file that they asked for, to be sent to them; `None` where it is not there.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn take_export(&self, id: i64, visitor: &Visitor) -> Result<Option<Export>, StorageError> {
        let is_there = |export: &Export| export.stage == Stage::Done && export.until > self.wall.now();
        let Some(export) = self.own_export(id).await?.filter(is_there) else { return Ok(None) };
        let event = event_of((export.what, export.format), export.span, export.with_people);
        self.record(event.about(Subject::numbered(SubjectKind::Job, id)), visitor).await?;
        Ok(Some(export))
    }

    /// How the office is; `queue` is what waits there.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    async fn health(&self, queue: OfficeQueue) -> Result<OfficeHealth, StorageError> {
        let today = self.office().date_at(self.now());
        let week = Span::week(today);
        let (tallies, counted_at) = self.storage.tallies(self.id(), week).await?;
        let to_come = self.storage.taken_places(self.id(), week).await?;
        let ahead = Span { first: today, last: today.checked_add_days(Days::new(DAYS_AHEAD)).unwrap_or(today) };
        let loads = self.storage.day_loads(self.id(), ahead).await?;
        let percent =
            |(date, capacity, taken): (NaiveDate, u64, u64)| Some((date, (taken * 100).checked_div(capacity)?));
        let messages = tallies.iter().filter(|tally| tally.kind == Kind::Message);
        Ok(OfficeHealth {
            fullest: loads.into_iter().filter_map(percent).max_by_key(|(date, percent)| (*percent, Reverse(*date))),
            last_message: messages.map(|tally| (tally.date, tally.hour)).max(),
            report: Report { figures: Figures::of(week, &tallies, &to_come, today), counted_at, today },
            queue,
        })
    }
}
