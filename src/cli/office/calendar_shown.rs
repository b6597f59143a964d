//! What the commands about an office's calendar print.

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::reach::reach_shown;
use crate::cli::shared::error::CommandError;
use crate::cli::shared::value::counted;
use crate::domain::booking::State;
use crate::domain::displaced::Remedy;
use crate::domain::office::{Exception, Exceptions, OfficeId, Zone};
use crate::front_desk::{Affected, CalendarPlan, UNDO_SECONDS};
use crate::storage::CalendarChange;

/// How a change is shown.
#[derive(Clone, Copy)]
pub(super) struct Shown<'a> {
    pub(super) office: &'a OfficeId,
    pub(super) dry_run: bool,
    pub(super) json: bool,
}

pub(super) fn show(plan: &CalendarPlan, made: Option<i64>, zone: Zone, shown: Shown<'_>) -> Result<(), CommandError> {
    if shown.json {
        let all = json!({
            "office": shown.office.as_str(),
            "change": made,
            "dates": plan.dates(),
            "bookings": plan.affected.iter().map(as_json).collect::<Vec<_>>(),
            "corrected": plan.corrected.iter().map(|one| json!({ "code": one.booking.code.to_string(), "message": one.message })).collect::<Vec<_>>(),
            "cost": plan.costs.iter().map(|cost| json!({ "currency": cost.currency, "amount": cost.amount.to_string() })).collect::<Vec<_>>(),
            "unpriced": plan.unpriced,
            "undo_seconds": made.map(|_| UNDO_SECONDS),
        });
        println!("{}", serde_json::to_string_pretty(&all).map_err(std::io::Error::from)?);
        return Ok(());
    }
    for one in &plan.affected {
        println!("{}", line(one, zone));
    }
    if !plan.corrected.is_empty() {
        println!(
            "{} told that what they heard before is not so any more",
            counted(plan.corrected.len(), "citizen is", "citizens are")
        );
    }
    let mut messages: Vec<&str> = plan.affected.iter().filter_map(|one| one.message.as_deref()).collect();
    messages.extend(plan.corrected.iter().map(|one| one.message.as_str()));
    if let Some(first) = messages.first() {
        println!("the first of {}:", counted(messages.len(), "message", "messages"));
        first.lines().for_each(|line| println!("    {line}"));
        println!("cost: {}", costs(plan));
    }
    if let Some(id) = made {
        let dates: Vec<String> = plan.dates().iter().map(NaiveDate::to_string).collect();
        println!("the calendar is changed on {}: change {id}", dates.join(", "));
        if !messages.is_empty() {
            println!(
                "people are moved and told in {UNDO_SECONDS} seconds by the serving process; until then `antrean office undo {} {id}` \
                 takes all of it back and tells nobody",
                shown.office
            );
        }
    }
    Ok(())
}

fn costs(plan: &CalendarPlan) -> String {
    let mut said: Vec<String> = plan.costs.iter().map(|cost| format!("{} {}", cost.currency, cost.amount)).collect();
    if plan.unpriced > 0 {
        said.push(format!(
            "{} of unknown price; write it into [channel.price]",
            counted(plan.unpriced, "message", "messages")
        ));
    }
    if said.is_empty() { "nothing".to_owned() } else { said.join(", ") }
}

/// Code, queue number, name, number, how they can be reached, and what becomes of the booking.
fn line(one: &Affected, zone: Zone) -> String {
    let booking = &one.booking;
    let priority = if one.has_priority { ", priority" } else { "" };
    format!(
        "  {}  {}  {}  {}  {}  {}{priority}: {}",
        booking.code,
        booking.slot.date,
        booking.queue_numbers(),
        booking.applicant.nama.capitals(),
        booking.contact.masked(),
        reach_shown(one.reach, zone),
        becomes(one)
    )
}

fn becomes(one: &Affected) -> String {
    match one.remedy {
        _ if one.is_here => "is at the counter, and stays".to_owned(),
        None => "nothing is decided".to_owned(),
        Some(Remedy::Keep) => "keep".to_owned(),
        Some(_) if one.booking.state == State::Held => "ends, since nobody confirmed it".to_owned(),
        Some(Remedy::Move) => match one.to {
            Some(to) => format!("move to {} {:02}:00", to.date, to.hour),
            None => "tell, since no day has room".to_owned(),
        },
        Some(remedy) => remedy.name().to_owned(),
    }
}

fn as_json(one: &Affected) -> Value {
    let booking = &one.booking;
    json!({
        "code": booking.code.to_string(),
        "at": format!("{}T{:02}:00", booking.slot.date, booking.slot.hour),
        "queue_number": booking.queue_numbers(),
        "name": booking.applicant.nama.as_str(),
        "people": booking.party(),
        "contact": booking.contact.masked(),
        "state": booking.state.name(),
        "day": one.change.name(),
        "priority": one.has_priority,
        "reach": one.reach.name(),
        "remedy": one.remedy.map(Remedy::name),
        "to": one.to.map(|to| format!("{}T{:02}:00", to.date, to.hour)),
        "message": one.message,
    })
}

pub(super) fn change_json(change: &CalendarChange) -> Value {
    let dates: Vec<NaiveDate> = change.days.iter().map(|(date, ..)| *date).collect();
    json!({
        "change": change.id, "at": change.at, "by": change.actor, "dates": dates, "bookings": change.bookings,
        "state": change.state, "reason": change.reason, "corrects": change.corrects,
    })
}

/// `closed`, or `08, 09 (20 seats), 13`.
pub(super) fn hours_said(exception: &Exception) -> String {
    if exception.hours().is_empty() {
        return "closed".to_owned();
    }
    let hour = |(hour, seats): (&u8, &Option<u32>)| match seats {
        Some(seats) => format!("{hour:02} ({seats} seats)"),
        None => format!("{hour:02}"),
    };
    exception.hours().iter().map(hour).collect::<Vec<_>>().join(", ")
}

/// The exceptions behind an exported file: they are no part of it, and whoever reads it must know of them.
pub(super) fn as_comments(exceptions: &Exceptions) -> String {
    let line = |(date, exception): (&NaiveDate, &Exception)| {
        format!("# {date}: {}: {}\n", hours_said(exception), exception.reason())
    };
    let lines: String = exceptions.days.iter().map(line).collect();
    if lines.is_empty() {
        return lines;
    }
    format!("\n# Exceptions to this calendar, which `antrean office calendar` lists; no import changes them:\n{lines}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_export_tells_of_exceptions_in_comments() {
        let mut exceptions = Exceptions::default();
        assert_eq!(as_comments(&exceptions), "");
        let hours = [(8, None), (9, Some(20))].into();
        exceptions
            .days
            .insert(NaiveDate::from_ymd_opt(2026, 12, 24).unwrap(), Exception::new(hours, "Rapat".to_owned()));
        assert!(as_comments(&exceptions).ends_with("# 2026-12-24: 08, 09 (20 seats): Rapat\n"));
    }
}
