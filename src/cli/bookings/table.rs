//! Lists as people read them: a heading for each day, a line for each booking, and what the day comes to.

use std::io::{self, Write};

use chrono::NaiveDate;

use super::super::shared::value::counted;
use super::line::Line;
use crate::domain::booking::State;
use crate::domain::office::Office;

/// The columns, in the widths of the lines below.
fn head(out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{:<16} {:<10}  {:<9}  {:<7} {:<10}  NAME, NUMBER", "QUEUE", "DAY", "CODE", "STATE", "BORN")
}

/// One booking, with what an officer has to know below it.
fn line(line: &Line<'_>, out: &mut impl Write) -> io::Result<()> {
    let born = line.birth_date.map(|date| date.to_string()).unwrap_or_default();
    let (queue, date, code, state) = (&line.queue_number, line.date, &line.code, line.state);
    writeln!(out, "{queue:<16} {date}  {code}  {state:<7} {born:<10}  {}, {}{}", line.name, line.contact, line.more())?;
    for place in &line.also {
        writeln!(out, "{:<16} also {place}", "")?;
    }
    for other in &line.others {
        writeln!(out, "{:<16} with {}", "", other.shown())?;
    }
    if let Some(photo) = line.photo {
        writeln!(out, "{:<16} photo {photo}", "")?;
    }
    Ok(())
}

/// What was found, whatever its day.
pub(super) fn found(lines: &[Line<'_>], out: &mut impl Write) -> io::Result<()> {
    if lines.is_empty() {
        return writeln!(out, "no bookings");
    }
    head(out)?;
    lines.iter().try_for_each(|each| line(each, out))
}

/// The days of one office, each with its heading and what it comes to.
pub(super) fn days(office: &Office, days: &[NaiveDate], lines: &[Line<'_>], out: &mut impl Write) -> io::Result<()> {
    for (place, day) in days.iter().enumerate() {
        if place > 0 {
            writeln!(out)?;
        }
        writeln!(out, "{}, {}", office.name, day.format("%A %Y-%m-%d"))?;
        let of_day: Vec<&Line<'_>> = lines.iter().filter(|line| line.date == *day).collect();
        if of_day.is_empty() {
            writeln!(out, "no bookings")?;
            continue;
        }
        head(out)?;
        of_day.iter().try_for_each(|each| line(each, out))?;
        let is_held = |line: &&&Line<'_>| line.state != State::Booked.name();
        let held = of_day.iter().filter(is_held).count();
        let people: u32 = of_day.iter().map(|line| line.persons).sum();
        let people = counted(usize::try_from(people).unwrap_or(usize::MAX), "person", "people");
        let booked = counted(of_day.len() - held, "booking", "bookings");
        writeln!(out, "{booked}, {} not confirmed yet, {people}", counted(held, "seat", "seats"))?;
    }
    Ok(())
}
