//! What officers do in a history: at a counter, on a ticket, with the calendar.

use std::collections::BTreeMap;
use std::sync::Arc;

use antrean::domain::displacement::Remedies;
use antrean::domain::ticket::OfficerText;
use antrean::front_desk::{
    Actor, Arrival, CalendarAction, CalendarMade, CalendarWish, Closing, FrontDesk, Lines, OfficeCalendar, Press, Which,
};
use antrean::storage::TicketFilter;
use chrono::{Days, NaiveDate};

use super::action::{Action, Counter};
use super::node::{Parts, bogor};
use super::world::{Finding, World, contact};

impl World {
    pub(super) fn at_counter(&mut self, action: &Action, act: Counter, of: usize) -> Result<String, Finding> {
        let sql = "select code from booking where contact = ?1 and state = 'booked' order by id desc limit 1";
        let code = self.judge.text(sql, contact(of).as_str()).unwrap_or_else(|| "ABCDE-FGHJK".to_owned());
        let done = self.run_stored(action, async |parts| {
            let front = front_desk(parts);
            let (at, press) = (|| Which::At(1), Press::default());
            Ok(match act {
                Counter::Open => front.open_counter(1).await?.map(drop),
                Counter::Arrive => front.arrive(Arrival { code, ..Arrival::default() }, press).await?.map(drop),
                Counter::WalkIn => front.walk_in(None, None, press).await?.map(drop),
                Counter::Call => front.call_next(1, press).await?.map(drop),
                Counter::Came => front.came(at(), press).await?.map(drop),
                Counter::Recall => front.recall(at(), press).await?.map(drop),
                Counter::Missed => front.missed(at(), press).await?.map(drop),
                Counter::Park => front.park(at(), press).await?.map(drop),
                Counter::Finish => front.finish(at(), press).await?.map(drop),
                Counter::Undo => front.undo(at(), press).await?.map(drop),
                Counter::Shut => {
                    let closing = Closing { park: true, of_others: false };
                    front.close_counter(1, closing).await?.map(drop)
                }
                Counter::EndOfDay => front.end_today().await?.map(drop),
            })
        })?;
        let Some(done) = done else { return Ok("failed".to_owned()) };
        let name = match &done {
            Ok(()) => format!("counter: {act:?}"),
            Err(refusal) => format!("counter refused: {}", refusal.name()),
        };
        self.see(name.clone());
        Ok(name)
    }

    pub(super) fn ticket(&mut self, action: &Action, answers: bool) -> Result<String, Finding> {
        let done = self.run_stored(action, async |parts| {
            let tickets = parts.storage.tickets(TicketFilter::default(), 1).await?;
            let Some(stored) = tickets.into_iter().next() else { return Ok(None) };
            let text = OfficerText::read("Silakan datang besok.").expect("a text");
            let was_open = if answers {
                parts.desk.answer_ticket(&stored, text).await?
            } else {
                parts.desk.close_ticket(&stored).await?
            };
            Ok(Some(was_open))
        })?;
        Ok(format!("{done:?}"))
    }

    pub(super) fn close_day(&mut self, action: &Action, days: u64, remedies: &Remedies) -> Result<String, Finding> {
        let done = self.run_stored(action, async |parts| {
            let roster = parts.desk.roster();
            let office = Arc::clone(&roster.offices[&bogor()]);
            let date: NaiveDate = office.date_at(parts.clock.now()) + Days::new(days);
            let of = (office, roster);
            let actor = Actor::read("siti").expect("a name");
            let (storage, clock) = (parts.storage.clone(), Arc::clone(&parts.clock));
            let calendar = OfficeCalendar::new(storage, clock, of, Lines::new(BTreeMap::new()), actor);
            let reason = "Listrik padam".to_owned();
            let wish = CalendarWish { action: CalendarAction::Close, from: date, until: date, hours: None, reason };
            calendar.make(&wish, remedies, (None, None)).await
        })?;
        let name = match done {
            Some(Ok(CalendarMade::Made(_))) => "calendar: a day was closed",
            Some(Ok(_)) => "calendar: not as it was seen",
            Some(Err(_)) => "calendar: refused",
            None => "failed",
        };
        self.see(name);
        Ok(name.to_owned())
    }
}

fn front_desk(parts: &Parts) -> FrontDesk {
    let office = Arc::clone(&parts.desk.roster().offices[&bogor()]);
    FrontDesk::new(parts.storage.clone(), Arc::clone(&parts.clock), office, Actor::read("siti").expect("a name"))
}
