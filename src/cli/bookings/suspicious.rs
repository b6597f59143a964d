//! `antrean bookings suspicious`: bookings that belong together in a way that an officer should see, each with its reason.

use std::collections::BTreeMap;
use std::io::Write;

use chrono::NaiveDate;
use serde::Serialize;

use super::super::shared::error::CommandError;
use crate::domain::booking::Booking;
use crate::domain::cluster::{Cluster, Reason, clusters};
use crate::domain::office::OfficeId;
use crate::domain::person::TglLahir;
use crate::domain::same_person::Person;

/// Bookings shown of one cluster in the table; `--format json` gives all.
const SHOWN_MAX: usize = 20;

/// A booking as its cluster shows it.
#[derive(Debug, Serialize)]
struct Member<'a> {
    office: &'a str,
    date: NaiveDate,
    queue_number: String,
    state: &'static str,
    code: String,
    contact: &'a str,
    name: &'a str,
    birth_date: Option<NaiveDate>,
    others: usize,
}

#[derive(Debug, Serialize)]
struct Told<'a> {
    reason: Reason,
    bookings: Vec<Member<'a>>,
}

impl<'a> Member<'a> {
    fn of(booking: &'a Booking) -> Self {
        Self {
            office: booking.office.as_str(),
            date: booking.slot.date,
            queue_number: booking.queue_numbers(),
            state: booking.state.name(),
            code: booking.code.to_string(),
            contact: booking.contact.as_str(),
            name: booking.applicant.nama.as_str(),
            birth_date: booking.applicant.tgl_lahir.map(TglLahir::date),
            others: booking.applicant.others.len(),
        }
    }
}

/// Prints the clusters among bookings whose day is not over; where an office is named, those that touch it.
///
/// # Errors
/// [`CommandError`] when nothing can be written.
pub(super) fn print(
    bookings: &[Booking],
    office: Option<&OfficeId>,
    json: bool,
    out: &mut impl Write,
) -> Result<(), CommandError> {
    let mut found = clusters(bookings);
    found.retain(|cluster| office.is_none_or(|office| cluster.bookings.iter().any(|one| one.office == *office)));
    if json {
        let told: Vec<Told<'_>> = found
            .iter()
            .map(|Cluster { reason, bookings }| Told {
                reason: *reason,
                bookings: bookings.iter().map(|booking| Member::of(booking)).collect(),
            })
            .collect();
        serde_json::to_writer_pretty(&mut *out, &told).map_err(std::io::Error::from)?;
        writeln!(out)?;
        return Ok(());
    }
    if found.is_empty() {
        writeln!(out, "nothing stands out")?;
        return Ok(());
    }
    for Cluster { reason, bookings } in &found {
        writeln!(out, "{} ({} bookings)", reason.words(), bookings.len())?;
        for member in bookings.iter().take(SHOWN_MAX).map(|booking| Member::of(booking)) {
            let born = member.birth_date.map(|born| format!(" {born}")).unwrap_or_default();
            let party = if member.others > 0 { format!(" and {} more", member.others) } else { String::new() };
            writeln!(
                out,
                "  {:<16} {}  {:<16} {}  {:<8} {}  {}{born}{party}",
                member.office, member.date, member.queue_number, member.code, member.state, member.contact, member.name
            )?;
        }
        if bookings.len() > SHOWN_MAX {
            writeln!(out, "  … and {} more; --format json shows all", bookings.len() - SHOWN_MAX)?;
        }
    }
    writeln!(out, "A family or an honest helper may look the same: nothing was refused for this.")?;
    Ok(())
}

/// The other live bookings of the people of these bookings, by booking: at any office, from any number. A booking that is over
/// gets none: the current booking of its people is their only one.
pub(super) fn also_booked<'a>(listed: &[Booking], live: &'a [Booking]) -> BTreeMap<i64, Vec<&'a Booking>> {
    let mut of: BTreeMap<Person, Vec<&Booking>> = BTreeMap::new();
    for booking in live {
        for person in Person::all(&booking.applicant) {
            of.entry(person).or_default().push(booking);
        }
    }
    let mut also = BTreeMap::new();
    for booking in listed.iter().filter(|booking| booking.state.has_seats()) {
        let mut others: Vec<&Booking> = Person::all(&booking.applicant)
            .filter_map(|person| of.get(&person))
            .flatten()
            .copied()
            .filter(|other| other.id != booking.id)
            .collect();
        others.sort_by_key(|other| (other.slot, other.id));
        others.dedup_by_key(|other| other.id);
        if !others.is_empty() {
            also.insert(booking.id, others);
        }
    }
    also
}

/// Another booking in a few words: `depok 2026-08-11 09-003 LMGF-D5AQ 628120000001`.
pub(super) fn place(other: &Booking) -> String {
    let (office, date) = (other.office.as_str(), other.slot.date);
    format!("{office} {date} {} {} {}", other.queue_numbers(), other.code, other.contact.as_str())
}
